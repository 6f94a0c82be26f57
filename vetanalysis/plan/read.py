"""The plan as data: what was promised, by whom, until when, and how each number is to be read.

`load_plan` reads a folder with `plan.yaml`, `units.csv`, `quotas.csv` and `indicators.csv`, checks all of
it and returns one frozen `Plan`, or raises `PlanInvalid` with everything that is wrong. Another year,
province or country is another folder; no code knows one place.
"""

from __future__ import annotations

import contextlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import ConfigDict, Field, PrivateAttr, ValidationError

from vetanalysis.blocks import Said, Text
from vetanalysis.checks import nearest, shown
from vetanalysis.errors import Finding, PlanInvalid, WrongCall
from vetanalysis.language.lines import PlanWords
from vetanalysis.language.numbers import CALENDAR_YEAR, in_years_from
from vetanalysis.paths import plans_root
from vetanalysis.periods import Calendar, Cutoff, cutoffs, parse_cutoff
from vetanalysis.plan.checks import WHOLE, check_plan
from vetanalysis.plan.files import PLAN_FILE, PlanFiles, read_plan_files
from vetanalysis.plan.findings import record_findings
from vetanalysis.plan.followed import read_followed, with_quotas_before
from vetanalysis.plan.layout import defaults_of_country, words_of_layout
from vetanalysis.plan.milestones import with_milestones, with_spans, with_stocks
from vetanalysis.plan.model import (
    VIET_NAM,
    Ambiguity,
    Body,
    Citation,
    Correction,
    FundingSource,
    Group,
    Level,
    Place,
    Record,
    Reporting,
    Signatory,
    Target,
    Task,
    TwoLanguages,
    Unit,
    UnitKind,
    short_name,
)
from vetanalysis.plan.shapes import Shapes


