"""Figures tested on what they say: labels, line data, missing figures, contrast and glyphs, never on pixels."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from itertools import combinations
from statistics import NormalDist

import matplotlib
import narrative_cases
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex, to_rgb

from vetanalysis.blocks import Said, Text
from vetanalysis.figures import (
    AreaMap,
    Bullet,
    BulletRow,
    Cumulative,
    Facets,
    Fan,
    FanBreak,
    FanPiece,
    Funding,
    FundingSource,
    Funnel,
    FunnelUnit,
    HeatMap,
    Panel,
    Reliability,
    ReliabilityBin,
    Waterfall,
    WaterfallStep,
    new_figure,
    pieces_of,
)
from vetanalysis.figures.effects import axis_floor
from vetanalysis.figures.face import family
from vetanalysis.figures.fan import title_of
from vetanalysis.figures.heatmaps import EMPTY, GROUNDS, HATCHED, Cell
from vetanalysis.figures.maps import square
from vetanalysis.figures.reliability import wilson
from vetanalysis.figures.style import FAN, INK, SHADES, SOFT, TARGET_INK, projected
from vetanalysis.figures.units import LIMITS, Standing, StandingUnit, pooled_share
from vetanalysis.indicators.gaps import funnel_limits
from vetanalysis.observations.series import Point

LETTERS = "ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
TITLE = "Ba huyện chưa đạt nửa kế hoạch: Bắc Sơn, Đình Lập, Hữu Lũng"


class Normal:
    """A projection with closed answers, so that the fan's data can be checked by hand."""

    def __init__(self, periods, means, deviations):
        self.periods = tuple(periods)
        self.median, self.deviations = np.array(means, dtype=float), np.array(deviations, dtype=float)

    def interval(self, coverage):
        z = NormalDist().inv_cdf((1 + coverage) / 2)
        return self.median - z * self.deviations, self.median + z * self.deviations


def point(year: int, value: float, status: str = "final", concept: str = "ICLS-13", **other) -> Point:
    return Point(f"{year}-FY", year, value, status, "s", "2022-01-01", "labour_force", concept, **other)


