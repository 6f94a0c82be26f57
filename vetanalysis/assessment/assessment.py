"""The result of judging one target: a frozen record that tables, sentences and figures are built from.

Values are in the target's own measure: percent for rates, persons for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Said, Text
from vetanalysis.observations.series import Point

if TYPE_CHECKING:
    from vetanalysis.forecast.projection import Projection
    from vetanalysis.plan import Target


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


@dataclass(frozen=True, slots=True, repr=False)
class Assessment:
    """What the figures say about one target. None means: the figures do not allow it."""

    target: Target
    as_of: str
    unit: str
    horizon: int  # years from the latest figure to the target's period; 0 within the year
    points: tuple[Point, ...]
    status: str  # reached, reached_provisional, almost_certain ... not_assessed
    reason: Said | Text | None = None  # why not assessed
    projection: Projection | None = None
    path: Projection | None = None  # the same for every year from the latest figure on, for the fan chart
    probability: float | None = None
    probability_true: float | None = None
    median: float | None = None
    lower_80: float | None = None
    upper_80: float | None = None
    gap: float | None = None  # target - latest, in the better direction
    pace_required: float | None = None  # points (rates) per year, persons per remaining quarter (flows)
    pace_seen: float | None = None
    pace_percentile: float | None = None  # share of other places' paces that were slower than required
    pace_places: int = 0  # how many paces that share rests on
    target_for_80: float | None = None  # the value reached with 80 % probability
    extra_for_80: float | None = None  # what must be added for an 80 % chance (points or persons)
    evidence: str = "weak"  # strong, moderate, weak
    evidence_reasons: tuple[Said, ...] = ()
    mostly_prior: bool = False
    sensitivity: Mapping[float, float] = field(default_factory=dict)  # prior scale factor -> P
    anchors: Mapping[str, Said] = field(
        default_factory=dict
    )  # eurostat, un, escap, nhs -> what they would say
    beside: tuple[Beside, ...] = ()
    coverage: float | None = None  # share of the plan that has reported (flows)
    past_totals: Mapping[int, float] = field(default_factory=dict)
    cross_checks: Mapping[str, float] = field(default_factory=dict)  # method -> full-year figure
    illustrative: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)  # anything else the sentences need

    def __repr__(self) -> str:
        target = self.target
        goal = f"{target.id} {target.operator} {target.value:g} by {target.period}"
        told = self.status
        if self.probability is not None:
            told += f", probability {self.probability:.2f}"
        if self.median is not None:
            told += f", median {self.median:.6g} [{self.lower_80:.6g}, {self.upper_80:.6g}]"
        return f"Assessment({goal}, unit {self.unit} as of {self.as_of}: {told}, evidence {self.evidence})"

    @property
    def latest(self) -> Point | None:
        """The last figure of the series, or None."""
        return self.points[-1] if self.points else None

    @property
    def counted_to(self) -> str:
        """The cut-off that counts of the year run to: the assessment's own, or the last that anybody reported."""
        return str(self.facts.get("counted_to", self.as_of))

    @property
    def newest(self) -> tuple[float, str] | None:
        """The value and period of the newest figure: what the year counts by the cut-off, else the last of the series.

        A running total counts only where somebody has reported; None without any figure.
        """
        counted = self.facts.get("so_far")
        if counted is not None and self.projection is not None and self.facts.get("received"):
            return float(counted), self.counted_to
        return (self.latest.value, self.latest.period) if self.latest else None
