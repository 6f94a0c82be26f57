"""What a plan is made of: frozen records, one per thing its text speaks of, and what a target is called.

Every text exists in Vietnamese and English, and may in the languages that a plan brings (words.de.yaml).
The records only hold what was read; `vetanalysis.plan` reads and checks a folder, `vetanalysis.plan.checks`
knows what must agree with what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isnan
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from vetanalysis.blocks import Said, Text

Certainty = Literal["high", "medium", "low", "unverified"]
Often = Literal["M", "Q", "H", "Y"]
ADMINISTRATIVE = "administrative"


def _text(value: Any, info: ValidationInfo) -> Any:
    """Accept {vi, en} with the plan's own languages; anything else is refused with the reason."""
    if isinstance(value, Text):
        return value
    more = set(value) - {"vi", "en"} if isinstance(value, dict) else set()
    languages = tuple(info.context or ("vi", "en"))
    if unknown := sorted(map(str, more - set(languages))):
        known = {"key": unknown[0], "known": languages}
        raise PydanticCustomError("language_key", "unknown language {key}", known)
    if not isinstance(value, dict) or not {"vi", "en"} <= set(value):
        raise PydanticCustomError("two_languages", "needs exactly the keys vi and en")
    if not all(isinstance(part, str) and part.strip() for part in value.values()):
        raise PydanticCustomError("two_languages", "vi and en must both hold a text")
    said = {lang: " ".join(part.split()) for lang, part in value.items()}
    return Text(said["vi"], said["en"], tuple((lang, said[lang]) for lang in sorted(more)))


def _reference(value: Any, info: ValidationInfo) -> Any:
    """A place in a text reads alike in every language ("II.1"), or is {vi, en}."""
    return Text(value, value) if isinstance(value, str) else _text(value, info)


TwoLanguages = Annotated[Text, BeforeValidator(_text)]
Reference = Annotated[Text, BeforeValidator(_reference)]


class Record(BaseModel):
    """Base of all records: frozen, no keys but the known ones."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


VIET_NAM = "VN"


class Place(Record):
    """The area the plan is for: its unit code and name.

    `name_in`: the name inside a sentence, where its article or case differs ("the Netherlands", "dem Saarland").
    `country`: ISO 3166 code of the country it lies in. `currency`: what its money is counted in, empty for dong.
    """

    code: str
    name: TwoLanguages
    name_in: TwoLanguages | None = None
    country: str = ""
    currency: TwoLanguages | None = None


class Related(Record):
    """A neighbouring series. As `related` it is shown beside a target, never in its place; as
    `evidence_from` its scope is not stated, so that it may serve as weak evidence only.
    """

    indicator: str
    base: str = ""
    concept: str = ""
    unit: str = ""
    note: TwoLanguages


class Milestone(Record):
    """What a target over several years must have reached earlier: a cut-off and a value in the target's measure."""

    period: str
    value: float


_SECTION = re.compile(r"[IVX]+(\.\d+)*")


