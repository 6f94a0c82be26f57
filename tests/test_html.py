"""The web page of a report and of a notebook: self-contained, inert, readable by everyone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from in_browser import chromium, faults, needs_browser
from sample_document import ALT, BANNER, BODY, sample, wide_table

from vetanalysis.blocks import Paragraph, Sentence
from vetanalysis.documents.html import html_text, notebook_html, write_html

OUTSIDE = re.compile(r"""(?:src|href|url|@import)\s*[=(]?\s*["']?\s*(?:https?:)?//""", re.I)


class Tags(HTMLParser):
    """All tags with their attributes, and whether every tag that was opened was closed."""

    VOID = frozenset({"meta", "img", "br", "input", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found, self.open, self.faults = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def all(self, tag):
        return [attrs for one, attrs in self.found if one == tag]


@pytest.fixture(scope="module")
def page():
    return html_text(sample("vi"))


@pytest.fixture(scope="module")
def tags(page):
    return Tags(page)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_is_whole_and_names_its_language(lang):
    tags = Tags(html_text(sample(lang)))
    assert tags.faults == []
    assert tags.open == []
    assert tags.all("html")[0]["lang"] == lang
    assert any("width=device-width" in one.get("content", "") for one in tags.all("meta"))


def test_nothing_is_loaded_from_outside_and_nothing_runs(page, tags):
    assert not OUTSIDE.search(page)
    assert tags.all("script") == tags.all("link") == tags.all("iframe") == []
    assert all(one["src"].startswith("data:image/png;base64,") for one in tags.all("img"))


def test_text_of_units_is_escaped_and_never_a_template(page, tags):
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert tags.all("b") == []
    for character in ("\x07", "\x0b", "\u202e", "\ud800"):
        assert character not in page


def test_figures_have_alternative_text_and_caption(page, tags):
    assert [one["alt"] for one in tags.all("img")] == [ALT.vi]
    assert "Hình 1. Tỷ lệ theo năm" in page
    assert "Nguồn: minh họa, 30/9/2023" in page


def test_tables_have_captions_and_scopes(page, tags):
    assert len(tags.all("table")) == len(tags.all("caption")) == 4
    scopes = [one.get("scope") for one in tags.all("th")]
    assert None not in scopes
    assert scopes.count("colgroup") == 4  # two groups in each of the two wide tables
    assert scopes.count("row") == 2 + 40 + 5 + 2
    assert "Bảng 4. Chỉ tiêu của Kế hoạch" in page


def test_headings_go_down_without_a_gap(tags):
    levels = [int(tag[1]) for tag, _ in tags.found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_links_lead_somewhere(tags):
    ids = [attrs["id"] for _, attrs in tags.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {one["href"][1:] for one in tags.all("a")} <= set(ids)


def test_the_page_says_what_the_word_file_says(page):
    words = re.sub(r"\s+", " ", page)
    for text in (
        BODY.vi,
        "Kính gửi: Ủy ban nhân dân tỉnh Thử Nghiệm.",
        "KT. GIÁM ĐỐC",
        "Nguyễn Văn Mẫu",
        "Phụ lục II",
    ):
        assert text in words


def test_the_banner_marks_invented_data_only():
    assert BANNER.vi in html_text(sample("vi"))
    assert BANNER.vi not in html_text(sample("vi", illustrative=False))


def test_two_writes_give_the_same_bytes(tmp_path):
    one = write_html(sample("vi"), tmp_path / "one.html").read_bytes()
    assert one == write_html(sample("vi"), tmp_path / "two.html").read_bytes()


def notebook(path, cells):
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), encoding="utf-8")
    return path


def test_a_notebook_becomes_a_page_without_inputs_links_or_scripts(tmp_path):
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Tỷ lệ lao động\n\nCâu hỏi."},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "execution_count": 1,
            "source": "secret_input = 1",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "dòng một\n\n\ndòng hai\n"},
                {
                    "output_type": "display_data",
                    "metadata": {},
                    "data": {"text/html": "<table><tr><td>62</td></tr></table><script>alert(1)</script>"},
                },
            ],
        },
    ]
    text = notebook_html(notebook(tmp_path / "n.ipynb", cells), "Sổ <tay>", "vi")
    tags = Tags(text)
    assert tags.all("html")[0]["lang"] == "vi"
    assert "<title>Sổ &lt;tay&gt;</title>" in text
    assert "Tỷ lệ lao động" in text
    assert not re.search("&lt;(h1|p|table|td)", text)  # headings, paragraphs and tables pass as what they are
    assert len(tags.all("h1")) == 1
    assert "<td>62</td>" in text
    assert "secret_input" not in text
    assert "dòng một\n\n\ndòng hai" in text
    assert tags.all("script") == tags.all("link") == []
    assert not OUTSIDE.search(text)


def test_hostile_outputs_of_a_notebook_do_not_run(tmp_path):
    hostile = (
        '<img src=x onerror="alert(1)"><a href="javascript:alert(1)">x</a><iframe src="//x.invalid"></iframe>'
    )
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": 1,
        "source": "",
        "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"text/html": hostile}}],
    }
    text = notebook_html(notebook(tmp_path / "n.ipynb", [cell]), "x", "en")
    tags = Tags(text)
    assert not any(key.startswith("on") for _, attrs in tags.found for key in attrs)
    assert not any("javascript:" in (one.get("href") or "") for one in tags.all("a"))
    assert tags.all("iframe") == []


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.system
@needs_browser
def test_the_page_fits_a_telephone_a_tablet_a_screen_and_paper(browser, tmp_path):
    path = write_html(sample("vi"), tmp_path / "report.html")
    assert faults(browser, path) == []
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert browser.execute_script("return document.images[0].naturalWidth") == 40


@pytest.mark.system
@needs_browser
def test_what_does_not_fit_would_be_seen(browser, tmp_path):
    page = html_text(sample("vi")).replace("<p class=", '<p style="width:2000px" class=', 1)
    path = tmp_path / "wide.html"
    path.write_text(page, encoding="utf-8")
    assert {one[0] for one in faults(browser, path)} == {375, 768, 1400}
    narrow = html_text(sample("vi")).replace(
        "</style>",
        "table { table-layout: fixed; width: 9em !important } th { min-width: 0 !important }</style>",
    )
    path.write_text(narrow, encoding="utf-8")
    assert "one word a line" in {one[0] for one in faults(browser, path)}


@pytest.mark.system
@needs_browser
def test_a_short_table_is_cards_on_a_telephone_and_a_table_on_a_screen(browser, tmp_path):
    table = replace(wide_table("vi", 3), rows=(("Bắc Sơn", "10", "20", "30", "40", "66,7"),) * 3)
    path = write_html(replace(sample("vi"), blocks=(table,), appendices=()), tmp_path / "cards.html")
    browser.get(path.as_uri())
    shown = {}
    for width in (375, 1400):
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        cell = "document.querySelector('tbody td')"
        shown[width] = browser.execute_script(
            f"return [getComputedStyle({cell}).display, getComputedStyle({cell}, '::before').content]"
        )
    assert shown == {375: ["block", '"Thực hiện: QI: "'], 1400: ["table-cell", "none"]}


def test_room_left_for_the_clerk_keeps_its_width_in_running_text():
    told = Paragraph((Sentence("occasion", f"Thực hiện Kế hoạch (số{' ' * 8}/KH-UBND), Sở báo cáo:"),))
    assert f"(số{chr(0xA0) * 8}/KH-UBND)" in html_text(replace(sample("vi"), blocks=(told,)))
