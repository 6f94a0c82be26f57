"""The form: one workbook per unit that must report, ready to send, in the language of its plan.

Every form carries three hidden sheets by which a program reads it back whatever a person does to the looks:
`_form` (what the form is), `_cells` (which figure each open cell holds) and `_texts` (which words).
Where they are lost, the tables can still be found by what they say: title block with unit and period, two
header rows, a row of column letters, labels in the first column, the total at the end.

The form for a past year is one sheet, the four cut-offs of the year side by side: an office that begins with
the program has past years in its drawers, and brings them in with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from vetanalysis.errors import WrongCall
from vetanalysis.language.numbers import of_plan
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.periods import Cutoff, deadline, parse_cutoff, window
from vetanalysis.periods import previous as period_before
from vetanalysis.plan import Plan, Unit
from vetanalysis.returns.form_book import Form
from vetanalysis.returns.form_layout import START_STOCK, history_table, tables_for
from vetanalysis.returns.form_sheets import (
    Heading,
    Sheet,
    Words,
    communes_sheet,
    contact_lines,
    cover_sheet,
    documents_sheet,
    explanations_sheet,
    table_sheet,
)
from vetanalysis.returns.form_words import FormWords, language_of
from vetanalysis.returns.key import Key
from vetanalysis.returns.lists import counted_indicator, illustrative_plan, quotas_of, reporting_units

FORM_VERSION = "1"


def build_form(
    plan: Plan,
    unit: str,
    period: str | Cutoff,
    *,
    previous: pd.DataFrame | None = None,
    figures: Mapping[Key, float] | None = None,
    words: Words | None = None,
    illustrative: bool | None = None,
    lang: str = "",
) -> Form:
    """The form of one unit for one period, blank or with `figures` and `words` filled in.

    `previous`: observations from which what the unit reported last time is filled in; rows of other units and periods
    are ignored, None leaves the cells empty. `figures` by `Key` (empty fields = all); `words` by (kind, ref) as in
    `_texts`. `illustrative` marks every sheet as invented; None: as the plan is, so that what is filled in is never
    taken for real figures. `lang`: "" for the plan's own. WrongCall for an unknown unit, for one that need not report,
    and for a period that is no reporting cut-off of the plan.
    """
    cutoff, say = _reporting_cutoff(plan, period), FormWords(lang or language_of(plan))
    known = plan.unit(unit)
    if unit not in reporting_units(plan, cutoff):
        raise WrongCall(f"unit {unit} ({known.name}) is not among those that report for {cutoff}")
    if illustrative is None:
        illustrative = illustrative_plan(plan)
    with of_plan(plan):
        name = f"{say.text(known.label)}, {say('period', cutoff=str(cutoff))}"
        sheets = sheets_of(plan, known, cutoff, say, previous, figures, words, illustrative)
        return _form(plan, known, cutoff, sheets, say, name, illustrative)


def build_history(
    plan: Plan,
    unit: str,
    year: int,
    figures: Mapping[Key, float] | None = None,
    words: Words | None = None,
    illustrative: bool = False,
    lang: str = "",
) -> Form:
    """The form of one unit for a past year, blank or filled with `figures` by `Key` (with `period`).

    `words` by (kind, ref), as in `_texts`; the form asks for the contact only.
    """
    known, cutoff, say = plan.unit(unit), Cutoff(year, "FY"), FormWords(lang or language_of(plan))
    with of_plan(plan):
        sheet = history_sheet(plan, known, year, say, figures, words, illustrative)
        return _form(plan, known, cutoff, [sheet], say, f"{say.text(known.label)}, {year}", illustrative)


def history_sheet(
    plan: Plan,
    unit: Unit,
    year: int,
    say: FormWords,
    figures: Mapping[Key, float] | None = None,
    words: Words | None = None,
    illustrative: bool = False,
) -> Sheet:
    """The only sheet of the form for a past year."""
    first, last = window(Cutoff(year, "FY"), plan.calendar)
    period = say("head.history", year=year, first=_day(first), last=_day(last))
    table = history_table(plan, unit, year, say)
    sheet = table_sheet(table, _heading(unit, period, illustrative, say), say, figures=figures)
    contact_lines(sheet, len(table.rows), words or {}, say)
    return sheet


def owes_history(plan: Plan, unit: str, year: int) -> bool:
    """Whether the form for a past year has anything for this unit to fill in."""
    return bool(history_table(plan, plan.unit(unit), year, FormWords("en")).rows)


def _form(
    plan: Plan, unit: Unit, cutoff: Cutoff, sheets: list[Sheet], say: FormWords, name: str, illustrative: bool
) -> Form:
    """The workbook of these sheets, the first one drawn last."""
    from openpyxl import Workbook

    first, last = window(cutoff, plan.calendar)
    form, (cover, *others) = Form(last, say, Workbook()), sheets
    for sheet in others:
        form.draw(form.book.create_sheet(sheet.name), sheet)
    form.draw(form.book.active, cover)
    about = {
        "form": "vetanalysis", "form_version": FORM_VERSION, "plan": plan.name, "unit": unit.code,
        "period": str(cutoff),
        "window_start": first.isoformat(), "window_end": last.isoformat(), "basis": "cumulative",
        "illustrative": "true" if illustrative else "false",
    }  # fmt: skip
    form.add_hidden(about | ({"lang": say.lang} if say.lang != "vi" else {}))
    form.book.properties.title = name
    return form


def sheets_of(
    plan: Plan,
    unit: Unit,
    cutoff: Cutoff,
    say: FormWords,
    previous: pd.DataFrame | None = None,
    figures: Mapping[Key, float] | None = None,
    words: Words | None = None,
    illustrative: bool = False,
) -> list[Sheet]:
    """The sheets of a form in their order: cover, tables of figures, explanations, commune quotas, documents."""
    words = words or {}
    first, last = window(cutoff, plan.calendar)
    period = say("head.period", cutoff=str(cutoff), first=_day(first), last=_day(last))
    heading = _heading(unit, period, illustrative, say)
    quotas = quotas_of(plan, unit.code, cutoff.year)
    before = _figures(previous, unit.code, str(period_before(cutoff, plan.calendar)))
    filled = _start_stock(previous, unit.code, cutoff) | dict(figures or {})
    tables = tables_for(plan, unit, cutoff, say)
    given = {"figures": filled, "previous": before, "quotas": quotas}
    sheets = [table_sheet(table, heading, say, tables=tables, **given) for table in tables]
    listed = [(table.sheet, table.title.capitalize()) for table in tables]
    tasks = [(task.id, say("row.task", number=task.number, label=task.label)) for task in plan.tasks]
    more = {"explanations": explanations_sheet(heading, [*tasks, ("general", say("row.other"))], words, say)}
    inside = _communes(plan, unit, last)
    if inside:
        quota = sum(quotas.values()) if quotas else None
        more["communes"] = communes_sheet(heading, inside, quota, words, say)
    more["documents"] = documents_sheet(heading, words, say)
    listed += [(sheet.name, say(f"listed.{kind}")) for kind, sheet in more.items()]
    facts = list(_facts(plan, unit, cutoff, quotas, before, say))
    cover = cover_sheet(heading, facts, listed, unit.kind == "district" and bool(inside), words, say)
    return [cover, *sheets, *more.values()]


def _heading(unit: Unit, period: str, illustrative: bool, say: FormWords) -> Heading:
    warning = say("head.illustrative") if illustrative else ""
    return Heading(say("head.unit", unit=say.text(unit.label)), period, warning)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _communes(plan: Plan, unit: Unit, day: date) -> list[tuple[str, str]]:
    """(code, name) of the communes of a district on a day; none for any other unit."""
    if unit.kind != "district":
        return []
    communes = plan.units_on(day, "commune")
    inside = communes[communes["parent"] == unit.code]
    return list(zip(inside["code"], inside["name"], strict=True))


def _reporting_cutoff(plan: Plan, period: str | Cutoff) -> Cutoff:
    cutoff = parse_cutoff(period)
    if cutoff.alone or cutoff.code == "start":
        raise WrongCall(f"period {cutoff}: forms exist for Q1, H1, 9M and FY")
    return plan.check_cutoff(cutoff)


def _facts(
    plan: Plan,
    unit: Unit,
    cutoff: Cutoff,
    quotas: Mapping[Key, float],
    before: Mapping[Key, float],
    say: FormWords,
) -> Iterator[tuple[str, str]]:
    """The lines of the cover: a label and what stands beside it."""
    first, last = window(cutoff, plan.calendar)
    title = say.text(plan.title)
    yield say("fact.plan"), say("fact.plan_number", title=title, number=plan.number) if plan.number else title
    yield say("fact.unit"), say.text(unit.label)
    yield say("column.code"), unit.code
    yield say("fact.period"), say("period", cutoff=str(cutoff))
    yield say("fact.days"), say("fact.days_between", first=_day(first), last=_day(last))
    yield say("fact.deadline"), _day(deadline(cutoff, plan.calendar, unit.kind))
    if plan.reporting:
        yield say("fact.to"), say.text(plan.unit(plan.reporting.to).label)
    counted = counted_indicator(plan)
    if counted not in {target.indicator for target in plan.targets}:
        return
    quota = say("people", value=sum(quotas.values())) if quotas else say("fact.no_quota")
    yield say("fact.quota", year=cutoff.year), quota
    people = [
        value
        for key, value in before.items()
        if key.indicator == counted and key.breakdowns in ((), ("level",))
    ]
    line = "fact.enrolled" if counted == "people_enrolled" else "people"
    yield (
        say("fact.previous", cutoff=str(period_before(cutoff, plan.calendar))),
        say(line, value=sum(people)) if people else say("fact.none"),
    )


def _figures(frame: pd.DataFrame | None, unit: str, period: str) -> dict[Key, float]:
    """Figures of one unit and period by key, without measure and basis removed from the key."""
    if frame is None or frame.empty:
        return {}
    rows = frame[(frame["unit"] == unit) & (frame["period"] == period) & frame["value"].notna()]
    named = ("indicator", *BREAKDOWNS, "measure", "basis", "base", "concept")
    columns = [name for name in named if name in rows.columns]
    return {
        Key(**dict(zip(columns, map(str, values), strict=True))): float(value)
        for *values, value in rows[[*columns, "value"]].itertuples(index=False, name=None)
    }


def _start_stock(frame: pd.DataFrame | None, unit: str, cutoff: Cutoff) -> dict[Key, float]:
    """People in training at the end of the year before, as the stock this year begins with."""
    last_year = _figures(frame, unit, f"{cutoff.year - 1}-FY")
    return {
        Key(START_STOCK, level=key.level, measure=key.measure, basis=key.basis): value
        for key, value in last_year.items()
        if key.indicator == "people_in_training" and key.breakdowns in ((), ("level",))
    }
