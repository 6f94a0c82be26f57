"""A return as the ledger keeps it: read once, checked alone, small enough to hold thousands and to store.

`Reading` holds plain lists and texts instead of frames, so that it can be stored as JSON and thousands of them
become one frame in a single step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.errors import DataRefused, Finding
from vetanalysis.observations.checks import BREAKDOWNS, COLUMNS
from vetanalysis.returns.received import Received

if TYPE_CHECKING:
    from vetanalysis.plan import Plan
    from vetanalysis.returns.reader import ReturnFile


@dataclass(frozen=True)
class Reading:
    """One file read and checked alone.

    `unit` and `period` are what its name and folder say, else what the file says; "" where nobody does. `columns`
    are its figures in the columns of the observations (`vintage` as the file states it). `findings` are those of
    reading and of the rules that need only this file.
    """

    file: str
    sha256: str
    unit: str
    period: str
    received: str
    columns: Mapping[str, list[Any]]
    missing: tuple[tuple[str, ...], ...]
    explanations: tuple[Mapping[str, str], ...]
    contacts: Mapping[str, str]
    commune_quotas: tuple[Mapping[str, Any], ...]
    documents: tuple[Mapping[str, str], ...]
    findings: tuple[Finding, ...]
    unknown_columns: tuple[str, ...] = ()
    unknown_names: tuple[str, ...] = ()
    illustrative: bool = False

    @property
    def count(self) -> int:
        """How many figures it holds."""
        return len(self.columns["value"])

    @property
    def errors(self) -> int:
        """How many of its findings are errors; any refuses the file."""
        return sum(one.severity == "error" for one in self.findings)


MISSING_KEYS = ("unit", "period", "indicator", *BREAKDOWNS)


def reading_of(found: Received, plan: Plan, without: Collection[str] = ()) -> Reading:
    """Open, read and check one file; never raises for what is wrong with it."""
    from vetanalysis.returns.checks import check_file
    from vetanalysis.returns.reader import read_return

    mapping, problems = _mapping(found, plan)
    read = read_return(found.path, plan, mapping)
    own = [*problems, *read.findings, *check_file(found, read, plan)]
    kept = tuple(_placed(one, found) for one in own if one.rule not in without)
    return _reading(found, read, kept)


def _mapping(found: Received, plan: Plan) -> tuple[Any, list[Finding]]:
    """The mapping file for this unit, `<unit>.yaml` beside the file or one folder up; wrong ones are findings."""
    from vetanalysis.returns.mapping import load_mapping

    for folder in (found.path.parent, found.path.parent.parent):
        path = folder / f"{found.unit}.yaml"
        if found.unit and path.is_file():
            try:
                return load_mapping(path, plan), []
            except DataRefused as error:
                return None, list(error.findings)
    return None, []


def _placed(one: Finding, found: Received) -> Finding:
    """The finding with the file as the ledger names it: its path below the folder."""
    return replace(one, file=found.file) if one.file == found.path.name else one


def _reading(found: Received, read: ReturnFile, findings: tuple[Finding, ...]) -> Reading:
    from vetanalysis.returns.checks import cumulative

    frame = read.observations
    folder = found.file.rpartition("/")[0]
    sources = frame["source"].tolist()
    if folder:
        sources = [f"{folder}/{one}" if one.startswith(found.path.name) else one for one in sources]
    columns = {name: frame[name].tolist() for name in COLUMNS} | {"source": sources}
    return Reading(
        file=found.file,
        sha256=read.sha256,
        unit=found.unit or read.unit or "",
        period=found.period or cumulative(read.period or ""),
        received=found.day,
        columns=columns,
        missing=tuple(zip(*(read.missing[name].tolist() for name in MISSING_KEYS), strict=True)),
        explanations=_records(read.explanations),
        contacts=dict(read.contacts),
        commune_quotas=_records(read.commune_quotas),
        documents=_records(read.documents),
        findings=findings,
        unknown_columns=tuple(read.unknown_columns),
        unknown_names=tuple(read.unknown_names),
        illustrative=bool(read.illustrative),
    )


def _records(frame: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    return tuple(frame.to_dict("records")) if len(frame) else ()
