"""The figure of returns received over time, tested on what it says and on its line data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vetanalysis.figures import Received, ReceivedPeriod, new_figure

NOW = ReceivedPeriod("9 tháng 2023", 5, (-2, 0, 0, 7))
DATA = Received(
    title="Báo cáo 9 tháng 2023: 3/5 đơn vị gửi đúng hạn",
    current=NOW,
    past=(ReceivedPeriod("6 tháng 2023", 5, (0, 0, 0, 0, 0)),),
    late=((7, "Đình Lập"),),
    source="Sổ theo dõi báo cáo",
    illustrative=True,
)


def drawn(data: Received = DATA, lang: str = "vi"):
    _, ax = new_figure()
    return data.draw(ax, lang)


def line(ax, gid: str):
    return next(one for one in ax.lines if one.get_gid() == gid)


def texts(ax, gid: str) -> list[str]:
    return [one.get_text() for one in ax.texts if one.get_gid() == gid]


def test_the_count_rises_on_the_days_returns_came_and_never_falls():
    days, counts = line(drawn(), "current").get_data()
    told = dict(zip((int(day) for day in days), (int(count) for count in counts), strict=True))
    assert told == {-3: 0, -2: 1, -1: 1, **dict.fromkeys(range(7), 3), 7: 4, 8: 4, 9: 4}
    assert line(drawn(), "past-6 tháng 2023").get_ydata()[-1] == 5


def test_deadline_due_late_and_missing_are_told():
    ax = drawn()
    assert list(line(ax, "deadline").get_xdata()) == [0, 0]
    assert list(line(ax, "due").get_ydata()) == [5, 5]
    assert texts(ax, "current-label") == ["9 tháng 2023: 3"]
    assert texts(ax, "late-label") == ["Đình Lập (+7)"]
    assert texts(ax, "left-label") == ["còn 1 đơn vị chưa gửi"]
    assert texts(drawn(lang="en"), "deadline-label") == ["Deadline"]
    assert line(ax, "late").get_xydata().tolist() == [[7.0, 4.0]]


def test_all_received_leaves_nothing_to_ask_for():
    ax = drawn(replace(DATA, current=ReceivedPeriod("Q1", 2, (-1, 0)), late=(), past=()))
    assert texts(ax, "left-label") == []
    assert "Nét đứt" not in ax.figure.get_supxlabel()


def test_nothing_received_yet_is_a_line_at_zero():
    ax = drawn(replace(DATA, current=ReceivedPeriod("Q1", 2, ()), late=(), past=()))
    assert set(line(ax, "current").get_ydata()) == {0}
    assert texts(ax, "left-label") == ["còn 2 đơn vị chưa gửi"]


def test_many_late_units_are_not_printed_over_each_other():
    late = tuple((day, f"Huyện {day}") for day in range(1, 8))
    assert texts(drawn(replace(DATA, late=late)), "late-label") == []


def test_title_source_key_and_mark():
    ax = drawn()
    assert ax.get_title(loc="left").replace("\n", " ") == DATA.title
    assert ax.get_title(loc="right") == "SỐ LIỆU MINH HỌA"
    assert ax.figure.get_supxlabel() == "Nét đứt: 6 tháng 2023.\nSổ theo dõi báo cáo"
    assert ax.get_xlabel()
    assert ax.get_ylabel()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_same_data_give_the_same_bytes(lang):
    assert DATA.png(lang, dpi=60) == DATA.png(lang, dpi=60)
