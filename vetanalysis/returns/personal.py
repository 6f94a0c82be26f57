"""Personal data in what was sent: heads that ask for it, cells that look like it. Nothing of it leaves the file."""

from __future__ import annotations

import re
from collections.abc import Collection

from vetanalysis.returns.names import fold

IDENTITY = re.compile(
    r"\b(ho va ten|ho ten|ten hoc vien|ho dem|cccd|cmnd|cmtnd|can cuoc|chung minh(?: nhan dan)?|so dinh danh|"
    r"ma dinh danh|ngay sinh|ngay thang nam sinh|so dien thoai|dien thoai|full name|citizen)\b"
)
CITIZEN_NUMBER = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")
_SURNAMES = frozenset(
    ["nguyen", "tran", "le", "pham", "hoang", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong", "ly", "nong",
     "be", "trieu", "lam", "luong", "phung", "chu", "hua", "vi", "ma", "mong", "dinh", "ha", "phan", "luc"]
)  # fmt: skip


def is_identity(header: str) -> bool:
    """Whether a column header asks for personal data: full name, citizen number, birthday, telephone."""
    return bool(IDENTITY.search(fold(header)))


def is_citizen_number(text: str, of_money: bool) -> bool:
    """Whether a cell holds a citizen number and nothing else; `of_money`: its row or column says that it holds an
    amount, which has as many digits in đồng and never begins with 0."""
    return bool(CITIZEN_NUMBER.fullmatch(text)) and (text[0] == "0" or not of_money)


def are_people(texts: Collection[str]) -> bool:
    """Whether most of some texts are names of people."""
    names = [fold(text).split() for text in texts]
    people = sum(2 <= len(one) <= 5 and one[0] in _SURNAMES for one in names)
    return people >= 5 and people * 10 >= 7 * len(names)
