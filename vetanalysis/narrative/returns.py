"""Returns in words: who has reported and when, how much of the plan that is, what was found, whom to ask.

`Arrivals` holds how the returns came in. What is selected from the ledger is that of the study's unit and the
units under it, up to the study's cut-off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Said, Text, same
from vetanalysis.figures.heatmaps import returns_parts, returns_shown, standing_out, tally
from vetanalysis.language.filters import UNITS_NAMED, known
from vetanalysis.periods import Cutoff
from vetanalysis.returns.lists import illustrative_plan, quota_of
from vetanalysis.returns.matrix import REPORTED, periods_of, whole

if TYPE_CHECKING:
    from vetanalysis.returns.ledger import Ledger
    from vetanalysis.study import Study


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How the returns of one period came in.

    `names`: what every unit that must report is called. `on_time`: how many came by their deadline; `late`:
    (unit, days after its deadline); `undated`: how many came on an unknown day. `missing`, `refused` and `not_due`:
    the units without a usable return, by reason. `deadlines`: the ISO days on which returns were due; `until`:
    the ISO day on which this is seen, "" for everything that came.
    """

    period: str
    names: tuple[Text | str, ...]
    on_time: int = 0
    late: tuple[tuple[Text | str, int], ...] = ()
    undated: int = 0
    missing: tuple[Text | str, ...] = ()
    refused: tuple[Text | str, ...] = ()
    not_due: tuple[Text | str, ...] = ()
    deadlines: tuple[str, ...] = ()
    until: str = ""

    @property
    def due(self) -> int:
        """How many units must report."""
        return len(self.names)

    @property
    def received(self) -> int:
        """How many usable returns came."""
        return self.on_time + len(self.late) + self.undated


def in_scope(study: Study, codes: pd.Series) -> pd.Series:
    """Which codes belong to the study's unit: every code for the place itself, else the unit and those under it."""
    if study.unit.code == study.plan.place.code:
        return codes.notna()
    units = study.plan.units
    known, grown = {study.unit.code}, True
    while grown:
        under = known | set(units.loc[units["parent"].isin(known), "code"])
        known, grown = under, len(under) > len(known)
    return codes.isin(known)


def name_of(study: Study, code: str) -> Text:
    """What a unit is called in a sentence or cell: its short name, in English its English one; unknown codes as is."""
    return study.plan.unit(code).short if study.plan.units["code"].eq(code).any() else same(code)


def matrix(study: Study, ledger: Ledger) -> pd.DataFrame:
    """The ledger's matrix up to the study's cut-off, the units in scope only."""
    frame = ledger.matrix(study.as_of)
    return frame[in_scope(study, frame["unit"])]


def arrivals(study: Study, ledger: Ledger, period: Cutoff | None = None) -> Arrivals:
    """How the returns of a period (the study's own) came in."""
    code = str(period or study.as_of)
    rows = matrix(study, ledger)
    rows = rows[rows["period"] == code]
    names = [name_of(study, unit) for unit in rows["unit"]]
    came = rows["state"].isin(REPORTED)
    late = [
        (name, whole(days))
        for name, days, here in zip(names, rows["days_late"], came, strict=True)
        if here and whole(days)
    ]
    undated = int((came & rows["days_late"].isna()).sum())

    def of(state: str) -> tuple[Text, ...]:
        return tuple(name for name, one in zip(names, rows["state"], strict=True) if one == state)

    return Arrivals(
        period=code,
        names=tuple(names),
        on_time=int(came.sum()) - len(late) - undated,
        late=tuple(late),
        undated=undated,
        missing=of("missing"),
        refused=of("refused"),
        not_due=of("not_due"),
        deadlines=tuple(sorted(set(rows["deadline"]))),
        until=ledger.known_by,
    )


def invented(study: Study, ledger: Ledger) -> bool:
    """Whether what is shown rests on invented returns."""
    return illustrative_plan(study.plan) or any(one.reading.illustrative for one in ledger.all_versions)


