"""A return while it is being read: how its words are understood, and what is collected from it.

The words of tables (headers, labels, titles, periods, signature lines) come from `vocabulary.csv` and from
the plan itself (levels, groups, funding sources, labels of the indicators). Matching keeps the vowels and
tones ("nam" is not "năm"); the longest phrase wins.

A `Draft` holds the figures, texts and findings of one return.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, lru_cache

from vetanalysis.blocks import Said
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.returns.findings import finding_of, measure_words
from vetanalysis.returns.grid import Grid
from vetanalysis.returns.key import Place, address
from vetanalysis.returns.names import NameBook, compose, compose_lines, fold, name_book
from vetanalysis.returns.personal import CITIZEN_NUMBER, masked
from vetanalysis.returns.typed_numbers import MISSING, UNREADABLE, Number, Sized, parse_number, sized
from vetanalysis.returns.units_of_measure import (
    CONVERSIONS,
    DONG,
    ENROLMENTS,
    MILLION_DONG,
    UNKNOWN,
    measures_anywhere,
    stated,
    vocabulary_rows,
    words_of,
)

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_AFTER_QUARTER = {1: "Q1", 2: "H1", 3: "9M", 4: "FY"}
_QUARTER = re.compile(r"\bqu[yi] (iv|iii|ii|i|[1-4])\b(?: nam)? ?(?P<year>(?:19|20)\d\d)?")
_MONTHS = re.compile(
    r"(?:\b(?:6|9|12|sau|chin) thang\b|\b\d\d? thang(?= dau\b)|^thang(?= dau nam\b)"
    r"|(?<=luy ke )\d\d? thang\b)"
    r"(?P<end> cuoi nam)?(?: dau)?(?: nam)? ?(?P<year>(?:19|20)\d\d)?"
)
_YEAR = re.compile(r"\b(?:ca )?nam ((?:19|20)\d\d)\b")
_OF_DAY = re.compile(r"\b(?:ngay \d\d? )?thang \d\d? nam ((?:19|20)\d\d)\b")
_CODE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(Q[1-4]|H1|9M|FY|M(?:0[1-9]|1[0-2]))\b")
_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)(?!\d)")
_TOTAL = re.compile(
    r"^(?:[ivx]+ )?(?:tong (?:cong|so)|tong|cong(?: cac.*| [ivx]+| [ab])?|toan tinh|toan huyen|total)(?: [ivx+ ]+)?$"
)
_SIGNATURE = re.compile(
    r"\b(nguoi lap(?: bieu| bang)?|thu truong|giam doc|chu tich|ky ten|ky ghi ro|noi nhan|ky dong dau|"
    r"ke toan truong|tm uy ban|tm ubnd|kt giam doc|kt chu tich)\b|^.{0,30}\bngay (?:\d+ )?thang (?:\d+ )?nam"
)
_OTHER_FIGURES = ("plan", "previous", "derived", "share")
RATES = ("percent", "percentage_points")
_IN_PERCENT = (*RATES, "")


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
        for hit in self.hits(text):
            found.setdefault(*hit)
        return found

    def hits(self, text: str) -> Iterator[tuple[str, str]]:
        """Every (field, value) named in a text, in its order."""
        return (hit for hit in self.parts(text) if hit)

    def covers(self, text: str) -> bool:
        """Whether a text says nothing but known phrases."""
        return all(self.parts(text))

    def parts(self, text: str) -> Iterator[tuple[str, str] | None]:
        """The known phrases of a text in its order, None for each word between them."""
        units, rest = stated(text)
        yield from (("measure", unit) for unit in units)
        words, at = words_of(rest).split(), 0
        while at < len(words):
            for length in range(min(self.longest, len(words) - at), 0, -1):
                hit = self.phrases.get(" ".join(words[at : at + length]))
                if hit:
                    break
            if not (units and hit and hit[0] == "measure"):
                yield hit
            at += length

    def exact(self, text: str) -> dict[str, str]:
        """The meaning of a text that is one known phrase and nothing else; empty otherwise."""
        hit = self.phrases.get(words_of(text))
        return dict([hit]) if hit else {}


@cache
def _own_phrases(senses: bool) -> dict[str, tuple[str, str]]:
    asked = [row for row in vocabulary_rows() if senses or row[0] != "sense"]
    rows = [
        (label, "role" if field == "sense" else field, value)
        for field, value, label in sorted(asked, key=lambda row: row[0] != "sense")
        if field not in ("unit", "beside", "size")
    ]
    measures = [(label, "measure", value) for label, value in measures_anywhere()]
    phrases: dict[str, tuple[str, str]] = {}
    for label, *meaning in (*rows, *measures):
        phrases.setdefault(words_of(label), (meaning[0], meaning[1]))
    return phrases


@cache
def _own_words() -> Vocabulary:
    return _vocabulary_of(_own_phrases(False))


def _vocabulary_of(phrases: Mapping[str, tuple[str, str]]) -> Vocabulary:
    return Vocabulary(phrases, max(len(words.split()) for words in phrases))


def vocabulary(plan: Plan, senses: bool = False) -> Vocabulary:
    """The words of the package and of the plan; the plan's own come first.

    `senses`: also those that tell whether a label is a result at all ("chưa", "nhu cầu", "Hội"), as roles; they say
    nothing of where a table lies.
    """
    phrases: dict[str, tuple[str, str]] = {}

    def add(label: str, field: str, value: str) -> None:
        if words := words_of(label):
            phrases.setdefault(words, (field, value))

    for row in plan.indicators.to_dict("records"):
        for column in ("label_vi", "label_en"):
            if isinstance(row.get(column), str):
                add(row[column], "indicator", row["id"])
    for column, items in (("level", plan.levels), ("group", plan.groups)):
        for one in items:
            if one.id != "rural_worker":
                add(one.name.vi, column, one.id)
                add(one.name.en, column, one.id)
    for source in plan.funding_sources:
        add(source.text.vi, "fund_source", source.id)
    for words, meaning in _own_phrases(senses).items():
        phrases.setdefault(words, meaning)
    return _vocabulary_of(phrases)


@dataclass(frozen=True)
class Context:
    """What is known before a sheet is read: the plan, its words, its names, measures and basis of its indicators.

    `labels`: the words with those that tell what no result is.
    """

    plan: Plan
    words: Vocabulary
    labels: Vocabulary
    names: NameBook
    usual: Mapping[str, tuple[list[str], str]]

    def unit_in(self, text: str) -> str:
        """The code of the one unit that a text names; "" otherwise."""
        found = self.names.find(text) if text else ()
        return found[0] if len(found) == 1 else ""

    @cached_property
    def money(self) -> frozenset[str]:
        """The indicators that are amounts of money."""
        return frozenset(
            one for one, (measures, _) in self.usual.items() if measures[0].startswith(MILLION_DONG)
        )

    def is_rate(self, indicator: str) -> bool:
        """Whether an indicator is measured in per cent."""
        return bool(set(RATES) & set(self.usual.get(indicator, ([], ""))[0]))


@lru_cache(maxsize=8)
def context_of(plan: Plan) -> Context:
    """The words and names of a plan."""
    table = plan.indicators
    usual = dict(
        zip(table["id"], zip(table["measure"].str.split("|"), table["basis"], strict=True), strict=True)
    )
    return Context(plan, vocabulary(plan), vocabulary(plan, senses=True), name_book(plan.units), usual)


def read_period(texts: Iterable[str], year: str = "") -> tuple[str, bool] | None:
    """The first period named, see `periods_in`; None where there is none."""
    return next(periods_in(texts, year), None)


def periods_in(texts: Iterable[str], year: str = "") -> Iterator[tuple[str, bool]]:
    """The periods named, in their order: (cut-off code such as "2023-9M", whether it is a quarter alone).

    "Quý III năm 2023" is ("2023-9M", True): the cut-off at its end, told for the quarter. Codes come first, then
    quarters and months, and a bare year only where there are none; a quarter without a year takes the year named
    elsewhere, last of all `year`. A day ("ngày 12 tháng 10 năm 2023") names no period, but the year of one that has
    none.
    """
    lines = [compose(text) for text in texts if text]
    folded = [fold(line) for line in lines]
    days = [match.group(1) for line in folded if (match := _OF_DAY.search(line))]
    joined = [_OF_DAY.sub(" ", line) for line in folded]
    named = [match.group(1) for line in joined for match in _YEAR.finditer(line)]
    years = [*named, *days, *([year] if year else [])]
    codes = [parse_cutoff(match.group()) for line in lines for match in _CODE.finditer(line)]
    yield from ((str(one.end), one.alone) for one in codes)
    bare = not codes
    for line in joined:
        matches = [*_QUARTER.finditer(line), *_MONTHS.finditer(line)]
        for match in sorted(matches, key=lambda one: one.start()):
            of = match.group("year") or next(iter(years), None)
            if of and (found := _within_year(match, of)):
                bare = False
                yield found
    if bare:
        yield from ((f"{one}-FY", False) for one in named)


def _within_year(match: re.Match[str], year: str) -> tuple[str, bool] | None:
    """The period of a quarter or of months of a year; None for its last months ("6 tháng cuối năm")."""
    if match.re is _QUARTER:
        number = _ROMAN[match.group(1)]
        return f"{year}-{_AFTER_QUARTER[number]}", number > 1
    first = match.group().split()[0]
    number = {"sau": 6, "chin": 9, "thang": 1}.get(first) or int(first)
    if match.group("end") or not 1 <= number <= 12:
        return None
    return str(parse_cutoff(f"{year}-M{number:02d}")), False


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


@dataclass
class Draft:
    """What was understood of one file so far; what it becomes is a `Reading`.

    `lang`: the notation that settles doubtful numbers. `alone`: the period is a quarter told by itself. `status` and
    `illustrative` go with every figure that does not say otherwise. `documents`: by their line on the form.
    `at_the_end`: what is left to do when all sheets are read.
    """

    file: str
    lang: str = "vi"
    unit: str = ""
    period: str = ""
    alone: bool = False
    window: tuple[str, str] | None = None
    basis: str = ""
    status: str = "provisional"
    illustrative: bool = False
    own_form: bool = False
    rows: list[dict[str, object]] = field(default_factory=list)
    missing: list[dict[str, object]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    explanations: list[dict[str, str]] = field(default_factory=list)
    contacts: dict[str, str] = field(default_factory=dict)
    commune_quotas: list[dict[str, object]] = field(default_factory=list)
    documents: dict[str, dict[str, str]] = field(default_factory=dict)
    at_the_end: list[Callable[[], None]] = field(default_factory=list)

    def note(
        self, rule: str, what: Said, grid: Grid | None = None, place: Place | str = "", **kw: str
    ) -> None:
        """Add a finding of a rule at a place of a sheet."""
        where = place if isinstance(place, str) else address(place)
        self.findings.append(finding_of(rule, self.file, where, what, sheet=grid.name if grid else "", **kw))

    def merged(self, grid: Grid, place: Place) -> None:
        """Say of a figure merged over the places of several that nobody knows whose it is."""
        rows, columns = grid.merged[place]
        cells = f"{address(place)}:{address((rows[-1], columns[-1]))}"
        self.note("not-understood", Said("returns.merged_figure", cells=cells), grid, place)

    def without(self, words: str, grid: Grid, place: Place) -> None:
        """Say of a label that it leaves something out, where it does: what is counted may not be the whole."""
        if words:
            self.note(
                "note-in-cell", Said("returns.left_out", words=words[:60]), grid, place, severity="warning"
            )

    def source(self, grid: Grid, place: Place) -> str:
        """`file!sheet!cell`."""
        return f"{self.file}!{grid.name}!{address(place)}"

    def number(self, grid: Grid, place: Place, measure: str) -> Number | None:
        """The number in a cell, with everything worth saying about it said; None when it cannot be used.

        `measure`: that of its column; the value of one that is converted (nghìn người, tỷ đồng) is converted, a share
        that the workbook shows in per cent is given as it is shown.
        """
        if place in grid.refused:
            return None
        raw = grid.at(*place)
        if raw == "" and place in grid.structure.unstored:
            self.note("formula-no-value", Said("returns.formula_no_value"), grid, place)
            return None
        number = parse_number(raw, lang=self.lang, measure=measure)
        if number.refused and number.guess:
            self.note(number.refused, number.guess, grid, place)
            return None
        if number.state == UNREADABLE:
            words = "***" if CITIZEN_NUMBER.search(str(raw)) else masked(compose(str(raw)))
            self.note("not-understood", Said("returns.not_understood", shown=words), grid, place)
            return None
        if number.state == MISSING:
            return number
        if self.shown_otherwise(grid, place, measure):
            return None
        meant = CONVERSIONS.get(measure, (measure, 1.0))[0] if number.sized else measure
        if (number.percent and measure not in _IN_PERCENT) or not _agrees(number, meant):
            self._other_measure(grid, place, compose(str(raw))[:40], measure)
            return None
        if grid.structure.shown(place).percent and isinstance(raw, (int, float)):
            number = replace(number, value=round(number.value * 100, 10))
        if number.guess:
            self.note("number-doubtful" if number.doubtful else "number-guess", number.guess, grid, place)
        if number.note:
            self.note("note-in-cell", Said("returns.note_in_cell", words=number.note[:80]), grid, place)
        return number

    def shown_otherwise(self, grid: Grid, place: Place, measure: str) -> bool:
        """Whether the number format of a cell shows another figure than the cell holds; said where it does.

        A per-cent format or sign does so in every measure but those in per cent.
        """
        raw, shown = grid.at(*place), grid.structure.shown(place)
        if not isinstance(raw, (int, float)):
            return False
        if (shown.percent or shown.sign) and measure not in _IN_PERCENT:
            self._other_measure(grid, place, f"{raw * 100 if shown.percent else raw:g}%", measure)
            return True
        beside = sized(shown.words, measure)
        other = beside.factor != sized("", measure).factor or not _agrees(
            beside, CONVERSIONS.get(measure, (measure,))[0]
        )
        if not raw or not (shown.scaled or shown.hidden or other):
            return False
        what = Said("returns.number_format", value=raw, format=grid.structure.formats[place][:60])
        self.note("number-format", what, grid, place)
        return True

    def _other_measure(self, grid: Grid, place: Place, seen: str, measure: str) -> None:
        what = Said("returns.other_measure", shown=seen, measure=measure_words(measure))
        self.note("measure-mismatch", what, grid, place)

    def figure(self, grid: Grid, place: Place, meaning: Mapping[str, object]) -> float | None:
        """Read one cell as the figure `meaning` describes (columns of the observations); its value, or None.

        `meaning["measure"]` may be one that is converted (nghìn người, tỷ đồng). A missing figure goes to
        `missing` with the mark that stood there, never to the observations; in a measure that is not understood it is
        told.
        """
        stated = str(meaning.get("measure") or "")
        if stated.startswith(UNKNOWN):
            what = Said("returns.unknown_measure", shown=stated.removeprefix(UNKNOWN)[:40])
            self.note("measure-mismatch", what, grid, place)
            return None
        number = self.number(grid, place, stated)
        if number is None:
            return None
        source, measure = self.source(grid, place), CONVERSIONS.get(stated, (stated, 1.0))[0]
        if number.state == MISSING:
            self.missing.append({**meaning, "measure": measure, "source": source, "mark": number.note})
            return None
        if _names_another(number.words, meaning):
            what = Said("returns.other_thing", shown=compose(str(grid.at(*place)))[:40])
            self.note("measure-mismatch", what, grid, place)
            return None
        value = number.value
        given = {"value": value, "measure": measure, "source": source}
        row = {"status": self.status, "illustrative": self.illustrative, **meaning, **given}
        if number.estimate:
            row["status"] = "estimate"
        if number.note:
            row["note"] = number.note[:200]
        self.rows.append(row)
        return float(value)

    def text(self, grid: Grid, place: Place) -> str:
        """A person's words in a cell, without citizen numbers (they are refused, not kept)."""
        raw = grid.at(*place)
        words = compose_lines(raw) if isinstance(raw, str) else "" if raw is None else str(raw)
        if CITIZEN_NUMBER.search(words) and re.search(r"\d{12}", words):
            self.note("identity-number", Said("returns.citizen_number"), grid, place)
            words = re.sub(r"\d{12}", "***", words)
        return words


def _names_another(words: str, meaning: Mapping[str, object]) -> bool:
    """Whether the words after a number name another figure than the one asked: "23 nam" of women, "12 trong quý"."""
    known = _own_words()
    for name, value in known.hits(words) if words else ():
        asked = str(meaning.get(name) or "")
        if name == "role" and value in _OTHER_FIGURES and meaning.get("measure") not in RATES:
            return True
        told = name == "sex" or (name, asked) in known.phrases.values()  # a plan may have codes of its own
        if name in (*BREAKDOWNS, "basis") and asked != value and told:
            return True
    return False


def _agrees(beside: Number | Sized, measure: str) -> bool:
    """Whether the words beside a number fit the measure of its column; "lượt" is no number of people."""
    money = measure == DONG or measure.startswith(MILLION_DONG)
    if not measure or not beside.thing:
        return not (beside.unit and money)
    for same in (ENROLMENTS, RATES):
        if beside.thing in same:
            return measure in same
    return money if beside.thing == DONG else beside.thing == measure
