"""The ledger of returns: what came when, which file counts, what is wrong, who is missing, on any day.

    ledger = load_ledger(plan)                             # the plan's folder, everything that came
    ledger = load_ledger(plan, known_by="2023-09-20")      # as it stood on the evening of that day
    ledger.matrix("2023-9M")  ledger.chase("2023-9M")  ledger.findings  ledger.observations

Files stay as they were received; the ledger only reads them. The day of arrival stands in the file name. A table of
figures says since when its figures are known, not on which day a unit sent them: whoever has figures has reported,
nobody was late. What a unit told of a period is a version; figures that became others on a later day make another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.errors import SEVERITIES, Finding, WrongCall
from vetanalysis.observations.checks import BREAKDOWNS, COLUMNS
from vetanalysis.observations.crosswalk import renamed_by
from vetanalysis.observations.table import LeftOut, only_known_by, undated_figures
from vetanalysis.periods import Cutoff, parse_cutoff, parse_day
from vetanalysis.plan import Plan
from vetanalysis.returns.files import default_folder, found_for
from vetanalysis.returns.findings import switched_off
from vetanalysis.returns.held import held
from vetanalysis.returns.key import place_of
from vetanalysis.returns.matrix import Standing, chase, contact_of, coverage, matrix, standings
from vetanalysis.returns.read_all import read_all, stored_readings
from vetanalysis.returns.readings import (
    SUPERSEDED,
    VALID,
    Reading,
    Version,
    changes_between,
    frame_of,
    judge,
    table_of,
    versions_frame,
)
from vetanalysis.returns.together import check_together

FINDING_COLUMNS = (
    "severity", "file", "sheet", "cell", "rule", "found_vi", "found_en", "remedy_vi", "remedy_en", "unit", "period",
    "state", "settled",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Ledger:
    """The returns of a plan as known on a day.

    `folder`: where they lie (None: there are none). `known_by`: ISO day, "" for everything. `readings`: every file as
    read, before they were held against each other. `all_versions`: every file with its state. `observations`: the
    figures of the files that count, in the columns of the observations, `vintage` = the day received. `without`: names
    of the rules not applied; None: of those that hold files against each other none is. `beside`: what was found
    otherwise. `left_out`: figures of files without a day in their name, where `known_by` asks for one (unit, period,
    indicator, value, source). `asked`: units whose figures are asked for, None for all that must report.
    """

    plan: Plan
    folder: Path | None
    known_by: str
    all_versions: tuple[Version, ...] = field(repr=False)
    observations: pd.DataFrame = field(repr=False)
    without: frozenset[str] | None = field(repr=False, default=None)
    beside: tuple[Finding, ...] = field(repr=False, default=())
    left_out: tuple[dict[str, Any], ...] = field(repr=False, default=())
    asked: frozenset[str] | None = field(repr=False, default=None)
    readings: tuple[Reading, ...] = field(repr=False, default=())

    def known_on(self, day: str) -> Ledger:
        """The same returns as they stood on the evening of an earlier day, from what was read for this one."""
        early = tuple(one for one in self.readings if one.received <= day)  # those without a day among them
        then = [one.reading for one in self.all_versions]
        return _of_readings(self.plan, self.folder, early, day, self.without or frozenset(), then)

    @cached_property
    def all_findings(self) -> tuple[Finding, ...]:
        """Everything found, errors first."""
        alone = (finding for one in self.all_versions for finding in one.findings)
        together: Iterable[Finding] = ()
        if self.without is not None:
            found = check_together(self.plan, self.observations, self.all_versions)
            together = (one for one in found if one.rule not in self.without)
        return in_order([*alone, *together, *self.beside])

    @cached_property
    def versions(self) -> pd.DataFrame:
        """One row per file: unit, period, version, received, file, sha256, state, figures, findings, errors.

        `state`: "valid" (it counts), "superseded" (a later one counts), "refused" (it holds errors).
        """
        return versions_frame(self.all_versions)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """One row per finding, both languages, with unit, period and state of its file (`FINDING_COLUMNS`)."""
        return findings_frame(self.all_findings, self.all_versions)

    @cached_property
    def open_findings(self) -> tuple[Finding, ...]:
        """What still asks for something: everything found but in files that a later good one replaced."""
        settled = {one.reading.file for one in self.all_versions if one.settled}
        return tuple(one for one in self.all_findings if one.file not in settled)

    @property
    def has_errors(self) -> bool:
        """Whether anything that is still open is an error."""
        return any(one.severity == "error" for one in self.open_findings)

    def standings(self, as_of: str | Cutoff) -> list[Standing]:
        """How every unit that must report stands for every period of the year up to `as_of`."""
        cutoff = self.plan.check_cutoff(as_of)
        return standings(self.plan, self.all_versions, cutoff, self.known_by, self.asked)

    def matrix(self, as_of: str | Cutoff) -> pd.DataFrame:
        """Units that must report x periods of the year up to `as_of`; see `matrix.matrix`."""
        return matrix(self.plan, self.standings(as_of))

    def chase(self, as_of: str | Cutoff) -> pd.DataFrame:
        """Whom to phone and why; see `matrix.chase`."""
        return chase(self.plan, self.standings(as_of), self.all_versions)

    def coverage(self, as_of: str | Cutoff) -> pd.DataFrame:
        """How much of the plan's quotas has reported, by period; see `matrix.coverage`."""
        return coverage(self.plan, self.standings(as_of), self.plan.check_cutoff(as_of))

    def of(self, unit: str, period: str | Cutoff) -> tuple[Version, ...]:
        """The files of a unit for a period, first to last."""
        wanted = (unit, str(period))
        return tuple(one for one in self.all_versions if (one.reading.unit, one.reading.period) == wanted)

    def changes(
        self, unit: str, period: str | Cutoff, before: int | None = None, after: int | None = None
    ) -> pd.DataFrame:
        """What changed between two files of a unit and period, by version number; the last two without numbers.

        One row per figure that differs: the key, `before`, `after` (NaN where a version has none), `difference`,
        `change` (added, removed, changed) and the cell of the later one. Empty with fewer than two versions.
        Errors: WrongCall for a version that does not exist.
        """
        return changes_between(self.of(self.plan.unit(unit).code, period), before, after)

    @cached_property
    def explanations(self) -> pd.DataFrame:
        """What the units wrote in the files that count: unit, period, ref (task), kind, text, source, received."""
        return self._records("explanations", ("unit", "period", "ref", "kind", "text", "source"))

    @cached_property
    def documents(self) -> pd.DataFrame:
        """The units' own plan documents named in the files that count: unit, type, number, date, title, source.

        Without those of the years before the plan: they were issued for another.
        """
        columns = ("unit", "type", "number", "date", "title", "source")
        return self._records("documents", columns, since=str(self.plan.years[0]))

    def contact(self, unit: str) -> dict[str, str]:
        """Name and phone of the person to call, from the unit's latest file that gives them; empty without one."""
        return contact_of(self.all_versions, unit)

    def _records(self, name: str, columns: Sequence[str], since: str = "") -> pd.DataFrame:
        rows = [
            (*(record[column] for column in columns), one.reading.received)
            for one in self.all_versions
            if one.counts and one.reading.period >= since
            for record in getattr(one.reading, name)
        ]
        return table_of(rows, [*columns, "received"])


