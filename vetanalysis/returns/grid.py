"""From a file to grids of cells: values by calamine, structure by a pass of its own, texts repaired.

`read_cells` accepts .xlsx, .xls, .ods and .csv, decides by content, and never raises: what cannot be opened
comes back as a `Workbook` without grids whose findings say why.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from vetanalysis.blocks import Said
from vetanalysis.checks import is_number
from vetanalysis.errors import Finding
from vetanalysis.returns.files import MAX_CELLS, MAX_SHEETS, content_of, name_of, reaches_outside, utf16_of
from vetanalysis.returns.findings import finding_of
from vetanalysis.returns.key import Place, address, place_of
from vetanalysis.returns.names import charset_of_font, compose, compose_lines, detect, repair, well_formed
from vetanalysis.returns.structure_other import read_ods_structures, read_xls_structures
from vetanalysis.returns.structure_xlsx import MAX_MERGED, BadXml, Structure, TooLarge, read_structures

_MAX_EDGES = 200_000
_SUM = re.compile(r"(?:SUM|[A-Z]{1,3}\$?\d|[\d$:+,; ()])+")  # adds cells and numbers, nothing else
_SUMS_TRIED = 100
_REFERENCE = re.compile(r"(?<![\w!'\]])(\$?[A-Z]{1,3}\$?\d{1,7})(?::(\$?[A-Z]{1,3}\$?\d{1,7}))?(?![\w(!])")
_OTHER_BOOK = re.compile(r"\[[^\[\]]+\]")
_STRUCTURES: Mapping[str, Callable[[bytes], Sequence[Structure | None]]] = {
    "xlsx": read_structures, "ods": read_ods_structures, "xls": read_xls_structures,
}  # fmt: skip
Cell = object


@dataclass(frozen=True)
class Grid:
    """One sheet: `rows[r][c]` holds "" for an empty cell; texts are composed Unicode, whatever their font was.

    `structure` tells what the values do not (hidden parts, merged cells, formulas, percent formats);
    `refused` holds places whose value must not be used (a formula that reaches outside or refers to itself,
    an error value).
    """

    name: str
    rows: Sequence[Sequence[Cell]] = field(repr=False, default=())
    structure: Structure = field(repr=False, default_factory=Structure)
    hidden: bool = False
    refused: frozenset[Place] = frozenset()

    def at(self, row: int, column: int) -> Cell:
        """The value of a cell; "" outside the grid."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    @cached_property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    @cached_property
    def merged(self) -> Mapping[Place, tuple[range, range]]:
        """Rows and columns of each merged area by its first place, which holds its value."""
        areas = self.structure.merged
        return {
            (top, left): (range(top, bottom + 1), range(left, right + 1))
            for top, left, bottom, right in areas
        }


@dataclass(frozen=True)
class Workbook:
    """A file as grids; `kind` is "" when it was refused, and then the findings say why."""

    path: Path
    file: str
    kind: str
    sha256: str
    grids: tuple[Grid, ...] = ()
    findings: tuple[Finding, ...] = ()

    def grid(self, name: str) -> Grid | None:
        """The sheet of that name (exactly), or None."""
        return next((grid for grid in self.grids if grid.name == name), None)


