"""How a sheet that is not ours is laid out: said once in a mapping file, or found by its looks.

The mapping file is YAML, one entry per sheet layout:

    name: Biểu 02 của Phòng LĐTBXH
    unit: "183"                # optional; otherwise the title, the rows or the file name say it
    period: 2023-9M            # optional
    basis: cumulative          # optional
    sheets:
      - sheet: Bieu 2          # matched without marks and case; "*" is every sheet
        first_row: 8           # first row of figures (from 1); last_row optional
        label: B               # the column with the names
        labels:                # optional: what a row label stands for
          Sơ cấp: {level: elementary}
        columns:
          D: {indicator: people_enrolled, measure: persons}
          E: {indicator: people_enrolled, sex: female, measure: persons}
        ignore: [F, G]

A mapping that is wrong raises `DataRefused` with everything that is wrong in it.

Without one `find_table` looks for a title block, header rows, a letter row, rows of data and signatures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, field_validator

from vetanalysis.blocks import Said
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.returns.draft import Vocabulary, is_identity, is_signature
from vetanalysis.returns.grid import Grid, text_of
from vetanalysis.returns.key import Key, column_number
from vetanalysis.returns.names import NameBook, fold
from vetanalysis.returns.typed_numbers import MISSING, UNREADABLE, parse_number

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

HEADER_ROWS = 4
_LETTER = re.compile(r"^\(?(?:[A-Za-zĐđ]|\d{1,2})\)?(?:\.0)?$|^\(?\d{1,2}\)?\s*=.+$")
_SURNAMES = frozenset(
    ["nguyen", "tran", "le", "pham", "hoang", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong", "ly", "nong",
     "be", "trieu", "lam", "luong", "phung", "chu", "hua", "vi", "ma", "mong", "dinh", "ha", "phan", "luc"]
)  # fmt: skip


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_Fields = create_model("_Fields", __base__=_Record, **dict.fromkeys(Key._fields, (str, "")))  # type: ignore[call-overload]


class Meaning(_Fields):  # type: ignore[misc, valid-type]
    """What a column or a row label stands for: any field of a `Key`."""

    def given(self) -> dict[str, str]:
        """Only what is said."""
        return self.model_dump(exclude_defaults=True)  # type: ignore[no-any-return]


class SheetMapping(_Record):
    """How one sheet is laid out; letters of columns, rows counted from 1."""

    sheet: str = "*"
    first_row: int = Field(ge=1)
    last_row: int | None = Field(default=None, ge=1)
    label: str = "A"
    labels: dict[str, Meaning] = Field(default_factory=dict)
    columns: dict[str, Meaning]
    ignore: tuple[str, ...] = ()

    @field_validator("columns", "ignore", "label")
    @classmethod
    def _letters(cls, value: Any) -> Any:
        for name in [value] if isinstance(value, str) else value:
            if not (name.isascii() and name.isalpha() and len(name) <= 3):
                raise ValueError(f"{name!r} is not a column letter")
        return value

    def column_meanings(self) -> dict[int, dict[str, str]]:
        """Meanings by column counted from 0."""
        return {column_number(name): meaning.given() for name, meaning in self.columns.items()}

    def fits(self, name: str) -> bool:
        """Whether this entry is for the sheet of that name."""
        return self.sheet == "*" or fold(self.sheet) == fold(name)


class Mapping(_Record):
    """A checked mapping file."""

    name: str = ""
    unit: str = ""
    period: str = ""
    basis: str = ""
    sheets: tuple[SheetMapping, ...] = Field(min_length=1)

    def sheet(self, name: str) -> SheetMapping | None:
        """The entry for a sheet, or None."""
        return next((one for one in self.sheets if one.fits(name)), None)


def load_mapping(path: str | Path, plan: Plan | None = None) -> Mapping:
    """Read and check a mapping file; with a plan also that its indicators and units exist there.

    Raises WrongCall when the file cannot be read, DataRefused with all findings when what it says is wrong.
    """
    path = Path(path)
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WrongCall(f"mapping file {path}: {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataRefused(
            [_wrong(path, "", Said("returns.mapping.unreadable", why=str(error).replace("\n", " ")[:200]))]
        ) from error
    try:
        mapping = Mapping.model_validate(raw)
    except ValidationError as error:
        raise DataRefused(
            [
                _wrong(path, ".".join(map(str, one["loc"])), Said("returns.mapping.entry", why=one["msg"]))
                for one in error.errors()
            ]
        ) from error
    wrong = _unknown(mapping, plan) if plan is not None else []
    if wrong:
        raise DataRefused([_wrong(path, place, what) for place, what in wrong])
    return mapping


def _wrong(path: Path, place: str, what: Said) -> Finding:
    return Finding("error", path.name, place, "mapping-file", what, Said("returns.mapping.do"))


def _unknown(mapping: Mapping, plan: Plan) -> list[tuple[str, Said]]:
    """Places of the file with an indicator or a unit that the plan does not have."""
    known = {"indicator": set(plan.indicators["id"]), "unit": set(plan.units["code"])}
    named = [("unit", "unit", mapping.unit)] if mapping.unit else []
    for number, sheet in enumerate(mapping.sheets):
        for kind, meanings in (("columns", sheet.columns), ("labels", sheet.labels)):
            for name, meaning in meanings.items():
                place = f"sheets.{number}.{kind}.{name}"
                named += [(place, what, value) for what, value in meaning.given().items() if what in known]
    return [
        (place, Said(f"returns.mapping.{what}", name=value, plan=plan.name))
        for place, what, value in named
        if value not in known[what]
    ]


@dataclass
class Table:
    """A table found on a sheet; rows and columns counted from 0.

    `titles`: the lines above the header; `headers`: per column the texts of its header rows from top to bottom;
    `label`, `number`, `measure`: the columns with the names of the rows, their numbers, their units of measure;
    `identity`: columns with personal data, never read.
    """

    titles: list[str]
    first: int
    last: int
    headers: dict[int, list[str]]
    label: int
    number: int | None = None
    measure: int | None = None
    identity: dict[int, str] = field(default_factory=dict)


def find_table(grid: Grid, words: Vocabulary, book: NameBook) -> Table | None:
    """The table of a sheet, or None when no row of figures under a header is found."""
    first = _first_data_row(grid)
    if first is None:
        return None
    end = first
    while end > 0 and (_is_letters(grid, end - 1) or not any(map(_text, grid.rows[end - 1]))):
        end -= 1
    filled = _filled(grid, max(0, end - HEADER_ROWS - 2), end)
    start = end
    while start > 0 and end - start < HEADER_ROWS:
        distinct = {text for text in filled.get(start - 1, []) if text}
        if len(distinct) < 2 and not (start == end and distinct):
            break
        start -= 1
    titles = [text for row in grid.rows[:start] for text in map(_text, row) if text]
    headers: dict[int, list[str]] = {}
    for column in range(grid.width):
        stack: list[str] = []
        for row in range(start, end):
            line = filled.get(row, [])
            text = line[column] if column < len(line) else ""
            if text and (not stack or stack[-1] != text):
                stack.append(text)
        headers[column] = stack
    last = _last_data_row(grid, first)
    identity = _identity_by_content(grid, first, last, book) | {
        column: " ".join(stack) for column, stack in headers.items() if is_identity(" ".join(stack))
    }
    number, measure = (
        next(
            (c for c, stack in headers.items() if stack and words.exact(stack[-1]).get("role") == role), None
        )
        for role in ("number", "measure")
    )
    label = _label_column(grid, headers, first, last, words, {number, *identity})
    return Table(titles, first, last, headers, label, number, measure, identity)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _is_letters(grid: Grid, row: int) -> bool:
    """A row of column letters and numbers: A, B, 1, 2, 3=2/1*100."""
    cells = [str(value).strip() for value in grid.rows[row] if str(value).strip()]
    if len(cells) < 2 or not all(_LETTER.match(cell) for cell in cells):
        return False
    if not all(cell.strip("()").replace(".0", "").isdigit() for cell in cells):
        return True
    numbers = [int(float(cell.strip("()"))) for cell in cells]
    return numbers[0] in (0, 1) and all(b - a == 1 for a, b in pairwise(numbers))


def figures_in(grid: Grid, row: int) -> list[int]:
    """Columns of a row that hold a number, as a number, as text or as a formula whose value is not stored."""
    found = []
    for column, value in enumerate(grid.rows[row]):
        if isinstance(value, bool):
            continue
        if (
            isinstance(value, (int, float))
            or (row, column) in grid.structure.unstored
            or (
                isinstance(value, str)
                and value[:1] in "0123456789+-−(."
                and parse_number(value).state not in (UNREADABLE, MISSING)
            )
        ):
            found.append(column)
    return found


def _is_year(value: object) -> bool:
    return isinstance(value, (int, float)) and 1990 <= value <= 2100


def _first_data_row(grid: Grid) -> int | None:
    for row in range(min(len(grid.rows), 200)):
        if row == 0 or _is_letters(grid, row):
            continue
        figures = figures_in(grid, row)
        texts = [
            column for column, value in enumerate(grid.rows[row]) if _text(value) and column not in figures
        ]
        years = all(_is_year(grid.rows[row][column]) for column in figures)
        if figures and texts and not years and max(figures) > min(texts):
            return _back_over_headings(grid, row)
    return None


def _back_over_headings(grid: Grid, row: int) -> int:
    """Include rows of labels without figures that follow the letter row (headings, units that sent nothing)."""
    for above in range(row - 1, max(row - 6, -1), -1):
        if _is_letters(grid, above):
            return above + 1
    return row


def _last_data_row(grid: Grid, first: int) -> int:
    last = first
    for row in range(first, len(grid.rows)):
        texts = [text for text in map(_text, grid.rows[row]) if text]
        if texts and is_signature(texts) and not figures_in(grid, row):
            break
        if any(value != "" for value in grid.rows[row]):
            last = row
    return last


def _filled(grid: Grid, start: int, end: int) -> dict[int, list[str]]:
    """Rows of the header as texts, merged cells filled with what their first cell holds."""
    rows = {
        row: [text_of(value) for value in grid.rows[row]] + [""] * (grid.width - len(grid.rows[row]))
        for row in range(start, end)
    }
    for top, left, bottom, right in grid.structure.merged:
        if bottom < start or top >= end:
            continue
        text = text_of(grid.at(top, left))
        for row in range(max(top, start), min(bottom + 1, end)):
            for column in range(left, min(right + 1, grid.width)):
                rows[row][column] = text
    return rows


def _label_column(
    grid: Grid,
    headers: dict[int, list[str]],
    first: int,
    last: int,
    words: Vocabulary,
    others: Collection[int | None],
) -> int:
    """The column of row names, which is none of the others."""
    counts: Counter[int] = Counter()
    for row in range(first, min(last, first + 200) + 1):
        for column, value in enumerate(grid.rows[row]):
            text = _text(value)
            if len(text) > 1 and column not in others:
                counts[column] += parse_number(text).state == UNREADABLE
    for column in range(grid.width):
        named = any(words.exact(text).get("role") == "name" for text in headers.get(column, []))
        if counts[column] and named:
            return column
    best = max(counts.values(), default=0)
    return next((c for c in sorted(counts) if counts[c] * 2 >= best > 0), 0)


def _identity_by_content(grid: Grid, first: int, last: int, book: NameBook) -> dict[int, str]:
    """Columns that hold citizen numbers or people's names, whatever their header says; contents never leave."""
    found = {}
    for column in range(grid.width):
        values = [grid.at(row, column) for row in range(first, min(last, first + 400) + 1)]
        texts = [text_of(value) for value in values if value != ""]
        numbers = sum(bool(re.fullmatch(r"\d{9}|\d{12}", text)) for text in texts)
        if numbers >= 2 and numbers * 2 >= len(texts):
            found[column] = ""
            continue
        names = [text.split() for text in map(fold, texts) if text]
        people = sum(2 <= len(one) <= 5 and one[0] in _SURNAMES for one in names)
        if people >= 5 and people * 10 >= 7 * len(names):
            units = sum(bool(book.find(text)) for text in texts[:40])
            if units * 2 < len(texts[:40]):
                found[column] = ""
    return found
