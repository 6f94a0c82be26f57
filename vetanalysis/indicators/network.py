"""From units to the province: one kind of sender at a time, never two that count the same people.

The place's own figure comes first. Then, in the order in which the plan names its senders: a single body's
figure, or the sum over districts, over institutions, or over districts and the institutions that stand
directly under the province. A district without a figure of its own is the sum of its institutions. Beside it:
the same quantity from two kinds of senders (`reconciliation`), and how much of what was due has come in
(`counted`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.indicators.ratios import percentage
from vetanalysis.indicators.tally import ALL_LEVELS, DIMENSIONS, Tally, tally
from vetanalysis.indicators.tiers import tiers_of
from vetanalysis.observations.checks import are_totals, numbered
from vetanalysis.observations.table import STATUS_RANK
from vetanalysis.periods import Cutoff, cutoff_day
from vetanalysis.plan.catalogue import catalogue
from vetanalysis.returns.form_words import answers

if TYPE_CHECKING:
    from vetanalysis.plan import Plan
    from vetanalysis.plan.catalogue import Entry

#: Figures of a line that a cut-off needs, and of which the later ones are compared with which of the first.
VIEWS = ("now", "last", "before", "step", "step_last", "step_before")
COMPARED = {"last": "like", "before": "now", "step_last": "step", "step_before": "step"}
#: Columns of a line that may be added: the views, and what each of the compared ones may be held against.
SUMS = (*VIEWS, *(f"for_{view}" for view in COMPARED))
#: In front of a column of a ratio's line: the same of its denominator.
OF = "of_"
RECONCILED = ("indicator", "sender", "value", "reported", "expected", "difference", "taken")
RECEIVED = ("on_time", "late", "corrected", "received")


@dataclass(frozen=True)
class Route:
    """One way to the place's figure. `name`: own, quotas, a body's code, or the kind of units that are added up.

    `members`: those units; none for what the place told itself and for quotas.
    """

    name: str
    members: tuple[str, ...] = ()


class Routes(dict[str, Route]):
    """By indicator how the place's figure came about; pandas copies what a table carries, this stays one."""

    def __deepcopy__(self, memo: object) -> Routes:
        return self


OWN = Route("own")


NO_PART = ("body", "enterprise")  # kinds of units that are no part of the unit above them


@dataclass(frozen=True)
class Network:
    """The units of a plan on one day: who stands under whom, and who sends what."""

    place: str
    names: dict[str, Text]
    kind: dict[str, str]
    parent: dict[str, str]
    body_kinds: dict[str, str]

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Codes of the units of one kind."""
        return tuple(code for code, one in self.kind.items() if one == kind)

    def provincial(self) -> tuple[str, ...]:
        """Institutions that stand directly under the place."""
        return tuple(code for code in self.of_kind("institution") if self.parent[code] == self.place)

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for code, above in self.parent.items():
            if self.kind[code] not in NO_PART:
                found.setdefault(above, []).append(code)
        return {above: tuple(codes) for above, codes in found.items()}

    def children(self, unit: str) -> tuple[str, ...]:
        """Units that stand directly under a unit and are a part of it."""
        return self._children.get(unit, ())

    def steps_up(self) -> list[dict[str, str]]:
        """For each tier, the lowest first, the units that stand under another than the place, and under which."""
        depth: dict[str, int] = {}
        tier = [self.place]
        while tier:
            at = max(depth.values(), default=-1) + 1
            depth |= dict.fromkeys(tier, at)
            tier = [one for code in tier for one in self.children(code) if one not in depth]
        lower = sorted({found for found in depth.values() if found > 1}, reverse=True)
        return [{code: self.parent[code] for code, found in depth.items() if found == one} for one in lower]

    def highest(self, *kinds: str) -> tuple[str, ...]:
        """Units of these kinds above which no other of them stands; the place alone where it has none below it."""
        mine = {code for code, kind in self.kind.items() if kind in kinds}
        mine = mine - {self.place} or mine

        def under_another(code: str) -> bool:
            seen = {code}
            while (code := self.parent.get(code, "")) and code not in seen:
                if code in mine:
                    return True
                seen.add(code)
            return False

        return tuple(code for code in self.kind if code in mine and not under_another(code))

    def routes(self, senders: tuple[str, ...]) -> list[Route]:
        """The ways to the place's figure for an indicator with these senders, the first to be tried first."""
        found, kinds = [], {self.body_kinds.get(one, "") for one in senders} - {"", *NO_PART}
        together = self.highest(*kinds)
        several = {self.kind[code] for code in together}
        tops = "districts_and_provincial" if several <= {"district", "institution"} else "units"
        for one in senders:
            kind = self.body_kinds.get(one, "")
            if one in ("all", "bodies"):
                continue
            if kind in kinds and len(kinds) > 1 and several != {"institution"}:
                route = Route(tops if len(several) > 1 or tops != "units" else next(iter(several)), together)
            elif kind:
                route = Route(kind, self.highest(kind))
            else:
                route = Route(one, (one,))
            if route.members and route not in found:
                found.append(route)
        return found


