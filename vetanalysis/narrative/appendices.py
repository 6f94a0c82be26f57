"""The annexed tables of a periodic report, each only where it has figures, numbered in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from vetanalysis.blocks import Appendix, Column, Head, Table, Text
from vetanalysis.language import numbers
from vetanalysis.narrative import tables as districts
from vetanalysis.narrative import tasks
from vetanalysis.narrative.indicators import measure_name
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.sentence import about, capital, known
from vetanalysis.observations.checks import are_totals

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_EMPLOYMENT = (
    "employed_after_training_rate", "graduates_employed", "graduates_followed", "follow_up_rate",
    "hired_by_ordering_firm_rate", "stable_job_rate", "income_after_training",
)  # fmt: skip
_STREAMING = (
    "streaming_lower_secondary",
    "streaming_upper_secondary",
    "pupils_counselled",
    "schools_with_guidance_share",
)
TITLES = {
    "indicators": Text("Chỉ tiêu và nội dung theo dõi của Kế hoạch", "Targets and indicators of the plan"),
    "by_level": Text("Kết quả theo trình độ và đơn vị", "Results by level and unit"),
    "districts": Text("Kết quả theo huyện, thành phố", "Results by district"),
    "groups": Text("Kết quả theo đối tượng", "Results by group"),
    "employment": Text("Việc làm sau đào tạo", "Employment after training"),
    "funding": Text("Kinh phí", "Funding"),
    "streaming": Text("Phân luồng học sinh", "Streaming of pupils"),
    "not_reported": Text("Tình hình gửi báo cáo", "Reporting"),
    "other": Text("Số liệu khác", "Other figures"),
}
_TABLES = {
    "employment": Text("Theo dõi người tốt nghiệp", "Graduates followed up"),
    "streaming": Text("Tư vấn hướng nghiệp và phân luồng", "Career guidance and streaming"),
}
#: Told elsewhere: as columns of the row on people, or in the text from figures of whole years.
_LEFT_OUT = ("plan_completion", "index_same_period", "trained_rate_gap", "trained_rate_pace_required")
_NOTE = 8  # column of notes in the table of indicators
_ELSEWHERE = (
    *range(1, 10),
    24,
    56,
    58,
    62,
)  # rows of the plan told in the first table of a unit's sheet or in words


def appendices(facts: PeriodFacts, head: Head, lang: str) -> tuple[Appendix, ...]:
    """The appendices that have figures; a unit's own sheet has its other figures annexed."""
    if not facts.is_place:
        other = other_figures(facts, lang)
        return (
            ()
            if other is None
            else (Appendix("I", TITLES["other"].get(lang), _attached(head, lang), (other,)),)
        )
    tables = [
        indicator_lines(facts, lang),
        districts.level_table(facts, lang),
        districts.district_table(facts, lang),
        groups(facts, lang),
        of_indicators(facts, "employment", _EMPLOYMENT, lang),
        tasks.funding_table(facts, lang),
        of_indicators(facts, "streaming", _STREAMING, lang),
        not_reported(facts, lang),
    ]
    attached = _attached(head, lang)
    found = [one for one in tables if one is not None]
    return tuple(
        Appendix(roman, TITLES[table.id].get(lang), attached, (table,), table.landscape)
        for roman, table in zip(_ROMAN, found, strict=False)
    )


def _attached(head: Head, lang: str) -> str:
    """What an appendix is attached to, with the number left blank for the clerk."""
    number = " ".join(head.number_line.split()).replace(": /", ": ......../")
    kind = head.kind.capitalize()
    number = number[:1].lower() + number[1:] if lang == "vi" else number
    return Text(f"(Kèm theo {kind} {number})", f"(Attached to {kind.lower()} {number})").get(lang)


