"""The verb `new-plan`: options, or questions at a terminal for what was not given.

Next year's plan from this year's: units, levels, bodies and forms carried over, what is open marked.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from vetanalysis.blocks import Text
from vetanalysis.cli.new_plan_parts import MARK, building, to_decide, write_table
from vetanalysis.errors import WrongCall
from vetanalysis.plan import Plan, load_plan
from vetanalysis.plan.files import COLUMNS, PlanFiles, read_plan_files

EXAMPLES = """examples:
  vetanalysis new-plan plans/ha-giang-2026 --place 02 --place-name "tỉnh Hà Giang" --years 2026 \\
      --target "trained_rate>=65%"
  vetanalysis new-plan plans/schools-2025 --place S --place-name "Mạng lưới trường" --years 2025 --year-starts 09-01 \\
      --target "dropout_rate<=4%" --target "people_enrolled>=5000" --units units.csv
  vetanalysis new-plan plans/lang-son-2024 --from lang-son-2023
At a terminal the verb asks for what is missing. FOLDER must not exist yet."""

QUESTIONS = {
    "place": Text("Mã của địa bàn (ví dụ 20)", "Code of the place (for instance 20)"),
    "place_name": Text("Tên địa bàn (ví dụ tỉnh Lạng Sơn)", "Its name in Vietnamese"),
    "years": Text("Năm, hoặc năm đầu-năm cuối (2026 hoặc 2026-2028)", "Year, or first-last"),
    "target": Text(
        "Các chỉ tiêu, cách nhau dấu chấm phẩy (trained_rate>=65%; people_enrolled>=13500)",
        "The targets, separated by semicolons",
    ),
}
OPTIONAL = {
    "year_starts": Text(
        "Năm kế hoạch bắt đầu từ (tháng-ngày; Enter: 01-01)", "First day of the plan year, MM-DD"
    ),
    "levels": Text("Các trình độ (Enter: sơ cấp, trung cấp, cao đẳng)", "Levels, separated by commas"),
    "units": Text("Tệp CSV có danh sách đơn vị (Enter: chưa có)", "CSV file of the units, if there is one"),
}
DEFAULT_LEVELS = "elementary,intermediate,college,-short_course"


def add_new_plan(verbs: argparse._SubParsersAction) -> None:
    """Add the parser of the verb."""
    verb = verbs.add_parser(
        "new-plan",
        help="write a commented plan folder that runs at once / lập thư mục kế hoạch mới có chú thích",
        description="Write a commented plan folder that runs at once; what only you can decide is marked.\n"
        "Lập thư mục kế hoạch mới có chú thích, chạy được ngay; chỗ phải quyết định được đánh dấu.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_argument(
        "folder", metavar="FOLDER", type=Path, help="the folder to write; its name is the plan's name"
    )
    verb.add_argument(
        "--from",
        dest="source",
        default="",
        metavar="PLAN",
        help="carry units, forms and texts of this plan over",
    )
    verb.add_argument("--place", default="", metavar="CODE", help="code of the plan's place")
    verb.add_argument("--place-name", default="", metavar="NAME", help="its name in Vietnamese")
    verb.add_argument(
        "--place-name-en", default="", metavar="NAME", help="its name in English (default: the same)"
    )
    verb.add_argument("--title", default="", metavar="TEXT", help="title in Vietnamese")
    verb.add_argument("--title-en", default="", metavar="TEXT", help="title in English")
    verb.add_argument(
        "--years", default="", metavar="YEARS", help="2026, or 2026-2028; the year in which it starts"
    )
    verb.add_argument(
        "--year-starts", default="", metavar="MM-DD", help="day on which a plan year starts (default 01-01)"
    )
    verb.add_argument(
        "--window", default="calendar", choices=("calendar", "decree-09-2019"),
        help="days a period counts: whole months (default) or those of Decree 09/2019",
    )  # fmt: skip
    verb.add_argument(
        "--target", action="append", default=[], metavar="TARGET",
        help='"trained_rate>=65%%"; with a period "dropout_rate<=4%%@2027-FY", with base and concept '
        '"trained_rate>=65%%:labour_force:administrative"; with names for an indicator of your own '
        '"apprentice_share=Tỷ lệ học nghề|Apprentice share>=40%%"; may be repeated',
    )  # fmt: skip
    verb.add_argument(
        "--levels", default="", metavar="LIST",
        help=f'separated by commas (default {DEFAULT_LEVELS}); "bridge=Cầu nối|Bridging course" names a new one, '
        "a leading - leaves a level out of the head count",
    )  # fmt: skip
    verb.add_argument(
        "--units", type=Path, default=None, metavar="FILE", help="CSV with code and name, further columns"
    )
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace, ask: Callable[[str], str] | None = None) -> int:
    """Write the folder and say what is left to decide; `ask` puts a question (None: at a terminal only)."""
    from vetanalysis.cli.new_plan_parts import parse_years
    from vetanalysis.plan import load_plan

    if arguments.source:
        _only_from(arguments)
        years = parse_years(arguments.years) if arguments.years else None
        decide = write_next_plan(arguments.folder, arguments.source, years)
    else:
        decide = _write(arguments, ask or (input if sys.stdin.isatty() else None))
    plan = load_plan(arguments.folder)
    print(f"{arguments.folder}: {plan.title.vi} / {plan.title.en}")
    print(f"Cần quyết định / to decide ({len(decide)}):")
    print("\n".join(f"  {line}" for line in decide))
    print("Tiếp theo / next:")
    print(f'  vetanalysis assess "{arguments.folder}" --as-of {plan.years[1]}-start')
    print(f'  vetanalysis assess "{arguments.folder}" --as-of {plan.years[1]}-H1 --returns figures.csv')
    return 0


def _only_from(arguments: argparse.Namespace) -> None:
    given = [
        name
        for name in ("place", "place_name", "year_starts", "levels", "target", "units")
        if getattr(arguments, name)
    ]
    if given:
        names = ", ".join("--" + name.replace("_", "-") for name in given)
        raise WrongCall(
            Text(
                f"{names}: dùng --from thì các phần này được mang sang; sửa trong tệp sau khi tạo",
                f"{names}: with --from these are carried over; change them in the files afterwards",
            )
        )


def _write(arguments: argparse.Namespace, ask: Callable[[str], str] | None) -> list[str]:
    from vetanalysis.cli.new_plan_parts import (
        NewPlan,
        known_labels,
        parse_level,
        parse_target,
        parse_years,
        read_units,
        write_new_plan,
    )

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
    title = Text(
        arguments.title or f"Kế hoạch giáo dục nghề nghiệp {span}, {name.vi}",
        arguments.title_en
        or arguments.title
        or f"Plan for vocational education and training {span}, {name.en}",
    )
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
        ),
    )


def _answers(arguments: argparse.Namespace, ask: Callable[[str], str] | None) -> dict[str, str]:
    """Every part that differs as text: from the options, else asked, else its default or a WrongCall."""
    given = {name: str(getattr(arguments, name) or "") for name in (*QUESTIONS, *OPTIONAL)}
    given["target"] = ";".join(arguments.target)
    lacking = [name for name in QUESTIONS if not given[name].strip()]
    if lacking and ask is None:
        names = ", ".join("--" + name.replace("_", "-") for name in lacking)
        raise WrongCall(
            Text(
                f"new-plan còn cần {names}; xem ví dụ ở `vetanalysis new-plan --help`",
                f"new-plan also needs {names}; see `vetanalysis new-plan --help` for examples",
            )
        )
    if ask is not None and lacking:
        for name in [*lacking, *(name for name in OPTIONAL if not given[name])]:
            question = (QUESTIONS | OPTIONAL)[name]
            given[name] = ask(f"{question.vi}\n  {question.en}: ").strip()
        still = [name for name in lacking if not given[name]]
        if still:
            raise WrongCall(
                Text(
                    f"chưa trả lời {', '.join(still)}: chưa ghi kế hoạch",
                    f"no answer for {', '.join(still)}: the plan was not written",
                )
            )
    given["year_starts"] = given["year_starts"] or "01-01"
    given["levels"] = given["levels"] or DEFAULT_LEVELS
    return given


def _place_only(place: str, name: Text):
    import pandas as pd

    from vetanalysis.plan.files import COLUMNS

    row = dict.fromkeys(COLUMNS["units"], "")
    row |= {"code": place, "name": name.vi, "short_name": name.vi, "name_en": name.en, "kind": "province"}
    return pd.DataFrame([row], columns=list(COLUMNS["units"]), dtype="str")


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
