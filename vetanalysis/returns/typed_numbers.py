"""Numbers as people type them: 13.500, 13,500, "35 người", "57,2%", "120 (ước)", "-", "x".

A number, a zero and a missing figure are three states and stay apart. What two notations read differently is
settled by the notation of the plan's language and by what the measure can be (persons are whole, a
percentage is not in the thousands), and the reading is marked as a guess. What is no figure at all (a letter
among digits, a bound, a size that nothing has) is refused with the reason.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import decomposition

from vetanalysis.blocks import Said
from vetanalysis.observations.notation import grouped, readings
from vetanalysis.returns.lists import WHOLE
from vetanalysis.returns.names import compose, fold
from vetanalysis.returns.units_of_measure import CONVERSIONS, DONG, MILLION_DONG, SIZES, parted, unit_of

VALUE, ZERO, MISSING, UNREADABLE = "value", "zero", "missing", "unreadable"
MISSING_MARKS = frozenset(
    (
        "", "-", "–", "—", "--", "---", ".", "..", "...", "…", "x", "xx", "/", "//", "\\", "?", "n/a", "na", "nan",
        "#n/a", "chua co", "chua co so lieu", "khong co so lieu", "chua bao cao", "kcsl", "khong bao cao",
        "none", "null",
    )
)  # fmt: skip
COUNTS = WHOLE | {"count"}
LARGEST_COUNT = 2_000_000
"""No count of a district or an institution is larger; used only to settle a doubtful notation."""
MOST_WORDS = 4  # beside a figure; more are a sentence
RESIDUE = 1e-6
"""How far from a whole number a formula may leave a count: 90*0.7 is stored as 62.99999999999999."""
LARGEST_FIGURE = 1e15
"""No figure of any measure is larger, not even dong of a country."""
_MINUS = "-−–—‒―﹣－"
_NUMBER = re.compile(rf"(?:[{_MINUS}+(]\s*)?\d(?:[\d.,'’\u00a0\u202f ]*\d)?")
_BRACKETS = re.compile(r"[(\[]([^)\]]*)([)\]]|\Z)")
_ESTIMATE = re.compile(r"\b(uoc|du kien|uoc tinh|uoc thuc hien|uth)\b")
_BEFORE = frozenset(
    fold("ước tính dự kiến thực hiện uth khoảng gần hơn trên dưới xấp xỉ tạm đạt có là tổng số").split()
)
_ABOUT = re.compile(r"\b(khoang|gan|hon|tren|duoi|xap xi|tam)\b|[~≈±]")
_DOUBT = re.compile(
    r"\b(chua (?:chac|day du|du|ro|xac dinh|chinh thuc|kiem tra)|can kiem tra|kiem tra lai|tam tinh|nghi ngo)\b"
)
_BOUND = re.compile(r"[<>≤≥⩽⩾＜＞]|\d\s*\+\s*$")
_BOUND_WORDS = re.compile(r"\b(it nhat|toi thieu|toi da|tro len|tro xuong|khong qua)\b")
_LIKE_DIGITS = str.maketrans("OoОоΟοQlIІ|ZSB", "00000001111258")
_MISTYPED = re.compile(r"\A(?=\S*\d)(?=\S*[OoОоΟοQlIІ|ZSB])[-+−]?[\dOoОоΟοQlIІ|ZSB][\dOoОоΟοQlIІ|ZSB.,]*")
_BEGINS = re.compile(r"['’]?[\d+\-−(.~≈±<>≤≥]|(?:ước|khoảng|gần|hơn)\s+\d", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\d{1,2}(?:\.\d{1,2})*\s*[.)/-]\s*[^\W\d]|\d{1,6}/[^\W\d]"
)  # "2. Tốt nghiệp", "123/BC-SLĐTBXH"
_OF_TIME = re.compile(r"(?:uoc |khoang )?\d{1,4} (?:thang|quy)\b")
_POWER = re.compile(r"\A[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d+")


@dataclass(frozen=True, slots=True)
class Number:
    """One cell read as a number.

    `state`: "value", "zero", "missing" or "unreadable"; `value` is NaN in the last two. `percent`: a percent
    sign stood there; `unit`: the folded words after the number without those of size ("nguoi", "dong"), `thing`: what
    they are as a unit of measure ("persons", "dong"), "" where they are none; `words`: as they stand;
    `sized`: a word of size stood there and was applied instead of the column's; `estimate`: marked ước, or given
    with doubt ("10?", "khoảng 10"); `note`: what else stood in the cell; `guess`: empty, or why the reading is not
    certain; `doubtful`: the guess may be wrong (a warning, not a remark). `refused`: the rule by which an unreadable
    cell is an error, with `guess` as its words; "" for what is merely not understood.
    """

    value: float
    state: str
    percent: bool = False
    unit: str = ""
    thing: str = ""
    words: str = ""
    sized: bool = False
    estimate: bool = False
    note: str = ""
    guess: Said | None = None
    doubtful: bool = False
    refused: str = ""


def _refused(rule: str, what: Said) -> Number:
    return Number(math.nan, UNREADABLE, guess=what, refused=rule)


def _too_large(given: str) -> Number:
    shown = given if len(given) <= 24 else f"{given[:20]}…"
    return _refused("number-too-large", Said("returns.typed.too_large", given=shown))


def _nothing(state: str, note: str = "") -> Number:
    return Number(math.nan, state, note=note)


def parse_number(raw: object, *, lang: str = "vi", measure: str = "") -> Number:
    """Read a cell's value as a number; never raises.

    `raw`: what the cell holds (number, text, None, a date: unreadable). `lang`: the notation that settles doubt
    ("vi": 13.500,5; "en": 13,500.5). `measure`: persons, percent, million_dong ...; what is counted in whole
    numbers decides between 13.500 and 13,5. Words of size are applied ("1,2 nghìn người" = 1,200; for
    million_dong "3 tỷ" = 3,000). In a measure of `CONVERSIONS` the value is in the measure it is converted to, by the
    words beside the number where they say a size ("3 triệu" in thousand_dong = 3), else by the column's.
    """
    if raw is None or isinstance(raw, bool):
        return _nothing(MISSING if raw is None else UNREADABLE)
    if isinstance(raw, (int, float)):
        return _from_float(float(raw), measure)
    if not isinstance(raw, str):
        return _nothing(UNREADABLE, str(raw))
    text = compose(raw).lstrip("'’")
    if text.lower() in MISSING_MARKS or fold(text) in MISSING_MARKS - {""}:
        return _nothing(MISSING, text)
    return _from_text(text, lang, measure)


def _from_float(value: float, measure: str) -> Number:
    if math.isnan(value):
        return _nothing(MISSING, str(value))
    if abs(value) > LARGEST_FIGURE:
        return _too_large(f"{value:g}")
    guess = None
    if measure in COUNTS and abs(value - round(value)) < RESIDUE:
        value = float(round(value))
    if measure in COUNTS and value != round(value):
        thousands = round(value * 1000, 6)
        if 1 <= value < 1000 and thousands == round(thousands) and thousands <= LARGEST_COUNT:
            guess = Said("returns.typed.thousands", given=value, taken=int(thousands))
            value = thousands
    value = _times(value, sized("", measure).factor)
    return Number(value, VALUE if value else ZERO, guess=guess, doubtful=guess is not None)


def _from_text(text: str, lang: str, measure: str) -> Number:
    notes = [inside for inside, end in _BRACKETS.findall(text) if _is_note(inside, end)]
    bare = compose(_BRACKETS.sub(lambda found: " " if _is_note(*found.groups()) else found[0], text))
    if refused := _no_figure(bare):
        return refused
    found = _NUMBER.findall(bare)
    if len(found) != 1 or any(decomposition(one).startswith("<fraction>") for one in bare):  # "12½"
        return _nothing(UNREADABLE, text)
    digits = found[0]
    before, _, after = bare.partition(digits)
    if _BOUND.search(bare) or _BOUND_WORDS.search(fold(text)):
        return _refused("number-bound", Said("returns.typed.bound", given=text[:60]))
    negative = digits[0] in _MINUS or (digits[0] == "(" and after.lstrip().startswith(")"))
    beside = sized(after, measure)
    spaced = re.split(r"[ '’]+", digits.lstrip(f"{_MINUS}+( "))
    whole_part = [*spaced[:-1], re.split("[.,]", spaced[-1])[0]]
    if not _plausible_words(before, beside.unit) or (len(spaced) > 1 and not grouped(whole_part)):
        return _nothing(UNREADABLE, text)
    value, guess, doubtful = _separators("".join(spaced), lang, measure if beside.factor == 1 else "")
    if value is None or math.isnan(beside.factor):
        return _nothing(UNREADABLE, text)
    number = _times(-value if negative else value, beside.factor)
    if abs(number) > LARGEST_FIGURE:
        return _too_large(text)
    about = _ABOUT.search(f"{before} {fold(before)} {fold(after)}") or _DOUBT.search(fold(text))
    doubt = "approximate" if about else "asked" if "?" in text else ""
    if doubt:
        guess, doubtful = guess or Said(f"returns.typed.{doubt}", given=text, taken=number), True
    return Number(
        number,
        VALUE if number else ZERO,
        percent="%" in text,
        unit=beside.unit,
        thing=beside.thing,
        words=after.strip(),
        sized=beside.named,
        estimate=bool(doubt or _ESTIMATE.search(fold(text))),
        note="; ".join(notes),
        guess=guess,
        doubtful=doubtful,
    )


def _is_note(inside: str, end: str) -> bool:
    """Whether brackets are closed and hold words; "(12)" is a number."""
    return bool(end) and any(map(str.isalpha, inside))


def _no_figure(bare: str) -> Number | None:
    """A number with a letter that looks like a digit ("1O"), with what was probably meant, or one far too large."""
    for word in bare.split():
        if _MISTYPED.fullmatch(word):
            meant = word.translate(_LIKE_DIGITS)
            return _refused("number-mistyped", Said("returns.typed.mistyped", given=bare[:60], meant=meant))
    if _POWER.fullmatch(bare) and abs(float(bare.replace(",", "."))) > LARGEST_FIGURE:
        return _too_large(bare)
    return None


def _plausible_words(before: str, unit: str) -> bool:
    """A cell with a sentence around its number is text, not a figure."""
    return len(unit.split()) <= MOST_WORDS and set(fold(before).split()) <= _BEFORE and "=" not in before


def _times(value: float, factor: float) -> float:
    return value if factor == 1 else round(value * factor, 6)


class Sized(NamedTuple):
    """Words beside a number: without those of size, as a unit of measure, the factor, and whether that is theirs."""

    unit: str
    thing: str
    factor: float
    named: bool


def sized(words: str, measure: str) -> Sized:
    """What the words beside a number say of its size and of what it counts; the factor leads to its measure.

    Without a size it is the column's. NaN where they mean two things: "5 nghìn" of a column in tỷ đồng may be 5 nghìn
    đồng or 5 nghìn tỷ.
    """
    figure_in, of_column = CONVERSIONS.get(measure, (measure, 1.0))
    kept = [
        word
        for word in _DOUBT.sub(" ", fold(words)).split()
        if not _ESTIMATE.fullmatch(word) and not _ABOUT.fullmatch(word)
    ]
    size = 1.0
    while 0 < len(kept) <= MOST_WORDS and not unit_of(" ".join(kept)) and unit_of(kept[0]) in SIZES:
        size *= SIZES[unit_of(kept.pop(0))]
    of_unit, thing = parted(unit_of(" ".join(kept)))
    named, factor = size != 1 or of_unit > 0, size * (of_unit or 1.0)
    money = figure_in.startswith(MILLION_DONG)
    if not named:
        factor = 1e-6 if money and thing == DONG else of_column
    elif money:
        factor /= 1e6
        if factor < min(of_column, 1.0) and thing != DONG:
            factor = math.nan
    return Sized("" if of_unit and not thing else " ".join(kept), thing, factor, named)


def _separators(digits: str, lang: str, measure: str) -> tuple[float | None, Said | None, bool]:
    """Value, the guess that was needed (or None), whether it is doubtful; value None if no notation fits."""
    found = readings(digits)
    if not found:
        return None, None, False
    decimal = "," if lang == "vi" else "."
    mark = "." if "." in digits else ","
    if len(found) == 1:
        one_mark = digits.count(".") + digits.count(",") == 1
        return (
            _surely_decimal(digits, found[0], mark, decimal, measure) if one_mark else (found[0], None, False)
        )
    as_decimal, as_whole = found
    usual = as_whole if mark != decimal else as_decimal
    by_measure = as_whole if measure in COUNTS else as_decimal if measure == "percent" else None
    chosen = usual if by_measure is None else by_measure
    guess = Said(
        "returns.typed.two_ways",
        given=digits, decimal=as_decimal, whole=int(as_whole), taken=chosen, usual=usual,
    )  # fmt: skip
    return chosen, guess, by_measure != usual


def _surely_decimal(
    digits: str, value: float, mark: str, decimal: str, measure: str
) -> tuple[float, Said | None, bool]:
    if measure in COUNTS and value != round(value):
        return value, Said("returns.typed.fraction", given=digits), True
    if mark != decimal:
        return value, Said("returns.typed.other_notation", given=digits, taken=value), False
    return value, None, False


def begins_as_figure(text: str) -> bool:
    """Whether a text begins as a figure does: with a digit, a sign, "ước 12"."""
    return bool(_BEGINS.match(text))


def is_typed(text: str) -> bool:
    """Whether somebody typed a text as a figure, readable or not: "12/15", "12½", not "9 tháng"."""
    return begins_as_figure(text) and not _OF_TIME.match(fold(text))


def is_figure(text: str) -> bool:
    """Whether a text is a number with its measure; "9 tháng" in a head and "2. Tốt nghiệp" are none."""
    if not _BEGINS.match(text) or _NUMBERED.match(text) or _OF_TIME.match(fold(text)):
        return False
    number = parse_number(text)
    return bool(number.refused) or number.state not in (UNREADABLE, MISSING)


def is_name(text: str) -> bool:
    """Whether a text is neither a figure nor a mark for one that is missing."""
    return not is_figure(text) and parse_number(text).state != MISSING


def is_year(value: object) -> bool:
    """Whether a cell holds nothing but a year."""
    return bool(re.fullmatch(r"199\d|20\d\d|2100", str(value).strip().removesuffix(".0")))