def indicator_lines(facts: PeriodFacts, lang: str) -> Table | None:
    """Every quantity of the plan that has a figure: plan, the quarter alone, running total, shares, what limits it."""
    lines = facts.lines[facts.lines["unit"] == facts.unit]
    alone = lines[lines["basis"] == "period"]
    whole = are_totals(alone)
    quarter = dict(zip(alone.loc[whole, "id"], alone.loc[whole, "value"], strict=True))
    rows, values = [], []
    for key, line in facts.by_line.items():
        if key[0] != facts.unit or any(key[2:]) or not known(line["row"]) or not known(line["value"]):
            continue
        if key[1] in _LEFT_OUT:
            continue
        line = _estimate(facts, line, lang) if key[1] == "full_year_projection" else line
        plan, share, index = line["plan_value"], line["percent_of_plan"], line["index_last_year"]
        alone_value = quarter.get(line["id"]) if line["basis"] == "cumulative" else None
        note = line[f"why_{lang}"]
        raw = (
            int(line["row"]), capital(line[f"label_{lang}"]), measure_name(line["measure"], lang), plan, alone_value,
            line["value"], share, index, note,
        )  # fmt: skip
        rows.append(
            (
                str(raw[0]), raw[1], raw[2], _number(plan, lang, line["measure"]),
                _number(alone_value, lang, line["measure"]),
                line.get("shown") or _number(line["value"], lang, line["measure"]), _number(share, lang, "percent"),
                _number(index, lang, "percent"), note,
            )
        )  # fmt: skip
        values.append(tuple(one if not isinstance(one, float) or one == one else None for one in raw))
    if not rows:
        return None
    columns = (
        Column(Text("Dòng", "Row").get(lang), align="center", width=0.6),
        Column(Text("Nội dung", "Quantity").get(lang), align="left", width=3.6),
        Column(Text("ĐVT", "Measure").get(lang), align="center", width=1.2),
        Column(Text("Kế hoạch năm", "Year's plan").get(lang)),
        Column(Text("Riêng quý", "The quarter").get(lang)),
        Column(Text("Lũy kế hoặc hiện có", "So far or at present").get(lang), width=1.1),
        Column(Text("% kế hoạch", "% of plan").get(lang), width=0.9),
        Column(Text("% cùng kỳ", "% of same period").get(lang), width=0.9),
        Column(Text("Ghi chú", "Note").get(lang), align="left", width=2.4),
    )
    title = Text(
        f"Kết quả thực hiện {numbers.up_to(facts.cutoff, 'vi')}",
        f"Results {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    notes = (
        Text(
            "“Dòng”: số thứ tự nội dung theo dõi. Ô trống: không áp dụng. Nội dung chưa có số liệu không nêu.",
            "“Row”: number of the quantity. Empty: does not apply. Quantities without a figure are left out.",
        ).get(lang),
    )
    return Table("indicators", title, columns, tuple(rows), notes, landscape=True, values=tuple(values))


