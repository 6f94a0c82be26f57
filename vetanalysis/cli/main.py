"""The command line: `vetanalysis VERB PLAN`. It parses, calls the library and turns errors into exit codes.

Exit codes: 0 done (warnings allowed), 1 data refused or a job failed, 2 a wrong call, 130 interrupted. What a
verb does is imported when it runs, so that `--help` and a run with nothing to do come at once.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from vetanalysis import __version__
from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.cli.terminal import paint
from vetanalysis.errors import VetanalysisError, WrongCall
from vetanalysis.hashes import SEED
from vetanalysis.language.lines import plain
from vetanalysis.paths import absolute, plans_root
from vetanalysis.periods import parse_day
from vetanalysis.progress import quiet

Verbs = argparse._SubParsersAction

OF_VERB = {  # calls to copy
    "assess": (
        "vetanalysis assess lang-son-2023 --as-of 2023-start --lang vi",
        "vetanalysis assess viet-nam-2025 --as-of 2023-start --known-by 2023-02-01",
        "vetanalysis assess lang-son-2023-example --as-of 2023-9M --unit 186",
        "vetanalysis assess lang-son-2023 --as-of 2023-start --format csv",
    ),
    "report": (
        "vetanalysis report lang-son-2023 --as-of 2023-start --returns none",
        "vetanalysis report lang-son-2023-example --as-of 2023-9M --unit 20 186 --lang vi",
        "vetanalysis report lang-son-2023-example --as-of 2023-9M --brief --lang vi",
        "vetanalysis report lang-son-2023-example --as-of 2023-9M --what-if",
        "vetanalysis report lang-son-2023-example --as-of 2023-9M --all-units --dry-run",
    ),
    "check": (
        "vetanalysis check lang-son-2023-example --as-of 2023-9M",
        "vetanalysis check lang-son-2023-example --as-of 2023-9M --known-by 2023-09-20 --all",
        "vetanalysis check lang-son-2023-example --as-of 2023-9M --reminders letters --csv findings.csv",
    ),
    "template": (
        "vetanalysis template lang-son-2023 --period 2023-Q1",
        "vetanalysis template lang-son-2023 --period 2023-9M --unit 178 cdn-ls --out forms",
        "vetanalysis template lang-son-2023-example --past-year 2022",
    ),
    "track-record": (
        "vetanalysis track-record lang-son-2023-example --lang vi",
        "vetanalysis track-record viet-nam-2025 --returns none",
    ),
    "seal": (
        "vetanalysis seal signed.docx --plan lang-son-2023-example --as-of 2023-9M --on 2023-10-05",
        "vetanalysis seal signed.docx --plan lang-son-2023-example --as-of 2023-9M --unit 186 --on 2023-10-05",
    ),
    "trace": (
        "vetanalysis trace reports/lang-son-2023-example/2023-9M/20/vi people_enrolled.total",
        "vetanalysis trace reports/lang-son-2023-example/2023-9M/20/vi 'còn thiếu'",
        "vetanalysis trace reports/lang-son-2023-example/2023-9M/20/vi table.by_level --all",
    ),
    "verify": ("vetanalysis verify lang-son-2023-example",),
}
DEFAULT_LEVELS = "elementary,intermediate,college,-short_course"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code and never raises what the package raises on purpose."""
    atexit.register(gc.freeze)  # Python then ends without looking through all that was imported: 0.2 s less
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding="utf-8", errors="replace"
            )  # a Windows console may use a legacy code page
    made = parser()
    if "_ARGCOMPLETE" in os.environ:  # asked by a shell for what could come next
        import argcomplete

        argcomplete.autocomplete(made)
    arguments = made.parse_args(argv)
    try:
        with quiet(getattr(arguments, "quiet", False)):
            return int(arguments.run(arguments))
    except VetanalysisError as error:
        told = [error.told(lang) for lang in _reader(arguments)]
        _refuse(dict.fromkeys(told))
        return error.exit_code
    except BrokenPipeError:  # whoever read the output has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        said = Said("cli.os_error", path=_short(str(error.filename or "-")), why=str(error.strerror or error))
        _refuse(said.get(lang) for lang in _reader(arguments))
        return 1
    except KeyboardInterrupt:
        print(_line("interrupted"), file=sys.stderr)
        return 130


def _refuse(told: Iterable[str]) -> None:
    for text in told:
        print(paint(f"vetanalysis: {text}", "error", sys.stderr), file=sys.stderr)


