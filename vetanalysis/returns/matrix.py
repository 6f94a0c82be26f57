"""Who has reported: the matrix of units and periods, whom to phone, the share of the plan reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.periods import Cutoff, cutoffs, deadline, parse_day
from vetanalysis.plan import Plan
from vetanalysis.returns.lists import by_unit, quota_of, reporting_units
from vetanalysis.returns.readings import REFUSED, Version, table_of

if TYPE_CHECKING:
    from vetanalysis.returns.ledger import Ledger

#: States of a unit and period, with the words a reader sees.
STATES = {
    state: Said(f"names.return_state.{state}")
    for state in ("on_time", "late", "corrected", "received", "refused", "missing", "not_due")
}
REPORTED = ("on_time", "late", "corrected", "received")
MATRIX_COLUMNS = (
    "unit", "name", "period", "state", "deadline", "first_received", "received", "days_late", "versions", "file",
    "newer_refused", "errors",
)  # fmt: skip
CHASE_COLUMNS = (
    "unit", "name", "kind", "period", "need", "deadline", "days_late", "contact", "phone", "errors", "file",
)  # fmt: skip
COVERAGE_COLUMNS = (
    "period", "units_due", "units_reported", "units_percent", "quota_due", "quota_reported", "quota_percent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """How one unit stands for one period. `days_late`: after the deadline, 0 on time, None where no day tells."""

    unit: str
    period: Cutoff
    state: str
    due: date
    first: str = ""
    counted: Version | None = None
    days_late: int | None = None
    versions: int = 0
    newer_refused: str = ""
    errors: int = 0


def periods_of(plan: Plan, as_of: Cutoff) -> tuple[Cutoff, ...]:
    """The reporting periods of the year up to `as_of`."""
    return tuple(one for one in cutoffs(as_of.year, plan.calendar) if one <= as_of)


def standings(
    plan: Plan, versions: Sequence[Version], as_of: Cutoff, known_by: str, asked: Collection[str] | None
) -> list[Standing]:
    """Every unit that must report for every period of the year up to `as_of`, in the plan's order of units.

    `versions`: every file that came; `known_by`: the ISO day on which this is seen, "" for everything that came.
    `asked`: of which of these units figures are asked for; None for all.
    """
    by_sender: dict[tuple[str, str], list[Version]] = {}
    for one in versions:
        by_sender.setdefault((one.reading.unit, one.reading.period), []).append(one)
    found = []
    for period in periods_of(plan, as_of):
        for unit in reporting_units(plan, period):
            if asked is not None and unit not in asked:
                continue
            due = deadline(period, plan.calendar, by_unit(plan, "kind")[unit])
            found.append(_standing(unit, period, due, by_sender.get((unit, str(period)), []), known_by))
    return found


def _standing(unit: str, period: Cutoff, due: date, versions: list[Version], known_by: str) -> Standing:
    good = [one for one in versions if one.state != REFUSED]
    counted = next((one for one in good if one.counts), None)
    first = next((one.reading.received for one in good or versions), "")
    day = parse_day(first if good else known_by)
    late = None if day is None else max((day - due).days, 0)
    if not good:
        state = "refused" if versions else "not_due" if day and day <= due else "missing"
    elif counted is not good[0]:
        state = "corrected"
    else:
        state = "received" if late is None else "late" if late else "on_time"
    newer = [one for one in versions if one.state == REFUSED and (not counted or one.number > counted.number)]
    newest = newer[-1] if newer else None
    return Standing(
        unit, period, state, due, first, counted, late, len(versions), newest.reading.file if newest else "",
        newest.errors if newest else 0,
    )  # fmt: skip


def matrix(plan: Plan, every: Sequence[Standing]) -> pd.DataFrame:
    """One row per unit that must report and period of the year up to `as_of` (`MATRIX_COLUMNS`).

    `state`: on_time, late, corrected (a later valid file replaced the first), received (no day in the name), refused
    (files came, none is valid), missing, not_due. `days_late` counts from the deadline to the first valid
    file, for missing and refused ones to `known_by` (blank without one). `newer_refused`: a file with errors that
    came after the one that counts, or the last refused one. Days are ISO text, "" where there is none.
    """
    names = by_unit(plan, "name")
    rows = [
        (
            one.unit, names[one.unit], str(one.period), one.state, one.due.isoformat(), one.first,
            one.counted.reading.received if one.counted else "", one.days_late, one.versions,
            one.counted.reading.file if one.counted else "", one.newer_refused, one.errors,
        )
        for one in every
    ]  # fmt: skip
    return table_of(rows, MATRIX_COLUMNS, days_late="Int64", versions="int64", errors="int64")


def is_silent(ledger: Ledger | None, cutoff: Cutoff, place: str) -> bool:
    """Whether units other than the place must report for a cut-off and none has, though other returns came."""
    if ledger is None or ledger.observations.empty:
        return False
    matrix = ledger.matrix(cutoff)
    return nobody_reported(matrix[(matrix["period"] == str(cutoff)) & (matrix["unit"] != place)])


def nobody_reported(matrix: pd.DataFrame) -> bool:
    """Whether units must report for the periods of a matrix and none has."""
    return len(matrix) > 0 and not matrix["state"].isin(REPORTED).any()


def chase(plan: Plan, every: Sequence[Standing], versions: Sequence[Version]) -> pd.DataFrame:
    """Whom to phone (`CHASE_COLUMNS`), longest overdue period first.

    `need`: missing (nothing came), refused (what came holds errors), correction (a valid file counts, but a later
    one was refused). `contact` and `phone` come from the unit's latest file that gives them.
    """
    rows = []
    names, kinds = by_unit(plan, "name"), by_unit(plan, "kind")
    for one in every:
        need = one.state if one.state in ("missing", "refused") else "correction" if one.newer_refused else ""
        if not need:
            continue
        contact = contact_of(versions, one.unit)
        rows.append(
            (
                one.unit, names[one.unit], kinds[one.unit], str(one.period), need, one.due.isoformat(),
                one.days_late if need != "correction" else None, contact.get("name", ""), contact.get("phone", ""),
                one.errors, one.newer_refused,
            )
        )  # fmt: skip
    return table_of(rows, CHASE_COLUMNS, days_late="Int64", errors="int64")


def contact_of(versions: Sequence[Version], unit: str) -> dict[str, str]:
    """Name and phone of the person to call, from the unit's latest file that gives them; empty without one."""
    ones = [one.reading for one in versions if one.reading.unit == unit and one.reading.contacts]
    return dict(max(ones, key=lambda one: (one.received, one.file)).contacts) if ones else {}


