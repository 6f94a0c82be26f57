"""The structure of an .xlsx that its values do not show: hidden parts, formulas, fonts, merged cells.

One pass of the expat parser over each sheet, so that the forty workbooks of a quarter stay cheap (a full
object model is several times slower) and a sheet's true extent is known before its values are loaded.
Document types and entities are refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from vetanalysis.returns.files import MAX_CELLS
from vetanalysis.returns.key import Place, place_of
from vetanalysis.returns.names import charset_of_font

LONGEST = 255  # marks a format may have; of a longer one the rest is not looked at
_PARTS = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[([^\[\]]*)\]|(;)|(.)', re.DOTALL)
_DIGITS = frozenset("0#?@")
_DATES = frozenset("dmyhsg")
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
_CURRENCY = re.compile(r"\$([^-]*)")


class Shown(NamedTuple):
    """What a format does: `percent` shows a hundred times the figure, `sign` a percent sign and nothing else,
    `scaled` a thousandth (or less) of it, `hidden` no figure at all; `words` stand beside it ("nghìn", "₫").
    """

    percent: bool = False
    sign: bool = False
    scaled: bool = False
    hidden: bool = False
    words: str = ""


PLAIN = Shown()


def shown_by(code: str) -> Shown:
    """What a format such as `#,##0,` or `0.0"%"` does to a figure above zero."""
    bare, words = [""], [""]
    for quoted, escaped, bracket, section, mark in _PARTS.findall(code[:LONGEST]):
        currency = _CURRENCY.match(bracket) if bracket else None
        if section:
            bare.append("")
            words.append("")
        elif mark and (mark in "0#?@.,%-+/() " or mark.isascii()):
            bare[-1] += mark
        else:
            words[-1] += quoted or escaped or (currency.group(1) if currency else "") or mark
    first, seen = bare[0], bare[:2]
    marks = frozenset(first.lower().replace("general", "0"))
    return Shown(
        percent=any("%" in one for one in seen),
        sign=any("%" in one for one in words[:2]),
        scaled=any(_SCALED.search(one) for one in seen),
        hidden=bool(code) and not marks & (_DIGITS | _DATES),
        words=words[0].replace("%", " ").replace("₫", " dong ").strip(),
    )


MAX_MERGED = 5_000
_MAX_TREE = 8 * 2**20  # bytes of a part that is read as a whole


@dataclass
class Structure:
    """What one sheet holds beside its values; places are (row, column), counted from 0.

    `name`: of the sheet as the file writes it; `before`: cells that the sheets before it span. `last`: the farthest
    place with content; `merged`: (first row, first column, last row, last column); `formats`: number formats that are
    not plain (per cent, thousands, words beside the figure); `fonts`: cells in a font of an old charset; `unstored`:
    formulas without a stored value; `errors`: cells that show #REF! and the like.
    """

    name: str = ""
    before: int = 0
    last: Place = (-1, -1)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    merged_count: int = 0
    formulas: dict[Place, str] = field(default_factory=dict)
    unstored: set[Place] = field(default_factory=set)
    formats: dict[Place, str] = field(default_factory=dict)
    fonts: dict[Place, str] = field(default_factory=dict)
    errors: set[Place] = field(default_factory=set)
    comments: dict[Place, str] = field(default_factory=dict)

    def shown(self, place: Place) -> Shown:
        """What the number format of a cell makes of its figure."""
        return shown_by(self.formats[place]) if place in self.formats else PLAIN

    def reach(self, row: int, column: int) -> None:
        """Take a place with content into `last`; TooLarge once the file spans more cells than it may."""
        if row > self.last[0] or column > self.last[1]:
            self.last = max(self.last[0], row), max(self.last[1], column)
            if self.cells > MAX_CELLS:
                raise TooLarge(self)

    @property
    def cells(self) -> int:
        """Cells that the sheets up to this one span."""
        return self.before + (self.last[0] + 1) * (self.last[1] + 1)


class TooLarge(Exception):
    """Internal: the sheets of a file span more cells than they may; `sheet` is the one that goes beyond."""

    def __init__(self, sheet: Structure) -> None:
        super().__init__()
        self.sheet = sheet


class BadXml(Exception):
    """Internal: a part that is not well-formed or declares a document type."""


def read_structures(data: bytes) -> list[Structure | None]:
    """One structure per sheet in workbook order; None for a sheet that is no table of cells (a chart)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {name.lower(): name for name in archive.namelist()}

        def read(name: str) -> bytes | None:
            real = names.get(name.lower())
            return archive.read(real) if real else None

        formats, fonts = _styles(read("xl/styles.xml"))
        workbook = read("xl/workbook.xml")
        if workbook is None:
            raise BadXml("xl/workbook.xml")
        targets = _relations(read("xl/_rels/workbook.xml.rels"), "xl")
        structures: list[Structure | None] = []
        spanned = 0
        for sheet in (one for one in _tree(workbook).iter() if _local(one.tag) == "sheet"):
            link = next((value for key, value in sheet.attrib.items() if _local(key) == "id"), "")
            part = targets.get(link, ("", ""))[1]
            if "worksheets" not in part:
                structures.append(None)
                continue
            structure = _Pass(Structure(sheet.get("name", ""), spanned), formats, fonts).run(
                read(part) or b""
            )
            spanned = structure.cells
            for kind, target in _relations(
                read(join(dirname(part), "_rels", part.rpartition("/")[2] + ".rels")), dirname(part)
            ).values():
                if kind.endswith("/comments"):
                    structure.comments = _comments(read(target))
            structures.append(structure)
    return structures


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _tree(data: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise BadXml("document type")
    if len(data) > _MAX_TREE:
        raise BadXml(f"part of {len(data) >> 20} MB")
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError) as error:
        raise BadXml(str(error)) from error


