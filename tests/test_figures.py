"""Figures tested on what they say: labels, line data, missing figures, contrast and glyphs, never on pixels."""

from __future__ import annotations

import io
import shutil
import warnings
from dataclasses import replace
from itertools import combinations

import matplotlib
import pytest
from figure_cases import (
    ALL,
    BULLET,
    CUMULATIVE,
    FACETS,
    FAN_DATA,
    FUNDING,
    LETTERS,
    TITLE,
    Normal,
    contrast,
    draw,
    light,
    point,
    texts,
)
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from vetanalysis.blocks import Said, Text
from vetanalysis.figures import (
    BulletRow,
    Fan,
    FanPiece,
    FundingSource,
    new_figure,
)
from vetanalysis.figures.face import broken, family, width
from vetanalysis.figures.style import FAN, INK, SOFT, TARGET_INK, to_png


def word_by_word(text, room, measure):
    """Lines filled one word after the other, each measured."""
    lines = [[]]
    for word in text.split():
        if lines[-1] and measure(" ".join([*lines[-1], word])) > room:
            lines.append([])
        lines[-1].append(word)
    return [" ".join(line) for line in lines]


@given(
    words=st.lists(
        st.sampled_from([*"aWi.Ắ", "lao động", "qua đào tạo", "W" * 30, "iiii", "1.234,5"]), max_size=40
    ),
    room=st.floats(-10, 600),
    uneven=st.sampled_from([0.0, 7.0]),
)
def test_lines_are_filled_as_far_as_they_go(words, room, uneven):
    def measure(line):  # letters beside one another may be narrower, or wider, than apart
        return width(line, 12.0) + uneven * len(line.split()) ** 0.5

    text = " ".join(words)
    assert broken(text, room, measure) == word_by_word(text, room, measure)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", [*ALL, "facets"])
