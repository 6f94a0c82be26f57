"""The figures a target on a rate is judged on: one definition, what came before its break, the estimate of the year.

Where the same rate of other units is known, on the same base and concept, it teaches how such a rate moves
(`Elsewhere`): the units of one kind teach each other, a province is not taught by the country it is part of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.assessment.people_until import known_for
from vetanalysis.forecast.rate_input import MONTHS, bridge, label_of, month_steps
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.series import Piece, Point, pieces, point_of
from vetanalysis.observations.table import latest_vintage, publisher_of, to_share
from vetanalysis.observations.territory import since_merger
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan.model import ADMINISTRATIVE, Target

if TYPE_CHECKING:
    from vetanalysis.forecast.neighbours import Neighbours
    from vetanalysis.forecast.priors import Prior
    from vetanalysis.plan import Plan, Related


@dataclass(frozen=True, slots=True)
class History:
    """The figures of one definition, and the same pace learned from before its break where there was one.

    Figures of months within a year (`within`) are observations of the same rate with errors of their own. They stand
    among `points` only where no whole year has a figure.
    """

    points: tuple[Point, ...]
    learned: (
        pd.Series
    )  # shares by year, 2023.5 its middle, on the definition of `points`; for projecting only
    breaks: tuple[int, ...]
    errors: pd.Series | None = None  # standard errors (shares) of `learned` by year, NaN where unknown
    within: tuple[Point, ...] = ()
    prior: Prior | None = None  # what is believed before them, see `Elsewhere`; None: as shipped

    @property
    def values(self) -> dict[int, float]:
        """Percent by year, this definition only."""
        return {point.year: point.value for point in self.points if _is_year(point)}

    @property
    def projectable(self) -> bool:
        """Whether a coming figure can be projected: from two figures, or one of a month within a year."""
        return len(self.learned) >= 2 or bool(self.within)

    @property
    def next_year(self) -> int:
        """The first year of which the figure is still to come."""
        last = float(self.learned.index[-1])
        return int(last) + 1 if last == int(last) else int(last)

    @property
    def illustrative(self) -> bool:
        """Whether any of the figures is invented."""
        return any(point.illustrative for point in (*self.points, *self.within))


def history_of(obs: pd.DataFrame, wanted: Target | Related, unit: str) -> History:
    """The yearly figures of an indicator on one base and concept, newest vintage each, with what came before a break.

    Earlier pieces count only where base and publisher are the same and the concept of counting changed; they
    teach the pace and never enter `points`.
    """
    same_base = [piece for piece in pieces(obs, wanted.indicator, unit) if piece.base == wanted.base]
    same_definition = [piece for piece in same_base if piece.concept == wanted.concept]
    if not same_definition:
        return _with_months(History((), pd.Series(dtype=float), ()), _within_years(obs, wanted, unit), [])
    if (
        wanted.concept == ADMINISTRATIVE
    ):  # the press quotes the office whose return this is: one office's figures
        points = _as_one({point.year: point for piece in same_definition for point in piece.points})
        learned = to_share(pd.Series({point.year: point.value for point in points}))
        return _with_months(History(points, learned, ()), _within_years(obs, wanted, unit), points)
    last = same_definition[-1]
    before = [
        piece for piece in same_base
        if piece is not last and piece.publisher == last.publisher and _ends_before(piece, last)
    ]  # fmt: skip
    shares = [to_share(piece.values.astype(float)) for piece in (*before, last)]
    breaks = tuple(int(piece.values.index[0]) for piece in (*before[1:], last)) if before else ()
    within = _within_years(obs, wanted, unit, last.publisher)
    years = [point for piece in (*before, last) for point in piece.points]
    return _with_months(History(last.points, bridge(shares), breaks), within, years)


def _is_year(point: Point) -> bool:
    return point.period.endswith("-FY")


def _within_years(
    obs: pd.DataFrame, wanted: Target | Related, unit: str, publisher: str | None = None
) -> tuple[Point, ...]:
    """The figures of months within a year on one definition, newest vintage each; None: of any publisher.

    A quarter alone counts as its last month where that has no other figure; the fourth is no month within the year.
    """
    if obs.empty:
        return ()
    rows = obs[(obs["unit"] == unit) & (obs["indicator"] == wanted.indicator)]
    rows = rows[~rows["period"].str.endswith(("-FY", "-Q4", "-start"))]
    if rows.empty:
        return ()
    rows = rows[are_totals(rows)]
    rows = latest_vintage(rows[(rows["base"] == wanted.base) & (rows["concept"] == wanted.concept)])
    if publisher is not None:
        rows = rows[publisher_of(rows["source"]) == publisher]
    points = sorted(
        map(point_of, rows.to_dict("records")), key=lambda point: parse_cutoff(point.period).alone
    )
    return _as_one({_when(point): point for point in reversed(points)})


def _when(point: Point) -> int:
    """The end of a figure's period as months counted through."""
    return MONTHS * (point.year - 1) + parse_cutoff(point.period).months


