"""The verb `new-plan`: a plan from options or from questions at a terminal, or from this year's plan.

For next year (`write_next_plan`) units, levels, bodies and forms are carried over and what is open is marked.
"""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from vetanalysis.blocks import Said, Text
from vetanalysis.cli.main import DEFAULT_LEVELS
from vetanalysis.cli.new_plan_folder import (
    MARK,
    NewPlan,
    building,
    place_doubts,
    place_only,
    read_units,
    to_decide,
    write_new_plan,
    write_table,
)
from vetanalysis.cli.new_plan_targets import (
    ID,
    known_indicators,
    of_training,
    own_counts,
    parse_level,
    parse_target,
    with_levels,
    with_stocks,
)
from vetanalysis.errors import WrongCall
from vetanalysis.hashes import plan_folders
from vetanalysis.observations.territory import NO_DISTRICTS
from vetanalysis.periods import STEPS, Cutoff, cutoffs, window
from vetanalysis.plan import Plan, load_plan
from vetanalysis.plan.files import LANGUAGE_FILES, OPTIONAL_TABLES, PlanFiles, read_plan_files
from vetanalysis.plan.findings import UNIT_KINDS
from vetanalysis.plan.model import VIET_NAM
from vetanalysis.plan.shapes import SHAPES_FILE
from vetanalysis.returns.lists import reporting_units
from vetanalysis.scenarios.stock_flow_inputs import FILE as ASSUMPTIONS

QUESTIONS = ("place", "place_name", "years", "target")
#: What is asked first, so that what follows can be understood.
ORDER = (
    *("country", "place", "place_name", "place_kind", "years", "year_starts", "step", "levels", "target"),
    *("stocks", "units"),
)
NOTHING = ("none", "-")  # an answer that means that there are no levels
_NO_MORE = 3  # answers to one question that were not understood


def run(arguments: argparse.Namespace, ask: Callable[[str], str] | None = None) -> int:
    """Write the folder and say what is left to decide; `ask` puts a question (None: at a terminal only)."""
    if arguments.source:
        _only_from(arguments)
        years = parse_years(arguments.years) if arguments.years else None
        decide = write_next_plan(arguments.folder, arguments.source, years)
    else:
        decide = _write(arguments, ask or (input if sys.stdin.isatty() else None))
    plan = load_plan(arguments.folder)
    decide += place_doubts(plan)
    print(f"{arguments.folder}: {plan.title.vi} / {plan.title.en}")
    print(f"{_both('to_decide')} ({len(decide)}):")
    print("\n".join(f"  {line}" for line in decide))
    print(f"{_both('next')}:")
    print("\n".join(f"  {line}" for line in _calls(plan, arguments.folder)))
    return 0


def _calls(plan: Plan, folder: Path) -> Iterator[str]:
    """Calls that can be run as they are printed: the answer of today, the forms of the first time any are due."""
    command = "vetanalysis" if Path(sys.argv[0]).stem == "vetanalysis" else "python -m vetanalysis"
    call = f"{command} {{}} {shlex.quote(str(folder))}"
    yield f"{call.format('assess')} --as-of {plan.years[0]}-start"
    for cutoff in (
        one for year in range(plan.years[0], plan.years[1] + 1) for one in cutoffs(year, plan.calendar)
    ):
        if reporting_units(plan, cutoff):
            yield f"{call.format('template')} --period {cutoff}"
            yield f"{call.format('check')} --as-of {cutoff}"
            return


def _both(line: str) -> str:
    """A line of `new_plan` in both languages, for those who start without having chosen one."""
    said = Said(f"new_plan.{line}")
    return f"{said.vi} / {said.en}"


def _only_from(arguments: argparse.Namespace) -> None:
    given = [name for name in ORDER if name != "years" and getattr(arguments, name)]
    if given:
        raise WrongCall(Said("new_plan.carried_over", options=_options(given)))


def _options(names: Sequence[str]) -> tuple[str, ...]:
    return tuple("--" + name.replace("_", "-") for name in names)