def text_of(cell: Cell) -> str:
    """A cell as text: a whole number without decimals ("183"), no spaces around it."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def words_in(cell: Cell) -> str:
    """The words of a cell; "" where it holds a number or nothing."""
    return cell.strip() if isinstance(cell, str) else ""


def read_cells(path: str | Path) -> Workbook:
    """Open one file of a return. Never raises: see `vetanalysis.returns.findings` for what can be found."""
    path = Path(path)
    findings: list[Finding] = []
    file = name_of(path)
    try:
        return _opened(path, file, findings)
    except Exception as error:  # whatever a file holds: it is told of that file, and the others are read
        return Workbook(path, file, "", "", findings=(*findings, _damaged(file, type(error).__name__)))


def _opened(path: Path, file: str, findings: list[Finding]) -> Workbook:
    kind, data = content_of(path, findings)
    digest = hashlib.sha256(data).hexdigest() if data else ""
    opener = _Opener(file, findings)
    grids = (
        [] if not kind else opener.of_text(data, path.stem) if kind == "csv" else opener.of_book(data, kind)
    )
    refused = not grids and any(one.severity == "error" for one in findings)
    return Workbook(path, file, "" if refused else kind, digest, tuple(grids), tuple(findings))


def _damaged(file: str, reason: str) -> Finding:
    reason = compose(reason)[:80]
    return finding_of("file-damaged", file, "", Said("returns.damaged", reason=reason))


_UNREADABLE = (
    BadXml, OSError, ValueError, KeyError, IndexError, EOFError, RuntimeError, zipfile.BadZipFile, MemoryError,
)  # fmt: skip


def _guarded(action: Callable[[], Any]) -> Any:
    """Run a step of the reading library; a panic inside it, which is no `Exception`, becomes `BadXml`."""
    from python_calamine import CalamineError, PasswordError

    try:
        return action()
    except (KeyboardInterrupt, SystemExit, PasswordError):
        raise
    except CalamineError as error:
        raise BadXml(str(error)) from error
    except BaseException as error:
        raise BadXml(f"{type(error).__name__}") from error


@dataclass(frozen=True)
class _Opener:
    """One file while its grids are made; what is noticed on the way is added to the findings."""

    file: str
    findings: list[Finding]

    def note(self, rule: str, what: Said, sheet: str = "", place: Place | None = None) -> None:
        cell = address(place) if place else ""
        self.findings.append(finding_of(rule, self.file, cell, what, sheet=sheet))

    def of_book(self, data: bytes, kind: str) -> list[Grid]:
        """The sheets of a workbook; one that is no table of cells is left out."""
        import python_calamine as calamine

        try:
            structures = _STRUCTURES[kind](data)
            book = _guarded(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
            sheets = book.sheets_metadata
        except calamine.PasswordError:
            self.note("file-password", Said("returns.password"))
            return []
        except TooLarge as error:
            cell, several = address(error.sheet.last), error.sheet.before > 0
            what = Said("returns.reaches_to", cell=cell, sheets=several, most=MAX_CELLS)
            self.note("sheet-dimension", what, compose(error.sheet.name))
            return []
        except _UNREADABLE as error:
            self.findings.append(_damaged(self.file, str(error)))
            return []
        if len(sheets) > MAX_SHEETS:
            self.note("sheet-count", Said("returns.too_many_sheets", count=len(sheets), most=MAX_SHEETS))
            return []
        grids = []
        for number, (sheet, structure) in enumerate(zip(sheets, structures, strict=False)):
            if structure is None:
                continue
            name = compose(sheet.name)
            try:
                values = _guarded(partial(book.get_sheet_by_index, number))
                rows = _guarded(partial(values.to_python, skip_empty_area=False))
            except _UNREADABLE as error:
                self.findings.append(_damaged(self.file, f"{name}: {error}"))
                continue
            hidden = sheet.visible != calamine.SheetVisibleEnum.Visible
            grids.append(self._finished(name, rows, structure, hidden))
        return grids

    def of_text(self, data: bytes, name: str) -> list[Grid]:
        """The only sheet of a text file, which has the name of the file."""
        text = decode_csv(data)
        rows: list[list[Cell]] = []
        cells = 0
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)):
                cells += len(row)
                if cells > MAX_CELLS:
                    what = Said("returns.too_many_cells", count=MAX_CELLS)
                    self.note("sheet-dimension", what, place=(len(rows), 0))
                    return []
                rows.append(list(row))
        except csv.Error:
            what = Said("returns.cell_too_long", most=csv.field_size_limit())
            self.note("sheet-dimension", what, place=(len(rows), 0))
            return []
        return [self._finished(compose(name), rows, Structure(), hidden=False)]

    def _finished(self, name: str, rows: list[list[Cell]], structure: Structure, hidden: bool) -> Grid:
        """Repair the texts, settle the formulas, and say what was noticed on the way."""
        if structure.merged_count >= MAX_MERGED:
            self.note("sheet-merged", Said("returns.merged", count=structure.merged_count), name)
        self._repair_texts(rows, structure, name)
        refused = set(structure.errors)
        for place in sorted(structure.errors)[:50]:
            self.note("cell-error", Said("returns.error_cell"), name, place)
        if structure.formulas:
            refused |= self._settle_formulas(name, rows, structure)
        for place, words in sorted(structure.comments.items())[:50]:
            self.note("cell-comment", Said("returns.comment", words=compose(words)[:200]), name, place)
        return Grid(name, rows, structure, hidden, frozenset(refused))

    def _repair_texts(self, rows: list[list[Cell]], structure: Structure, name: str) -> None:
        by_font = {place: charset_of_font(font) for place, font in structure.fonts.items()}
        texts = [
            cell
            for r, row in enumerate(rows)
            for c, cell in enumerate(row)
            if isinstance(cell, str) and cell and not cell.isascii() and (r, c) not in by_font
        ]
        guessed = detect(texts)
        changed, example = 0, ""
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if not isinstance(cell, str) or not cell:
                    continue
                font = structure.fonts.get((r, c), "")
                if font or (guessed and not cell.isascii()):
                    text = repair(cell, by_font.get((r, c), guessed), font)
                    if text != cell:
                        changed, example = changed + 1, example or f"{compose(cell)} → {text}"
                else:
                    text = cell
                if not (text.isascii() and text.isprintable()) or text[:1] == " " or text[-1:] == " ":
                    text = compose_lines(text)
                row[c] = text
        if changed:
            label = {"tcvn3": "TCVN3 (.VnTime)", "vni": "VNI", "utf8": "UTF-8"}
            which = "/".join(sorted({label[one] for one in (*by_font.values(), guessed) if one}))
            what = Said("returns.old_font", count=changed, codes=which, example=example[:80])
            self.note("old-font", what, name)

    def _settle_formulas(self, name: str, rows: list[list[Cell]], structure: Structure) -> set[Place]:
        """Places that must not be used; every other formula without a stored value gets an (empty) cell in `rows`."""
        refused, formulas = set(), structure.formulas
        for place, formula in formulas.items():
            if reaches_outside("=" + formula):
                refused.add(place)
                what = Said("returns.formula_outside", formula=compose(formula)[:60])
                self.note("formula-command", what, name, place)
            elif _OTHER_BOOK.search(formula):
                self.note("file-links", Said("returns.formula_other_file"), name, place)
        loops = cyclic(formulas)
        if loops:
            refused |= loops
            what = Said("returns.formula_cycle", cells=tuple(address(place) for place in sorted(loops)[:8]))
            self.note("formula-cycle", what, name, min(loops))
        stored = {place: text for place, text in formulas.items() if place not in structure.unstored}
        if _never_worked_out(rows, stored):
            structure.unstored |= set(stored)
            for row, column in stored:
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = ""
        structure.unstored -= refused
        for row, column in structure.unstored:
            rows += ([] for _ in range(row + 1 - len(rows)))
            rows[row] += [""] * (column + 1 - len(rows[row]))
        return refused


def _never_worked_out(rows: list[list[Cell]], formulas: Mapping[Place, str]) -> bool:
    """Whether a program stored 0 for every formula of a sheet, though one of them only adds what is not zero."""
    typed = {
        (row, column): cell
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if is_number(cell) and cell
    }
    stored = (rows[row][column] for row, column in formulas if row < len(rows) and column < len(rows[row]))
    if any(cell is True or cell != 0 for cell in stored) or min(typed.values(), default=0) < 0:
        return False
    sums = [one for one in map(str.upper, formulas.values()) if len(one) < 200 and _SUM.fullmatch(one)]
    for text in sums[:_SUMS_TRIED]:
        if any(int(number) for number in re.findall(r"(?<![A-Z0-9$:])\d+(?![\d:])", text)):
            return True
        for (top, bottom), (left, right) in _boxes(text):
            if any(top <= row <= bottom and left <= column <= right for row, column in typed):
                return True
    return False


def _boxes(formula: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """First and last row, first and last column of each cell or range that a formula names."""
    for first, last in _REFERENCE.findall(formula):
        one, other = place_of(first), place_of(last or first)
        if one and other:
            (top, bottom), (left, right) = map(sorted, zip(one, other, strict=True))
            yield (top, bottom), (left, right)


def cyclic(formulas: Mapping[Place, str]) -> set[Place]:
    """Places whose formula refers to itself, directly or through other formulas of the sheet."""
    rows_of: dict[int, list[int]] = {}
    for row, column in sorted(formulas):
        rows_of.setdefault(column, []).append(row)
    columns = sorted(rows_of)
    targets: dict[Place, set[Place]] = {place: set() for place in formulas}
    sources: dict[Place, set[Place]] = {place: set() for place in formulas}
    counted = 0
    for place, text in formulas.items():
        for (top, bottom), (left, right) in _boxes(text.upper()):
            for column in columns[bisect_left(columns, left) : bisect_right(columns, right)]:
                rows = rows_of[column]
                for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
                    targets[place].add((row, column))
                    sources[row, column].add(place)
                    counted += 1
            if counted > _MAX_EDGES:
                return set()
    return _blocked(targets) & _blocked(sources)


def _blocked(edges: Mapping[Place, set[Place]]) -> set[Place]:
    """What is on a cycle or leads to one."""
    sorter = TopologicalSorter(edges)
    try:
        sorter.prepare()
    except CycleError:
        free: set[Place] = set()
        while ready := sorter.get_ready():
            free.update(ready)
            sorter.done(*ready)
        return set(edges) - free
    return set()


def decode_csv(data: bytes) -> str:
    """The text of a .csv: UTF-8 or UTF-16 with or without mark, else the Windows code that reads better."""
    if charset := utf16_of(data):
        return data.decode(charset, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    latin = data.decode("latin-1")
    vietnamese = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    return vietnamese if well_formed(re.sub(r'[",;|]', " ", vietnamese[:20_000])) > 0.8 else latin


def delimiter_of(text: str) -> str:
    """The separator of a .csv: the one that cuts most of the first lines into the same number of parts."""
    lines = [line for line in text[:20_000].splitlines()[:60] if line.strip()]
    best, score = ",", 0.0
    for mark in (",", ";", "\t", "|"):
        counts = [line.count(mark) for line in lines]
        usual = max(set(counts), key=counts.count) if counts else 0
        here = counts.count(usual) * (1 + min(usual, 50) / 100) if usual else sum(c > 0 for c in counts) / 4
        if here > score:
            best, score = mark, here
    return best
