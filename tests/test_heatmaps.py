"""Heat maps of units: the state of every return, indicators side by side; what is drawn, said and left out."""

from __future__ import annotations

import pandas as pd
import pytest
from invented import schools
from opened import opened

from vetanalysis import open_study, show
from vetanalysis.figures import heatmaps
from vetanalysis.figures.heatmaps import EMPTY, HATCHED, columns_of, indicators_picture, returns_picture
from vetanalysis.narrative.returns import all_returns


@pytest.fixture(scope="module")
def example():
    return opened("lang-son-2023-example", "2023-9M", lang="vi")


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A study of the invented colleges: twelve with quotas, three regions above them."""
    written = schools.write(tmp_path_factory.mktemp("heatmaps"))
    return open_study(written.folder, "2025-9M", lang="en", returns=written.data, published=None)


def returned(*states: tuple[str, str, str, float]) -> pd.DataFrame:
    """Rows of the ledger's matrix: unit, period, state, days late."""
    return pd.DataFrame(states, columns=["unit", "period", "state", "days_late"])


ROWS = returned(
    ("180", "2023-Q1", "on_time", 0), ("180", "2023-H1", "late", 3),
    ("181", "2023-Q1", "corrected", 0), ("181", "2023-H1", "missing", 9),
    ("182", "2023-Q1", "received", float("nan")), ("182", "2023-H1", "refused", 9),
    ("183", "2023-Q1", "corrected", 5), ("183", "2023-H1", "not_due", float("nan")),
)  # fmt: skip


def test_every_state_of_a_return_has_its_ground_and_its_words(example):
    chart = returns_picture(example, ROWS, illustrative=False).data
    told = {
        (row.get("en"), column.get("en")): (cell.words.get("en"), cell.ground)
        for row, cells in zip(chart.rows, chart.cells, strict=True)
        for column, cell in zip(chart.columns, cells, strict=True)
    }
    grounds = list(heatmaps.GROUNDS)
    assert told == {
        ("Tràng Định district", "Q1 2023"): ("on time", grounds.index("on_time")),
        ("Tràng Định district", "H1 2023"): ("late 3 days", grounds.index("late")),
        ("Bình Gia district", "Q1 2023"): ("corrected", grounds.index("on_time")),
        ("Bình Gia district", "H1 2023"): ("missing", HATCHED),
        ("Văn Lãng district", "Q1 2023"): ("received", grounds.index("received")),
        ("Văn Lãng district", "H1 2023"): ("refused", grounds.index("refused")),
        ("Cao Lộc district", "Q1 2023"): ("late 5 days", grounds.index("late")),
        ("Cao Lộc district", "H1 2023"): ("not due yet", grounds.index("not_due")),
    }


def test_the_sentence_counts_what_the_picture_shows(example):
    (said,) = all_returns(example, ROWS)
    assert said.get("en") == (
        "2 of 7 on time, 2 late, 1 without a day of receipt, 1 missing, 1 refused and 1 not due yet among the returns "
        "of 4 units, as of the end of the first nine months of 2023; late, missing or refused: Tràng Định district, "
        "Bình Gia district, Văn Lãng district and Cao Lộc district."
    )
    picture = returns_picture(example, ROWS, illustrative=False)
    assert "Bình Gia, 6 tháng 2023: chưa gửi" in picture.alt.get("vi")
    assert "2/7 đúng hạn" in picture.title.get("vi")


def test_of_many_units_those_that_stand_out_are_drawn_and_the_others_counted(example):
    picture = show.block(example, "returns.heatmap")
    assert picture.data.startswith(b"\x89PNG")
    assert "TT GDNN cấp tỉnh 2, 9 tháng 2023: chưa gửi" in picture.alt
    said = show.block(example, "returns.heatmap_said").data
    assert "153/156 đúng hạn, 2 muộn và 1 chưa gửi" in said
    assert "Hình không vẽ 12 đơn vị đã gửi đúng hạn mọi kỳ" in said
    assert "SỐ LIỆU MINH HỌA" in said
    rows = example.ledger.matrix(example.as_of)
    chart = returns_picture(example, rows, illustrative=True).data
    assert len(chart.rows) == heatmaps.MOST
    assert [one.get("vi") for one in chart.rows[:3]] == [
        "Đình Lập",
        "TT GDNN tư thục 2",
        "TT GDNN cấp tỉnh 2",
    ]


