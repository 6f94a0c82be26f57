"""Next year's plan from this year's: units, levels, bodies and forms carried over, what is open marked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from vetanalysis.new_plan.writing import MARK, building, to_decide, write_table
from vetanalysis.plan import Plan, load_plan
from vetanalysis.plan.files import COLUMNS, PlanFiles, read_plan_files

# What holds for one year only. The rest is carried as it stands.
LEFT_OUT = ("extends", "corrections", "notes", "issuing_text")
BLANK = ("number", "date")
HEADS = {
    "title": "{mark}: is this the title of the new plan?",
    "number": "{mark}: number and day of issue of the new plan",
    "citations": "{mark}: the legal bases of the new plan; those below are of {old}",
    "targets": "{mark}: every target below is carried from {old}: its value and wording must be decided anew",
    "bodies": "{mark}: do these bodies still have these duties? `successors` name who took over, and when",
    "report_signatory": "{mark}: who signs now?",
}


def write_next_plan(folder: Path, source: str | Path, years: tuple[int, int] | None = None) -> list[str]:
    """Write a plan for `years` (default: the years after those of `source`); returns what is to be decided.

    Carried: calendar, levels, groups, bodies, tasks, signatories, units with their validity dates, indicators and
    with them the forms, the crosswalk. Units that the crosswalk names as successors are added. Targets keep their
    values with certainty "unverified" until someone decides them; quotas start empty.
    """
    old = load_plan(source)
    files = read_plan_files(old.folder, lambda name: load_plan(name).folder)
    first, last = years or _following(old)
    content = _content(files, old, (first, last))
    with building(folder) as place:
        (place / "plan.yaml").write_text(_text(content, old), encoding="utf-8")
        write_table(with_successors(old), place / "units.csv")
        write_table(pd.DataFrame(columns=list(COLUMNS["quotas"])), place / "quotas.csv")
        write_table(files.indicators, place / "indicators.csv")
        for name in ("tiles.csv", "crosswalk.csv"):
            if (old.folder / name).is_file():
                shutil.copyfile(old.folder / name, place / name)
    return [*to_decide(folder), *_old_years(folder, old.years[1], (first, last)), *_idle(load_plan(folder))]


def with_successors(plan: Plan) -> pd.DataFrame:
    """The plan's units, and those the crosswalk names as successors, as they stand in units.csv."""
    units = plan.units
    cross = plan.crosswalk
    known = set(zip(units["code"], units["valid_from"], strict=True)) | {(code, "") for code in units["code"]}
    rows = []
    for row in cross[cross["successor"] != ""].drop_duplicates(["successor", "valid_from"]).itertuples():
        still = units[
            (units["code"] == row.successor)
            & ((units["valid_to"] == "") | (units["valid_to"] >= row.valid_from))
        ]
        if (row.successor, row.valid_from) in known or len(still):
            continue
        before = units[units["code"] == row.unit]
        kind = before["kind"].iloc[0] if len(before) else "commune"
        rows.append(
            {
                "code": row.successor, "name": row.successor_name, "short_name": row.successor_name, "kind": kind,
                "parent": plan.place.code, "valid_from": row.valid_from, "source": row.source,
            }
        )  # fmt: skip
    if not rows:
        return units
    columns = list(units.columns)
    return pd.concat([units, pd.DataFrame(rows).reindex(columns=columns, fill_value="")], ignore_index=True)


def _following(old: Plan) -> tuple[int, int]:
    first, last = old.years
    return last + 1, last + 1 + (last - first)


def _content(files: PlanFiles, old: Plan, years: tuple[int, int]) -> dict[str, Any]:
    kept = {key: value for key, value in files.raw.items() if key not in LEFT_OUT}
    kept |= {key: "" for key in BLANK if key in kept}
    kept["years"] = list(years)
    kept["title"] = {lang: _renamed(text, old.years, years) for lang, text in kept["title"].items()}
    kept["targets"] = [_target(target, old, years) for target in kept["targets"]]
    return kept


def _target(target: dict[str, Any], old: Plan, years: tuple[int, int]) -> dict[str, Any]:
    shift = years[1] - old.years[1]
    moved = {**target, "period": _shifted(target["period"], shift, years)}
    if target.get("milestones"):
        moved["milestones"] = [
            {**one, "period": _shifted(one["period"], shift, years)} for one in target["milestones"]
        ]
    note = {
        "vi": f"Lấy theo {old.title.vi}; chưa được quyết định cho kỳ mới.",
        "en": f"Taken from {old.title.en}; not yet decided for the new period.",
    }
    return {**moved, "certainty": "unverified", "certainty_note": note}


def _shifted(period: str, years_on: int, within: tuple[int, int]) -> str:
    year = min(max(int(period[:4]) + years_on, within[0]), within[1])
    return f"{year}{period[4:]}"


def _renamed(text: str, old: tuple[int, int], new: tuple[int, int]) -> str:
    for before, after in zip(reversed(old), reversed(new), strict=True):
        text = re.sub(rf"\b{before}\b", str(after), text)
    return text


class _Dumper(yaml.SafeDumper):
    """YAML without aliases, so that every place can be read and changed by itself."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(content: dict[str, Any], old: Plan) -> str:
    """The plan as YAML, a comment in front of each part that must be looked at, values of targets marked."""
    lines = [
        f"# Carried over from the plan {old.name} by `vetanalysis new-plan --from`; it can be used as it stands.",
        "# What must be decided anew is marked with the word in capitals below.",
        "",
    ]
    for key, value in content.items():
        if key in HEADS:
            lines.append("# " + HEADS[key].format(mark=MARK, old=old.name))
        dumped = yaml.dump({key: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
        lines += [_marked(line, key) for line in dumped.rstrip().splitlines()]
        lines.append("")
    return "\n".join(lines)


def _marked(line: str, key: str) -> str:
    wanted = key == "targets" and re.match(r"(- |  |  - )\s*(value|legal_ref):", line)
    return f"{line}  # {MARK}" if wanted else line


def _old_years(folder: Path, old: int, new: tuple[int, int]) -> Iterator[str]:
    if new[0] <= old <= new[1]:
        return
    lines = (folder / "plan.yaml").read_text(encoding="utf-8").splitlines()
    numbers = [
        str(number) for number, line in enumerate(lines, start=1)
        if re.search(rf"\b{old}\b", line) and not line.startswith("#")
    ]  # fmt: skip
    if numbers:
        yield f"plan.yaml, lines {', '.join(numbers)}: the text still says {old}"


def _idle(plan: Plan) -> Iterator[str]:
    """Bodies that stand for a kind of unit of which none exists any more when the plan begins."""
    from vetanalysis.periods import Cutoff, window

    begins = window(Cutoff(plan.years[0], "FY"), plan.calendar)[0]
    kinds = set(plan.units_on(begins)["kind"])
    for body in plan.bodies:
        if body.unit_kind and body.unit_kind not in kinds:
            yield f"plan.yaml, bodies: {body.code} stands for units of kind {body.unit_kind}; none exists on {begins}"
