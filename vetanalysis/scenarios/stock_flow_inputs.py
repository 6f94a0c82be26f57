"""The inputs of the stock-and-flow account: distributions with source and date, or marked as assumed.

They stand in `assumptions.csv` of the plan's folder; a plan that extends another takes over its rows and may
replace them. Percent and persons in the file, shares and persons in the records. What is wrong with the rows
is told all at once (`check_rows`).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from vetanalysis.blocks import Said, Text
from vetanalysis.checks import finding, missing_columns, number_in, within
from vetanalysis.errors import DataRefused, Finding, PlanInvalid
from vetanalysis.hashes import plan_folders
from vetanalysis.periods import parse_day
from vetanalysis.text_files import read_rows

if TYPE_CHECKING:
    from vetanalysis.plan import Plan


FILE = "assumptions.csv"
COLUMNS = (
    "input", "level", "concept", "distribution", "value", "ess", "sd", "measure", "source", "date", "assumed",
    "note_vi", "note_en",
)  # fmt: skip
DRAWS = 20_000
CONCEPTS = ("ICLS-13", "ICLS-19")


@dataclass(frozen=True, slots=True)
class Kind:
    """What an input is: its name, its measure, whether it differs by level or by labour-force concept."""

    name: str
    measure: str
    by: str = ""  # "level", "concept" or ""
    signed: bool = False

    @property
    def label(self) -> Said:
        """What it is called."""
        return Said(f"assumptions.input.{self.name}")


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("labour_force_before", "persons", "concept"),
        Kind("labour_force_change", "persons", "concept", signed=True),
        Kind("trained_rate_before", "percent", "concept"),
        Kind("certified_rate_before", "percent", "concept"),
        Kind("completion", "percent", "level"),
        Kind("retrained", "percent", "level"),
        Kind("upskilled", "percent", "level"),
        Kind("resident", "percent", "level"),
        Kind("participation", "percent", "level"),
        Kind("exits_certified", "percent"),
        Kind("exits_uncertified", "percent"),
        Kind("migration_certified", "persons", signed=True),
        Kind("migration_uncertified", "persons", signed=True),
        Kind("other_certified", "persons"),
        Kind("other_uncertified", "persons"),
    )
}


@dataclass(frozen=True, slots=True)
class Input:
    """One input: beta (share; `spread` is the effective sample size), normal (`spread` is the sd) or fixed."""

    name: str
    level: str
    concept: str
    distribution: str
    mean: float
    spread: float
    source: str = ""
    date: str = ""  # ISO day the source is known from, or the assumption was made
    assumed: bool = True
    note: Text | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """(input, level, concept): what makes it one input."""
        return self.name, self.level, self.concept

    @property
    def kind(self) -> Kind:
        """What it is."""
        return KINDS[self.name]

    def draws(self, size: int, seed: int) -> np.ndarray:
        """`size` draws, read-only; the same seed gives the same, whatever the other inputs are."""
        return _draws(replace(self, note=None, source="", date="", assumed=True), size, seed)

    def quantile(self, q: float) -> float:
        """The value not passed with probability `q`."""
        if self.distribution == "fixed" or self.spread == 0:
            return self.mean
        if self.distribution == "normal":
            return NormalDist(self.mean, self.spread).inv_cdf(q)
        from scipy.special import betaincinv

        return float(betaincinv(self.mean * self.spread, (1 - self.mean) * self.spread, q))

    def held(self, value: float) -> Input:
        """The same input held at one value."""
        return replace(self, distribution="fixed", mean=value, spread=0.0)


@lru_cache(maxsize=256)
def _draws(row: Input, size: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng([seed, zlib.crc32("|".join(row.key).encode())])
    if row.distribution == "beta" and 0 < row.mean < 1:
        values = rng.beta(row.mean * row.spread, (1 - row.mean) * row.spread, size)
    elif row.distribution == "normal":
        values = rng.normal(row.mean, row.spread, size)
        if not row.kind.signed:
            values = np.maximum(values, 0.0)
    else:
        values = np.full(size, row.mean)
    values.flags.writeable = False
    return values


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a plan; `file` is where they stand."""

    rows: tuple[Input, ...]
    file: str = FILE

    def find(self, name: str, level: str = "", concept: str = "") -> Input | None:
        """The input for a level and concept, or the one for all levels or concepts, or None."""
        by_key = {row.key: row for row in self.rows}
        for key in ((name, level, concept), (name, level, ""), (name, "", concept), (name, "", "")):
            if key in by_key:
                return by_key[key]
        return None

    def with_row(self, row: Input) -> Inputs:
        """A copy in which `row` stands in place of the input with its key."""
        return Inputs((*(kept for kept in self.rows if kept.key != row.key), row), self.file)

    def known_by(self, day: str) -> Inputs:
        """Those known by an ISO day; "" keeps all, an undated one is left out otherwise."""
        return Inputs(tuple(row for row in self.rows if not day or (row.date and row.date <= day)), self.file)