def network(plan: Plan, cutoff: Cutoff) -> Network:
    """The units of a cut-off; of those that speak for others the bodies, and those with a quota of its year."""
    day = cutoff_day(cutoff, plan.calendar)
    units, quotas = plan.units_on(day), plan.quotas
    tiers, place = tiers_of(plan), plan.place.code
    asked = quotas.loc[(quotas["value"] > 0) & quotas["period"].str.startswith(f"{cutoff.year}-"), "unit"]
    counted = units["code"].isin(asked) | ~units["code"].map(tiers.speaks_for_others)
    units = units[(units["kind"] == "body") | counted]
    code, above = units["code"].tolist(), tiers.parent
    return Network(
        place,
        plan.short_names(day),
        dict(zip(code, units["kind"], strict=True)),
        {one: above.get(one, "") for one in code},
        {body.code: body.unit_kind for body in plan.bodies},
    )


def views(one: Tally, cutoff: Cutoff, entries: dict[str, Entry]) -> pd.DataFrame:
    """Per unit, indicator and breakdown the figures that the cut-off needs (`VIEWS`), and where they stand.

    `now`: running total, period figure or stock; a stock stands until there is a newer one, so that `place`
    may be an earlier step. `last`: a year before, `before`: a step before, `step...`: the step alone. `like`: what the
    year before is held against: `now`, or, where that adds levels and the year before was told without them, the sum
    over all levels (`all_levels`). `over_all`: that sum, of a total put together from levels (`rank` 0; 1: told without
    them). `whole`: of a sex, group or residence the people it is a part of: those of the counted levels, or of all
    where it was told without levels. `beyond`: a total told without levels by a unit that at other times
    tells it also of levels that do not count.
    """
    at = one.place(cutoff)
    basis = (
        one.keys["indicator"].map({name: entry.basis for name, entry in entries.items()}).fillna("cumulative")
    )
    is_stock = ((basis == "stock") | (one.keys["indicator"] == "people_in_training_start")).to_numpy()
    known = ~np.isnan(one.total[:, : at + 1])
    last_known = np.where(known.any(axis=1), at - np.argmax(known[:, ::-1], axis=1), -1)
    flows = cutoff.months > 0  # at the start of a year nothing of it has been counted
    place = np.where(is_stock, last_known, at if flows else -1)
    frame = one.keys.assign(basis=basis, place=place, latest=last_known)
    return _like_with_like(_gathered(one, frame, is_stock, place))


def _like_with_like(frame: pd.DataFrame) -> pd.DataFrame:
    """`like`, `all_levels`, `whole` and `beyond` of every line; without the lines that only serve to compare."""
    serves = frame["level"] == ALL_LEVELS
    every = frame.loc[serves].set_index(["unit", "indicator"])["now"]
    frame = frame[~serves].reset_index(drop=True)
    at = pd.MultiIndex.from_frame(frame[["unit", "indicator"]])
    over_all = pd.Series(every.reindex(at).to_numpy(), index=frame.index)
    apart = are_totals(frame) & (frame["rank"] == 0) & (frame["rank_last"] == 1) & over_all.notna()
    totals = frame[are_totals(frame)].set_index(["unit", "indicator"])["now"]
    counted = pd.Series(totals.reindex(at).to_numpy(), index=frame.index)
    whole = over_all.where((frame["rank"] == 1) & over_all.notna(), counted)
    by_level = at.isin(every.index)
    is_part = ~are_totals(frame, but=("level", "fund_source", "channel"))
    return frame.drop(columns=["rank_last"]).assign(
        like=over_all.where(apart, frame["now"]), all_levels=apart, whole=whole.where(is_part),
        over_all=over_all.where(are_totals(frame) & (frame["rank"] == 0)),
        beyond=are_totals(frame) & (frame["rank"] == 1) & by_level,
    )  # fmt: skip


