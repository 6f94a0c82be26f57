"""The verbs `check` and `template`: what came and what is wrong with it, forms to send out, letters.

A letter goes to every unit that has not sent a usable return: what is missing, what was wrong and where.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from vetanalysis.blocks import Column, Document, Paragraph, Said, Table, Text
from vetanalysis.cli.terminal import paint
from vetanalysis.documents.package import inert
from vetanalysis.errors import SEVERITIES, Finding, WrongCall
from vetanalysis.hashes import SEED
from vetanalysis.language.cells import worded
from vetanalysis.language.lines import is_line
from vetanalysis.language.numbers import number, of_plan, period_name, short_date, short_period
from vetanalysis.narrative.opening import ILLUSTRATIVE, head, signature, title_in
from vetanalysis.narrative.period import signatory
from vetanalysis.narrative.tables import ILLUSTRATIVE as MARKED
from vetanalysis.narrative.tables import columns
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.crosswalk import renamed_by
from vetanalysis.paths import write_whole
from vetanalysis.periods import Cutoff, cutoffs, parse_cutoff, parse_day
from vetanalysis.plan import Plan, load_plan
from vetanalysis.returns.ledger import Ledger, in_order, inert_csv, ledger_from, load_ledger
from vetanalysis.returns.lists import illustrative_plan, reporting_units
from vetanalysis.returns.matrix import STATES, whole

Held: TypeAlias = "Mapping[str, pd.DataFrame | None]"  # tables by file, None for one that is refused
Line: TypeAlias = "Said | str"

_PHONE = ("unit", "period", "need", "due", "late", "contact", "number")
_TABLE = ("file", "figures", "units", "latest", "known_since")
_MOST = 60  # units, findings or units to contact that are shown one by one; `--all` shows all of them
_BLANK = " " * 8
_ERRORS_SHOWN = 40
_WIDTHS = {"sheet": 1.4, "cell": 0.7, "found": 4.0, "remedy": 3.2}


def check(arguments: argparse.Namespace, lang: str) -> int:
    """Print who has reported, findings and phone list; 1 when anything still open is an error.

    `arguments`: plan, as_of, returns, published, known_by, reminders, csv, without, all.
    """
    from vetanalysis.loading import own_tables, published_findings

    plan = load_plan(arguments.plan)
    as_of = plan.check_cutoff(arguments.as_of)
    if as_of.code == "start":
        raise WrongCall(Said("cli.as_of_start", as_of=str(as_of)))
    tables = own_tables(plan, arguments.returns)
    held: Held = {}
    if tables:
        ledger, held = _ledger_of_tables(plan, as_of, tables, arguments)
    else:
        ledger = load_ledger(plan, arguments.returns, arguments.known_by or None, without=arguments.without)
    beside = [*plan.warnings, *published_findings(plan, arguments.published)]
    ledger = replace(ledger, beside=(*ledger.beside, *beside))
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
    from vetanalysis.returns.template import build_form, build_history, owes_history

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
    names = renamed_by(plan, cutoff)
    codes = [*chosen, *(code for code, now in names.items() if now in chosen)]
    known = None if past else load_ledger(plan, units=codes).observations
    before = (
        {} if known is None else dict(iter(known.assign(unit=known["unit"].replace(names)).groupby("unit")))
    )
    for unit in chosen:
        path = folder / f"{unit}.xlsx"
        if past:
            print(build_history(plan, unit, past, lang=arguments.lang).save(path))
        else:
            print(build_form(plan, unit, cutoff, previous=before.get(unit), lang=arguments.lang).save(path))
    written = Said("cli.forms_written", count=len(chosen), folder=str(folder))
    print(f"{written.vi} / {written.en}", file=sys.stderr)
    return 0


def _nobody_due(plan: Plan, cutoff: Cutoff) -> Said:
    """That no unit has anything to report at a cut-off, and when in its year one has."""
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
        told = {"plan": plan.name, "before": plan.name_before(year)}
        raise WrongCall(Said("cli.past_year", year=year, first=first, last=last, **told))
    return Cutoff(year, "FY")


def ledger_text(
    ledger: Ledger, as_of: Cutoff, lang: str, held: Held | None = None, every: bool = False
) -> str:
    """Everything `check` prints; `every`: all units and notes, which otherwise are only counted.

    `held`: of figures that came in tables, what each file holds.
    """
    names = {code: name.get(lang) for code, name in ledger.plan.names().items()}
    parts = [_heading(ledger, as_of, len(held or ledger.all_versions), lang)]
    if held:
        parts += [_tables(held, lang), [*_figures(ledger, as_of)]]
    parts += [
        _matrix(ledger.matrix(as_of), names, lang, every),
        _coverage(ledger.coverage(as_of)),
        _findings(ledger, every),
        _phone(ledger.chase(as_of), names, lang, every),
    ]
    return "\n\n".join("\n".join(_worded(line, lang) for line in lines) for lines in parts if lines)


def _worded(line: Line, lang: str) -> str:
    text = inert(line if isinstance(line, str) else line.get(lang))
    if isinstance(line, Said) and line.key == "check.finding":
        return paint(text, line.facts["severity"].key.rpartition(".")[2])
    return text


def _columns(rows: Iterable[Sequence[Line]], lang: str) -> list[Line]:
    return [*columns([[_worded(cell, lang) for cell in row] for row in rows])]


def _heading(ledger: Ledger, as_of: Cutoff, files: int, lang: str) -> list[Line]:
    about = Said("check.heading", title=ledger.plan.title, plan=ledger.plan.name, as_of=str(as_of))
    seen = Said("check.known_by", day=ledger.known_by).get(lang) if ledger.known_by else ""
    marked = [MARKED] if illustrative_plan(ledger.plan) else []
    return [about.get(lang) + seen, *marked, Said("check.files", count=files)]


def _matrix(frame: pd.DataFrame, names: Mapping[str, str], lang: str, every: bool) -> list[Line]:
    """Units by period; of very many units those that stand otherwise than most, and how many stand alike."""
    periods = list(dict.fromkeys(frame["period"]))
    told: dict[tuple[str, str], tuple[str, ...]] = {}
    for unit, part in frame.groupby("unit", sort=False):
        said = {row.period: _state(row).get(lang) for row in part.itertuples(index=False)}
        told[str(unit), names[str(unit)]] = tuple(said.get(one, "") for one in periods)
    shown, notes = list(told), list[Line]()
    if len(told) > _MOST and not every:
        alike, count = Counter(told.values()).most_common(1)[0]
        shown = [unit for unit in told if told[unit] != alike]
        notes += [Said("check.alike", count=count, states=tuple(dict.fromkeys(alike)))] if count > 1 else []
        notes += _more(shown, every)
    heads = [short_period(one, lang) for one in periods]
    rows: list[Sequence[Line]] = [(Said("check.head.code"), Said("check.head.unit"), *heads)]
    rows += ((*unit, *told[unit]) for unit in shown[: None if every else _MOST])
    return [*(_columns(rows, lang) if shown else []), *notes]


def _more(rows: Sized, every: bool) -> list[Line]:
    """How many more there are than are shown, where not all are."""
    return [] if every or len(rows) <= _MOST else [Said("check.more", more=len(rows) - _MOST)]


def _state(row: Any) -> Said:
    return Said(
        "check.state", state=STATES[row.state], days=whole(row.days_late) if row.state != "corrected" else None,
        newer_refused=row.newer_refused and row.state != "refused",
    )  # fmt: skip


def _coverage(frame: pd.DataFrame) -> list[Line]:
    if not frame["units_due"].any():
        return []
    lines: list[Line] = [Said("check.reported")]
    for row in frame.itertuples(index=False):
        quotas: Line = ""
        if row.quota_due:
            facts = {"share": row.quota_percent, "reported": row.quota_reported, "due": row.quota_due}
            quotas = Said("check.coverage.quotas", **facts)
        reported, due = int(row.units_reported), int(row.units_due)
        lines.append(Said("check.coverage", period=row.period, reported=reported, due=due, quotas=quotas))
    return lines


def _findings(ledger: Ledger, every: bool) -> list[Line]:
    findings = ledger.all_findings if every else ledger.open_findings
    counts = Counter(one.severity for one in findings)
    total = tuple(
        Said("check.count", count=counts[name], severity=Said(f"check.severity.{name}"))
        for name in SEVERITIES
    )
    listed = [one for one in findings if every or one.severity != "info"]
    shown = map(_finding, listed[: None if every else _MOST])
    lines: list[Line] = [Said("check.findings", counts=total), *shown, *_more(listed, every)]
    notes = Counter(one.rule for one in findings if one.severity == "info" and not every)
    if notes:
        told = (Said("check.note", note=_note(rule), count=count) for rule, count in sorted(notes.items()))
        lines.append(Said("check.notes", notes=tuple(told)))
    if settled := len(ledger.all_findings) - len(findings):
        lines.append(Said("check.settled", count=settled))
    return lines


def _note(rule: str) -> Line:
    """What notes of a rule are about; a rule that has no words by its name."""
    key = f"check.note.{rule}"
    return Said(key) if is_line(key) else rule


def _finding(one: Finding) -> Said:
    """One finding on one line: severity, file, sheet, cell, what was found, what to do, the rule."""
    where = tuple(part for part in (one.file, one.sheet, one.place) if part)
    severity = Said(f"check.severity.{one.severity}")
    return Said(
        "check.finding", severity=severity, where=where, found=one.found, remedy=one.remedy, rule=one.rule
    )


def _phone(frame: pd.DataFrame, names: Mapping[str, str], lang: str, every: bool) -> list[Line]:
    """Whom to phone, with the number of errors of a file that has some."""
    if frame.empty:
        return [Said("check.phone"), Said("check.phone.nobody")]
    rows: list[Sequence[Line]] = [[Said(f"check.phone.{name}") for name in _PHONE]]
    for row in frame.head(len(frame) if every else _MOST).itertuples(index=False):
        need = Said(f"check.need.{row.need}").get(lang) + (f" ({row.errors})" if row.errors else "")
        when = short_period(row.period, lang), need, short_date(row.deadline, lang)
        days = str(whole(row.days_late) or "-")
        rows.append([f"{row.unit} {names[row.unit]}", *when, days, row.contact or "-", row.phone or "-"])
    return [Said("check.phone"), *_columns(rows, lang), *_more(frame, every)]


def _tables(held: Held, lang: str) -> list[Line]:
    """What each table holds; None for one that was refused."""
    rows: list[Sequence[Line]] = [[Said(f"check.table.{name}") for name in _TABLE]]
    for name, frame in held.items():
        refused: list[Line] = [name, Said("check.table.refused"), "-", "-", "-"]
        rows.append(refused if frame is None else _table_held(name, frame, lang))
    return _columns(rows, lang)


def _table_held(name: str, frame: pd.DataFrame, lang: str) -> list[Line]:
    periods = sorted(frame["period"].unique(), key=parse_cutoff)
    days = sorted(day for day in frame["vintage"].unique() if day)
    return [
        name,
        number(int(frame["value"].notna().sum()), lang),
        number(frame["unit"].nunique(), lang),
        period_name(periods[-1], lang) if periods else "-",
        " - ".join(dict.fromkeys([days[0], days[-1]])) if days else "-",
    ]


def _figures(ledger: Ledger, as_of: Cutoff) -> Iterator[Line]:
    """What is known for each target: of people of the year, which units have a figure at the cut-off; else the
    newest figure of the place, of a count that of any unit."""
    from vetanalysis.observations.crosswalk import on_units_of
    from vetanalysis.observations.table import up_to
    from vetanalysis.plan.catalogue import catalogue

    plan, known = on_units_of(ledger.plan, up_to(ledger.observations, as_of), as_of)
    year = str(as_of.year)
    senders = tuple(ledger.matrix(as_of)["unit"].drop_duplicates())
    names = {name: entry.label for name, entry in catalogue(plan).items()}
    seen = set()
    for target in plan.targets:
        this_year = not target.is_rate and target.period[:4] == year
        if (target.indicator, this_year) in seen:
            continue  # a milestone is counted from the same figures
        seen.add((target.indicator, this_year))
        name = names.get(target.indicator, target.label)
        mine = known[(known["indicator"] == target.indicator) & known["value"].notna()]
        given = plan.quotas_of(target.indicator)
        quotas = tuple(given.loc[given["period"].str[:4] == year, "unit"].unique())
        due = quotas or senders
        there = set(mine.loc[mine["period"] == str(as_of), "unit"])
        own = mine[(mine["unit"] == plan.place.code) & are_totals(mine, but=("level",))]
        latest = own if target.is_rate or len(own) else mine
        if this_year and due:
            missing = [code for code in due if code not in there]
            yield Said(
                "check.units", target=name, there=len(due) - len(missing), due=len(due),
                as_of=str(as_of), quotas=bool(quotas), missing=by_kind(plan, missing),
            )  # fmt: skip
        elif latest.empty:
            yield Said("check.no_figure", target=name)
        else:
            period = max(latest["period"].unique(), key=parse_cutoff)
            yield Said("check.newest", target=name, period=period)


def by_kind(plan: Plan, codes: Iterable[str]) -> tuple[Said, ...]:
    """Units by kind: how many, and the names of the first."""
    kinds: dict[str, list[Text]] = {}
    for code in codes:
        unit = plan.unit(code)
        kinds.setdefault(unit.kind, []).append(unit.short)
    told = {kind: plan.kind_name(kind, several=len(names) != 1) for kind, names in kinds.items()}
    return tuple(
        Said("check.kind", count=len(names), kind=told[kind], units=tuple(names))
        for kind, names in kinds.items()
    )


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
        blocks.append(_paragraph(f"{row.need}-{row.period}", _became(row, unit.label, ledger.known_by)))
        errors = _errors(ledger, row)
        if errors:
            blocks.append(_table(errors, row.period))
    again = (rows["need"] != "missing").all()
    request = "letters.request.again" if again else "letters.request.first"
    blocks.append(_paragraph("request", Said(request, unit=unit.label, blank=_BLANK)))
    blocks.append(_paragraph("closing", Said("letters.closing")))
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


def _became(row: Any, unit: Any, known_by: str) -> Said:
    """What became of the return of one period."""
    return Said(
        f"letters.{row.need}", unit=unit, period=row.period, due=row.deadline, days=whole(row.days_late),
        errors=str(row.errors), known_by=known_by,
    )  # fmt: skip


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
