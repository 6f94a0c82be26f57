"""The period ahead: the pace each unit needs, and who must do what by which day."""

from __future__ import annotations

from typing import Any

from vetanalysis.attainment import printed_probability
from vetanalysis.documents.model import Column, Sentence, Table
from vetanalysis.narrative import numbers
from vetanalysis.narrative.difficulties import NAMED, named
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.plan_years import year_name
from vetanalysis.narrative.sentence import known, listed, say
from vetanalysis.periods import Cutoff, cutoffs, deadline
from vetanalysis.text import Text

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