def _relations(data: bytes | None, folder: str) -> dict[str, tuple[str, str]]:
    """Identifier to (type, part name) of a .rels part; targets outside the file are left out."""
    if not data:
        return {}
    result = {}
    for one in _tree(data):
        target = one.get("Target", "")
        if one.get("TargetMode") != "External":
            name = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            result[one.get("Id", "")] = (one.get("Type", ""), name)
    return result


def _styles(data: bytes | None) -> tuple[dict[int, str], dict[int, str]]:
    """Style numbers with a format that is not plain, and those in a font of an old charset with its name."""
    if not data:
        return {}, {}
    root = _tree(data)
    formats, fonts, styles = {}, [], []
    for block in root:
        name = _local(block.tag)
        if name == "numFmts":
            formats = {one.get("numFmtId"): one.get("formatCode", "") for one in block}
        elif name == "fonts":
            fonts = [
                next((part.get("val", "") for part in one if _local(part.tag) == "name"), "") for one in block
            ]
        elif name == "cellXfs":
            styles = list(block)
    codes = [style.get("numFmtId", "0") for style in styles]
    texts = [formats.get(code, "0%" if code in ("9", "10") else "") for code in codes]
    return unusual(texts, [int(style.get("fontId") or 0) for style in styles], fonts)


def unusual(
    formats: Sequence[str], fonts: Sequence[int], names: Sequence[str]
) -> tuple[dict[int, str], dict[int, str]]:
    """Of the formats and fonts of all styles those that are not plain, and those of an old charset by name."""
    named = (names[font] if font < len(names) else "" for font in fonts)
    return (
        {number: code for number, code in enumerate(formats) if shown_by(code) != PLAIN},
        {number: name for number, name in enumerate(named) if charset_of_font(name)},
    )


def _comments(data: bytes | None) -> dict[Place, str]:
    if not data:
        return {}
    notes = {}
    for one in (one for one in _tree(data).iter() if _local(one.tag) == "comment"):
        place = place_of(one.get("ref", ""))
        if place:
            notes[place] = "".join(part.text or "" for part in one.iter() if _local(part.tag) == "t")
    return notes


def parse(parser: expat.XMLParserType, data: bytes) -> None:
    """Send a part through a parser; BadXml where it declares a document type or is not well-formed."""

    def refuse(*_: object) -> None:
        raise BadXml("document type")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise BadXml(str(error)) from error


class _Pass:
    """The expat callbacks over one sheet: a cell is closed where the next one begins, which spares a call for each."""

    def __init__(self, sheet: Structure, formats: dict[int, str], fonts: dict[int, str]) -> None:
        self.sheet, self.formats, self.fonts = sheet, formats, fonts
        self.row, self.column = -1, -1
        self.cell: dict[str, str] | None = None
        self.has_value = self.has_formula = False
        self.formula: list[str] = []

    def run(self, data: bytes) -> Structure:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        parse(self.parser, data)
        self.close_cell()
        return self.sheet

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "c":
            if self.has_value or self.has_formula:
                self.close_cell()
            place = place_of(attributes["r"]) if "r" in attributes else None
            self.row, self.column = place or (self.row, self.column + 1)
            self.cell, self.has_value, self.has_formula = attributes, False, False
        elif tag == "v" and self.has_formula and self.cell is not None and self.cell.get("t", "n") == "n":
            self.read_text(self.stored)  # an empty <v> is no stored value
        elif tag == "v" or tag == "is":
            self.has_value = True
        elif tag == "f":
            self.has_formula, self.formula = True, []
            self.read_text(self.formula.append)
        else:
            self.close_cell()
            self.beside_cells(tag, attributes)

    def beside_cells(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            number = attributes.get("r", "")
            self.row = int(number) - 1 if number.isdigit() else self.row + 1
            self.column = -1
            if attributes.get("hidden") in ("1", "true"):
                self.sheet.hidden_rows.add(self.row)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = (int(attributes.get(end, "0")) for end in ("min", "max"))
            self.sheet.hidden_columns.update(range(first - 1, min(last, first + 1023)))
        elif tag == "mergeCell":
            self.sheet.merged_count += 1
            first_end, _, last_end = attributes.get("ref", "").partition(":")
            upper, lower = place_of(first_end), place_of(last_end)
            if upper and lower and len(self.sheet.merged) < MAX_MERGED:
                self.sheet.merged.append((*upper, *lower))

    def read_text(self, taker: Callable[[str], object]) -> None:
        """Give the characters up to the end of the element to `taker`."""
        self.parser.CharacterDataHandler, self.parser.EndElementHandler = taker, self.end_of_text

    def end_of_text(self, tag: str) -> None:
        if tag.rpartition(":")[2] in ("f", "v"):
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None

    def stored(self, text: str) -> None:
        self.has_value = self.has_value or bool(text.strip())

    def close_cell(self) -> None:
        cell, self.cell = self.cell, None
        if cell is None or not (self.has_value or self.has_formula):
            return
        place, sheet = (self.row, self.column), self.sheet
        sheet.reach(self.row, self.column)
        if self.has_formula:
            sheet.formulas[place] = "".join(self.formula)
            if not self.has_value:
                sheet.unstored.add(place)
        if not self.has_value:
            return
        kind = cell.get("t", "n")
        style = int(cell["s"] or 0) if "s" in cell else 0
        if kind == "e":
            sheet.errors.add(place)
        elif kind == "n":
            if style in self.formats:
                sheet.formats[place] = self.formats[style]
        elif style in self.fonts:
            sheet.fonts[place] = self.fonts[style]
