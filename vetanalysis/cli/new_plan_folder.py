"""The parts of a new plan as someone states them in a few words, and the folder written from them: commented, loaded
once, ready to be run.

What only somebody else can decide is marked in its files, and told with its line.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from vetanalysis.blocks import LANGUAGES, Said, Text, same
from vetanalysis.errors import WrongCall
from vetanalysis.observations.notation import numbers_in
from vetanalysis.observations.table import read_csv
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan
from vetanalysis.plan.files import COLUMNS
from vetanalysis.plan.findings import UNIT_KINDS
from vetanalysis.plan.model import VIET_NAM
from vetanalysis.returns.names import fold

MARK = "DECIDE"
NAMED_KINDS = ("region", "province", "district", "commune", "institution", "enterprise")
_PEOPLE = ("people_enrolled", "people_in_training", "people_graduated", "people_dropped_out")
_BROKEN_DOWN = ("level", "sex", "district", "institution")  # in every country
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LEVELS = ("elementary", "intermediate", "college", "short_course")  # those that have a name already
UNITS_EXAMPLE = "code,name,name_en,kind,parent,valid_from,valid_to"

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
        return Said(f"new_plan.reading.{'rate' if self.measure == 'percent' else 'count'}")

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
    if since and not (measure == "persons" and since.endswith("-FY") and since[:4] < period[:4]):
        raise WrongCall(Said("new_plan.bad_span", given=given))
    name = match["indicator"]
    vi, _, en = (part.strip() for part in (match["words"] or "").partition("|"))
    one = known.get(name, Known(same(name.replace("_", " ")), by_level=False))
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


def read_units(path: Path, place: str, place_name: Text, place_kind: str) -> pd.DataFrame:
    """A table of units as units.csv wants it: the place first, then the rows of `path` with blanks filled.

    Obligatory columns: code, name. Without a kind a unit directly below the place is a district and one below
    another unit a commune; without a parent it stands below the place. Further columns are kept.
    """
    given = read_csv(path)
    lacking = [name for name in ("code", "name") if name not in given.columns]
    if lacking:
        raise WrongCall(Said("new_plan.units_lack", path=str(path), names=lacking, example=UNITS_EXAMPLE))
    columns = [*COLUMNS["units"], *(name for name in given.columns if name not in COLUMNS["units"])]
    frame = given.reindex(columns=columns, fill_value="").astype("str")
    frame = frame.apply(lambda column: column.str.strip())
    frame["short_name"] = frame["short_name"].where(frame["short_name"] != "", frame["name"])
    below = (frame["parent"] == "") & (frame["code"] != place)
    frame["parent"] = frame["parent"].mask(below, place)
    usual = (frame["parent"] == place).map({True: "district", False: "commune"})
    frame["kind"] = frame["kind"].where(frame["kind"] != "", usual)
    if place in set(frame["code"]):
        return frame
    top = place_only(place, place_name, place_kind)
    return pd.concat([top, frame], ignore_index=True).fillna("").astype("str")


def place_only(place: str, name: Text, kind: str) -> pd.DataFrame:
    """The table of units of a plan without any but its own place."""
    row = dict.fromkeys(COLUMNS["units"], "")
    row |= {"code": place, "name": name.vi, "short_name": name.vi, "name_en": name.en, "kind": kind}
    return pd.DataFrame([row], columns=list(COLUMNS["units"]), dtype="str")


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
        told = " – ".join(years)
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
        row.id: Known(Text(row.label_vi, row.label_en), "level" in row.breakdowns.split("|"))
        for row in table.itertuples()
    }


def of_training(targets: Sequence[NewTarget], known: Mapping[str, Known]) -> bool:
    """Whether a plan is one for vocational training: a target of it is on something the package knows of that."""
    return any(one.indicator in known and one.indicator not in _LABOUR_MARKET for one in targets)


def template_indicators() -> pd.DataFrame:
    """The table of indicators a new plan starts with; `UNITS` stands for whoever reports counts."""
    return pd.read_csv(TEMPLATES / "indicators.csv", dtype="str", keep_default_na=False, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What differs from plan to plan. `units`: frame as `read_units` gives it; `year_starts`: MM-DD.

    `country`: its code, empty where it is not said. `step`: quarter or month.
    """

    title: Text
    place: str
    place_name: Text
    country: str
    years: tuple[int, int]
    year_starts: str
    step: str
    window_rule: str
    levels: Sequence[NewLevel]
    targets: Sequence[NewTarget]
    units: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Body:
    code: str
    name: Text | Said
    unit_kind: str
    duty: Said


