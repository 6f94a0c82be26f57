"""The structure of an .ods: how far its content reaches, merged and hidden parts, formulas; one expat pass."""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

from vetanalysis.returns.ooxml import MAX_MERGED, BadXml, Structure


def read_ods_structures(data: bytes) -> list[Structure]:
    """One structure per table of content.xml, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    reader = _Tables()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise BadXml(str(error)) from error
    return reader.tables


class _Tables:
    """The expat callbacks: repeated rows and cells are counted, not unrolled."""

    def __init__(self) -> None:
        self.tables: list[Structure] = []
        self.row = self.column = 0
        self.repeat_row = self.repeat_cell = 1
        self.row_last = -1
        self.filled = self.in_note = False

    def refuse(self, *_: object) -> None:
        raise BadXml("document type")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "office:annotation":
            self.in_note = True
        elif tag == "table:table":
            self.tables.append(Structure())
            self.row = self.column_defs = 0
        elif not self.tables or self.in_note:
            return
        elif tag == "table:table-column":
            repeated = int(attributes.get("table:number-columns-repeated", "1"))
            if attributes.get("table:visibility") in ("collapse", "filter") and repeated < 1024:
                self.tables[-1].hidden_columns.update(range(self.column_defs, self.column_defs + repeated))
            self.column_defs += repeated
        elif tag == "table:table-row":
            self.column, self.row_last = 0, -1
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
        self.filled = "office:value-type" in attributes
        place = (self.row, self.column)
        if formula := attributes.get("table:formula"):
            sheet.formulas[place] = formula.partition("=")[2].replace("[.", "").replace("]", "")
            if "office:value" not in attributes and not self.filled:
                sheet.unstored.add(place)
        if attributes.get("office:value-type") == "percentage":
            sheet.percent.add(place)
        rows = int(attributes.get("table:number-rows-spanned", "1"))
        columns = int(attributes.get("table:number-columns-spanned", "1"))
        if rows > 1 or columns > 1:
            sheet.merged_count += 1
            if len(sheet.merged) < MAX_MERGED:
                sheet.merged.append((*place, place[0] + rows - 1, place[1] + columns - 1))

    def end(self, tag: str) -> None:
        if tag == "office:annotation":
            self.in_note = False
        elif not self.tables or self.in_note:
            return
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.column += self.repeat_cell
            if self.filled:
                self.row_last = self.column - 1
            self.filled = False
        elif tag == "table:table-row":
            self.row += self.repeat_row
            if self.row_last >= 0:
                last = self.tables[-1].last
                self.tables[-1].last = (self.row - 1, max(last[1], self.row_last))