def _short(path: str) -> str:
    """A path as a message names it: the ends of one that is too long to read."""
    return path if len(path) <= 200 else f"{path[:80]}...{path[-60:]}"


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="vetanalysis",
        description=_both("about", "\n"),
        epilog=f"{_both('examples')}:\n{_line('help.examples')}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument(
        "--version", action="version", version=f"vetanalysis {__version__}", help=_line("help.version")
    )
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_assess(verbs)
    _add_report(verbs)
    _add_check(verbs)
    _add_template(verbs)
    _add_new_plan(verbs)
    _add_track_record(verbs)
    _add_seal(verbs)
    _add_trace(verbs)
    _add_notebooks(verbs)
    _add_completion(verbs)
    return top


def _add_assess(verbs: Verbs) -> None:
    verb = _verb(verbs, "assess", _assess)
    _question(verb)
    _option(verb, "--unit", "CODE", "assess.unit")
    _option(verb, "--lang", "LIST", "lang", default="vi,en")
    _option(verb, "--format", "FORM", "assess.format", choices=("table", "csv", "json"), default="table")
    _switch(verb, "assess", "--quiet")


def _add_report(verbs: Verbs) -> None:
    verb = _verb(verbs, "report", _report)
    _question(verb)
    which = verb.add_mutually_exclusive_group()
    _option(which, "--unit", "CODE", "report.unit", nargs="+", action="extend", default=[])
    _switch(which, "report", "--all-units")
    _option(verb, "--lang", "LIST", "lang", default="vi,en")
    _option(verb, "--out", "DIR", "report.out", type=Path, default=None)
    short = verb.add_mutually_exclusive_group()
    _switch(short, "report", "--brief", "--what-if")
    _switch(verb, "report", "--pdf")
    _option(verb, "--jobs", "N", "report.jobs", type=int, default=2)
    _switch(verb, "report", "--plain-kernels", "--quiet")
    _option(verb, "--log", "FILE", "report.log", type=Path, default=None)
    _switch(verb, "report", "--dry-run")
    _option(verb, "--scheduler", "ADDRESS", "report.scheduler")


def _add_check(verbs: Verbs) -> None:
    verb = _verb(verbs, "check", _check)
    _option(verb, "--as-of", "CUTOFF", "check.as_of", required=True)
    _option(verb, "--returns", "DIR", "check.returns", default="default")
    _option(verb, "--published", "PATH", "published", default="default")
    _option(verb, "--known-by", "DAY", "check.known_by")
    _option(verb, "--lang", "CODE", "check.lang", default="vi")
    _switch(verb, "check", "--all")
    _option(verb, "--without", "RULE", "check.without", nargs="+", default=[])
    _option(verb, "--csv", "FILE", "check.csv", type=Path, default=None)
    _option(verb, "--reminders", "DIR", "check.reminders", type=Path, default=None)
    _switch(verb, "assess", "--quiet")


def _add_template(verbs: Verbs) -> None:
    verb = _verb(verbs, "template", _template)
    when = verb.add_mutually_exclusive_group(required=True)
    _option(when, "--period", "CUTOFF", "template.period", default=None)
    _option(when, "--past-year", "YEAR", "template.past_year", type=int, default=None)
    _option(verb, "--unit", "CODE", "template.unit", nargs="+", default=[])
    _option(verb, "--out", "DIR", "template.out", type=Path, default=None)
    _option(verb, "--lang", "CODE", "template.lang")


def _add_new_plan(verbs: Verbs) -> None:
    verb = _parser(verbs, "new-plan", _line("help.examples.new_plan"), more=".more")
    verb.add_argument("folder", metavar="FOLDER", type=Path, help=_line("help.new_plan.folder"))
    _option(verb, "--from", "PLAN", "new_plan.from", dest="source")
    for option, value in (
        *(("place", "CODE"), ("place-kind", "KIND"), ("place-name", "NAME"), ("place-name-en", "NAME")),
        *(("country", "CODE"), ("title", "TEXT"), ("title-en", "TEXT"), ("years", "YEARS")),
        *(("year-starts", "MM-DD"), ("step", "STEP")),
    ):
        _option(verb, f"--{option}", value, f"new_plan.{option.replace('-', '_')}")
    rules = ("calendar", "decree-09-2019")
    verb.add_argument("--window", default="calendar", choices=rules, help=_line("help.new_plan.window"))
    _option(verb, "--target", "TARGET", "new_plan.target", action="append", default=[])
    _option(verb, "--stocks", "LIST", "new_plan.stocks")
    levels = _line("help.new_plan.levels", levels=DEFAULT_LEVELS)
    verb.add_argument("--levels", default="", metavar="LIST", help=levels)
    _option(verb, "--units", "FILE", "new_plan.units", type=Path, default=None)
    verb.set_defaults(run=_new_plan)


