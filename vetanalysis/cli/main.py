"""The command line: `vetanalysis VERB PLAN`. It parses, calls the library and turns errors into exit codes.

Exit codes: 0 done (warnings allowed), 1 data refused or a job failed, 2 a wrong call, 130 interrupted.

The verb `track-record`: the tables in the terminal, and the stored table of the package.

The notebooks of the package as files of one's own: to open, change and run outside the repository.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vetanalysis.blocks import LANGUAGES, Text
from vetanalysis.cli.forms import add_verbs
from vetanalysis.cli.new_plan import add_new_plan
from vetanalysis.errors import VetanalysisError, WrongCall
from vetanalysis.language.numbers import years_of
from vetanalysis.narrative.tables import ILLUSTRATIVE, columns
from vetanalysis.paths import absolute, notebooks_root
from vetanalysis.periods import parse_day

if TYPE_CHECKING:
    from vetanalysis.blocks import Sentence
    from vetanalysis.plan import Plan
    from vetanalysis.track.record import TrackRecord


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
        print("vetanalysis: interrupted; finished reports stay, the next run continues", file=sys.stderr)
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

    assess = _verb(verbs, "assess", "print each target's probability, range and evidence", _assess)
    _question(assess)
    assess.add_argument(
        "--unit", default="", metavar="CODE", help="a unit of the plan (default: its own place)"
    )
    assess.add_argument("--lang", default="vi,en", metavar="LIST", help="vi, en or vi,en (default)")

    report = _verb(verbs, "report", "run the notebooks and write Word, HTML and the index page", _report)
    _question(report)
    which = report.add_mutually_exclusive_group()
    which.add_argument(
        "--unit", nargs="+", action="extend", default=[], metavar="CODE", help="units of the plan"
    )
    which.add_argument(
        "--all-units", action="store_true", help="the plan's place and every unit with a quota"
    )
    report.add_argument("--lang", default="vi,en", metavar="LIST", help="vi, en or vi,en (default)")
    report.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="reports folder (default: reports)"
    )
    report.add_argument("--pdf", action="store_true", help="also PDF of the Word file; needs LibreOffice")
    report.add_argument("--jobs", type=int, default=2, metavar="N", help="notebooks side by side (default 2)")
    report.add_argument("--plain-kernels", action="store_true", help="start every kernel anew (slower)")
    report.add_argument("--quiet", action="store_true", help="print only what failed")
    report.add_argument(
        "--log", type=Path, default=None, metavar="FILE", help="also write every line here, with its time"
    )
    report.add_argument("--dry-run", action="store_true", help="say what would run and why, and run nothing")
    report.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="run on the Dask cluster at this address, tcp://HOST:8786",
    )

    add_verbs(_verb, verbs)
    add_new_plan(verbs)
    _add_track_record(verbs)
    own = verbs.add_parser(
        "notebooks", help="copy the notebooks into a folder / chép các sổ tính ra một thư mục"
    )
    own.add_argument("folder", metavar="FOLDER", type=Path, help="where they go, for instance notebooks")
    own.set_defaults(run=_notebooks)
    return top


def _add_track_record(verbs: argparse._SubParsersAction) -> None:
    track = _verb(verbs, "track-record", "how often such statements came true before", _track_record)
    track.add_argument("--lang", default="vi,en", metavar="LIST", help="vi, en or vi,en (default)")
    track.add_argument(
        "--returns", default="default", metavar="PATH", help="folder of returns; none leaves them out"
    )
    track.add_argument("--published", default="default", metavar="PATH", help="folder of published figures")
    track.add_argument(
        "--every", type=int, default=None, metavar="N", help="ETS and Theta see every Nth place (default 8)"
    )
    track.add_argument(
        "--store", action="store_true", help="write the package's table (ETS and Theta on every place)"
    )
    track.add_argument("--date", default="", metavar="DAY", help="ISO day noted in the table")
    track.add_argument("--seed", type=int, default=1, help="seed of the simulated draws (default 1)")


def _verb(verbs: argparse._SubParsersAction, name: str, text: str, run: object) -> argparse.ArgumentParser:
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
    verb.add_argument("--seed", type=int, default=1, help="seed of the simulated draws (default 1)")


def _reader(arguments: argparse.Namespace) -> Sequence[str]:
    """The languages the caller asked for; both where nothing (or nothing we know) was asked for."""
    asked = [part.strip() for part in str(getattr(arguments, "lang", "")).split(",")]
    return [lang for lang in LANGUAGES if lang in asked] or LANGUAGES


def languages(given: str) -> list[str]:
    """`"vi,en"` as a list; WrongCall for anything that is not a language of the package."""
    chosen = [part.strip() for part in given.split(",") if part.strip()]
    wrong = [part for part in chosen if part not in LANGUAGES]
    if wrong or not chosen:
        known = ", ".join(LANGUAGES)
        raise WrongCall(
            Text(
                f"--lang {given!r}: dùng {known} hoặc cả hai, cách nhau dấu phẩy",
                f"--lang {given!r}: use {known} or both separated by a comma",
            )
        )
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

    if arguments.jobs < 1:
        raise WrongCall(
            Text(f"--jobs {arguments.jobs}: dùng số từ 1 trở lên", f"--jobs {arguments.jobs}: use 1 or more")
        )
    for name in ("plan", "returns", "published"):  # the notebooks run in a folder of their own
        setattr(arguments, name, absolute(getattr(arguments, name)))
    return report(arguments, languages(arguments.lang))


def _notebooks(arguments: argparse.Namespace) -> int:

    print("\n".join(str(path) for path in copy_notebooks(arguments.folder)))
    return 0


def _track_record(arguments: argparse.Namespace) -> int:

    return run(arguments, languages(arguments.lang))


TITLES = {
    "words": Text("Nhận định về tỷ lệ đáng giá đến đâu", "What the words on rates were worth"),
    "coverage": Text("Khoảng dự báo có chứa số thực tế không", "Did the ranges hold what came"),
    "skill": Text("So với các cách làm khác", "Beside other methods"),
    "said": Text("Đã nói gì trong năm, kết quả ra sao", "What was said within the year, what came"),
    "people": Text("Nhận định về số người đáng giá đến đâu", "What the words on people were worth"),
    "scores": Text("Theo kỳ báo cáo, cả kế hoạch và từng đơn vị", "By cut-off, plan and units"),
    "notes": Text("Cách làm và giới hạn", "How it was made, and its limits"),
}


def run(arguments: argparse.Namespace, langs: list[str]) -> int:
    """Print the record of a plan in each language; with `--store` write the package's table."""
    from vetanalysis.loading import load_observations
    from vetanalysis.plan import load_plan
    from vetanalysis.track.record import EVERY, track_record

    if arguments.store and parse_day(arguments.date) is None:
        raise WrongCall(
            Text(
                f"--store cần ngày lập bảng: --date 2026-11-24, không phải {arguments.date!r}",
                f"--store needs the day it is made on: --date 2026-11-24, not {arguments.date!r}",
            )
        )
    if arguments.every is not None and arguments.every < 1:
        raise WrongCall(
            Text(
                f"--every {arguments.every}: dùng số từ 1 trở lên",
                f"--every {arguments.every}: use 1 or more",
            )
        )
    plan = load_plan(arguments.plan)
    returns = None if arguments.returns == "none" else arguments.returns
    published = None if arguments.published == "none" else arguments.published
    obs = load_observations(plan, returns=returns, published=published)
    every = arguments.every or (1 if arguments.store else EVERY)
    record = track_record(plan, obs, returns=returns, every=every, seed=arguments.seed)
    with years_of(plan.calendar):
        print("\n\n".join(text_of(record, plan, lang) for lang in langs))
    if arguments.store:
        from vetanalysis.track.storing import store

        print(store(record, plan.name, arguments.date), file=sys.stderr)
    return 0


