"""The last step of writing a workbook: the same bytes every time, and formulas that carry their value.

openpyxl stamps the present time into the file and cannot store the result of a formula. A form must be the
same file whenever it is written, and a program that does not calculate (a reader, a previewer) must still
see the totals.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping
from datetime import date
from xml.sax.saxutils import escape

_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
# The default theme of openpyxl: no cell of ours uses it, and every program has one of its own.
_THEME = "xl/theme/theme1.xml"
_MENTIONS_THEME = ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
_THEME_ENTRY = re.compile(rb"<(?:Override|Relationship) [^>]*theme/theme1\.xml[^>]*/>")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.S)

_REFERENCE = re.compile(r"&#([0-9]{3,});")
_ROW = re.compile(r"<row([^>]*)>(.*?)</row>", re.S)
_CELL = re.compile(r'<c r="([A-Z])[0-9]+"(.*?</c>|[^>]*/>)', re.S)
_EMPTY = re.compile(r"<c ([^>]*[^/>])></c>")


def settle(
    raw: bytes,
    day: date,
    results: Mapping[str, Mapping[str, float | str]],
    lists: Collection[str] = (),
) -> bytes:
    """The workbook with the day as its time stamps and the result of each formula stored beside it.

    `results` gives, by name of the part (`xl/worksheets/sheet1.xml`), the value by cell address.
    `lists` names the parts that are plain lists of words; their cells follow one another without addresses,
    which the format allows and which halves them.
    """
    out = io.BytesIO()
    stamp = rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode() + rb"\g<2>"
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in source.namelist():
            if name == _THEME:
                continue
            content = source.read(name)
            if name in _MENTIONS_THEME:
                content = _THEME_ENTRY.sub(b"", content)
            elif name == "docProps/core.xml":
                content = _STAMP.sub(stamp, content)
            elif name.startswith("xl/worksheets/"):
                sheet = _with_results(content.decode("utf-8"), results.get(name, {}))
                content = (_in_order(_short(sheet)) if name in lists else _short(sheet)).encode("utf-8")
            info = zipfile.ZipInfo(name, date_time=_FIRST_DAY_OF_ZIP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 0
            target.writestr(info, content)
    return out.getvalue()


def _short(xml: str) -> str:
    """The same sheet in fewer bytes: letters as letters, and nothing said that is the default."""
    letters = _REFERENCE.sub(lambda match: chr(int(match.group(1))), xml)
    return _EMPTY.sub(r"<c \1/>", letters.replace(' t="n"', ""))


def _in_order(xml: str) -> str:
    """Cells without addresses: empty ones are written where one is left out."""

    def row(match: re.Match[str]) -> str:
        cells, column = [], 0
        for letter, rest in _CELL.findall(match.group(2)):
            place = ord(letter) - ord("A")
            cells.append("<c/>" * (place - column) + "<c" + rest)
            column = place + 1
        return f"<row{match.group(1)}>{''.join(cells)}</row>"

    return _ROW.sub(row, xml)


def _with_results(xml: str, results: Mapping[str, float | str]) -> str:
    def stored(match: re.Match[str]) -> str:
        address, attributes, formula = match.groups()
        value = results.get(address)
        if value is None:
            return match.group(0)
        if isinstance(value, str):
            return f'<c r="{address}"{attributes} t="str"><f>{formula}</f><v>{escape(value)}</v></c>'
        return f'<c r="{address}"{attributes}><f>{formula}</f><v>{value:.15g}</v></c>'

    return _FORMULA.sub(stored, xml)
