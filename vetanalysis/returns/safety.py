"""What is looked at before a file is opened: can it be read, what is it, would it burst the memory.

Limits: `MAX_FILE` bytes on disk, `MAX_UNPACKED` bytes unpacked, `MAX_CELLS` cells in the box a sheet spans.
Nothing in a file is ever executed; macros, links and formulas that reach outside become findings.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.returns.names import compose
from vetanalysis.returns.rules import found

MAX_FILE = 64 * 2**20
MAX_UNPACKED = 256 * 2**20
MAX_CELLS = 1_000_000
MAX_PARTS = 5_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXTENSIONS = {
    "xlsx": (".xlsx", ".xlsm", ".xltx"),
    "xls": (".xls", ".xlt"),
    "ods": (".ods", ".ots"),
    "csv": (".csv", ".txt", ".tsv"),
}
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    OSError,
    ValueError,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
)
_OUTSIDE = re.compile(
    r"\b(WEBSERVICE|HYPERLINK|CALL|REGISTER(?:\.ID)?|EXEC|RTD|DDE|IMPORT(?:DATA|XML|HTML|RANGE)|SQL\.REQUEST)\s*\("
    r"|^\s*[=+@-]*\s*[\w.\"'\\:/ ]+\|",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Container:
    """A file's bytes and what they are: "xlsx", "xls", "ods", "csv", or "" when it was refused."""

    file: str
    kind: str
    data: bytes = field(repr=False, default=b"")
    findings: tuple[Finding, ...] = ()


class Refused(Exception):
    """Internal: reading stops here with one finding; never leaves `vetanalysis.returns`."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.line())


def reaches_outside(formula: str) -> bool:
    """Whether a formula would call a program, a web address or a foreign function (DDE, WEBSERVICE ...)."""
    return bool(_OUTSIDE.search(formula))


def injects(text: str) -> bool:
    """Whether a text would run as such a formula when a spreadsheet program opened it (=cmd|..., @SUM...)."""
    return text.lstrip()[:1] in ("=", "+", "@", "-") and reaches_outside(text)


def open_container(path: Path) -> Container:
    """Read the file once and decide by its content what it is; every obstacle is a finding, never an exception."""
    file = compose(path.name) or str(path)
    try:
        data = _read(path, file)
        kind, remarks = _sniff(data, file)
        if kind in ("xlsx", "ods"):
            remarks += _look_into_zip(data, file, kind)
    except Refused as refused:
        return Container(file, "", findings=(refused.finding,))
    if path.suffix.lower() not in _EXTENSIONS[kind]:
        what = Text(
            f"đuôi “{path.suffix}” nhưng nội dung là .{kind}", f'named "{path.suffix}" but it is .{kind}'
        )
        remarks.append(found("file-extension", file, "", what))
    return Container(file, kind, data, tuple(remarks))


def _read(path: Path, file: str) -> bytes:
    try:
        if path.is_dir():
            raise Refused(found("file-directory", file, "", Text("đây là thư mục", "this is a folder")))
        if not path.exists():
            raise Refused(found("file-missing", file, "", Text("không có tệp này", "there is no such file")))
        if not path.is_file():
            raise Refused(found("file-kind", file, "", Text("không phải tệp thường", "not an ordinary file")))
        size = path.stat().st_size
        if size > MAX_FILE:
            what = Text(f"tệp quá lớn: {size >> 20} MB", f"the file has {size >> 20} MB")
            raise Refused(found("file-too-large", file, "", what))
        with path.open("rb") as stream:
            data = stream.read(size)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        what = Text(f"không đọc được tệp ({reason})", f"the file cannot be read ({reason})")
        raise Refused(found("file-unreadable", file, "", what)) from error
    if not data.strip():
        raise Refused(found("file-empty", file, "", Text("tệp rỗng", "the file is empty")))
    return data


def _sniff(data: bytes, file: str) -> tuple[str, list[Finding]]:
    """The kind by content; refuses passwords and what is no table at all."""
    if data.startswith(_OLE):
        if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
            raise Refused(
                found("file-password", file, "", Text("tệp có mật khẩu", "the file has a password"))
            )
        if _utf16("Root Entry") not in data:
            raise _damaged(file, "OLE")
        if not any(_utf16(name) in data for name in ("Workbook", "Book")):
            raise Refused(found("file-kind", file, "", Text("không phải tệp Excel", "not an Excel file")))
        macros = _utf16("_VBA_PROJECT") in data
        return "xls", [_macros(file)] if macros else []
    if data.startswith(b"PK"):
        return _kind_of_zip(data, file), []
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")) or head.startswith(
        (b"<html", b"<!doctype", b"<?xml", b"<table")
    ):
        what = Text(
            "không phải bảng tính (PDF, ảnh hoặc trang web)", "a PDF, picture or web page, not a table"
        )
        raise Refused(found("file-kind", file, "", what))
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(
            found("file-kind", file, "", Text("tệp nhị phân không rõ loại", "binary, of unknown kind"))
        )
    return "csv", []


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _macros(file: str) -> Finding:
    return found("file-macros", file, "", Text("tệp có macro", "the file holds macros"))


def _damaged(file: str, reason: str) -> Refused:
    return Refused(
        found(
            "file-damaged",
            file,
            "",
            Text("tệp hỏng hoặc bị cắt cụt, không mở được", f"the file is damaged ({reason})"),
        )
    )


def _kind_of_zip(data: bytes, file: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            short = "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            if short and b"spreadsheet" in archive.read("mimetype"):
                return "ods"
    except _BROKEN_ZIP as error:
        raise _damaged(file, "zip") from error
    if any(name.lower().startswith("xl/") and "workbook" in name.lower() for name in names):
        return "xlsx"
    what = Text("tệp nén không phải bảng tính", "a zip archive, not a workbook")
    raise Refused(found("file-kind", file, "", what))


def _look_into_zip(data: bytes, file: str, kind: str) -> list[Finding]:
    """Unpack every part once against the limits (declared sizes may lie); note macros and links."""
    remarks, total = [], 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _bomb(file)
        for part in parts:
            if part.flag_bits & 1:
                raise Refused(
                    found("file-password", file, "", Text("tệp có mật khẩu", "the file has a password"))
                )
            total += _unpacked(archive, part, file, MAX_UNPACKED - total)
        names = [part.filename for part in parts]
        manifest = "META-INF/manifest.xml"
        if kind == "ods" and manifest in names and b"encryption-data" in archive.read(manifest):
            raise Refused(
                found("file-password", file, "", Text("tệp có mật khẩu", "the file has a password"))
            )
    if any("vbaProject" in name or name.startswith(("Basic/", "Scripts/")) for name in names):
        remarks.append(_macros(file))
    links = sum(name.startswith("xl/externalLinks/externalLink") for name in names)
    if links:
        what = Text(f"có {links} liên kết đến tệp khác", f"{links} links to other files")
        remarks.append(found("file-links", file, "", what))
    return remarks


def _bomb(file: str) -> Refused:
    limit = MAX_UNPACKED >> 20
    what = Text(f"giải nén vượt quá {limit} MB", f"unpacks to more than {limit} MB")
    return Refused(found("file-zip-bomb", file, "", what))


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str, allowed: int) -> int:
    size = 0
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(1 << 16):
                size += len(chunk)
                if size > allowed:
                    raise _bomb(file)
    except _BROKEN_ZIP as error:
        raise _damaged(file, part.filename) from error
    return size
