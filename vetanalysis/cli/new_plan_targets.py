"""The targets and levels of a new plan as someone states them in a few words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from vetanalysis.blocks import LANGUAGES, Said, Text, same
from vetanalysis.errors import WrongCall
from vetanalysis.observations.notation import numbers_in
from vetanalysis.periods import parse_cutoff
from vetanalysis.returns.names import fold

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LEVELS = ("elementary", "intermediate", "college", "short_course")  # those that have a name already
#: Of any plan, not of training alone.
_LABOUR_MARKET = ("unemployment_rate", "labour_force", "employed_workers", "jobs_created")
ID = re.compile(r"[a-z][a-z0-9_]*")
_TARGET = re.compile(
    r"\A(?P<indicator>[a-z][a-z0-9_]*)\s*(?:\[(?P<levels>[^\[\]]+)\])?\s*"
    r"(?:=\s*(?P<words>[^<>=≥≤\s][^<>=≥≤]*))?(?P<operator>>=|<=|≥|≤)\s*"
    r"(?P<value>\d(?:[\d., \u00a0\u202f]*\d)?)\s*(?P<percent>%?)\s*(?:[^\W\d_]+\s*)?"
    r"(?:@\s*(?:(?P<since>[\w-]+)\s*\.\.\s*)?(?P<period>[\w-]+))?\s*(?::\s*(?P<base>[\w-]*))?\s*(?::\s*(?P<concept>[\w-]*))?"
)


class Known(NamedTuple):
    """What is known of an indicator that a new plan starts with."""

    label: Text
    by_level: bool
    stock: bool = False


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A training level; `counted`: inside the plan's head count."""

    id: str
    name: Text
    counted: bool


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target as stated on one line, with the texts a plan needs about it."""

    id: str
    indicator: str
    operator: str
    value: str
    measure: str
    period: str
    base: str
    concept: str
    name: Text  # of its indicator
    label: Text | Said
    levels: tuple[str, ...]
    by_level: bool = False  # a head count that the package tells by level
    since: str = ""  # the first period of a total over several years
    unnamed: bool = False  # its label is the indicator's id, until somebody writes a better one
    own: bool = False  # on an indicator that the package does not know
    stock: bool = False  # counts who is there on a day

    @property
    def counts(self) -> str:
        """What a head count counts, where the indicator says it."""
        return {"people_enrolled": "enrolled", "people_graduated": "graduated"}.get(self.indicator, "")

    @property
    def sentence(self) -> Said:
        """The target in words, until the wording of the document stands there."""
        least, percent = self.operator == ">=", self.measure == "percent"
        return Said("new_plan.target", label=self.label, least=least, value=self.value, percent=percent)

    @property
    def reading(self) -> Said:
        """How the target is read: taken literally."""
        kind = "rate" if self.measure == "percent" else "stock" if self.stock else "count"
        return Said(f"new_plan.reading.{kind}")

    @property
    def judged_on(self) -> Said:
        """The figure that decides."""
        if self.period.endswith("-FY"):
            return Said("new_plan.judged_on")
        return Said("new_plan.judged_on.until", period=self.period)


def parse_target(given: str, last_year: int, known: Mapping[str, Known]) -> NewTarget:
    """`"dropout_rate<=4%@2027-FY:base:concept"` as a target; what follows the number may be left out.

    An indicator the package does not know is named as in `"apprentice_share=Tỷ lệ học nghề|Apprentices>=40%"`; a
    target of one level names it behind the indicator: `"people_enrolled[college]>=900"`. Numbers as people write them:
    13500, 13,500 or 13.500 people, 62 % or 62,5%. The period is the end of `last_year` unless given; a year alone is
    its end; people of several years together are due in the first and the last: `"people_enrolled>=40000@2025..2027"`.
    `known`: the indicators that the package knows, by id.
    """
    match = _TARGET.fullmatch(given.strip())
    measure = "percent" if match and match["percent"] else "persons"
    found = numbers_in(match["value"], measure) if match else ()
    if match is None or not found:
        raise WrongCall(Said("new_plan.bad_target", given=given))
    since, period = (
        one and str(parse_cutoff(f"{one}-FY" if re.fullmatch(r"\d{4}", one) else one))
        for one in (match["since"] or "", match["period"] or str(last_year))
    )
    name = match["indicator"]
    vi, _, en = (part.strip() for part in (match["words"] or "").partition("|"))
    one = known.get(name, Known(same(name.replace("_", " ")), by_level=False))
    added = measure == "persons" and not one.stock
    if since and not (added and since.endswith("-FY") and since[:4] < period[:4]):
        raise WrongCall(Said("new_plan.bad_span", given=given))
    label = Text(vi, en or vi) if vi else one.label
    levels = [part.strip() for part in re.split(r"[|,]", match["levels"] or "") if part.strip()]
    return NewTarget(
        id="_".join((name, *levels)),
        indicator=name,
        operator=match["operator"].replace("≥", ">=").replace("≤", "<="),
        value=f"{max(found):g}" if max(found) < 1e5 else f"{max(found):.0f}",
        measure=measure,
        period=period,
        base=match["base"] or "",
        concept=match["concept"] or "",
        name=label,
        label=label,
        levels=tuple(levels),
        by_level=one.by_level,
        since=since,
        unnamed=not vi and name not in known,
        own=name not in known,
        stock=one.stock and measure == "persons",
    )


def with_levels(targets: Sequence[NewTarget], levels: Sequence[NewLevel]) -> list[NewTarget]:
    """The targets with the levels they count: those they name, else of a head count told by level those that count.

    A count of your own is one of all people together unless it names levels; its name is given once. WrongCall for a
    level the plan lacks.
    """
    names, found = {level.id: level.name for level in levels}, []
    named = {one.indicator: one.name for one in targets if not one.unnamed}
    for given in targets:
        name = named.get(given.indicator) if given.unnamed else None
        target = replace(given, name=name, label=name, unnamed=False) if name else given
        unknown = [one for one in target.levels if one not in names]
        if unknown:
            raise WrongCall(Said("new_plan.no_such_level", given=unknown[0], known=tuple(names)))
        if target.levels:
            vi, en = (", ".join(names[one].get(lang) for one in target.levels) for lang in LANGUAGES)
            label = Said("new_plan.target.named", label=target.label, when=Text(vi, en))
            found.append(replace(target, label=label))
        elif target.by_level and target.measure == "persons":
            found.append(replace(target, levels=tuple(level.id for level in levels if level.counted)))
        else:
            found.append(target)
    return found


def own_counts(targets: Sequence[NewTarget]) -> tuple[str, ...]:
    """The indicators of a plan's own that count people and may count who is there on a day."""
    found = [one.indicator for one in targets if one.own and one.measure == "persons" and not one.since]
    return tuple(dict.fromkeys(found))


