"""The parts of a new plan as someone states them in a few words, and the folder written from them: commented, loaded
once, ready to be run.

What only somebody else can decide is marked in its files, and told with its line.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from vetanalysis.blocks import Said, Text, same
from vetanalysis.cli.new_plan_targets import (
    TEMPLATES,
    NewLevel,
    NewTarget,
    template_indicators,
    with_own_ids,
)
from vetanalysis.errors import WrongCall
from vetanalysis.observations.table import place_names, read_csv
from vetanalysis.observations.territory import became_of
from vetanalysis.periods import Cutoff
from vetanalysis.plan import Plan, load_plan
from vetanalysis.plan.files import COLUMNS
from vetanalysis.plan.findings import UNIT_KINDS
from vetanalysis.plan.model import VIET_NAM
from vetanalysis.returns.names import fold

MARK = "DECIDE"
NAMED_KINDS = ("region", "province", "district", "commune", "institution", "enterprise")
_PEOPLE = ("people_enrolled", "people_in_training", "people_graduated", "people_dropped_out")
_BROKEN_DOWN = ("level", "sex", "district", "institution")  # in every country
UNITS_EXAMPLE = "code,name,name_en,kind,parent,valid_from,valid_to"


def read_units(
    path: Path, place: str, place_name: Text, place_kind: str, *, two_tiers: bool = False
) -> pd.DataFrame:
    """A table of units as units.csv wants it: the place first, then the rows of `path` with blanks filled.

    Obligatory columns: code, name. Without a kind a unit directly below the place is a district and one below
    another unit a commune; with `two_tiers` there are communes alone. Without a parent a unit stands below the place.
    Further columns are kept.
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
    upper = "commune" if two_tiers else "district"
    usual = (frame["parent"] == place).map({True: upper, False: "commune"})
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


def in_both(line: str, **facts: Any) -> str:
    """A line of `new_plan` in both languages, for those who start without having chosen one."""
    said = Said(f"new_plan.{line}", **facts)
    return f"{said.vi} / {said.en}"


def to_decide(folder: Path) -> list[str]:
    """Every line of the folder's files that is marked: file, number and what stands there."""
    found = []
    for path in (folder / "plan.yaml", folder / "indicators.csv"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if MARK in line and "is marked" not in line:
                found.append(in_both("marked", file=path.name, number=number) + f": {line.strip()[:240]}")
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
    formula = Said(f"new_plan.formula{'' if percent else '.stock' if target.stock else '.count'}", mark=MARK)
    row = {
        "row": str(number), "id": target.indicator, "label_vi": target.name.vi, "label_en": target.name.en,
        "measure": target.measure, "direction": "up" if target.operator == ">=" else "down",
        "sender": "lead" if percent else senders, "periods": "Y" if percent else "Q|H|Y",
        "formula_vi": formula.vi, "formula_en": formula.en,
        "kind": "outcome" if percent else "output", "breakdowns": "level" if target.levels else "",
        "narrative_only": "false", "basis": "stock" if percent or target.stock else "cumulative",
    }  # fmt: skip
    return pd.DataFrame([row]).reindex(columns=list(COLUMNS["indicators"]), fill_value="")


def place_doubts(plan: Plan) -> list[str]:
    """That the code of a province of Viet Nam is another province's, or was merged away, by the end of the plan."""
    code, end = plan.place.code, Cutoff(plan.years[1], "FY")
    if not plan.in_viet_nam or code not in place_names():
        return []
    merged = became_of(plan, end)
    of_code = Text(merged.name, merged.name) if merged else place_names()[code]
    said = []
    if merged is not None and merged.code != code:
        said.append(Said("new_plan.merged_away", code=code, on=merged.on, into=merged.name, now=merged.code))
    elif not _alike(of_code.vi, plan.place.name.vi):
        said.append(Said("new_plan.code_of_another", code=code, of=of_code, name=plan.place.name))
    return [f"plan.yaml, place: {MARK}: {one.vi} / {one.en}" for one in said]


def _alike(one: str, other: str) -> bool:
    """Whether one name of a province holds the other, without marks and its kind ("Huế", "Thừa Thiên Huế")."""
    bare = [re.sub(r"\b(tinh|thanh pho|tp)\b\W*", "", fold(name)).strip() for name in (one, other)]
    return bare[0] in bare[1] or bare[1] in bare[0]
