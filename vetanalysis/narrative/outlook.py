"""The period ahead: the pace each unit needs, and who must do what by which day.

What the figures show of difficulties: units that did not report, units and levels behind, doubts about figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetanalysis.blocks import Column, Sentence, Table, Text
from vetanalysis.language import numbers
from vetanalysis.language.chances import printed_probability
from vetanalysis.language.numbers import year_name
from vetanalysis.narrative.period import UNLIKELY, PeriodFacts
from vetanalysis.narrative.sentence import chance, inside, known, listed, say
from vetanalysis.periods import Cutoff, cutoffs, deadline

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


_SORTED = Text(
    "Xếp theo xác suất đạt chỉ tiêu từ thấp đến cao.",
    "Sorted by the chance of reaching the quota, lowest first.",
)
_SORTED_LATE = Text(
    "Đơn vị chưa báo cáo nêu trước, sau đó xếp theo xác suất đạt chỉ tiêu từ thấp đến cao. “..”: chưa có báo cáo; tổng "
    "cộng về số đã thực hiện chỉ gồm các đơn vị đã báo cáo.",
    "Units without a report stand first, then by the chance of reaching the quota, lowest first. “..”: no report; the "
    "total counted is that of the units that reported.",
)


def following(cutoff: Cutoff) -> Cutoff:
    """The reporting period after a cut-off."""
    later = [one for one in cutoffs(cutoff.year) if one > cutoff]
    return later[0] if later else cutoffs(cutoff.year + 1)[0]


def pace_table(facts: PeriodFacts, evidence: str, lang: str) -> Table | None:
    """Quota, counted, share, still to do, per remaining quarter and chance of each unit, the least likely first.

    None without projected units or after the year's end.
    """
    left = 4 - facts.cutoff.quarters
    if facts.year is None or facts.year.units.empty or left <= 0:
        return None
    frame = facts.year.units.copy()
    frame["order"] = frame["probability"].where(frame["counted"].notna(), -1.0)
    frame = frame.sort_values("order", kind="stable")
    rows, values = [], []
    for number, (code, row) in enumerate(frame.iterrows(), 1):
        probability = row["probability"] if facts.year.allowed or known(row["counted"]) else float("nan")
        cells, numbers_ = _cells(row["plan"], row["counted"], left, probability, evidence, lang)
        rows.append((str(number), facts.name(str(code), lang), *cells))
        values.append((number, facts.name(str(code), lang), *numbers_))
    whole = Text("Tổng cộng", "Total").get(lang)
    counted = float(frame["counted"].sum(min_count=1))
    plan = facts.line(facts.people, facts.plan.place.code)
    planned = (
        float(plan["plan_value"])
        if plan is not None and known(plan["plan_value"])
        else float(frame["plan"].sum())
    )
    chance = (
        facts.year.reconciled.projection().probability(planned, ">=") if facts.year.allowed else float("nan")
    )
    cells, numbers_ = _cells(planned, counted, left, chance, evidence, lang)
    rows.append(("", whole, *cells))
    values.append(("", whole, *numbers_))
    since = numbers.up_to(facts.cutoff, lang)
    title = Text(
        f"Nhịp độ cần đạt của từng đơn vị đến hết {year_name(facts.cutoff.year, 'vi')}, số liệu {since}",
        f"The pace each unit needs until the end of {year_name(facts.cutoff.year, 'en')}, figures {since}",
    ).get(lang)
    notes = [(_SORTED_LATE if frame["counted"].isna().any() else _SORTED).get(lang)]
    person = Text("người", "people").get(lang)
    columns = (
        Column(Text("STT", "No.").get(lang), align="center", width=0.6),
        Column(Text("Đơn vị", "Unit").get(lang), align="left", width=2.6),
        Column(Text("Chỉ tiêu", "Quota").get(lang), person),
        Column(Text("Đã thực hiện", "Counted").get(lang), person),
        Column(Text("Tỷ lệ", "Share").get(lang), "%", width=0.9),
        Column(Text("Còn phải tuyển", "Still to do").get(lang), person),
        Column(Text("Bình quân mỗi quý còn lại", "Per remaining quarter").get(lang), person, width=1.2),
        Column(Text("Xác suất đạt", "Chance").get(lang), width=1.0),
    )
    if left == 1:  # one quarter is left: what is to be done is what that quarter needs
        columns = columns[:6] + columns[7:]
        rows = [row[:6] + row[7:] for row in rows]
        values = [row[:6] + row[7:] for row in values]
    return Table(
        "pace", title, columns, tuple(rows), tuple(notes), frozenset({len(rows) - 1}), values=tuple(values)
    )


def _cells(
    plan: float, counted: float, left: int, probability: float, evidence: str, lang: str
) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    missing = numbers.MISSING_CELL
    chance = (
        missing if not known(probability) else printed_probability(probability, evidence).replace(" %", "%")
    )
    if not known(counted):
        cells = (numbers.number(plan, lang, 0), missing, missing, missing, missing, chance)
        return cells, (plan, None, None, None, None, probability if known(probability) else None)
    still = max(plan - counted, 0.0)
    share = 100 * counted / plan if plan else None
    cells = (
        numbers.number(plan, lang, 0),
        numbers.number(counted, lang, 0),
        missing if share is None else numbers.number(share, lang, 1),
        numbers.number(still, lang, 0),
        numbers.number(still / left, lang, 0),
        chance,
    )
    return cells, (plan, counted, share, still, still / left, probability if known(probability) else None)


def duties(facts: PeriodFacts, lang: str) -> list[Sentence]:
    """Who must do what by when: the missing reports, the units behind, the next reports with their days."""
    told = [send_now(facts, lang), _catch_up(facts, lang), next_report(facts, lang)]
    return [one for one in told if one is not None]


def send_now(facts: PeriodFacts, lang: str) -> Sentence | None:
    """Whose report is overdue and must come at once: any unit's in the place's report, in a unit's own only its own."""
    missing = facts.missing if facts.is_place else [unit for unit in facts.missing if unit == facts.unit]
    if not missing:
        return None
    period, names = numbers.period_name(facts.cutoff, lang), named(facts, missing, lang)
    if len(missing) > NAMED:
        names = Text(
            "các đơn vị chưa báo cáo nêu tại phụ lục", "the units in the appendix without a report"
        ).get(lang)
    due = facts.matrix.loc[facts.matrix["unit"].isin(missing), "deadline"].astype(str).max()
    day = numbers.short_date(due[:10], lang)
    text = Text(
        f"{names}: gửi ngay báo cáo {period} đã quá hạn ngày {day}.",
        f"{names}: send the report for {period}, overdue since {day}, at once.",
    )
    return say("send_now", lang, text, units=missing, due=due[:10])


