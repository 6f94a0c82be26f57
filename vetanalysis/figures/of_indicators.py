"""From the table of indicators to figures: which data, which message, which words for who cannot see it.

From the ledger of returns to the figure of how they came in, with its words for who cannot see it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.figures import (
    Bullet,
    BulletRow,
    Cumulative,
    Funding,
    FundingSource,
    Funnel,
    FunnelUnit,
    Panel,
    Received,
    ReceivedPeriod,
    SmallMultiples,
    Tiles,
    bullet,
    cumulative,
    draw_png,
    funding,
    funnel,
    new_figure,
    received,
    small_multiples,
    tiles,
    to_png,
)
from vetanalysis.indicators import gaps
from vetanalysis.indicators.derived import people_indicator, plan_values
from vetanalysis.language import numbers
from vetanalysis.language.numbers import year_name
from vetanalysis.narrative.scope import Arrivals, arrivals, invented, matrix
from vetanalysis.narrative.sentence import capital, inside, known
from vetanalysis.observations.checks import are_totals
from vetanalysis.periods import Cutoff, parse_day
from vetanalysis.returns.matrix import REPORTED, periods_of

if TYPE_CHECKING:
    from pathlib import Path

    from vetanalysis.returns.ledger import Ledger
    from vetanalysis.study import Study


_QUARTERS = {1: "I", 2: "II", 3: "III", 4: "IV"}
_PEOPLE = Text("Số người, lũy kế từ đầu năm", "People since the year began")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as PNG with what it shows in words."""

    png: bytes
    alt: str


def targets(study: Study, lines: pd.DataFrame) -> Drawn | None:
    """A bullet per target with the latest figure of the unit."""
    lang = study.lang
    rows, told, invented = [], [], False
    for target in study.plan.targets:
        line = next(iter(lines[lines["id"] == target.indicator].to_dict("records")), None)
        goal = line["plan_value"] if line is not None and known(line["plan_value"]) else None
        if study.unit.code == study.plan.place.code:
            goal = target.value  # a range has two targets on one indicator
        if not goal:
            continue
        value = None if line is None or not known(line["value"]) else float(line["value"])
        invented = invented or bool(line is not None and line["illustrative"])
        words = numbers.MISSING.get(lang)
        if value is not None:
            words = numbers.quantity(value, target.measure, lang)
            words += f" / {numbers.quantity(goal, target.measure, lang, None)}"
            words += f"\n{numbers.short_period(line['period'], lang)}"
        rows.append(BulletRow(_short(target.label.get(lang)), float(goal), value, words=words))
        told.append(f"{target.label.get(lang)}: {' '.join(words.split())}")
    if not rows:
        return None
    done = sum(row.latest is not None for row in rows)
    title = Text(
        f"{done}/{len(rows)} chỉ tiêu có số liệu; mức đã đạt so với chỉ tiêu",
        f"{done} of {len(rows)} targets have a figure; how much of each is reached",
    ).get(lang)
    data = Bullet(title, tuple(rows), _made(study, lang), invented)
    return Drawn(draw_png(bullet, data, lang, 170, 25 + 22 * len(rows)), f"{title}. {'; '.join(told)}.")


def path(study: Study, years: dict[int, dict[int, float]]) -> Drawn | None:
    """This year's running total beside past years'."""
    lang, year = study.lang, study.as_of.year
    current = years.get(year, {})
    if not any(not isnan(value) for value in current.values()):
        return None
    goal = _goal(study, study.unit.code)
    quarter = max(q for q, value in current.items() if not isnan(value))
    value = current[quarter]
    share = numbers.share_of_plan(value, goal, lang)
    period = numbers.period_name(study.as_of, lang)
    title = f"{capital(period)}: {numbers.people(value, lang)}, {share}"
    data = Cumulative(
        title=title, axis=_PEOPLE.get(lang), year=year, current=current,
        past={one: path for one, path in years.items() if one < year}, target=goal,
        target_label="" if goal is None else f"{Text('Kế hoạch', 'Plan').get(lang)} {numbers.people(goal, lang)}",
        source=_made(study, lang), illustrative=_invented(study),
    )  # fmt: skip
    past = "; ".join(
        f"{one}: {numbers.people(p[quarter], lang)}"
        for one, p in years.items()
        if one < year and not isnan(p[quarter])
    )
    same = Text("Cùng kỳ các năm trước", "At the same date in past years").get(lang)
    return Drawn(draw_png(cumulative, data, lang), f"{title}. {same}: {past}." if past else f"{title}.")


