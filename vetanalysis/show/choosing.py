"""Choose a unit, a period and a target, and see its figure and sentence; with the mouse where possible.

Widgets come with the extra `explore`. Without them, and where a page cannot run them, the same line shows the
table of the targets and says how to choose.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Said
from vetanalysis.errors import VetanalysisError
from vetanalysis.figures.pictures import drawn, has_figures, picture_of
from vetanalysis.language.numbers import in_words_of_study, period_name
from vetanalysis.language.render import sentence
from vetanalysis.narrative.targets import headline
from vetanalysis.periods import cutoff_day, cutoffs
from vetanalysis.show.answers import table
from vetanalysis.study import Study

if TYPE_CHECKING:
    import ipywidgets

    from vetanalysis.plan.read import Plan

WIDGETS_INSTALL = 'pip install "vetanalysis[explore]"'


@dataclass(frozen=True, repr=False)
class Choice:
    """What a study offers to choose from; `units`, `periods` and `targets` are (label, code) in order."""

    study: Study
    units: tuple[tuple[str, str], ...]
    periods: tuple[tuple[str, str], ...]
    targets: tuple[tuple[str, str], ...]

    @property
    def plan(self) -> Plan:
        """The study's plan, in whose words the choice is read."""
        return self.study.plan

    @in_words_of_study
    def shown(self, unit: str, period: str, target: str) -> str:
        """HTML of one choice: the figure with its description and the headline, or why there is none."""
        try:
            one = self.study.at(period, unit).assessment(target)
        except VetanalysisError as error:
            return f"<p>{escape(str(error))}</p>"
        return (
            _drawn(one, self.study.lang)
            + f"<p>{escape(sentence(headline(one), self.study.lang, self.study.plan.words))}</p>"
        )

    @in_words_of_study
    def __repr__(self) -> str:
        return f"{table(self.study)!r}\n{self._how()}"

    @in_words_of_study
    def _repr_html_(self) -> str:
        return f"{table(self.study)._repr_html_()}\n<p>{escape(self._how())}</p>"

    @in_words_of_study
    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        still = {"text/plain": repr(self), "text/html": self._repr_html_()}
        try:
            return {**_boxes(self)._repr_mimebundle_(), **still}
        except ImportError:
            return still

    def _how(self) -> str:
        facts = {"period": self.periods[-1][1], "unit": self.units[-1][1], "install": WIDGETS_INSTALL}
        return Said("notebooks.choose.how", **facts).get(self.study.lang)


@in_words_of_study
def choose(study: Study) -> Choice:
    """Boxes to choose a unit, a period of the plan and a target, with the figure and the sentence for the choice.

    Units: the plan's place and those that exist at the study's cut-off and have a figure or a quota.
    """
    plan, lang = study.plan, study.lang
    named = {*study.observations["unit"], *plan.quotas["unit"]} - {plan.place.code}
    there = plan.units_on(cutoff_day(study.as_of, plan.calendar))
    codes = [plan.place.code, *(code for code in there["code"] if code in named)]
    years = range(plan.years[0], plan.years[1] + 1)
    return Choice(
        study,
        tuple(
            (plan.unit(code, on=cutoff_day(study.as_of, plan.calendar)).label.get(lang), code)
            for code in codes
        ),
        tuple(
            (period_name(one, lang), str(one))
            for year in years
            for one in cutoffs(year, plan.calendar, start=True)
        ),
        tuple((target.label.get(lang), target.id) for target in plan.targets),
    )


def _drawn(one: Any, lang: str) -> str:
    if not has_figures(one):
        return ""
    figure = drawn(picture_of(one), lang)
    data = b64encode(figure.png).decode("ascii")
    return f'<img src="data:image/png;base64,{data}" width="756" alt="{escape(figure.alt)}">'


def _boxes(choice: Choice) -> ipywidgets.VBox:
    """The three boxes above what they show; ImportError where widgets are not installed."""
    import ipywidgets

    study, lang = choice.study, choice.study.lang
    boxes = [
        ipywidgets.Dropdown(
            options=options, value=value, description=f"{Said(f'notebooks.{head}').get(lang)}:"
        )
        for head, options, value in (
            ("unit", choice.units, study.unit.code),
            ("period", choice.periods, str(study.as_of)),
            ("choose.target", choice.targets, choice.targets[0][1]),
        )
    ]
    shown = ipywidgets.HTML()

    def turn(_: object = None) -> None:
        shown.value = choice.shown(*(box.value for box in boxes))

    for box in boxes:
        box.observe(turn, names="value")
    turn()
    return ipywidgets.VBox([ipywidgets.HBox(boxes), shown])
