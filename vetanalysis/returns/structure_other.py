"""The structure of an .ods and of an .xls: extent, hidden parts, merged cells, formulas, old fonts.

.ods: one expat pass over styles.xml and one over content.xml. .xls (compound file, BIFF8 records): only the few
record types that carry structure are read ([MS-XLS] 2.4, [MS-CFB] 2); values come from calamine.
"""

from __future__ import annotations

import io
import math
import struct
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from vetanalysis.returns.structure_xlsx import MAX_MERGED, PLAIN, BadXml, Structure, parse, shown_by, unusual

MAX_RECORDS = 3_000_000
MAX_COLUMNS, MAX_REPEATED = 1024, 100
_FIGURES = ("float", "currency")
_NUMBER_STYLES = ("number:number-style", "number:currency-style", "number:percentage-style")
_DIGITS = ("number:number", "number:scientific-number", "number:fraction")
_WORDS = ("number:text", "number:currency-symbol")
_NO_FIGURE = '""'  # a format that shows nothing
_FREE = 0xFFFFFFFA  # and above: markers, not sectors
_CELLS = {0x0203, 0x027E, 0x00FD, 0x0204, 0x0205, 0x0006}


def read_ods_structures(data: bytes) -> list[Structure]:
    """One structure per table of content.xml, in order; the named styles of the book stand in styles.xml."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
        named = archive.read("styles.xml") if "styles.xml" in archive.namelist() else b""
    styles = _Styles()
    reader = _Tables(styles)
    for part, handler in ((named, styles), (content, reader)):
        if part:
            parser = expat.ParserCreate()
            parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
            parser.CharacterDataHandler = styles.text
            parse(parser, part)
    return reader.tables


class _Styles:
    """The expat callbacks over styles: what each cell style makes of a figure, as the code of an .xlsx writes it."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}  # of number styles
        self.of_cells: dict[str, tuple[str, str]] = {}  # number style and parent of cell styles
        self.name = ""
        self.quoted = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = attributes.get("style:name", "")
        if tag in _NUMBER_STYLES:
            self.name, self.codes[name] = name, ""
        elif tag == "style:style" and attributes.get("style:family") == "table-cell":
            of = attributes.get("style:data-style-name", ""), attributes.get("style:parent-style-name", "")
            self.of_cells[name] = of
        elif not self.name:
            return
        elif tag in _DIGITS:
            factor = float(attributes.get("number:display-factor", "1"))
            self.codes[self.name] += "0" + "," * max(0, round(math.log(factor, 1000)) if factor > 1 else 0)
        elif tag in _WORDS:
            self.quoted = True
        elif tag == "style:map" and ">" in attributes.get("style:condition", ""):
            positive = self.codes.get(attributes.get("style:apply-style-name", ""), "")
            self.codes[self.name] = f"{positive};{self.codes[self.name]}"

    def text(self, words: str) -> None:
        if self.quoted:
            self.codes[self.name] += '"' + words.replace('"', "") + '"'

    def end(self, tag: str) -> None:
        if tag in _WORDS:
            self.quoted = False
        elif tag in _NUMBER_STYLES:
            self.codes[self.name] = self.codes[self.name] or _NO_FIGURE
            self.name = ""

    def code(self, style: str) -> str:
        """The number format of a cell style, its own or the nearest of those it builds on; "" for a plain one."""
        seen: set[str] = set()
        while style in self.of_cells and style not in seen:
            seen.add(style)
            number, parent = self.of_cells[style]
            if number:
                code = self.codes.get(number, "")
                return code if shown_by(code) != PLAIN else ""
            style = parent
        return ""


