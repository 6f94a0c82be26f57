"""Each kind of body and its duties: whether it reported, and what the figures say of what it answers for."""

from __future__ import annotations

from vetanalysis.documents.model import Column, Table
from vetanalysis.narrative import numbers
from vetanalysis.narrative.measures import with_measure
from vetanalysis.narrative.period import REPORTED, PeriodFacts
from vetanalysis.narrative.sentence import capital, known
from vetanalysis.text import Text

_MOST = 4  # figures shown for one body; all of them stand in the appendix


def table(facts: PeriodFacts, lang: str) -> Table | None:
    """One block of rows per body: reported or not, then the figures of its section of the plan."""
    rows: list[tuple[str, ...]] = []
    refs = dict(zip(facts.plan.indicators["id"], facts.plan.indicators["plan_ref"], strict=True))
    for body in facts.plan.bodies:
        mine = [
            line
            for key, line in facts.by_line.items()
            if key[0] == facts.unit and not any(key[2:]) and refs.get(key[1]) == f"V.{body.number}"
        ]
        told = [line for line in mine if known(line["value"])][:_MOST]
        named, sent = body.name.get(lang), _sent(facts, body.code, body.unit_kind, lang)
        if not told:
            rows.append((named, sent, numbers.MISSING.get(lang), numbers.MISSING_CELL))
        for place, line in enumerate(told):
            value = with_measure(line["value"], line["measure"], lang)
            if line["period"] != str(facts.cutoff):
                value += f" ({numbers.short_period(line['period'], lang)})"
            first = (named, sent) if place == 0 else ("", "")
            rows.append((*first, capital(line[f"label_{lang}"]), value))
    if not rows:
        return None
    columns = (
        Column(Text("Cơ quan, đơn vị", "Body").get(lang), align="left", width=2.3),
        Column(Text("Báo cáo kỳ này", "Report").get(lang), align="left", width=1.2),
        Column(Text("Nội dung theo dõi", "What is followed").get(lang), align="left", width=2.8),
        Column(Text("Kết quả", "Result").get(lang), align="right", width=1.5),
    )
    title = Text(
        f"Kết quả thực hiện nhiệm vụ của các cơ quan, đơn vị {numbers.up_to(facts.cutoff, 'vi')}",
        f"What each kind of body has done, {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    return Table("bodies", title, columns, tuple(rows))


def _sent(facts: PeriodFacts, code: str, kind: str, lang: str) -> str:
    """Whether a body, or how many of a kind, sent its report of the period."""
    matrix = facts.matrix
    mine = matrix[matrix["unit"] == code] if not kind else matrix[matrix["unit"].map(facts.kinds.get) == kind]
    if mine.empty:
        return numbers.MISSING_CELL
    came = int(mine["state"].isin(REPORTED).sum())
    if len(mine) > 1:
        return Text(f"{came}/{len(mine)} đơn vị", f"{came} of {len(mine)}").get(lang)
    from vetanalysis.returns.ledger_matrix import STATES

    return STATES[mine["state"].iloc[0]].get(lang)
