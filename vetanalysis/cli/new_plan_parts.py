"""The parts of a new plan as someone states them in a few words, and the folder that is written from them.

Targets, levels, years and units go in; a commented folder that runs at once comes out.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from vetanalysis.blocks import Said, Text, same
from vetanalysis.errors import WrongCall
from vetanalysis.observations.table import read_csv
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan
from vetanalysis.plan.files import COLUMNS
from vetanalysis.plan.findings import UNIT_KINDS

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LEVELS = ("elementary", "intermediate", "college", "short_course")  # those that have a name already
UNITS_EXAMPLE = "code,name,name_en,kind,parent,valid_from,valid_to"

_TARGET = re.compile(
    r"\s*(?P<indicator>[a-z][a-z0-9_]*)\s*(?:=\s*(?P<words>[^<>=]*[^<>=\s])\s*)?(?P<operator>>=|<=)\s*(?P<value>\d+(?:\.\d+)?)\s*(?P<percent>%?)\s*"
    r"(?:@\s*(?P<period>[\w-]+))?\s*(?::\s*(?P<base>[\w-]*))?\s*(?::\s*(?P<concept>[\w-]*))?\s*"
)


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
    label: Text | Said
    levels: tuple[str, ...]
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


def parse_target(
    given: str, last_year: int, levels: Sequence[NewLevel], labels: dict[str, Text]
) -> NewTarget:
    """`"dropout_rate<=4%@2027-FY:base:concept"` as a target; what follows the number may be left out.

    An indicator the package does not know is named as in `"apprentice_share=Tỷ lệ học nghề|Apprentices>=40%"`.
    The period is the end of `last_year` unless given. `labels`: names of known indicators by id.
    """
    match = _TARGET.fullmatch(given)
    if match is None:
        raise WrongCall(Said("new_plan.bad_target", given=given))
    period = str(parse_cutoff(match["period"])) if match["period"] else f"{last_year}-FY"
    percent = match["percent"] == "%"
    name = match["indicator"]
    vi, _, en = (part.strip() for part in (match["words"] or "").partition("|"))
    return NewTarget(
        id=name,
        indicator=name,
        operator=match["operator"],
        value=match["value"],
        measure="percent" if percent else "persons",
        period=period,
        base=match["base"] or "",
        concept=match["concept"] or "",
        label=Text(vi, en or vi) if vi else labels.get(name, same(name.replace("_", " "))),
        levels=() if percent else tuple(level.id for level in levels if level.counted),
        unnamed=not vi and name not in labels,
    )


def parse_level(given: str) -> NewLevel:
    """`elementary`, `bridge=Cầu nối|Bridging course` or, outside the head count, `-short_course`."""
    counted = not given.startswith("-")
    name, _, words = given.removeprefix("-").partition("=")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise WrongCall(Said("new_plan.bad_level", given=given))
    vi, _, en = words.partition("|")
    known = Said(f"new_plan.level.{name}") if name in LEVELS else same(name)
    return NewLevel(name, Text(vi.strip() or known.vi, en.strip() or vi.strip() or known.en), counted)


def parse_years(given: str) -> tuple[int, int]:
    """`2026` or `2026-2028` as first and last plan year."""
    match = re.fullmatch(r"(\d{4})(?:\s*[-:]\s*(\d{4}))?", given.strip())
    if match is None:
        raise WrongCall(Said("new_plan.bad_years", given=given))
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise WrongCall(Said("new_plan.years_reversed", given=given, first=first, last=last))
    return first, last


def read_units(path: Path, place: str, place_name: Text) -> pd.DataFrame:
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
    top = dict.fromkeys(columns, "") | {"code": place, "name": place_name.vi, "short_name": place_name.vi}
    top |= {"name_en": place_name.en, "kind": "province"}
    return pd.concat([pd.DataFrame([top]), frame], ignore_index=True).astype("str")


def with_own_ids(targets: Sequence[NewTarget], *, two_years: bool = False) -> list[NewTarget]:
    """Targets on the same indicator get ids and names of their own: by their period, else by number.

    `two_years`: plan years reach into a second calendar year and are named by both, "2025-2026".
    """
    found: list[NewTarget] = []
    for target in targets:
        several = sum(one.indicator == target.indicator for one in targets) > 1
        when = target.period.removesuffix("-FY")
        name = f"{target.indicator}_{when.replace('-', '_').lower()}" if several else target.id
        year = int(when[:4])
        told = f"{year}-{year + 1}{when[4:]}" if two_years else when
        label = Said("new_plan.target.named", label=target.label, when=told) if several else target.label
        taken = {one.id for one in found}
        number = 2
        base = name
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        found.append(replace(target, id=name, label=label))
    return found


MARK = "DECIDE"
NAMED_KINDS = ("region", "province", "district", "commune", "institution", "enterprise")


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What differs from plan to plan. `units`: frame as `read_units` gives it; `year_starts`: MM-DD."""

    title: Text
    place: str
    place_name: Text
    years: tuple[int, int]
    year_starts: str
    window_rule: str
    levels: Sequence[NewLevel]
    targets: Sequence[NewTarget]
    units: pd.DataFrame
    country: str = ""


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


