"""What the words of a foreign table mean: headers, labels, titles, periods, signature lines.

The words come from `vocabulary.csv` and from the plan itself (levels, groups, funding sources, labels of the
indicators). Matching keeps the vowels and tones ("nam" is not "năm"); the longest phrase wins.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from vetanalysis.returns.names import compose, fold, key

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_AFTER_QUARTER = {1: "Q1", 2: "H1", 3: "9M", 4: "FY"}
_QUARTER = re.compile(r"\bqu[yi] (iv|iii|ii|i|[1-4])\b(?: nam)? ?(?P<year>(?:19|20)\d\d)?")
_MONTHS = re.compile(
    r"\b(6|9|12|sau|chin) thang\b(?P<end> cuoi nam)?(?: dau)?(?: nam)? ?(?P<year>(?:19|20)\d\d)?"
)
_YEAR = re.compile(r"\b(?:ca )?nam ((?:19|20)\d\d)\b")
_CODE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(Q[1-4]|H1|9M|FY)\b")
_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)(?!\d)")
_TOTAL = re.compile(
    r"^(?:[ivx]+ )?(?:tong (?:cong|so)|tong|cong(?: cac.*| [ivx]+| [ab])?|toan tinh|toan huyen|total)(?: [ivx+ ]+)?$"
)
_SIGNATURE = re.compile(
    r"\b(nguoi lap(?: bieu| bang)?|thu truong|giam doc|chu tich|ky ten|ky ghi ro|noi nhan|ky dong dau|"
    r"ke toan truong|tm uy ban|tm ubnd|kt giam doc|kt chu tich)\b|^.{0,30}\bngay (?:\d+ )?thang (?:\d+ )?nam"
)
IDENTITY = re.compile(
    r"\b(ho va ten|ho ten|ten hoc vien|ho dem|cccd|cmnd|cmtnd|can cuoc|chung minh(?: nhan dan)?|so dinh danh|"
    r"ma dinh danh|ngay sinh|ngay thang nam sinh|so dien thoai|dien thoai|full name|citizen)\b"
)


@dataclass(frozen=True)
class Vocabulary:
    """Phrases (as `names.key`) to (field, value); built once per plan by `vocabulary`."""

    phrases: Mapping[str, tuple[str, str]]
    longest: int

    def read(self, text: str) -> dict[str, str]:
        """Fields named in a text, longest phrases first, no word used twice; a "role" may be among them.

        `read("Số người tuyển mới, trình độ sơ cấp (người)")` gives indicator, level and measure.
        """
        found: dict[str, str] = {}
        words = _words(text)
        at = 0
        while at < len(words):
            for length in range(min(self.longest, len(words) - at), 0, -1):
                hit = self.phrases.get(" ".join(words[at : at + length]))
                if hit:
                    found.setdefault(*hit)
                    at += length
                    break
            else:
                at += 1
        return found

    def exact(self, text: str) -> dict[str, str]:
        """The meaning of a text that is one known phrase and nothing else; empty otherwise."""
        hit = self.phrases.get(" ".join(_words(text)))
        return dict([hit]) if hit else {}


def _words(text: str) -> list[str]:
    return key(text.replace("%", " percentsign ")).split()


@cache
def _own_phrases() -> dict[str, tuple[str, str]]:
    phrases: dict[str, tuple[str, str]] = {}
    with Path(__file__).with_name("vocabulary.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for label in row["label"].split("|"):
                phrases.setdefault(" ".join(_words(label)), (row["field"], row["value"]))
    return phrases


def vocabulary(plan: Any) -> Vocabulary:
    """The words of the package and of the plan; the plan's own come first."""
    phrases: dict[str, tuple[str, str]] = {}

    def add(label: str, field: str, value: str) -> None:
        words = " ".join(_words(label))
        if words:
            phrases.setdefault(words, (field, value))

    for row in plan.indicators.to_dict("records"):
        for column in ("label_vi", "label_en"):
            if isinstance(row.get(column), str):
                add(row[column], "indicator", row["id"])
    for field, items in (("level", "levels"), ("group", "groups")):
        for one in getattr(plan, items, ()):
            if one.id != "rural_worker":
                add(one.name.vi, field, one.id)
                add(one.name.en, field, one.id)
    for one in getattr(plan, "funding_sources", ()):
        add(one.text.vi, "fund_source", one.id)
    for words, meaning in _own_phrases().items():
        phrases.setdefault(words, meaning)
    return Vocabulary(phrases, max(len(words.split()) for words in phrases))


def read_period(texts: Iterable[str]) -> tuple[str, bool] | None:
    """The first period named: (cut-off code such as "2023-9M", whether it is a quarter alone), or None.

    "Quý III năm 2023" is ("2023-9M", True): the cut-off at its end, told for the quarter. Quarters and months
    come before a bare year, in whatever line they stand; a quarter without a year takes the year named elsewhere.
    """
    lines = [compose(text) for text in texts if text]
    joined = [fold(line) for line in lines]
    years = [match.group(1) for line in joined if (match := _YEAR.search(line))]
    for line in lines:
        if match := _CODE.search(line):
            code = match.group(2)
            alone = code in ("Q2", "Q3", "Q4")
            return f"{match.group(1)}-{_AFTER_QUARTER[int(code[1])] if alone else code}", alone
    for line in joined:
        match = _QUARTER.search(line)
        year = match and (match.group("year") or next(iter(years), None))
        if match and year:
            number = _ROMAN[match.group(1)]
            return f"{year}-{_AFTER_QUARTER[number]}", number > 1
    for line in joined:
        match = _MONTHS.search(line)
        year = match and (match.group("year") or next(iter(years), None))
        if match and year and not match.group("end"):
            code = {"6": "H1", "sau": "H1", "9": "9M", "chin": "9M", "12": "FY"}[match.group(1)]
            return f"{year}-{code}", False
    return (f"{years[0]}-FY", False) if years else None


def read_window(texts: Iterable[str]) -> tuple[str, str] | None:
    """First and last day (ISO) from a line such as "từ 15/12/2022 đến 14/03/2023"; None without such a line."""
    for text in texts:
        days = []
        for day, month, year in _DATE.findall(text):
            try:
                days.append(date(int(year), int(month), int(day)).isoformat())
            except ValueError:
                continue
        if len(days) >= 2 and "den" in fold(text).split() and days[0] < days[1]:
            return days[0], days[1]
    return None


def is_total(label: str) -> bool:
    """Whether a row label is that of a total or subtotal: Tổng cộng, Tổng số, Cộng, Toàn tỉnh."""
    return bool(_TOTAL.match(fold(label)))


def is_signature(texts: Iterable[str]) -> bool:
    """Whether a row belongs to the signature block below a table."""
    return any(_SIGNATURE.search(fold(text)) for text in texts if len(text) < 120)


def is_identity(header: str) -> bool:
    """Whether a column header asks for personal data: full name, citizen number, birthday, telephone."""
    return bool(IDENTITY.search(fold(header)))
