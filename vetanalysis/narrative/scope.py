"""Which returns a question is about: those of the study's unit and the units under it, up to its cut-off.

Everything here selects from the ledger of returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Text, same
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
    periods = ["", *(str(one) for one in periods_of(study.as_of))]
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
    now = frame["period"].isin(["", *(str(one) for one in periods_of(study.as_of))])
    return {
        "errors": here["error"],
        "warnings": here["warning"],
        "notes": here["info"],
        "settled": int((now & frame["settled"]).sum()),
        "elsewhere": int((~now & ~frame["settled"] & (frame["severity"] != "info")).sum()),
    }
