"""What the figures show of difficulties: units that did not report, units and levels behind, doubts about figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetanalysis.documents.model import Sentence
from vetanalysis.narrative import numbers
from vetanalysis.narrative.period import UNLIKELY, PeriodFacts
from vetanalysis.narrative.sentence import chance, inside, listed, say
from vetanalysis.text import Text

NAMED = 8  # units named in a sentence


def reporting(facts: PeriodFacts, lang: str) -> Sentence | None:
    """How many of the units due reported, how many of them late, and who did not; None where nobody is due."""
    matrix = facts.matrix
    due = matrix[matrix["state"] != "not_due"]
    if due.empty:
        return None
    late = due[(due["state"] == "late")]
    missing = facts.missing
    came = len(due) - len(missing)
    period = numbers.period_name(facts.cutoff, lang)
    vi, en = (
        f"đã có {came}/{len(due)} đơn vị gửi báo cáo {period}",
        f"{came} of {len(due)} units sent their report for {period}",
    )
    if not came:
        vi = f"chưa có đơn vị nào trong {len(due)} đơn vị gửi báo cáo {period} hợp lệ"
        en = f"none of the {len(due)} units has sent a valid report for {period}"
    if len(late):
        vi += f", trong đó {len(late)} đơn vị gửi muộn ({_late(facts, late, 'vi')})"
        en += f", {len(late)} of them late ({_late(facts, late, 'en')})"
    if missing and came:
        vi += f"; {len(missing)} đơn vị chưa có báo cáo hợp lệ: {named(facts, missing, 'vi')}"
        have = "has" if len(missing) == 1 else "have"
        en += f"; {len(missing)} {have} no valid report: {named(facts, missing, 'en')}"
    return say(
        "reporting", lang, Text(f"{vi}.", f"{en}."), due=len(due), came=came, late=len(late), missing=missing,
        period=str(facts.cutoff),
    )  # fmt: skip


def units_behind(facts: PeriodFacts, lang: str) -> Sentence | None:
    """Units whose share of quota is lower than chance allows, or that there is none; None without projected units."""
    if facts.year is None or facts.year.units.empty:
        return None
    units = facts.year.units
    known = units[units["side"] != "unknown"]
    behind = facts.behind.sort_values("share_of_plan")
    since = numbers.up_to(facts.cutoff, lang)
    common = float(known["common"].iloc[0]) if len(known) else float("nan")
    values = {str(code): float(share) for code, share in behind["share_of_plan"].items()}
    level = numbers.percent(100 * common, lang)
    if known["share_of_plan"].nunique() <= 1 and len(known) > 1:
        text = Text(
            f"{since}, {len(known)} đơn vị đều đạt {level} chỉ tiêu được giao.",
            f"{since}, all {len(known)} units have reached {level} of their quotas.",
        )
        return say("units_behind", lang, text, units=len(known), common=common)
    if behind.empty:
        text = Text(
            f"{since}, không đơn vị nào trong {len(known)} đơn vị đã báo cáo vừa chậm hơn mức chung ({level} chỉ tiêu) "
            "quá phạm vi ngẫu nhiên vừa ít khả năng đạt chỉ tiêu.",
            f"{since}, none of the {len(known)} units with figures is both behind the common {level} of quota by more "
            "than chance and unlikely to reach its quota.",
        )
        return say("units_behind", lang, text, units=len(known), common=common)
    told = listed(
        [
            f"{facts.name(code, lang)} ({numbers.percent(100 * share, lang)})"
            for code, share in values.items()
        ],
        lang,
    )
    text = Text(
        f"{since}, {len(behind)}/{len(known)} đơn vị đã báo cáo chậm hơn mức chung của các đơn vị này ({level} "
        f"chỉ tiêu), "
        f"vượt quá phạm vi ngẫu nhiên, và ít khả năng đạt chỉ tiêu: {told}.",
        f"{since}, {len(behind)} of {len(known)} units {'is' if len(behind) == 1 else 'are'} behind the common {level} "
        f"of quota by more than chance and unlikely to reach the quota: {told}.",
    )
    return say("units_behind", lang, text, units=len(known), common=common, behind=values)


def levels_behind(facts: PeriodFacts, evidence: str, lang: str) -> Sentence | None:
    """Levels less likely than not to reach their quota, each with its share so far; None without levels."""
    found = []
    for level in facts.plan.levels:
        line = facts.line(facts.people, facts.plan.place.code, level=level.id)
        if (
            facts.year is None
            or line is None
            or level.id not in facts.year.by_level
            or not line["plan_value"]
        ):
            continue
        if line["plan_value"] != line["plan_value"] or line["value"] != line["value"]:
            continue
        probability = facts.year.by_level[level.id].probability(float(line["plan_value"]), ">=")
        if probability < UNLIKELY:
            found.append((probability, level, line))
    if facts.year is None or not facts.year.by_level or not facts.year.allowed:
        return None
    since = numbers.up_to(facts.cutoff, lang)
    if not found:
        text = Text(
            f"{since}, không trình độ nào có xác suất đạt chỉ tiêu dưới 45%.",
            f"{since}, no level has a chance below 45% of reaching its quota.",
        )
        return say("levels_behind", lang, text, levels=[])
    parts, values = [], {}
    for probability, level, line in sorted(found, key=lambda one: one[0]):
        values[level.id] = probability
        share = numbers.percent(line["percent_of_plan"], lang)
        chances = chance(probability, evidence, lang)
        parts.append(
            Text(
                f"{inside(level.name.vi)} đạt {share} chỉ tiêu, xác suất đạt cả năm {chances}",
                f"{inside(level.name.en)} at {share} of quota, with a chance of {chances} of reaching it",
            ).get(lang)
        )
    text = Text(
        f"{since}, trình độ khó đạt chỉ tiêu: {'; '.join(parts)}.",
        f"{since}, levels unlikely to reach their quotas: {'; '.join(parts)}.",
    )
    return say("levels_behind", lang, text, **values)


def doubtful_figures(facts: PeriodFacts, lang: str) -> Sentence | None:
    """How many figures of the period's returns the checks doubt, and whose; None where there is none."""
    mine = facts.findings[facts.findings["severity"].isin(["error", "warning"])]
    if mine.empty:
        return None
    period = numbers.period_name(facts.cutoff, lang)
    units = list(dict.fromkeys(unit for unit in mine["unit"] if unit))
    text = Text(
        f"kiểm tra báo cáo {period} còn {len(mine)} điểm cần đơn vị làm rõ ({_whose(facts, units, 'vi')}).",
        f"the checks of the reports for {period} leave {len(mine)} "
        f"{'point' if len(mine) == 1 else 'points'} for the units to clear up ({_whose(facts, units, 'en')}).",
    )
    return say("doubtful_figures", lang, text, findings=len(mine), units=units)


def _late(facts: PeriodFacts, late: Any, lang: str) -> str:
    told = []
    for row in late.sort_values("days_late", ascending=False).head(NAMED).itertuples(index=False):
        days = int(row.days_late)
        words = Text(f"{days} ngày", f"{days} day{'' if days == 1 else 's'}").get(lang)
        told.append(f"{facts.name(row.unit, lang)}: {words}")
    return ", ".join(told) + ("…" if len(late) > NAMED else "")


def named(facts: PeriodFacts, units: Sequence[str], lang: str) -> str:
    """Units by name, or where they are listed when they are too many for a sentence."""
    if len(units) > NAMED:
        return Text("danh sách tại phụ lục", "listed in the appendix").get(lang)
    return listed([facts.name(unit, lang) for unit in units], lang)


def _whose(facts: PeriodFacts, units: Sequence[str], lang: str) -> str:
    if len(units) > NAMED:
        return Text(f"{len(units)} đơn vị", f"{len(units)} units").get(lang)
    return named(facts, units, lang)
