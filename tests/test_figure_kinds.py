"""Figures of each kind but the fan, by what they say: running totals, maps, heat maps, small multiples, bars."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from figure_cases import (
    ALL,
    CUMULATIVE,
    FACETS,
    HEATMAP,
    LAYOUT,
    MAP,
    TITLE,
    UNITS,
    WATERFALL,
    bars,
    contrast,
    draw,
    lines,
    texts,
)
from matplotlib.colors import to_hex, to_rgb

from vetanalysis.figures import (
    FunnelUnit,
    ReliabilityBin,
    WaterfallStep,
)
from vetanalysis.figures.effects import axis_floor
from vetanalysis.figures.heatmaps import GROUNDS, Cell
from vetanalysis.figures.reliability import wilson
from vetanalysis.figures.style import SHADES, projected
from vetanalysis.figures.units import LIMITS, pooled_share
from vetanalysis.indicators.gaps import funnel_limits


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
        "● 2022: 8.171",
        "● 2021: 7.230",
        "● 2020: 6.510",
    ]
    assert lines(ax, "same-point-2021") == [[(3, 7230)]]
    assert lines(ax, "same-point-2019") == []  # three years, no more
    alike = draw("cumulative", replace(CUMULATIVE, past=past, alike={2022: 8025.0}))  # over the same units
    assert texts(alike, "same-point-label") == ["9 tháng", "2023: 9.870", "● 2022: 8.025"]
    missing = draw("cumulative")  # of 2021 nobody knows the nine months: not told, never zero
    assert texts(missing, "same-point-label") == ["9 tháng", "2023: 9.870", "● 2022: 10.300"]
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


def test_a_unit_has_the_shade_of_the_figure_that_is_printed():
    first = next(code for code, value in MAP.values.items() if value is not None)
    edges = (25, 50, 65, 100)
    shades = [
        replace(MAP, values={**MAP.values, first: value}, edges=edges)._shade(first)
        for value in (64.4, 64.6, 65.0)  # printed 64, 65, 65
    ]
    assert shades == [2, 3, 3]


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
