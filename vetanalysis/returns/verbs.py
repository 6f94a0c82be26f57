"""The parsers of the verbs `check` and `template`; what they do is imported when they run."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def add_verbs(verb: Callable[..., argparse.ArgumentParser], verbs: argparse._SubParsersAction) -> None:
    """Add the parsers of both verbs; `verb(verbs, name, text, run)` makes one with its PLAN."""
    one = verb(
        verbs, "check", "read the returns: who sent, what is wrong and where, whom to phone", _run_check
    )
    one.add_argument(
        "--as-of", required=True, metavar="CUTOFF", help="for instance 2023-Q1, 2023-9M, 2023-FY"
    )
    one.add_argument(
        "--returns", default="default", metavar="DIR", help="folder of returns (default: the plan's)"
    )
    one.add_argument(
        "--known-by", default="", metavar="DAY", help="ISO day: as the ledger stood that evening"
    )
    one.add_argument("--lang", default="vi", choices=("vi", "en"), help="language (default vi)")
    one.add_argument("--all", action="store_true", help="print notes and settled findings too")
    one.add_argument("--without", nargs="+", default=[], metavar="RULE", help="rules not applied")
    one.add_argument("--csv", type=Path, default=None, metavar="FILE", help="write all findings as a table")
    one.add_argument(
        "--reminders", type=Path, default=None, metavar="DIR", help="write a letter per unit to phone"
    )
    form = verb(verbs, "template", "write the forms to send out, one workbook per unit", _run_template)
    when = form.add_mutually_exclusive_group(required=True)
    when.add_argument("--period", metavar="CUTOFF", help="for instance 2023-Q1")
    when.add_argument(
        "--past-year", type=int, metavar="YEAR", help="a past year: its four cut-offs on one sheet"
    )
    form.add_argument(
        "--unit", nargs="+", default=[], metavar="CODE", help="units (default: all that must report)"
    )
    form.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="folder (default: forms/PLAN/PERIOD)"
    )


def _run_check(arguments: argparse.Namespace) -> int:
    from vetanalysis.returns.command import check

    return check(arguments, arguments.lang)


def _run_template(arguments: argparse.Namespace) -> int:
    from vetanalysis.returns.command import template

    return template(arguments)