def _write(arguments: argparse.Namespace, ask: Callable[[str], str] | None) -> list[str]:
    said = _answers(arguments, ask)
    name = Text(said["place_name"], arguments.place_name_en or said["place_name"])
    years, starts = said["years"], said["year_starts"]
    last = years[1] + (starts != "01-01")
    span = str(last) if years[0] == last else f"{years[0]}-{last}"
    kind = "title" if of_training(said["target"], known_indicators()) else "title.plain"
    usual = Said(f"new_plan.{kind}", span=span, place=name)
    title = Text(arguments.title or usual.vi, arguments.title_en or arguments.title or usual.en)
    place = (said["place"], name, said["place_kind"])
    province = said["country"] in ("", VIET_NAM) and said["place_kind"] == "province"
    communes = province and f"{years[0]}-{starts}" >= NO_DISTRICTS
    units = (
        read_units(Path(said["units"]), *place, two_tiers=communes) if said["units"] else place_only(*place)
    )
    return write_new_plan(
        arguments.folder,
        NewPlan(
            title=title, place=said["place"], place_name=name, country=said["country"], years=years,
            year_starts=starts, step=said["step"], window_rule=arguments.window, levels=said["levels"],
            targets=said["target"], units=units,
        ),
    )  # fmt: skip


def _answers(arguments: argparse.Namespace, ask: Callable[[str], str] | None) -> dict[str, Any]:
    """Every part that differs, understood: from the options, else asked, else its default or a WrongCall."""
    given = {name: str(getattr(arguments, name) or "") for name in ORDER}
    given["target"] = ";".join(arguments.target)
    lacking = [name for name in QUESTIONS if not given[name].strip()]
    if lacking and ask is None:
        raise WrongCall(Said("new_plan.lacking", options=_options(lacking)))
    asked = ask if lacking else None
    said: dict[str, Any] = {}
    for name in ORDER:
        said[name] = _answer(name, given[name], said, None if given[name] else asked)
    still = [name for name in QUESTIONS if not said[name]]
    if still:
        raise WrongCall(Said("new_plan.not_answered", names=still))
    if said["levels"] is None:
        counted = any(one.by_level for one in said["target"])
        said["levels"] = _understood("levels", DEFAULT_LEVELS, said) if counted else []
    said["target"] = with_levels(with_stocks(said["target"], said["stocks"]), said["levels"])
    return said


def _answer(name: str, given: str, said: Mapping[str, Any], ask: Callable[[str], str] | None) -> Any:
    """One part, asked again while an answer is not understood."""
    if ask is None:
        return _understood(name, given, said)
    names = own_counts(said["target"]) if name == "stocks" and said["years"] else ()
    if name == "stocks" and not names:
        return []
    question = Said(f"new_plan.question.{name}", names=names) if names else Said(f"new_plan.question.{name}")
    for left in reversed(range(_NO_MORE)):
        try:
            return _understood(name, ask(f"{question.vi}\n  {question.en}: "), said)
        except EOFError:
            return _understood(name, "", said)
        except WrongCall as error:
            if not left:
                raise
            print(f"{error.told('vi')}\n{error.told('en')}", file=sys.stderr)
    raise AssertionError("unreachable")


def _understood(name: str, given: str, said: Mapping[str, Any]) -> Any:
    """A part as it was given, also in the quotes and behind the option in which a call to copy shows it."""
    text = given.strip().removeprefix(_options([name])[0]).strip()
    if name == "target":
        text = text.replace(" --target ", ";")
    pieces = [
        part.strip().strip("\"'“”").strip() for part in re.split(";" if name == "target" else "\0", text)
    ]
    text, told = pieces[0], [part for part in pieces if part]
    if name == "target":
        known = known_indicators()
        return [parse_target(part, said["years"][1], known) for part in told] if said["years"] else told
    if name == "levels":
        named = [part.strip() for part in text.split(",") if part.strip()]
        return None if not named else [] if text.lower() in NOTHING else [parse_level(part) for part in named]
    if name == "stocks":
        stocks = [part for part in re.split(r"[\s,;]+", text) if part]
        found = with_stocks(said["target"], stocks) if stocks else []
        return [one.indicator for one in found if one.own and one.stock]
    if name == "step" and text not in ("", *STEPS):
        raise WrongCall(Said("new_plan.bad_step", given=text, known=tuple(STEPS)))
    readers: dict[str, Callable[[str], Any]] = {
        "years": parse_years, "year_starts": parse_year_start, "country": parse_country, "place_kind": parse_kind,
    }  # fmt: skip
    usual = {"year_starts": "01-01", "place_kind": "province", "step": "quarter"}
    return readers[name](text) if text and name in readers else text or usual.get(name, "")


