"""Pages of a document as they are printed: short appendices share one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from printed_pages import needs_pages, pages
from sample_document import sample, small_table, wide_table

from vetanalysis.blocks import Appendix

THIRD = 1 / 3


def short(number: str, landscape: bool = False) -> Appendix:
    table = wide_table("vi", 3) if landscape else small_table("vi")
    return Appendix(number, "Số liệu", "(Kèm theo Báo cáo số    /BC)", (table,), landscape=landscape)


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
