"""Units and districts side by side: people by level, share of quota, the same period, the estimate, the chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetanalysis.attainment import printed_probability
from vetanalysis.documents.model import Column, Table
from vetanalysis.narrative import numbers
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.sentence import about, known
from vetanalysis.text import Text

_MISSING = numbers.MISSING_CELL


def level_table(facts: PeriodFacts, lang: str) -> Table | None:
    """Quota and people of every unit with a quota, by level, and the whole place; None where nothing is counted."""
    levels = [one for one in facts.plan.levels if _any(facts, level=one.id) and one.counted]
    if not levels:
        return None
    columns = [
        Column(Text("STT", "No.").get(lang), align="center", width=0.6),
        Column(Text("Đơn vị", "Unit").get(lang), align="left", width=2.8),
    ]
    whole = Text("Cộng các trình độ", "All levels").get(lang)
    for name in [*(one.name.get(lang) for one in levels), whole]:
        columns.append(Column(Text("Chỉ tiêu", "Quota").get(lang), group=name))
        columns.append(Column(Text("Thực hiện", "Done").get(lang), group=name))
        columns.append(Column("%", group=name, width=0.8))
    rows, values = [], []
    for number, unit in enumerate([*facts.carriers, facts.plan.place.code], 1):
        total = unit == facts.plan.place.code
        label = Text("Tổng cộng", "Total").get(lang) if total else facts.name(unit, lang)
        cells: list[str] = ["" if total else str(number), label]
        raw: list[Any] = ["" if total else number, label]
        for split in [*({"level": one.id} for one in levels), {}]:
            line = facts.line(facts.people, unit, **split)
            three = (
                [None, None, None]
                if line is None
                else [line["plan_value"], line["value"], line["percent_of_plan"]]
            )
            three = [float(one) if known(one) else None for one in three]
            if three[0] is None and (line is None or not known(line["value"])):
                cells += ["-", "-", "-"] if split and not total else [_MISSING] * 3
            else:
                cells += [_whole(three[0], lang, "-"), _whole(three[1], lang), _one(three[2], lang)]
            raw += three
        rows.append(tuple(cells))
        values.append(tuple(raw))
    title = Text(
        f"Số người tuyển mới theo trình độ và đơn vị, {numbers.up_to(facts.cutoff, 'vi')}",
        f"People newly enrolled by level and unit, {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    notes = (
        Text(
            "“..”: chưa có báo cáo; “-”: không giao và không có.",
            "“..”: no report; “-”: neither quota nor people.",
        ).get(lang),
    )
    return Table(
        "by_level", title, tuple(columns), tuple(rows), notes, frozenset({len(rows) - 1}), True, tuple(values)
    )


def district_table(facts: PeriodFacts, lang: str) -> Table | None:
    """Every district: quota, people, share, same period, estimate with range, chance; None without districts."""
    codes = [unit for unit in facts.carriers if facts.kinds.get(unit) == "district"]
    return standing_table(facts, codes, lang, landscape=True) if codes and _any(facts) else None


def standing_table(facts: PeriodFacts, codes: Sequence[str], lang: str, *, landscape: bool) -> Table:
    """Quota, people, share, same period, estimate, range and chance of these units."""
    rows, values = [], []
    for number, unit in enumerate(codes, 1):
        cells, raw = standing(facts, unit, lang)
        rows.append((str(number), facts.name(unit, lang), *cells))
        values.append((number, facts.name(unit, lang), *raw))
    estimate = Text("Ước cả năm", "Estimate for the year").get(lang)
    columns = (
        Column(Text("STT", "No.").get(lang), align="center", width=0.6),
        Column(Text("Huyện, thành phố", "District").get(lang), align="left", width=2.2),
        Column(Text("Chỉ tiêu năm", "Year's quota").get(lang)),
        Column(Text("Lũy kế", "So far").get(lang)),
        Column(Text("% chỉ tiêu", "% of quota").get(lang)),
        Column(Text("% cùng kỳ", "% of same period").get(lang)),
        Column(Text("Mức giữa", "Median").get(lang), group=estimate),
        Column(Text("Khoảng 80%", "80% range").get(lang), group=estimate, width=1.5),
        Column(Text("Xác suất đạt", "Chance").get(lang)),
    )
    title = Text(
        f"Số người tuyển mới theo huyện, thành phố, {numbers.up_to(facts.cutoff, 'vi')}",
        f"People newly enrolled by district, {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    notes = (Text("“..”: chưa có số liệu.", "“..”: no figure.").get(lang),)
    return Table("districts", title, columns, tuple(rows), notes, landscape=landscape, values=tuple(values))


def standing(facts: PeriodFacts, unit: str, lang: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """A unit as cells and as values: quota, people, share, same period, median, range, chance."""
    line = facts.line(facts.people, unit) or {}
    quota, done, share, index = (
        float(line[name]) if known(line.get(name)) else None
        for name in ("plan_value", "value", "percent_of_plan", "index_last_year")
    )
    row = facts.year.units.loc[unit] if facts.year is not None and unit in facts.year.units.index else None
    median = low = high = probability = None
    if row is not None:
        median, low, high = float(row["median"]), float(row["lower_80"]), float(row["upper_80"])
        probability = float(row["probability"])
    spread = _MISSING
    if median is not None:
        low_words, high_words = (about(one, "persons", lang).split(" ")[0] for one in (low, high))
        spread = f"{low_words} - {high_words}"
    chance = _MISSING if probability is None else printed_probability(probability, "weak").replace(" %", "%")
    middle = _MISSING if median is None else about(median, "persons", lang).split(" ")[0]
    cells = (
        _whole(quota, lang),
        _whole(done, lang),
        _one(share, lang),
        _one(index, lang),
        middle,
        spread,
        chance,
    )
    return cells, (quota, done, share, index, median, spread, probability)


def _any(facts: PeriodFacts, **split: str) -> bool:
    return any(facts.value(facts.people, unit, **split) is not None for unit in facts.carriers)


def _whole(value: float | None, lang: str, missing: str = _MISSING) -> str:
    return missing if value is None else numbers.number(value, lang, 0)


def _one(value: float | None, lang: str) -> str:
    return _MISSING if value is None else numbers.number(value, lang, 1)
