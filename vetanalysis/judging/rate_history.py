"""The figures a rate target is judged on: one definition, what came before its break, the estimate within the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.assessment import Beside
from vetanalysis.forecast.breaks import bridge
from vetanalysis.observation_checks import BREAKDOWNS
from vetanalysis.observation_table import latest_vintage, to_share
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.series import Point
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Related, Target
    from vetanalysis.series import Piece

ADMINISTRATIVE = "administrative"
IN_YEAR = Text(
    "số ước trong năm của cơ quan chủ trì, chưa phải số của cả năm nên không đưa vào dự báo",
    "the lead department's estimate within the year, not yet the year's figure, so the projection does not use it",
)


@dataclass(frozen=True, slots=True)
class History:
    """The figures of one definition, and the same pace learned from before its break where there was one."""

    points: tuple[Point, ...]
    learned: pd.Series  # shares by year, on the definition of `points`; for projecting only
    breaks: tuple[int, ...]

    @property
    def values(self) -> dict[int, float]:
        """Percent by year, this definition only."""
        return {point.year: point.value for point in self.points}


def history_of(obs: pd.DataFrame, wanted: Target | Related, unit: str) -> History:
    """The yearly figures of an indicator on one base and concept, newest vintage each, with what came before a break.

    Earlier pieces count only where base and publisher are the same and the concept of counting changed; they
    teach the pace and never enter `points`.
    """
    from vetanalysis.series import pieces

    found = [piece for piece in pieces(obs, wanted.indicator, unit) if piece.base == wanted.base]
    own = [piece for piece in found if piece.concept == wanted.concept]
    if not own:
        return History((), pd.Series(dtype=float), ())
    if (
        wanted.concept == ADMINISTRATIVE
    ):  # the press quotes the office whose return this is: one office's figures
        points = _as_one({point.year: point for piece in own for point in piece.points})
        return History(points, to_share(pd.Series({point.year: point.value for point in points})), ())
    last = own[-1]
    before = [
        piece for piece in found
        if piece is not last and piece.publisher == last.publisher and _ends_before(piece, last)
    ]  # fmt: skip
    shares = [to_share(piece.values.astype(float)) for piece in (*before, last)]
    return History(
        last.points,
        bridge(shares),
        tuple(int(piece.values.index[0]) for piece in (*before[1:], last)) if before else (),
    )


def _as_one(by_year: Mapping[int, Point]) -> tuple[Point, ...]:
    return tuple(by_year[year] for year in sorted(by_year))


def adopted(plan: Plan, obs: pd.DataFrame, targets: Sequence[Target]) -> pd.DataFrame:
    """The figures, with rates that a department reports of the whole place set on the base and concept of their target.

    A department's form asks for the plan's own rate, so base and concept are the target's; only targets judged on
    administrative figures take them.
    """
    senders = {*plan.units.loc[plan.units["kind"] == "body", "code"], plan.place.code}
    places = np.flatnonzero(obs["unit"].isin(senders))
    sent = obs.iloc[places]
    free = ((sent["base"] == "") & (sent["concept"] == "")).to_numpy()
    stay, taken = np.ones(len(obs), dtype=bool), []
    for target in targets:
        mine = free & (sent["indicator"] == target.indicator).to_numpy()
        if target.concept == ADMINISTRATIVE and mine.any():
            taken.append(sent[mine].assign(unit=plan.place.code, base=target.base, concept=target.concept))
            stay[places[mine]] = False
            free = free & ~mine
    return pd.concat([obs[stay], *taken]) if taken else obs


def in_year_figure(obs: pd.DataFrame, target: Target, cutoff: Cutoff, unit: str) -> Beside | None:
    """The latest estimate of the rate made within the year: shown beside the projection, not yet the year's figure."""
    own = obs[obs["unit"] == unit]
    rows = own[
        (own["indicator"] == target.indicator)
        & (own["base"] == target.base)
        & (own["concept"] == target.concept)
        & (own[list(BREAKDOWNS)] == "").all(axis=1)
        & own["period"].str.startswith(f"{cutoff.year}-")
        & (own["period"] != f"{cutoff.year}-FY")
    ]
    if rows.empty:
        return None
    rows = latest_vintage(rows)
    quarters = [parse_cutoff(period).quarters for period in rows["period"]]
    row = rows.assign(_quarters=quarters).sort_values(["_quarters", "vintage"], kind="stable").iloc[-1]
    point = Point(
        row["period"], cutoff.year, float(row["value"]), row["status"], row["source"], row["vintage"], row["base"],
        row["concept"], row["certainty"], bool(row["illustrative"]), row["note"],
    )  # fmt: skip
    return Beside(target.indicator, target.base, target.concept, (point,), None, None, None, None, IN_YEAR)


def _ends_before(piece: Piece, later: Piece) -> bool:
    return int(piece.values.index[0]) < int(later.values.index[0])
