"""The verbs `check` and `template`: what came and what is wrong with it, forms to send out, letters.

A letter goes to every unit that has not sent a usable return: what is missing, what was wrong and where.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from vetanalysis.blocks import Column, Document, Paragraph, Said, Table
from vetanalysis.cli.terminal import Held, ledger_text
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.hashes import SEED
from vetanalysis.language.cells import worded
from vetanalysis.language.numbers import of_plan
from vetanalysis.narrative.opening import ILLUSTRATIVE, head, signatory, signature, title_in
from vetanalysis.paths import write_whole
from vetanalysis.periods import Cutoff, cutoffs, parse_cutoff, parse_day
from vetanalysis.plan import Plan, load_plan
from vetanalysis.returns.ledger import Ledger, in_order
from vetanalysis.returns.lists import illustrative_plan
from vetanalysis.returns.matrix import whole


def check(arguments: argparse.Namespace, lang: str) -> int:
    """Print who has reported, findings and phone list; 1 when anything still open is an error.

    `arguments`: plan, as_of, returns, published, known_by, reminders, csv, without, all.
    """
    from vetanalysis.loading import published_findings, returned_paths
    from vetanalysis.returns.ledger import inert_csv, load_ledger

    plan = load_plan(arguments.plan)
    as_of = plan.check_cutoff(arguments.as_of)
    if as_of.code == "start":
        raise WrongCall(Said("cli.as_of_start", as_of=str(as_of)))
    _, tables = returned_paths(plan, arguments.returns)
    held: Held = {}
    if tables:
        ledger, held = _ledger_of_tables(plan, as_of, tables, arguments)
    else:
        ledger = load_ledger(
            plan, arguments.returns, arguments.known_by or None, without=arguments.without, progress=True
        )
    beside = [*plan.warnings, *published_findings(plan, arguments.published)]
    ledger = replace(ledger, all_findings=in_order([*ledger.all_findings, *beside]))
    with of_plan(plan):
        print(ledger_text(ledger, as_of, lang, held, every=arguments.all))
    if arguments.csv:
        print(f"\n{write_whole(inert_csv(ledger.findings).encode('utf-8-sig'), arguments.csv)}")
    if arguments.reminders:
        with of_plan(plan):
            reminders = write_reminders(plan, ledger, as_of, arguments.reminders, lang)
        for path in reminders:
            print(path)
    return 1 if ledger.has_errors else 0


def _ledger_of_tables(
    plan: Plan, as_of: Cutoff, tables: Sequence[Path], arguments: argparse.Namespace
) -> tuple[Ledger, Held]:
    """The ledger of figures that came in tables, and the figures of each file; what is wrong in one stops no other."""
    from vetanalysis.assessment.targets import figures_at
    from vetanalysis.assessment.totals_apart import totals_apart
    from vetanalysis.observations.table import combine, only_known_by
    from vetanalysis.observations.tidy import read_each
    from vetanalysis.returns.ledger import ledger_from

    day = arguments.known_by
    if day and parse_day(day) is None:
        raise WrongCall(Said("returns.known_by", day=day))
    if arguments.without:
        raise WrongCall(Said("cli.without_tables", rules=arguments.without))
    held, errors = read_each(tables, plan)
    figures = combine(frame for frame in held.values() if frame is not None)
    known = only_known_by(figures, day or None)
    apart = [] if errors or known.empty else totals_apart(figures_at(plan, known, as_of, SEED))
    return ledger_from(plan, figures, day, [*errors, *apart]), held


def template(arguments: argparse.Namespace) -> int:
    """Write the form of each unit that must report, or of those named, and print the paths.

    `arguments`: plan, period, past_year (the form with a whole year on one sheet; `period` is then None), unit (list,
    empty = all), out (None: `forms/<plan>/<period>`), lang ("": the plan's own).
    """
    from vetanalysis.returns.ledger import load_ledger
    from vetanalysis.returns.lists import reporting_units
    from vetanalysis.returns.template import file_name, owes_history, write_history_template, write_template

    plan = load_plan(arguments.plan)
    past = arguments.past_year
    cutoff = _end_of(plan, past) if past else plan.check_cutoff(parse_cutoff(arguments.period))
    must = [unit for unit in reporting_units(plan, cutoff) if not past or owes_history(plan, unit, past)]
    chosen = [plan.unit(code).code for code in arguments.unit] or must
    if not must:
        raise WrongCall(_nobody_due(plan, cutoff))
    idle = [code for code in chosen if code not in must]
    if idle:
        raise WrongCall(Said("cli.units_not_due", units=idle, period=str(cutoff), due=must))
    folder = arguments.out or Path("forms") / plan.name / str(cutoff)
    before = None if past else load_ledger(plan, units=chosen, progress=True).observations
    for unit in chosen:
        path = folder / file_name(unit)
        if past:
            print(write_history_template(plan, unit, past, path, arguments.lang))
        else:
            print(write_template(plan, unit, cutoff, path, before, arguments.lang))
    written = Said("cli.forms_written", count=len(chosen), folder=str(folder))
    print(f"{written.vi} / {written.en}", file=sys.stderr)
    return 0


def _nobody_due(plan: Plan, cutoff: Cutoff) -> Said:
    """That no unit has anything to report at a cut-off, and when in its year one has."""
    from vetanalysis.returns.lists import reporting_units

    due = tuple(str(one) for one in cutoffs(cutoff.year, plan.calendar) if reporting_units(plan, one))
    return (
        Said("cli.nobody_due", period=str(cutoff), known=due)
        if due
        else Said("cli.no_forms", period=str(cutoff))
    )


def _end_of(plan: Plan, year: int) -> Cutoff:
    """The end of one of the plan's years; WrongCall for a year whose returns the plan would refuse."""
    first, last = plan.years
    if not first <= year <= last:
        raise WrongCall(Said("cli.past_year", year=year, plan=plan.name, first=first, last=last))
    return Cutoff(year, "FY")


_BLANK = " " * 8
_ERRORS_SHOWN = 40
_WIDTHS = {"sheet": 1.4, "cell": 0.7, "found": 4.0, "remedy": 3.2}


def write_reminders(
    plan: Plan, ledger: Ledger, as_of: str | Cutoff, folder: str | Path, lang: str = "vi"
) -> list[Path]:
    """Write `<unit>.docx` for every unit in the phone list and return the paths; nobody to remind, no file."""
    from vetanalysis.documents.word import write_word

    letters = reminder_letters(plan, ledger, as_of, lang)
    return [write_word(letter, Path(folder) / f"{unit}.docx") for unit, letter in letters.items()]


def reminder_letters(
    plan: Plan, ledger: Ledger, as_of: str | Cutoff, lang: str = "vi"
) -> dict[str, Document]:
    """The letters by unit, in the order of the phone list; one letter per unit for all its periods."""
    cutoff = plan.check_cutoff(as_of)
    rows = ledger.chase(cutoff)
    parts = rows.groupby("unit", sort=False)
    return {unit: worded(_letter(plan, ledger, cutoff, part), lang, plan.words) for unit, part in parts}


def _letter(plan: Plan, ledger: Ledger, cutoff: Cutoff, rows: pd.DataFrame) -> Document:
    unit = plan.unit(rows["unit"].iloc[0])
    periods = tuple(Said("letters.period", period=period) for period in rows["period"])
    subject = Said("letters.subject", periods=periods)
    signs = signatory(plan, cutoff)
    symbol = signs.symbol.removeprefix("BC-") if signs else ""
    number = Said("letters.number", blank=_BLANK, symbol=symbol) if plan.is_decree_30 else ""
    blocks: list[Any] = [_paragraph("basis", Said("letters.basis", plan=title_in(plan)))]
    for row in rows.itertuples(index=False):
        state = _state(row, unit.label, ledger.known_by)
        blocks.append(_paragraph(f"{row.need}-{row.period}", state))
        errors = _errors(ledger, row)
        if errors:
            blocks.append(_table(errors, row.period))
    again = (rows["need"] != "missing").all()
    request = "letters.request.again" if again else "letters.request.first"
    blocks.append(_paragraph("request", Said(request, unit=unit.label, blank=_BLANK)))
    blocks.append(_paragraph("how", Said("letters.how")))
    top = head(plan, cutoff, plan.place.code)
    illustrative = illustrative_plan(plan)
    return Document(
        lang="",
        title=subject,
        head=replace(top, number_line=number, kind="", subject=subject, addressee=(unit.label,)),
        blocks=tuple(blocks),
        signature=signature(plan, cutoff),
        illustrative=illustrative,
        banner=ILLUSTRATIVE if illustrative else "",
        meta={"plan": plan.name, "as_of": str(cutoff), "unit": unit.code},
    )


def _paragraph(name: str, said: Said) -> Paragraph:
    return Paragraph((Said(said.key, id=f"reminder.{name}", **said.facts),))


def _state(row: Any, unit: Any, known_by: str) -> Said:
    """What became of the return of one period."""
    return Said(
        f"letters.{row.need}",
        unit=unit,
        period=row.period,
        due=row.deadline,
        days=whole(row.days_late),
        errors=str(row.errors),
        known_by=known_by,
    )


def _errors(ledger: Ledger, row: Any) -> list[Finding]:
    versions = [one for one in ledger.of(row.unit, row.period) if one.reading.file == row.file]
    return list(in_order(one for version in versions for one in version.findings if one.severity == "error"))


def _table(errors: list[Finding], period: str) -> Table:
    rows = tuple(
        (one.sheet or "-", one.place or "-", one.found, one.remedy) for one in errors[:_ERRORS_SHOWN]
    )
    more = len(errors) - len(rows)
    notes = (Said("letters.errors.more", more=more),) if more > 0 else ()
    columns = tuple(
        Column(Said(f"letters.errors.{name}"), align="left", width=width) for name, width in _WIDTHS.items()
    )
    return Table(f"errors-{period}", Said("letters.errors", period=period), columns, rows, notes)