FACTS = (point(2010, 35.0), point(2020, 56.0), point(2021, 57.2, "provisional", "ICLS-19"))
FAN_DATA = Fan(
    title=TITLE,
    axis="% lực lượng lao động",
    pieces=pieces_of(FACTS),
    projection=Normal((2022, 2023), (0.58, 0.60), (0.01, 0.02)),
    target=62.0,
    target_year=2023,
    target_label="Mục tiêu 62% (Kế hoạch năm 2023)",
    breaks=(FanBreak(2021, "đổi khái niệm"),),
    source="Nguồn: số liệu minh họa",
)
CUMULATIVE = Cumulative(
    title=TITLE,
    axis="người",
    year=2023,
    current={1: 1500, 2: math.nan, 3: 9870},
    past={2021: {1: 700, 2: 3500, 3: math.nan, 4: 11980}, 2022: {1: 1800, 2: 5900, 3: 10300, 4: 13900}},
    projection=Normal((2023,), (13100,), (600,)),
    target=13500,
    target_label="Kế hoạch 13.500 người",
)
LAYOUT = {"178": (1, 1), "180": (0, 0), "185": (1, 0)}
MAP = AreaMap(
    title=TITLE,
    areas={code: square(*at) for code, at in LAYOUT.items()},
    names={"178": "TP Lạng Sơn", "180": "Tràng Định", "185": "Bắc Sơn"},
    values={"178": 110, "180": 48, "185": None},
)
HEATMAP = HeatMap(
    title=TITLE,
    rows=("TP Lạng Sơn", "Tràng Định", "Bắc Sơn"),
    columns=("Quý I", "6 tháng"),
    cells=(
        (Cell("0%", 0), Cell(Said("figures.indicators.value", value=48.4), 2)),
        (Cell("110%", 4), Cell(Said("figures.indicators.missing"), HATCHED)),
        (Cell("–", EMPTY), Cell("60%", 3)),
    ),
    key="Ô càng đậm, số càng cao.",
)
BULLET = Bullet(
    title=TITLE,
    rows=(BulletRow("Tỷ lệ", 62, 57.2, 59.7, 57.8, 61.6, "57,2% / 62%"), BulletRow("Có chứng chỉ", 25)),
)
WATERFALL = Waterfall(
    title=TITLE,
    axis="% lực lượng lao động",
    start=57.2,
    start_label="Cuối 2021",
    steps=(WaterfallStep("Đào tạo mới", 3.8), WaterfallStep("Nghỉ", -1.9), WaterfallStep("Khác", None)),
    end_label="Cuối 2023",
    measure="percent",
    digits=1,
    target=62,
    target_label="Mục tiêu 62%",
)
UNITS = (FunnelUnit("Bắc Sơn", 80, 100), FunnelUnit("Đình Lập", 20, 100), FunnelUnit("Hữu Lũng", 320, 400))
RELIABILITY = Reliability(
    title=TITLE, bins=(ReliabilityBin(0.9, 10, 9), ReliabilityBin(0.1, 20, 3), ReliabilityBin(0.5, 0, 0))
)
FUNDING = Funding(
    title=TITLE,
    axis="triệu đồng",
    sources=(
        FundingSource("Trung ương", 18500, 7600),
        FundingSource("Địa phương", None, 100),
        FundingSource("Khác", None, None),
    ),
)
PANELS = (
    Panel("A", (1, 2, 3), (10, None, 20), 60),
    Panel("B", (1, 2, 3), (None,) * 3, 60),
    Panel("C", (1,), (5,)),
)
FACETS = Facets(
    title=TITLE, axis="người", panels=PANELS, ticks={1: "QI", 2: "6T", 3: "9T"}, source="Nguồn: A"
)
ALL = {
    "fan": FAN_DATA,
    "cumulative": CUMULATIVE,
    "map": MAP,
    "heatmap": HEATMAP,
    "bullet": BULLET,
    "waterfall": WATERFALL,
    "funnel": Funnel(title=TITLE, axis="% có việc làm", size_axis="Số người", units=UNITS),
    "reliability": RELIABILITY,
    "funding": FUNDING,
    "standing": Standing(
        title=TITLE,
        axis="% chỉ tiêu năm",
        common=66.1,
        units=tuple(
            StandingUnit(f"Trung tâm {number}", 60.0 + number, 55.0, 75.0, number == 0)
            for number in range(12)
        ),
    ),
}


def draw(name: str, data=None, lang: str = "vi"):
    _, ax = new_figure()
    assert (data or ALL[name]).draw(ax, lang) is ax
    return ax


def lines(ax, gid: str) -> list[list[tuple[float, float]]]:
    return [list(zip(*line.get_data(), strict=True)) for line in ax.get_lines() if line.get_gid() == gid]


def texts(ax, gid: str | None = None) -> list[str]:
    return [text.get_text() for text in ax.texts if gid is None or text.get_gid() == gid]


def bars(ax, gid: str):
    return [patch for patch in ax.patches if patch.get_gid() == gid]


