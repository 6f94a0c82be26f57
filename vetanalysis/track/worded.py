"""The tables of a track record as rows of words, for the terminal and for notebooks alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from vetanalysis.attainment import ICD203, printed_probability, status_words
from vetanalysis.narrative import numbers
from vetanalysis.narrative.record import METHODS
from vetanalysis.text import Text
from vetanalysis.track.statements import AS_KNOWN

if TYPE_CHECKING:
    from vetanalysis.plan import Plan
    from vetanalysis.track.record import TrackRecord

MISSING = "-"
ALL = Text("tất cả", "all")
_BASIS = {True: Text("như biết lúc đó", "as known then"), False: Text("lập lại", "replayed")}
_YES, _NO, _OPEN = Text("đã đạt", "reached"), Text("không đạt", "missed"), Text("chưa đến hạn", "not due")


class Worded(NamedTuple):
    """`heads` and `rows` of a table, every cell a text."""

    heads: list[str]
    rows: list[list[str]]


def skill_table(record: TrackRecord, lang: str, *, by_horizon: bool = False) -> Worded:
    """Every method: error against the last value and drift, Brier and its skill, coverage."""
    heads = (
        Text("Phương pháp", "Method"), Text("Số năm trước", "Years ahead"), Text("Số dự báo", "Projections"),
        Text("Sai số CRPS (điểm %)", "CRPS (points)"), Text("So với số cuối", "To last value"),
        Text("So với đường thẳng", "To drift"), Text("Brier", "Brier"), Text("Kỹ năng Brier", "Brier skill"),
        Text("Trong khoảng 80%", "In 80%"), Text("Trong khoảng 95%", "In 95%"),
    )  # fmt: skip
    chosen = record.rates if by_horizon else record.rates[record.rates["horizon"] == 0]
    rows = [
        [
            METHODS[row.method].get(lang),
            ALL.get(lang) if row.horizon == 0 else str(row.horizon),
            numbers.number(row.cases, lang, 0),
            _number(row.crps, lang),
            _with_error(row.against_last_value, row.against_last_value_se, lang),
            _with_error(row.against_drift, row.against_drift_se, lang),
            _number(row.brier, lang, 3),
            _with_error(row.brier_skill, row.brier_skill_se, lang),
            _share(row.inside_80, lang),
            _share(row.inside_95, lang),
        ]
        for row in chosen.itertuples()
    ]
    return Worded([head.get(lang) for head in heads], rows)


def coverage_table(record: TrackRecord, lang: str) -> Worded:
    """How often the ranges held what came, with the binomial band."""
    heads = (
        Text("Số năm trước", "Years ahead"), Text("Khoảng", "Range"), Text("Số dự báo", "Projections"),
        Text("Chứa số thực tế", "Held the outcome"), Text("Giới hạn nhị thức 95%", "95% binomial band"),
        Text("Trong giới hạn", "Inside the band"), Text("Tương đương số trường hợp độc lập", "Worth independent cases"),
    )  # fmt: skip
    chosen = record.coverage[record.coverage["kind"] == "rate"]
    rows = [
        [
            ALL.get(lang) if row.horizon == 0 else str(row.horizon),
            numbers.percent(100 * row.level, lang, 0),
            numbers.number(row.cases, lang, 0),
            _share(row.share, lang),
            f"{_share(row.low, lang)} - {_share(row.high, lang)}",
            Text("có", "yes").get(lang) if row.within else Text("không", "no").get(lang),
            numbers.number(row.independent, lang, 0),
        ]
        for row in chosen.itertuples()
    ]
    return Worded([head.get(lang) for head in heads], rows)


def words_table(record: TrackRecord, kind: str, lang: str) -> Worded:
    """What each status word was worth; words never said are left out."""
    heads = (
        Text("Nhận định", "Statement"), Text("Số lần nêu", "Said"), Text("Đã đạt", "Came true"),
        Text("Tỷ lệ", "Share"), Text("Xác suất đã nêu", "Stated"), Text("Giới hạn nhị thức 95%", "95% binomial band"),
    )  # fmt: skip
    chosen = record.reliability[(record.reliability["kind"] == kind) & (record.reliability["said"] > 0)]
    rows = [
        [
            status_words(row.status, lang).replace(" %", "%"),
            numbers.number(row.said, lang, 0),
            numbers.number(row.came, lang, 0),
            _share(row.share, lang),
            _share(row.stated, lang),
            f"{_share(row.low, lang)} - {_share(row.high, lang)}",
        ]
        for row in chosen.itertuples()
    ]
    return Worded([head.get(lang) for head in heads], rows)


def said_and_came(record: TrackRecord, place: str, lang: str) -> Worded:
    """What was said of the place's people at each cut-off and what came."""
    heads = (
        Text("Kỳ", "Cut-off"), Text("Số liệu", "Figures"), Text("Kế hoạch", "Plan"), Text("Đã đếm", "Counted"),
        Text("Dự báo (khoảng 80%)", "Projection (80% range)"), Text("Xác suất", "Chance"),
        Text("Nhận định", "Statement"), Text("Kết quả", "Came"), Text("Đạt?", "Reached?"),
    )  # fmt: skip
    mine = record.in_year[record.in_year["unit"] == place]
    return Worded([head.get(lang) for head in heads], [_statement(row, lang) for row in mine.itertuples()])