def test_no_glyph_is_missing_and_bytes_repeat(name, lang):
    data = replace(
        {**ALL, "facets": FACETS}[name],
        title=f"{TITLE} {LETTERS} {LETTERS.upper()}",
        source="Nguồn: ≥ 62%, “số liệu” – ước",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a missing glyph
        first = data.png(lang, dpi=60)
    assert first.startswith(b"\x89PNG")
    assert first == data.png(lang, dpi=60)
    assert b"Software" not in first


@pytest.mark.parametrize("name", ALL)
def test_laid_out_once_a_picture_is_as_matplotlib_lays_it_out(name):
    laid_out, out = ALL[name].figure("vi"), io.BytesIO()
    with matplotlib.rc_context({"font.family": family(), "savefig.bbox": None}):
        laid_out.savefig(out, format="png", dpi=60, facecolor="white", metadata={"Software": None})
    ours, theirs = (
        Image.open(io.BytesIO(data)) for data in (to_png(ALL[name].figure("vi"), 60), out.getvalue())
    )
    assert (ours.info["dpi"], ours.size) == (theirs.info["dpi"], theirs.size)
    assert not ImageChops.difference(ours, theirs.convert("RGB")).getbbox()


@pytest.mark.parametrize("name", ALL)
def test_title_source_and_mark_of_invented_data(name):
    data = replace(ALL[name], source="Nguồn: A", illustrative=True)
    ax = draw(name, data)
    assert ax.get_title(loc="left").replace("\n", " ") == TITLE
    assert ax.get_title(loc="right") == "SỐ LIỆU MINH HỌA"
    assert "Nguồn: A" in ax.figure.get_supxlabel()
    assert draw(name, replace(data, illustrative=False)).get_title(loc="right") == ""
    assert draw(name, data, "en").get_title(loc="right") == "ILLUSTRATIVE DATA"


@pytest.mark.parametrize("name", [*ALL, "facets"])
def test_nothing_is_cut_off(name):
    source = "Nguồn: " + "số liệu minh họa, " * 12
    if name == "facets":
        figure = replace(FACETS, title=f"{TITLE} " * 5, axis="số người " * 12, source=source).figure("vi")
    else:
        figure, ax = new_figure()
        replace(ALL[name], source=source).draw(ax, "vi")
    figure.draw_without_rendering()
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert box.x0 >= -0.02
    assert box.y0 >= -0.02
    assert box.x1 <= width + 0.02
    assert box.y1 <= height + 0.02


@pytest.mark.parametrize("name", ALL)
def test_words_are_set_in_a_serif_like_the_text_around_them(name):
    with matplotlib.rc_context({"font.family": ["sans-serif"]}):
        ax = draw(name)
        found = {one.get_fontname() for one in [*ax.texts, ax.title, ax.xaxis.label, *ax.get_xticklabels()]}
    assert found == {family()[0]}
    assert found <= {"Times New Roman", "Liberation Serif", "DejaVu Serif"}


TELEPHONE = 375 - 2 * 0.6 * 16  # px that a page of 375 px leaves for a figure
IN_REPORTS = ("fan", "cumulative", "map", "funding", "standing")


def words_of(figure) -> list:
    """All words that are drawn: of the ticks only those within the axes."""
    figure.draw_without_rendering()
    beyond = {
        id(label)
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
        for label in (tick.label1, tick.label2)
    }
    every = figure.findobj(matplotlib.text.Text)
    return [one for one in every if one.get_visible() and one.get_text().strip() and id(one) not in beyond]


@pytest.mark.parametrize("name", IN_REPORTS)
def test_words_in_a_figure_of_a_report_can_be_read_on_a_telephone(name):
    figure = replace(ALL[name], illustrative=True, source="Nguồn: A").figure("vi")
    scale = TELEPHONE / (figure.get_figwidth() * 72)
    assert min(one.get_fontsize() for one in words_of(figure)) * scale >= 9


MANY = {
    2020 + n: {1: 1800 + 60 * n, 2: 5900 + 70 * n, 3: 10300 + 90 * n, 4: 13300 + 40 * n} for n in range(3)
}
LONG = (
    "Số người được đào tạo trình độ sơ cấp, trung cấp, cao đẳng và các chương trình đào tạo nghề nghiệp khác"
)
CROWDED = {
    "path": replace(CUMULATIVE, past=MANY, title=LONG),
    "front-loaded": replace(CUMULATIVE, past={2022: {1: 9000, 2: 11000}}, current={1: 12000, 2: 12500}),
    "finished": replace(CUMULATIVE, past=MANY, current={1: 1, 2: 5000, 3: 9000, 4: 13380}, projection=None),
    "start": replace(CUMULATIVE, current={}),
    "small": replace(CUMULATIVE, past={}, current={1: 3}, projection=Normal((2023,), (9,), (2,)), target=9),
    "far": replace(CUMULATIVE, past=MANY, projection=Normal((2023,), (30000,), (3000,))),
    "fan": replace(FAN_DATA, title=LONG),
    "long target": replace(FAN_DATA, target_label="Chỉ tiêu 62% (Nghị quyết 16/2021/QH15; Quyết định 2239/QĐ-TTg)"),
    "long target of people": replace(CUMULATIVE, target_label="Chỉ tiêu 34.500 người (Nghị quyết 16/2021/QH15)"),
    "three years": replace(
        FAN_DATA, pieces=(FanPiece(tuple(point(year, 24 + year / 100) for year in (2021, 2022, 2023))),), breaks=(),
        projection=Normal((2024, 2025), (0.45, 0.46), (0.01, 0.02)), target=50.0, target_year=2025,
    ),
    "level": replace(FAN_DATA, projection=Normal((2022, 2023), (0.6, 0.62), (0.01, 0.001))),
    "funding": replace(FUNDING, sources=tuple(replace(one, label=LONG[:70]) for one in FUNDING.sources)),
    "standing": replace(ALL["standing"], title=LONG),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", CROWDED)
def test_no_words_print_over_others(name, lang):
    figure = replace(
        CROWDED[name], illustrative=True, source="Nguồn: " + "báo cáo của các đơn vị, " * 5
    ).figure(lang)
    boxes = {
        f"{one.get_text()} ({at})": one.get_window_extent().shrunk(0.94, 0.8)
        for at, one in enumerate(words_of(figure))
    }
    assert [
        (first, other) for first, other in combinations(boxes, 2) if boxes[first].overlaps(boxes[other])
    ] == []
    width, height = figure.bbox.size
    assert [
        one for one, box in boxes.items() if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ] == []


def test_words_are_said_in_the_language_of_the_drawing():
    rows = (BulletRow(Text("Tỷ lệ", "Rate"), 62, words=Said("figures.missing")),)
    told = replace(BULLET, title=Said("figures.funding.title", share=41.08), rows=rows)
    for lang, title, label, words in (
        ("vi", "Đã giải ngân 41,1%", "Tỷ lệ", "chưa có số liệu"),
        ("en", "41.1% disbursed", "Rate", "no data"),
    ):
        ax = draw("bullet", told, lang)
        assert ax.get_title(loc="left") == title
        assert [one.get_text() for one in ax.get_yticklabels()] == [label]
        assert texts(ax, "words") == [words]


def test_a_dollar_in_a_name_is_no_formula():
    ax = draw(
        "funding", replace(FUNDING, title="Vốn $\\alpha$", sources=(FundingSource("Dự án $x_1$", 5, 1),))
    )
    assert not ax.title.get_parse_math() or ax.get_title(loc="left") == "Vốn $\\alpha$"
    assert ax.get_yticklabels()[0].get_text() == "Dự án $x_1$"
    assert not ax.get_yticklabels()[0].get_parse_math()


def test_colours_are_told_apart_and_text_is_read():
    assert all(contrast(ink, "white") >= 4.5 for ink in (INK, SOFT, TARGET_INK, "#005a8e"))
    shades = [light(FAN[coverage]) for coverage in (0.95, 0.8, 0.5)]
    assert shades == sorted(shades, reverse=True)  # told apart in grey as well
    assert all(a / b > 1.2 for a, b in combinations([s + 0.05 for s in shades], 2))


def test_a_long_title_stands_at_the_left_edge_of_the_figure_and_clear_of_the_mark():
    data = replace(ALL["cumulative"], title="Số người được đào tạo trình độ sơ cấp, trung cấp, cao đẳng: có khả năng",
                   illustrative=True)  # fmt: skip
    ax = draw("cumulative", data)
    renderer = ax.figure.canvas.get_renderer()
    ax.figure.draw_without_rendering()
    title, mark = (one.get_window_extent(renderer) for one in (ax._left_title, ax._right_title))
    width = ax.figure.bbox.width
    assert 0 <= title.x0 < 0.03 * width
    assert title.y1 < mark.y0
    assert mark.x1 <= width


def test_words_over_a_figure_keep_clear_of_the_targets_line():
    points = tuple(point(year, value) for year, value in ((2020, 90.0), (2021, 120.0), (2022, 121.0)))
    close = Fan(
        title=TITLE, axis="người", pieces=(FanPiece(points),), target=124.0, target_year=2023, target_label="Chỉ tiêu",
        measure="persons",
    )  # fmt: skip
    ax = draw("fan", close)
    (label,) = [
        one for one in ax.texts if one.get_gid() == "fact-label" and one.get_text().startswith("2021")
    ]
    assert label.get_va() == "top"


def test_a_lone_figure_is_named_to_its_right_clear_of_the_axis():
    pieces = (FanPiece((point(2020, 64.5),)),)
    lone = Fan(title=TITLE, pieces=pieces, target=70.0, target_year=2025, target_label="Chỉ tiêu 70%")
    (label,) = [one for one in draw("fan", lone).texts if one.get_gid() == "fact-label"]
    assert label.get_ha() == "left"


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_versions_of_a_face_every_process_takes_the_same(turned, tmp_path, monkeypatch):
    import matplotlib.font_manager as fonts

    for folder in ("liberation", "liberation2"):
        (tmp_path / folder).mkdir()
        shutil.copy(fonts.findfont("DejaVu Serif"), tmp_path / folder / "LiberationSerif-Regular.ttf")
    found = [str(one) for one in tmp_path.rglob("*.ttf")]
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: sorted(found, reverse=turned))
    monkeypatch.setattr(fonts.fontManager, "ttflist", [*fonts.fontManager.ttflist])
    added = []
    monkeypatch.setattr(fonts.fontManager, "addfont", added.append)
    family.cache_clear()
    try:
        assert family()[0] == "Liberation Serif"
    finally:
        family.cache_clear()
    assert added == [str(tmp_path / "liberation2" / "LiberationSerif-Regular.ttf")]
    assert not [one for one in fonts.fontManager.ttflist if one.name == "Liberation Serif"]
