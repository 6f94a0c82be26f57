"""Words in a figure as small as a report prints it: at what they name, clear of the target's line, ranges and lines."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import narrative_cases
import pytest
from figure_cases import ALL, CUMULATIVE, FAN_DATA, Normal, point
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text as Label
from matplotlib.transforms import Bbox
from opened import opened

from vetanalysis.figures import FanPiece, StandingUnit
from vetanalysis.figures.cumulative import has_path, path_of
from vetanalysis.figures.pictures import caption_of
from vetanalysis.figures.places import spread
from vetanalysis.figures.standing import standing_picture
from vetanalysis.report import period_of

SMALL = {"title": "", "tall": 58.0, "illustrative": True, "axis": "Số người, lũy kế từ đầu năm"}
PAST = {
    2020: {1: 39, 2: 99, 3: 238, 4: 417},
    2021: {1: 53, 2: 154, 3: 277, 4: 427},
    2022: {1: 34, 2: 154, 3: 303, 4: 463},
}
PATHS = {  # what is counted, what is projected with its deviation, what is asked for
    "Q1": ({1: 71}, 510, 74, 540),
    "H1": ({1: 71, 2: 196}, 520, 60, 540),
    "9M": ({1: 71, 2: 196, 3: 358}, 540, 43, 540),
    "9M near": ({1: 71, 2: 196, 3: 500}, 620, 20, 540),
    "9M behind": ({1: 30, 2: 80, 3: 150}, 300, 50, 540),
}
THREE = {
    "level": (417.0, 427.0, 463.0, 540.0),
    "near": (431.0, 464.0, 533.0, 580.0),
    "under": (184.0, 206.0, 242.0, 260.0),
    "over": (10870.0, 11960.0, 12585.0, 9000.0),
}


def path(name):
    counted, median, deviation, target = PATHS[name]
    projection = Normal((2023,), (median,), (deviation,))
    data = replace(CUMULATIVE, past=PAST, current=counted, projection=projection, target=target, **SMALL)
    return replace(data, target_label=f"Chỉ tiêu {target} người")


def fan(values, target, *, periods=("FY",) * 3, year=2020, projection=None, measure="percent"):
    points = tuple(
        replace(
            point(year + at * (code == "FY"), value, "provisional"),
            period=f"{year + at * (code == 'FY')}-{code}",
        )
        for at, (value, code) in enumerate(zip(values, periods, strict=True))
    )
    scale = 1.0 if measure == "persons" else 100.0
    data = replace(
        FAN_DATA, pieces=(FanPiece(points),), breaks=(), target=target, target_label=f"Chỉ tiêu {target:g}", source="",
        target_year=projection[0], measure=measure, scale=scale, joined=measure != "persons",
        projection=Normal((projection[0],), (projection[1] / scale,), (projection[2] / scale,)),
    )  # fmt: skip
    return replace(data, **SMALL)


FANS = {
    "months over the target": fan(
        (19.98, 21.55), 20.11, periods=("H1", "M08"), year=2022, projection=(2022, 21.3, 3.0)
    ),
    "months at the target": fan(
        (57.8, 58.6), 59.0, periods=("H1", "M08"), year=2022, projection=(2022, 58.7, 3.3)
    ),
    "one month": fan((57.8,), 59.0, periods=("H1",), year=2022, projection=(2022, 58.3, 7.2)),
    "years": fan((26.1, 27.1, 28.3), 30.0, year=2022, projection=(2025, 29.0, 1.6)),
    "one figure of people": fan(
        (12000.0,), 13500.0, periods=("FY",), projection=(2023, 12000, 12000), measure="persons"
    ),
    **{
        f"people {name}": fan(
            values, target, projection=(2023, target * 0.95, target * 0.1), measure="persons"
        )
        for name, (*values, target) in THREE.items()
    },
}


def laid_out(data, lang="vi"):
    figure = data.figure(lang)
    figure.draw_without_rendering()
    return figure.axes[0]


def named(ax, *gids):
    return [one for one in ax.texts if one.get_gid() in gids]


def line(ax, gid):
    return next((one for one in ax.get_lines() if one.get_gid() == gid), None)


def on_paper(ax, gid):
    drawn = line(ax, gid)
    return drawn.get_transform().transform(list(zip(*drawn.get_data(), strict=True)))


@pytest.mark.parametrize("name", PATHS)
def test_years_stand_at_the_ends_of_their_lines_or_are_led_to_them(name):
    ax = laid_out(path(name))
    middles = {}
    for label in named(ax, "past-label"):
        year = int(label.get_text())
        box = label.get_window_extent()
        middles[year] = middle = (box.y0 + box.y1) / 2
        end = ax.transData.transform((4, PAST[year][4]))[1]
        if line(ax, f"leader-{year}") is None:
            assert middle == pytest.approx(end, abs=0.25 * box.height)
        else:
            first, last = on_paper(ax, f"leader-{year}")
            assert first[1] == pytest.approx(end, abs=1)
            assert box.y0 < last[1] < box.y1
            assert last[0] <= box.x0
        assert abs(middle - end) < 1.2 * box.height * len(PAST) / 2  # no further than the others need
    assert sorted(middles) == sorted(middles, key=middles.__getitem__) == [2020, 2021, 2022]


@pytest.mark.parametrize("name", PATHS)
def test_this_year_is_named_at_its_own_point(name):
    ax = laid_out(path(name))
    counted = PATHS[name][0]
    step = max(counted)
    for label in named(ax, "year-label"):
        box = label.get_window_extent()
        values = {2023: counted[step], **{year: path[step] for year, path in PAST.items()}}

        def apart(year, box=box, values=values):
            x, y = ax.transData.transform((step, values[year]))
            return max(box.x0 - x, x - box.x1, 0) ** 2 + max(box.y0 - y, y - box.y1, 0) ** 2

        assert min(values, key=apart) == 2023
    assert bool(named(ax, "year-label")) == (
        name != "Q1"
    )  # there it would stand among what is told on the left


@pytest.mark.parametrize("name", [*PATHS, *FANS])
def test_the_targets_line_runs_through_no_words(name):
    ax = laid_out(path(name) if name in PATHS else FANS[name])
    (left, level), (right, _) = on_paper(ax, "target")
    words = [one for one in ax.texts if one.get_gid() not in ("range-label", "target-label")]
    boxes = {one.get_text(): one.get_window_extent() for one in words}
    struck = [
        text for text, box in boxes.items() if box.y0 < level < box.y1 and box.x0 < right and left < box.x1
    ]
    assert struck == []


@pytest.mark.parametrize("name", FANS)
def test_words_at_figures_lie_on_no_range_and_no_other_figure(name):
    ax = laid_out(FANS[name])
    band = next(one for one in ax.collections if one.get_gid() == "range-0.95")
    ranges = band.get_paths()[0].transformed(ax.transData)
    marks = [
        ax.transData.transform(xy)
        for one in ax.get_lines()
        if str(one.get_gid()).startswith("fact") and one.get_marker() == "o"
        for xy in zip(*one.get_data(), strict=True)
    ]
    for label in named(ax, "fact-label"):
        box = label.get_window_extent()
        shrunk = Bbox.from_extents(
            box.x0 + 2, box.y0 + 2, box.x1 - 8, box.y1 - 2
        )  # it may end under its own point
        assert not ranges.intersects_bbox(shrunk), label.get_text()
        assert not any(box.contains(*mark) for mark in marks), label.get_text()


@pytest.mark.parametrize("name", [one for one in FANS if "people" in one])
def test_an_axis_of_people_does_not_go_below_nothing(name):
    ax = laid_out(FANS[name])
    assert ax.get_ylim()[0] >= 0
    assert all(one.get_window_extent().y0 >= ax.get_window_extent().y0 - 3 for one in named(ax, "fact-label"))


def test_every_mark_is_explained_by_the_words_beside_it():
    drawn = laid_out(path("9M"))
    assert line(drawn, "median-end").get_marker() == "D"
    assert named(drawn, "range-label")[0].get_text().startswith("◆")
    told = [one.get_text() for one in named(drawn, "same-point-label")]
    assert [one for one in told if one.startswith("●")] == ["● 2022: 303", "● 2021: 277", "● 2020: 238"]
    assert line(drawn, "same-point-2021").get_marker() == "o"
    closed = laid_out(replace(path("9M"), projection=None))
    assert line(closed, "median-end") is None
    assert named(closed, "range-label") == []


PLACE = {
    2020: {1: 889, 2: 2364, 3: 6690, 4: 10870},
    2021: {1: 1501, 2: 3896, 3: 7230, 4: 11960},
    2022: {1: 1531, 2: 4203, 3: 8025, 4: 12585},
}


@pytest.mark.parametrize("counted", [{1: 1631}, {1: 1631, 2: 4533}, {1: 1631, 2: 4533, 3: 8758}])
@pytest.mark.parametrize("tall", [47.0, 55.0])
def test_what_is_told_on_the_left_stands_within_the_axes_and_on_no_line(counted, tall):
    """As low as page one draws it, fewer of the years before are named; this year always is."""
    data = replace(
        CUMULATIVE, past=PLACE, current=counted, projection=Normal((2023,), (13700,), (1250,)), target=13500,
        target_label="Chỉ tiêu 13.500 người", **SMALL | {"tall": tall},
    )  # fmt: skip
    ax = laid_out(data)
    told = named(ax, "same-point-label")
    assert any(f"2023: {max(counted.values()):,}".replace(",", ".") in one.get_text() for one in told)
    paths = [
        drawn.get_path().transformed(drawn.get_transform())
        for drawn in ax.get_lines()
        if str(drawn.get_gid()).startswith(("past-", "year-2"))
    ]
    for label in told:
        box = label.get_window_extent().shrunk(1.0, 0.8)
        assert box.y0 > ax.get_window_extent().y0, label.get_text()
        assert not any(path.intersects_bbox(box, filled=False) for path in paths), label.get_text()
    (target,) = named(ax, "target-label")
    assert not any(target.get_window_extent().overlaps(one.get_window_extent()) for one in told)


def test_numbers_of_units_keep_clear_of_the_line_of_all_and_of_strokes():
    shares = (82.3, 95.3, 95.8, 96.8, 97.8, 98.9, 99.2, 101.0, 107.1)
    units = tuple(StandingUnit(f"Đơn vị {at}", share, 98.0 - at, at == 0) for at, share in enumerate(shares))
    for shown in (units, tuple(replace(one, usual=None, outside=False) for one in units)):
        ax = laid_out(replace(ALL["standing"], units=shown, common=99.1))
        (common,) = on_paper(ax, "common")[:1, 0]
        strokes = [ax.transData.transform((one.usual, at)) for at, one in enumerate(shown) if one.usual]
        labels = named(ax, "share")
        assert len(labels) == len(shares)
        for label in labels:
            box = label.get_window_extent()
            assert not box.x0 < common < box.x1, label.get_text()
            assert not any(box.contains(*stroke) for stroke in strokes), label.get_text()
            assert box.x1 <= ax.get_window_extent().x1 + 3


@pytest.mark.parametrize(("lang", "told"), [("vi", "(3/23): 66,1%"), ("en", "(3 of 23): 66.1%")])
def test_the_line_of_the_units_that_reported_says_how_many_and_every_word_has_room(lang, told):
    """Also beside a long name and marks past the quota, whose numbers stood at the edge."""
    long = "Trường Cao đẳng Công nghệ và Nông lâm Đông Bắc, cơ sở đào tạo tại thành phố Lạng Sơn"
    for shares in ((56.5, 66.3, 76.3), (82.3, 99.0, 107.1)):
        units = tuple(StandingUnit(long, share, None, False) for share in shares)
        ax = laid_out(replace(ALL["standing"], units=units, common=66.1, due=23), lang)
        (label,) = named(ax, "common-label")
        assert label.get_text().endswith(told)
        frame = ax.get_window_extent()
        assert frame.width > 0.45 * ax.figure.bbox.width
        for one in named(ax, "share"):
            assert frame.x0 < one.get_window_extent().x0
            assert one.get_window_extent().x1 < frame.x1, one.get_text()
        assert ax.get_yticklabels()[0].get_text().count("\n") == 2
        assert meeting(ax.figure) == []
        for box in (label.get_window_extent(), *(one.get_window_extent() for one in ax.get_yticklabels())):
            assert box.x0 >= 0
            assert box.x1 <= ax.figure.bbox.width
    ax = laid_out(replace(ALL["standing"], due=12), lang)
    assert "12" in named(ax, "common-label")[0].get_text()


def meeting(drawn):
    """Pairs of words of a figure that print over each other."""
    drawn.draw_without_rendering()
    words = [one for one in drawn.findobj(Label) if one.get_visible() and one.get_text().strip()]
    boxes = [(one.get_text(), one.get_window_extent()) for one in words]
    return [(one, other) for (one, box), (other, next_to) in combinations(boxes, 2) if box.overlaps(next_to)]


@pytest.mark.parametrize("as_of", ["2023-Q1", "2023-H1", "2023-9M"])
def test_names_of_two_lines_have_room_among_the_units_of_the_example(as_of):
    """With what is usual by now and, as once the year is over, without it."""
    study = opened("lang-son-2023-example", as_of)
    data = standing_picture(study, period_of(study)).data
    names = [unit.name.en for unit in data.units]
    assert "North-East College of Technology, Agriculture and Forestry" in names  # longer than a line
    over = tuple(replace(unit, usual=None, outside=False) for unit in data.units)
    for one in (data, replace(data, units=over, key="")):
        for lang in ("vi", "en"):
            assert meeting(one.figure(lang)) == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_as_low_as_a_report_draws_it_no_words_meet_each_other_or_the_mark_of_invented_data(lang):
    june = replace(point(2023, 60.8, "estimate"), period="2023-H1")
    years = (point(2010, 35.0), point(2020, 56.0, "estimate"), point(2021, 57.2, "estimate"))
    data = replace(
        FANS["years"], pieces=(FanPiece(years),), within=(june,), target=62.0, target_label="Chỉ tiêu 62%",
        target_year=2023, projection=Normal((2023,), (0.606,), (0.026,)), tall=46.0,
    )  # fmt: skip
    for one in (data, replace(path("9M"), tall=47.0)):
        figure = one.figure(lang)
        figure.draw_without_rendering()
        (ax,) = figure.axes
        stamp = next(word for word in ax.findobj(Label) if word.get_gid() == "illustrative")
        words = [stamp, *(word for word in ax.texts if word.get_text())]
        boxes = {
            f"{word.get_gid()} {word.get_text()}": word.get_window_extent().shrunk(0.94, 0.8)
            for word in words
        }
        assert [pair for pair in combinations(boxes, 2) if boxes[pair[0]].overlaps(boxes[pair[1]])] == []


def test_what_is_projected_is_seen_where_it_meets_the_target():
    ax = laid_out(FANS["one figure of people"])
    end = line(ax, "median-end")
    assert all(one.get_zorder() < end.get_zorder() for one in ax.get_lines() if one is not end)


def test_of_a_unit_that_is_silent_now_what_it_had_counted_is_drawn():
    counted = {2022: {1: 40, 2: 110, 3: 170, 4: 242}, 2023: {1: 30, 2: 98}}
    silent = narrative_cases.people(cumulative=counted, so_far=None, received=0, due=1)
    assert has_path(silent)
    assert path_of(silent).current == {1: 30, 2: 98}
    assert caption_of(silent).vi == "Nguồn: báo cáo của các đơn vị; 6 tháng 2023."
    assert not has_path(replace(silent, cumulative={2022: counted[2022]}))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 100), max_size=6))
def test_words_move_no_further_than_they_must(levels):
    places = spread(levels, 10, 0, 100)
    ordered = sorted(zip(levels, places, strict=True))
    assert all(b[1] - a[1] >= 10 - 1e-6 for a, b in pairwise(ordered))
    apart = all(b - a >= 10 for a, b in pairwise(sorted(levels)))
    assert not apart or places == pytest.approx(levels)
    assert all(-1e-6 <= one <= 100 + 1e-6 for one in places)