def load_ledger(
    plan: Plan,
    folder: str | Path = "default",
    known_by: str | None = None,
    *,
    without: Collection[str] = (),
    units: Collection[str] | None = None,
    jobs: int | None = None,
) -> Ledger:
    """Read, check and join every return of a plan.

    `folder`: "default" (`data/returns/<plan>`; where it does not exist there are no returns), a folder, or one
    file; with the plan's own folder come those of the plans it follows. `known_by`: ISO day, inclusive: what came
    later does not exist. `without`: names of rules not applied.
    `units`: read only files whose name says one of these units (the matrix then shows the others as missing).
    `jobs`: processes for reading, None decides. Never raises for what is wrong with a file;
    WrongCall for a folder that does not exist, a malformed day or an unknown rule.
    """
    day = str(known_by or "")
    if day and parse_day(day) is None:
        raise WrongCall(Said("returns.known_by", day=day))
    off = switched_off(without)
    path = _folder(plan, folder)
    readings: list[Reading] = []
    if path is not None:
        for reader, found in found_for(plan, path):
            found = [one for one in found if not day or not one.day or one.day <= day]
            found = [one for one in found if units is None or one.unit in units]
            readings += read_all(found, reader, stored_readings(), off, jobs=jobs)
    return _of_readings(plan, path, tuple(readings), day, off)


