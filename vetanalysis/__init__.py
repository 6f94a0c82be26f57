"""Will a vocational education and training plan reach its targets?

Everything public is reachable from here and loaded when first used, so that importing the package stays
cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from vetanalysis import blocks
from vetanalysis.blocks import show_as

__version__ = "0.1.0"

_PUBLIC = {
    "load_plan": "vetanalysis.plan.read",
    "load_observations": "vetanalysis.loading",
    "open_study": "vetanalysis.study",
    "Study": "vetanalysis.study",
    "assess": "vetanalysis.assessment.targets",
    "assess_targets": "vetanalysis.assessment.targets",
    "indicator_table": "vetanalysis.indicators.table",
    "project_rate": "vetanalysis.forecast.rate",
    "project_rates": "vetanalysis.forecast.rate",
    "project_nested": "vetanalysis.forecast.nested",
    "project_year_total": "vetanalysis.forecast.year_total",
    "project_year_totals": "vetanalysis.forecast.year_total",
    "Projection": "vetanalysis.forecast.projection",
    "stock_flow": "vetanalysis.scenarios.stock_flow",
    "track_record": "vetanalysis.track.record",
    "run_scenarios": "vetanalysis.scenarios.what_if",
    "NotAssessed": "vetanalysis.forecast.projection",
    "Prior": "vetanalysis.forecast.priors",
    "Scenario": "vetanalysis.scenarios.what_if",
    "Move": "vetanalysis.scenarios.moves",
    "what_if": "vetanalysis.show.questions",
    "units": "vetanalysis.show.questions",
    "over_time": "vetanalysis.show.questions",
    "pace": "vetanalysis.show.questions",
    "compare": "vetanalysis.show.questions",
    "published": "vetanalysis.show.questions",
    "plot": "vetanalysis.show.questions",
    "document": "vetanalysis.show.questions",
}

__all__ = ["__version__", *sorted(_PUBLIC)]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that defines it, or the module of displays."""
    if name == "show":
        return import_module("vetanalysis.show")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'vetanalysis' has no attribute {name!r}")
    value = getattr(import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def _picture(projection: Any) -> bytes:
    """A projection as a small figure; what draws it is loaded with the first one."""
    from vetanalysis.figures.style import glance_png

    return glance_png(projection)


def _answers(study: Any) -> str:
    """The answers of a study as a list in Markdown; what words them is loaded with the first one."""
    from vetanalysis.show.answers import answer

    return str(answer(study).data)


show_as("projection", _picture)
show_as("study", _answers)


def _render(said: blocks.Said, lang: str) -> str:
    """The words of a sentence; what makes them is loaded with the first one."""
    from vetanalysis.language.render import render

    blocks.worded_by(render)
    return render(said, lang)


blocks.worded_by(_render)


def __dir__() -> list[str]:
    """What tab completion offers: the public names and the module of displays."""
    return sorted([*__all__, "show"])
