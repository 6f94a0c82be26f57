"""What is known of a file before it is opened: what its name and folder say, whether it may be read.

A return lies at `<period>/<unit>__<YYYY-MM-DD>.xlsx`: the day may be written in other ways, further words may follow
(`paths.sender_and_day`). Files that people leave lying about (notes, mapping files, hidden and lock files) are none.

Limits of a file: `MAX_FILE` bytes on disk, `MAX_UNPACKED` bytes unpacked, `MAX_SHEETS` sheets, `MAX_CELLS` cells in
the boxes that its sheets span, all together.
Nothing in a file is ever executed; macros, links and formulas that reach outside become findings.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vetanalysis.blocks import Said
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.observations.tidy import tidy_files
from vetanalysis.paths import is_returns_root, legible, returns_root, sender_and_day
from vetanalysis.periods import find_cutoff
from vetanalysis.returns.findings import finding_of
from vetanalysis.returns.names import compose

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

NOT_RETURNS = frozenset({".md", ".yaml", ".yml", ".lock", ".tmp", ".ini", ".db"})
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv"})
MAX_FILE = 32 * 2**20
MAX_UNPACKED = 128 * 2**20
MAX_CELLS = 500_000
MAX_SHEETS = 200
MAX_PARTS = 5_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXTENSIONS = {
    "xlsx": (".xlsx", ".xlsm", ".xltx"),
    "xls": (".xls", ".xlt"),
    "ods": (".ods", ".ots"),
    "csv": (".csv", ".txt", ".tsv"),
}
BROKEN_ZIP = (
    zipfile.BadZipFile, OSError, ValueError, zlib.error, lzma.LZMAError, struct.error, NotImplementedError,
    RuntimeError, EOFError,
)  # fmt: skip
_MARKUP = re.compile(rb"<(?:!doctype|!--|[a-z])")
_PACKED = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"GIF8")
_OUTSIDE = re.compile(
    r"\b(WEBSERVICE|HYPERLINK|CALL|REGISTER(?:\.ID)?|EXEC|RTD|DDE|IMPORT(?:DATA|XML|HTML|RANGE)|SQL\.REQUEST)\s*\("
    r"|^[\s=+@-]*[\w.\"'\\:/][\w.\"'\\:/ ]*\|",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Received:
    """One file as found. `file` is its path below the folder with forward slashes; `unit` "" where the name gives
    no unit of the plan, `period` "" where the folder is no period, `day` "" where the name states no day that is one.
    `belongs`: the plan in whose folder a file of its period should lie; "" where it lies right.
    """

    path: Path
    file: str
    unit: str
    period: str
    day: str
    belongs: str = ""


def default_folder(plan: Plan) -> Path | None:
    """The folder of the plan's returns; None where neither it nor one of a plan of the years before is there."""
    there = any(returns_root(one.name).is_dir() for one in (plan, *plan.before))
    return returns_root(plan.name) if there else None


def found_for(plan: Plan, path: Path) -> Iterator[tuple[Plan, list[Received]]]:
    """The returns under a folder and the plan that reads them; of the plan's own folder those of the years before, too.

    A file is read by the plan of its period's year, whichever of these folders it lies in. The path of one that lies
    in the folder of a plan of the years before begins with that plan's name.
    """
    plans = (plan, *plan.before) if is_returns_root(path, plan.name) else (plan,)
    by_reader: dict[str, list[Received]] = {one.name: [] for one in plans}
    for one in plans:
        folder = path if one is plan else returns_root(one.name)
        if len(plans) > 1 and (not folder.is_dir() or tidy_files(folder)):
            continue  # nothing came for it yet, or its figures came in tables
        for found in list_returns(folder, plan.units["code"]):
            reader = _reader(found, one, plans)
            file = found.file if one is plan else f"{one.name}/{found.file}"
            belongs = "" if reader is one else reader.name
            by_reader[reader.name].append(replace(found, file=file, belongs=belongs))
    yield from ((one, by_reader[one.name]) for one in plans)


def _reader(found: Received, lies_in: Plan, plans: Sequence[Plan]) -> Plan:
    """The plan of the year of a file's period; that of its folder where no other plan has the year."""
    year = int(found.period[:4]) if found.period else lies_in.years[1]
    return next((one for one in (lies_in, *plans) if one.years[0] <= year <= one.years[1]), lies_in)