def parse_years(given: str) -> tuple[int, int]:
    """`2026` or `2026-2028` as first and last plan year."""
    match = re.fullmatch(r"(\d{4})(?:\s*[-:–]\s*(\d{4}))?", given.strip())
    if match is None:
        raise WrongCall(Said("new_plan.bad_years", given=given))
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise WrongCall(Said("new_plan.years_reversed", given=given, first=first, last=last))
    return first, last


def parse_year_start(given: str) -> str:
    """`09-01` or `9-1` as a month and day; WrongCall for anything else."""
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", given.strip())
    if match is None or not (1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31):
        raise WrongCall(Said("new_plan.bad_year_start", given=given))
    return f"{int(match[1]):02d}-{int(match[2]):02d}"


def parse_country(given: str) -> str:
    """`vn` as "VN"; WrongCall for what is no code of two letters."""
    if not re.fullmatch("[A-Za-z]{2}", given.strip()):
        raise WrongCall(Said("new_plan.bad_country", given=given))
    return given.strip().upper()


def parse_kind(given: str) -> str:
    """The kind of a unit: one of those that every plan knows, or one of the plan's own."""
    if not ID.fullmatch(given.strip()):
        raise WrongCall(Said("new_plan.bad_kind", given=given, known=UNIT_KINDS))
    return given.strip()


# What holds for one year only. The rest is carried as it stands.
LEFT_OUT = ("extends", "follows", "corrections", "notes", "issuing_text")
BLANK = ("number", "date")
LOOKED_AT = ("title", "number", "follows", "citations", "targets", "bodies", "report_signatory")


def write_next_plan(folder: Path, source: str | Path, years: tuple[int, int] | None = None) -> list[str]:
    """Write a plan for `years` (default: the years after those of `source`); returns what is to be decided.

    Carried: calendar, levels, groups, bodies, tasks, signatories, units with their validity dates and where they lie,
    indicators and with them the forms, the crosswalk, the plan's own words. Units that the crosswalk names as
    successors are added. Targets keep their values with certainty "unverified" until someone decides them; quotas wait
    for their values. The new plan follows the old one, whose quotas and returns stay where they are and are read there.
    """
    old = load_plan(source)
    files = read_plan_files(old.folder, lambda name: load_plan(name).folder)
    own = own_years(old)
    first, last = years or (old.years[1] + 1, old.years[1] + 1 + (own[1] - own[0]))
    content, units = _content(files, old, own, (first, last)), with_successors(old)
    later = first > old.years[1]
    quotas = _open_quotas(files.quotas if later else files.quotas.iloc[:0], own, (first, last))
    with building(folder) as place:
        (place / "plan.yaml").write_text(_text(content, old), encoding="utf-8")
        write_table(units, place / "units.csv")
        write_table(quotas, place / "quotas.csv")
        write_table(files.indicators, place / "indicators.csv")
        for table in OPTIONAL_TABLES:
            if len(getattr(files, table)):
                write_table(getattr(files, table), place / f"{table}.csv")
        drawn = set(units.loc[units["code"].isin(old.shapes.of if old.shapes else ()), "kind"])
        new = units.iloc[len(old.units) :]  # a new unit has no shape yet
        for path in _carried_files(old.folder, shapes=not drawn & set(new["kind"])):
            shutil.copyfile(path, place / path.name)
    return [
        *to_decide(folder),
        *_left_behind(old, quotas),
        *_old_years(folder, old.years[1], (first, last)),
        *_idle(load_plan(folder)),
    ]


