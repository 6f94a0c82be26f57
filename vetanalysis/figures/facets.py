"""The same small picture for each of many units or places, on one scale; drawn by seaborn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.blocks import Picture, Said, Text
from vetanalysis.figures.captions import cited_once
from vetanalysis.figures.cumulative import figures_since, goals_of, invented_people
from vetanalysis.figures.face import family, folded
from vetanalysis.figures.style import (
    FACT,
    ILLUSTRATIVE,
    INK,
    MISSING,
    MM,
    PERCENT,
    SOFT,
    STAMP,
    TARGET,
    Chart,
    Part,
    Words,
    amount,
    in_language,
    note,
    number_axis,
    quiet,
)
from vetanalysis.indicators.tiers import kind_words, units_below
from vetanalysis.language.filters import known

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vetanalysis.study import Study

STEPS = {
    4: {1: "I", 2: "II", 3: "III", 4: "IV"},
    12: {one: str(one) for one in (1, 3, 6, 9, 12)},
}  # on the axis
_ACROSS = 4  # panels in a row


@dataclass(frozen=True, slots=True)
class Panel(Part):
    """One small picture: x (steps of the year or years) and values (NaN or None where unknown), its target."""

    label: Words
    x: Sequence[float]
    values: Sequence[float | None]
    target: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets(Chart):
    """Panels on one scale, from zero; `ticks` name x positions, empty: as numbers."""

    panels: tuple[Panel, ...]
    ticks: Mapping[int, str] = field(default_factory=dict)

    @property
    def size(self) -> tuple[float, float]:
        """Higher with more rows of panels."""
        return 175.0, 45.0 * -(-len(self.panels) // _ACROSS) + (23 if self.illustrative else 15)

    def figure(self, lang: str) -> Figure:
        """A line per panel in a grid; a value that is not known leaves a gap, a panel without any says so."""
        import seaborn as sns
        from matplotlib import pyplot as plt

        data = in_language(self, lang)
        across = min(_ACROSS, len(data.panels))
        grid = sns.FacetGrid(_long(data.panels), col="panel", col_wrap=across, despine=False)
        grid.map_dataframe(_path)
        figure = grid.figure
        plt.close(figure)  # kept by nobody but us
        figure.set_size_inches(*(side / MM for side in self.size))
        figure.set_layout_engine("constrained")
        for ax, panel in zip(grid.axes.flat, data.panels, strict=True):
            data._dress(ax, panel, lang)
        grid.axes.flat[0].set_ylim(0, data._top())
        if data.illustrative:
            mark = figure.text(
                0.99, 0.985, ILLUSTRATIVE.get(lang), ha="right", va="top", fontfamily=family(), **STAMP
            )
            mark.set_gid("illustrative")
        look = {"color": INK, "fontfamily": family()}
        wide, high = (side / MM * 72 for side in self.size)
        above = "\n" if data.illustrative else ""  # the mark has a line of its own
        figure.suptitle(above + folded(data.title, 0.96 * wide, 12), fontsize=12, x=0.01, ha="left", **look)
        source = folded(data.source, 0.96 * wide, 8.5)
        figure.supxlabel(source, fontsize=8.5, x=0.01, ha="left", **{**look, "color": SOFT})
        figure.supylabel(folded(data.axis, 0.7 * high, 10), fontsize=10, **look)
        return figure

    def _top(self) -> float:
        shown = [one for panel in self.panels for one in (*panel.values, panel.target) if known(one)]
        return max(shown, default=1) * 1.15 or 1

    def _dress(self, ax: Axes, panel: Panel, lang: str) -> None:
        """A panel's target, the figure it has reached, its name."""
        if panel.target is not None:
            ax.axhline(panel.target, color=TARGET, linewidth=1.2, gid="target")
        reached = [(x, value) for x, value in zip(panel.x, panel.values, strict=True) if known(value)]
        if reached:
            words = amount(reached[-1][1], lang, self.measure)
            note(ax, words, reached[-1], (0, 4), "label", ha="center", fontsize=8)
        else:
            ax.text(0.5, 0.5, MISSING.get(lang), transform=ax.transAxes, ha="center", va="center", fontsize=8,
                    style="italic", gid="missing")  # fmt: skip
        if self.ticks:
            ax.set_xticks(list(self.ticks), list(self.ticks.values()))
            ax.set_xlim(min(self.ticks) - 0.35, max(self.ticks) + 0.35)
        number_axis(ax.yaxis, lang, self.measure)
        ax.set(xlabel="", ylabel="")
        quiet(ax)
        ax.tick_params(labelsize=8.5)
        ax.set_title(panel.label, loc="left", fontsize=9.5, color=INK, fontfamily=family(), pad=4)
        ax.set_title("", loc="center")


def _path(data: pd.DataFrame, **_: Any) -> None:
    """The line of one panel on the axes at hand; nothing where no value is known."""
    import seaborn as sns

    if data["value"].notna().any():
        look = {"color": FACT, "marker": "o", "markersize": 4, "markeredgewidth": 0, "linewidth": 1.6}
        sns.lineplot(data, x="x", y="value", units="stretch", estimator=None, **look)


def _long(panels: Sequence[Panel]) -> pd.DataFrame:
    """One row per panel and x; `stretch` counts the runs of known values, so that no line crosses a gap."""
    rows = []
    for place, panel in enumerate(panels):
        stretch = 0
        for x, value in zip(panel.x, panel.values, strict=True):
            stretch += not known(value)
            rows.append((place, x, float("nan") if value is None else float(value), stretch))
    return pd.DataFrame(rows, columns=["panel", "x", "value", "stretch"])


def paths_picture(study: Study, paths: Mapping[str, Mapping[int, Mapping[int, float]]]) -> Picture | None:
    """One small path per unit directly under the place as a share of its quota; None where nothing is counted."""
    year, names = study.as_of.year, study.plan.short_names()
    steps = tuple(range(1, study.plan.calendar.steps + 1))
    goals, panels = goals_of(study), []
    for code in units_below(study.plan):
        goal = goals.get(code)
        current = paths.get(code, {}).get(year, {})
        if goal:
            values = tuple(100 * current.get(step, float("nan")) / goal for step in steps)
            panels.append(Panel(names.get(code, code), steps, values, 100))
    if not any(known(value) for panel in panels for value in panel.values):
        return None
    title = Said("figures.facets.title", year=year, **kind_words(study.plan))
    data = Facets(
        title=title,
        axis=Said("figures.quota.axis"),
        panels=tuple(panels),
        ticks=STEPS[len(steps)],
        measure=PERCENT,
        source=figures_since(study),
        illustrative=invented_people(study),
    )
    alt = Said("figures.alt.names", title=title, names=tuple(panel.label for panel in panels))
    return Picture("paths", data, title, alt)


def places_picture(label: Text, measure: str, panels: Sequence[Panel], sources: Sequence[str]) -> Picture:
    """One small path per place over the years, by its published figures; a gap where the definition changes."""
    title = Said("figures.facets.places", label=label)
    years = sorted({int(x) for panel in panels for x in panel.x})
    shown = sorted({years[0], years[len(years) // 2], years[-1]})
    data = Facets(
        title=title,
        panels=tuple(panels),
        ticks={year: str(year) for year in shown},
        measure=measure if measure == PERCENT else "",
        source=Said("figures.source", sources=cited_once(sources)) if sources else "",
    )
    names = tuple(panel.label for panel in panels)
    return Picture("places", data, title, Said("figures.alt.names", title=title, names=names))
