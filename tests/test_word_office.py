"""The Word file as LibreOffice opens it: the layout stays, the pages are the same."""

from __future__ import annotations

import re
import shutil
import subprocess

import docx
import pytest
from docx.oxml.ns import qn
from sample_document import ALT, BANNER, sample

from vetanalysis.documents.word import write_word

needs_office = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext") and shutil.which("pdftoppm")),
    reason="needs LibreOffice and poppler",
)


def office(folder, target: str, source: str):
    profile = (folder / "profile").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        target,
        "--outdir",
    ]
    subprocess.run(
        [*command, str(folder / "out"), str(folder / source)], check=True, capture_output=True, timeout=180
    )


@pytest.mark.system
@needs_office
def test_libreoffice_keeps_the_layout_and_makes_the_same_pages(tmp_path):
    write_word(sample("vi"), tmp_path / "report.docx")
    office(tmp_path, "docx", "report.docx")
    again = docx.Document(tmp_path / "out" / "report.docx")
    first = docx.Document(tmp_path / "report.docx")
    assert [s.orientation for s in again.sections] == [s.orientation for s in first.sections]
    for one, other in zip(first.sections, again.sections, strict=True):
        assert other.left_margin.mm == pytest.approx(one.left_margin.mm, abs=0.5)
        assert other.right_margin.mm == pytest.approx(one.right_margin.mm, abs=0.5)
    assert [t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in again.tables] == [
        t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in first.tables
    ]
    assert len(again.tables) == len(first.tables)
    assert [p.text for p in again.paragraphs if p.style.name == "Heading 1"] == [
        p.text for p in first.paragraphs if p.style.name == "Heading 1"
    ]
    about = next(again.element.body.iter(qn("wp:docPr")))
    assert about.get("descr") == ALT.vi
    assert len(list(again.element.body.iter(qn("w:sdt")))) == 2
    assert any("PAGE" in section.header._element.xml for section in again.sections)
    sizes, again_sizes = (
        {style.name: style.font.size for style in one.styles if hasattr(style, "font")}
        for one in (first, again)
    )
    for name in ("Body Text", "Heading 1", "Motto", "Recipients"):
        assert again_sizes[name] == sizes[name]

    office(tmp_path, "pdf", "report.docx")
    before = pages(tmp_path / "out" / "report.pdf")
    shutil.copy(tmp_path / "out" / "report.docx", tmp_path / "again.docx")
    office(tmp_path, "pdf", "again.docx")
    assert pages(tmp_path / "out" / "again.pdf") == before
    assert all(BANNER.vi in page for page in before)
    assert before[0].startswith(BANNER.vi)  # no number above the banner of page one
    assert before[1].strip().startswith("2")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in before[0]


def pages(pdf) -> list[str]:
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True
    ).stdout.decode()
    return [re.sub(r"\s+", " ", page).strip() for page in text.split("\f")[:-1]]
