"""Numbers, names and old encodings as they arrive in returns."""

import math
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetanalysis.returns.names import (
    MISREAD,
    TCVN3,
    VNI,
    compose,
    decode,
    detect,
    fold,
    is_syllable,
    key,
    name_book,
    repair,
)
from vetanalysis.returns.typed_numbers import parse_number


@pytest.mark.parametrize(
    ("text", "measure", "value", "doubtful"),
    [
        ("13.500", "persons", 13500, False),  # dot for thousands, as a Vietnamese office writes it
        ("13,500", "persons", 13500, True),
        ("12.345", "percent", 12.345, True),
        ("1,5", "persons", 1.5, True),
        (13.5, "persons", 13500, True),  # what a program with the other notation made of 13.500
    ],
)
def test_an_ambiguous_number_is_settled_and_reported(text, measure, value, doubtful):
    number = parse_number(text, measure=measure)
    assert number.value == value
    assert number.guess is not None
    assert number.guess.vi != number.guess.en
    assert number.doubtful is doubtful


@pytest.mark.parametrize(
    ("stored", "measure", "value"),
    [
        (90 * 0.7, "persons", 63), (50 * 1.1, "classes", 55), (409.99999999999994, "enrolments", 410),
        (-1e-13, "persons", 0), (62.999, "percent", 62.999), (2.3 * 1000, "thousand_persons", 2_300_000),
    ],
)  # fmt: skip
def test_what_a_formula_leaves_of_a_whole_number_is_that_number(stored, measure, value):
    number = parse_number(stored, measure=measure)
    assert (number.value, number.guess) == (value, None)


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("5.674,1", "million_dong", 5674.1),
        ("5,674.1", "million_dong", 5674.1),
        ("1.234.567", "persons", 1234567),
        ("13 500", "persons", 13500),
        ("13\u00a0500", "persons", 13500),
        ("57,2%", "percent", 57.2),
        ("35 người", "persons", 35),
        ("120 (ước)", "persons", 120),
        ("(12)", "persons", -12),
        ("−12", "persons", -12),
        ("–12", "persons", -12),
        ("— 12", "persons", -12),
        ("12)", "persons", 12),  # half a bracket is no sign
        ("(12", "persons", 12),
        ("1,2 nghìn người", "persons", 1200),
        ("3 tỷ", "million_dong", 3000),
        ("3.000.000 đồng", "million_dong", 3),
        ("0,5", "percent", 0.5),
        ("2 ngàn", "persons", 2000),
        ("2 nghìn", "persons", 2000),
        ("2k", "persons", 2000),
        ("2 triệu", "persons", 2e6),
        ("2 tỉ", "persons", 2e9),
        ("2 tỷ", "persons", 2e9),
        ("'42", "persons", 42),
    ],
)
def test_a_clear_number_needs_no_guess(text, measure, value):
    number = parse_number(text, measure=measure)
    assert number.value == pytest.approx(value)
    assert number.guess is None


@pytest.mark.parametrize(
    ("text", "lang", "measure", "value"),
    [("57.2", "vi", "percent", 57.2), ("57,2", "en", "percent", 57.2), ("0.5", "vi", "million_dong", 0.5)],
)
def test_the_other_notations_decimal_is_read_and_told(text, lang, measure, value):
    number = parse_number(text, lang=lang, measure=measure)
    assert (number.value, number.doubtful) == (value, False)
    assert number.guess is not None
    assert text in number.guess.en


@pytest.mark.parametrize(
    "text", ["10 người", "khoảng 10 người", "ước 10 người", "10 người (ước)", "gần 10 người"]
)
def test_words_of_doubt_are_no_unit_of_measure(text):
    number = parse_number(text, measure="persons")
    assert (number.value, number.unit) == (10, "nguoi")
    assert number.estimate is (text != "10 người")


def test_value_zero_and_missing_are_three_states():
    assert parse_number("0").state == "zero"
    assert parse_number(0.0).state == "zero"
    assert parse_number("5").state == "value"
    for mark in ("", None, "-", "–", "..", "…", "x", "X", "chưa có số liệu"):
        number = parse_number(mark)
        assert number.state == "missing", mark
        assert math.isnan(number.value)


@pytest.mark.parametrize(
    "text", ["abc", "15/3/2023", "12 13", "1.2.3", "Quý 3 năm", "=1+2", "12-13", "12–13", "12½", True]
)
def test_what_is_no_number_is_unreadable_not_zero(text):
    assert parse_number(text).state == "unreadable"


def test_notes_units_and_estimates_are_kept_beside_the_number():
    number = parse_number("120 (ước)", measure="persons")
    assert (number.estimate, number.note) == (True, "ước")
    assert parse_number("35 lượt").unit == "luot"
    assert parse_number("57%").percent


