"""How far the pages of a PDF are filled, seen as a picture of every page."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from vetanalysis.blocks import Document
from vetanalysis.documents.pdf import libreoffice, write_pdf
from vetanalysis.documents.word import write_word

needs_pages = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftoppm")), reason="needs LibreOffice and poppler"
)
_TOP, _BOTTOM = 22 / 297, 1 - 20 / 297  # of an upright page's height: where its text begins and ends


def filled(pdf: Path) -> list[float]:
    """Of every page the share of the text's height down to the last line that is printed."""
    folder = pdf.parent / f"{pdf.stem}-pages"
    folder.mkdir()
    subprocess.run(["pdftoppm", "-r", "30", "-png", str(pdf), str(folder / "p")], check=True)
    shares = []
    for page in sorted(folder.glob("*.png")):
        grey = imread(page)[..., :3].mean(axis=2)
        across = grey.shape[1] > grey.shape[0]
        top, bottom = (_TOP, _BOTTOM) if not across else (22 / 210, 1 - 20 / 210)
        inked = np.flatnonzero((grey < 0.8).any(axis=1)) / len(grey)
        inked = inked[inked > top]
        shares.append(0.0 if not len(inked) else float((inked.max() - top) / (bottom - top)))
    return shares


def printed(documents: Mapping[str, Document], folder: Path) -> dict[str, tuple[Path, list[str]]]:
    """Of each document the PDF and the text of its pages; LibreOffice is started once for all of them."""
    made = [str(write_word(one, folder / f"{name}.docx")) for name, one in documents.items()]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [libreoffice(), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *made]
    subprocess.run(command, check=True, capture_output=True)
    return {name: (folder / f"{name}.pdf", _texts(folder / f"{name}.pdf")) for name in documents}


def _texts(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True).stdout
    return text.decode().split("\f")[:-1]


def pages(document: Document, folder: Path) -> tuple[list[float], list[str], bytes]:
    """Of a document as printed: how far each page is filled, its text, and the PDF."""
    write_word(document, folder / "report.docx")
    pdf = write_pdf(folder / "report.docx", folder / "report.pdf")
    return filled(pdf), _texts(pdf), pdf.read_bytes()
