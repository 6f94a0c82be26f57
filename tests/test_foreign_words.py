"""Vietnamese words in an English report are marked as Vietnamese, for who listens and for who checks the spelling."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from sample_document import sample, sentence

from vetanalysis.blocks import OfficePlace, Paragraph
from vetanalysis.documents.foreign import pieces
from vetanalysis.documents.html import html_text
from vetanalysis.documents.word import word_bytes

OWN = "Thiết bị dạy nghề còn thiếu"


@pytest.mark.parametrize(
    ("text", "vietnamese"),
    [
        ("Hữu Lũng in Lạng Sơn province", ["Hữu Lũng", "Lạng Sơn"]),
        ("Of 22 units, Cao Lộc district (57.5%)", ["Cao Lộc"]),
        ("The Bắc Sơn centre", ["Bắc Sơn"]),
        ("Cán bộ tham gia chưa đầy đủ", ["Cán bộ tham gia chưa đầy đủ"]),
        ("“Thiết bị dạy nghề còn thiếu” (14 units)", [OWN]),
        ("Bình Gia, Chi Lăng and Bắc Sơn", ["Bình Gia, Chi Lăng", "Bắc Sơn"]),
        ("a café, één naïve façade", []),
        ("Enrolled: 62%", []),
        ("", []),
    ],
)
def test_words_of_another_language_are_found(text, vietnamese):
    cut = pieces(text, "en")
    assert [piece for piece, lang in cut if lang == "vi"] == vietnamese
    assert "".join(piece for piece, _ in cut) == text
    assert [lang for _, lang in pieces(text, "vi")] == [""] * bool(text)


def test_a_units_own_words_are_marked_in_word_and_on_the_page():
    blocks = (Paragraph((sentence("Hữu Lũng has said:"),)), OfficePlace("Causes", (OWN,)))
    english = replace(sample("en"), blocks=blocks, appendices=())
    word = docx.Document(io.BytesIO(word_bytes(english)))
    marked = {
        run.find(qn("w:t")).text: run.find(qn("w:rPr")).find(qn("w:lang")).get(qn("w:val"))
        for run in word.element.body.iter(qn("w:r"))
        if run.find(f"{qn('w:rPr')}/{qn('w:lang')}") is not None
    }
    assert marked[OWN] == marked["Hữu Lũng"] == "vi-VN"
    page = html_text(english)
    assert f'<span lang="vi">{OWN}</span>' in page
    assert '<span lang="vi">Hữu Lũng</span> has said:' in page
    assert 'span lang="vi"' not in html_text(replace(english, lang="vi"))