def write_new_plan(folder: Path, new: NewPlan) -> list[str]:
    """Write the folder and load it once; returns the places marked as still to decide ("plan.yaml, line 12: ...").

    Errors: WrongCall where the folder holds something already; PlanInvalid, with nothing left behind, where the
    parts do not fit together.
    """
    kinds = [kind for kind in dict.fromkeys(new.units["kind"]) if kind not in UNIT_KINDS]
    bodies = _bodies(new)
    with building(folder) as place:
        (place / "plan.yaml").write_text(_plan_text(new, folder.name, bodies, kinds), encoding="utf-8")
        write_table(new.units, place / "units.csv")
        write_table(pd.DataFrame(columns=list(COLUMNS["quotas"])), place / "quotas.csv")
        write_table(_indicators(new, bodies), place / "indicators.csv")
    return to_decide(folder)


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """A place to write a plan into; it becomes `folder` when it loads without a finding, else it is gone."""
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongCall(Said("new_plan.folder_there", folder=str(folder)))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-plan-") as above:
        place = Path(above) / folder.name
        place.mkdir()
        yield place
        load_plan(place)
        if folder.is_dir():
            folder.rmdir()
        os.replace(place, folder)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """A table of a plan folder as CSV in UTF-8 with line feeds on every system."""
    path.write_text(frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8", newline="")


def to_decide(folder: Path) -> list[str]:
    """Every line of the folder's files that is marked, as `file, line n: what stands there`."""
    found = []
    for path in (folder / "plan.yaml", folder / "indicators.csv"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if MARK in line and "is marked" not in line:
                found.append(f"{path.name}, line {number}: {line.strip()[:120]}")
    return found


def _plan_text(new: NewPlan, name: str, bodies: Sequence[_Body], kinds: Sequence[str]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES, encoding="utf-8")
    environment = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.globals.update(both=_both, text=_quoted, same=same)
    more = {
        "name": name, "bodies": bodies, "kinds": kinds, "note": note_on_years(new.year_starts, new.years[0]),
        "targets": with_own_ids(new.targets, two_years=new.year_starts != "01-01"),
        "year_name": "school" if new.year_starts[:2] in ("08", "09") else "calendar",
    }  # fmt: skip
    given = {one.name: getattr(new, one.name) for one in fields(new)}
    return environment.get_template("plan.yaml.j2").render(given | more)


def note_on_years(year_starts: str, first: int) -> Said | None:
    """Which year a period's code means where it does not start on 1 January."""
    if year_starts == "01-01":
        return None
    month, day = year_starts.split("-")
    return Said("new_plan.year_of_two", day=day, month=month, first=first)


def _quoted(value: str) -> str:
    """A text as YAML takes it whatever stands in it: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def _both(text: Text | Said) -> str:
    return f"{{vi: {_quoted(text.vi)}, en: {_quoted(text.en)}}}"


def _bodies(new: NewPlan) -> list[_Body]:
    lead = _Body("lead", new.place_name, "", Said("new_plan.duty.lead"))
    report = Said("new_plan.duty.report")
    below = dict.fromkeys(new.units.loc[new.units["code"] != new.place, "kind"])
    kinds = [kind for kind in below if kind != "body"]
    return [lead, *(_Body(f"all-{kind}", _kind_name(kind), kind, report) for kind in kinds)]


def _kind_name(kind: str) -> Text | Said:
    return Said(f"new_plan.kind.{kind}") if kind in NAMED_KINDS else same(kind)


def _indicators(new: NewPlan, bodies: Sequence[_Body]) -> pd.DataFrame:
    """The indicators a plan starts with, and a row for each one that only its targets name.

    What no target needs is known and asked of nobody (no `periods`). Counts come from the units that have none below
    them, a rate that is a target from whoever leads the plan.
    """
    table = template_indicators()
    senders = "|".join(f"all-{kind}" for kind in _lowest_kinds(new)) or "lead"
    table["sender"] = table["sender"].replace({"UNITS": senders})
    for target in new.targets:
        if target.indicator not in set(table["id"]):
            table = pd.concat([table, _row_of(target, len(table) + 1, senders)], ignore_index=True)
    rates = table["id"].isin([one.indicator for one in new.targets if one.measure == "percent"])
    alone = rates & ~table["sender"].str.contains(r"\blead\b")
    table.loc[alone, "sender"] = "lead|" + table.loc[alone, "sender"]
    table.loc[~table["id"].isin(list(_needed(new, table))), "periods"] = ""
    if new.step == "month":
        table["periods"] = table["periods"].str.replace("Q", "M|Q")
    if new.country != VIET_NAM:
        table["breakdowns"] = [
            "|".join(one for one in text.split("|") if one in _BROKEN_DOWN) for text in table["breakdowns"]
        ]
    return table


def _needed(new: NewPlan, table: pd.DataFrame) -> set[str]:
    """The indicators of the targets with the parts of their rates; stocks and flows together where one is a target."""
    rows = table.set_index("id")
    found = {target.indicator for target in new.targets}
    found |= {
        part for name in found for part in rows.loc[name, ["numerator", "denominator"]] if part in rows.index
    }
    return found | (set(_PEOPLE) if found & set(_PEOPLE) else set())


def _lowest_kinds(new: NewPlan) -> list[str]:
    """The kinds of the units below the place that have none below them; a body sends what is asked of it by name."""
    units = new.units[(new.units["code"] != new.place) & (new.units["kind"] != "body")]
    return list(dict.fromkeys(units.loc[~units["code"].isin(units["parent"]), "kind"]))


def _row_of(target: NewTarget, number: int, senders: str) -> pd.DataFrame:
    percent = target.measure == "percent"
    formula = Said("new_plan.formula", mark=MARK)
    row = {
        "row": str(number), "id": target.indicator, "label_vi": target.name.vi, "label_en": target.name.en,
        "measure": target.measure, "direction": "up" if target.operator == ">=" else "down",
        "sender": "lead" if percent else senders, "periods": "Y" if percent else "Q|H|Y",
        "formula_vi": formula.vi, "formula_en": formula.en,
        "kind": "outcome" if percent else "output", "breakdowns": "level" if target.levels else "",
        "narrative_only": "false", "basis": "stock" if percent else "cumulative",
    }  # fmt: skip
    return pd.DataFrame([row]).reindex(columns=list(COLUMNS["indicators"]), fill_value="")