def other_figures(facts: PeriodFacts, lang: str) -> Table | None:
    """What else the unit reported: quantities of the plan with a figure, apart from those in the first table."""
    made = indicator_lines(facts, lang)
    if made is None:
        return None
    keep = [index for index, row in enumerate(made.rows) if int(row[0]) not in _ELSEWHERE]
    if not keep:
        return None
    shown = (1, 2, 4, 5, 7)
    if any(made.rows[index][_NOTE] for index in keep):
        shown = (*shown, _NOTE)
    columns = tuple(made.columns[place] for place in shown)
    rows = tuple(tuple(made.rows[index][place] for place in shown) for index in keep)
    values = tuple(tuple(made.values[index][place] for place in shown) for index in keep)
    under = (facts.plan.units["parent"] == facts.unit) & (facts.plan.units["kind"] == "institution")
    whose = Text("đơn vị", "the unit")
    if under.any():
        whose = Text("đơn vị và các cơ sở trên địa bàn", "the unit and the institutions in its area")
    title = Text(
        f"Các số liệu khác {whose.vi} đã báo cáo, {numbers.up_to(facts.cutoff, 'vi')}",
        f"Other figures {whose.en} reported, {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    return Table("other", title, columns, rows, values=values)


def _estimate(facts: PeriodFacts, line: dict[str, Any], lang: str) -> dict[str, Any]:
    """The estimate of the whole year as the text gives it, in place of the one by past shares."""
    if facts.estimate is None:
        return line
    median, low, high = (about(one, "persons", lang).split(" ")[0] for one in facts.estimate)
    rounded = float(numbers.rounded(facts.estimate[0] / 10) * 10)
    why = Text(f"mức giữa; khoảng 80% từ {low} đến {high}", f"median; 80% range {low} to {high}").get(lang)
    return {**line, "value": rounded, "shown": median, f"why_{lang}": why}


def groups(facts: PeriodFacts, lang: str) -> Table | None:
    """People of each sex, group and residence with their part of all; they overlap and are never added."""
    from vetanalysis.indicators.gaps import group_names, shares_of_people

    parts = shares_of_people(facts.plan, facts.lines, facts.people, facts.unit)
    parts = parts[parts["value"].notna()]
    parts = parts[~parts.index.isin(["male", "urban"])]
    if parts.empty:
        return None
    names = group_names(facts.plan, parts.index, lang)
    rows = tuple(
        (
            name,
            numbers.number(row.value, lang, 0),
            numbers.number(row.percent, lang, 1) if known(row.percent) else "..",
        )
        for name, row in zip(names, parts.itertuples(index=False), strict=True)
    )
    values = tuple(
        (name, float(row.value), float(row.percent) if known(row.percent) else None)
        for name, row in zip(names, parts.itertuples(index=False), strict=True)
    )
    columns = (
        Column(Text("Đối tượng", "Group").get(lang), align="left", width=3),
        Column(Text("Số người, lũy kế", "People so far").get(lang)),
        Column(Text("Tỷ trọng", "Share of all").get(lang), "%"),
    )
    title = Text(
        f"Số người tuyển mới theo đối tượng {numbers.up_to(facts.cutoff, 'vi')}",
        f"People newly enrolled by group {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    note = Text(
        "Một người có thể thuộc nhiều đối tượng: không cộng các dòng.",
        "One person may belong to several groups: the rows are not added.",
    ).get(lang)
    return Table("groups", title, columns, rows, (note,), values=values)


def of_indicators(facts: PeriodFacts, name: str, ids: Iterable[str], lang: str) -> Table | None:
    """These quantities with their figures, from this cut-off or from the latest at which they were due."""
    rows, values = [], []
    for one in ids:
        line = _latest(facts, one)
        if line is None:
            continue
        period = numbers.short_period(line["period"], lang)
        index = line["index_last_year"]
        rows.append(
            (
                capital(line[f"label_{lang}"]), measure_name(line["measure"], lang), period,
                _number(line["value"], lang, line["measure"]), _number(index, lang, "percent"),
            )
        )  # fmt: skip
        values.append(
            (rows[-1][0], rows[-1][1], period, float(line["value"]), float(index) if known(index) else None)
        )
    if not rows:
        return None
    columns = (
        Column(Text("Nội dung", "Quantity").get(lang), align="left", width=3.6),
        Column(Text("ĐVT", "Measure").get(lang), align="center"),
        Column(Text("Kỳ", "Period").get(lang), align="center", width=1.2),
        Column(Text("Thực hiện", "Value").get(lang)),
        Column(Text("% cùng kỳ", "% of same period").get(lang)),
    )
    return Table(name, _TABLES[name].get(lang), columns, tuple(rows), values=tuple(values))


def _latest(facts: PeriodFacts, indicator: str) -> dict[str, Any] | None:
    line = facts.line(indicator)
    if line is not None and known(line["value"]):
        return line
    if facts.older is None:
        return None
    mine = facts.older[(facts.older["unit"] == facts.unit) & (facts.older["id"] == indicator)]
    mine = mine[(mine["basis"] != "period") & are_totals(mine, but=("fund_source", "channel"))]
    found = mine[mine["value"].notna()].to_dict("records")
    return found[0] if found else None


def not_reported(facts: PeriodFacts, lang: str) -> Table | None:
    """Units due in the period that sent nothing, whose return was refused or that came late."""
    from vetanalysis.returns.ledger_matrix import STATES

    mine = facts.matrix[facts.matrix["state"].isin(["missing", "refused", "late"])]
    if mine.empty:
        return None
    order = {"missing": 0, "refused": 1, "late": 2}
    mine = mine.assign(order=mine["state"].map(order), days=pd.to_numeric(mine["days_late"], errors="coerce"))
    mine = mine.sort_values(["order", "days"], ascending=[True, False], kind="stable")
    rows, values = [], []
    for number, row in enumerate(mine.itertuples(index=False), 1):
        due = numbers.cell_date(str(row.deadline)[:10], lang)
        came = numbers.cell_date(str(row.received)[:10], lang) if str(row.received or "") else ".."
        late = str(int(row.days)) if row.state == "late" and row.days == row.days else ""
        cells = (
            str(number),
            facts.name(row.unit, lang),
            capital(STATES[row.state].get(lang)),
            due,
            came,
            late,
        )
        rows.append(cells)
        values.append((number, *cells[1:5], int(late) if late else ""))
    columns = (
        Column(Text("STT", "No.").get(lang), align="center", width=0.6),
        Column(Text("Đơn vị", "Unit").get(lang), align="left", width=3),
        Column(Text("Tình trạng", "State").get(lang), align="left"),
        Column(Text("Hạn gửi", "Due").get(lang), align="center"),
        Column(Text("Ngày nhận", "Received").get(lang), align="center"),
        Column(Text("Số ngày muộn", "Days late").get(lang), width=0.8),
    )
    title = Text(
        f"Đơn vị chưa báo cáo hoặc báo cáo muộn, {numbers.period_name(facts.cutoff, 'vi')}",
        f"Units without a report or late, {numbers.period_name(facts.cutoff, 'en')}",
    ).get(lang)
    return Table("not_reported", title, columns, tuple(rows), values=tuple(values))


def _number(value: Any, lang: str, measure: str) -> str:
    if not known(value):
        return ""
    if measure in ("percent", "percentage_points", "million_dong"):
        return numbers.number(float(value), lang, 1)
    return numbers.number(float(value), lang, 0 if measure == "persons" else None)
