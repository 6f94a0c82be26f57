"""Writing a new plan folder: the few things that differ go in, a commented folder that runs at once comes out."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vetanalysis.errors import WrongCall
from vetanalysis.new_plan.parts import TEMPLATES, NewLevel, NewTarget, with_own_ids
from vetanalysis.plan.files import COLUMNS
from vetanalysis.plan.findings import UNIT_KINDS
from vetanalysis.text import Text, same

MARK = "DECIDE"
KIND_NAMES = {
    "region": Text("Các vùng", "Regions"),
    "province": Text("Các tỉnh", "Provinces"),
    "district": Text("Các huyện, thành phố", "Districts"),
    "commune": Text("Các xã, phường", "Communes"),
    "institution": Text("Các cơ sở đào tạo", "Training institutions"),
    "enterprise": Text("Các doanh nghiệp", "Enterprises"),
}


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


@dataclass(frozen=True, slots=True)
class _Body:
    code: str
    name: Text
    unit_kind: str
    duty: Text


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
    from vetanalysis.plan import load_plan

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongCall(
            Text(
                f"đã có {folder}; chọn thư mục chưa có, hoặc xóa thư mục này trước",
                f"{folder} exists already; name a folder that does not, or remove it first",
            )
        )
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
        years=new.years,
        year_starts=new.year_starts,
        window_rule=new.window_rule,
        levels=new.levels,
        targets=with_own_ids(new.targets, two_years=new.year_starts != "01-01"),
        bodies=bodies,
        kinds=kinds,
        note=school_year_note(new.year_starts, new.years[0]),
    )


def school_year_note(year_starts: str, first: int) -> Text | None:
    """Which year a period's code means where it does not start on 1 January."""
    if year_starts == "01-01":
        return None
    month, day = year_starts.split("-")
    return Text(
        f"Năm học bắt đầu từ ngày {day}/{month}; năm học {first}-{first + 1} mang mã {first}.",
        f"A school year starts on {day}/{month}; the {first}-{first + 1} school year has the code {first}.",
    )


def _quoted(value: str) -> str:
    """A text as YAML takes it whatever stands in it: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def _both(text: Text) -> str:
    return f"{{vi: {_quoted(text.vi)}, en: {_quoted(text.en)}}}"


def _bodies(new: NewPlan) -> list[_Body]:
    lead = _Body(
        "lead", new.place_name, "", Text("Chủ trì thực hiện kế hoạch", "Leads the carrying out of the plan")
    )
    report = Text("Thực hiện kế hoạch và báo cáo", "Carry out the plan and report")
    kinds = [
        kind
        for kind in dict.fromkeys(new.units.loc[new.units["code"] != new.place, "kind"])
        if kind != "body"
    ]
    return [lead, *(_Body(f"all-{kind}", KIND_NAMES.get(kind, same(kind)), kind, report) for kind in kinds)]


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
    formula = Text("ghi công thức", "state the formula")
    row = {
        "row": str(number), "id": target.indicator, "label_vi": target.label.vi, "label_en": target.label.en,
        "measure": target.measure, "direction": "up" if target.operator == ">=" else "down",
        "sender": "lead" if percent else senders, "periods": "Y" if percent else "Q|H|Y",
        "formula_vi": f"{MARK}: {formula.vi}", "formula_en": f"{MARK}: {formula.en}",
        "kind": "outcome" if percent else "output", "breakdowns": "", "narrative_only": "false",
        "basis": "stock" if percent else "cumulative",
    }  # fmt: skip
    return pd.DataFrame([row]).reindex(columns=list(COLUMNS["indicators"]), fill_value="")