class _Tables:
    """The expat callbacks: repeated rows and cells are counted, not unrolled."""

    def __init__(self, styles: _Styles) -> None:
        self.styles = styles
        self.tables: list[Structure] = []
        self.row = self.column = 0
        self.repeat_row = self.repeat_cell = 1
        self.row_last = -1
        self.filled = self.in_note = False
        self.at: dict[str, str] = {}  # the attributes of the cell
        self.row_formats: dict[int, str] = {}
        self.of_columns: list[str] = []  # the styles of cells without one of their own

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "office:annotation":
            self.in_note = True
        elif tag == "table:table":
            spanned = self.tables[-1].cells if self.tables else 0
            self.tables.append(Structure(attributes.get("table:name", ""), spanned))
            self.row = self.column_defs = 0
            self.of_columns = []
        elif not self.tables:
            self.styles.start(tag, attributes)
        elif self.in_note:
            return
        elif tag == "table:table-column":
            repeated = int(attributes.get("table:number-columns-repeated", "1"))
            if attributes.get("table:visibility") in ("collapse", "filter") and repeated < 1024:
                self.tables[-1].hidden_columns.update(range(self.column_defs, self.column_defs + repeated))
            self.column_defs += repeated
            style = attributes.get("table:default-cell-style-name", "")
            self.of_columns += [style] * min(repeated, MAX_COLUMNS - len(self.of_columns))
        elif tag == "table:table-row":
            self.column, self.row_last, self.row_formats = 0, -1, {}
            self.repeat_row = int(attributes.get("table:number-rows-repeated", "1"))
            hidden = attributes.get("table:visibility") in ("collapse", "filter")
            if hidden and self.repeat_row < 100_000:
                self.tables[-1].hidden_rows.update(range(self.row, self.row + self.repeat_row))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.cell(attributes)
        elif tag == "text:p":
            self.filled = True

    def cell(self, attributes: dict[str, str]) -> None:
        sheet = self.tables[-1]
        self.repeat_cell = int(attributes.get("table:number-columns-repeated", "1"))
        self.at, self.filled = attributes, "office:value-type" in attributes
        place = (self.row, self.column)
        if formula := attributes.get("table:formula"):
            sheet.reach(*place)
            sheet.formulas[place] = formula.partition("=")[2].replace("[.", "").replace("]", "")
        if attributes.get("calcext:value-type") == "error":
            sheet.errors.add(place)
        rows = int(attributes.get("table:number-rows-spanned", "1"))
        columns = int(attributes.get("table:number-columns-spanned", "1"))
        if rows > 1 or columns > 1:
            sheet.merged_count += 1
            if len(sheet.merged) < MAX_MERGED:
                sheet.merged.append((*place, place[0] + rows - 1, place[1] + columns - 1))

    def format(self) -> str:
        """What the format of the cell shows that is not plain; a share in per cent is told by its type."""
        kind = self.at.get("office:value-type")
        if kind == "percentage":
            return "0%"
        column = self.of_columns[self.column] if self.column < len(self.of_columns) else ""
        return self.styles.code(self.at.get("table:style-name") or column) if kind in _FIGURES else ""

    def end(self, tag: str) -> None:
        if not self.tables:
            self.styles.end(tag)
        elif tag == "office:annotation":
            self.in_note = False
        elif self.in_note:
            return
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            sheet = self.tables[-1]
            if "table:formula" in self.at and not self.filled:
                sheet.unstored.add((self.row, self.column))
            if code := self.format():
                repeated = range(self.column, self.column + min(self.repeat_cell, MAX_COLUMNS))
                self.row_formats |= dict.fromkeys(repeated, code)
            self.column += self.repeat_cell
            if self.filled:
                self.row_last = self.column - 1
            self.filled = False
        elif tag == "table:table-row":
            for row in range(self.row, self.row + min(self.repeat_row, MAX_REPEATED)):
                self.tables[-1].formats |= {(row, column): code for column, code in self.row_formats.items()}
            self.row += self.repeat_row
            if self.row_last >= 0:
                self.tables[-1].reach(self.row - 1, self.row_last)


def read_xls_structures(data: bytes) -> list[Structure | None]:
    """One structure per sheet in workbook order; None for charts and macro sheets."""
    try:
        return _read(_workbook_stream(data))
    except (struct.error, IndexError) as error:
        raise BadXml(f"compound file: {error}") from error


