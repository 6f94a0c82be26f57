"""The verbs `check` and `template`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vetanalysis.errors import WrongCall
from vetanalysis.narrative.plan_years import years_of
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan
from vetanalysis.text import Text


def check(arguments: argparse.Namespace, lang: str) -> int:
    """Print matrix, findings and phone list; 1 when anything still open is an error.

    `arguments`: plan, as_of, returns, known_by, reminders, csv, without, all.
    """
    from vetanalysis.returns.findings_table import inert_csv
    from vetanalysis.returns.ledger import load_ledger
    from vetanalysis.returns.ledger_text import ledger_text
    from vetanalysis.returns.reminders import write_reminders
    from vetanalysis.tidy.check import check_tidy
    from vetanalysis.tidy.files import tidy_files

    plan = load_plan(arguments.plan)
    as_of = plan.check_cutoff(arguments.as_of)
    if as_of.code == "start":
        raise WrongCall(
            Text(
                f"--as-of {as_of}: đầu năm chưa có báo cáo nào đến hạn; dùng một trong Q1, H1, 9M, FY",
                f"--as-of {as_of}: nothing is due at the start of a year; use one of Q1, H1, 9M, FY",
            )
        )
    brought = [] if arguments.returns == "default" else tidy_files(Path(arguments.returns))
    if brought:
        return check_tidy(plan, brought, as_of, lang)
    ledger = load_ledger(
        plan, arguments.returns, arguments.known_by or None, without=arguments.without, progress=True
    )
    with years_of(plan.calendar):
        print(ledger_text(ledger, as_of, lang, every=arguments.all))
    if arguments.csv:
        arguments.csv.parent.mkdir(parents=True, exist_ok=True)
        arguments.csv.write_text(inert_csv(ledger.findings), encoding="utf-8-sig", newline="")
        print(f"\n{arguments.csv}")
    if arguments.reminders:
        with years_of(plan.calendar):
            reminders = write_reminders(plan, ledger, as_of, arguments.reminders, lang)
        for path in reminders:
            print(path)
    return 1 if ledger.has_errors else 0


def template(arguments: argparse.Namespace) -> int:
    """Write the form of each unit that must report, or of those named, and print the paths.

    `arguments`: plan, period, unit (list, empty = all), out (None: `forms/<plan>/<period>`).
    """
    from vetanalysis.returns.ledger import load_ledger
    from vetanalysis.returns.obligations import reporting_units
    from vetanalysis.returns.template import file_name, write_template

    plan = load_plan(arguments.plan)
    cutoff = plan.check_cutoff(parse_cutoff(arguments.period))
    must = reporting_units(plan, cutoff)
    chosen = [plan.unit(code).code for code in arguments.unit] or must
    idle = [code for code in chosen if code not in must]
    if idle:
        named, listed = ", ".join(idle), ", ".join(must)
        raise WrongCall(
            Text(
                f"--unit {named}: không thuộc các đơn vị phải báo cáo kỳ {cutoff}: {listed}",
                f"--unit {named}: not among the units that report for {cutoff}: {listed}",
            )
        )
    folder = arguments.out or Path("forms") / plan.name / str(cutoff)
    before = load_ledger(plan, units=chosen, progress=True).observations
    with years_of(plan.calendar):
        for unit in chosen:
            print(write_template(plan, unit, cutoff, folder / file_name(unit), before))
    print(f"{len(chosen)} biểu mẫu trong {folder} / {len(chosen)} forms in {folder}", file=sys.stderr)
    return 0