def _gathered(one: Tally, frame: pd.DataFrame, is_stock: np.ndarray, place: np.ndarray) -> pd.DataFrame:
    rows = np.arange(len(frame))

    def take(values: np.ndarray, columns: np.ndarray) -> np.ndarray:
        good = (columns >= 0) & (columns < values.shape[1])
        return np.where(good, values[rows, np.where(good, columns, 0)], np.nan)

    away, year = np.where(place >= 0, place, -99), one.calendar.steps
    frame = frame.assign(
        now=take(one.total, away), last=take(one.total, away - year),
        before=np.where(is_stock, take(one.total, away - 1), np.nan),
        step=take(one.alone, away), step_last=take(one.alone, away - year),
        step_before=take(one.alone, away - 1),
        latest_value=take(one.total, frame["latest"].to_numpy()),
        corrected=np.nan_to_num(take(one.corrected.astype(float), away)) > 0,
    )  # fmt: skip
    ranks = np.append(one.rows["rank"].to_numpy(dtype=float), np.nan)  # the last stands for none

    def rank(columns: np.ndarray) -> np.ndarray:
        return ranks[np.nan_to_num(take(one.source.astype(float), columns), nan=-1).astype(int)]

    frame = frame.assign(rank=rank(away), rank_last=rank(away - year))
    row = np.nan_to_num(take(one.source.astype(float), away), nan=-1).astype(int)
    row = np.where(
        row >= 0, row, one.source.max(axis=1)
    )  # a figure worked out from its neighbours has theirs
    return with_facts(frame.assign(row=np.where(frame["now"].notna(), row, -1)), one.rows)


def add_up(members: pd.DataFrame, weight: dict[str, str]) -> pd.DataFrame:
    """Sums over units: `weight` maps a member to the unit it is added into; one row per unit, indicator, breakdown.

    `now` adds what was reported; `last`, `before` add only units that have both figures, and `for_last`,
    `for_before` are the sums they may be compared with, so that a year is never compared over other units. Lines of
    ratios have their denominators added the same way. `reported`: units in the sum. Members at different places in
    time (stocks) are added only at the latest one.
    """
    frame = members[members["unit"].isin(list(weight)) & members["now"].notna()]
    if frame.empty:
        return frame.assign(reported=0)
    member = pd.factorize(frame["unit"])[0]
    frame = frame.assign(unit=frame["unit"].map(weight), member=member)
    frame = frame.assign(quantity=numbered(frame, ("unit", "indicator")))
    frame = frame[frame["place"] == frame.groupby("quantity")["place"].transform("max")]
    sources, names = pd.factorize(frame["source"], sort=True)  # numbers have a minimum far sooner than texts
    prepared = frame.assign(source=sources)
    halves = ("", OF) if f"{OF}now" in frame else ("",)
    for half in halves:
        for view, base in COMPARED.items():
            both = frame[half + view].notna() & frame[half + base].notna()
            prepared[f"{half}for_{view}"] = frame[half + base].where(both)
            prepared[half + view] = frame[half + view].where(both)
    prepared["line"] = numbered(prepared, DIMENSIONS, prepared["quantity"].to_numpy())
    lines = prepared.groupby("line", sort=False)
    added = [
        lines[[*(half + name for half in halves for name in SUMS), "whole"]].sum(min_count=1),
        lines[["latest", "corrected", "illustrative"]].max(),
        lines[["status", "source"]].min(),
    ]
    result = prepared.drop_duplicates("line").set_index("line")
    result = result[["unit", "indicator", *DIMENSIONS, "basis", "place", "quantity"]].join(added)
    # a unit without a level has no such figure to report
    units = _members(prepared, reported="now", step_reported="step", last_paired="for_last")
    result = result.join(units, on="quantity").drop(columns="quantity").reset_index(drop=True)
    more, source = (result["reported"] - 1).astype(str), pd.Series(names[result["source"]], dtype="str")
    result["source"] = source.where(result["reported"] < 2, source + " (+" + more + ")")
    return result.assign(latest_value=result["now"], like=result["for_last"].fillna(result["now"]))


def _members(prepared: pd.DataFrame, **columns: str) -> pd.DataFrame:
    """How many units have a figure of each indicator at all, whichever breakdown; `columns`: of what, by the name."""
    told = {name: prepared["member"].where(prepared[column].notna()) for name, column in columns.items()}
    return pd.DataFrame(told).groupby(prepared["quantity"]).nunique()


def single(frame: pd.DataFrame) -> pd.DataFrame:
    """A unit's own figures in the columns of `add_up`."""
    frame = frame.assign(reported=1)
    for view, base in COMPARED.items():
        frame[f"for_{view}"] = frame[base].where(frame[view].notna())
    return frame.assign(
        step_reported=frame["step"].notna().astype(int), last_paired=frame["last"].notna().astype(int)
    )