class Plan(Record):
    """A checked plan.

    `years`: first and last plan year. `follows`: the plan of the years before. `units`, `quotas`, `indicators` are
    frames of strings (`value` of quotas and `row` of indicators are numbers, `narrative_only` is boolean); an empty
    string means open or not stated. `title_in`: the title inside a sentence, with its article and case. `layout`:
    `decree-30`, the letter of a Vietnamese office, or `plain`, in which nothing is Viet Nam's. `year_name`: what a year
    of two calendar years is called. `units.aliases` holds further spellings separated by "|". `crosswalk`: which unit
    went over into which on what day (see `vetanalysis.observations.crosswalk`), empty for most plans. `words`: what the
    plan words otherwise than the package (`words.yaml`), by key of the line. `tiles` and `shapes`: where units lie, as
    rows and columns of `tiles.csv` and as polygons of `units.geojson`. The frames are shared: whoever changes one works
    on a copy.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    folder: Path
    title: TwoLanguages
    title_in: TwoLanguages | None = None
    layout: Literal["decree-30", "plain"] = "plain"
    year_name: Literal["calendar", "school", "financial"] = "calendar"
    number: str = ""
    date: str = ""
    place: Place
    years: tuple[int, int]
    follows: str = ""
    calendar: Calendar = Field(default_factory=Calendar)
    citations: tuple[Citation, ...] = ()
    issuing_text: TwoLanguages | None = None
    purposes: tuple[TwoLanguages, ...] = ()
    requirements: tuple[TwoLanguages, ...] = ()
    targets: tuple[Target, ...]
    ambiguities: tuple[Ambiguity, ...] = ()
    tasks: tuple[Task, ...] = ()
    funding_text: TwoLanguages | None = None
    funding_sources: tuple[FundingSource, ...] = ()
    bodies: tuple[Body, ...] = ()
    reporting: Reporting | None = None
    levels: tuple[Level, ...] = ()
    unit_kinds: tuple[UnitKind, ...] = ()
    groups: tuple[Group, ...] = ()
    recipients: tuple[TwoLanguages, ...] = ()
    plan_signatory: Signatory | None = None
    report_signatory: tuple[Signatory, ...] = ()
    corrections: tuple[Correction, ...] = ()
    notes: tuple[TwoLanguages, ...] = ()
    tells_equal_targets: bool = True
    words: PlanWords = Field(default_factory=PlanWords)
    units: pd.DataFrame
    quotas: pd.DataFrame
    indicators: pd.DataFrame
    crosswalk: pd.DataFrame
    tiles: pd.DataFrame
    shapes: Shapes | None = None

    _warnings: tuple[Finding, ...] = PrivateAttr(default=())
    _before: Plan | None = PrivateAttr(default=None)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is doubtful in its folder but stops nothing: a person should look."""
        return self._warnings

    @property
    def before(self) -> tuple[Plan, ...]:
        """The plans of the years before, the latest first: the one it follows, the one that one follows ..."""
        return () if self._before is None else (self._before, *self._before.before)

    def name_before(self, year: int) -> str:
        """The name of the plan of a year before its own that it follows; "" without one."""
        return next((one.name for one in self.before if one.years[0] <= year <= one.years[1]), "")

    @property
    def asked_for(self) -> str:
        """What a command calls it: its name where it lies under `data/plans`, else its folder."""
        return self.name if self.folder.parent == plans_root().resolve() else str(self.folder)

    @property
    def in_viet_nam(self) -> bool:
        """Whether the plan says that its place lies where published figures and past statements are from."""
        return self.place.country == VIET_NAM

    @property
    def is_decree_30(self) -> bool:
        """Whether its reports are letters of a Vietnamese office."""
        return self.layout == "decree-30"

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Plan({self.name!r}, {self.years[0]}-{self.years[1]}, {len(self.targets)} targets)"

    __str__ = __repr__

    def target(self, target_id: str) -> Target:
        """The target with this id; WrongCall names the ids there are."""
        for target in self.targets:
            if target.id == target_id:
                return target
        raise _unknown("target", target_id, [target.id for target in self.targets])

    @property
    def counts(self) -> tuple[str, ...]:
        """Indicators of `over_time`, each once."""
        return tuple(dict.fromkeys(one.indicator for one in self.over_time))

    @property
    def over_time(self) -> tuple[Target, ...]:
        """The targets on what is counted over a period, not on who is there on a day; ceilings last, else in order.

        Where there are things or money among them people come first: the quotas that name nothing are theirs.
        """
        every = sorted(self.targets, key=lambda one: (one.measure != "persons", one.operator == "<="))
        return tuple(one for one in every if not one.is_rate and not one.is_stock)

    @property
    def counted_in(self) -> str:
        """The measure of what the plan counts first, that of its quotas: people, where it counts any."""
        return next((one.measure for one in self.over_time), "persons")

    @property
    def head_counts(self) -> tuple[Target, ...]:
        """Targets that more people bring nearer: floors on people counted over time, those on who enrols first."""
        floors = [one for one in self.over_time if one.operator == ">=" and one.measure == "persons"]
        return tuple(sorted(floors, key=lambda one: one.counts != "enrolled"))

    def level_of(self, target: Target) -> str | None:
        """The one level whose people a target counts: "" where all that count do; None of several of them added."""
        if not target.levels or {one.id for one in self.levels if one.counted}.issubset(target.levels):
            return ""
        return target.levels[0] if len(target.levels) == 1 else None

    def levels_of(self, target: Target | None) -> tuple[str, ...]:
        """The levels whose people a target counts: those it names, else all that count."""
        named = () if target is None else target.levels
        return tuple(named) or tuple(level.id for level in self.levels if level.counted)

    def quotas_of(self, indicator: str) -> pd.DataFrame:
        """The quotas given for a count, with the columns of `quotas`.

        A quota that names no indicator belongs to the first target on people that names its level, else to the first
        of all; to one on who is there on a day only where there are no others.
        """
        people = self.over_time or tuple(one for one in self.targets if one.is_stock)
        if not (len(self.quotas) and people):
            return self.quotas
        first = {level: one.indicator for one in reversed(people) for level in one.levels}
        named = self.quotas["indicator"]
        meant = self.quotas["level"].map(lambda level: first.get(level, people[0].indicator))
        return self.quotas[named.where(named != "", meant) == indicator]

    def body(self, code: str) -> Body:
        """The body with this code; WrongCall names the codes there are."""
        for body in self.bodies:
            if body.code == code:
                return body
        raise _unknown("body", code, [body.code for body in self.bodies])

    def unit(self, code: str, on: Any = None) -> Unit:
        """The unit with this code; where a code has several rows (renamed, reused), the one in force on a day.

        Without a day, or where none holds on it, the one in force last. WrongCall if unknown.
        """
        known = _units_by_code(self).get(str(code))
        if known is None:
            raise _unknown("unit", str(code), self.units["code"].tolist())
        text = str(on)[:10]
        there = [
            one for one in known if one.valid_from <= text and (not one.valid_to or one.valid_to >= text)
        ]
        return (there if there and on is not None else known)[-1]

    def kind_name(self, kind: str, *, several: bool = False) -> Said | Text:
        """A kind of units in words, as the plan calls its kinds; `several`: of more than one."""
        own = next((one.name for one in self.unit_kinds if one.id == kind), None)
        if own is not None:
            return Said("names.unit_kinds.by_name", name=own) if several else own
        return Said(f"names.unit_kind{'s' if several else ''}.{kind}")

    def names(self) -> dict[str, Text]:
        """The full name of every unit by code; where a code has several rows, that of the last one."""
        return {row["code"]: _unit(row).label for row in self.units.to_dict("records")}

    def short_names(self, on: Any = None) -> dict[str, Text]:
        """The short name of every unit by code; with a day of those that exist on it.

        Where a code has several rows, that of the last one.
        """
        frame = self.units if on is None else self.units_on(on)
        names = (frame[column].tolist() for column in ("code", "short_name", "name", "name_en"))
        return {code: short_name(*given) for code, *given in zip(*names, strict=True)}

    def units_on(self, day: Any, kind: str | None = None) -> pd.DataFrame:
        """The units that exist on a day (ISO text or date, both ends inclusive), of one kind or all."""
        text = str(day)[:10]
        frame = self.units
        holds = (frame["valid_from"] <= text) & ((frame["valid_to"] == "") | (frame["valid_to"] >= text))
        if kind is not None:
            holds &= frame["kind"] == kind
        return frame[holds].reset_index(drop=True)

    def signatory_on(self, day: Any) -> Signatory | None:
        """Who signs reports on that day, or None when the plan names nobody for it."""
        text = str(day)[:10]
        for signatory in self.report_signatory:
            if signatory.valid_from <= text and (not signatory.valid_to or text <= signatory.valid_to):
                return signatory
        return None

    def check_cutoff(self, as_of: str | Cutoff) -> Cutoff:
        """`as_of` as a cut-off of the plan's years and calendar; WrongCall for anything else, also a quarter alone."""
        cutoff = parse_cutoff(as_of)
        first, last = self.years
        if cutoff.alone:
            known = tuple(str(one) for one in cutoffs(cutoff.year, self.calendar, start=True))
            raise WrongCall(Said("plan.quarter_alone", given=str(as_of), known=known))
        if not self.calendar.has(cutoff):
            known = tuple(str(one) for one in cutoffs(cutoff.year, self.calendar, start=True))
            raise WrongCall(Said("plan.month_of_quarters", given=str(as_of), known=known))
        if not first <= cutoff.year <= last:
            ends = tuple(dict.fromkeys((first, last)))
            known = tuple(str(one) for one in cutoffs(last, self.calendar, start=True))
            told = {"given": str(as_of), "plan": self.name, "before": self.name_before(cutoff.year)}
            raise WrongCall(Said("plan.outside_years", **told, years=ends, known=known))
        return cutoff

    def reading_of(self, target_id: str) -> tuple[Ambiguity, ...]:
        """The open questions of the plan text that bear on a target, each with the reading taken."""
        return tuple(one for one in self.ambiguities if target_id in one.targets)


