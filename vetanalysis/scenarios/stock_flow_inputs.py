"""The inputs of the stock-and-flow account, each a distribution with its source and date, or marked as assumed.

They stand in `assumptions.csv` of the plan's folder; a plan that extends another takes over its rows and may
replace them. Percent and persons in the file, shares and persons in the records.

assumptions.csv of a plan read, and what may be wrong with its rows, every problem of the file at once.
"""

from __future__ import annotations

import csv
import io
import math
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding, PlanInvalid
from vetanalysis.hashes import plan_folders
from vetanalysis.periods import parse_day

if TYPE_CHECKING:
    pass
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

    label: Text
    measure: str
    by: str = ""  # "level", "concept" or ""
    signed: bool = False


KINDS: dict[str, Kind] = {
    "labour_force_before": Kind(
        Text("lực lượng lao động đầu năm", "labour force at the start"), "persons", "concept"
    ),
    "labour_force_change": Kind(
        Text("biến động lực lượng lao động", "change of the labour force"), "persons", "concept", signed=True
    ),
    "trained_rate_before": Kind(
        Text("tỷ lệ qua đào tạo đầu năm", "trained rate at the start"), "percent", "concept"
    ),
    "certified_rate_before": Kind(
        Text("tỷ lệ có bằng, chứng chỉ đầu năm", "certified rate at the start"), "percent", "concept"
    ),
    "completion": Kind(Text("tỷ lệ hoàn thành khóa học", "completion"), "percent", "level"),
    "retrained": Kind(
        Text("tỷ lệ người học đã có bằng, chứng chỉ", "learners already certified"), "percent", "level"
    ),
    "upskilled": Kind(
        Text("tỷ lệ người học đã qua đào tạo, chưa có bằng", "learners trained without certificate"),
        "percent", "level",
    ),
    "resident": Kind(Text("tỷ lệ ở lại tỉnh", "residence in the province"), "percent", "level"),
    "participation": Kind(Text("tỷ lệ tham gia lực lượng lao động", "participation"), "percent", "level"),
    "exits_certified": Kind(
        Text("tỷ lệ rời lực lượng, nhóm có bằng", "exits of the certified"), "percent"
    ),
    "exits_uncertified": Kind(
        Text("tỷ lệ rời lực lượng, nhóm không bằng", "exits of the trained without certificate"), "percent"
    ),
    "migration_certified": Kind(
        Text("di cư thuần, nhóm có bằng", "net migration of the certified"), "persons", signed=True
    ),
    "migration_uncertified": Kind(
        Text("di cư thuần, nhóm không bằng", "net migration of the trained without certificate"),
        "persons", signed=True,
    ),
    "other_certified": Kind(
        Text("tốt nghiệp đại học và nguồn khác có bằng", "university and other certified graduates"), "persons"
    ),
    "other_uncertified": Kind(
        Text("nguồn khác không bằng (kèm nghề, tại chỗ)", "others trained without certificate"), "persons"
    ),
}  # fmt: skip


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
def _draws(one: Input, size: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng([seed, zlib.crc32("|".join(one.key).encode())])
    if one.distribution == "beta" and 0 < one.mean < 1:
        values = rng.beta(one.mean * one.spread, (1 - one.mean) * one.spread, size)
    elif one.distribution == "normal":
        values = rng.normal(one.mean, one.spread, size)
        if not one.kind.signed:
            values = np.maximum(values, 0.0)
    else:
        values = np.full(size, one.mean)
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
        return Inputs((*(one for one in self.rows if one.key != row.key), row), self.file)

    def known_by(self, day: str) -> Inputs:
        """Those known by an ISO day; "" keeps all, an undated one is left out otherwise."""
        return Inputs(tuple(one for one in self.rows if not day or (one.date and one.date <= day)), self.file)


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
    findings = []
    levels = {level.id for level in plan.levels}
    for folder in reversed(plan_folders(plan.folder)):
        path = folder / FILE
        if path.is_file():
            name = f"{folder.name}/{FILE}"
            try:
                table = _read(path)
            except UnicodeDecodeError as error:
                findings.append(_not_utf8(name, error))
                continue
            checked = check_rows(table, name, levels)
            findings += checked.findings
            rows |= {row.key: row for row in checked.rows}
    if findings:
        raise PlanInvalid(findings, f"{FILE}: {len(findings)} problems")
    return Inputs(tuple(rows.values()), f"{plan.folder.name}/{FILE}")


def _read(path: Path) -> list[list[str]]:
    """Every row of the file as text, the header first; row numbers are those of the file."""
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text))]


def _not_utf8(name: str, error: UnicodeDecodeError) -> Finding:
    return Finding(
        "error", name, f"byte {error.start}", "assumption-encoding",
        Text("tệp không phải UTF-8", "the file is not UTF-8"),
        Text("lưu lại tệp với mã UTF-8", "save the file as UTF-8"),
    )  # fmt: skip


