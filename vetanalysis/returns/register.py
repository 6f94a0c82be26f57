"""A learner register (.csv, one row per learner, no identity columns) counted into observations.

Columns, by their English name or the Vietnamese header: `unit` (code or name), `period`, `indicator` (default
people_enrolled), `level`, `sex`, `trade`, `residence`, and one yes/no column per group of the plan (groups overlap, so
each is counted apart). Register columns that name persons are refused and never read into memory.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import DataRefused, Finding
from vetanalysis.observations.checks import PERIOD
from vetanalysis.returns.cells import delimiter_of
from vetanalysis.returns.draft import frame_of
from vetanalysis.returns.names import compose, fold, name_book
from vetanalysis.returns.rules import found
from vetanalysis.returns.wording import is_identity, vocabulary

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

CHUNK = 200_000
KEYS = ("unit", "period", "indicator", "level", "sex", "trade", "residence")
_HEADERS = {
    "unit": ("unit", "don vi", "ma don vi", "co so", "huyen"),
    "period": ("period", "ky", "ky bao cao"),
    "indicator": ("indicator", "chi tieu", "tinh trang"),
    "level": ("level", "trinh do", "trinh do dao tao"),
    "sex": ("sex", "gioi tinh", "gioi"),
    "trade": ("trade", "nhom nghe"),
    "residence": ("residence", "khu vuc", "noi cu tru"),
}
_YES = frozenset(("1", "1.0", "x", "co", "yes", "true", "y"))


@dataclass(frozen=True)
class Register:
    """Counts of a register: `observations` (measure persons), rows read, rows left out and the findings."""

    observations: pd.DataFrame
    rows: int
    left_out: int
    findings: tuple[Finding, ...]


def read_register(path: str | Path, plan: Plan, *, period: str = "", basis: str = "cumulative") -> Register:
    """Count a register by unit, period, indicator, level, and apart by sex, residence, trade and each group.

    `period`: the cut-off where the file has no such column; rows with `2023-Q3` count for that quarter alone.
    Every count is of rows, measure persons. A value that is not understood (an unknown unit, a level that the
    plan does not list) leaves its row out; each such value is one finding with its number of rows. Raises
    DataRefused when the file cannot be read as a register or holds no
    column that names the unit.
    """
    path = Path(path)
    head, mark = _header(path)
    findings = [
        found("identity-column", path.name, f"column {number + 1}",
              Text(f"cột “{name}” chứa dữ liệu cá nhân", f'the column "{name}" holds personal data'))
        for number, name in enumerate(head) if is_identity(name)
    ]  # fmt: skip
    columns = _columns(head)
    groups = _groups(head, plan)
    if "unit" not in columns or ("period" not in columns and not period):
        missing = "unit" if "unit" not in columns else "period"
        rule = "unit-missing" if missing == "unit" else "period-missing"
        what = Text(f"không có cột {missing}", f"no column {missing}")
        raise DataRefused([*findings, found(rule, path.name, "A1", what)])
    used = sorted({*columns.values(), *groups.values()})
    reader = _Counter(plan, period, path.name)
    try:
        chunks = pd.read_csv(
            path, sep=mark, usecols=used, header=None, skiprows=1, names=list(range(len(head))), dtype="category",
            chunksize=CHUNK, encoding="utf-8-sig", keep_default_na=False,
        )  # fmt: skip
        for chunk in chunks:
            reader.add(chunk, columns, groups)
    except (ValueError, UnicodeDecodeError, pd.errors.ParserError, OSError) as error:
        what = Text(
            "không đọc được danh sách (cần .csv UTF-8)", f"the register cannot be read: {str(error)[:80]}"
        )
        raise DataRefused([*findings, found("file-damaged", path.name, "", what)]) from error
    return Register(reader.observations(basis), reader.rows, reader.left_out, (*findings, *reader.findings()))


def _header(path: Path) -> tuple[list[str], str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            first = lines.readline(100_000)
    except (OSError, UnicodeDecodeError) as error:
        what = Text("không đọc được tệp", f"the file cannot be read: {type(error).__name__}")
        raise DataRefused([found("file-unreadable", path.name, "", what)]) from error
    mark = delimiter_of(first)
    head = [compose(name) for name in next(csv.reader([first], delimiter=mark), [])]
    if not any(head):
        raise DataRefused([found("file-empty", path.name, "", Text("tệp rỗng", "the file is empty"))])
    return head, mark


def _columns(head: list[str]) -> dict[str, int]:
    folded = [fold(name) for name in head]
    return {
        field: next(folded.index(name) for name in names if name in folded)
        for field, names in _HEADERS.items()
        if any(name in folded for name in names)
    }


def _groups(head: list[str], plan: Plan) -> dict[str, int]:
    words = vocabulary(plan)
    found = {}
    for number, name in enumerate(head):
        group = name if name in {one.id for one in plan.groups} else words.read(name).get("group")
        if group and not is_identity(name):
            found[group] = number
    return found


def _basis(period: str, indicator: str, basis: str) -> str:
    """A stock stays a stock; a quarter after the first that stands alone counts for itself only."""
    if indicator == "people_in_training":
        return "stock"
    return "period" if period[-2:] in ("Q2", "Q3", "Q4") else basis


class _Counter:
    """Adds chunk after chunk: every text is understood once per category, rows only as integer codes."""

    def __init__(self, plan: Plan, period: str, file: str) -> None:
        self.plan, self.period, self.file = plan, period, file
        self.names, self.words = name_book(plan.units), vocabulary(plan)
        self.levels = {one.id for one in plan.levels}
        self.indicators = set(plan.indicators["id"])
        self.counts: dict[tuple[str, ...], int] = {}
        self.unknown: dict[tuple[str, str], int] = {}
        self.rows = self.left_out = 0

    def add(self, chunk: pd.DataFrame, columns: dict[str, int], groups: dict[str, int]) -> None:
        """Count one piece of the file."""
        size = len(chunk)
        codes, values, good = [], [], np.ones(size, dtype=bool)
        for field in KEYS:
            meant, code = self._understood(field, chunk[columns[field]] if field in columns else None, size)
            good &= code >= 0
            codes.append(code)
            values.append(meant)
        self.rows += size
        self.left_out += int(size - good.sum())
        shape = tuple(max(len(one), 1) for one in values)
        kept = [code[good] for code in codes]
        joint = np.ravel_multi_index(kept, shape) if len(kept[0]) else np.empty(0, dtype=int)
        self._count(joint, shape, values, "")
        for group, column in groups.items():
            cells = chunk[column].cat
            yes = np.array([fold(str(text)) in _YES for text in cells.categories], dtype=bool)
            inside = yes[cells.codes.to_numpy()[good]] if len(yes) else np.zeros(len(joint), dtype=bool)
            self._count(joint[inside], shape, values, group)

    def _understood(self, field: str, column: pd.Series | None, size: int) -> tuple[list[str], np.ndarray]:
        """The distinct meanings of a column and each row's place among them; -1 where not understood."""
        if column is None:
            default = {"period": self.period, "indicator": "people_enrolled"}.get(field, "")
            return [default], np.zeros(size, dtype=np.int64)
        raw = column.cat.codes.to_numpy()
        meanings: list[str] = []
        places: list[int] = []
        seen = np.bincount(raw[raw >= 0], minlength=len(column.cat.categories))
        for text, count in zip(column.cat.categories, seen, strict=True):
            meaning = self._meaning(field, compose(str(text)))
            if meaning is None:
                places.append(-1)
                self.unknown[field, compose(str(text))[:60]] = self.unknown.get(
                    (field, compose(str(text))[:60]), 0
                ) + int(count)
                continue
            if meaning not in meanings:
                meanings.append(meaning)
            places.append(meanings.index(meaning))
        table = np.array([*places, -1], dtype=np.int64)
        return meanings, table[raw]

    def _meaning(self, field: str, text: str) -> str | None:
        """One text of a column as a code of the plan; None when it is not understood."""
        if field == "unit":
            units = self.names.find(text)
            return units[0] if len(units) == 1 else None
        if field == "period":
            return text if re.fullmatch(PERIOD, text) else None
        if not text:
            return None if field == "indicator" else ""
        known = {"level": self.levels, "indicator": self.indicators}.get(field, ())
        return text if text in known else self.words.read(text).get(field)

    def _count(self, joint: np.ndarray, shape: Iterable[int], values: list[list[str]], group: str) -> None:
        places, counts = np.unique(joint, return_counts=True)
        for place, count in zip(places, counts, strict=True):
            key = tuple(
                one[index] for one, index in zip(values, np.unravel_index(place, tuple(shape)), strict=True)
            )
            unit, period, indicator, level, sex, trade, residence = key
            base = (unit, period, indicator, level)
            cells = [(*base, "", "", "", group)]
            if not group:
                cells += [(*base, sex, "", "", "")] if sex else []
                cells += [(*base, "", trade, "", "")] if trade else []
                cells += [(*base, "", "", residence, "")] if residence else []
            for cell in cells:
                self.counts[cell] = self.counts.get(cell, 0) + int(count)

    def observations(self, basis: str) -> pd.DataFrame:
        """The counts in the columns of the observations, sorted by key."""
        names = ("unit", "period", "indicator", "level", "sex", "trade", "residence", "group")
        return frame_of([
            {**dict(zip(names, key, strict=True)), "value": float(count), "measure": "persons",
             "basis": _basis(key[1], key[2], basis), "status": "provisional",
             "source": f"{self.file}!register"}
            for key, count in sorted(self.counts.items())
        ])  # fmt: skip

    def findings(self) -> list[Finding]:
        """One finding per value that was not understood, with its number of rows."""
        return [
            found("row-refused", self.file, f"column {field}",
                  Text(f"{count} dòng có {field} “{text}” chưa biết", f'{count} rows with unknown {field} "{text}"'))
            for (field, text), count in sorted(self.unknown.items())[:200] if count
        ]  # fmt: skip