DISTRIBUTIONS = {"beta": "ess", "normal": "sd", "fixed": ""}


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that can be used and what is wrong with the others."""

    rows: tuple[Input, ...]
    findings: tuple[Finding, ...]


def load_inputs(plan: Plan) -> Inputs:
    """The inputs of a plan's folder and of those it extends; none where no folder holds the file.

    Raises PlanInvalid with every problem of every row.
    """
    rows: dict[tuple[str, str, str], Input] = {}
    findings: list[Finding] = []
    levels = {level.id for level in plan.levels}
    for folder in reversed(plan_folders(plan.folder)):
        path = folder / FILE
        if path.is_file():
            name = f"{folder.name}/{FILE}"
            try:
                table = read_rows(path, name, "assumption")
            except DataRefused as error:
                findings += error.findings
                continue
            checked = check_rows(table, name, levels)
            findings += checked.findings
            rows |= {row.key: row for row in checked.rows}
    if findings:
        raise PlanInvalid(findings, Said("assumptions.problems", file=FILE, count=len(findings)))
    return Inputs(tuple(rows.values()), f"{plan.folder.name}/{FILE}")


def check_rows(table: Sequence[Sequence[str]], file: str, levels: set[str]) -> Checked:
    """Rows of the file (header first) as inputs, with a finding for everything that is wrong."""
    header = list(table[0]) if table else []
    lacking = missing_columns(file, header, COLUMNS, "assumption-columns")
    if lacking:
        return Checked((), tuple(lacking))
    rows: list[Input] = []
    findings: list[Finding] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in enumerate(table[1:], start=2):
        if not any(cells):
            continue
        row = _Row(file, number, dict(zip(header, [*cells, *[""] * len(header)], strict=False)))
        wrong = list(_problems(row, levels))
        key = (row.cells["input"], row.cells["level"], row.cells["concept"])
        if key in seen:
            wrong.append(row.wrong("input", "twice", "assumption-twice", row=seen[key]))
        seen.setdefault(key, number)
        findings += wrong
        if not wrong:
            rows.append(_input(row.cells))
    findings += _origins(rows, seen, file)
    return Checked(tuple(rows), tuple(findings))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the file, and how what is wrong with it is told."""

    file: str
    number: int
    cells: dict[str, str]

    def wrong(self, column: str, line: str, rule: str = "", **facts: Any) -> Finding:
        place, rule = f"row {self.number}, {column}", rule or f"assumption-{column}"
        return finding(self.file, place, rule, f"assumptions.{line}", **facts)

    def not_one_of(self, column: str, allowed: Sequence[str]) -> Finding:
        listed = tuple(value or '""' for value in allowed)
        return self.wrong(column, "not_one_of", given=self.cells[column], allowed=listed)


def _problems(row: _Row, levels: set[str]) -> Iterator[Finding]:
    cells = row.cells
    kind = KINDS.get(cells["input"])
    if kind is None:
        yield row.not_one_of("input", list(KINDS))
        return
    if cells["level"] and (kind.by != "level" or cells["level"] not in levels):
        yield row.not_one_of("level", sorted(levels) if kind.by == "level" else [""])
    if cells["concept"] and (kind.by != "concept" or cells["concept"] not in CONCEPTS):
        yield row.not_one_of("concept", CONCEPTS if kind.by == "concept" else [""])
    if cells["measure"] != kind.measure:
        yield row.not_one_of("measure", [kind.measure])
    yield from _number_problems(row, kind.measure == "percent", kind.signed)
    if cells["assumed"] not in ("true", "false"):
        yield row.not_one_of("assumed", ["true", "false"])
    if cells["assumed"] == "false" and not cells["source"]:
        yield row.wrong("source", "no_source")
    if parse_day(cells["date"]) is None:
        yield row.wrong("date", "not_a_day", given=cells["date"])


def _number_problems(row: _Row, percent: bool, signed: bool) -> Iterator[Finding]:
    shape = row.cells["distribution"]
    if shape not in DISTRIBUTIONS:
        yield row.not_one_of("distribution", list(DISTRIBUTIONS))
        return
    value = number_in(row.cells["value"])
    low, high = (0.0, 100.0) if percent else (-math.inf if signed else 0.0, math.inf)
    if value is None or not within(value, low, high) or (shape == "beta" and not 0 < value < 100):
        which = "signed" if signed else "percent" if percent else "count"
        yield row.wrong("value", "value", given=row.cells["value"], which=Said(f"assumptions.which.{which}"))
    if shape == ("normal" if percent else "beta"):
        yield row.not_one_of("distribution", ["beta" if percent else "normal", "fixed"])
    spread = DISTRIBUTIONS[shape]
    if spread and (number_in(row.cells[spread]) or 0) <= 0:
        yield row.wrong(spread, "spread", "assumption-spread", shape=shape, spread=spread)


def _origins(rows: list[Input], seen: dict[tuple[str, str, str], int], file: str) -> Iterator[Finding]:
    """aU + aC may not pass 1 on any level."""
    by_key = {row.key: row for row in rows}
    for level in sorted({row.level for row in rows if row.name in ("retrained", "upskilled")}):
        found = [
            by_key.get((name, level, "")) or by_key.get((name, "", "")) for name in ("retrained", "upskilled")
        ]
        pair = [row for row in found if row is not None]
        if len(pair) < 2 or sum(row.mean for row in pair) <= 1 + 1e-12:
            continue
        last = max(seen.get(row.key, 1) for row in pair)
        total = sum(row.mean for row in pair) * 100
        yield finding(file, f"row {last}, value", "assumption-origins", "assumptions.origins", sum=total)


def _input(row: dict[str, str]) -> Input:
    scale = 100.0 if row["measure"] == "percent" else 1.0
    column = DISTRIBUTIONS[row["distribution"]]
    spread = float(row[column]) if column else 0.0
    return Input(
        name=row["input"],
        level=row["level"],
        concept=row["concept"],
        distribution=row["distribution"],
        mean=float(row["value"]) / scale,
        spread=spread / scale if column == "sd" else spread,
        source=row["source"],
        date=row["date"],
        assumed=row["assumed"] == "true",
        note=Text(row["note_vi"], row["note_en"]) if row["note_vi"] or row["note_en"] else None,
    )