def _of_readings(
    plan: Plan, folder: Path | None, read: tuple[Reading, ...], day: str, without: frozenset[str],
    among: Sequence[Reading] = (),
) -> Ledger:  # fmt: skip
    """The ledger of files that came by a day; where one is named, files without a day in their name are left out.

    `among`: as `held` takes them.
    """
    undated = [one for one in read if day and not one.received]
    readings = held([one for one in read if not day or one.received], plan, without, among)
    versions = tuple(judge(readings, without))
    observations = joined(versions)
    observations.attrs["left_out"] = left_out = LeftOut(_left_out(undated))
    beside = tuple(undated_figures(left_out, day))
    return Ledger(plan, folder, day, versions, observations, without, beside, left_out, readings=read)


def figures_of(ledger: Ledger) -> pd.DataFrame:
    """The figures of a ledger with all their vintages; `vintage` is the day received.

    Figures that a later file replaced stand before it as earlier vintages (`table.latest_vintage` takes the newest);
    what the later file no longer holds is gone. `.attrs["left_out"]` lists figures whose day is not known.
    """
    replaced = earlier_vintages(ledger.all_versions, ledger.observations)
    if replaced.empty:
        return ledger.observations
    both = pd.concat([replaced, ledger.observations], ignore_index=True)
    both.attrs = {**ledger.observations.attrs}
    return both


def earlier_vintages(versions: Sequence[Version], now: pd.DataFrame) -> pd.DataFrame:
    """The figures of good files that a later one replaced and that the later one (`now`) still holds."""
    superseded = [one for one in versions if one.state == SUPERSEDED and one.reading.received]
    if not superseded:
        return now.iloc[:0]
    before = joined(superseded, all_of_them=True)
    key = ["unit", "period", "indicator", *BREAKDOWNS, "measure", "basis", "base", "concept"]
    held = now.loc[now["value"].notna(), [*key, "vintage"]].drop_duplicates(key)
    kept = before.merge(held.rename(columns={"vintage": "_later"}), on=key, how="left")
    return kept[kept["vintage"] < kept["_later"].fillna("")][list(now.columns)].reset_index(drop=True)


def joined(versions: Sequence[Version], all_of_them: bool = False) -> pd.DataFrame:
    """The figures of the versions that count (or of all) as one frame of observations, in the versions' order."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for one in versions:
        if not (one.counts or all_of_them):
            continue
        for name in COLUMNS:
            given = one.reading.columns[name]
            day = one.reading.received
            columns[name] += [day] * one.reading.count if name == "vintage" and day else given
    return frame_of(columns)


def _folder(plan: Plan, folder: str | Path) -> Path | None:
    if isinstance(folder, str) and folder == "default":
        return default_folder(plan)
    return Path(folder)


def _left_out(undated: Sequence[Reading]) -> list[dict[str, Any]]:
    names = ("unit", "period", "indicator", "value", "source")
    return [
        dict(zip(names, row, strict=True))
        for one in undated
        for row in zip(*(one.columns[name] for name in names), strict=True)
    ]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by file, sheet and cell (B9 before B10); what was found twice once."""

    def order(one: Finding) -> tuple[object, ...]:
        return SEVERITIES.index(one.severity), one.file, one.sheet, _cell(one.place)

    return tuple(sorted(dict.fromkeys(findings), key=order))


def _cell(text: str) -> tuple[float, int, str]:
    place = place_of(text)
    return (place[1], place[0], "") if place else (math.inf, 0, text)


def findings_frame(findings: Sequence[Finding], versions: Sequence[Version]) -> pd.DataFrame:
    """Findings as a table (`FINDING_COLUMNS`), text but for `settled`, which is true where a later file of the
    unit counts; `unit`, `period` and `state` are those of the file.
    """
    of_file = {
        one.reading.file: (one.reading.unit, one.reading.period, one.state, one.settled) for one in versions
    }
    rows = [
        (
            one.severity, one.file, one.sheet, one.place, one.rule, one.found.vi, one.found.en, one.remedy.vi,
            one.remedy.en, *of_file.get(one.file, ("", "", "", False)),
        )
        for one in findings
    ]  # fmt: skip
    return table_of(rows, FINDING_COLUMNS, settled="bool")