def light(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((light(first), light(second)))
    return (high + 0.05) / (low + 0.05)


# every figure


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


# fan


def test_no_line_crosses_a_break_and_gaps_are_dotted():
    ax = draw("fan")
    assert lines(ax, "fact-line") == []
    assert lines(ax, "years-without-figure") == [[(2010, 35.0), (2020, 56.0)]]
    assert lines(ax, "break") == [[(2020.5, 0), (2020.5, 1)]]
    assert texts(ax, "break-label") == ["đổi khái niệm"]
    joined = [line for line in ax.get_lines() if {2020, 2021} <= set(line.get_xdata())]
    assert joined == []


def test_facts_stand_at_their_values_and_preliminary_ones_are_hollow():
    ax = draw("fan")
    assert lines(ax, "fact") == [[(2010, 35.0)], [(2020, 56.0)]]
    assert lines(ax, "fact-provisional") == [[(2021, 57.2)]]
    hollow = next(line for line in ax.get_lines() if line.get_gid() == "fact-provisional")
    assert hollow.get_markerfacecolor() == "white"
    assert texts(ax, "fact-label") == ["2010: 35,0%", "2020: 56,0%", "2021: 57,2%\n(sơ bộ)"]
    assert texts(draw("fan", lang="en"), "fact-label")[2] == "2021: 57.2%\n(provisional)"


def test_the_fan_holds_the_projections_quantiles_in_percent():
    ax = draw("fan")
    (median,) = lines(ax, "median")
    assert median == [(2021, 57.2), (2022, pytest.approx(58)), (2023, pytest.approx(60))]
    for coverage, z in ((0.5, 0.674490), (0.8, 1.281552), (0.95, 1.959964)):
        band = next(one for one in ax.collections if one.get_gid() == f"range-{coverage:g}")
        at_end = [y for x, y in band.get_paths()[0].vertices if x == 2023]
        assert min(at_end) == pytest.approx(60 - z * 2, abs=1e-4)
        assert max(at_end) == pytest.approx(60 + z * 2, abs=1e-4)
    assert texts(ax, "range-label") == ["dự báo 60,0%\n80%: 57,4%\n– 62,6%"]


def test_the_target_is_a_line_with_its_words():
    ax = draw("fan")
    assert lines(ax, "target") == [[(0, 62.0), (1, 62.0)]]
    assert lines(ax, "target-mark") == [[(2023, 62.0)]]
    assert texts(ax, "target-label") == ["Mục tiêu 62% (Kế hoạch năm 2023)"]
    assert ax.get_ylabel() == "% lực lượng lao động"


def test_without_projection_there_is_no_fan_and_no_key():
    ax = draw("fan", replace(FAN_DATA, projection=None))
    assert not ax.collections
    assert "95%" not in ax.figure.get_supxlabel()


def test_a_single_horizon_that_continues_nothing_is_a_bar():
    data = replace(FAN_DATA, pieces=(), projection=Normal((2023,), (0.6,), (0.02,)))
    ax = draw("fan", data)
    assert len(ax.collections) == 3
    assert {x for x, _ in lines(ax, "median")[0]} == {2023}


def test_an_invented_point_marks_the_figure():
    data = replace(FAN_DATA, pieces=(FanPiece((point(2020, 56.0, illustrative=True),)),))
    assert draw("fan", data).get_title(loc="right") == "SỐ LIỆU MINH HỌA"


def test_pieces_are_cut_where_the_definition_changes():
    assert [len(piece.points) for piece in pieces_of(FACTS)] == [2, 1]
    assert pieces_of(()) == ()
    assert pieces_of(FACTS[::-1]) == pieces_of(FACTS)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(2000, 2022), st.floats(0, 100)),
        min_size=1,
        max_size=12,
        unique_by=lambda x: x[0],
    )
)
def test_only_neighbouring_years_are_joined(rows):
    points = tuple(point(year, value) for year, value in sorted(rows))
    ax = draw("fan", replace(FAN_DATA, pieces=(FanPiece(points),), breaks=()))
    assert all(b[0] - a[0] == 1 for a, b in lines(ax, "fact-line"))
    assert all(b[0] - a[0] > 1 for a, b in lines(ax, "years-without-figure"))
    assert len(lines(ax, "fact")) == len(points)


def test_a_closed_year_is_titled_with_its_result_and_not_with_a_chance():
    people_of = narrative_cases.people
    closed = people_of(
        points=(narrative_cases.point(2023, 13380, base="", concept=""),), projection=None, status="not_reached",
        probability=0.0, median=None, as_of="2023-FY",
    )  # fmt: skip
    assert closed.is_judged
    assert title_of(closed).vi.endswith(": 13.380 người, đạt 99,1% kế hoạch năm")
    assert "%)" not in title_of(closed).en  # no band of words
    assert title_of(people_of()).en.endswith("unlikely (20-45%)")


# the others


def test_cumulative_leaves_holes_and_starts_from_nothing():
    ax = draw("cumulative")
    (this_year,) = lines(ax, "year-2023")
    assert [y for _, y in this_year][:2] == [0, 1500]
    assert math.isnan(this_year[2][1])
    assert this_year[3] == (3, 9870)
    assert math.isnan(lines(ax, "past-2021")[0][3][1])
    assert lines(ax, "median") == [[(3, 9870), (4, 13100)]]
    assert texts(ax, "fact-label") == ["1.500"]
    assert sorted(texts(ax, "past-label")) == ["2021", "2022"]
    assert [one.get_text() for one in ax.get_xticklabels()] == [
        "Đầu năm",
        "Quý I",
        "6 tháng",
        "9 tháng",
        "Cả năm",
    ]


