"""A return that was read, which one of a unit counts, and what changed from one to the next.

`Reading` holds plain lists and texts instead of frames, so that it can be stored as JSON and thousands of
them become one frame in a single step. The latest valid file of each unit and period counts; earlier ones
stay, refused ones replace nothing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.observations.checks import BREAKDOWNS, COLUMNS
from vetanalysis.observations.table import DTYPES
from vetanalysis.paths import sender_and_day
from vetanalysis.returns.findings import day_words, finding_of
from vetanalysis.returns.key import Key

MISSING_COLUMNS = ("unit", "period", "indicator", *BREAKDOWNS, "measure", "basis", "source", "mark")
VALID, REFUSED, SUPERSEDED = "valid", "refused", "superseded"
VERSION_COLUMNS = (
    "unit", "period", "version", "received", "file", "sha256", "state", "figures", "findings", "errors", "illustrative",
)  # fmt: skip
KEY = ("unit", "period", "indicator", *BREAKDOWNS, "measure", "basis")
CHANGE_COLUMNS = (*KEY, "before", "after", "difference", "change", "source")


class Figure(NamedTuple):
    """One figure of a return: which (unit and period with it), how much, and where it stands (file!sheet!cell)."""

    key: Key
    value: float
    source: str

    @property
    def quantity(self) -> Key:
        """What it is a figure of, in whatever measure."""
        return self.key._replace(measure="", basis="")


@dataclass(frozen=True)
class Reading:
    """One file as read, and in the ledger as checked alone.

    `unit` and `period` (a cut-off such as "2023-9M"): what the file says, in the ledger what its name and folder say
    first; "" where nobody does. `received`: the ISO day in its name, known to the ledger only. `window`: first and
    last ISO day counted, None where the file does not say; `basis` is what it declares.

    `columns`: its figures in the columns of the observations, a sequence each (`vintage` as the file states it).
    `missing`: figures asked for and not given (`MISSING_COLUMNS`), with the mark that stood there. `explanations`:
    unit, period, ref, kind (difficulties, causes, proposals, progress), text, source. `contacts`: name and phone of the
    person to call, the only personal data kept. `commune_quotas`: unit, commune, period, value, source. `documents`:
    unit, type, number, date, title, source. `findings`: of reading, in the ledger also of the rules that need only this
    file.
    """

    file: str
    sha256: str
    unit: str = ""
    period: str = ""
    received: str = ""
    window: tuple[str, str] | None = None
    basis: str = ""
    columns: Mapping[str, Sequence[Any]] = field(default_factory=lambda: columns_of(()), repr=False)
    missing: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: dict.fromkeys(MISSING_COLUMNS, ()), repr=False
    )
    explanations: tuple[Mapping[str, str], ...] = ()
    contacts: Mapping[str, str] = field(default_factory=dict)
    commune_quotas: tuple[Mapping[str, Any], ...] = ()
    documents: tuple[Mapping[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    illustrative: bool = False
    own_form: bool = False

    @property
    def count(self) -> int:
        """How many figures it holds."""
        return len(self.columns["value"])

    @property
    def errors(self) -> int:
        """How many of its findings are errors."""
        return sum(one.severity == "error" for one in self.findings)

    @property
    def refused(self) -> bool:
        """Whether any finding is an error: its figures do not count."""
        return self.errors > 0

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures one by one."""
        figures = zip(_keys(self.columns), self.columns["value"], self.columns["source"], strict=True)
        return tuple(Figure(*one) for one in figures)

    def figure(self, at: int) -> Figure:
        """One of its figures, by its place in `columns`."""
        key = Key(*(self.columns[name][at] for name in _IN_KEY))
        return Figure(key, self.columns["value"][at], self.columns["source"][at])

    @cached_property
    def blank(self) -> dict[Key, str]:
        """Where what was asked and not given should stand, by its quantity."""
        asked = (key._replace(measure="", basis="") for key in _keys(self.missing))
        return dict(zip(asked, self.missing["source"], strict=True))

    def without(self, units: Collection[str]) -> Reading:
        """The return without the figures of some units, given or missing."""

        def kept(columns: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
            rows = [at for at, unit in enumerate(columns["unit"]) if unit not in units]
            return {name: [held[at] for at in rows] for name, held in columns.items()}

        return replace(self, columns=kept(self.columns), missing=kept(self.missing))

    @cached_property
    def observations(self) -> pd.DataFrame:
        """Its figures as a frame of observations."""
        return frame_of(self.columns)


_IN_KEY = Key._fields[:-2]  # a return states no base and no concept


def _keys(columns: Mapping[str, Sequence[Any]]) -> Iterator[Key]:
    return itertools.starmap(Key, zip(*(columns[name] for name in _IN_KEY), strict=True))


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Figures as lists by column of the observations; what a row does not say is ""."""
    columns: dict[str, list[Any]] = {name: [row.get(name, "") for row in rows] for name in COLUMNS}
    columns["value"] = [float(value) for value in columns["value"]]
    columns["illustrative"] = [bool(value) for value in columns["illustrative"]]
    columns["standard_error"] = [math.nan] * len(rows)  # a school's return holds no survey figures
    return columns


def missing_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Figures that were asked for and not given, as lists by column."""
    return {name: [str(row.get(name, "")) for row in rows] for name in MISSING_COLUMNS}


def frame_of(columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Lists by column as a frame of observations."""
    return pd.DataFrame({name: pd.Series(columns[name], dtype=DTYPES[name]) for name in COLUMNS})


@dataclass(frozen=True)
class Version:
    """One file in the order in which a unit sent files for a period. `findings`: of the file and of its day.

    `settled`: a later file counts, so that nothing needs to be done about this one any more. A file whose day is not
    known is never settled: it may be the later one.
    """

    reading: Reading
    number: int
    state: str
    findings: tuple[Finding, ...]
    settled: bool = False

    @property
    def counts(self) -> bool:
        """Whether its figures are the ones used."""
        return self.state == VALID

    @property
    def errors(self) -> int:
        """How many of its findings are errors."""
        return sum(one.severity == "error" for one in self.findings)


def judge(readings: Iterable[Reading], without: frozenset[str] = frozenset()) -> list[Version]:
    """Every file with its state, sorted by unit, period, day and name.

    A file without a day in its name stands before those with one, and what was found in it stays open. Two files of
    one day with different figures are both refused: nobody can say which came later. The same figures twice on one
    day: the first by name counts.
    """
    groups: dict[tuple[str, str], list[Reading]] = {}
    for one in readings:
        groups.setdefault(_sender(one), []).append(one)
    again = _same_bytes(groups) if "same-content" not in without else {}
    versions: list[Version] = []
    for key in sorted(groups):
        versions += _judged(sorted(groups[key], key=lambda one: (one.received, one.file)), again, without)
    return versions


def _sender(one: Reading) -> tuple[str, str]:
    """Unit and period; where a file names no unit, the first part of its name stands for the sender."""
    return one.unit or f"?{sender_and_day(one.file)[0]}", one.period


def _judged(group: list[Reading], again: dict[str, Finding], without: frozenset[str]) -> list[Version]:
    told: dict[str, list[Finding]] = {one.file: [*one.findings] for one in group}
    for one in group:
        if one.file in again:
            told[one.file].append(again[one.file])
    if "same-day" not in without:
        for finding in _same_day(group):
            told[finding.file].append(finding)
    good = [one for one in group if not any(finding.severity == "error" for finding in told[one.file])]
    last = _counted(good)
    states = {one.file: VALID if one is last else SUPERSEDED if one in good else REFUSED for one in group}
    until = group.index(last) if last is not None else 0
    return [
        Version(one, number, states[one.file], tuple(told[one.file]), bool(one.received) and number <= until)
        for number, one in enumerate(group, start=1)
    ]


def _counted(good: list[Reading]) -> Reading | None:
    """The first by name of the latest day: files that share it hold the same figures."""
    if not good:
        return None
    return next(one for one in good if one.received == good[-1].received)


def _same_day(group: list[Reading]) -> Iterable[Finding]:
    days: dict[str, list[Reading]] = {}
    for one in group:
        days.setdefault(one.received, []).append(one)
    for day, ones in days.items():
        alive = [one for one in ones if not one.errors]
        if len(alive) < 2:
            continue
        same = all(_content(one) == _content(alive[0]) for one in alive)
        for one in alive:
            others = tuple(other.file for other in alive if other is not one)
            what = Said("returns.same_day", day=day and day_words(day), same=same, others=others)
            yield finding_of("same-day", one.file, "", what, severity="warning" if same else "")


def _content(one: Reading) -> list[tuple[object, ...]]:
    names = [name for name in one.columns if name not in ("source", "vintage", "note")]
    return sorted(zip(*(map(str, one.columns[name]) for name in names), strict=True))


def _same_bytes(groups: dict[tuple[str, str], list[Reading]]) -> dict[str, Finding]:
    """A warning for each file whose bytes came already under another unit, period or day.

    A file without errors is the one that was meant, whichever came first: a file in the wrong folder or under the
    wrong name is told so, not the right one.
    """
    first: dict[str, Reading] = {}
    found: dict[str, Finding] = {}
    readings = [one for group in groups.values() for one in group]
    for one in sorted(readings, key=lambda reading: (reading.errors > 0, reading.received, reading.file)):
        before = first.setdefault(one.sha256, one) if one.sha256 else one
        if before is not one:
            what = Said("returns.same_content", other=before.file)
            found[one.file] = finding_of("same-content", one.file, "", what)
    return found


def versions_frame(versions: Sequence[Version]) -> pd.DataFrame:
    """The versions as a table (`VERSION_COLUMNS`): counts are numbers, everything else text."""
    rows = [
        (
            one.reading.unit, one.reading.period, one.number, one.reading.received, one.reading.file,
            one.reading.sha256, one.state, one.reading.count, len(one.findings),
            one.errors, one.reading.illustrative,
        )
        for one in versions
    ]  # fmt: skip
    numbers = dict.fromkeys(("version", "figures", "findings", "errors"), "int64")
    return table_of(rows, VERSION_COLUMNS, illustrative="bool", **numbers)


def table_of(rows: Sequence[Sequence[object]], columns: Sequence[str], **types: str) -> pd.DataFrame:
    """Rows as a table of texts, but for the columns whose type is given."""
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({name: types.get(name, "str") for name in columns})


def changes_between(
    versions: Sequence[Version], before: int | None = None, after: int | None = None
) -> pd.DataFrame:
    """Figures that differ between two versions of one unit and period, see `Ledger.changes`."""
    by_number = {one.number: one for one in versions}
    readable = [one.number for one in versions if one.reading.count]
    if after is None:
        after = readable[-1] if readable else None
    if before is None:
        earlier = [number for number in readable if after is not None and number < after]
        before = earlier[-1] if earlier else None
    numbers = dict.fromkeys(("before", "after", "difference"), "float64")
    if before is None or after is None:
        return table_of([], CHANGE_COLUMNS, **numbers)
    for number in (before, after):
        if number not in by_number:
            known = ", ".join(map(str, by_number)) or "none"
            raise WrongCall(f"no version {number}; there are {known}")
    old, new = _figures(by_number[before]), _figures(by_number[after])
    rows = []
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if was is not None and now is not None and was[0] == now[0]:
            continue
        change = "added" if was is None else "removed" if now is None else "changed"
        first, second = (was or (float("nan"), ""))[0], (now or (float("nan"), ""))[0]
        rows.append((*key, first, second, second - first, change, (now or was or (0, ""))[1]))
    return table_of(rows, CHANGE_COLUMNS, **numbers)


def _figures(version: Version) -> dict[tuple[str, ...], tuple[float, str]]:
    columns = version.reading.columns
    keys = zip(*(columns[name] for name in KEY), strict=True)
    return dict(zip(keys, zip(columns["value"], columns["source"], strict=True), strict=True))