def district_lines(study: Study, lines: pd.DataFrame) -> pd.DataFrame:
    """People since the year began, one line per district."""
    whole = are_totals(lines)
    codes = study.plan.units.loc[study.plan.units["kind"] == "district", "code"]
    mine = lines["id"].eq(people_indicator(study.plan)) & whole & lines["basis"].eq("cumulative")
    return lines[mine & lines["unit"].isin(list(codes))]


def districts(study: Study, lines: pd.DataFrame) -> Drawn | None:
    """District tiles shaded by share of quota."""
    mine = district_lines(study, lines)
    if mine.empty or mine["percent_of_plan"].isna().all():
        return None
    lang = study.lang
    values = {
        code: float(v) if known(v) else None
        for code, v in zip(mine["unit"], mine["percent_of_plan"], strict=True)
    }
    names = _names(study)
    shown = [value for value in values.values() if value is not None]
    goal = Text("chỉ tiêu được giao", "their quotas").get(lang)
    low, high = (numbers.percent(one, lang, 0) for one in (min(shown), max(shown)))
    title = Text(
        f"Các huyện, thành phố đạt từ {low} đến {high} {goal}",
        f"Districts have reached {low} to {high} of {goal}",
    ).get(lang)
    data = Tiles(
        title, layout_of(study, list(values)), names, values, _edges(min(shown), max(shown)), source=_made(study, lang),
        illustrative=bool(mine["illustrative"].any()),
    )  # fmt: skip
    told = "; ".join(
        f"{names.get(code, code)}: {numbers.percent(value, lang, 0)}" for code, value in values.items()
    )
    return Drawn(draw_png(tiles, data, lang, 165, 115), f"{title}. {told}.")


