"""What is said, before it has a language: sentences, labels, findings, and the parts of a report.

A `Said` names a line of `vetanalysis/language/<family>.yaml` and holds the figures and names behind it.
Whoever knows the facts makes it; words come last, from `vetanalysis.language.render`, which the package hands
in (`worded_by`). `Text` is what a plan's files say in both languages.

A report is data, too: headings, paragraphs, tables and figures, frozen. What composes it fills the fields
marked `Wording` with `Said`, `Text` and `Cell`; `vetanalysis.language.cells.worded` makes strings of them,
and the writers of Word, HTML and workbooks lay those out. How a notebook shows what the package computes is
handed in from above, too.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

LANGUAGES = ("vi", "en")
Wording = Any  # a Said, a Text, in a table a Cell; once a document is worded, a string (in a paragraph a `Sentence`)


@dataclass(frozen=True, slots=True)
class Text:
    """The same statement in Vietnamese and English, composed (NFC); `more`: in languages that a plan brings, by code.

    The code "" stands for all languages that are not named: the name of a unit as its own country writes it.
    """

    vi: str
    en: str
    more: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vi", unicodedata.normalize("NFC", self.vi))
        object.__setattr__(self, "en", unicodedata.normalize("NFC", self.en))

    def get(self, lang: str) -> str:
        """The text in `lang`; in English where a plan's own language has none."""
        if lang in LANGUAGES:
            return self.vi if lang == "vi" else self.en
        more = dict(self.more)
        return more.get(lang) or more.get("") or self.en


def written_day(day: datetime.date) -> str:
    """A day in Vietnamese figures as Decree 30/2020 writes it: "14/12/2021", "05/01/2024", "15/9/2023"."""
    month = f"{day.month:02d}" if day.month < 3 else f"{day.month}"
    return f"{day.day:02d}/{month}/{day.year}"


def same(text: str) -> Text:
    """A text that reads alike in both languages: a number, a code, a proper name."""
    return Text(text, text)


MISSING_CELL = ".."  # unknown in the tables of the General Statistics Office

_words: list[Callable[[Said, str], str]] = []


def worded_by(render: Callable[[Said, str], str]) -> None:
    """Take `render(said, lang)` for `Said.get`; the package does this once when it is imported."""
    _words[:] = [render]