def text_of(record: TrackRecord, plan: Plan, lang: str) -> str:
    """The whole record as text: each table followed by its sentence."""
    from vetanalysis.narrative import record as said
    from vetanalysis.track import statements as worded

    parts = [f"{plan.title.get(lang)} ({plan.name})"]
    if record.about["statements"]:
        words = worded.words_table(record, "rate", lang)
        parts += [
            _part("words", lang, words, said.reading_of_words(record, "rate", lang)),
            _part(
                "coverage", lang, worded.coverage_table(record, lang), said.reading_of_coverage(record, lang)
            ),
            _part("skill", lang, worded.skill_table(record, lang), said.reading_of_skill(record, lang)),
        ]
    if len(record.in_year):
        if record.illustrative:
            parts.append(ILLUSTRATIVE.get(lang))
        place = plan.place.code
        statements = worded.said_and_came(record, place, lang)
        words = worded.words_table(record, "people", lang)
        corrected = said.reading_of_revisions(record, lang)
        scores = worded.people_table(record, lang)
        parts += [
            _part("said", lang, statements, said.reading_of_year(record, place, lang)),
            _part("people", lang, words, said.reading_of_words(record, "people", lang)),
            _part("scores", lang, scores, said.reading_of_people(record, lang), corrected),
        ]
    notes = [f"- {note.get(lang)}" for note in record.notes]
    parts.append("\n".join([TITLES["notes"].get(lang), *notes]))
    return "\n\n".join(parts)


def _part(title: str, lang: str, table: tuple, *sentences: Sentence | None) -> str:
    heads, rows = table
    lines = columns([heads, *rows]) if rows else []
    said = [sentence.text for sentence in sentences if sentence is not None]
    return "\n".join([TITLES[title].get(lang), *lines, *said])


def copy_notebooks(folder: str | Path) -> list[Path]:
    """Copy every notebook into `folder` and return the copies; WrongCall where one of them is there already."""
    folder = Path(folder)
    sources = sorted(notebooks_root().glob("*.ipynb"))
    there = [path.name for path in sources if (folder / path.name).exists()]
    if there:
        names = ", ".join(there)
        raise WrongCall(
            Text(
                f"{folder} đã có {names}; chọn thư mục khác",
                f"{folder} holds {names} already; name another folder",
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(path, folder / path.name)) for path in sources]