def known_labels() -> dict[str, Text]:
    """Names of the indicators a new plan starts with, by id."""
    table = _template_indicators()
    return {row.id: Text(row.label_vi, row.label_en) for row in table.itertuples()}


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """A place to write a plan into; it becomes `folder` when it loads without a finding, else it is gone."""
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

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.globals.update(both=_both, text=_quoted, same=same)
    return environment.get_template("plan.yaml.j2").render(
        title=new.title,
        name=name,
        place=new.place,
        place_name=new.place_name,
        country=new.country,
        years=new.years,
        year_starts=new.year_starts,
        window_rule=new.window_rule,
        levels=new.levels,
        targets=with_own_ids(new.targets, two_years=new.year_starts != "01-01"),
        bodies=bodies,
        kinds=kinds,
        year_name="school" if new.year_starts[:2] in ("08", "09") else "calendar",
        note=note_on_years(new.year_starts, new.years[0]),
    )


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
    kinds = [
        kind
        for kind in dict.fromkeys(new.units.loc[new.units["code"] != new.place, "kind"])
        if kind != "body"
    ]
    return [lead, *(_Body(f"all-{kind}", _kind_name(kind), kind, report) for kind in kinds)]


def _kind_name(kind: str) -> Text | Said:
    return Said(f"new_plan.kind.{kind}") if kind in NAMED_KINDS else same(kind)


def _template_indicators() -> pd.DataFrame:
    return pd.read_csv(TEMPLATES / "indicators.csv", dtype="str", keep_default_na=False, encoding="utf-8")


def _indicators(new: NewPlan, bodies: Sequence[_Body]) -> pd.DataFrame:
    """The indicators a plan starts with, and a row for each one that only its targets name."""
    table = _template_indicators()
    senders = "|".join(body.code for body in bodies[1:]) or "lead"
    table["sender"] = table["sender"].replace({"UNITS": senders})
    for target in new.targets:
        if target.indicator not in set(table["id"]):
            table = pd.concat([table, _row_of(target, len(table) + 1, senders)], ignore_index=True)
    return table


def _row_of(target: NewTarget, number: int, senders: str) -> pd.DataFrame:
    percent = target.measure == "percent"
    formula = Said("new_plan.formula", mark=MARK)
    row = {
        "row": str(number), "id": target.indicator, "label_vi": target.label.vi, "label_en": target.label.en,
        "measure": target.measure, "direction": "up" if target.operator == ">=" else "down",
        "sender": "lead" if percent else senders, "periods": "Y" if percent else "Q|H|Y",
        "formula_vi": formula.vi, "formula_en": formula.en,
        "kind": "outcome" if percent else "output", "breakdowns": "", "narrative_only": "false",
        "basis": "stock" if percent else "cumulative",
    }  # fmt: skip
    return pd.DataFrame([row]).reindex(columns=list(COLUMNS["indicators"]), fill_value="")
