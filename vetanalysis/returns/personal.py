"""Personal data in what was sent: heads that ask for it, cells that look like it. Nothing of it leaves the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import takewhile

from vetanalysis.returns.names import fold

IDENTITY = re.compile(
    r"\b(ho va ten|ho ten|ten hoc vien|ho dem|cccd|cmnd|cmtnd|can cuoc|chung minh(?: nhan dan)?|so dinh danh|"
    r"ma dinh danh|ngay sinh|ngay thang nam sinh|so dien thoai|dien thoai|full name|citizen)\b"
)
CITIZEN_NUMBER = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")
_SURNAMES = frozenset(
    ["nguyễn", "trần", "lê", "phạm", "hoàng", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương", "lý", "nông", "bế",
     "triệu", "lâm", "lương", "phùng", "chu", "hứa", "vi", "ma", "mông", "đinh", "hà", "phan", "lục"]
)  # fmt: skip
_FOLDED_SURNAMES = frozenset(map(fold, _SURNAMES))
_ADDRESSED = re.compile(r"[\W\d]*(?:(?:ông|bà|anh|chị|em|học viên|đồng chí|đ/c)\s+)?", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")


def is_identity(header: str) -> bool:
    """Whether a column header asks for personal data: full name, citizen number, birthday, telephone."""
    return bool(IDENTITY.search(fold(header)))


def identity_columns(
    held: Mapping[int, Mapping[int, str]],
    heads: Mapping[int, Sequence[str]],
    titles: Sequence[str],
    known: Callable[[str], bool],
    of_money: Callable[[Iterable[str]], bool],
) -> dict[int, str]:
    """Columns of a table that ask for personal data, or hold names of people or citizen numbers, with their heads.

    `held`: the texts of each column by their rows; `known`: whether a text is a word or a unit of the plan; `of_money`:
    whether some texts speak of money. Amounts in đồng have as many digits as citizen numbers where the head, the title
    or the row says so, in a list of people where the last line of the head does.
    """
    asked = {column: head for column, lines in heads.items() if is_identity(head := " ".join(lines))}
    names = {
        column: [text for text in texts.values() if any(map(str.isalpha, text)) and not known(text)]
        for column, texts in held.items()
    }
    of_people = bool(asked) or any(map(_may_be_people, names.values()))

    def is_amount(column: int, row: int) -> bool:
        if of_people:
            return of_money(heads[column][-1:])
        beside = (texts[row] for texts in held.values() if row in texts)
        return of_money((*titles, *heads[column])) or of_money(beside)

    found = {}
    for column, texts in held.items():
        citizens = sum(
            _is_citizen(text) or bool(CITIZEN_NUMBER.fullmatch(text) and not is_amount(column, row))
            for row, text in texts.items()
        )
        if _are_people(names[column]) or (citizens >= 2 and citizens * 2 >= len(texts)):
            found[column] = ""
    return found | asked


def masked(text: str) -> str:
    """What of a text may be shown: its beginning, without citizen numbers or the name of a person that it begins with.

    "2. Ông Lê Văn Tám, trưởng phòng" is shown as "2. Ông ***, trưởng phòng": each word of a name has a capital.
    "HỘ NGHÈO" is none: its first word is no surname as it is written, unless the name is written without any marks.
    """
    start = _ADDRESSED.match(text).end()  # type: ignore[union-attr]
    words = found[0].split() if (found := _WORDS.match(text, start)) else []
    name = " ".join(takewhile(lambda word: word[0].isupper(), words))
    if _is_name(name) and (name.isascii() or name.split()[0].lower() in _SURNAMES):
        text = text[:start] + text[start:].replace(name, "***", 1)
    return CITIZEN_NUMBER.sub("***", text)[:60]


def _is_citizen(text: str) -> bool:
    """Whether a text is a citizen number whatever stands around it: as no amount begins, or by its own words."""
    bare = text.replace(" ", "")
    begins = bare[:1] == "0" and CITIZEN_NUMBER.fullmatch(bare)
    return bool(begins or (CITIZEN_NUMBER.search(text) and is_identity(text)))


def _are_people(texts: Collection[str]) -> bool:
    """Whether most of some texts are names of people."""
    people = sum(map(_is_name, texts))
    return people >= 5 and people * 10 >= 7 * len(texts)


def _may_be_people(texts: Collection[str]) -> bool:
    """Whether most of a few texts look like names of people, each word with a capital ("Hồ Văn An", not "Hộ nghèo")."""
    people = sum(_is_name(text) and all(word[0].isupper() for word in text.split()) for text in texts)
    return people >= 2 and people * 10 >= 7 * len(texts)


def _is_name(text: str) -> bool:
    words = fold(text).split()
    return 2 <= len(words) <= 5 and words[0] in _FOLDED_SURNAMES
