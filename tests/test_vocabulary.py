"""The vocabulary in which everything is checked."""

import pytest

from vetanalysis import checks
from vetanalysis.blocks import Said, same
from vetanalysis.errors import DataRefused, FindingsError, VetanalysisError, WrongCall


def test_a_finding_has_its_words_and_the_remedy_that_belongs_to_them():
    found = checks.finding("a.csv", "row 3, value", "share", "plan.share", given="1.2")
    assert found.line("en") == (
        "error: a.csv, row 3, value: '1.2' is not a share. write 0 to 1, like 0.4; blank if unknown [share]"
    )
    assert found.line("vi").startswith("lỗi: a.csv, row 3, value: tỷ phần không hợp lệ: '1.2'. ")
    other = checks.finding("a.csv", "", "share", "plan.share", remedy=same("ask"), given="x", severity="info")
    assert other.line("en") == "info: a.csv: 'x' is not a share. ask [share]"


def test_missing_columns_are_told_together():
    (found,) = checks.missing_columns("a.csv", ["unit"], ["unit", "level", "value"], "table")
    assert found.place == "row 1"
    assert found.found.en == "missing columns: level, value"
    assert found.remedy.vi == "dòng tiêu đề phải có: unit,level,value"
    assert checks.missing_columns("a.csv", ["value", "unit"], ["unit"], "table") == []


def test_the_nearest_known_word_or_the_first_of_them():
    assert checks.nearest("colege", ["college", "elementary"]) == "college"
    assert checks.nearest("x", ["college", 2023]) is None
    assert checks.nearest(2032, [2023, 2031]) == "2031"
    assert checks.near("colege", ["elementary", "college"]).en == 'Did you mean "college"?'
    assert checks.near("x", ["b", "a"]).en == "Known: a, b."


def test_what_stands_twice_comes_once_in_the_order_in_which_it_comes_again():
    assert checks.given_twice(["a", "b", "c", "b", "a", "b"]) == ["b", "a"]
    assert checks.given_twice([]) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.4", 0.4), (" 12 ", 12.0), ("", None), ("1,2", None), ("nan", None), ("inf", None)],
)
def test_a_number_in_a_text(text, number):
    assert checks.number_in(text) == number


def test_numbers_and_ranges():
    assert checks.is_number(0)
    assert not checks.is_number(True)
    assert not checks.is_number("1")
    assert checks.within(1, 0, 1)
    assert not checks.within(1.01, 0, 1)
    assert not checks.within(None, 0, 1)
    checks.check_whole_number("seed", 3, 0)
    for wrong in (True, 1.0, -1, "1", None):
        with pytest.raises(WrongCall, match=r"seed .*: use a whole number of 0 or more"):
            checks.check_whole_number("seed", wrong, 0)


def test_an_error_is_told_in_either_language_and_survives_being_sent():
    import pickle

    error = WrongCall(Said("calls.share", given="2"))
    assert str(error) == "share 2: use a number from 0 to 1"
    assert error.told("vi") == "share 2: dùng số từ 0 đến 1"
    refused = checks.refused("a.csv", "", "share", "plan.share", given="x")
    for one in (error, refused, FindingsError(refused.findings, "two files"), VetanalysisError("as it is")):
        sent = pickle.loads(pickle.dumps(one))
        assert (type(sent), str(sent), sent.told("vi")) == (type(one), str(one), one.told("vi"))
    assert isinstance(refused, DataRefused)
    assert str(FindingsError(refused.findings, "two files")).splitlines()[0] == "two files"
