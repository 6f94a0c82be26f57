"""The verb `new-plan`: options, or questions at a terminal for what was not given."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from vetanalysis.errors import WrongCall
from vetanalysis.text import Text

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
    from vetanalysis.new_plan.carry_over import write_next_plan
    from vetanalysis.new_plan.parts import parse_years
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
    from vetanalysis.new_plan.parts import parse_level, parse_target, parse_years, read_units
    from vetanalysis.new_plan.writing import NewPlan, known_labels, write_new_plan

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