def test_the_three_years_before_stand_beside_this_year_at_the_same_point():
    past = {2019: {3: 6000}, 2020: {3: 6510}, 2021: {3: 7230, 4: 11980}, 2022: {3: 8171}}
    ax = draw("cumulative", replace(CUMULATIVE, past=past))
    assert texts(ax, "same-point-label") == [
        "9 tháng",
        "2023: 9.870",
        "2022: 8.171",
        "2021: 7.230",
        "2020: 6.510",
    ]
    assert lines(ax, "same-point-2021") == [[(3, 7230)]]
    assert lines(ax, "same-point-2019") == []  # three years, no more
    alike = draw("cumulative", replace(CUMULATIVE, past=past, alike={2022: 8025.0}))  # over the same units
    assert texts(alike, "same-point-label") == ["9 tháng", "2023: 9.870", "2022: 8.025"]
    missing = draw("cumulative")  # of 2021 nobody knows the nine months: not told, never zero
    assert texts(missing, "same-point-label") == ["9 tháng", "2023: 9.870", "2022: 10.300"]
    assert texts(draw("cumulative", replace(CUMULATIVE, current={})), "same-point-label") == []


def test_a_finished_year_has_no_projection():
    ax = draw("cumulative", replace(CUMULATIVE, current={1: 1, 2: 2, 3: 3, 4: 4}))
    assert lines(ax, "median") == []


def test_at_the_start_of_the_year_the_fan_begins_at_zero():
    ax = draw("cumulative", replace(CUMULATIVE, current={}))
    assert lines(ax, "median") == [[(0, 0), (4, 13100)]]


def test_bullet_puts_every_target_at_one_hundred_and_says_what_is_missing():
    ax = draw("bullet")
    (latest,) = bars(ax, "latest")
    assert latest.get_width() == pytest.approx(57.2 / 62 * 100)
    (band,) = bars(ax, "range")
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx(
        (57.8 / 62 * 100, 61.6 / 62 * 100)
    )
    assert lines(ax, "target")[0][0][0] == 100
    assert texts(ax, "missing") == ["chưa có số liệu"]
    assert [one.get_text() for one in ax.get_yticklabels()] == ["Tỷ lệ", "Có chứng chỉ"]


def test_waterfall_adds_up_and_shows_a_missing_flow():
    ax = draw("waterfall")
    start, end = bars(ax, "level")
    assert start.get_y() + start.get_height() == pytest.approx(57.2)
    assert end.get_y() + end.get_height() == pytest.approx(57.2 + 3.8 - 1.9)
    assert [(one.get_y(), one.get_height()) for one in bars(ax, "rise")] == [
        (pytest.approx(57.2), pytest.approx(3.8))
    ]
    assert [(one.get_y(), one.get_height()) for one in bars(ax, "fall")] == [
        (pytest.approx(59.1), pytest.approx(1.9))
    ]
    assert texts(ax, "missing") == ["chưa có số liệu"]
    assert texts(ax, "label") == ["57,2%", "+3,8", "−1,9", "59,1%"]


def test_a_cut_axis_says_so_and_a_whole_one_begins_at_zero():
    assert axis_floor(WATERFALL) > 0
    assert "không bắt đầu từ 0" in draw("waterfall").figure.get_supxlabel()
    large = replace(WATERFALL, steps=(WaterfallStep("Đào tạo", 40.0),), target=None)
    assert axis_floor(large) == 0
    ax = draw("waterfall", large)
    assert ax.get_ylim()[0] == 0
    assert "không bắt đầu" not in (ax.figure.get_supxlabel() or "")


def cells_of(ax) -> dict[str, tuple[int, int]]:
    """The words of every cell with its row and column."""
    return {one.get_text(): tuple(int(at) for at in one.get_position()[::-1]) for one in ax.texts}