def list_returns(folder: Path, units: Collection[str]) -> list[Received]:
    """Every return under a folder (or the one file given), sorted by name; `units` are the codes of the plan.

    A folder that bears the name of a workbook is listed too: reading it gives a finding.
    """
    if not folder.exists():
        raise WrongCall(Said("returns.no_folder", folder=str(folder)))
    if folder.is_file():
        return [_received(folder, folder.parent, frozenset(units))]
    codes = frozenset(units)
    return [_received(path, folder, codes) for path in _files(folder)]


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError:
        return [folder]
    for path in entries:
        if path.name.startswith((".", "~$")):
            continue
        if path.is_dir() and path.suffix.lower() not in WORKBOOKS and not path.is_symlink():
            found += _files(path)
        elif path.suffix.lower() not in NOT_RETURNS:
            found.append(path)
    return found


def _received(path: Path, folder: Path, codes: frozenset[str]) -> Received:
    unit, day = sender_and_day(path.name)
    return Received(
        path=path,
        file=legible(path.relative_to(folder).as_posix()),
        unit=unit if unit in codes else "",
        period=_period(path, folder),
        day=day,
    )


def _period(path: Path, folder: Path) -> str:
    """The period of the nearest folder that is named like one, the given folder included."""
    for parent in path.parents:
        cutoff = find_cutoff(parent.name)
        if cutoff and not cutoff.alone and cutoff.code != "start":
            return str(cutoff)
        if parent == folder:
            return ""
    return ""


class Refused(Exception):
    """Internal: reading stops here with one finding; never leaves this module."""

    def __init__(self, rule: str, file: str, what: Said) -> None:
        super().__init__()
        self.finding = finding_of(rule, file, "", what)


def reaches_outside(formula: str) -> bool:
    """Whether a formula would call a program, a web address or a foreign function (DDE, WEBSERVICE ...)."""
    return bool(_OUTSIDE.search(formula))


def injects(text: str) -> bool:
    """Whether a text would run as such a formula when a spreadsheet program opened it (=cmd|..., @SUM...)."""
    return text.lstrip()[:1] in ("=", "+", "@", "-") and reaches_outside(text)


def content_of(path: Path, findings: list[Finding]) -> tuple[str, bytes]:
    """What a file is by its content ("xlsx", "xls", "ods", "csv", or "" when it is refused) and its bytes.

    It is read once; every obstacle and remark is added to the findings, nothing is raised.
    """
    file = name_of(path)
    try:
        data = _read(path, file)
        kind, remarks = _sniff(data, file)
        if kind in ("xlsx", "ods"):
            remarks += _look_into_zip(data, file, kind)
    except Refused as refused:
        findings.append(refused.finding)
        return "", b""
    if path.suffix.lower() not in _EXTENSIONS[kind]:
        what = Said("returns.extension", extension=path.suffix, kind=kind)
        remarks.append(finding_of("file-extension", file, "", what))
    findings += remarks
    return kind, data


def name_of(path: Path) -> str:
    """The name of a file as findings print it: composed Unicode."""
    return compose(legible(path.name)) or legible(str(path))


def _read(path: Path, file: str) -> bytes:
    try:
        if path.is_dir():
            raise Refused("file-directory", file, Said("returns.directory"))
        if not path.exists():
            raise Refused("file-missing", file, Said("returns.no_file"))
        if not path.is_file():
            raise Refused("file-kind", file, Said("returns.not_ordinary"))
        size = path.stat().st_size
        if size > MAX_FILE:
            raise Refused("file-too-large", file, Said("returns.too_large", megabytes=size >> 20))
        with path.open("rb") as stream:
            data = stream.read(size)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Refused("file-unreadable", file, Said("returns.unreadable", reason=reason)) from error
    if not data.strip():
        raise Refused("file-empty", file, Said("returns.empty"))
    return data