def _add_track_record(verbs: Verbs) -> None:
    verb = _verb(verbs, "track-record", _track_record)
    _option(verb, "--lang", "LIST", "lang", default="vi,en")
    _option(verb, "--returns", "PATH", "returns", default="default")
    _option(verb, "--published", "PATH", "track_record.published", default="default")
    _option(verb, "--every", "N", "track_record.every", type=int, default=None)
    _switch(verb, "track_record", "--store")
    _switch(verb, "assess", "--quiet")
    _option(verb, "--date", "DAY", "track_record.date")
    verb.add_argument("--seed", type=int, default=SEED, help=_line("help.seed", seed=SEED))


def _add_seal(verbs: Verbs) -> None:
    verb = _verb(verbs, "seal", _seal, what="file")
    _option(verb, "--plan", "PLAN", "plan", required=True)
    _option(verb, "--as-of", "CUTOFF", "seal.as_of", required=True)
    _option(verb, "--unit", "CODE", "assess.unit")
    _option(verb, "--on", "DAY", "seal.on", required=True)
    _option(verb, "--reports", "DIR", "seal.reports", type=Path, default=None)
    _option(verb, "--lang", "LIST", "lang", default="vi,en")
    verb = _verb(verbs, "verify", _verify)
    _option(verb, "--lang", "LIST", "lang", default="vi,en")


def _add_trace(verbs: Verbs) -> None:
    verb = _verb(verbs, "trace", _trace, what="report")
    verb.add_argument("sentence", metavar="SENTENCE", help=_line("help.trace.sentence"))
    _switch(verb, "trace", "--all")
    _option(verb, "--lang", "CODE", "check.lang", default="vi")


def _add_notebooks(verbs: Verbs) -> None:
    verb = verbs.add_parser("notebooks", help=_both("verb.notebooks"))
    verb.add_argument("folder", metavar="FOLDER", type=Path, help=_line("help.notebooks.folder"))
    verb.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0], help=_line("help.notebooks.lang"))
    verb.set_defaults(run=_notebooks)


def _add_completion(verbs: Verbs) -> None:
    verb = _parser(verbs, "completion", _line("help.completion"))
    verb.add_argument("shell", choices=("bash", "zsh", "fish", "powershell"))
    verb.set_defaults(run=_completion)


def _plans(**_: Any) -> list[str]:
    """The names of the plans at hand, for a shell that completes."""
    return sorted(path.parent.name for path in plans_root().glob("*/plan.yaml"))


def _option(to: argparse._ActionsContainer, name: str, value: str, line: str, **more: Any) -> None:
    """An option with a value; `line`: of its help in `cli.yaml`."""
    to.add_argument(name, metavar=value, help=_line(f"help.{line}"), **{"default": "", **more})


def _switch(to: argparse._ActionsContainer, verb: str, *names: str) -> None:
    """Options without a value, with the help that the verb has by their names."""
    for name in names:
        line = f"help.{verb}.{name.removeprefix('--').replace('-', '_')}"
        to.add_argument(name, action="store_true", help=_line(line))


def _verb(
    verbs: Verbs, name: str, run: Callable[[argparse.Namespace], int], what: str = "plan"
) -> argparse.ArgumentParser:
    """A verb with its words and examples; `what`: whether it is asked of a plan, a file or a report."""
    listed = "\n".join(f"  {call}" for call in OF_VERB[name])
    verb = _parser(verbs, name, f"{_both('examples')}:\n{listed}")
    if what == "plan":
        plan = verb.add_argument("plan", metavar="PLAN", help=_line("help.plan"))
        plan.completer = _plans  # type: ignore[attr-defined]  # as argcomplete asks
    elif what == "file":
        verb.add_argument("file", type=Path, metavar="FILE.docx", help=_line("help.seal.file"))
    else:
        verb.add_argument("report", type=Path, metavar="REPORT", help=_line("help.trace.report"))
    verb.set_defaults(run=run)
    return verb


