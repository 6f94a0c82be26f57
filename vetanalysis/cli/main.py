"""The command line: `vetanalysis VERB PLAN`. It parses, calls the library and turns errors into exit codes.

Exit codes: 0 done (warnings allowed), 1 data refused or a job failed, 2 a wrong call, 130 interrupted. What a
verb does is imported when it runs, so that `--help` and a run with nothing to do come at once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.errors import VetanalysisError, WrongCall
from vetanalysis.hashes import SEED
from vetanalysis.paths import absolute, notebooks_root
from vetanalysis.periods import parse_day

Verbs = argparse._SubParsersAction

EXAMPLES = """examples / ví dụ:
  vetanalysis assess lang-son-2023 --as-of 2023-start
  vetanalysis report lang-son-2023 --as-of 2023-start --returns none
  vetanalysis assess viet-nam-2025 --as-of 2023-start --known-by 2023-02-01
PLAN is a folder or a name under data/plans. See `vetanalysis VERB --help`."""
OF_VERB = {  # what the verb does in Vietnamese, and calls to copy
    "assess": (
        "in xác suất đạt, khoảng dự báo và mức bằng chứng của từng chỉ tiêu",
        "vetanalysis assess lang-son-2023 --as-of 2023-start --lang vi",
        "vetanalysis assess viet-nam-2025 --as-of 2023-start --known-by 2023-02-01",
        "vetanalysis assess lang-son-2023-example --as-of 2023-9M --unit 186",
    ),
    "report": (
        "chạy các sổ tính, ghi tệp Word, trang web và trang mục lục",
        "vetanalysis report lang-son-2023 --as-of 2023-start --returns none",
        "vetanalysis report lang-son-2023-example --as-of 2023-9M --unit 20 186 --lang vi",
        "vetanalysis report lang-son-2023-example --as-of 2023-9M --all-units --dry-run",
    ),
    "check": (
        "đọc báo cáo nhận được: ai đã gửi, sai ở ô nào, cần liên hệ ai",
        "vetanalysis check lang-son-2023-example --as-of 2023-9M",
        "vetanalysis check lang-son-2023-example --as-of 2023-9M --known-by 2023-09-20 --all",
        "vetanalysis check lang-son-2023-example --as-of 2023-9M --reminders letters --csv findings.csv",
    ),
    "template": (
        "in biểu mẫu gửi các đơn vị phải báo cáo, mỗi đơn vị một tệp",
        "vetanalysis template lang-son-2023 --period 2023-Q1",
        "vetanalysis template lang-son-2023 --period 2023-9M --unit 178 cdn-ls --out forms",
        "vetanalysis template lang-son-2023-example --past-year 2022",
    ),
    "track-record": (
        "các nhận định trước đây đúng đến đâu",
        "vetanalysis track-record lang-son-2023-example --lang vi",
        "vetanalysis track-record viet-nam-2025 --returns none",
    ),
}


EXAMPLES_OF_NEW_PLAN = """examples:
  vetanalysis new-plan plans/ha-giang-2026 --place 02 --place-name "tỉnh Hà Giang" --years 2026 \\
      --target "trained_rate>=65%"
  vetanalysis new-plan plans/schools-2025 --place S --place-name "Mạng lưới trường" --years 2025 --year-starts 09-01 \\
      --target "dropout_rate<=4%" --target "people_enrolled>=5000" --units units.csv
  vetanalysis new-plan plans/lang-son-2024 --from lang-son-2023