@lru_cache(maxsize=8)
def _units_by_code(plan: Plan) -> dict[str, list[Unit]]:
    """The rows of every code, the one in force last at the end."""
    found: dict[str, list[Unit]] = {}
    for row in plan.units.sort_values("valid_from", kind="stable").to_dict("records"):
        found.setdefault(row["code"], []).append(_unit(row))
    return found


def _unit(row: dict[str, Any]) -> Unit:
    fields = {name: row[name] for name in Unit.__dataclass_fields__ if name != "aliases"}
    return Unit(**fields, aliases=tuple(part for part in row["aliases"].split("|") if part))


def plan_names() -> list[str]:
    """Names of the plans under the data folder, sorted."""
    root = plans_root()
    return sorted(path.parent.name for path in root.glob(f"*/{PLAN_FILE}")) if root.is_dir() else []


def load_plan(name_or_folder: str | Path) -> Plan:
    """Read and check a plan: a folder, or the name of one under `data/plans`.

    Raises WrongCall for a name or folder that does not exist (with the names there are and the nearest
    one) and PlanInvalid with every finding when what is written there cannot be used.

    >>> plan = load_plan("lang-son-2023")
    >>> [target.id for target in plan.targets], plan.years
    (['trained_rate', 'certified_rate', 'people_enrolled'], (2023, 2023))
    """
    files = read_plan_files(_find(name_or_folder), _find)
    findings = [*files.findings]
    plan: Plan | None = None
    if files.raw:
        files.raw = defaults_of_country(files.raw)
        wrong: list[Finding] = []
        try:
            plan = Plan.model_validate(_fields(files), context=files.words.languages)
        except ValidationError as error:
            wrong = record_findings(error, files, Plan)
        cross = check_plan(files, sound=plan is not None)
        told = {one.place for one in cross}
        before, followed = read_followed(files, _find, load_plan)
        findings += [*(one for one in wrong if one.place not in told), *cross, *followed]
        if plan is not None and before is not None:
            plan = with_quotas_before(plan, before)
            plan._before = before
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors or plan is None:
        heading = Said("plan.problems", plan=files.folder.name, count=len(errors))
        raise PlanInvalid(_in_order(findings), heading)
    plan._warnings = tuple(_in_order(findings))
    return plan