def coverage(plan: Plan, every: Sequence[Standing], as_of: Cutoff) -> pd.DataFrame:
    """Per period of the year up to `as_of`: units due and reported, and the part of their quotas behind them.

    Percentages are 0 to 100; those of quotas are blank where the plan gives no quotas. A unit without a quota of its
    own (an institution under a district) counts among the units, not among the quotas.
    """
    rows = []
    for period in periods_of(plan, as_of):
        ones = [one for one in every if one.period == period]
        done = [one for one in ones if one.state in REPORTED]
        due, told = (_quota_sum(plan, group, period.year) for group in (ones, done))
        units = len(ones), len(done), _percent(len(done), len(ones))
        rows.append((str(period), *units, due, told, _percent(told, due)))
    counts = dict.fromkeys(("units_due", "units_reported"), "int64")
    shares = dict.fromkeys(("units_percent", "quota_due", "quota_reported", "quota_percent"), "float64")
    return table_of(rows, COVERAGE_COLUMNS, **counts, **shares)


def whole(days: object) -> int:
    """A number of days of the tables here as an int; blank is 0."""
    return 0 if days is None or days is pd.NA or days != days else int(days)  # type: ignore[call-overload]


def _quota_sum(plan: Plan, ones: list[Standing], year: int) -> float:
    return sum(quota_of(plan, one.unit, year) or 0.0 for one in ones)


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else float("nan")
