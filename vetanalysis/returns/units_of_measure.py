"""Units of measure as people write them: a size and what is counted ("nghìn người", "1.000đ", "tr.đ", "lớp").

They stand in `vocabulary.csv`: a "measure" is read in any text, a "unit" only where a unit of measure is expected (in
brackets, after "ĐVT:", in its own column, beside a number), a word "beside" a number or in that column only ("xã"), a
"size" before any of them or, there, alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from vetanalysis.returns.lists import WHOLE
from vetanalysis.returns.names import compose, fold, key

SIZES = {"ten": 1e1, "hundred": 1e2, "thousand": 1e3, "myriad": 1e4, "million": 1e6, "billion": 1e9}
DONG, MILLION_DONG = "dong", "million_dong"
ENROLMENTS = ("enrolments", "attendances")
CONVERSIONS = {f"{size}_{of}": (of, factor) for size, factor in SIZES.items() for of in WHOLE} | {
    (f"{size}_{DONG}" if size else DONG): (MILLION_DONG, factor / 1e6)
    for size, factor in {"": 1.0, **SIZES}.items()
    if size != "million"
}
"""Measures of columns that are converted: the measure of their figures, and by how much a number is multiplied."""
LONGEST = 60  # letters of a unit of measure
UNKNOWN = "?"
"""What the measure begins with that was stated and not understood; its words follow."""
SEVERAL = "|"
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_BETWEEN = re.compile(r"[,;/+]|(?<!\w)(?:và|hoặc)(?!\w)", re.IGNORECASE)
_DIGIT_AND_LETTER = re.compile(r"(?<=\d)(?=[^\W\d_])")


def words_of(text: str) -> str:
    """A text as the vocabulary is matched: `names.key`, with a word for "%" and "1.000đ" as "1.000 đ"."""
    return key(_spaced(text))


def _spaced(text: str) -> str:
    return _DIGIT_AND_LETTER.sub(" ", text.replace("%", " percentsign "))


@cache
def vocabulary_rows() -> tuple[tuple[str, str, str], ...]:
    """Field, value and label of everything in `vocabulary.csv`."""
    with Path(__file__).with_name("vocabulary.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            (row["field"], row["value"], label)
            for row in csv.DictReader(lines)
            for label in row["label"].split("|")
        )


def measures_anywhere() -> Iterator[tuple[str, str]]:
    """(label, measure) of what is a unit of measure in any text, alone and after each size."""
    return _sized_labels("measure")


def _sized_labels(field: str) -> Iterator[tuple[str, str]]:
    rows = vocabulary_rows()
    sizes = [(label, value) for kind, value, label in rows if kind == "size"]
    for kind, value, label in rows:
        if kind != field:
            continue
        yield label, value
        for size_label, size in sizes:
            measure = f"{size}_{value}"
            if measure in CONVERSIONS or measure == MILLION_DONG:
                yield f"{size_label} {label}", measure


@cache
def _units() -> tuple[dict[str, str], dict[str, str]]:
    """Every unit of measure by its words with their marks, and without."""
    bare = [(label, value) for kind, value, label in vocabulary_rows() if kind == "size"]
    marked: dict[str, str] = {}
    plain: dict[str, str] = {}
    for label, measure in (*measures_anywhere(), *_sized_labels("unit"), *_sized_labels("beside"), *bare):
        marked.setdefault(words_of(label), measure)
        plain.setdefault(fold(_spaced(label)), measure)
    return marked, plain


def unit_of(text: str) -> str:
    """The measure that a text is and nothing else, a size where it is one alone ("tỷ": "billion"); "" otherwise."""
    if len(text) > LONGEST:
        return ""
    marked, plain = _units()
    return marked.get(words_of(text)) or plain.get(fold(_spaced(text)), "")


def unit_stated(text: str) -> str:
    """The unit of measure in a place made for one, which may say more behind it ("triệu đồng/năm", "người dân").

    `UNKNOWN` and its words where it is not understood, or where it is several ("người/triệu đồng").
    """
    if not unit_of(text) and _several(text):
        return UNKNOWN + text.strip()
    marked, words = _units()[0], words_of(text[:LONGEST]).split()
    begins = (marked.get(" ".join(words[:number]), "") for number in range(len(words), 0, -1))
    return unit_of(text) or next(
        (unit for unit in begins if unit and unit not in SIZES), UNKNOWN + text.strip()
    )


def _several(text: str) -> list[str]:
    """The units of measure that a text lists and nothing else, where they are of several things."""
    units = [unit_of(one) for one in _BETWEEN.split(text) if one.strip()]
    return units if all(units) and len({*units}) > 1 and not _things("beside") & {*units} else []


def parted(measure: str) -> tuple[float, str]:
    """The size of a unit of measure (0.0 where it has none) and what it counts ("" where it is a size alone)."""
    if measure in SIZES:
        return SIZES[measure], ""
    size, _, thing = measure.partition("_")
    return (SIZES[size], thing) if size in SIZES else (0.0, measure)


def of_size(measure: str, asked: str) -> str:
    """A size alone as a unit of what is asked: "billion" is billion dong where million dong are asked.

    Of units in one place (`one_of`) that which counts what is asked; as it is asked where none does, or two.
    """
    if SEVERAL in measure and not measure.startswith(UNKNOWN):
        units = [of_size(one, asked) for one in measure.split(SEVERAL)]
        fitting = [one for one in units if CONVERSIONS.get(one, (one,))[0] == asked]
        return asked if asked in fitting or len(fitting) != 1 else fitting[0]
    if measure not in SIZES:
        return measure
    return f"{measure}_{DONG if asked.startswith(MILLION_DONG) else asked}"


def one_of(measures: Iterable[str]) -> str:
    """Units of measure that stand in one place ("người, nghìn đồng") as one, of which `of_size` takes what is asked."""
    return SEVERAL.join(sorted({*measures}))


@cache
def _prefix() -> re.Pattern[str]:
    """What says that a unit of measure follows: "ĐVT:"."""
    labels = (
        re.escape(label) for field, value, label in vocabulary_rows() if (field, value) == ("role", "measure")
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(labels)})(?!\w)\s*:?\s*", re.IGNORECASE)


def states_unit(text: str) -> bool:
    """Whether a line says that a unit of measure follows: "Đơn vị tính: nghìn đồng"."""
    return bool(_prefix().search(compose(text)))


def stated(text: str) -> tuple[list[str], str]:
    """The units of measure that a text states (in brackets, after "ĐVT:"), and the text without them.

    One that is stated and not understood begins with `UNKNOWN`.
    """
    text = compose(text)
    found: list[str] = []

    def taken(match: re.Match[str]) -> str:
        marker = match.start() == 0 and len(match[1]) == 1 and match.end() < len(text)  # "(đ) Nữ"
        units = [] if marker else _stated_in(match[1])
        found.extend(units)
        return " " if units else match[0]

    rest = _BRACKETS.sub(taken, text)
    if not found and (":" in rest or _prefix().search(rest)):
        found = _stated_in(rest)
        rest = _cut(rest)[0] if found else rest
    return found, rest


def _stated_in(text: str) -> list[str]:
    before, said, after = _cut(text)
    units = [unit_of(after)] if unit_of(after) else _several(after)
    units = units or [unit_of(one) for one in re.split("[,;]", after) if one.strip()]
    if said and not all(units):
        return [unit_stated(after)]
    if all(units):
        named = not before or _ends_with(before, "name")
        return units if said or (named and not _things("beside") & {*units}) else []
    return [UNKNOWN + after.strip()] if not before and _begins_with_size(after) else []


def _cut(text: str) -> tuple[str, bool, str]:
    """What stands before "ĐVT:" or the last colon, whether it is the former, and what follows."""
    if match := _prefix().search(text):
        return text[: match.start()], True, text[match.end() :]
    before, _, after = text.rpartition(":")
    return before, False, after


def _things(field: str) -> set[str]:
    return {value for kind, value, _ in vocabulary_rows() if kind == field}


def _ends_with(text: str, role: str) -> bool:
    """Whether a text ends with words of a role: "Biểu 2. Đơn vị" with those of a name."""
    labels = [label for field, value, label in vocabulary_rows() if (field, value) == ("role", role)]
    return any(f" {words_of(text)}".endswith(f" {words_of(label)}") for label in labels)


def _begins_with_size(text: str) -> bool:
    """Whether a few words begin with a size and with nothing else that is known ("nghìn suất", not "tỷ lệ nữ")."""
    words = words_of(text[:LONGEST]).split()
    begins = {" ".join(words[:number]) for number in (1, 2, 3)}
    if not 1 < len(words) <= 4 or not any(unit_of(one) in SIZES for one in begins):
        return False
    return not any(words_of(label) in begins for field, _, label in vocabulary_rows() if field != "size")