def check_plan_given(plan: Any) -> None:
    """WrongCall for anything but a loaded plan."""
    if not isinstance(plan, Plan):
        raise WrongCall(Said("calls.plan", given=shown(plan)))


def _fields(files: PlanFiles) -> dict[str, Any]:
    raw = {key: value for key, value in files.raw.items() if key != "extends"}
    quotas = files.quotas[files.quotas["value"] != ""].reset_index(drop=True)
    indicators = files.indicators.copy()
    quotas["value"] = pd.to_numeric(quotas["value"], errors="coerce")
    rows = indicators["row"].where(indicators["row"].str.fullmatch(WHOLE), "")
    indicators["row"] = pd.to_numeric(rows, errors="coerce").astype("Int64")
    indicators["narrative_only"] = indicators["narrative_only"] == "true"
    crosswalk = files.crosswalk.copy()
    crosswalk["share"] = pd.to_numeric(crosswalk["share"], errors="coerce")
    tiles = files.tiles.assign(**{name: _whole(files.tiles[name]) for name in ("row", "column")})
    frames = {
        "units": files.units, "quotas": quotas, "indicators": indicators, "crosswalk": crosswalk, "tiles": tiles,
        "shapes": files.shapes,
    }  # fmt: skip
    calendar = raw.get("calendar")
    starts = calendar.get("year_starts") if isinstance(calendar, dict) else None
    with in_years_from(str(starts or CALENDAR_YEAR)):
        raw["targets"] = with_milestones(with_spans(with_stocks(raw.get("targets"), indicators)))
    words = words_of_layout(raw, files.words)
    return {**raw, "name": files.folder.name, "folder": files.folder, "words": words, **frames}


def _whole(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce").astype("Int64")


def _find(name_or_folder: str | Path) -> Path:
    """The folder of a plan given as a path or a name."""
    if not isinstance(name_or_folder, str | Path):
        raise WrongCall(Said("plan.not_named", given=repr(name_or_folder)))
    given = Path(name_or_folder)
    with contextlib.suppress(OSError, ValueError):  # a name that no file can have
        for folder in (given, plans_root() / str(name_or_folder)):
            if (folder / PLAN_FILE).is_file():
                return folder.resolve()
        if given.is_dir():
            raise WrongCall(Said("plan.not_a_plan", folder=str(given), file=PLAN_FILE))
    raise _unknown("plan", str(name_or_folder)[:200], plan_names())


def _unknown(kind: str, given: str, known: list[str]) -> WrongCall:
    return unknown_name(Said(f"plan.kind.{kind}"), given, known)


def unknown_name(kind: Said, given: str, known: list[str], near: str | None = None) -> WrongCall:
    """The refusal of a name that is not there: the nearest known one (or the one given), and the first thirty."""
    facts: dict[str, Any] = {"near": near or nearest(given, known, 0.5), "known": tuple(known[:30])}
    return WrongCall(Said("plan.none_of", kind=kind, given=given, more=len(known) > 30, **facts))


def _in_order(findings: list[Finding]) -> list[Finding]:
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda one: (one.severity != "error", one.file, one.place))
