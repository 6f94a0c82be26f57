"""A report as data: what is said, before it becomes Word, HTML or a workbook.

Everything here is frozen and already worded in one language; writers only lay it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the figures it was built from (they go into the manifest)."""

    id: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 is a section ("I. ..."), 2 a numbered part ("1. ..."), 3 a point ("a) ...")."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together.

    `kind`: "body", "list" (each sentence an item), "note" (small: sources, readings) or "legal" (each
    sentence one legal basis).
    """

    sentences: tuple[Sentence, ...]
    kind: str = "body"

    @property
    def text(self) -> str:
        """The sentences joined by one space."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class OfficePlace:
    """A marked place where the office adds what no figure says; `words`: a unit's own, from its return."""

    prompt: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `group`: the merged header above it (or empty); `align`: left, right, center."""

    label: str
    measure: str = ""
    align: str = "right"
    group: str = ""
    width: float = 1.0  # relative

    @property
    def heading(self) -> str:
        """The label with its measure in brackets."""
        return f"{self.label} ({self.measure})" if self.measure else self.label


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose cells are already worded (numbers formatted, missing as the language writes it)."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    bold_rows: frozenset[int] = frozenset()
    landscape: bool = False
    values: tuple[tuple[Any, ...], ...] = ()  # the same cells as numbers, for the workbook; empty: use rows


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn figure: PNG bytes, what it shows in words (`alt`), a caption with source and date."""

    id: str
    title: str
    png: bytes
    alt: str
    caption: str
    width_mm: float = 160.0


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix with its own heading and page numbering."""

    number: str  # "I"
    title: str
    attached_to: str  # "(Kèm theo Báo cáo số ...)"
    blocks: tuple[Any, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The head block of Decree 30/2020: issuing bodies left, national title and motto right."""

    parent_body: str  # UBND TỈNH LẠNG SƠN ("" where the issuer has none above it)
    issuing_body: str
    number_line: str  # "Số:        /BC-SLĐTBXH" with the number left blank
    place_date: str  # "Lạng Sơn, ngày     tháng     năm 2023", day and month left blank
    kind: str  # BÁO CÁO
    subject: str
    addressee: tuple[str, ...] = ()
    national_title: str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto: str = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, slots=True)
class Signature:
    """The signatory block, lines top to bottom ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), and the recipients."""

    lines: tuple[str, ...]
    name: str = ""
    recipients_label: str = "Nơi nhận:"
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language. `illustrative` marks every page; `banner` is the mark's text."""

    lang: str
    title: str
    head: Head
    blocks: tuple[Any, ...]
    signature: Signature
    appendices: tuple[Appendix, ...] = ()
    illustrative: bool = False
    banner: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)  # plan, as_of, unit, produced from