def inert_csv(frame: pd.DataFrame) -> str:
    """A table as CSV that a spreadsheet shows and never obeys: a cell that would be a formula gets an apostrophe."""
    safe = frame.copy(deep=True)
    for name in safe.columns:
        if safe[name].dtype == "str" or safe[name].dtype == object:
            safe[name] = [inert_cell(value) for value in safe[name]]
    return safe.to_csv(index=False, lineterminator="\n")


def inert_cell(value: object) -> object:
    """A text that begins like a formula behind an apostrophe, on one line; anything else as it is."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split()) if any(sign in value for sign in "\r\n\t") else value
    start = text.lstrip()[:1]
    return f"'{text}" if start and start in _FORMULA_STARTS and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?", text))


_FIGURE = ("indicator", *BREAKDOWNS, "measure", "basis", "base", "concept", "period")


def ledger_from(
    plan: Plan, figures: pd.DataFrame, known_by: str = "", findings: Iterable[Finding] = ()
) -> Ledger:
    """The ledger of a table of figures with all its vintages, as known by an ISO day ("": everything).

    `findings`: what was found beside those that the table carries. A figure whose day is not known is the first of its
    kind; a day on which figures only came again, or came beside others, makes no version of its own.
    """
    seen = only_known_by(figures, known_by or None)
    versions = tuple(_versions(plan, seen[seen["value"].notna()].sort_values("vintage", kind="stable")))
    told = (*findings, *seen.attrs.get("findings", ()))
    left_out = LeftOut(seen.attrs.get("left_out", ()))
    return Ledger(
        plan, None, known_by, versions, joined(versions), None, told, left_out, _asked(plan, figures)
    )


def _asked(plan: Plan, figures: pd.DataFrame) -> frozenset[str] | None:
    """The units with a quota and those of a kind of which anybody sends; None where nobody can be told from others."""
    units = plan.units
    kinds = set(units.loc[units["code"].isin(figures["unit"]), "kind"])
    return frozenset(units.loc[units["kind"].isin(kinds), "code"]) | frozenset(plan.quotas["unit"]) or None


def _versions(plan: Plan, rows: pd.DataFrame) -> Iterable[Version]:
    """The versions of every unit and period, from figures in the order in which they were known.

    Figures of a unit that was renamed before the cut-off are those of the unit under its new code.
    """
    keys = list(zip(*(rows[name] for name in _FIGURE), strict=True))
    period = {code: str(parse_cutoff(code).end) for code in rows["period"].unique()}
    values, days = rows["value"].tolist(), rows["vintage"].tolist()
    renamed = {code: renamed_by(plan, parse_cutoff(code)) for code in set(period.values())}
    units, codes = rows["unit"].tolist(), rows["period"].tolist()
    told: dict[tuple[str, str], list[dict[tuple[str, ...], int]]] = {}
    for _, places in groupby(range(len(rows)), key=days.__getitem__):
        came: dict[tuple[str, str], list[int]] = {}
        for place in places:
            unit, code = units[place], period[codes[place]]
            came.setdefault((renamed[code].get(unit, unit), code), []).append(place)
        for sender, mine in came.items():
            states = told.setdefault(sender, [{}])
            before = states[-1]
            if any(keys[at] in before and values[before[keys[at]]] != values[at] for at in mine):
                states.append(dict(before))
            states[-1].update((keys[at], at) for at in mine)
    cells = list(zip(*(rows[name].tolist() for name in COLUMNS), strict=True))
    for (unit, code), states in sorted(told.items()):
        for number, state in enumerate(states, start=1):
            reading = _reading(unit, code, [cells[place] for place in state.values()])
            last = number == len(states)
            yield Version(reading, number, VALID if last else SUPERSEDED, ())


def _reading(unit: str, period: str, rows: Sequence[Sequence[Any]]) -> Reading:
    held = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    return Reading(
        file=held["source"][-1].split("!")[0], sha256="", unit=unit, period=period, columns=held,
        illustrative=all(held["illustrative"]),
    )  # fmt: skip
