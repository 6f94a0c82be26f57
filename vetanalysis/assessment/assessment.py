"""The result of judging one target: a frozen record that tables, sentences and figures are built from.

Targets on a rate, on people counted over the year and on those there on a day share what stands in `Assessment`; what
only one of them knows stands in `RateAssessment` or `PeopleAssessment`. Values are in the target's own measure: percent
for rates, persons for people, and whatever things or money are counted in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, ClassVar, NamedTuple, ParamSpec, TypeVar

from vetanalysis.blocks import Said, Text
from vetanalysis.language.filters import known
from vetanalysis.observations.series import Point
from vetanalysis.periods import Calendar, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.assessment.counting import TwoTotals
    from vetanalysis.assessment.paces import FirstPassage
    from vetanalysis.assessment.people_projected import YearOfPeople
    from vetanalysis.assessment.published_outcome import Outcome
    from vetanalysis.assessment.record import Past
    from vetanalysis.forecast.projection import Projection
    from vetanalysis.observations.published import DefinitionEffect, Rank
    from vetanalysis.plan import Target

P = ParamSpec("P")
S = TypeVar("S", Said, "Said | None")
CONTRADICTION = "assessment.not_assessed.contradiction"  # the line of a reason


@dataclass(frozen=True, slots=True)
class Beside:
    """A neighbouring figure shown next to a target, never in its place (another base, concept or scope)."""

    indicator: str
    base: str
    concept: str
    points: tuple[Point, ...]
    projection: Projection | None
    median: float | None
    lower_80: float | None
    upper_80: float | None
    note: Said | Text  # ours, or the plan's own
    rank: Rank | None = None  # of its last figure among the provinces


@dataclass(frozen=True, slots=True, repr=False)
class Assessment:
    """What the figures say about one target. None means: the figures do not allow it."""

    kind: ClassVar[str] = ""  # "rate", "people" or "stock"
    scale: ClassVar[float] = 1.0  # from a projection's numbers to the target's measure: 100 for rates, else 1

    target: Target
    as_of: str
    unit: str
    horizon: int  # years from the latest figure to the target's period; 0 within the year
    points: tuple[Point, ...]
    status: str  # reached, reached_provisional, almost_certain ... not_reached, not_forecast, not_assessed
    reason: Said | Text | None = None  # why not assessed
    projection: Projection | None = None
    path: Projection | None = None  # the same for every year from the latest figure on, for the fan chart
    probability: float | None = None
    probability_true: float | None = None  # of the true level, where a survey's error is known
    median: float | None = None
    lower_80: float | None = None
    upper_80: float | None = None
    gap: float | None = None  # target - latest, in the better direction
    pace_required: float | None = (
        None  # points (rates) per year, persons per remaining quarter or month (people)
    )
    pace_seen: float | None = None
    target_for_80: float | None = None  # the value reached with 80 % probability
    extra_for_80: float | None = None  # what must be added for an 80 % chance (points or persons)
    evidence: str = "weak"  # strong, moderate, weak
    evidence_reasons: tuple[Said, ...] = ()
    mostly_prior: bool = False
    sensitivity: Mapping[float, float] = field(default_factory=dict)  # prior scale factor -> P
    beside: tuple[Beside, ...] = ()
    illustrative: bool = False
    past: Past | None = None  # earlier statements with its word, where the word did not hold

    def __repr__(self) -> str:
        target = self.target
        goal = f"{target.id} {target.operator} {target.value:g} by {target.period}"
        answer = self.status
        if self.probability is not None:
            answer += f", probability {self.probability:.2f}"
        if self.median is not None:
            answer += f", median {self.median:.6g} [{self.lower_80:.6g}, {self.upper_80:.6g}]"
        return f"Assessment({goal}, unit {self.unit} as of {self.as_of}: {answer}, evidence {self.evidence})"

    @property
    def latest(self) -> Point | None:
        """The last figure of the series, or None."""
        return self.points[-1] if self.points else None

    @property
    def is_judged(self) -> bool:
        """Whether the target's own period has a figure that can be used, so that nothing is left to project."""
        if self.latest is None or not self.target.has_value or self.is_contradicted:
            return False
        return self.latest.period == self.target.period and self.projection is None

    @property
    def is_contradicted(self) -> bool:
        """Whether the figures contradict each other, so that none of them can be used."""
        return isinstance(self.reason, Said) and self.reason.key == CONTRADICTION

    @property
    def given_zero(self) -> bool:
        """Whether its unit was given a quota, which is 0: that is not to be without one."""
        return isinstance(self.reason, Said) and bool(self.reason.facts.get("zero"))

    @property
    def is_awaited(self) -> bool:
        """Whether the period of a rate is over and its figure has not come; people are asked of their units."""
        over = parse_cutoff(self.as_of) >= parse_cutoff(self.target.period)
        return over and self.kind != "people" and not self.is_judged and not self.is_reached

    @property
    def is_reached(self) -> bool:
        """Whether the target is reached, be it by a figure that may yet be corrected."""
        return self.status in ("reached", "reached_provisional")

    @property
    def is_unscoped(self) -> bool:
        """Whether its chance rests on figures whose source does not say whom they count: people only."""
        return False

    @property
    def counted_to(self) -> str:
        """The cut-off that counts of the year run to."""
        return self.as_of

    @property
    def newest(self) -> tuple[float, str] | None:
        """The value and period of the newest figure; None without any."""
        return (self.latest.value, self.latest.period) if self.latest else None


