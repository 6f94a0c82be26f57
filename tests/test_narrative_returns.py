"""Sentences about the returns: all in, one late, several, none, one unit; both languages; and never a wrong count."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetanalysis.language.render import sentence, spoken
from vetanalysis.narrative import returns as words
from vetanalysis.narrative.returns import Arrivals
from vetanalysis.periods import parse_cutoff

FIVE = ("Bắc Sơn", "Bình Gia", "Cao Lộc", "Chi Lăng", "Đình Lập")


def arrivals(**given) -> Arrivals:
    return Arrivals(**{"period": "2023-9M", "names": FIVE, "deadlines": ("2023-09-18",), **given})


CASES = {
    "all in time": (
        {"on_time": 5},
        "Cả 5 đơn vị đã gửi báo cáo 9 tháng đầu năm 2023, tất cả đúng hạn.",
        "All 5 units have sent their return for the first nine months of 2023, all on time.",
    ),
    "all in, one late": (
        {"on_time": 4, "late": (("Đình Lập", 7),)},
        "Cả 5 đơn vị đã gửi báo cáo 9 tháng đầu năm 2023: 4 đúng hạn và 1 muộn là Đình Lập (7 ngày).",
        "All 5 units have sent their return for the first nine months of 2023: 4 on time and 1 late, "
        "Đình Lập (7 days).",
    ),
    "several late, one missing": (
        {"on_time": 2, "late": (("Đình Lập", 1), ("Cao Lộc", 11)), "missing": ("Chi Lăng",)},
        "4/5 đơn vị đã gửi báo cáo 9 tháng đầu năm 2023: 2 đúng hạn và 2 muộn, muộn nhất là Cao Lộc (11 ngày).",
        "4 of 5 units have sent their return for the first nine months of 2023: 2 on time and 2 late, the latest "
        "Cao Lộc (11 days).",
    ),
    "all late": (
        {"late": tuple((name, 1) for name in FIVE)},
        "Cả 5 đơn vị đã gửi báo cáo 9 tháng đầu năm 2023: 5 muộn, muộn nhất là Bắc Sơn (1 ngày).",
        "All 5 units have sent their return for the first nine months of 2023: 5 late, the latest Bắc Sơn (1 day).",
    ),
    "day unknown": (
        {"on_time": 4, "undated": 1},
        "Cả 5 đơn vị đã gửi báo cáo 9 tháng đầu năm 2023: 4 đúng hạn và 1 không kèm ngày nhận.",
        "All 5 units have sent their return for the first nine months of 2023: 4 on time and 1 without a day of "
        "receipt.",
    ),
    "none": (
        {"missing": FIVE},
        "Chưa đơn vị nào trong 5 đơn vị gửi báo cáo 9 tháng đầu năm 2023.",
        "None of the 5 units has sent its return for the first nine months of 2023.",
    ),
    "none usable": (
        {"missing": FIVE[1:], "refused": FIVE[:1]},
        "Chưa đơn vị nào trong 5 đơn vị có báo cáo 9 tháng đầu năm 2023 dùng được; 1 báo cáo phải gửi lại vì có lỗi.",
        "None of the 5 units has a usable return for the first nine months of 2023; 1 return must be sent again.",
    ),
    "not due yet": (
        {"not_due": FIVE},
        "Chưa đến hạn báo cáo 9 tháng đầu năm 2023; chưa đơn vị nào trong 5 đơn vị gửi.",
        "Returns for the first nine months of 2023 are not due yet; none of the 5 units has sent one.",
    ),
    "one unit in time": (
        {"names": ("Đình Lập",), "on_time": 1},
        "Đình Lập đã gửi báo cáo 9 tháng đầu năm 2023 đúng hạn.",
        "Đình Lập has sent its return for the first nine months of 2023 on time.",
    ),
    "one unit late": (
        {"names": ("Đình Lập",), "late": (("Đình Lập", 1),)},
        "Đình Lập đã gửi báo cáo 9 tháng đầu năm 2023, muộn 1 ngày.",
        "Đình Lập has sent its return for the first nine months of 2023 1 day late.",
    ),
    "one unit missing": (
        {"names": ("Đình Lập",), "missing": ("Đình Lập",)},
        "Đình Lập chưa gửi báo cáo 9 tháng đầu năm 2023; hạn gửi là ngày 18/9/2023.",
        "Đình Lập has not sent its return for the first nine months of 2023; it was due on 18 September 2023.",
    ),
    "one unit sent back": (
        {"names": ("Đình Lập",), "refused": ("Đình Lập",)},
        "Báo cáo 9 tháng đầu năm 2023 của Đình Lập có lỗi nên phải gửi lại; hạn gửi là ngày 18/9/2023.",
        "The return of Đình Lập for the first nine months of 2023 holds errors and must be sent again; it was due on "
        "18 September 2023.",
    ),
    "one unit, not due": (
        {"names": ("Đình Lập",), "not_due": ("Đình Lập",)},
        "Đình Lập chưa đến hạn báo cáo 9 tháng đầu năm 2023; hạn gửi là ngày 18/9/2023.",
        "Đình Lập need not report for the first nine months of 2023 yet; it is due on 18 September 2023.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_how_returns_came_in(case: str) -> None:
    given, vi, en = CASES[case]
    assert sentence(words.arrived(arrivals(**given)), "vi") == vi
    assert sentence(words.arrived(arrivals(**given)), "en") == en


def test_seen_from_a_past_day_says_the_day() -> None:
    one = arrivals(on_time=5, until="2023-09-20")
    assert sentence(words.arrived(one), "vi").startswith("Đến hết ngày 20/9/2023, cả 5 đơn vị")
    assert sentence(words.arrived(one), "en").startswith("By 20 September 2023, all 5 units")


def test_who_is_outstanding_and_why() -> None:
    one = arrivals(on_time=3, missing=("Chi Lăng",), refused=("Cao Lộc",))
    assert sentence(words.outstanding(one), "vi") == (
        "Báo cáo 9 tháng 2023 chưa gửi: Chi Lăng; phải gửi lại vì có lỗi: Cao Lộc."
    )
    assert sentence(words.outstanding(one), "en") == (
        "Returns 9M 2023 not received from: Chi Lăng; to be sent again because of errors: Cao Lộc."
    )
    assert words.outstanding(arrivals(on_time=5)) is None
    assert words.outstanding(arrivals(missing=FIVE)) is None, "said already: none has come"
    assert words.outstanding(arrivals(names=FIVE[:1], missing=FIVE[:1])) is None


def test_many_names_are_cut_and_counted() -> None:
    names = [f"Huyện {number}" for number in range(12)]
    assert words.some(names).vi.endswith("Huyện 4 và 7 đơn vị khác")
    assert words.some(names).en.endswith("Huyện 4 and 7 others")
    assert words.some(names[:6]).vi.endswith("Huyện 4 và Huyện 5"), "one more is named, not counted"


def test_a_unit_with_others_under_it_is_covered_by_their_quotas(monkeypatch) -> None:
    """Of 300, 100 and no quota: the first and the last reported, then nobody with a quota is due."""
    rows = [("2023-Q1", "a", "on_time"), ("2023-Q1", "b", "missing"), ("2023-Q1", "c", "late")]
    frame = pd.DataFrame([*rows, ("2023-H1", "c", "missing")], columns=["period", "unit", "state"])
    monkeypatch.setattr(words, "matrix", lambda *_: frame)
    monkeypatch.setattr(words, "quota_of", lambda _plan, unit, year: {"a": 300.0, "b": 100.0}.get(unit))
    plan = SimpleNamespace(place=SimpleNamespace(code="20"))
    study = SimpleNamespace(unit=SimpleNamespace(code="region"), plan=plan, as_of=parse_cutoff("2023-H1"))
    first, second = words.coverage(study, ledger=None)
    assert (first["units_due"], first["units_reported"]) == (3, 2)
    assert first["units_percent"] == pytest.approx(200 / 3)
    assert (first["quota_due"], first["quota_reported"], first["quota_percent"]) == (400, 300, 75)
    assert (second["quota_due"], second["quota_reported"], second["units_percent"]) == (0, 0, 0)
    assert math.isnan(second["quota_percent"])


def test_share_of_the_quotas() -> None:
    row = {
        "period": "2023-9M",
        "quota_due": 13500.0,
        "quota_reported": 13240.0,
        "quota_percent": 98.0740740,
    }
    assert sentence(words.covered(row), "vi") == (
        "Các đơn vị đã báo cáo được giao 13.240 trong số 13.500 người của chỉ tiêu (98,1%)."
    )
    assert "13,240 of the 13,500 people" in sentence(words.covered(row), "en")
    whole = {**row, "quota_reported": 13500.0, "quota_percent": 100.0}
    assert (
        sentence(words.covered(whole), "en")
        == "The units that reported hold the whole quota of 13,500 people."
    )
    assert words.covered({**row, "quota_due": 0.0}) is None
    assert words.covered({**row, "quota_reported": 0.0}) is None


@pytest.mark.parametrize(
    ("counts", "vi", "en"),
    [
        ((0, 0, 0, 0, 0), "Kiểm tra không thấy vấn đề gì.", "The checks found nothing."),
        ((1, 0, 0, 0, 0), "Kiểm tra thấy 1 lỗi cần xem.", "The checks found 1 error to look at."),
        ((2, 1, 3, 0, 0), "Kiểm tra thấy 2 lỗi, 1 cảnh báo và 3 lưu ý cần xem.",
         "The checks found 2 errors, 1 warning and 3 notes to look at."),
        ((0, 0, 1, 0, 2), "Kiểm tra không thấy lỗi hay cảnh báo nào; có 1 lưu ý. Ngoài ra có 2 lỗi, cảnh báo ở tệp của "
         "kỳ khác.", "The checks found no error and no warning; 1 note. 2 more errors or warnings in files of other "
         "periods."),
        ((0, 0, 0, 1, 0), "Kiểm tra không thấy vấn đề gì. 1 phát hiện khác nằm trong tệp đã có bản gửi lại thay thế.",
         "The checks found nothing. 1 other finding is in files that a later one replaced."),
    ],
)  # fmt: skip
def test_what_the_checks_found(counts: tuple[int, ...], vi: str, en: str) -> None:
    assert sentence(words.found(*counts), "vi") == vi
    assert sentence(words.found(*counts), "en") == en


def test_whom_to_phone() -> None:
    assert sentence(words.to_phone([]), "vi") == "Không cần gọi đơn vị nào."
    assert sentence(words.to_phone(["Chi Lăng"]), "en") == "1 unit is to be phoned: Chi Lăng."
    assert sentence(words.to_phone(["Chi Lăng", "Cao Lộc"]), "vi") == "Cần gọi 2 đơn vị: Chi Lăng và Cao Lộc."


def test_sent_again() -> None:
    assert sentence(words.corrected("Cao Lộc", "2023-H1", 2, 1), "vi") == (
        "Cao Lộc gửi 2 tệp cho 6 tháng đầu năm 2023; giữa hai tệp đọc được sau cùng 1 số liệu thay đổi."
    )
    assert sentence(words.corrected("Cao Lộc", "2023-H1", 2, 0), "en").endswith(
        "between the last two that can be read, no figure changed."
    )
    assert sentence(words.nothing_sent_again(), "vi") == "Không có đơn vị nào gửi lại báo cáo."


def test_nothing_to_tell() -> None:
    assert sentence(words.no_returns(), "vi").startswith("Chưa nhận báo cáo nào của các đơn vị")
    assert sentence(words.no_returns(left_out=True), "en") == "The units' returns were left out as asked."
    assert (
        sentence(words.nothing_due("2023-start"), "vi")
        == "Đầu năm 2023 không có đơn vị nào phải gửi báo cáo."
    )
    assert (
        sentence(words.nothing_due("2023-Q1"), "en") == "No unit has to report for the first quarter of 2023."
    )


@given(on_time=st.integers(0, 30), days=st.lists(st.integers(1, 40), max_size=6), missing=st.integers(0, 9))
def test_counts_in_words_are_the_counts(on_time: int, days: list[int], missing: int) -> None:
    due = on_time + len(days) + missing
    if due < 2:
        return
    names = tuple(f"U{number}" for number in range(due))
    one = Arrivals(
        "2023-H1",
        names,
        on_time,
        tuple((f"L{k}", day) for k, day in enumerate(days)),
        missing=names[:missing],
    )
    said = spoken(words.arrived(one), "en")
    assert said.facts["received"] == on_time + len(days) == due - missing
    if one.received and missing:
        assert said.text.startswith(f"{one.received} of {due} units")
    if one.received and len(days) > 1:
        assert f"({max(days)} day" in said.text
    assert ("all on time" in said.text) == (bool(on_time) and not days)
