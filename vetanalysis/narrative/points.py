"""What the points that the checks leave are about: their rules, and whether the year's people rest on one."""

from __future__ import annotations

from vetanalysis.blocks import LANGUAGES, Said, Text
from vetanalysis.language.lines import is_line
from vetanalysis.narrative import clear_up
from vetanalysis.narrative.period import PeriodFacts


def behind_the_result(facts: PeriodFacts) -> Said | None:
    """Of a year that is over how many points are left, of which rules, and how many touch its people; None without any.

    A point touches them on the sheet of the form that counts them, and where it names them.
    """
    left, value = clear_up.left_to(facts), facts.value(facts.people)
    if not facts.closed or left.empty or value is None:
        return None
    sheet = f"form.sheet.{facts.people}"
    sheets = {Said(sheet).get(lang).casefold() for lang in LANGUAGES} if is_line(sheet) else set()
    label = _label(facts).vi.casefold()
    touching = sum(
        str(row.sheet).casefold() in sheets or label in str(row.found_vi).casefold()
        for row in left.itertuples(index=False)
    )
    kinds = tuple(
        Said("period.points.kind", rule=Said(f"rules.{rule}"), count=int(count))
        for rule, count in left["rule"].value_counts().items()
    )
    return Said(
        "period.points", id="points", period=str(facts.cutoff), points=len(left), kinds=kinds, touching=touching,
        value=value, label=_label(facts),
    )  # fmt: skip


def _label(facts: PeriodFacts) -> Text:
    line = facts.line(facts.people) or {}
    return Text(str(line.get("label_vi", "")), str(line.get("label_en", "")))