def _statement(row: Any, lang: str) -> list[str]:
    assessed = any(band.status == row.status for band in ICD203)
    words = status_words(row.status, lang, row.probability).replace(" %", "%")
    ended = _OPEN if row.came is None or pd.isna(row.came) else _YES if row.came else _NO
    return [
        numbers.short_period(f"{row.year}-{row.cutoff}", lang),
        _BASIS[row.basis == AS_KNOWN].get(lang),
        _people(row.plan, lang),
        _people(row.counted, lang),
        f"{_people(row.median, lang)} ({_people(row.lower_80, lang)} - {_people(row.upper_80, lang)})",
        printed_probability(row.probability).replace(" %", "%") if assessed else MISSING,
        words,
        _people(row.outcome, lang),
        ended.get(lang),
    ]


def people_table(record: TrackRecord, lang: str) -> Worded:
    """Scores of the statements on plan and units, by cut-off."""
    heads = (
        Text("Kỳ", "Cut-off"), Text("Số nhận định", "Statements"), Text("Số năm", "Years"),
        Text("Lệch bình quân", "Mean error"), Text("Lệch, theo tỷ trọng năm trước", "Error, last year's share"),
        Text("Trong khoảng 80%", "In 80%"), Text("Brier", "Brier"), Text("Kỹ năng Brier", "Brier skill"),
    )  # fmt: skip
    code = {"Q1": Text("quý I", "Q1"), "H1": Text("6 tháng", "H1"), "9M": Text("9 tháng", "9M")}
    rows = [
        [
            code[row.cutoff].get(lang),
            str(row.statements),
            str(row.years),
            numbers.percent(row.off_percent, lang),
            numbers.percent(row.last_share_off_percent, lang),
            _share(row.inside_80, lang),
            _number(row.brier, lang, 3),
            _number(row.brier_skill, lang),
        ]
        for row in record.people.itertuples()
    ]
    return Worded([head.get(lang) for head in heads], rows)


def revisions_table(record: TrackRecord, plan: Plan, lang: str) -> Worded:
    """Figures that a later return corrected."""
    heads = (
        Text("Đơn vị", "Unit"), Text("Kỳ", "Period"), Text("Trình độ", "Level"), Text("Số đầu", "First"),
        Text("Số mới nhất", "Latest"), Text("Sửa", "Revision"),
    )  # fmt: skip
    levels = {level.id: level.name.get(lang) for level in plan.levels}
    rows = [
        [
            _called(plan, row.unit, lang),
            numbers.short_period(row.period, lang),
            levels.get(row.level, row.level) or ALL.get(lang),
            numbers.number(row.first, lang, 0),
            numbers.number(row.latest, lang, 0),
            f"{numbers.number(row.revision, lang, 0)} ({numbers.percent(row.percent, lang)})",
        ]
        for row in record.revisions.itertuples()
    ]
    return Worded([head.get(lang) for head in heads], rows)


def _called(plan: Plan, code: str, lang: str) -> str:
    unit = plan.unit(code)
    short = unit.short_name or unit.name
    return short if lang == "vi" else unit.name_en or short


def _people(value: float, lang: str) -> str:
    return MISSING if pd.isna(value) else numbers.number(round(value), lang, 0)


def _number(value: float, lang: str, digits: int = 2) -> str:
    return MISSING if pd.isna(value) else numbers.number(value, lang, digits)


def _with_error(value: float, error: float, lang: str) -> str:
    if pd.isna(value):
        return MISSING
    text = numbers.number(value, lang, 2)
    return text if pd.isna(error) or error == 0 else f"{text} ± {numbers.number(error, lang, 2)}"


def _share(value: float, lang: str, digits: int = 1) -> str:
    return MISSING if pd.isna(value) else numbers.percent(100 * value, lang, digits)