def _workbook_stream(data: bytes) -> bytes:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if not (7 <= shift <= 16 and 3 <= mini_shift < shift):
        raise BadXml("compound file: sector size")
    size = 1 << shift
    directory_start, cutoff, mini_start = struct.unpack_from("<I4xII", data, 48)
    table: list[int] = list(struct.unpack_from("<109I", data, 76))
    extra = struct.unpack_from("<I", data, 68)[0]
    for _ in range(len(data) // size):
        if extra >= _FREE:
            break
        entries = struct.unpack_from(f"<{size // 4}I", data, (extra + 1) * size)
        table.extend(entries[:-1])
        extra = entries[-1]
    fat: list[int] = []
    for sector in table:
        if sector < _FREE and (sector + 2) * size <= len(data) + size - 1:
            piece = data[(sector + 1) * size : (sector + 2) * size].ljust(size, b"\xff")
            fat.extend(struct.unpack(f"<{size // 4}I", piece))

    def chain(start: int) -> bytes:
        parts, seen = [], 0
        while start < _FREE:
            seen += 1
            if start >= len(fat) or seen > len(fat) or (start + 1) * size >= len(data):
                raise BadXml("compound file: sector chain")
            parts.append(data[(start + 1) * size : (start + 2) * size])
            start = fat[start]
        return b"".join(parts)

    directory, root, found = chain(directory_start), None, None
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", errors="replace")
        start, length = struct.unpack_from("<II", directory, at + 116)
        if directory[at + 66] == 5:
            root = start
        elif name in ("Workbook", "Book") and directory[at + 66] == 2 and found is None:
            found = start, length
    if found is None:
        raise BadXml("compound file: no workbook")
    start, length = found
    if length >= cutoff or root is None:
        return chain(start)[:length]
    small, mini = chain(root), chain(mini_start)
    links = struct.unpack(f"<{len(mini) // 4}I", mini)
    parts: list[bytes] = []
    while start < _FREE:
        if start >= len(links) or len(parts) > len(links):
            raise BadXml("compound file: short sector chain")
        parts.append(small[start << mini_shift : (start + 1) << mini_shift])
        start = links[start]
    return b"".join(parts)[:length]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records of one substream, from its BOF to its EOF; nested substreams (charts) are passed over."""
    depth = 0
    for _ in range(MAX_RECORDS):
        if at + 4 > len(stream):
            return
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind in (0x0809, 0x0409):
            depth += 1
        elif kind == 0x000A:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, body


def _read(stream: bytes) -> list[Structure | None]:
    sheets, fonts, styles, formats = [], [], [], {}
    for kind, body in _records(stream, 0):
        if kind == 0x0085:
            sheets.append((*struct.unpack_from("<IxB", body, 0), _short_text(body, 6)))
        elif kind == 0x0031:
            fonts.append(_short_text(body, 14))
        elif kind == 0x00E0:
            styles.append(struct.unpack_from("<HH", body, 0))
        elif kind == 0x041E:
            formats[struct.unpack_from("<H", body, 0)[0]] = _long_text(body, 2)
    codes = [formats.get(code, "0%" if code in (9, 10) else "") for _, code in styles]
    shown, old = unusual(
        codes, [font - (font > 4) for font, _ in styles], fonts
    )  # font number 4 does not exist
    structures: list[Structure | None] = []
    spanned = 0
    for offset, kind, name in sheets:
        if kind:
            structures.append(None)
            continue
        sheet = _sheet(stream, offset, Structure(name, spanned), shown, old)
        spanned = sheet.cells
        structures.append(sheet)
    return structures


def _long_text(body: bytes, at: int) -> str:
    return _text(body, at + 2, struct.unpack_from("<H", body, at)[0]) if len(body) > at + 2 else ""


def _short_text(body: bytes, at: int) -> str:
    return _text(body, at + 1, body[at])


def _text(body: bytes, at: int, length: int) -> str:
    wide = body[at] & 1
    raw = body[at + 1 : at + 1 + length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", errors="replace")


def _sheet(
    stream: bytes, offset: int, sheet: Structure, formats: dict[int, str], old: dict[int, str]
) -> Structure:
    for kind, body in _records(stream, offset):
        if kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", body, 0)
            place = (row, column)
            sheet.reach(*place)
            if kind in (0x00FD, 0x0204):
                if style in old:
                    sheet.fonts[place] = old[style]
                continue
            if style in formats:
                sheet.formats[place] = formats[style]
            if kind == 0x0006:
                sheet.formulas[place] = ""
                if len(body) > 13 and body[6] == 2 and body[12:14] == b"\xff\xff":
                    sheet.errors.add(place)
            elif kind == 0x0205 and len(body) > 7 and body[7]:
                sheet.errors.add(place)
        elif kind == 0x00BD:
            row, first = struct.unpack_from("<HH", body, 0)
            last = struct.unpack_from("<H", body, len(body) - 2)[0]
            sheet.reach(row, last)
            for number in range(min(last - first + 1, (len(body) - 6) // 6)):
                style = struct.unpack_from("<H", body, 4 + 6 * number)[0]
                if style in formats:
                    sheet.formats[row, first + number] = formats[style]
        elif kind == 0x0208 and len(body) >= 16 and struct.unpack_from("<H", body, 12)[0] & 0x20:
            sheet.hidden_rows.add(struct.unpack_from("<H", body, 0)[0])
        elif kind == 0x007D and len(body) >= 10:
            first, last, _, _, options = struct.unpack_from("<5H", body, 0)
            if options & 1:
                sheet.hidden_columns.update(range(first, min(last, 1023) + 1))
        elif kind == 0x00E5:
            count = struct.unpack_from("<H", body, 0)[0]
            sheet.merged_count += count
            for number in range(min(count, (len(body) - 2) // 8, MAX_MERGED - len(sheet.merged))):
                top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * number)
                sheet.merged.append((top, left, bottom, right))
    return sheet