def with_stocks(targets: Sequence[NewTarget], stocks: Sequence[str]) -> list[NewTarget]:
    """The targets, those on `stocks` as counts of who is there on a day; WrongCall for one that cannot be one."""
    known = own_counts(targets)
    if wrong := [one for one in stocks if one not in known]:
        raise WrongCall(Said("new_plan.no_such_stock", given=wrong[0], known=known))
    return [replace(one, stock=one.stock or one.indicator in stocks) for one in targets]


def parse_level(given: str) -> NewLevel:
    """`elementary`, `bridge=Cầu nối|Bridging course` or, outside the head count, `-short_course`.

    A name alone is the level of that name: "Bridging course" gets the id `bridging_course`.
    """
    counted = not given.startswith("-")
    name, stated, words = (part.strip() for part in given.removeprefix("-").partition("="))
    vi, _, en = (part.strip() for part in words.partition("|"))
    if not stated and not ID.fullmatch(name):
        vi, name = name, re.sub("[^a-z0-9]+", "_", fold(name))
        ours = {fold(label): level for level in LEVELS for label in (_ours(level).vi, _ours(level).en)}
        name = ours.get(fold(vi), name)
    if not ID.fullmatch(name):
        raise WrongCall(Said("new_plan.bad_level", given=given))
    known = _ours(name) if name in LEVELS else same(vi or name)
    return NewLevel(name, Text(vi or known.vi, en or (vi if stated else known.en) or known.en), counted)


def _ours(level: str) -> Said:
    return Said(f"new_plan.level.{level}")


def with_own_ids(targets: Sequence[NewTarget], *, two_years: bool = False) -> list[NewTarget]:
    """Targets on the same indicator get ids and names of their own: by their period, else by number.

    `two_years`: plan years reach into a second calendar year and are named by both, "2025-2026".
    """
    found: list[NewTarget] = []
    for target in targets:
        several = sum(one.id == target.id for one in targets) > 1
        ends = [one.removesuffix("-FY") for one in (target.since, target.period) if one]
        name = "_".join((target.id, *ends)).replace("-", "_").lower() if several else target.id
        years = [f"{one[:4]}-{int(one[:4]) + 1}{one[4:]}" if two_years else one for one in ends]
        told: Said | str = " – ".join(years)
        twin = [
            one
            for one in targets
            if (one.id, one.period, one.since) == (target.id, target.period, target.since)
        ]
        if len(twin) > 1:  # a floor and a ceiling of one period
            told = Said(
                "new_plan.target.side",
                least=target.operator == ">=",
                value=target.value,
                percent=target.measure == "percent",
            )
        label = Said("new_plan.target.named", label=target.label, when=told) if several else target.label
        taken = {one.id for one in found}
        number = 2
        base = name
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        found.append(replace(target, id=name, label=label))
    return found


def known_indicators() -> dict[str, Known]:
    """The indicators a new plan starts with, by id."""
    table = template_indicators()
    return {
        row.id: Known(
            Text(row.label_vi, row.label_en), "level" in row.breakdowns.split("|"), row.basis == "stock"
        )
        for row in table.itertuples()
    }


def of_training(targets: Sequence[NewTarget], known: Mapping[str, Known]) -> bool:
    """Whether a plan is one for vocational training: a target of it is on something the package knows of that."""
    return any(one.indicator in known and one.indicator not in _LABOUR_MARKET for one in targets)


def template_indicators() -> pd.DataFrame:
    """The table of indicators a new plan starts with; `UNITS` stands for whoever reports counts."""
    return pd.read_csv(TEMPLATES / "indicators.csv", dtype="str", keep_default_na=False, encoding="utf-8")