def coverage(study: Study, ledger: Ledger) -> list[dict]:
    """The ledger's coverage; for a unit with those under it, counted over them."""
    if study.unit.code == study.plan.place.code:
        return ledger.coverage(study.as_of).to_dict("records")
    frame, year = matrix(study, ledger), study.as_of.year
    found = []
    for period, rows in frame.groupby("period", sort=False):
        done = rows[rows["state"].isin(REPORTED)]
        due, told = (
            sum(quota_of(study.plan, unit, year) or 0.0 for unit in one["unit"]) for one in (rows, done)
        )
        found.append(
            {
                "period": period, "units_due": len(rows), "units_reported": len(done),
                "units_percent": 100 * len(done) / len(rows), "quota_due": due, "quota_reported": told,
                "quota_percent": 100 * told / due if due else float("nan"),
            }
        )  # fmt: skip
    return found


def _found_in_scope(study: Study, ledger: Ledger) -> pd.DataFrame:
    return ledger.findings[in_scope(study, ledger.findings["unit"])]


def open_findings(study: Study, ledger: Ledger) -> list[dict]:
    """Findings of the year up to the cut-off, and of files of no period, that no later file settled."""
    frame = _found_in_scope(study, ledger)
    periods = ["", *(str(one) for one in periods_of(study.plan, study.as_of))]
    return frame[frame["period"].isin(periods) & ~frame["settled"]].to_dict("records")


def chase(study: Study, ledger: Ledger) -> pd.DataFrame:
    """The ledger's phone list up to the study's cut-off, the units in scope only."""
    frame = ledger.chase(study.as_of)
    return frame[in_scope(study, frame["unit"])]


def questions(study: Study, ledger: Ledger) -> Counter[tuple[str, str]]:
    """Warnings to ask about, by unit and period, of files that count."""
    ones = (
        one
        for one in open_findings(study, ledger)
        if one["severity"] == "warning" and one["state"] == "valid"
    )
    return Counter((one["unit"], one["period"]) for one in ones)


def sent_again(study: Study, ledger: Ledger) -> Iterable[tuple[str, str, int, pd.DataFrame]]:
    """Unit, period, number of files and the table of changes, where a unit sent a period more than once."""
    frame = matrix(study, ledger)
    for row in frame[frame["versions"] > 1].itertuples(index=False):
        yield row.unit, row.period, row.versions, ledger.changes(row.unit, row.period)


def written(study: Study, ledger: Ledger, kinds: Iterable[str]) -> pd.DataFrame:
    """What the units wrote in their returns of the cut-off."""
    frame = ledger.explanations
    mine = in_scope(study, frame["unit"]) & (frame["period"] == str(study.as_of))
    return frame[mine & frame["kind"].isin(list(kinds))]


def count_findings(study: Study, ledger: Ledger) -> dict[str, int]:
    """Findings of the year so far: open ones by severity, settled ones; open ones `elsewhere`, without notes."""
    frame = _found_in_scope(study, ledger)
    here = Counter(one["severity"] for one in open_findings(study, ledger))
    now = frame["period"].isin(["", *(str(one) for one in periods_of(study.plan, study.as_of))])
    return {
        "errors": here["error"],
        "warnings": here["warning"],
        "notes": here["info"],
        "settled": int((now & frame["settled"]).sum()),
        "elsewhere": int((~now & ~frame["settled"] & (frame["severity"] != "info")).sum()),
    }


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


def all_returns(study: Study, rows: pd.DataFrame) -> list[Said]:
    """How every return of the year stands (`rows` of the matrix), who stands out, how many units are not drawn."""
    out, (_, left) = standing_out(rows), returns_shown(rows)
    counts, units = tally(rows), rows["unit"].nunique()
    told = Said(
        "reporting.heatmap", id="returns.all", parts=returns_parts(counts), units=units, as_of=str(study.as_of),
        out=tuple(name_of(study, unit) for unit in out), **counts,
    )  # fmt: skip
    if not left:
        return [told]
    others = tally(rows[rows["unit"].isin(left)])
    on_time = others["on_time"] == others["due"] and not others["not_due"]
    return [told, Said("reporting.heatmap.left", id="returns.not_drawn", left=len(left), on_time_all=on_time)]


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
    most = UNITS_NAMED["list"]
    shown = most if len(names) > most + 1 else len(names)
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


def _in_time(one: Arrivals) -> Said | str:
    if one.undated == one.received:
        return ""
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