def outlines_of(ax, gid: str):
    """The outlines drawn as units or as missing, and how they are filled."""
    (found,) = [one for one in ax.collections if one.get_gid() == gid]
    return found


def test_a_map_names_every_unit_inside_its_outline_and_hatches_what_is_missing():
    ax = draw("map")
    named = {one.get_gid().removeprefix("unit-"): one for one in ax.texts}
    assert {code: one.get_text() for code, one in named.items()} == {
        "178": "TP Lạng Sơn\n110%", "180": "Tràng Định\n48%", "185": "Bắc Sơn",
    }  # fmt: skip
    for code, (row, column) in LAYOUT.items():
        x, y = named[code].get_position()
        assert (column < x < column + 1, -row - 1 < y < -row) == (True, True)
    missing = outlines_of(ax, "missing")
    assert (len(missing.get_paths()), missing.get_hatch(), to_rgb(missing.get_facecolor()[0])) == (
        1,
        "////",
        (1, 1, 1),
    )
    assert missing.get_paths()[0].vertices.min(axis=0).tolist() == [0, -2]


def test_shades_of_the_map_are_explained_in_order_with_what_is_missing():
    for lang, words in (
        ("vi", ("chưa có số liệu", "từ 100% trở lên", "dưới 25%")),
        ("en", ("no data", "100% or more", "below 25%")),
    ):
        key = [one.get_text() for one in draw("map", lang=lang).get_legend().get_texts()]
        assert (len(key), key[0], key[1], key[-1]) == (6, *words)
    full = draw("map", replace(MAP, values=dict.fromkeys(LAYOUT, 50)))
    assert len(full.get_legend().get_texts()) == 5
    shades = [to_hex(one) for one in outlines_of(draw("map"), "units").get_facecolors()]
    assert shades == [SHADES[4], SHADES[1]]  # 110 % and 48 %


def test_a_zero_is_shaded_as_the_lowest_and_is_not_missing():
    ax = draw("map", replace(MAP, values=dict.fromkeys(LAYOUT, 0.0)))
    assert {to_hex(one) for one in outlines_of(ax, "units").get_facecolors()} == {SHADES[0]}
    assert len(outlines_of(ax, "missing").get_paths()) == 0


def test_text_on_every_unit_of_a_map_can_be_read():
    for value in (10, 30, 60, 90, 120):
        ax = draw("map", replace(MAP, values=dict.fromkeys(LAYOUT, value)))
        ground = outlines_of(ax, "units").get_facecolors()[0]
        assert all(contrast(text.get_color(), ground) >= 4.5 for text in ax.texts)


def test_a_heat_map_names_its_rows_and_columns_and_writes_every_cell():
    ax = draw("heatmap")
    assert [one.get_text() for one in ax.get_yticklabels()] == list(HEATMAP.rows)
    assert [one.get_text() for one in ax.get_xticklabels()] == list(HEATMAP.columns)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first row is on top
    assert cells_of(ax) == {
        "0%": (0, 0), "48%": (0, 1), "110%": (1, 0), "chưa có": (1, 1), "–": (2, 0), "60%": (2, 1),
    }  # fmt: skip
    assert "no data" in cells_of(draw("heatmap", lang="en"))
    assert "Ô càng đậm" in ax.figure.get_supxlabel()


def test_missing_is_hatched_in_a_heat_map_and_a_zero_is_shaded():
    ax = draw("heatmap")
    (hatched,) = bars(ax, "missing")
    assert hatched.get_hatch()
    assert (int(hatched.get_y()), int(hatched.get_x())) == (1, 1)
    assert texts(ax, "missing") == ["chưa có"]
    assert texts(ax, "empty") == ["–"]
    assert [int(one) for one in ax.collections[0].get_array().compressed()] == [0, 2, 4, 3]


@pytest.mark.parametrize("grounds", [SHADES, tuple(GROUNDS.values())])
def test_words_in_a_heat_map_can_be_read_on_every_ground(grounds):
    assert len(set(grounds)) == 5
    for number in range(len(grounds)):
        ax = draw("heatmap", replace(HEATMAP, cells=((Cell("60%", number),) * 2,) * 3, grounds=grounds))
        mesh = ax.collections[0]
        mesh.update_scalarmappable()
        assert all(contrast(text.get_color(), mesh.get_facecolors()[0]) >= 4.5 for text in ax.texts)


