"""Money in a report: assigned and disbursed in all and by source, as a sentence and a table."""

from __future__ import annotations

from typing import Any

from vetanalysis.documents.model import Column, OfficePlace, Paragraph, Table
from vetanalysis.narrative import indicators, numbers
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.sections import PROMPTS
from vetanalysis.narrative.sentence import capital
from vetanalysis.text import Text

_ASSIGNED, _SPENT, _RATE = "budget_assigned", "budget_disbursed", "disbursement_rate"


def funding(facts: PeriodFacts, lang: str) -> list[Any]:
    """The sentence, the figure by source, and the office's place; the table by source is an appendix."""
    had, spent = facts.value(_ASSIGNED), facts.value(_SPENT)
    blocks: list[Any] = [Paragraph((indicators.funds(had, spent, str(facts.cutoff), lang),))]
    if "funding" in facts.figures:
        blocks.append(facts.figures["funding"])
    blocks.append(OfficePlace(PROMPTS["funding"].get(lang)))
    return blocks


def table(facts: PeriodFacts, lang: str) -> Table | None:
    """Assigned, disbursed and the share by source; None where no source has a figure."""
    rows, values = [], []
    for source in facts.plan.funding_sources:
        line = _row(facts, capital(source.text.get(lang)), lang, fund_source=source.id)
        if line is not None:
            rows.append(line[0])
            values.append(line[1])
    if not rows:
        return None
    total = _row(facts, Text("Tổng cộng", "Total").get(lang), lang)
    bold: frozenset[int] = frozenset()
    if total is not None:
        bold = frozenset({len(rows)})
        rows.append(total[0])
        values.append(total[1])
    title = Text(
        f"Kinh phí theo nguồn, số liệu {numbers.up_to(facts.cutoff, 'vi')}",
        f"Funds by source, figures {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    money = Text("triệu đồng", "million dong").get(lang)
    columns = (
        Column(Text("Nguồn kinh phí", "Source").get(lang), align="left", width=3.4),
        Column(Text("Được giao", "Assigned").get(lang), money),
        Column(Text("Đã giải ngân", "Disbursed").get(lang), money),
        Column(Text("Tỷ lệ giải ngân", "Share disbursed").get(lang), "%"),
    )
    return Table("funding", title, columns, tuple(rows), bold_rows=bold, values=tuple(values))


def _row(
    facts: PeriodFacts, label: str, lang: str, **split: str
) -> tuple[tuple[str, ...], tuple[Any, ...]] | None:
    had, spent, rate = (facts.value(name, **split) for name in (_ASSIGNED, _SPENT, _RATE))
    if had is None and spent is None:
        return None
    cells = [
        numbers.MISSING_CELL if one is None else numbers.number(one, lang, 1) for one in (had, spent, rate)
    ]
    return (label, *cells), (label, had, spent, rate)
