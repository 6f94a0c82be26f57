"""The verbs `check` and `template`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vetanalysis.errors import WrongCall
from vetanalysis.narrative.plan_years import years_of
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan import Plan, load_plan
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

    `arguments`: plan, period, past_year (the form with a whole year on one sheet; `period` is then None), unit (list,
    empty = all), out (None: `forms/<plan>/<period>`).
    """
    from vetanalysis.returns.history_form import owes_history, write_history_template
    from vetanalysis.returns.ledger import load_ledger
    from vetanalysis.returns.obligations import reporting_units
    from vetanalysis.returns.template import file_name, write_template

    plan = load_plan(arguments.plan)
    past = arguments.past_year
    cutoff = _end_of(plan, past) if past else plan.check_cutoff(parse_cutoff(arguments.period))
    must = [unit for unit in reporting_units(plan, cutoff) if not past or owes_history(plan, unit, past)]
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
    before = None if past else load_ledger(plan, units=chosen, progress=True).observations
    with years_of(plan.calendar):
        for unit in chosen:
            path = folder / file_name(unit)
            if past:
                print(write_history_template(plan, unit, past, path))
            else:
                print(write_template(plan, unit, cutoff, path, before))
    print(f"{len(chosen)} biểu mẫu trong {folder} / {len(chosen)} forms in {folder}", file=sys.stderr)
    return 0


def _end_of(plan: Plan, year: int) -> Cutoff:
    """The end of one of the plan's years; WrongCall for a year whose returns the plan would refuse."""
    first, last = plan.years
    if not first <= year <= last:
        raise WrongCall(
            Text(
                f"--past-year {year}: kế hoạch {plan.name} có các năm {first} đến {last}; ghi năm đó vào mục years của "
                "plan.yaml thì báo cáo của năm đó mới được đọc",
                f"--past-year {year}: plan {plan.name} covers {first} to {last}; add the year under years in plan.yaml "
                "so that its returns are read",
            )
        )
    return Cutoff(year, "FY")