@dataclass(frozen=True, slots=True, init=False)
class Said:
    """A sentence, label or finding without a language.

    `key`: "family.name", the line `name` of `language/<family>.yaml`. `id`: what the manifest calls the sentence, empty
    for words that are none. `facts`: numbers (None or NaN where missing), strings, period codes ("2023-9M"), days,
    `Text`, other `Said`, and tuples of these, by the names that the line uses. Equal where key, id and facts are.
    """

    key: str
    id: str
    facts: Mapping[str, Any]

    def __init__(self, key: str, /, id: str = "", **facts: Any) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "facts", facts)

    def __hash__(self) -> int:
        return hash((self.key, self.id))

    def get(self, lang: str) -> str:
        """The words in `lang` ("vi" or "en"; KeyError for another) as they stand inside a sentence."""
        return _words[0](self, lang)

    @property
    def vi(self) -> str:
        """The Vietnamese words."""
        return self.get("vi")

    @property
    def en(self) -> str:
        """The English words."""
        return self.get("en")

    def given(self, **facts: Any) -> Said:
        """The same with further facts."""
        return Said(self.key, **{"id": self.id, **self.facts, **facts})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: words for people and, from the same value, what a workbook computes with.

    `kind`: how the value is worded, a name of `vetanalysis.language.cells.KINDS` ("count", "about", "chance").
    `measure` serves the kinds that need it, `goal` what is projected beside a goal. `words`: printed in place of what
    the kind would print; the workbook still holds the value. `flag`: a mark set behind the printed words, "(*)",
    explained under the table. A value that is None or NaN is printed as `missing`. `tone`: the colour behind it, one of
    `TONES`; a sign and a word stand in the cell itself, so that nothing rests on the colour.
    """

    value: Any = None
    kind: str = "words"
    measure: str = ""
    missing: str = MISSING_CELL
    words: Said | Text | str | None = None
    flag: str = ""
    tone: str = ""
    goal: float | None = None


TONES = (
    "good",
    "even",
    "bad",
    "none",
)  # likely or reached, about as likely as not, unlikely or missed, not judged


class Drawing(Protocol):
    """What draws its PNG once it is asked for."""

    @property
    def png(self) -> bytes:
        """The bytes."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the figures it was built from (they go into the manifest)."""

    id: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 is a section ("I. ..."), 2 a numbered part ("1. ..."), 3 a point ("a) ...").

    `new_page`: it begins a page in Word.
    """

    level: int
    text: Wording
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together.

    `kind`: "body", "key" (each sentence a bold line: the answer before its reasons), "list" (each sentence an item),
    "note" (small: sources, readings) or "legal" (each sentence one legal basis).
    """

    sentences: tuple[Wording, ...]
    kind: str = "body"

    @property
    def text(self) -> str:
        """The sentences joined by one space."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class OfficePlace:
    """A marked place where the office adds what no figure says; `words`: a unit's own, from its return."""

    prompt: Wording
    words: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `group`: the merged header above it (or empty); `align`: left, right, center."""

    label: Wording
    measure: Wording = ""
    align: str = "right"
    group: Wording = ""
    width: float = 1.0  # relative

    @property
    def heading(self) -> str:
        """The label with its measure in brackets."""
        return f"{self.label} ({self.measure})" if self.measure else self.label


@dataclass(frozen=True, slots=True)
class Table:
    """A table; worded, its cells are strings (numbers formatted, missing as the language writes it).

    `measure`: the unit of measure of its figures, printed above it; "" where heads or rows name theirs.
    `tones`: the tone of every cell, empty where none has one. `splits`: however short, it may go on over a page's end.
    """

    id: str
    title: Wording
    columns: tuple[Column, ...]
    rows: tuple[tuple[Wording, ...], ...]
    notes: tuple[Wording, ...] = ()
    bold_rows: frozenset[int] = frozenset()
    landscape: bool = False
    values: tuple[tuple[Any, ...], ...] = ()  # the same cells as numbers, for the workbook; empty: use rows
    measure: Wording = ""
    tones: tuple[tuple[str, ...], ...] = ()
    splits: bool = False

    def tone(self, row: int, column: int) -> str:
        """The tone of one cell of the body; "" for none."""
        return self.tones[row][column] if self.tones else ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure without a language: its data (`vetanalysis.figures.style.Chart`), what it shows in words (`alt`).

    `title` and `caption` stand about it in a document. `vetanalysis.figures.pictures.drawn` makes a `Figure` of it.
    """

    id: str
    data: Any
    title: Wording
    alt: Wording
    caption: Wording = ""
    width_mm: float = 160.0


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """A figure: its picture, what it shows in words (`alt`), a caption with source and date.

    `picture`: PNG bytes, or what draws them once they are asked for. `table`: its data, None where it writes them
    all. `pointed_at`: words of the values that stand at a point of the picture, in the order of their places in it.
    """

    id: str
    title: str
    picture: bytes | Drawing
    alt: str
    caption: str
    width_mm: float = 160.0
    table: Table | None = None
    pointed_at: tuple[str, ...] = ()

    @property
    def png(self) -> bytes:
        """The picture as PNG."""
        return self.picture if isinstance(self.picture, bytes) else self.picture.png

    def __repr__(self) -> str:
        return f"Figure({self.title!r})"

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        """As a notebook shows it: as wide as the text, with words for who cannot see it."""
        return self.png, {"width": 756, "alt": self.alt}


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix with its own heading and page numbering."""

    number: str  # "I"; "" of the only one
    title: Wording
    attached_to: Wording  # "(Kèm theo Báo cáo số ...)"
    blocks: tuple[Any, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The head block of Decree 30/2020: issuing bodies left, national title and motto right; plain without these."""

    parent_body: Wording  # UBND TỈNH LẠNG SƠN ("" where the issuer has none above it)
    issuing_body: Wording
    number_line: Wording  # "Số:        /BC-SLĐTBXH" with the number left blank
    place_date: Wording  # "Lạng Sơn, ngày     tháng     năm 2023", day and month left blank
    kind: Wording  # BÁO CÁO
    subject: Wording
    addressee: tuple[Wording, ...] = ()
    national_title: Wording = ""
    motto: Wording = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """The signatory block, lines top to bottom ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), and the recipients."""

    lines: tuple[Wording, ...]
    name: str = ""
    recipients_label: Wording = ""
    recipients: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; worded, it is in `lang`. `illustrative` marks every page; `banner` is the mark's text."""

    lang: str
    title: Wording
    head: Head
    blocks: tuple[Any, ...]
    signature: Signature
    appendices: tuple[Appendix, ...] = ()
    illustrative: bool = False
    banner: Wording = ""
    meta: Mapping[str, str] = field(default_factory=dict)  # plan, as_of, unit, produced from


_shown: dict[str, Callable[[Any], Any]] = {}


def show_as(kind: str, display: Callable[[Any], Any]) -> None:
    """Take what a notebook gets for an object of this kind; the package does this when it is imported."""
    _shown[kind] = display


def displayed(kind: str, one: Any) -> Any:
    """What a notebook shows for one object; None, the plain text, where nothing was handed in."""
    display = _shown.get(kind)
    return None if display is None else display(one)
