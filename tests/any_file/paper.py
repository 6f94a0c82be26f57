"""Sheets as plain data, of which the figures are known, and how they become files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape

import xlwt

from vetanalysis.returns.key import Place, address

EPOCH = date(1899, 12, 30)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SEEN = {True: "hidden", False: "visible"}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


class Figure(NamedTuple):
    """What one cell truly says; `period` is the cut-off or, of a quarter alone, the quarter."""

    unit: str
    period: str
    indicator: str
    value: float
    measure: str = "persons"
    basis: str = "cumulative"
    parts: frozenset[tuple[str, str]] = frozenset()


class Formula(NamedTuple):
    """A formula whose value is not stored."""

    words: str


class Error(NamedTuple):
    """An error value, such as #REF!."""

    words: str


@dataclass
class Paper:
    """One sheet: cells by place counted from 0, merged ranges (top, left, bottom, right)."""

    name: str
    cells: dict[Place, object] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    fonts: dict[Place, str] = field(default_factory=dict)

    @property
    def size(self) -> Place:
        """Rows and columns it takes."""
        return (
            max((row for row, _ in self.cells), default=-1) + 1,
            max((column for _, column in self.cells), default=-1) + 1,
        )


@dataclass
class Known:
    """A workbook and the truth about it.

    `figures` by sheet and place; `unreadable`: cells that hold no figure anybody could be sure of, which must be told.
    """

    papers: list[Paper] = field(default_factory=list)
    figures: dict[tuple[str, Place], Figure] = field(default_factory=dict)
    unreadable: set[tuple[str, Place]] = field(default_factory=set)

    def copy(self) -> Known:
        """A copy to be changed."""
        return deepcopy(self)

    def visible(self) -> list[Paper]:
        """The sheets that a person sees."""
        return [paper for paper in self.papers if not paper.hidden]

    def move(self, paper: Paper, to: Callable[[int, int], Place]) -> None:
        """Every cell of a sheet to another place, and the truth with it."""
        paper.cells = {to(*place): value for place, value in paper.cells.items()}
        paper.fonts = {to(*place): value for place, value in paper.fonts.items()}
        paper.merged = [(*to(top, left), *to(bottom, right)) for top, left, bottom, right in paper.merged]
        paper.hidden_rows = {to(row, 0)[0] for row in paper.hidden_rows}
        self.figures = {
            (name, to(*place) if name == paper.name else place): one
            for (name, place), one in self.figures.items()
        }
        self.unreadable = {
            (name, to(*place) if name == paper.name else place) for name, place in self.unreadable
        }

    def rename(self, paper: Paper, name: str) -> None:
        """Another name for a sheet."""
        old, paper.name = paper.name, name
        self.figures = {
            (name if sheet == old else sheet, at): one for (sheet, at), one in self.figures.items()
        }
        self.unreadable = {(name if sheet == old else sheet, at) for sheet, at in self.unreadable}


def workbook(papers: list[Paper]) -> bytes:
    """The sheets as an .xlsx file."""
    fonts = ["Times New Roman", *dict.fromkeys(font for paper in papers for font in paper.fonts.values())]
    sheets = "".join(
        f'<sheet name="{escape(one.name)}" sheetId="{n}" r:id="r{n}" state="{_SEEN[one.hidden]}"/>'
        for n, one in enumerate(papers, start=1)
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(papers) + 1)
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(papers) + 1)
    )
    formats = "".join(
        f'<xf numFmtId="{number}" fontId="{font}" applyNumberFormat="1"/>'
        for number in (0, 14)
        for font in range(len(fonts))
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType='
        f'"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts>'
        + "".join(f'<font><name val="{escape(font)}"/></font>' for font in fonts)
        + f"</fonts><cellXfs>{formats}</cellXfs></styleSheet>",
    }
    for number, paper in enumerate(papers, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(paper, fonts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, text in parts.items():
            packed.writestr(
                zipfile.ZipInfo(name, (2023, 9, 15, 8, 0, 0)),
                '<?xml version="1.0" encoding="UTF-8"?>' + text,
                zipfile.ZIP_DEFLATED,
            )
    return out.getvalue()


def _sheet(paper: Paper, fonts: list[str]) -> str:
    rows: dict[int, list[str]] = {}
    for place in sorted(paper.cells):
        value = paper.cells[place]
        font = fonts.index(paper.fonts.get(place, fonts[0]))
        style = font + (len(fonts) if isinstance(value, date) else 0)
        rows.setdefault(place[0], []).append(_cell(address(place), value, style))
    body = "".join(
        f'<row r="{row + 1}" hidden="{int(row in paper.hidden_rows)}">{"".join(cells)}</row>'
        for row, cells in rows.items()
    )
    merged = "".join(f'<mergeCell ref="{address((a, b))}:{address((c, d))}"/>' for a, b, c, d in paper.merged)
    merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{merged}</worksheet>'


def _cell(at: str, value: object, style: int) -> str:
    kind, inside = "", ""
    if isinstance(value, bool):
        kind, inside = ' t="b"', f"<v>{int(value)}</v>"
    elif isinstance(value, Formula):
        inside = f"<f>{escape(value.words)}</f>"
    elif isinstance(value, Error):
        kind, inside = ' t="e"', f"<v>{value.words}</v>"
    elif isinstance(value, date):
        inside = f"<v>{(value - EPOCH).days}</v>"
    elif isinstance(value, int | float):
        inside = f"<v>{value!r}</v>"
    else:
        kind, inside = ' t="inlineStr"', f'<is><t xml:space="preserve">{escape(str(value))}</t></is>'
    return f'<c r="{at}" s="{style}"{kind}>{inside}</c>'


def old_workbook(papers: list[Paper]) -> bytes:
    """The bytes of an .xls; no formula and no error may stand in it."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for paper in papers:
        sheet = book.add_sheet(paper.name)
        sheet.visibility = int(paper.hidden)
        fonts = {name: xlwt.easyxf(f"font: name {name}") for name in set(paper.fonts.values())}
        for place, value in paper.cells.items():
            plain = fonts.get(paper.fonts.get(place, ""), xlwt.Style.default_style)
            sheet.write(*place, value, day if isinstance(value, date) else plain)
        for top, left, bottom, right in paper.merged:
            sheet.merged_ranges.append((top, bottom, left, right))
        for row in paper.hidden_rows:
            sheet.row(row).hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(paper: Paper, encoding: str, mark: str) -> bytes:
    """A sheet as a .csv file, numbers as a Vietnamese office's Excel writes them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\r\n")
    height, width = paper.size
    for row in range(height):
        writer.writerow([_typed(paper.cells.get((row, column))) for column in range(width)])
    return out.getvalue().encode(encoding)


def _typed(value: object) -> str:
    if value is None:
        return ""
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def texts(paper: Paper) -> Iterator[tuple[Place, str]]:
    """The cells of a sheet that hold words."""
    for place, value in paper.cells.items():
        if isinstance(value, str):
            yield place, value