class Target(Record):
    """One number the plan promises.

    `value` in `measure`, that of its indicator (percent: 62 means 62 %; persons, classes, million_dong). `period` is
    the cut-off it is due at, `since` the first year of a total over several years (the plan's text:
    `period: [2025-FY, 2027-FY]`), else empty. `base` is the denominator of a rate, `concept` the definition in force.
    `counts` says what a head count counts; "present", who or what is there on a day and never added up, is filled in
    where the indicator's basis is `stock`.
    `reading` names the reading taken where the text is ambiguous, `alternatives` those not taken,
    `judged_on` which figure decides. `part_of`: the target whose value this one can never exceed.
    `certainty` is that of the target itself: whether the source that states it was read.
    `milestones`: earlier values; a plan that is read holds a target of its own for each (`milestone_of` names
    the target it belongs to).
    """

    id: str
    label: TwoLanguages
    indicator: str
    operator: Literal[">=", "<="]
    value: float
    measure: str
    period: str
    since: str = ""
    base: str = ""
    concept: str = ""
    levels: tuple[str, ...] = ()
    counts: Literal["enrolled", "graduated", "present", ""] = ""
    part_of: str = ""
    legal_text: TwoLanguages
    legal_ref: Reference
    certainty: Certainty
    certainty_note: TwoLanguages | None = None
    reading: TwoLanguages
    alternatives: tuple[TwoLanguages, ...] = ()
    judged_on: TwoLanguages
    related: tuple[Related, ...] = ()
    evidence_from: tuple[Related, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    milestone_of: str = ""

    @property
    def is_rate(self) -> bool:
        """Whether it is a share; else people are counted, things or money."""
        return self.measure == "percent"

    @property
    def of_whole_year(self) -> bool:
        """Whether it is due at the end of a year, not at a cut-off within it, and no total over several years."""
        return self.period.endswith("-FY") and not self.since

    @property
    def is_stock(self) -> bool:
        """Whether it counts those who are there on a day, not those of a period."""
        return self.counts == "present"

    @property
    def first_year(self) -> int:
        """The first year that it counts."""
        return int((self.since or self.period)[:4])

    @property
    def takes_unstated(self) -> bool:
        """Whether a figure that the plan's own returns give without base and concept is on this target's definition."""
        return self.concept == ADMINISTRATIVE or not (self.base or self.concept)

    @property
    def has_value(self) -> bool:
        """Whether there is a value to reach; a unit without a quota has none (`value` is NaN)."""
        return not isnan(self.value)

    @property
    def stated_in(self) -> Text | str:
        """Where the target is stated, without its closing mark; nothing where nobody said."""
        vi, en = (words.strip(" .…") for words in (self.legal_ref.vi, self.legal_ref.en))
        return Text(vi, en, self.legal_ref.more) if vi else ""

    @property
    def in_the_plan(self) -> bool:
        """Whether the target is stated in a section of the plan itself ("II.1"), and not in another text."""
        return _SECTION.fullmatch(self.legal_ref.vi.strip(" .…")) is not None


class Ambiguity(Record):
    """A question the plan text leaves open: the reading taken, why, and what else it could mean."""

    id: str
    targets: tuple[str, ...] = ()
    question: TwoLanguages
    reading: TwoLanguages
    reason: TwoLanguages
    alternatives: tuple[TwoLanguages, ...] = ()


class Citation(Record):
    """A legal text the plan rests on or names."""

    id: str
    text: TwoLanguages
    number: str
    date: str = ""


class Task(Record):
    """A task of the plan in full, with the rows of the indicator table that track it."""

    id: str
    number: int
    label: TwoLanguages
    text: TwoLanguages
    rows: tuple[int, ...] = ()


class FundingSource(Record):
    """One source of money the plan names; `id` is the code in the column `fund_source`."""

    id: str
    text: TwoLanguages


class Sending(Record):
    """What a body sends to whom and how often. `periods`: M month, Q quarter, H six months, Y year.

    `proposed` is true where the plan text does not say it and this file proposes it.
    """

    what: TwoLanguages
    rows: tuple[int, ...] = ()
    periods: tuple[Often, ...]
    to: str
    proposed: bool


class Named(Record):
    """A name of a body with the days between which it holds (ISO days, empty = open)."""

    code: str
    name: TwoLanguages
    valid_from: str = ""
    valid_to: str = ""
    certainty: Certainty = "high"
    note: TwoLanguages | None = None


class Body(Record):
    """One of the kinds of bodies the plan gives duties to.

    `code` is the unit code of a single body, or the code of the kind; `unit_kind` then says which units
    are meant (`district`, `institution`). `successors`: who took the duties over, by date.
    """

    code: str
    number: int
    name: TwoLanguages
    unit_kind: str = ""
    duties: tuple[TwoLanguages, ...] = Field(min_length=1)
    sends: tuple[Sending, ...] = ()
    successors: tuple[Named, ...] = ()

    def holder(self, day: Any) -> Named:
        """Who has the duties on a day (ISO text or date): the successor that took over last by then, else the body."""
        text = str(day)[:10]
        held = [
            one for one in self.successors
            if one.valid_from <= text and (not one.valid_to or text <= one.valid_to)
        ]  # fmt: skip
        return max(held, key=lambda one: one.valid_from) if held else Named(code=self.code, name=self.name)


class Level(Record):
    """A training level and whether the plan's head count includes it; dated, as the law changes the list."""

    id: str
    name: TwoLanguages
    counted: bool
    valid_from: str = ""
    valid_to: str = ""
    note: TwoLanguages | None = None


class UnitKind(Record):
    """A kind of unit besides those every plan knows, such as a school cluster."""

    id: str
    name: TwoLanguages


class Group(Record):
    """A group of learners reported apart. Groups overlap: they are never added up."""

    id: str
    name: TwoLanguages


class Reporting(Record):
    """The reporting the plan text itself asks for."""

    text: TwoLanguages
    periods: tuple[Often, ...]
    to: str
    then_to: str = ""


class Signatory(Record):
    """Who signs, and the head block that goes with it; `name` empty = filled in by the office.

    `authority` are the lines above the name ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH");
    `symbol` is the part of the document number after the slash; the days are those between which it holds.
    """

    parent: TwoLanguages | None = None
    organisation: TwoLanguages
    authority: tuple[TwoLanguages, ...]
    name: str = ""
    place: TwoLanguages | None = None
    symbol: str = ""
    archive: str = ""
    valid_from: str = ""
    valid_to: str = ""
    note: TwoLanguages | None = None


class Correction(Record):
    """A slip of the scanned plan text and what stands here instead."""

    scanned: str
    corrected: str
    where: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: the province, a district, a commune, an institution, a body. Days are ISO or empty."""

    code: str
    name: str
    short_name: str
    name_en: str
    kind: str
    parent: str
    valid_from: str
    valid_to: str
    aliases: tuple[str, ...]

    @property
    def label(self) -> Text:
        """Its name; in English `name_en` where there is one, in a plan's own language as the country writes it."""
        return Text(self.name, self.name_en or self.name, (("", self.name),))

    @property
    def short(self) -> Text:
        """Its short name: the full one where it has none, in English `name_en` where there is one."""
        return short_name(self.short_name, self.name, self.name_en)


def short_name(short: str, name: str, english: str) -> Text:
    """The short name of a unit from those it has."""
    short = short or name
    return Text(short, english or short, (("", short),))


def due(target: Target) -> Said:
    """By when: "đến hết năm 2023" for a level, "trong năm 2023" for people counted over the year."""
    if target.since:
        whole = target.period.endswith("-FY")
        return Said(
            f"targets.due.{'over' if whole else 'over_until'}", since=target.since, period=target.period
        )
    over = not target.is_rate and not target.is_stock
    return Said(f"targets.due.{'within' if over else 'by_end'}", period=target.period)


def goal(target: Target) -> Said:
    """The value asked for with its side: "đạt 62%", "không quá 3%"; "at least 62%", "at most 3%"."""
    side = "at_least" if target.operator == ">=" else "at_most"
    return Said(f"targets.goal.{side}", value=target.value, measure=target.measure)


def bare_goal(target: Target) -> Said:
    """The value asked for alone: "62%", "13.500 người"."""
    return Said("targets.goal.bare", value=target.value, measure=target.measure)


def aim(target: Target) -> Said:
    """Value and date: "62% đến hết năm 2023"."""
    if not target.has_value:
        return Said("targets.aim.no_value", label=target.label, due=due(target))
    return Said("targets.aim", goal=bare_goal(target), due=due(target))


def wanted(target: Target) -> Said:
    """Name, value and date: "tỷ lệ lao động qua đào tạo đạt 62% đến hết năm 2023", "at least 13,500 people trained"."""
    if not target.has_value:
        return Said("targets.wanted.no_value", label=target.label, due=due(target))
    facts: dict[str, Any] = {"label": target.label, "goal": goal(target), "due": due(target)}
    if counts_people(target):
        return Said("targets.wanted.people", **facts, value=target.value, least=target.operator == ">=")
    return Said("targets.wanted", **facts)


def counts_people(target: Target) -> bool:
    """Whether the English name already says people, so that they are not said twice ("13,500 people trained")."""
    return target.measure == "persons" and target.label.en.strip().lower().startswith("people ")