def test_facets_share_a_scale_and_no_line_crosses_a_gap():
    figure = FACETS.figure("vi")
    used = figure.axes
    assert [ax.get_title(loc="left") for ax in used] == ["A", "B", "C"]
    assert len({ax.get_ylim() for ax in used}) == 1
    assert used[0].get_ylim()[0] == 0
    drawn = [[(x, y) for x, y in zip(*line.get_data(), strict=True)] for line in used[0].lines]
    assert [(1, 10)] in drawn
    assert [(3, 20)] in drawn
    assert not any({(1, 10), (3, 20)} <= set(one) for one in drawn)
    assert texts(used[1], "missing") == ["chưa có số liệu"]
    assert texts(used[0], "label") == ["20"]
    assert [line for line in lines(used[0], "target")] == [[(0, 60), (1, 60)]]
    assert lines(used[2], "target") == []
    assert [one.get_text() for one in used[2].get_xticklabels()] == ["QI", "6T", "9T"]
    assert (figure.get_suptitle(), figure.get_supxlabel(), figure.get_supylabel()) == (
        TITLE,
        "Nguồn: A",
        "người",
    )
    assert not [one for one in figure.texts if one.get_gid() == "illustrative"]
    marked = replace(FACETS, illustrative=True).figure("en")
    assert [one.get_text() for one in marked.texts if one.get_gid() == "illustrative"] == [
        "ILLUSTRATIVE DATA"
    ]


def test_funnel_names_only_who_is_outside():
    ax = draw("funnel")
    assert pooled_share(UNITS) == pytest.approx(420 / 600)
    # 0.7 +- 1.96 sqrt(0.7 x 0.3 / 100) = 0.610 to 0.790
    low, high = funnel_limits(0.7, np.array([100.0]), LIMITS[0.95])
    assert (low[0], high[0]) == pytest.approx((0.6102, 0.7898), abs=1e-4)
    assert sorted(texts(ax, "name")) == ["Bắc Sơn", "Hữu Lũng", "Đình Lập"]
    assert len(lines(ax, "outside")) == 3
    same = replace(
        ALL["funnel"], units=(FunnelUnit("A", 70, 100), FunnelUnit("B", 72, 100), FunnelUnit("C", 0, 0))
    )
    ax = draw("funnel", same)
    assert texts(ax, "name") == []
    assert len(lines(ax, "inside")) == 2


def test_reliability_points_and_wilsons_interval():
    # Wilson 1927 for 9 of 10 at z = 1.96: 0.596 to 0.982
    assert wilson(9, 10, 1.959964) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert wilson(0, 5)[0] == 0
    assert wilson(5, 5)[1] == 1
    ax = draw("reliability")
    assert lines(ax, "observed") == [[(10, 15), (90, 90)]]
    assert texts(ax, "cases") == ["20 lần", "10 lần"]
    assert lines(ax, "ideal") == [[(0, 0), (100, 100)]]


def test_funding_says_what_is_not_known():
    ax = draw("funding")
    assert [bar.get_width() for bar in bars(ax, "assigned")] == [18500]
    assert [bar.get_width() for bar in bars(ax, "disbursed")] == [7600, 100]
    assert texts(ax, "label") == ["7.600 / 18.500 (41,1%)", "100 / chưa có số liệu", "chưa có số liệu"]
    assert texts(draw("funding", lang="en"), "label")[0] == "7,600 / 18,500 (41.1%)"


def test_counts_of_cases_carry_their_separators():
    data = replace(ALL["reliability"], bins=(ReliabilityBin(0.6, 1220, 700),))
    assert texts(draw("reliability", data), "cases") == ["1.220 lần"]
    assert texts(draw("reliability", data, "en"), "cases") == ["1,220 cases"]


def test_projected_counts_are_rounded_as_in_the_text_beside_them():
    assert (projected(13866, "vi"), projected(615, "vi"), projected(37.4, "en")) == ("13.900", "620", "37")
    assert projected(59.34, "vi", "percent", 1) == "59,3%"


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
