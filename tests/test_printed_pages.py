"""Pages of a report as they are printed: none but the last of the letter and of the whole less than a third full."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace

import pytest
from printed_pages import filled, needs_pages
from sample_document import sample, small_table, wide_table

from vetanalysis.blocks import Appendix, Document
from vetanalysis.documents.pdf import write_pdf
from vetanalysis.documents.word import write_word
from vetanalysis.report import document_of
from vetanalysis.study import open_study

THIRD = 1 / 3


def short(number: str, landscape: bool = False) -> Appendix:
    table = wide_table("vi", 3) if landscape else small_table("vi")
    return Appendix(number, "Số liệu", "(Kèm theo Báo cáo số    /BC)", (table,), landscape=landscape)


def pages(document: Document, folder) -> tuple[list[float], list[str], bytes]:
    write_word(document, folder / "report.docx")
    pdf = write_pdf(folder / "report.docx", folder / "report.pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True
    ).stdout.decode()
    return filled(pdf), text.split("\f")[:-1], pdf.read_bytes()


@pytest.mark.system
@needs_pages
def test_short_appendices_share_a_page_and_a_pdf_has_bookmarks_and_a_language(tmp_path):
    appendices = (short("I", landscape=True), short("II"))
    shares, texts, data = pages(replace(sample("vi"), appendices=appendices), tmp_path)
    last = [number for number, text in enumerate(texts) if "Phụ lục" in text]
    assert last == [len(texts) - 1]  # both on one page
    assert shares[-1] > THIRD
    assert b"/Outlines" in data
    assert b"/Lang(vi-VN)" in data


@pytest.mark.system
@needs_pages
@pytest.mark.slow
def test_no_page_of_the_example_is_less_than_a_third_full(tmp_path):
    document = document_of(open_study("lang-son-2023-example", "2023-9M", lang="vi"))
    shares, texts, _ = pages(document, tmp_path)
    signed = next(number for number, text in enumerate(texts) if re.search(r"Nơi nhận", text))
    short_pages = [
        (number + 1, round(share, 2))
        for number, share in enumerate(shares)
        if share < THIRD and number not in (signed, len(shares) - 1)
    ]
    assert short_pages == []
