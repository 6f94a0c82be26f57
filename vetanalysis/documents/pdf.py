"""PDF of a Word file by LibreOffice, where it is installed."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from vetanalysis.blocks import Said
from vetanalysis.errors import VetanalysisError
from vetanalysis.paths import write_whole

_USUAL_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
# Tagged, so that a screen reader finds headings, tables and the words for pictures.
_TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
_CREATED = re.compile(rb"(/CreationDate\(D:)\d{14}")
_IDENTITY = re.compile(rb"\b[0-9A-F]{32}\b")
_TIMEOUT = 180  # seconds; a first start on a slow machine takes 20


class LibreOfficeMissing(VetanalysisError):
    """A PDF was asked for and the program that makes it is not installed."""

    def __init__(self) -> None:
        super().__init__(Said("documents.pdf.no_program"))


class PdfFailed(VetanalysisError):
    """LibreOffice ran and left no PDF."""


def find_libreoffice() -> str | None:
    """The path of LibreOffice's program, None where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _USUAL_PLACES if Path(place).is_file()), None)


def libreoffice() -> str:
    """The path of LibreOffice's program; raises LibreOfficeMissing, which says what to install."""
    program = find_libreoffice()
    if program is None:
        raise LibreOfficeMissing
    return program


def write_pdf(docx_path: str | Path, path: str | Path) -> Path:
    """Write the PDF of the Word file `docx_path` to `path` and return it.

    LibreOffice runs with a profile of its own, so that a window somebody has open does not stand in the way.
    Raises LibreOfficeMissing with what to install, PdfFailed when no PDF came out.
    """
    program = libreoffice()
    docx_path = Path(docx_path)
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", _TAGGED]
        command += ["--outdir", folder, str(docx_path)]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                timeout=_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PdfFailed(Said("documents.pdf.too_slow", file=docx_path.name, seconds=_TIMEOUT)) from error
        made = Path(folder, docx_path.stem + ".pdf")
        if not made.is_file():
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            why = said[-1] if said else "no message"
            raise PdfFailed(Said("documents.pdf.none", file=docx_path.name, why=why))
        return write_whole(_without_clock(made.read_bytes()), path)


def _without_clock(data: bytes) -> bytes:
    """The same PDF whose date is fixed and whose identifiers follow from its content; every part keeps its place."""
    dated = _CREATED.sub(rb"\g<1>20000101000000", data)
    head, mark, trailer = dated.rpartition(b"trailer")
    if not mark:  # another way of writing PDF: only the date is known where it stands
        return dated
    identity = hashlib.sha256(head).hexdigest()[:32].upper().encode()
    return head + mark + _IDENTITY.sub(identity, trailer)