@given(st.integers(0, 10**9))
def test_a_count_written_in_either_notation_is_read_back(count):
    for mark in (".", ",", " "):
        assert parse_number(f"{count:,}".replace(",", mark), measure="persons").value == count


@given(st.decimals(0, 10**6, places=1))
def test_money_with_one_decimal_is_read_back_in_both_notations(amount):
    english = f"{amount:,}"
    vietnamese = english.replace(",", " ").replace(".", ",").replace(" ", ".")
    assert parse_number(english, lang="en", measure="million_dong").value == pytest.approx(float(amount))
    assert parse_number(vietnamese, lang="vi", measure="million_dong").value == pytest.approx(float(amount))


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none(), st.booleans()))
def test_reading_a_number_never_raises(raw):
    assert parse_number(raw, measure="persons").state in ("value", "zero", "missing", "unreadable")


def test_keys_ignore_composition_tone_placement_and_y_against_i():
    assert key("Hòa Bình") == key("Hoà Bình") == key(unicodedata.normalize("NFD", "Hòa Bình"))
    assert key("Thụy") == key("Thuỵ")
    assert key("Quý") == key("Quí")
    assert key("Tân Liên") != key("Tân Liền")
    assert fold("Ðình Lập") == fold("Đình Lập") == "dinh lap"
    assert compose("\u00d0ình  Lập\u200b") == "Đình Lập"


@given(st.text(alphabet="aăâeêioôơuưyđ bcHNT\u0300\u0301\u0323", max_size=20))
def test_key_does_not_depend_on_composition(text):
    assert key(unicodedata.normalize("NFC", text)) == key(unicodedata.normalize("NFD", text))


def test_units_are_found_under_long_short_and_abbreviated_names():
    units = pd.DataFrame(
        {
            "code": ["20", "178", "183", "189", "05999", "06000"],
            "name": ["Tỉnh Lạng Sơn", "Thành phố Lạng Sơn", "Huyện Cao Lộc", "Huyện Đình Lập",
                     "Thị trấn Nông trường Thái Bình", "Xã Thái Bình"],
            "short_name": ["Lạng Sơn", "TP Lạng Sơn", "Cao Lộc", "Đình Lập", "", ""],
            "aliases": ["", "TP.LS", "", "", "", ""],
        }
    )  # fmt: skip
    book = name_book(units)
    assert book.find("183") == ("183",)
    for name in ("Huyện Cao Lộc", "H. Cao Lộc", "cao loc", "UBND huyện Cao Lộc"):
        assert book.find(name) == ("183",), name
    assert book.find("Huyện Ðình Lập") == ("189",)
    assert book.find("TP.LS") == ("178",)
    assert book.find("TT NT Thái Bình") == ("05999",)
    assert book.find("Huyện Không Có") == ()
    assert len(book.find("Thái Bình")) == 1 or "06000" in book.find("Thái Bình")


def test_old_charsets_are_detected_and_read():
    # the pairs of TCVN 5712:1993 and of the VNI fonts
    assert detect(["L¹ng S¬n", "H÷u Lòng"]) == TCVN3
    assert decode("L¹ng S¬n", TCVN3) == "Lạng Sơn"
    assert detect(["Laïng Sôn", "Höõu Luõng"]) == VNI
    assert decode("Laïng Sôn", VNI) == "Lạng Sơn"
    assert detect(["Láº¡ng SÆ¡n"]) == MISREAD
    assert decode("Láº¡ng SÆ¡n", MISREAD) == "Lạng Sơn"


def test_capitals_of_tcvn3_come_from_the_font():
    assert decode("l¹ng s¬n", TCVN3, ".VnTimeH") == "LẠNG SƠN"
    assert repair("tong cong", TCVN3, ".VnTimeH") == "TONG CONG"


def test_unicode_text_is_left_alone():
    texts = ["Lạng Sơn", "Tổng cộng", "Đào tạo nghề", "Số người", "à la carte", "café"]
    assert detect(texts) is None
    assert [repair(text, None) for text in texts] == texts
    assert repair("Huyện Cao Lộc", TCVN3) == "Huyện Cao Lộc"  # a cell in Unicode on a sheet in an old font
    assert detect(["Kết quả 9 tháng đầu năm 2023", "12½", "7½", "25 m²", "30°"]) is None
    assert repair("12½", TCVN3) == "12½"  # a sign among digits is no letter


def test_vietnamese_syllables_are_recognised():
    words = "quyết nghiệp người huyện Hữu thị ước giáo quý quốc giếng khuya chuyển yêu thuở"
    for word in words.split(" "):
        assert is_syllable(word), word
    for word in ("xyz", "Laïng", "strong"):
        assert not is_syllable(word), word