def small_paths(study: Study, paths: dict[str, dict[int, dict[int, float]]]) -> Drawn | None:
    """One small path per district as a share of its quota."""
    lang, year = study.lang, study.as_of.year
    names = _names(study)
    codes = study.plan.units.loc[study.plan.units["kind"] == "district", "code"].drop_duplicates()
    panels = []
    for code in codes:
        goal = _goal(study, code)
        current = paths.get(code, {}).get(year, {})
        if goal:
            values = [100 * current.get(quarter, float("nan")) / goal for quarter in _QUARTERS]
            panels.append(Panel(names.get(code, code), tuple(_QUARTERS), values, 100))
    if not panels or all(isnan(value) for panel in panels for value in panel.values):
        return None
    title = Text(
        f"Lũy kế từng huyện, thành phố so với chỉ tiêu {year_name(year, 'vi')}",
        f"Each district since the year began against its quota of {year_name(year, 'en')}",
    ).get(lang)
    data = SmallMultiples(
        title, Text("% chỉ tiêu năm", "% of the year's quota").get(lang), tuple(panels), _QUARTERS, "percent",
        _made(study, lang), _invented(study),
    )  # fmt: skip
    rows = -(-len(panels) // 4)
    figure, axes = new_figure(175, 45 * rows + 15, rows, 4)
    small_multiples(data, axes, lang)
    return Drawn(to_png(figure), f"{title}: {', '.join(panel.label for panel in panels)}.")


def funnel_of(study: Study, lines: pd.DataFrame, indicator: str, kind: str) -> Drawn | None:
    """Units on a rate against their size."""
    frame = gaps.unit_gaps(study.plan, lines, indicator, kind)
    frame = frame[frame["rate"].notna()]
    if len(frame) < 2:
        return None
    lang = study.lang
    whole = lines[lines["id"] == indicator]
    label = whole[f"label_{lang}"].iloc[0]
    shown = zip(frame["name"], frame["count"], frame["total"], strict=True)
    units = tuple(FunnelUnit(name, float(count), float(total)) for name, count, total in shown)
    outside = int((frame["outside"] != "").sum())
    title = Text(
        f"{label}: {outside}/{len(frame)} đơn vị khác mức chung ngoài phạm vi ngẫu nhiên",
        f"{label}: {outside} of {len(frame)} units differ by more than chance",
    ).get(lang)
    data = Funnel(
        title, f"{label} (%)", Text("Số người trong mẫu số", "People in the base").get(lang), units, _made(study, lang),
        bool(whole["illustrative"].any()),
    )  # fmt: skip
    return Drawn(draw_png(funnel, data, lang, 170, 100), f"{title}.")


def funds(study: Study, lines: pd.DataFrame) -> Drawn | None:
    """Assigned and disbursed by source of money."""
    lang = study.lang
    by_source = {
        name: lines[(lines["id"] == name) & (lines["fund_source"] != "")].set_index("fund_source")["value"]
        for name in ("budget_assigned", "budget_disbursed")
    }
    had, spent = by_source["budget_assigned"], by_source["budget_disbursed"]
    sources = tuple(
        FundingSource(_short(one.text.get(lang)), _value(had, one.id), _value(spent, one.id))
        for one in study.plan.funding_sources
    )
    if all(one.assigned is None and one.disbursed is None for one in sources):
        return None
    paired = [one for one in sources if one.assigned and one.disbursed is not None]
    share = (
        100 * sum(one.disbursed for one in paired) / sum(one.assigned for one in paired)
        if paired
        else float("nan")
    )
    title = Text(
        f"Đã giải ngân {numbers.percent(share, 'vi')}", f"{numbers.percent(share, 'en')} disbursed"
    ).get(lang)
    data = Funding(title, Text("Triệu đồng", "Million dong").get(lang), sources, 0, _made(study, lang),
                   bool(lines["illustrative"].any()))  # fmt: skip
    told = "; ".join(
        f"{' '.join(one.label.split())}: "
        + " / ".join(numbers.number(part, lang, 0) for part in (one.disbursed, one.assigned))
        for one in sources
    )
    return Drawn(draw_png(funding, data, lang, 170, 70), f"{title}. {told}.")


def _edges(low: float, high: float) -> tuple[float, float, float, float]:
    """Four round values that part what lies between the lowest and the highest into shades."""
    step = max(5, 5 * -(-(high - low) // 20))
    first = step * (low // step + 1)
    return first, first + step, first + 2 * step, first + 3 * step


def layout_of(study: Study, codes: list[str]) -> dict[str, tuple[int, int]]:
    """Where each district's tile stands: `tiles.csv` of the plan or of the plan it extends; else rows of four."""
    folder: Path | None = study.plan.folder
    while folder is not None:
        file = folder / "tiles.csv"
        if file.is_file():
            table = pd.read_csv(file, dtype={"code": "str"}, encoding="utf-8")
            places = dict(zip(table["code"], zip(table["row"], table["column"], strict=True), strict=True))
            if set(codes) <= set(places):
                return {code: places[code] for code in codes}
        extends = re.search(
            r"^extends:\s*(\S+)", (folder / "plan.yaml").read_text(encoding="utf-8"), re.MULTILINE
        )
        folder = folder.parent / extends[1] if extends and (folder.parent / extends[1]).is_dir() else None
    return {code: divmod(number, 4) for number, code in enumerate(codes)}


def _goal(study: Study, unit: str) -> float | None:
    plans = plan_values(study.plan, study.as_of.year)
    mine = plans[
        (plans["unit"] == unit)
        & (plans["indicator"] == people_indicator(study.plan))
        & (plans["level"] == "")
    ]
    return float(mine["plan_value"].iloc[0]) if len(mine) and known(mine["plan_value"].iloc[0]) else None


def _names(study: Study) -> dict[str, str]:
    return {code: name.vi for code, name in study.plan.short_names().items()}


def _invented(study: Study) -> bool:
    frame = study.observations
    return bool(frame.loc[frame["indicator"] == people_indicator(study.plan), "illustrative"].any())


def _value(values: pd.Series, key: str) -> float | None:
    return float(values[key]) if key in values.index and known(values[key]) else None


def _short(text: str) -> str:
    """A label that fits beside an axis: broken into short lines."""
    import textwrap

    return textwrap.fill(capital(inside(text)), 26)


def _made(study: Study, lang: str) -> str:
    since = numbers.up_to(study.as_of, lang)
    unit = study.unit.short.get(lang)
    return Text(f"{unit}, số liệu {since}", f"{unit}, figures {since}").get(lang)


def received_over_time(study: Study, ledger: Ledger) -> Drawn | None:
    """How many returns had come by each day around the deadline; None where there is no more than one unit."""
    lang, told = study.lang, arrivals(study, ledger)
    if told.due < 2:
        return None
    past = [one for one in periods_of(study.as_of) if one != study.as_of]
    title = _title(told, lang)
    data = Received(
        title=title,
        current=_period(study, ledger, study.as_of),
        past=tuple(_period(study, ledger, one) for one in past),
        late=tuple((days, name.get(lang)) for name, days in told.late),
        source=_source(study, ledger),
        illustrative=invented(study, ledger),
    )
    late = "; ".join(f"{name.get(lang)}: +{days}" for name, days in told.late)
    return Drawn(draw_png(received, data, lang, 170, 95), f"{title}. {late}." if late else f"{title}.")


def _period(study: Study, ledger: Ledger, period: Cutoff) -> ReceivedPeriod:
    rows = matrix(study, ledger)
    rows = rows[rows["period"] == str(period)]
    came = rows[rows["state"].isin(REPORTED)]
    pairs = [
        (parse_day(due), parse_day(first))
        for due, first in zip(came["deadline"], came["first_received"], strict=True)
    ]
    days = tuple(sorted((first - due).days for due, first in pairs if due and first))
    return ReceivedPeriod(numbers.short_period(period, study.lang), len(rows), days)


def _title(one: Arrivals, lang: str) -> str:
    period = numbers.short_period(one.period, lang)
    parts = [
        Text(f"{one.on_time}/{one.due} đơn vị gửi đúng hạn", f"{one.on_time} of {one.due} units on time")
    ]
    if one.late:
        parts.append(Text(f"{len(one.late)} muộn", f"{len(one.late)} late"))
    if one.missing:
        parts.append(Text(f"{len(one.missing)} chưa gửi", f"{len(one.missing)} missing"))
    if one.refused:
        parts.append(Text(f"{len(one.refused)} phải gửi lại", f"{len(one.refused)} sent back"))
    told = ", ".join(part.get(lang) for part in parts)
    return Text(f"Báo cáo {period}: {told}", f"Returns {period}: {told}").get(lang)


def _source(study: Study, ledger: Ledger) -> str:
    if ledger.known_by:
        day = numbers.short_date(ledger.known_by, study.lang)
        return Text(f"Sổ theo dõi báo cáo, đến hết ngày {day}", f"Ledger of returns, as known on {day}").get(
            study.lang
        )
    return Text(
        "Sổ theo dõi báo cáo, ngày nhận ghi ở tên tệp", "Ledger of returns; days as in file names"
    ).get(study.lang)
