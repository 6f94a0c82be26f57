"""Sentences about the returns: who has reported and when, how much of the plan that is, what was found, whom to ask.

The facts come from `vetanalysis.narrative.scope`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vetanalysis.blocks import Said, Text
from vetanalysis.language.filters import known
from vetanalysis.narrative.scope import Arrivals

NAMES_SHOWN = 5

Name = Text | str


def arrived(one: Arrivals) -> Said:
    """How many returns came, in time or late and by how much; a single unit is called by its name."""
    if one.due == 1:
        told = _single(one)
    elif not one.received:
        told = _none(one)
    else:
        case = "all" if one.received == one.due else "some"
        told = Said(f"reporting.arrived.{case}", how=_in_time(one))
    told = told.given(
        period=one.period, due=one.due, received=one.received, on_time=one.on_time, late=one.late
    )
    seen = Said("reporting.seen", until=one.until, told=told, **told.facts) if one.until else told
    return Said(seen.key, id=f"returns.{one.period}.arrived", **seen.facts)


def outstanding(one: Arrivals) -> Said | None:
    """The units whose return is missing or was sent back; None when all is there, or with a single unit."""
    if one.due <= 1 or not one.received or not (one.missing or one.refused):
        return None
    told = tuple(
        Said(f"reporting.outstanding.{why}", units=some(names))
        for why, names in (("missing", one.missing), ("refused", one.refused))
        if names
    )
    return Said(
        "reporting.outstanding", id=f"returns.{one.period}.outstanding", period=one.period, told=told,
        missing=len(one.missing), refused=len(one.refused),
    )  # fmt: skip


def covered(row: Mapping[str, float]) -> Said | None:
    """The part of the quotas that has reported (a row of the ledger's coverage); None without quotas or reports."""
    due, told = row["quota_due"], row["quota_reported"]
    if not known(due) or not due or not told:
        return None
    key = "reporting.covered.all" if round(told) == round(due) else "reporting.covered"
    name = f"returns.{row['period']}.covered"
    return Said(key, id=name, quota_due=due, quota_reported=told, share=row["quota_percent"])


def found(errors: int, warnings: int, notes: int, settled: int, elsewhere: int) -> Said:
    """What the checks found and is still open, what a later file settled, what lies in other years' files."""
    if errors or warnings:
        counts = {"error": errors, "warning": warnings, "note": notes}
        counted = tuple(
            Said(f"reporting.found.{kind}", count=count) for kind, count in counts.items() if count
        )
        told = [Said("reporting.found.to_look_at", counted=counted)]
    elif notes:
        told = [Said("reporting.found.notes_only", notes=notes)]
    else:
        told = [Said("reporting.found.nothing")]
    if settled:
        told.append(Said("reporting.found.settled", count=settled))
    if elsewhere:
        told.append(Said("reporting.found.elsewhere", count=elsewhere))
    return Said(
        "reporting.found", id="returns.found", told=tuple(told), errors=errors, warnings=warnings, notes=notes,
        settled=settled,
    )  # fmt: skip


def to_phone(units: Sequence[Name]) -> Said:
    """How many units must be phoned, and which."""
    if not units:
        return Said("reporting.phone.nobody", id="returns.phone", units=0)
    return Said("reporting.phone", id="returns.phone", units=len(units), names=some(units))


def corrected(unit: Name, period: str, files: int, changed: int) -> Said:
    """A unit sent more than one file for a period: how many figures differ between the last two."""
    key = "reporting.corrected" if changed else "reporting.corrected.nothing"
    name = f"returns.{period}.corrected"
    return Said(key, id=name, unit=unit, period=period, files=files, changed=changed)


def nothing_sent_again() -> Said:
    """No unit sent a period more than once."""
    return Said("reporting.corrected.nobody", id="returns.corrected.none")


def no_returns(left_out: bool = False) -> Said:
    """There are no returns to speak of: none were ever received for the plan, or they were left out on request."""
    return Said("reporting.no_returns.left_out" if left_out else "reporting.no_returns", id="returns.none")


def nothing_due(period: str) -> Said:
    """No unit has to report at this cut-off."""
    key = "reporting.nothing_due.start" if period.endswith("start") else "reporting.nothing_due"
    return Said(key, id=f"returns.{period}.nothing_due", period=period)


def some(names: Sequence[Name]) -> Said:
    """Names in a list, the first few when there are many: "a, b và 12 đơn vị khác"; one more is named, not counted."""
    shown = NAMES_SHOWN if len(names) > NAMES_SHOWN + 1 else len(names)
    return Said("reporting.names", units=tuple(names), shown=shown)


def days_late(days: int) -> Said:
    """ "11 ngày", "1 day", "11 days"."""
    return Said("reporting.days", days=days)


def _single(one: Arrivals) -> Said:
    if one.late:
        return Said("reporting.single.late", unit=one.names[0], days=one.late[0][1])
    if one.on_time or one.undated:
        return Said(f"reporting.single.{'on_time' if one.on_time else 'undated'}", unit=one.names[0])
    case = "refused" if one.refused else "not_due" if one.not_due else "missing"
    deadline = max(one.deadlines) if one.deadlines else None
    return Said(f"reporting.single.{case}", unit=one.names[0], deadline=deadline)


def _none(one: Arrivals) -> Said:
    if len(one.not_due) == one.due:
        return Said("reporting.arrived.none.not_due")
    if one.refused:
        return Said("reporting.arrived.none.refused", refused=len(one.refused))
    return Said("reporting.arrived.none")


def _in_time(one: Arrivals) -> Said:
    if one.on_time == one.received:
        return Said("reporting.in_time")
    parts = [Said("reporting.on_time", count=one.on_time)] if one.on_time else []
    if one.late:
        unit, days = max(one.late, key=lambda late: late[1])
        key = "reporting.late_one" if len(one.late) == 1 else "reporting.late"
        parts.append(Said(key, count=len(one.late), unit=unit, days=days))
    if one.undated:
        parts.append(Said("reporting.undated", count=one.undated))
    return Said("reporting.in_parts", parts=tuple(parts))
