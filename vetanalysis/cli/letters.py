"""A reminder letter for every unit that has not sent a usable return: what is missing, what was wrong and where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Column, Document, Paragraph, Said, Table
from vetanalysis.errors import Finding
from vetanalysis.language.cells import worded
from vetanalysis.narrative.opening import ILLUSTRATIVE, head, signatory, signature
from vetanalysis.periods import Cutoff
from vetanalysis.returns.ledger import in_order
from vetanalysis.returns.lists import illustrative_plan
from vetanalysis.returns.matrix import whole

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.plan import Plan
    from vetanalysis.returns.ledger import Ledger

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
    number = Said("letters.number", blank=_BLANK, symbol=symbol)
    blocks: list[Any] = [_paragraph("basis", Said("letters.basis", plan=plan.title))]
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
