"""Which file counts: the latest valid one of each unit and period; earlier ones stay, refused ones replace nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.returns.check_rules import broken
from vetanalysis.returns.quantity_words import day_text
from vetanalysis.returns.reading import Reading

VALID, REFUSED, SUPERSEDED = "valid", "refused", "superseded"
VERSION_COLUMNS = (
    "unit", "period", "version", "received", "file", "sha256", "state", "figures", "findings", "errors", "illustrative",
)  # fmt: skip


@dataclass(frozen=True)
class Version:
    """One file in the order in which a unit sent files for a period. `findings`: of the file and of its day.

    `settled`: a later file counts, so that nothing needs to be done about this one any more.
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


def judge(readings: Iterable[Reading], without: frozenset[str] = frozenset()) -> list[Version]:
    """Every file with its state, sorted by unit, period, day and name.

    A file without a day in its name counts as the earliest. Two files of one day with different figures are both
    refused: nobody can say which came later. The same figures twice on one day: the first by name counts.
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
    return one.unit or "?" + one.file.rpartition("/")[2].partition("__")[0].partition(".")[0], one.period


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
        Version(one, number, states[one.file], tuple(told[one.file]), number <= until)
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
            others = ", ".join(other.file for other in alive if other is not one)
            when = day_text(day) if day else Text("không rõ ngày nhận", "unknown day")
            on = Text(f"cùng ngày {when.vi}" if day else when.vi, f"on {when.en}" if day else when.en)
            if same:
                what = Text(f"{on.vi}, có tệp cùng số liệu: {others}", f"{on.en}, same figures: {others}")
            else:
                what = Text(f"{on.vi}, có tệp khác số liệu: {others}", f"{on.en}, other figures: {others}")
            yield broken("same-day", one.file, "", what, severity="warning" if same else "")


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
            what = Text(f"trùng hoàn toàn với {before.file}", f"the same file as {before.file}")
            found[one.file] = broken("same-content", one.file, "", what)
    return found


def versions_frame(versions: Sequence[Version]) -> pd.DataFrame:
    """The versions as a table (`VERSION_COLUMNS`): counts are numbers, everything else text."""
    rows = [
        (
            one.reading.unit, one.reading.period, one.number, one.reading.received, one.reading.file,
            one.reading.sha256, one.state, one.reading.count, len(one.findings),
            sum(finding.severity == "error" for finding in one.findings), one.reading.illustrative,
        )
        for one in versions
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(VERSION_COLUMNS))
    numbers = ("version", "figures", "findings", "errors")
    types = {
        name: "int64" if name in numbers else "bool" if name == "illustrative" else "str"
        for name in VERSION_COLUMNS
    }
    return frame.astype(types)