def _carried_files(folder: Path, *, shapes: bool) -> list[Path]:
    """Words and shapes of a plan, its own before those of the plans it extends; shapes, where no unit is new."""
    found: dict[str, Path] = {}
    for each in plan_folders(folder):
        for path in sorted([*each.glob("words.yaml"), *each.glob(LANGUAGE_FILES), *each.glob(SHAPES_FILE)]):
            found.setdefault(path.name, path)
    return [path for name, path in found.items() if shapes or name != SHAPES_FILE]


def _open_quotas(quotas: pd.DataFrame, old: tuple[int, int], new: tuple[int, int]) -> pd.DataFrame:
    """A row without a value for each quota of the old years, moved to the new ones: none until somebody fills it in.

    The last year stands for the last, the one before for the one before, the first for all that have none.
    """
    years = range(new[0], new[1] + 1)
    of = {year: min(max(year - new[1] + old[1], old[0]), old[1]) for year in years}
    found = [quotas[quotas["period"].str.startswith(f"{of[year]}-")] for year in years]
    moved = [
        rows.assign(period=[f"{year}{period[4:]}" for period in rows["period"]], value="", source="")
        for year, rows in zip(years, found, strict=True)
    ]
    return pd.concat(moved, ignore_index=True)


def _left_behind(old: Plan, quotas: pd.DataFrame) -> Iterator[str]:
    """What is open or stays with the old plan but stands in no marked line."""
    if len(quotas):
        yield Said("new_plan.open_quotas", count=len(quotas)).get("en")
    if any((one / ASSUMPTIONS).is_file() for one in plan_folders(old.folder)):
        yield Said("new_plan.assumptions", file=ASSUMPTIONS, old=old.name).get("en")


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


def own_years(plan: Plan) -> tuple[int, int]:
    """The years a plan is made for: those that its title names where its `years` begin earlier, to hold past figures.

    All of them where it follows another plan, in which the past stays, where the title names none, or where nothing is
    asked of one year alone: neither quotas nor a count, only rates by the last year.
    """
    first, last = plan.years
    by_year = len(plan.quotas) or any(one.counts and not one.since for one in plan.targets)
    if plan.follows or not by_year:
        return first, last
    named = {int(year) for year in re.findall(r"\b\d{4}\b", plan.title.vi)} & set(range(first, last + 1))
    return min(named, default=first), last


def _content(files: PlanFiles, old: Plan, own: tuple[int, int], years: tuple[int, int]) -> dict[str, Any]:
    kept = {key: value for key, value in files.raw.items() if key not in LEFT_OUT}
    kept |= {key: "" for key in BLANK if key in kept}
    kept["years"] = list(years)
    moved = dict(zip(map(str, own), map(str, years), strict=True))
    if old.calendar.year_starts != "01-01":  # a year is named by the calendar year it ends in, too
        moved[str(own[1] + 1)] = str(years[1] + 1)
    for name in {"title", "title_in"} & set(kept):
        kept[name] = {lang: _renamed(text, moved) for lang, text in kept[name].items()}
    kept["targets"] = [_target(target, old, years) for target in kept["targets"]]
    if years[0] <= old.years[1]:
        return kept
    at = list(kept).index("years") + 1
    return dict([*list(kept.items())[:at], ("follows", old.asked_for), *list(kept.items())[at:]])


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


def _shifted(period: Any, years_on: int, within: tuple[int, int]) -> Any:
    """A cut-off as many years on, within the new plan's years; of a total over several years both ends."""
    if isinstance(period, list):
        ends = [_shifted(one, years_on, within) for one in period]
        return ends if ends[0] != ends[1] else ends[1]
    year = min(max(int(period[:4]) + years_on, within[0]), within[1])
    return f"{year}{period[4:]}"


def _renamed(text: str, years: Mapping[str, str]) -> str:
    return re.sub(r"\b\d{4}\b", lambda found: years.get(found[0], found[0]), text)


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
        if re.search(rf"\b{old}\b", line) and not line.startswith(("#", "follows:"))
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
