"""Choose a unit, a target and a period, and see its figure and sentence; with the mouse where possible.

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
from vetanalysis.narrative.shown_questions import units_of
from vetanalysis.narrative.targets import headline
from vetanalysis.periods import Cutoff, cutoff_day, cutoffs, parse_cutoff
from vetanalysis.show.answers import table
from vetanalysis.study import Study

if TYPE_CHECKING:
    import ipywidgets

    from vetanalysis.plan.read import Plan

_OF_OTHERS = ("assessment.not_assessed.of_the_place", "assessment.not_assessed.no_quota")
WIDGETS_INSTALL = 'pip install "vetanalysis[explore]"'


@dataclass(frozen=True, repr=False)
class Choice:
    """What a study offers to choose from, as (label, code) in order; `units`: the place, those with a quota or a figure
    of a target, and the study's own.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> from vetanalysis.show import choose
    >>> choose(study).targets("20")[0]
    ('Trained-labour rate', 'trained_rate')
    """

    study: Study
    units: tuple[tuple[str, str], ...]

    def targets(self, unit: str) -> tuple[tuple[str, str], ...]:
        """The targets that a unit has: not those of the whole place alone, nor people without a quota for it."""
        judged = self.study.at(unit=unit).assessments
        mine = [one for one in judged if not isinstance(one.reason, Said) or one.reason.key not in _OF_OTHERS]
        return tuple((one.target.label.get(self.study.lang), one.target.id) for one in mine or judged)

    def periods(self, target: str) -> tuple[tuple[str, str], ...]:
        """The cut-offs of a target's own years up to its end, and the study's own where that comes before them."""
        goal, asked = self.plan.target(target), self.study.as_of
        last = parse_cutoff(goal.period)
        first = Cutoff(goal.first_year, "start")
        years = range(first.year, last.year + 1)
        own = [one for year in years for one in cutoffs(year, self.plan.calendar, start=year == first.year)]
        offered = [*([asked] if asked < first else []), *(one for one in own if one <= last)]
        return tuple((period_name(one, self.study.lang), str(one)) for one in offered)

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
        unit = self.units[-1][1]
        period = self.periods(self.targets(unit)[0][1])[-1][1]
        facts = {"period": period, "unit": unit, "install": WIDGETS_INSTALL}
        return Said("notebooks.choose.how", **facts).get(self.study.lang)


@in_words_of_study
def choose(study: Study) -> Choice:
    """Boxes to choose a unit, one of its targets and a cut-off, with the figure and the sentence for the choice.

    Offered are the units with a quota or a figure of a target, of each its own targets, and of each target the cut-offs
    of its own years.

    >>> import vetanalysis as va
    >>> choice = choose(va.open_study("lang-son-2023", "2023-start", lang="en", returns="none"))
    >>> [period for _, period in choice.periods("trained_rate")]
    ['2023-start', '2023-Q1', '2023-H1', '2023-9M', '2023-FY']
    """
    plan, lang = study.plan, study.lang
    place, day = plan.place.code, cutoff_day(study.as_of, plan.calendar)
    have = {study.unit.code, *(code for target in plan.targets for code in units_of(study, target))}
    codes = [place, *(code for code in plan.units_on(day)["code"] if code in have - {place})]
    return Choice(study, tuple((plan.unit(code, on=day).label.get(lang), code) for code in codes))


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
    mine = choice.targets(study.unit.code)
    unit, target, period = boxes = [
        ipywidgets.Dropdown(
            options=options, value=value, description=f"{Said(f'notebooks.{head}').get(lang)}:"
        )
        for head, options, value in (
            ("unit", choice.units, study.unit.code),
            ("choose.target", mine, mine[0][1]),
            ("period", choice.periods(mine[0][1]), _among(choice.periods(mine[0][1]), str(study.as_of))),
        )
    ]
    shown = ipywidgets.HTML()
    turning = False

    def turn(_: object = None) -> None:
        nonlocal turning
        if turning:  # a box that gets other things to choose from tells of its new value
            return
        turning = True
        _offer(target, choice.targets(unit.value))
        _offer(period, choice.periods(target.value), str(study.as_of))
        turning = False
        shown.value = choice.shown(unit.value, period.value, target.value)

    for box in boxes:
        box.observe(turn, names="value")
    turn()
    return ipywidgets.VBox([ipywidgets.HBox(boxes), shown])


def _offer(box: ipywidgets.Dropdown, options: tuple[tuple[str, str], ...], otherwise: str = "") -> None:
    """Let a box offer these; what was chosen stays where it is among them."""
    if tuple(box.options) != options:
        before = box.value
        box.options = options
        box.value = _among(options, before, otherwise)


def _among(options: tuple[tuple[str, str], ...], *wanted: str) -> str:
    """The first of these codes that is offered, else the first that is."""
    codes = [code for _, code in options]
    return next((code for code in wanted if code in codes), codes[0])
