"""The verb `new-plan`: a plan from options or from questions at a terminal, or from this year's plan.

For next year (`write_next_plan`) units, levels, bodies and forms are carried over and what is open is marked.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from vetanalysis.blocks import Said, Text
from vetanalysis.cli.main import DEFAULT_LEVELS
from vetanalysis.cli.new_plan_parts import (
    MARK,
    NewPlan,
    building,
    known_labels,
    parse_level,
    parse_target,
    parse_years,
    read_units,
    to_decide,
    write_new_plan,
    write_table,
)
from vetanalysis.errors import WrongCall
from vetanalysis.periods import Cutoff, window
from vetanalysis.plan import Plan, load_plan
from vetanalysis.plan.files import COLUMNS, PlanFiles, read_plan_files

QUESTIONS = ("place", "place_name", "years", "target")
OPTIONAL = ("year_starts", "levels", "units")


def run(arguments: argparse.Namespace, ask: Callable[[str], str] | None = None) -> int:
    """Write the folder and say what is left to decide; `ask` puts a question (None: at a terminal only)."""
    if arguments.source:
        _only_from(arguments)
        years = parse_years(arguments.years) if arguments.years else None
        decide = write_next_plan(arguments.folder, arguments.source, years)
    else:
        decide = _write(arguments, ask or (input if sys.stdin.isatty() else None))
    plan = load_plan(arguments.folder)
    print(f"{arguments.folder}: {plan.title.vi} / {plan.title.en}")
    print(f"{_both('to_decide')} ({len(decide)}):")
    print("\n".join(f"  {line}" for line in decide))
    print(f"{_both('next')}:")
    print(f'  vetanalysis assess "{arguments.folder}" --as-of {plan.years[1]}-start')
    print(f'  vetanalysis assess "{arguments.folder}" --as-of {plan.years[1]}-H1 --returns figures.csv')
    return 0


def _both(line: str) -> str:
    """A line of `new_plan` in both languages, for those who start without having chosen one."""
    said = Said(f"new_plan.{line}")
    return f"{said.vi} / {said.en}"


def _only_from(arguments: argparse.Namespace) -> None:
    given = [
        name
        for name in ("place", "place_name", "year_starts", "levels", "target", "units")
        if getattr(arguments, name)
    ]
    if given:
        raise WrongCall(Said("new_plan.carried_over", options=_options(given)))


def _options(names: Sequence[str]) -> tuple[str, ...]:
    return tuple("--" + name.replace("_", "-") for name in names)


def _write(arguments: argparse.Namespace, ask: Callable[[str], str] | None) -> list[str]:
    answers = _answers(arguments, ask)
    years = parse_years(answers["years"])
    levels = [parse_level(part.strip()) for part in answers["levels"].split(",") if part.strip()]
    labels = known_labels()
    targets = [
        parse_target(part, years[1], levels, labels) for part in answers["target"].split(";") if part.strip()
    ]
    name = Text(answers["place_name"], arguments.place_name_en or answers["place_name"])
    last = years[1] + (answers["year_starts"] != "01-01")
    span = str(last) if years[0] == last else f"{years[0]}-{last}"
    usual = Said("new_plan.title", span=span, place=name)
    title = Text(arguments.title or usual.vi, arguments.title_en or arguments.title or usual.en)
    file = Path(answers["units"]) if answers["units"] else None
    units = read_units(file, answers["place"], name) if file else _place_only(answers["place"], name)
    return write_new_plan(
        arguments.folder,
        NewPlan(
            title,
            answers["place"],
            name,
            years,
            answers["year_starts"],
            arguments.window,
            levels,
            targets,
            units,
            arguments.country,
        ),
    )


def _answers(arguments: argparse.Namespace, ask: Callable[[str], str] | None) -> dict[str, str]:
    """Every part that differs as text: from the options, else asked, else its default or a WrongCall."""
    given = {name: str(getattr(arguments, name) or "") for name in (*QUESTIONS, *OPTIONAL)}
    given["target"] = ";".join(arguments.target)
    lacking = [name for name in QUESTIONS if not given[name].strip()]
    if lacking and ask is None:
        raise WrongCall(Said("new_plan.lacking", options=_options(lacking)))
    if ask is not None and lacking:
        for name in [*lacking, *(name for name in OPTIONAL if not given[name])]:
            question = Said(f"new_plan.question.{name}")
            given[name] = ask(f"{question.vi}\n  {question.en}: ").strip()
        still = [name for name in lacking if not given[name]]
        if still:
            raise WrongCall(Said("new_plan.not_answered", names=still))
    given["year_starts"] = given["year_starts"] or "01-01"
    given["levels"] = given["levels"] or DEFAULT_LEVELS
    return given


def _place_only(place: str, name: Text) -> pd.DataFrame:
    row = dict.fromkeys(COLUMNS["units"], "")
    row |= {"code": place, "name": name.vi, "short_name": name.vi, "name_en": name.en, "kind": "province"}
    return pd.DataFrame([row], columns=list(COLUMNS["units"]), dtype="str")


# What holds for one year only. The rest is carried as it stands.
LEFT_OUT = ("extends", "corrections", "notes", "issuing_text")
BLANK = ("number", "date")
LOOKED_AT = ("title", "number", "citations", "targets", "bodies", "report_signatory")


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
    for name in {"title", "title_in"} & set(kept):
        kept[name] = {lang: _renamed(text, old.years, years) for lang, text in kept[name].items()}
    kept["targets"] = [_target(target, old, years) for target in kept["targets"]]
    return kept


def _target(target: dict[str, Any], old: Plan, years: tuple[int, int]) -> dict[str, Any]:
    shift = years[1] - old.years[1]
    moved = {**target, "period": _shifted(target["period"], shift, years)}
    if target.get("milestones"):
        moved["milestones"] = [
            {**one, "period": _shifted(one["period"], shift, years)} for one in target["milestones"]
        ]
    said = Said("new_plan.carried_target", title=old.title)
    note = {"vi": said.vi, "en": said.en}
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
    lines = [_comment("head", old), _comment("head.marked", old), ""]
    for key, value in content.items():
        if key in LOOKED_AT:
            lines.append(_comment(f"head.{key}", old))
        dumped = yaml.dump({key: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
        lines += [_marked(line, key) for line in dumped.rstrip().splitlines()]
        lines.append("")
    return "\n".join(lines)


def _comment(line: str, old: Plan) -> str:
    return "# " + Said(f"new_plan.{line}", mark=MARK, old=old.name).get("en")


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
        yield Said("new_plan.old_years", lines=numbers, year=old).get("en")


def _idle(plan: Plan) -> Iterator[str]:
    """Bodies that stand for a kind of unit of which none exists any more when the plan begins."""
    begins = window(Cutoff(plan.years[0], "FY"), plan.calendar)[0]
    kinds = set(plan.units_on(begins)["kind"])
    for body in plan.bodies:
        if body.unit_kind and body.unit_kind not in kinds:
            told = {"body": body.code, "kind": body.unit_kind, "day": str(begins)}
            yield Said("new_plan.idle_body", **told).get("en")