@pytest.mark.parametrize(("lang", "words"), [("vi", "Chưa nhận báo cáo nào"), ("en", "No unit's return")])
def test_without_returns_a_sentence_stands_for_the_picture(lang, words):
    one = opened("lang-son-2023", "2023-9M", lang=lang)
    assert words in show.block(one, "returns.heatmap").data
    assert show.block(one, "returns.heatmap_said") is None
    assert "." in show.block(one, "indicators.heatmap").data
    assert show.block(one, "indicators.heatmap_said") is None


def test_at_the_start_of_the_year_nothing_is_drawn(example):
    start = example.at("2023-start")
    assert "không có đơn vị nào phải gửi" in show.block(start, "returns.heatmap").data
    assert show.block(start, "returns.heatmap_said") is None


def test_indicators_side_by_side_hold_the_numbers_of_the_table(example):
    lines = example.lines
    found = {one.id: one for one in columns_of(example, lines)}
    assert "plan_completion" not in found, "it repeats the share of the quotas"
    people = found["people_enrolled"]
    mine = lines[(lines["id"] == "people_enrolled") & (lines["basis"] == "cumulative")].set_index("unit")
    assert people.of_plan
    assert (
        people.values["180"] == mine.loc["180"].query("level == '' and sex == ''")["percent_of_plan"].iloc[0]
    )
    assert people.missing == ("gdnn-tinh-2",)
    assert not set(people.values) & set(example.plan.units.query("kind == 'body'")["code"])
    chart = indicators_picture(example, lines).data
    row = [one.get("vi") for one in chart.rows].index("TT GDNN cấp tỉnh 2")
    column = [one.get("vi") for one in chart.columns].index("Số người tuyển mới, % chỉ tiêu được giao")
    assert chart.cells[row][column].ground == HATCHED
    assert chart.cells[row][0].ground == EMPTY, "institutions do not send the rate of a district"
    assert chart.illustrative


def test_units_that_the_sentence_names_are_drawn(example):
    said = show.block(example, "indicators.heatmap_said").data
    chart = indicators_picture(example, example.lines).data
    drawn = {one.get("vi") for one in chart.rows}
    assert len(drawn) == heatmaps.MOST
    assert "TT Khuyến nông" in drawn
    assert "76% (TT Khuyến nông)" in said.replace("\\", "")
    assert "Hình không vẽ 4 đơn vị" in said
    assert not drawn & {"TT DVNN Hữu Lũng", "TT DVNN Đình Lập"}


def test_a_unit_sees_itself_and_those_under_it(example):
    said = show.block(example.at(unit="180"), "indicators.heatmap_said").data
    assert "Tràng Định" in said
    assert "Bắc Sơn" not in said
    assert "3 đơn vị" in show.block(example.at(unit="180"), "returns.heatmap_said").data


def test_another_plan_is_drawn_by_its_own_quotas(network):
    returned = returns_picture(network, network.received.matrix(network.as_of), illustrative=True)
    assert returned.title.get("en").startswith("Returns: ")
    assert "on time" not in returned.title.get("en")  # figures in tables have no day of receipt
    people, against = columns_of(network, network.lines)
    assert people.of_plan
    assert len(people.values) == len(against.values) == 11 + 3  # one college sent nothing; three regions
    assert not against.of_plan
    picture = show.block(network, "indicators.heatmap")
    assert picture.data.startswith(b"\x89PNG")
    assert "% of quota: from " in picture.alt
    assert "College" in show.block(network, "indicators.heatmap_said").data
    (first, *_) = indicators_picture(network, network.lines).data.cells
    assert first[0].words.get("en").endswith("%")