def with_facts(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """`illustrative`, `status` (rank: the least mature of a sum counts) and `source` of each figure's observation."""
    if rows.empty:
        return frame.assign(illustrative=False, status=np.nan, source="")
    at = frame["row"].to_numpy()
    good = at >= 0
    safe = np.where(good, at, 0)
    return frame.assign(
        illustrative=rows["illustrative"].to_numpy(dtype=bool)[safe] & good,
        status=np.where(good, rows["status"].map(STATUS_RANK).to_numpy(dtype=float)[safe], np.nan),
        source=np.where(good, rows["source"].astype(object).to_numpy()[safe], ""),
    )


def reconciliation(plan: Plan, obs: pd.DataFrame, as_of: str | Cutoff) -> pd.DataFrame:
    """Indicators that more than one kind of sender reports for the place, in `RECONCILED`.

    `sender`: "own" (the place itself), a body's code, or the kind of units added up; `taken` marks the one the table of
    indicators uses, `difference` is value - value taken. Only sums and levels; a difference between partial sums is
    no contradiction: compare `reported` with `expected` first.
    """
    cutoff = plan.check_cutoff(as_of)
    entries = catalogue(plan)
    net = network(plan, cutoff)
    lines = views(tally(plan, obs, cutoff, entries), cutoff, entries)
    whole = lines[are_totals(lines) & lines["now"].notna()]
    own = whole[whole["unit"] == net.place].drop_duplicates("indicator").set_index("indicator")["now"]
    there = set(whole["indicator"])
    ways = {
        name: net.routes(one.senders)
        for name, one in entries.items()
        if name in there and one.over_units in ("sum", "stock_sum")
    }
    added = {}
    for route in {route for routes in ways.values() for route in routes}:
        mine = whole[whole["indicator"].isin([name for name, routes in ways.items() if route in routes])]
        total = add_up(mine, dict.fromkeys(route.members, net.place)).drop_duplicates("indicator")
        for name, value, reported in zip(total["indicator"], total["now"], total["reported"], strict=True):
            added[name, route] = (route.name, float(value), int(reported), len(route.members))
    rows = []
    for name, routes in ways.items():
        told = [("own", float(own[name]), 1, 1)] if name in own.index else []
        told += [added[name, route] for route in routes if (name, route) in added]
        if len(told) > 1:
            taken = told[0][1]
            rows += [(name, *one, one[1] - taken, at == 0) for at, one in enumerate(told)]
    return pd.DataFrame(rows, columns=list(RECONCILED))


class Counted(NamedTuple):
    """A figure counted from the ledger, with its parts (denominator NaN for a plain count)."""

    value: float
    numerator: float
    denominator: float


def counted(ledger: Any, as_of: str) -> dict[str, Counted]:
    """Rows 23, 24 and 62 from a ledger, by indicator, in percent; {} when nothing was due.

    The ledger's matrix has one row per unit that must report and period, with `unit`, `state` (on_time, late,
    corrected, received, refused, missing, not_due), and where it is known `period`, `days_late` and `versions`.
    Received: a valid file has come; a refused one does not count. On time: it came by the deadline; a corrected report
    counts by its first version (`days_late` not above zero), one without a day does not count. Corrected: versions
    after the first. Units with a plan: those whose list of documents (`ledger.documents`) names a plan of their own.
    """
    matrix = ledger.matrix(as_of)
    if "period" in matrix.columns:
        matrix = matrix[matrix["period"].astype(str) == as_of]
    matrix = matrix[matrix["state"] != "not_due"]
    due = len(matrix)
    if not due:
        return {}
    state = matrix["state"].astype(str)
    on_time = state == "on_time"
    if "days_late" in matrix.columns:
        on_time |= (state == "corrected") & (pd.to_numeric(matrix["days_late"], errors="coerce") <= 0)
    corrected = float((state == "corrected").sum())
    if "versions" in matrix.columns:
        corrected = float(
            (pd.to_numeric(matrix["versions"], errors="coerce").fillna(0) - 1).clip(lower=0).sum()
        )
    received, punctual = int(state.isin(RECEIVED).sum()), int(on_time.sum())
    found = {
        "reports_received_share": Counted(percentage(received, due), received, due),
        "reports_on_time_share": Counted(percentage(punctual, due), punctual, due),
        "reports_corrected": Counted(corrected, corrected, float("nan")),
    }
    documents = getattr(ledger, "documents", None)
    if isinstance(documents, pd.DataFrame) and len(documents):
        issued = documents.loc[
            (documents["type"] == answers("document_type")["plan"]) & documents["unit"].isin(matrix["unit"]),
            "unit",
        ]
        found["units_with_plan_share"] = Counted(percentage(issued.nunique(), due), issued.nunique(), due)
    return found
