"""The fan of a rate: facts and projection, no line across a change of definition, the target named."""

from __future__ import annotations

from dataclasses import replace

import narrative_cases
import pytest
from figure_cases import (
    FACTS,
    FAN_DATA,
    Normal,
    draw,
    lines,
    point,
    texts,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from vetanalysis.figures import (
    FanPiece,
    pieces_of,
)
from vetanalysis.figures.captions import title_of
from vetanalysis.figures.pictures import picture_of


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
    assert texts(ax, "range-label") == ["◆ dự báo 60,0%\n80%: 57,4%\n– 62,6%"]


def test_the_target_is_a_line_with_its_words():
    ax = draw("fan")
    assert lines(ax, "target") == [[(0, 62.0), (1, 62.0)]]
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


def test_an_estimate_within_the_year_has_a_mark_and_words_of_its_own():
    june = replace(point(2023, 60.8, "estimate", "ICLS-19"), period="2023-H1")
    ax = draw("fan", replace(FAN_DATA, within=(june,)))
    assert lines(ax, "estimate-within") == [[(2022.5, 60.8)]]
    assert {line.get_marker() for line in ax.get_lines() if line.get_gid() == "estimate-within"} == {"^"}
    assert any("ước 6 tháng 2023" in words and "60,8%" in words for words in texts(ax, "fact-label"))
    assert all((2022.5, 60.8) not in line for line in lines(ax, "fact-line"))


def test_a_rate_of_a_part_of_the_year_is_an_estimate_as_in_the_table_of_targets():
    """Where its return calls it provisional; a final one, as a survey of a quarter gives it, and a count stay what they
    are."""
    june = replace(point(2023, 24.5, "provisional"), period="2023-H1")
    rate = replace(FAN_DATA, pieces=(FanPiece((june,)),), breaks=())
    assert texts(draw("fan", rate), "fact-label") == ["6 tháng 2023: 24,5%\n(ước)"]
    rows = [value.row.get("vi") for value in rate.values_shown().every]
    assert rows[0] == "6 tháng 2023 (ước)"
    final = replace(rate, pieces=(FanPiece((replace(june, status="final"),)),))
    assert texts(draw("fan", final), "fact-label") == ["6 tháng 2023: 24,5%"]
    assert [replace(june, status=one).maturity("percent") for one in ("final", "provisional", "estimate")] == [
        "final", "estimate", "estimate",
    ]  # fmt: skip
    assert replace(june, period="2023-FY").maturity("percent") == june.maturity("persons") == "provisional"
    assert lines(draw("fan", final), "fact") == [[(2022.5, 24.5)]]
    count = replace(rate, measure="persons", target=13_500, projection=None)
    assert "(sơ bộ)" in texts(draw("fan", count), "fact-label")[0]


def test_words_of_status_that_differ_stand_at_each_figure():
    years = (point(2021, 20.5, "provisional"), point(2022, 22.5, "provisional"))
    june = replace(point(2023, 24.5, "provisional"), period="2023-H1")
    mixed = replace(FAN_DATA, pieces=(FanPiece((*years, june)),), breaks=(), projection=None)
    said = [words.replace("\n", " ") for words in texts(draw("fan", mixed), "fact-label")]
    assert sorted(said) == ["2021: 20,5% (sơ bộ)", "2022: 22,5% (sơ bộ)", "6 tháng 2023: 24,5% (ước)"]
    alike = replace(mixed, pieces=(FanPiece(years),))
    assert ["(sơ bộ)" in words for words in texts(draw("fan", alike), "fact-label")].count(True) == 1


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


def test_a_picture_is_called_by_what_it_draws():
    """The title promises a projection only where one is drawn."""
    drawn = picture_of(narrative_cases.rate(projection=Normal((2023,), (0.59,), (0.01,))))
    alone = picture_of(narrative_cases.rate(projection=None))
    assert drawn.title.vi == "Tỷ lệ lao động qua đào tạo: các năm và dự báo"
    assert alone.title.vi == "Tỷ lệ lao động qua đào tạo: số liệu các năm"
    assert alone.title.en == "Trained-labour rate: figures by year"


def test_of_months_of_one_year_the_last_is_named_and_nothing_runs_into_the_axis():
    """Three figures within a year and the first of a long series, as small as a report prints them."""
    within = tuple(
        replace(point(2022, value), period=f"2022-{code}")
        for code, value in (("H1", 57.8), ("M08", 58.6), ("M10", 59.3))
    )
    series = tuple(point(year, value) for year, value in ((2010, 35.0), (2020, 56.0), (2021, 57.2)))
    for points, named in ((within, ["10 tháng 2022: 59,3%"]), (series, ["2010: 35,0%", "2021: 57,2%"])):
        pieces, projection = pieces_of(points), Normal([2023], [0.6], [0.02])
        figure = replace(
            FAN_DATA, pieces=pieces, breaks=(), projection=projection, title="", tall=58.0
        ).figure("vi")
        figure.canvas.draw()
        ax = figure.axes[0]
        labels = [one for one in ax.texts if one.get_gid() == "fact-label"]
        assert [one.get_text().split("\n")[0] for one in labels] == named
        assert all(one.get_window_extent().y0 > ax.get_window_extent().y0 for one in labels)