@dataclass(frozen=True, slots=True, repr=False)
class RateAssessment(Assessment):
    """A target on a rate: its pace beside others', its definition, and the pair of a part with its whole."""

    kind: ClassVar[str] = "rate"
    scale: ClassVar[float] = 100.0

    pace_percentile: float | None = None  # share of other places' paces that were slower than required
    pace_places: int = 0  # how many paces that share rests on
    anchors: Mapping[str, Said] = field(default_factory=dict)  # eurostat, un, escap, nhs -> what they say
    breaks: tuple[
        int, ...
    ] = ()  # first years of a new definition among the figures the pace was learned from
    definition_effect: DefinitionEffect | None = None  # of the labour-force definition of 2021, where known
    first_passage: FirstPassage | None = None  # the first year in reach of the target
    both_with: Target | None = None  # the whole that this part is projected within, due in the same year
    both_reached: float | None = None  # probability that part and whole reach their targets
    rank: Rank | None = None  # of its last figure among the provinces
    published: Outcome | None = None  # what will be published, of an administrative rate of the place itself


@dataclass(frozen=True, slots=True, repr=False)
class StockAssessment(Assessment):
    """A target on people who are there on a day: judged on the count of its own date, never projected."""

    kind: ClassVar[str] = "stock"


class Corrections(NamedTuple):
    """What is known of corrections to figures of earlier cut-offs."""

    figures: int  # figures of earlier cut-offs whose first value is known
    corrected: int  # how many of them were changed later
    mean: float  # last over first of all of them together, less 1; 0 where none is known
    provisional: int  # 1 where today's figures may still be corrected, else 0