def _parser(verbs: Verbs, name: str, epilog: str, more: str = "") -> argparse.ArgumentParser:
    """A verb with its words in both languages; `more`: of the line that says more than the list of verbs does."""
    return verbs.add_parser(
        name,
        help=_both(f"verb.{name}"),
        description=_both(f"verb.{name}{more}", "\n"),
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _line(name: str, **facts: object) -> str:
    """A line of `cli.yaml` that reads alike in both languages."""
    return plain(f"cli.{name}", "en", **facts)


def _both(name: str, between: str = " / ") -> str:
    """A line of `cli.yaml` in English, then in Vietnamese."""
    return between.join(plain(f"cli.{name}", lang) for lang in reversed(LANGUAGES))


def _question(verb: argparse.ArgumentParser) -> None:
    _option(verb, "--as-of", "CUTOFF", "as_of", required=True)
    _option(verb, "--returns", "PATH", "returns", default="default")
    _option(verb, "--published", "PATH", "published", default="default")
    _option(verb, "--known-by", "DAY", "known_by")
    verb.add_argument("--seed", type=int, default=SEED, help=_line("help.seed", seed=SEED))


def _reader(arguments: argparse.Namespace) -> Sequence[str]:
    """The languages the caller asked for; both where nothing (or nothing we know) was asked for."""
    asked = [part.strip() for part in str(getattr(arguments, "lang", "")).split(",")]
    return [lang for lang in LANGUAGES if lang in asked] or LANGUAGES


def languages(given: str, plan: str) -> list[str]:
    """`"vi,en"` as a list; WrongCall for anything that is no language of the package or of the plan.

    Of a plan's own language it is told on stderr, once, how much of it is in English.
    """
    chosen = list(dict.fromkeys(part.strip() for part in given.split(",") if part.strip()))
    known: Sequence[str] = LANGUAGES
    brought = [part for part in chosen if part not in LANGUAGES]
    if brought:
        from vetanalysis.language.own_words import left_to_english
        from vetanalysis.plan import load_plan

        words = load_plan(plan).words
        known = words.languages
        for lang in (part for part in brought if part in known):
            left, lines = left_to_english(words, lang)
            if left:
                print(_line("left_to_english", code=lang, left=left, lines=lines), file=sys.stderr)
    if not chosen or not set(chosen) <= set(known):
        raise WrongCall(Said("cli.lang", given=given, known=known))
    return chosen


def _assess(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.assess import assess

    return assess(arguments, languages(arguments.lang, arguments.plan))


def _report(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.report import report

    _at_least_one("--jobs", arguments.jobs)
    for name in ("plan", "returns", "published"):  # the notebooks run in a folder of their own
        setattr(arguments, name, absolute(getattr(arguments, name)))
    return report(arguments, languages(arguments.lang, arguments.plan))


def _check(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.check import check

    langs = languages(arguments.lang, arguments.plan)
    if len(langs) > 1:
        raise WrongCall(Said("cli.one_lang", verb="check", given=arguments.lang))
    return check(arguments, langs[0])


def _template(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.check import template

    if arguments.lang and len(languages(arguments.lang, arguments.plan)) > 1:
        raise WrongCall(Said("cli.one_lang", verb="template", given=arguments.lang))
    return template(arguments)


def _new_plan(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.new_plan import run

    return run(arguments)


def _track_record(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.track_record import run

    langs = languages(arguments.lang, arguments.plan)
    if arguments.store and parse_day(arguments.date) is None:
        raise WrongCall(Said("cli.store_day", given=arguments.date))
    if arguments.every is not None:
        _at_least_one("--every", arguments.every)
    return run(arguments, langs)


def _seal(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.made_reports import seal

    return seal(arguments, languages(arguments.lang, arguments.plan))


def _verify(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.made_reports import verify

    return verify(arguments, languages(arguments.lang, arguments.plan))


def _trace(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.made_reports import trace

    if arguments.lang not in LANGUAGES:
        raise WrongCall(Said("cli.lang", given=arguments.lang, known=LANGUAGES))
    return trace(arguments.report, arguments.sentence, arguments.lang, every=arguments.all)


def _at_least_one(option: str, given: int) -> None:
    if given < 1:
        raise WrongCall(Said("cli.at_least_one", option=option, given=given))


def _notebooks(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.notebooks import notebooks

    return notebooks(arguments)


def _completion(arguments: argparse.Namespace) -> int:
    import argcomplete

    print(argcomplete.shellcode(["vetanalysis"], shell=arguments.shell))
    return 0
