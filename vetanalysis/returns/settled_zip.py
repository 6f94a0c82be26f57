"""The last step of writing a workbook: the same bytes every time, and formulas that carry their value.

openpyxl stamps the present time into the file and cannot store the result of a formula. A form must be the
same file whenever it is written, and a program that does not calculate (a reader, a previewer) must still
see the totals.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from xml.sax.saxutils import escape

_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.S)

_REFERENCE = re.compile(r"&#([0-9]{3,});")
_EMPTY = re.compile(r"<c ([^>]*[^/>])></c>")


def settle(raw: bytes, day: date, results: Mapping[str, Mapping[str, float | str]]) -> bytes:
    """The workbook with the day as its time stamps and the result of each formula stored beside it.

    `results` gives, by name of the part (`xl/worksheets/sheet1.xml`), the value by cell address.
    """
    out = io.BytesIO()
    stamp = rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode() + rb"\g<2>"
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(stamp, content)
            elif name.startswith("xl/worksheets/"):
                sheet = _with_results(content.decode("utf-8"), results.get(name, {}))
                content = _short(sheet).encode("utf-8")
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