@dataclass(frozen=True, slots=True, repr=False)
class PeopleAssessment(Assessment):
    """A target on people counted over the year: what is counted so far, who is missing, past years.

    `received` is None where nothing of the year is counted by anybody; `so_far` where the unit itself has not reported.
    """

    kind: ClassVar[str] = "people"

    scope_unstated: bool = False  # the source of the figures does not say whom they count
    has_quota: bool = (
        False  # the year has quotas: where no earlier year is known the projection starts from them
    )
    is_quota: bool = False  # the target is the unit's own quota
    coverage: float | None = None  # share of the plan that has reported
    past_totals: Mapping[int, float] = field(default_factory=dict)
    cross_checks: Mapping[str, float] = field(default_factory=dict)  # method -> full-year figure
    so_far: float | None = None  # reported for `counted_to`
    sources: tuple[
        str, ...
    ] = ()  # of the year's counts where they were published; empty where units returned them
    published_counts: tuple[Point, ...] = ()  # the unit's own of those, in their order
    approximate: str = ""  # how a source words the newest of those: about, nearly, over
    reported_to: str = ""  # the last cut-off that anybody reported; "" where nobody did
    same_period: float | None = None  # of the year before, of the units that reported
    compared: float | None = None  # what it is held against, where that is less than `so_far`: units are new
    received: int | None = None  # units that reported
    ahead: int = 0  # units that reported on the assessment's own cut-off, where that is after `counted_to`
    due: int | None = None  # units that should have; None where the place's own count is all there is
    late: tuple[Text, ...] = ()  # names of the units that did not report
    late_codes: tuple[str, ...] = ()
    late_known: float = 0.0  # what those had reported before; no part of `so_far`
    late_known_to: str = ""  # the last cut-off that any of those reported
    fallen: tuple[Text, ...] = ()  # units whose running total fell from one cut-off to the next
    two_totals: TwoTotals | None = None  # the unit's own figure and the sum of its parts, where they differ
    cumulative: Mapping[int, Mapping[int, float]] = field(default_factory=dict)  # year -> step -> people
    calendar: Calendar = Calendar()  # noqa: RUF009 - frozen; says which steps a year has
    revision: Corrections | None = None
    year_of_people: YearOfPeople | None = None  # place and units projected together; of the place only

    @property
    def counted_to(self) -> str:
        """The cut-off that counts of the year run to: the assessment's own, or the last that anybody reported."""
        return self.reported_to or self.as_of

    @property
    def newest(self) -> tuple[float, str] | None:
        """The value and period of the newest figure: what the year counts by the cut-off, else the last of the series.

        A running total counts only where somebody has reported; None without any figure.
        """
        counted = self.newest_count
        if counted is not None and (self.projection is not None or not self.target.has_value):
            return counted, self.counted_to
        return (self.latest.value, self.latest.period) if self.latest else None

    @property
    def is_unscoped(self) -> bool:
        """Whether its chance rests on figures whose source does not say whom they count."""
        open_ = known(self.probability) and not (self.is_judged or self.is_reached)
        return self.scope_unstated and open_ and bool(self.points)

    @property
    def worded(self) -> Said | str:
        """What the source says before the count so far ("nearly "); "" for an exact one."""
        return Said(f"names.approximate.{self.approximate}") if self.approximate else ""

    @property
    def to_day(self) -> Said | str:
        """The day its newest published count goes to, where the period had not ended; else nothing."""
        return self.published_counts[-1].to_day if self.published_counts else ""

    @property
    def about(self) -> Said | str:
        """What stands before a number worked out from the count so far: "about " where a source words that count."""
        return Said("names.approximate.about") if self.approximate else ""

    @property
    def newest_count(self) -> float | None:
        """What the year counts by the cut-off, where somebody has reported; None where nobody has."""
        return self.so_far if self.so_far is not None and self.received else None

    def alike(self, value: float) -> float:
        """What of its count may be held against `same_period`: that of the units which have both."""
        return value if self.compared is None else self.compared


def in_its_measure(tell: Callable[P, S]) -> Callable[P, S]:
    """What is told of an assessment, in the measure of its target where things or money are counted, not people."""

    @wraps(tell)
    def told(*args: P.args, **more: P.kwargs) -> S:
        said, one = tell(*args, **more), next(one for one in args if isinstance(one, Assessment))
        target = one.target
        of_people = target.is_rate or (target.measure == "persons" and not target.is_stock)
        return said if said is None or of_people else said.given(measure=target.measure)

    return told