def _sniff(data: bytes, file: str) -> tuple[str, list[Finding]]:
    """The kind by content; refuses passwords and what is no table at all."""
    if data.startswith(_OLE):
        if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
            raise Refused("file-password", file, Said("returns.password"))
        if _utf16("Root Entry") not in data:
            raise _damaged(file, "OLE")
        if not any(_utf16(name) in data for name in ("Workbook", "Book")):
            raise Refused("file-kind", file, Said("returns.not_excel"))
        return "xls", [_macros(file)] if _utf16("_VBA_PROJECT") in data else []
    if data.startswith(b"PK"):
        return _kind_of_zip(data, file), []
    if said := _no_table(data):
        raise Refused("file-kind", file, Said(f"returns.kind.{said}"))
    if b"\x00" in data[:4096] and not utf16_of(data):
        raise Refused(
            "file-kind", file, Said("returns.kind.packed" if data.startswith(_PACKED) else "returns.binary")
        )
    return "csv", []


def _no_table(data: bytes) -> str:
    """What a file is that looks like text or a picture and is no table of cells: `returns.kind.…`; "" for any other."""
    if data.startswith(_PICTURES):
        return "picture"
    head = data[:4096]
    if charset := utf16_of(data):
        head = head.decode(charset, errors="ignore").encode()
    head = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"mime-version:", b"from: <", b"content-type: multipart")):
        return "mht"
    if head.startswith(b"<?xml") and (b"office:spreadsheet" in head or b"excel.sheet" in head):
        return "xml"
    if head.startswith(b"<?xml") and b"opendocument" in head:
        return "flat"
    return "web" if head.startswith(b"<?xml") or _MARKUP.match(head) else ""


def utf16_of(data: bytes) -> str:
    """The UTF-16 in which a text is written, by its mark or by the zeros beside its Latin letters; "" for any other."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first, second = (data[start:4096:2].count(0) for start in (0, 1))
    some = min(len(data), 4096) // 4  # of which half are letters without marks
    return "utf-16-le" if second >= some > 8 * first else "utf-16-be" if first >= some > 8 * second else ""


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _macros(file: str) -> Finding:
    return finding_of("file-macros", file, "", Said("returns.macros"))


def _damaged(file: str, reason: str) -> Refused:
    return Refused("file-damaged", file, Said("returns.cut_short", reason=reason))


def _kind_of_zip(data: bytes, file: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            short = "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            if short and b"spreadsheet" in archive.read("mimetype"):
                return "ods"
    except BROKEN_ZIP as error:
        raise _damaged(file, "zip") from error
    if "xl/workbook.bin" in {name.lower() for name in names}:
        raise Refused("file-kind", file, Said("returns.kind.xlsb"))
    if any(name.lower().startswith("xl/") and "workbook" in name.lower() for name in names):
        return "xlsx"
    word = any(name.startswith("word/") for name in names)
    packed = "packed" if any(Path(name).suffix.lower() in WORKBOOKS for name in names) else ""
    said = "word" if word else packed
    raise Refused("file-kind", file, Said(f"returns.kind.{said}" if said else "returns.not_a_workbook"))


def _look_into_zip(data: bytes, file: str, kind: str) -> list[Finding]:
    """Unpack every part once against the limits (declared sizes may lie); note macros and links."""
    total = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _bomb(file)
        for part in parts:
            if part.flag_bits & 1:
                raise Refused("file-password", file, Said("returns.password"))
            total += _unpacked(archive, part, file, MAX_UNPACKED - total)
        names = [part.filename for part in parts]
        manifest = "META-INF/manifest.xml"
        if kind == "ods" and manifest in names and b"encryption-data" in archive.read(manifest):
            raise Refused("file-password", file, Said("returns.password"))
    macros = any("vbaProject" in name or name.startswith(("Basic/", "Scripts/")) for name in names)
    remarks = [_macros(file)] if macros else []
    links = sum(name.startswith("xl/externalLinks/externalLink") for name in names)
    if links:
        what = Said("returns.links", count=links)
        remarks.append(finding_of("file-links", file, "", what))
    return remarks


def _bomb(file: str) -> Refused:
    return Refused("file-zip-bomb", file, Said("returns.bomb", megabytes=MAX_UNPACKED >> 20))


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str, allowed: int) -> int:
    size = 0
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(1 << 16):
                size += len(chunk)
                if size > allowed:
                    raise _bomb(file)
    except BROKEN_ZIP as error:
        raise _damaged(file, part.filename) from error
    return size
