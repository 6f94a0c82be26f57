"""What the notebook of returns shows: one story of files, the example year, a past day, no returns at all."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from opened import opened

from vetanalysis import show
from vetanalysis.loading import load_observations
from vetanalysis.narrative import shown_returns
from vetanalysis.plan import Plan, load_plan
from vetanalysis.returns.key import Key
from vetanalysis.returns.ledger import Ledger, load_ledger
from vetanalysis.returns.read_all import CACHE_VARIABLE
from vetanalysis.returns.template import build_form
from vetanalysis.study import Study

ENROLLED = Key("people_enrolled", level="elementary", measure="persons", basis="cumulative")
WOMEN = Key("people_enrolled", level="elementary", sex="female", measure="persons", basis="cumulative")
NASTY = '<script>alert("x")</script> $\\href{javascript:x}{a}$ **đậm**'
EVERYTHING = (
    "matrix", "coverage", "picture", "picture_said", "findings", "notes", "phone", "corrections_said", "corrections",
    "progress", "explanations",
)  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """District 180: H1 late, corrected, then a correction with more women than people. cdn-ls: H1 on time."""
    folder = tmp_path_factory.mktemp("returns")
    (folder / "2023-H1").mkdir()
    person = {("contact_name", ""): "Hoàng Thị Mơ", ("contact_phone", ""): "0205 111 2222"}
    written = {**person, ("progress", "task-2"): "Chậm tiến độ", ("difficulties", "task-2"): NASTY}
    for file, unit, people, women, words in (
        ("180__2023-06-20", "180", 200.0, 80.0, person),
        ("180__2023-06-26", "180", 210.0, 80.0, written),
        ("180__2023-07-03", "180", 70.0, 80.0, person),
        ("cdn-ls__2023-06-15", "cdn-ls", 50.0, 10.0, {}),
    ):
        figures = {ENROLLED: people, WOMEN: women}
        form = build_form(plan, unit, "2023-H1", figures=figures, words=words, illustrative=True)
        form.save(folder / "2023-H1" / f"{file}.xlsx")
    return folder


@pytest.fixture
def ledger_of(plan: Plan, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return lambda known_by="": load_ledger(plan, folder, known_by or None)


def study(plan: Plan, unit: str = "", lang: str = "vi", as_of: str = "2023-H1") -> Study:
    empty = load_observations(plan, returns=None, published=None)
    return Study(plan, empty, plan.check_cutoff(as_of), plan.unit(unit or "20"), lang, "", 1)


def part(one: Study, name: str, ledger: Ledger | None):
    return show.block(one, f"returns.{name}", ledger=ledger)


def cell(shown: show.Shown, unit: str, column: str) -> str:
    frame = shown.frame
    return frame.loc[frame.iloc[:, 0] == unit, column].iloc[0]


def test_the_matrix_tells_every_state(plan: Plan, ledger_of) -> None:
    shown = part(study(plan), "matrix", ledger_of())
    assert cell(shown, "180", "6 tháng 2023") == "đã gửi lại, 26/6 (bản mới có lỗi)"
    assert cell(shown, "180", "quý I/2023") == "chưa gửi"
    assert cell(shown, "cdn-ls", "6 tháng 2023") == "đúng hạn, 15/6"
    assert cell(part(study(plan, lang="en"), "matrix", ledger_of("2023-06-21")), "180", "H1 2023") == (
        "late 4 days, 20 June"
    )
    assert cell(part(study(plan, lang="en"), "matrix", ledger_of("2023-06-21")), "181", "H1 2023") == (
        "missing, 5 days overdue"
    )


def test_errors_come_with_file_sheet_cell_and_remedy(plan: Plan, ledger_of) -> None:
    frame = part(study(plan), "findings", ledger_of()).frame
    first = frame.iloc[0]
    assert first["Mức"] == "Lỗi"
    assert first["Tệp"] == "2023-H1/180__2023-07-03.xlsx"
    assert first["Đơn vị"] == "Tràng Định"
    assert first["Trang tính"]
    assert first["Ô"]
    assert first["Cách xử lý"]
    assert "Lưu ý" not in set(frame["Mức"])


def test_whom_to_phone_with_name_and_number(plan: Plan, ledger_of) -> None:
    frame = part(study(plan, "180"), "phone", ledger_of()).frame
    mine = frame[(frame["Đơn vị"] == "Tràng Định") & (frame["Kỳ"] == "6 tháng 2023")].iloc[0]
    assert mine["Cần"].startswith("bản sửa có lỗi, gửi lại")
    assert (mine["Người liên hệ"], mine["Điện thoại"]) == ("Hoàng Thị Mơ", "0205 111 2222")
    assert "Cao Lộc" not in set(frame["Đơn vị"])


def test_what_a_correction_changed(plan: Plan, ledger_of) -> None:
    ledger = ledger_of("2023-06-30")
    frame = part(study(plan, "180"), "corrections", ledger).frame
    assert frame[["Số liệu", "Chi tiết", "Trước", "Sau", "Chênh lệch"]].iloc[0].tolist() == [
        "Số người tuyển mới", "Sơ cấp", "200", "210", "+10",
    ]  # fmt: skip
    assert "2 tệp" in part(study(plan, "180"), "corrections_said", ledger).data
    assert part(study(plan, "cdn-ls"), "corrections", ledger) is None
    assert "Không có đơn vị nào gửi lại" in part(study(plan, "cdn-ls"), "corrections_said", ledger).data


def test_a_rise_bears_its_sign_and_a_fall_and_what_has_no_difference_theirs(
    plan: Plan, ledger_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, ledger = study(plan, "180"), ledger_of("2023-06-30")
    ((unit, period, files, changed),) = shown_returns.returns.sent_again(one, ledger)
    three = pd.concat([changed.iloc[[0]].assign(difference=by) for by in (10.0, -10.0, float("nan"))])
    monkeypatch.setattr(shown_returns.returns, "sent_again", lambda *_: [(unit, period, files, three)])
    shown = part(one, "corrections", ledger).frame
    assert shown["Chênh lệch"].tolist() == ["+10", "-10", ".."]


def test_words_of_units_are_shown_and_never_obeyed(plan: Plan, ledger_of) -> None:
    shown = part(study(plan), "explanations", ledger_of())
    page = shown._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "tex2jax_ignore" in page, "formulas in what somebody typed are not typeset"
    assert shown.frame["Khó khăn, vướng mắc"].tolist() == [NASTY]
    assert "Chậm tiến độ: 1" in part(study(plan), "progress", ledger_of()).frame.iloc[0, 1]


def test_a_unit_sees_itself_and_those_under_it_only(plan: Plan, ledger_of) -> None:
    codes = set(part(study(plan, "180"), "matrix", ledger_of()).frame["Mã"])
    assert codes == {"180", "gdnn-gdtx-180", "dvnn-180"}
    alone = study(plan, "cdn-ls", "en")
    assert part(alone, "picture", ledger_of()) is None, "one unit is told in words"
    assert "has sent its return for the first six months of 2023 on time" in (
        part(alone, "picture_said", ledger_of()).data
    )
    assert part(alone, "coverage", ledger_of()).frame["Units reported"].tolist() == ["0/1", "1/1"]


def test_a_past_day_knows_nothing_later(plan: Plan, ledger_of) -> None:
    said = part(study(plan), "overview", ledger_of("2023-06-16")).data
    assert "1/52 đơn vị đã gửi" in said
    assert "Đến hết ngày 16/6/2023" in said
    assert "2/52 đơn vị" in part(study(plan), "overview", ledger_of()).data


def test_invented_returns_are_marked_wherever_they_show(plan: Plan, ledger_of) -> None:
    ledger: Ledger = ledger_of()
    for lang, mark in (("vi", "SỐ LIỆU MINH HỌA"), ("en", "ILLUSTRATIVE DATA")):
        one = study(plan, lang=lang)
        for name in EVERYTHING:
            shown = part(one, name, ledger)
            if isinstance(shown, show.Shown):
                assert mark in repr(shown), name
                assert mark in shown._repr_html_(), name
            elif name.endswith("said"):
                assert mark in shown.data, name
        assert mark in part(one, "overview", ledger).data


def test_without_returns_a_sentence_says_so_under_every_heading() -> None:
    one = opened("lang-son-2023", "2023-9M", lang="vi")
    ledger = one.ledger
    assert ledger is None
    assert part(one, "overview", ledger).data.startswith("Chưa nhận báo cáo nào của các đơn vị")
    beside = (
        "matrix",
        "picture_said",
        "notes",
        "corrections",
        "progress",
    )  # stand beside a part that says it
    for name in EVERYTHING:
        shown = part(one, name, ledger)
        assert shown is None if name in beside else "Chưa nhận báo cáo nào" in shown.data, name
    left = show.block(opened("lang-son-2023", "2023-9M", lang="vi", returns="none"), "returns.overview").data
    assert left.startswith("Báo cáo của các đơn vị được để ngoài")


def test_at_the_start_of_the_year_nothing_is_due(plan: Plan, ledger_of) -> None:
    one, ledger = study(plan, as_of="2023-start"), ledger_of()
    assert part(one, "overview", ledger).data == "Đầu năm 2023 không có đơn vị nào phải gửi báo cáo."
    assert part(one, "matrix", ledger) is None
    assert part(one, "picture", ledger) is None
    assert "Không cần gọi" in part(one, "phone", ledger).data


def test_the_example_year_has_its_late_missing_and_corrected_returns(plan: Plan) -> None:
    """The faults listed in data/returns/README.md."""
    one = study(plan, as_of="2023-9M")
    ledger = one.ledger
    said = part(one, "overview", ledger).data
    assert "51/52 đơn vị" in said
    assert "2 muộn" in said
    assert "chưa gửi: TT GDNN cấp tỉnh 2" in said
    assert "(11 ngày)" in said.replace("\\", "")
    assert part(one, "picture", ledger).data.startswith(b"\x89PNG")
    assert "TT GDNN tư thục 2: +11" in part(one, "picture", ledger).alt
    assert cell(part(one, "matrix", ledger), "189", "9 tháng 2023") == "muộn 7 ngày, 25/9"
    assert cell(part(one, "matrix", ledger), "cdn-ls", "6 tháng 2023") == "đã gửi lại, 26/6"
    totals = part(one, "findings", ledger).frame
    assert totals.loc[totals["Quy tắc"] == "subtotal-mismatch", "Đơn vị"].tolist() == ["Chi Lăng"]
    again = part(one, "corrections", ledger).frame
    assert again["Đơn vị"].unique().tolist() == ["CĐ nghề Lạng Sơn"]


@pytest.mark.parametrize(
    ("given", "en"),
    [
        ({"state": "late", "days_late": 3, "received": "2023-06-26"}, "late 3 days, 26 June"),
        ({"state": "late", "days_late": 0}, "late"),
        ({"state": "missing", "days_late": 5}, "missing, 5 days overdue"),
        ({"state": "refused", "days_late": 5, "newer_refused": True}, "refused, 5 days overdue"),
        ({"state": "on_time", "days_late": 2, "received": "2023-06-15"}, "on time, 15 June"),
        ({"state": "corrected", "newer_refused": True}, "corrected (newer one has errors)"),
    ],
)
def test_a_cell_of_the_matrix_tells_its_state_the_days_and_the_day(given, en):
    row = {"period": "2023-H1", "days_late": None, "received": "", "newer_refused": False} | given
    assert shown_returns._state(SimpleNamespace(**row)).en == en


def test_where_no_return_is_due_a_sentence_stands_for_the_map(plan: Plan, ledger_of) -> None:
    said = part(study(plan, as_of="2023-start", lang="en"), "heatmap", ledger_of()).data
    assert said == "*At the start of 2023, no unit has to report.*"
    assert "returns" in part(study(plan, lang="en"), "heatmap_said", ledger_of()).data