At a terminal the verb asks for what is missing. FOLDER must not exist yet."""
DEFAULT_LEVELS = "elementary,intermediate,college,-short_course"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code and never raises what the package raises on purpose."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding="utf-8", errors="replace"
            )  # a Windows console may use a legacy code page
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except VetanalysisError as error:
        told = [error.told(lang) for lang in _reader(arguments)]
        print("\n".join(f"vetanalysis: {text}" for text in dict.fromkeys(told)), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # whoever read the output has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print(Said("cli.interrupted").get("en"), file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="vetanalysis",
        description="Will the plan's targets be reached, and what would it take?\n"
        "Chỉ tiêu của kế hoạch có đạt không, và cần gì để đạt?",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_assess(verbs)
    _add_report(verbs)
    _add_check(verbs)
    _add_template(verbs)
    _add_new_plan(verbs)
    _add_track_record(verbs)
    _add_notebooks(verbs)
    return top


def _add_assess(verbs: Verbs) -> None:
    verb = _verb(verbs, "assess", "print each target's probability, range and evidence", _assess)
    _question(verb)
    verb.add_argument(
        "--unit", default="", metavar="CODE", help="a unit of the plan (default: its own place)"
    )
    verb.add_argument("--lang", default="vi,en", metavar="LIST", help="vi, en or vi,en (default)")


def _add_report(verbs: Verbs) -> None:
    verb = _verb(verbs, "report", "run the notebooks and write Word, HTML and the index page", _report)
    _question(verb)
    which = verb.add_mutually_exclusive_group()
    which.add_argument(
        "--unit", nargs="+", action="extend", default=[], metavar="CODE", help="units of the plan"
    )
    which.add_argument(
        "--all-units", action="store_true", help="the plan's place and every unit with a quota"
    )
    verb.add_argument("--lang", default="vi,en", metavar="LIST", help="vi, en or vi,en (default)")
    verb.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="reports folder (default: reports)"
    )
    verb.add_argument("--pdf", action="store_true", help="also PDF of the Word file; needs LibreOffice")
    verb.add_argument("--jobs", type=int, default=2, metavar="N", help="notebooks side by side (default 2)")
    verb.add_argument("--plain-kernels", action="store_true", help="start every kernel anew (slower)")
    verb.add_argument("--quiet", action="store_true", help="print only what failed")
    verb.add_argument(
        "--log", type=Path, default=None, metavar="FILE", help="also write every line here, with its time"
    )
    verb.add_argument("--dry-run", action="store_true", help="say what would run and why, and run nothing")
    verb.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="run on the Dask cluster at this address, tcp://HOST:8786",
    )


def _add_check(verbs: Verbs) -> None:
    verb = _verb(verbs, "check", "read the returns: who sent, what is wrong and where, whom to phone", _check)
    verb.add_argument(
        "--as-of", required=True, metavar="CUTOFF", help="for instance 2023-Q1, 2023-9M, 2023-FY"
    )
    verb.add_argument(
        "--returns", default="default", metavar="DIR", help="folder of returns (default: the plan's)"
    )
    verb.add_argument(
        "--known-by", default="", metavar="DAY", help="ISO day: as the ledger stood that evening"
    )
    verb.add_argument("--lang", default="vi", choices=("vi", "en"), help="language (default vi)")
    verb.add_argument("--all", action="store_true", help="print notes and settled findings too")
    verb.add_argument("--without", nargs="+", default=[], metavar="RULE", help="rules not applied")
    verb.add_argument("--csv", type=Path, default=None, metavar="FILE", help="write all findings as a table")
    verb.add_argument(
        "--reminders", type=Path, default=None, metavar="DIR", help="write a letter per unit to phone"
    )


def _add_template(verbs: Verbs) -> None:
    verb = _verb(verbs, "template", "write the forms to send out, one workbook per unit", _template)
    when = verb.add_mutually_exclusive_group(required=True)
    when.add_argument("--period", metavar="CUTOFF", help="for instance 2023-Q1")
    when.add_argument(
        "--past-year", type=int, metavar="YEAR", help="a past year: its four cut-offs on one sheet"
    )
    verb.add_argument(
        "--unit", nargs="+", default=[], metavar="CODE", help="units (default: all that must report)"
    )
    verb.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="folder (default: forms/PLAN/PERIOD)"
    )


def _add_new_plan(verbs: Verbs) -> None:
    verb = verbs.add_parser(
        "new-plan",
        help="write a commented plan folder that runs at once / lập thư mục kế hoạch mới có chú thích",
        description="Write a commented plan folder that runs at once; what only you can decide is marked.\n"
        "Lập thư mục kế hoạch mới có chú thích, chạy được ngay; chỗ phải quyết định được đánh dấu.",
        epilog=EXAMPLES_OF_NEW_PLAN,
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
    verb.set_defaults(run=_new_plan)


def _add_track_record(verbs: Verbs) -> None:
    verb = _verb(verbs, "track-record", "how often such statements came true before", _track_record)
    verb.add_argument("--lang", default="vi,en", metavar="LIST", help="vi, en or vi,en (default)")
    verb.add_argument(
        "--returns", default="default", metavar="PATH", help="folder of returns; none leaves them out"
    )
    verb.add_argument("--published", default="default", metavar="PATH", help="folder of published figures")
    verb.add_argument(
        "--every", type=int, default=None, metavar="N", help="ETS and Theta see every Nth place (default 8)"
    )
    verb.add_argument(
        "--store", action="store_true", help="write the package's table (ETS and Theta on every place)"
    )
    verb.add_argument("--date", default="", metavar="DAY", help="ISO day noted in the table")
    verb.add_argument("--seed", type=int, default=SEED, help=f"seed of the simulated draws (default {SEED})")


def _add_notebooks(verbs: Verbs) -> None:
    verb = verbs.add_parser(
        "notebooks", help="copy the notebooks into a folder / chép các sổ tính ra một thư mục"
    )
    verb.add_argument("folder", metavar="FOLDER", type=Path, help="where they go, for instance notebooks")
    verb.set_defaults(run=_notebooks)


def _verb(
    verbs: Verbs, name: str, text: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    vi, *calls = OF_VERB[name]
    listed = "\n".join(f"  {call}" for call in calls)
    verb = verbs.add_parser(
        name,
        help=f"{text} / {vi}",
        description=f"{text}\n{vi}",
        epilog=f"examples / ví dụ:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_argument("plan", metavar="PLAN", help="a plan folder or a name under data/plans")
    verb.set_defaults(run=run)
    return verb


def _question(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--as-of", required=True, metavar="CUTOFF", help="for instance 2023-start, 2023-9M, 2023-FY"
    )
    verb.add_argument(
        "--returns", default="default", metavar="PATH", help="folder of returns; none leaves them out"
    )
    verb.add_argument(
        "--published",
        default="default",
        metavar="PATH",
        help="folder of published figures; none leaves them out",
    )
    verb.add_argument(
        "--known-by", default="", metavar="DAY", help="ISO day: read nothing that became known later"
    )
    verb.add_argument("--seed", type=int, default=SEED, help=f"seed of the simulated draws (default {SEED})")


def _reader(arguments: argparse.Namespace) -> Sequence[str]:
    """The languages the caller asked for; both where nothing (or nothing we know) was asked for."""
    asked = [part.strip() for part in str(getattr(arguments, "lang", "")).split(",")]
    return [lang for lang in LANGUAGES if lang in asked] or LANGUAGES


def languages(given: str) -> list[str]:
    """`"vi,en"` as a list; WrongCall for anything that is not a language of the package."""
    chosen = [part.strip() for part in given.split(",") if part.strip()]
    if not chosen or any(part not in LANGUAGES for part in chosen):
        raise WrongCall(Said("cli.lang", given=given, known=LANGUAGES))
    return list(dict.fromkeys(chosen))


def _assess(arguments: argparse.Namespace) -> int:
    from vetanalysis.narrative.tables import answer
    from vetanalysis.study import open_study

    langs = languages(arguments.lang)
    study = open_study(
        arguments.plan,
        arguments.as_of,
        unit=arguments.unit,
        lang=langs[0],
        returns=arguments.returns,
        published=arguments.published,
        known_by=arguments.known_by,
        seed=arguments.seed,
    )
    print("\n\n".join(answer(study, lang) for lang in langs))
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.report import report

    _at_least_one("--jobs", arguments.jobs)
    for name in ("plan", "returns", "published"):  # the notebooks run in a folder of their own
        setattr(arguments, name, absolute(getattr(arguments, name)))
    return report(arguments, languages(arguments.lang))


def _check(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.check import check

    return check(arguments, arguments.lang)


def _template(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.check import template

    return template(arguments)


def _new_plan(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.new_plan import run

    return run(arguments)


def _track_record(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.track_record import run

    langs = languages(arguments.lang)
    if arguments.store and parse_day(arguments.date) is None:
        raise WrongCall(Said("cli.store_day", given=arguments.date))
    if arguments.every is not None:
        _at_least_one("--every", arguments.every)
    return run(arguments, langs)


def _at_least_one(option: str, given: int) -> None:
    if given < 1:
        raise WrongCall(Said("cli.at_least_one", option=option, given=given))


def _notebooks(arguments: argparse.Namespace) -> int:
    print("\n".join(str(path) for path in copy_notebooks(arguments.folder)))
    return 0


def copy_notebooks(folder: str | Path) -> list[Path]:
    """Copy every notebook into `folder` and return the copies; WrongCall where one of them is there already."""
    folder = Path(folder)
    sources = sorted(notebooks_root().glob("*.ipynb"))
    there = [path.name for path in sources if (folder / path.name).exists()]
    if there:
        raise WrongCall(Said("cli.notebooks_there", folder=str(folder), names=there))
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(path, folder / path.name)) for path in sources]
