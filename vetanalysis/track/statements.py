"""What would have been said of a plan's people at Q1, H1 and 9M of each year, and what came.

Each statement is made by the same code as today's, from the figures of periods up to its cut-off only. Where
the figures of that day are known (each return carries the day on which it came), they are what is read; where
a past year came on one form after its end, the statement is replayed from that form and marked so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.assessment.counting import flow_of
from vetanalysis.assessment.people import assess_people, place_flow
from vetanalysis.assessment.people_until import quota_until
from vetanalysis.assessment.status import status_of
from vetanalysis.hashes import SEED
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.crosswalk import on_units_of
from vetanalysis.observations.table import combine, only_known_by, up_to
from vetanalysis.periods import Cutoff, cutoffs, deadline, parse_cutoff
from vetanalysis.progress import watched
from vetanalysis.track.rolling import sign_test

if TYPE_CHECKING:
    from vetanalysis.assessment.flows import Flow
    from vetanalysis.plan import Plan, Target
    from vetanalysis.returns.ledger import Ledger


AS_KNOWN, REPLAYED = "as_known", "replayed"
COLUMNS = (
    "target", "unit", "year", "cutoff", "basis", "plan", "counted", "median", "lower_80", "upper_80", "probability",
    "status", "last_share", "outcome", "came", "illustrative",
)  # fmt: skip
REVISION_COLUMNS = ("unit", "period", "indicator", "level", "first", "latest", "revision", "percent")


def known_then(
    plan: Plan, returns: Any, year: int, ledger: Ledger | None = None, known_by: str = ""
) -> dict[str, pd.DataFrame]:
    """The returns as they stood on each deadline of a year that has come by `known_by`, by cut-off code.

    `returns` as in `load_observations`; `ledger`: the workbooks among them, where they were read already.
    """
    from vetanalysis.loading import brought_tables, sent_tables

    if returns is None or isinstance(returns, pd.DataFrame):
        return {}
    within = cutoffs(year, plan.calendar)[:-1]
    days = {cutoff.code: deadline(cutoff, plan.calendar).isoformat() for cutoff in within}
    brought = brought_tables(plan, returns)  # with all their vintages, whatever the day
    found = {}
    for code, day in days.items():
        if known_by and day > known_by:
            continue
        then = ledger.known_on(day) if ledger is not None and ledger.readings else None
        found[code] = only_known_by(combine([*sent_tables(plan, returns, day, then), *brought]), day)
    return found


def in_year(
    plan: Plan,
    obs: pd.DataFrame,
    target: Target,
    *,
    known: Mapping[str, pd.DataFrame] | None = None,
    seed: int = SEED,
) -> pd.DataFrame:
    """One row per year, cut-off and unit (the place first), in `COLUMNS`; people and probabilities (shares).

    `plan` is the target itself for its own year, for past ones what was asked then or the sum of the quotas.
    `known`: see `known_then`, of the target's year. `last_share`: the total by last year's share of the same cut-off,
    NaN where there is none. `outcome`, `came`: NaN and None while the year has no complete total. A target due within
    the year is scored on its own period, from the cut-offs before it, for the place alone.
    """
    asked: list[tuple[Target, pd.Series, Cutoff]] = []
    due = parse_cutoff(target.period)
    last = due.year
    counts = flow_of(plan, obs, target, Cutoff(last, "FY"), plan.place.code)
    for year in sorted({int(y) for y in counts.counts.index.get_level_values("year")}):
        aim = _aim(plan, target, counts, year)
        if year > last or aim is None:
            continue
        end = Cutoff(year, "FY")
        whole = flow_of(*on_units_of(plan, up_to(obs, end), end), aim, end, plan.place.code)
        outcomes = whole.as_reported.current()[plan.calendar.steps_at(due)]
        before = [one for one in cutoffs(year, plan.calendar) if one < Cutoff(year, due.code)]
        asked += [(aim, outcomes, cutoff) for cutoff in before]
    rows: list[dict[str, Any]] = []
    for aim, outcomes, cutoff in watched(asked, len(asked)):
        then = (known or {}).get(cutoff.code) if cutoff.year == last else None
        for basis, figures in ((AS_KNOWN, then), (REPLAYED, obs)):
            seen = None if figures is None else on_units_of(plan, up_to(figures, cutoff), cutoff)
            said = [] if seen is None else _said(*seen, aim, cutoff, seed)
            for row in said:
                unit = row["unit"]
                total = outcomes.sum(min_count=len(outcomes))
                outcome = total if unit == plan.place.code else outcomes.get(unit, np.nan)  # gone by its end
                rows.append({**row, "basis": basis, "outcome": outcome})
            if said:
                break
    table = pd.DataFrame(rows).reindex(columns=list(COLUMNS))
    known_end = table["outcome"].notna() & table["probability"].notna()
    reached = (
        table["outcome"] >= table["plan"] if target.operator == ">=" else table["outcome"] <= table["plan"]
    )
    return table.assign(came=reached.astype(object).where(known_end, None))


def _aim(plan: Plan, target: Target, flow: Flow, year: int) -> Target | None:
    """The target as it stood in a year; None where nothing was asked.

    Itself, the same target for that year, of this plan or of one it follows, or the sum of the quotas of that period.
    """
    due = parse_cutoff(target.period)
    if year == due.year:
        return target
    then = target.model_copy(update={"period": str(Cutoff(year, due.code))})
    same = ("indicator", "operator", "counts", "levels", "period")
    for one in (one for each in (plan, *plan.before) for one in each.targets):
        if all(getattr(one, name) == getattr(then, name) for name in same):
            return then.model_copy(update={"value": one.value})
    total = float(flow.plans_together().get(year, 0.0))
    if not target.of_whole_year:
        total = quota_until(plan, then, plan.place.code) or 0.0
    return then.model_copy(update={"value": total}) if total > 0 else None


def _said(plan: Plan, seen: pd.DataFrame, target: Target, cutoff: Cutoff, seed: int) -> list[dict[str, Any]]:
    """The place's statement and each unit's against its quota; nothing where no unit has a figure of the very cut-off.

    `seen`: the figures of periods up to it.
    """
    place = plan.place.code
    shared = place_flow(plan, seen, target, cutoff, seed)
    flow = shared.counted.flow(place)
    if not flow.current()[flow.step].notna().any():
        return []
    one = assess_people(plan, seen, target, cutoff, place, seed, shared)
    common = {
        "target": target.id,
        "year": cutoff.year,
        "cutoff": cutoff.code,
        "illustrative": flow.illustrative,
    }
    shares = _last_share(flow)
    first = {
        **common,
        "unit": place,
        "plan": float(target.value),
        "counted": _number(one.so_far),
        "median": _number(one.median),
        "lower_80": _number(one.lower_80),
        "upper_80": _number(one.upper_80),
        "probability": _number(one.probability),
        "status": one.status,
        "last_share": one.cross_checks.get("last_share", np.nan),
    }
    year = one.year_of_people
    if year is None:
        return [first]
    units = [
        {
            **common,
            "unit": unit,
            **{
                name: float(row[name])
                for name in ("plan", "counted", "median", "lower_80", "upper_80", "probability")
            },
            "status": status_of(float(row["probability"])),
            "last_share": float(shares.get(unit, np.nan)),
        }
        for unit, row in year.units.iterrows()
    ]
    return [first, *units]


def _last_share(flow: Flow) -> pd.Series:
    """By unit: the count so far over the share that last year's same cut-off was of its total."""
    past = flow.past()
    now = flow.current()[flow.step]
    if past.empty or flow.year - 1 not in past.index.get_level_values("year"):
        return pd.Series(np.nan, index=now.index)
    before = past.xs(flow.year - 1, level="year").reindex(now.index)
    share = before[flow.step] / before[flow.steps]
    return now / share.where(share > 0)


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def revisions(ledger: Ledger | None, indicators: Collection[str]) -> pd.DataFrame:
    """Figures in a ledger that a later return corrected, in `REVISION_COLUMNS`; `percent` of the first figure.

    First against latest readable version of each unit and period. `.attrs`: `figures` (unit, period and level with a
    figure), `revised`, `mean_percent` and `mean_absolute_percent` over all of them, the unrevised counting as 0; `up`
    and `down` (figures corrected to more and to less) and `sign_p` (`rolling.sign_test` of the two).
    """
    if ledger is None:
        return _revised([], 0)
    mine = ledger.observations
    mine = _whole(mine[mine["indicator"].isin(indicators) & mine["value"].notna()])
    several = [key for key, count in ledger.versions.groupby(["unit", "period"]).size().items() if count > 1]
    rows = []
    for unit, period in several:
        numbers = [version.number for version in ledger.of(unit, period) if version.reading.count]
        if len(numbers) < 2:
            continue
        changes = ledger.changes(unit, period, numbers[0], numbers[-1])
        for change in _whole(changes[changes["indicator"].isin(indicators)]).itertuples():
            if np.isfinite(change.before) and np.isfinite(change.after):
                step = change.after - change.before
                percent = 100 * step / change.before if change.before else np.nan
                rows.append(
                    (unit, period, change.indicator, change.level, change.before, change.after, step, percent)
                )
    return _revised(rows, len(mine))


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Cumulative figures by level, without any other breakdown."""
    return rows[are_totals(rows, but=("level",)) & (rows["basis"] == "cumulative")]


def _revised(rows: list[tuple], figures: int) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(REVISION_COLUMNS))
    change = frame["percent"].astype(float).dropna()
    steps = frame["revision"].astype(float)
    up, down = int((steps > 0).sum()), int((steps < 0).sum())
    frame.attrs = {
        "figures": figures,
        "revised": len(frame),
        "mean_percent": float(change.sum() / figures) if figures else np.nan,
        "mean_absolute_percent": float(change.abs().sum() / figures) if figures else np.nan,
        "up": up,
        "down": down,
        "sign_p": sign_test(up, down),
    }
    return frame