def _catch_up(facts: PeriodFacts, lang: str) -> Sentence | None:
    left = 4 - facts.cutoff.quarters
    if facts.year is None or left <= 0:
        return None
    behind = facts.behind
    if behind.empty:
        return None
    parts = [
        Text(f"{facts.name(str(code), 'vi')} còn {numbers.people(row['needed'], 'vi')}",
             f"{facts.name(str(code), 'en')} has {numbers.people(row['needed'], 'en')} to go").get(lang)
        for code, row in behind.iterrows()
    ]  # fmt: skip
    end = numbers.period_name(f"{facts.cutoff.year}-FY", lang)
    text = Text(
        f"các đơn vị chậm có biện pháp tuyển đủ chỉ tiêu trong {end}: {listed(parts, 'vi')}.",
        f"the units that are behind take steps to fill their quotas in {end}: {listed(parts, 'en')}.",
    )
    return say("catch_up", lang, text, **{str(code): float(row["needed"]) for code, row in behind.iterrows()})


def next_report(facts: PeriodFacts, lang: str) -> Sentence | None:
    """The next report and the day by which each kind of sender must have sent it."""
    ahead, calendar = following(facts.cutoff), facts.plan.calendar
    kinds = {
        "institution": Text("cơ sở giáo dục nghề nghiệp", "institutions"),
        "district": Text("huyện, thành phố", "districts"),
        "body": Text("sở, ngành", "departments"),
    }
    present = set(facts.plan.units["kind"])
    days: dict[str, list[str]] = {}
    for kind, words in kinds.items():
        if kind in present:
            days.setdefault(deadline(ahead, calendar, kind).isoformat(), []).append(words.get(lang))
    if not days:
        return None
    parts = [
        Text(f"{listed(who, 'vi')} trước hết ngày {numbers.short_date(day, 'vi')}",
             f"{listed(who, 'en')} by {numbers.short_date(day, 'en')}").get(lang)
        for day, who in sorted(days.items())
    ]  # fmt: skip
    period = numbers.period_name(ahead, lang)
    text = Text(f"gửi báo cáo {period}: {'; '.join(parts)}.", f"reports for {period}: {'; '.join(parts)}.")
    return say("next_report", lang, text, period=str(ahead), days=sorted(days))


def own_deadline(facts: PeriodFacts, lang: str) -> Sentence:
    """The next report of one unit and its day."""
    ahead = following(facts.cutoff)
    day = deadline(ahead, facts.plan.calendar, facts.kinds.get(facts.unit, "default")).isoformat()
    name, period = facts.name(facts.unit, lang), numbers.period_name(ahead, lang)
    text = Text(
        f"{name} gửi báo cáo {period} trước hết ngày {numbers.short_date(day, 'vi')}.",
        f"{name} sends its report for {period} by {numbers.short_date(day, 'en')}.",
    )
    return say("own_deadline", lang, text, period=str(ahead), day=day)