def _with_months(history: History, within: tuple[Point, ...], years: Sequence[Point]) -> History:
    """The history of whole years with figures of months within a year, and the standard errors of both."""
    errors = _standard_errors((*years, *within))
    if not within:
        return replace(history, errors=errors)
    between = to_share(pd.Series({label_of(_when(point)): point.value for point in within}))
    learned = pd.concat([history.learned, between])
    learned = learned.iloc[np.argsort(month_steps(learned.index))]
    return replace(history, points=history.points or within, learned=learned, errors=errors, within=within)


def _standard_errors(points: Sequence[Point]) -> pd.Series | None:
    """Standard errors as shares by year, NaN where a figure has none; None where no figure has one.

    Of two figures of one year the later in order counts, as in `learned`.
    """
    known = {label_of(_when(point)): point.standard_error for point in points}
    if all(error is None for error in known.values()):
        return None
    return to_share(pd.Series(known, dtype=float))


def _as_one(by_time: Mapping[int, Point]) -> tuple[Point, ...]:
    return tuple(by_time[time] for time in sorted(by_time))


def adopted(plan: Plan, obs: pd.DataFrame, targets: Sequence[Target]) -> pd.DataFrame:
    """The figures, with rates that a department reports of the whole place set on the base and concept of their target.

    A department's form asks for the plan's own rate, so base and concept are the target's; only targets judged on
    administrative figures, or on none in particular, take them.
    """
    senders = {*plan.units.loc[plan.units["kind"] == "body", "code"], plan.place.code}
    places = np.flatnonzero(obs["unit"].isin(senders))
    sent = obs.iloc[places]
    free = ((sent["base"] == "") & (sent["concept"] == "")).to_numpy()
    stay, taken = np.ones(len(obs), dtype=bool), []
    for target in targets:
        rows = free & (sent["indicator"] == target.indicator).to_numpy()
        if target.takes_unstated and rows.any():
            taken.append(sent[rows].assign(unit=plan.place.code, base=target.base, concept=target.concept))
            stay[places[rows]] = False
            free = free & ~rows
    return pd.concat([obs[stay], *taken]) if taken else obs


def in_year_figure(obs: pd.DataFrame, target: Target, cutoff: Cutoff, unit: str) -> Point | None:
    """The latest estimate of the rate made within the year: not yet the year's figure."""
    if obs.empty:
        return None
    rows = obs[(obs["unit"] == unit) & (obs["indicator"] == target.indicator)]
    rows = rows[rows["period"].str.startswith(f"{cutoff.year}-") & (rows["period"] != f"{cutoff.year}-FY")]
    if rows.empty:
        return None
    rows = rows[(rows["base"] == target.base) & (rows["concept"] == target.concept) & are_totals(rows)]
    if rows.empty:
        return None
    rows = latest_vintage(rows)
    months = [parse_cutoff(period).months for period in rows["period"]]
    row = rows.assign(_months=months).sort_values(["_months", "vintage"], kind="stable").iloc[-1]
    return point_of(row.to_dict())


def _ends_before(piece: Piece, later: Piece) -> bool:
    return int(piece.values.index[0]) < int(later.values.index[0])