def check_rows(table: Sequence[Sequence[str]], file: str, levels: set[str]) -> Checked:
    """Rows of the file (header first) as inputs, with a finding for everything that is wrong."""
    header = list(table[0]) if table else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        found = Text(f"thiếu cột: {', '.join(missing)}", f"missing columns: {', '.join(missing)}")
        remedy = Text(
            f"dòng tiêu đề phải có: {','.join(COLUMNS)}", f"the header must hold: {','.join(COLUMNS)}"
        )
        return Checked((), (Finding("error", file, "row 1", "assumption-columns", found, remedy),))
    rows: list[Input] = []
    findings: list[Finding] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in enumerate(table[1:], start=2):
        if not any(cells):
            continue
        row = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        wrong = [
            Finding("error", file, f"row {number}, {column}", rule, found, remedy)
            for column, rule, found, remedy in _problems(row, levels)
        ]
        key = (row["input"], row["level"], row["concept"])
        if key in seen:
            found = Text(f"đầu vào đã có ở dòng {seen[key]}", f"the input stands already in row {seen[key]}")
            remedy = Text("giữ lại một dòng", "keep one of the rows")
            wrong.append(Finding("error", file, f"row {number}, input", "assumption-twice", found, remedy))
        seen.setdefault(key, number)
        findings += wrong
        if not wrong:
            rows.append(_input(row))
    findings += _origins(rows, seen, file)
    return Checked(tuple(rows), tuple(findings))


_Problem = tuple[str, str, Text, Text]


def _problems(row: dict[str, str], levels: set[str]) -> Iterator[_Problem]:
    kind = KINDS.get(row["input"])
    if kind is None:
        yield _one_of("input", row["input"], list(KINDS))
        return
    if row["level"] and (kind.by != "level" or row["level"] not in levels):
        yield _one_of("level", row["level"], sorted(levels) if kind.by == "level" else [""])
    if row["concept"] and (kind.by != "concept" or row["concept"] not in CONCEPTS):
        yield _one_of("concept", row["concept"], list(CONCEPTS) if kind.by == "concept" else [""])
    if row["measure"] != kind.measure:
        yield _one_of("measure", row["measure"], [kind.measure])
    yield from _number_problems(row, kind.measure == "percent", kind.signed)
    if row["assumed"] not in ("true", "false"):
        yield _one_of("assumed", row["assumed"], ["true", "false"])
    if row["assumed"] == "false" and not row["source"]:
        yield (
            "source", "assumption-source",
            Text("không có nguồn mà không ghi là giả định", "no source, and not marked as assumed"),
            Text("ghi nguồn, hoặc assumed=true", "name the source, or set assumed=true"),
        )  # fmt: skip
    if parse_day(row["date"]) is None:
        yield (
            "date", "assumption-date",
            Text(f"“{row['date']}” không phải là ngày", f"{row['date']!r} is not a day"),
            Text("ghi ngày dạng 2023-01-31", "write a day like 2023-01-31"),
        )  # fmt: skip


def _number_problems(row: dict[str, str], percent: bool, signed: bool) -> Iterator[_Problem]:
    shape = row["distribution"]
    if shape not in DISTRIBUTIONS:
        yield _one_of("distribution", shape, list(DISTRIBUTIONS))
        return
    value = _number(row["value"])
    low, high = (0.0, 100.0) if percent else (-math.inf if signed else 0.0, math.inf)
    if value is None or not low <= value <= high or (shape == "beta" and not 0 < value < 100):
        what = Text("từ 0 đến 100", "from 0 to 100") if percent else Text("từ 0 trở lên", "of 0 or more")
        what = Text("bất kỳ", "of any sign") if signed else what
        yield (
            "value", "assumption-value",
            Text(f"“{row['value']}” không phải là số hợp lệ", f"{row['value']!r} is not a number {what.en}"),
            Text(f"ghi một số {what.vi}, dấu thập phân là dấu chấm", f"write a number {what.en} with a decimal point"),
        )  # fmt: skip
    if shape == ("normal" if percent else "beta"):
        yield _one_of("distribution", shape, ["beta" if percent else "normal", "fixed"])
    spread = DISTRIBUTIONS[shape]
    if spread and (_number(row[spread]) or 0) <= 0:
        yield (
            spread, "assumption-spread",
            Text(f"phân phối {shape} cần {spread} lớn hơn 0", f"a {shape} distribution needs {spread} above 0"),
            Text(f"ghi {spread}, hoặc dùng fixed", f"fill in {spread}, or use fixed"),
        )  # fmt: skip


def _origins(rows: list[Input], seen: dict[tuple[str, str, str], int], file: str) -> Iterator[Finding]:
    """aU + aC may not pass 1 on any level."""
    by_key = {row.key: row for row in rows}
    for level in sorted({row.level for row in rows if row.name in ("retrained", "upskilled")}):
        pair = [
            by_key.get((name, level, "")) or by_key.get((name, "", "")) for name in ("retrained", "upskilled")
        ]
        if None in pair or sum(one.mean for one in pair) <= 1 + 1e-12:
            continue
        total = sum(one.mean for one in pair) * 100
        yield Finding(
            "error", file, f"row {max(seen.get(one.key, 1) for one in pair)}, value", "assumption-origins",
            Text(
                f"retrained và upskilled cộng lại bằng {total:g}, vượt quá 100",
                f"retrained and upskilled add up to {total:g}, above 100",
            ),
            Text("giảm một trong hai; phần còn lại là người chưa qua đào tạo",
                 "lower one of them; the rest are people untrained before"),
        )  # fmt: skip


def _one_of(column: str, given: str, allowed: list[str]) -> _Problem:
    listed = ", ".join(one or '""' for one in allowed)
    return (
        column, f"assumption-{column}",
        Text(f"“{given}” không được chấp nhận", f"{given!r} is not accepted"),
        Text(f"dùng một trong: {listed}", f"use one of: {listed}"),
    )  # fmt: skip


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


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
