"""The verb `new-plan`: a plan from options or from questions at a terminal, or from this year's plan.

For next year (`write_next_plan`) units, levels, bodies and forms are carried over and what is open is marked.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vetanalysis.blocks import Said, Text
from vetanalysis.cli.main import DEFAULT_LEVELS
from vetanalysis.cli.new_plan_folder import (
    NewPlan,
    in_both,
    place_doubts,
    place_only,
    read_units,
    write_new_plan,
)
from vetanalysis.cli.new_plan_next import write_next_plan
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
from vetanalysis.observations.territory import NO_DISTRICTS
from vetanalysis.periods import STEPS, cutoffs
from vetanalysis.plan import Plan, load_plan
from vetanalysis.plan.findings import UNIT_KINDS
from vetanalysis.plan.model import VIET_NAM
from vetanalysis.returns.lists import reporting_units

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
    print(f"{in_both('to_decide')} ({len(decide)}):")
    print("\n".join(f"  {line}" for line in decide))
    print(f"{in_both('next')}:")
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