def kind_of(wanted: Target | Related) -> str:
    """Which of the shipped priors fits: for figures of an administration, or of a survey."""
    return ADMINISTRATIVE if wanted.concept == ADMINISTRATIVE else "survey"


_OLD = " before its merger"  # behind the code of an old province in a table that has the merged one, too
PROVINCE = r"\d{2}"  # codes of Viet Nam's provinces, also of those that are no unit of the plan


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """The same rates of other units, each definition read once for all units that ask."""

    plan: Plan
    obs: pd.DataFrame
    _known: dict[tuple[str, ...], tuple[dict[str, int], Neighbours] | None] = field(
        default_factory=dict, repr=False
    )

    def taught(self, history: History, wanted: Target | Related, unit: str, direction: str) -> History:
        """The history with what is believed before its own figures: learned from others, or else as shipped."""
        return replace(history, prior=self._prior(history, wanted, unit, direction))

    def _prior(self, history: History, wanted: Target | Related, unit: str, direction: str) -> Prior:
        from vetanalysis.forecast.priors import load_prior

        shipped = load_prior(kind_of(wanted))
        if not history.projectable:
            return shipped
        period = wanted.period if isinstance(wanted, Target) and not wanted.of_whole_year else ""
        kind = self._kind(unit)
        key = (wanted.indicator, wanted.base, wanted.concept, period, kind, direction)
        if key not in self._known:
            self._known[key] = self._table(wanted, kind, direction, shipped)
        if (known := self._known[key]) is None:
            return shipped
        places, neighbours = known
        return neighbours.prior_of(places.get(unit, -1), len(history.learned), history.next_year - 1)

    def _kind(self, unit: str) -> str:
        kinds = self._kinds
        if unit in kinds:
            return kinds[unit]
        outside = self.plan.in_viet_nam and re.fullmatch(PROVINCE, unit)
        return "province" if outside else f"other {unit}"

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return dict(zip(self.plan.units["code"], self.plan.units["kind"], strict=True))

    def _table(
        self, wanted: Target | Related, kind: str, direction: str, prior: Prior
    ) -> tuple[dict[str, int], Neighbours] | None:
        """The yearly shares of all units of a kind on one definition; None with fewer than can teach."""
        from vetanalysis.forecast.neighbours import FEWEST, Neighbours

        rows = self.obs[self.obs["indicator"] == wanted.indicator]
        rows = rows[(rows["base"] == wanted.base) & (rows["concept"] == wanted.concept)]
        rows = rows[rows["period"].str.endswith("-FY") & are_totals(rows) & rows["value"].between(0, 100)]
        rows = rows[rows["unit"].map(self._kind) == kind]
        if isinstance(wanted, Target):
            rows = known_for(rows, wanted)
        if rows["unit"].nunique() < FEWEST:
            return None
        rows = latest_vintage(rows)
        rows = rows.assign(year=rows["period"].str[:4].astype(int), maker=publisher_of(rows["source"]))
        if wanted.concept != ADMINISTRATIVE:  # figures of two publishers are two series: the longer one
            longest = rows.groupby(["unit", "maker"]).size().sort_values(kind="stable")
            kept = longest.reset_index().drop_duplicates("unit", keep="last")
            rows = rows.merge(kept[["unit", "maker"]], on=["unit", "maker"])
        since = since_merger(rows)  # a merged province is another unit than the old one of its code
        old = (since == "") & rows["unit"].isin(rows.loc[since != "", "unit"])
        rows = rows.assign(unit=rows["unit"].mask(old, rows["unit"] + _OLD))
        table = rows.drop_duplicates(["unit", "year"], keep="last").pivot(
            index="year", columns="unit", values="value"
        )
        signs = np.full(table.shape[1], -1.0 if direction == "<=" else 1.0)
        places = {str(code): place for place, code in enumerate(table.columns)}
        shares = to_share(table).to_numpy(dtype=float)
        return places, Neighbours(shares, table.index.to_numpy(), signs, prior, improving=True)
