"""Checking one return alone: its name and folder, its period and window, its figures against each other.

`check_file` runs every rule of the themes "file" and "figures" that needs no other file; what needs several is in
`vetanalysis.returns.together`. An error here refuses the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding, VetanalysisError
from vetanalysis.observations.crosswalk import quotas_by_unit
from vetanalysis.periods import Cutoff, cutoff_day, parse_cutoff, parse_day, window
from vetanalysis.returns.check_figures import SUM_CHECKS, VALUE_CHECKS, Asked, figures_of
from vetanalysis.returns.findings import day_text, finding_of, period_text, quantity_words, shown
from vetanalysis.returns.key import sheet_and_cell
from vetanalysis.returns.lists import reporting_units

if TYPE_CHECKING:
    from vetanalysis.plan import Plan
    from vetanalysis.returns.files import Received
    from vetanalysis.returns.readings import Reading


def check_file(found: Received, read: Reading, plan: Plan) -> list[Finding]:
    """Every breach of the rules that look at one file; `found` is what its name and folder say."""
    cutoff = _cutoff(read.period or found.period, plan)
    code = read.unit or found.unit
    unit = plan.unit(code) if code in _codes(plan) else None
    figures = figures_of(found.path.name, read.columns, quantity_words(plan))
    findings = [
        *_names(found, read, plan),
        *_period(found, read, plan, cutoff),
        *_marked(found, read, plan),
        *_communes(found, read, plan, cutoff),
    ]
    on_form = frozenset(read.missing["indicator"]) if read.own_form else None
    asked = Asked.of(plan, unit, cutoff, on_form)
    findings += [told for check in VALUE_CHECKS for told in check(figures, asked)]
    findings += [told for check in SUM_CHECKS for told in check(figures)]
    return findings


@lru_cache(maxsize=8)
def illustrative_plan(plan: Plan) -> bool:
    """Whether a plan holds invented figures: its title or a quota's source says so."""
    marked = "illustrative" in plan.title.en.lower() or "minh họa" in plan.title.vi.lower()
    return marked or bool(plan.quotas["source"].str.lower().str.startswith("illustrative").any())


def quota_of(plan: Plan, unit: str, year: int) -> float | None:
    """A unit's quota of a year over all levels, its own or that of units it took over from; None without one."""
    return _quotas(plan).get((unit, f"{year}-FY"))


@lru_cache(maxsize=8)
def _quotas(plan: Plan) -> dict[tuple[str, str], float]:
    by_level: dict[tuple[str, str], float] = {}
    whole: dict[tuple[str, str], float] = {}
    table = quotas_by_unit(plan)
    for unit, level, period, value in zip(
        *(table[name] for name in ("unit", "level", "period", "value")), strict=True
    ):
        if value == value:
            target = by_level if level else whole
            target[unit, period] = target.get((unit, period), 0.0) + float(value)
    return whole | by_level


@lru_cache(maxsize=8)
def _codes(plan: Plan) -> frozenset[str]:
    return frozenset(plan.units["code"])


@lru_cache(maxsize=64)
def _senders(plan: Plan, cutoff: Cutoff) -> frozenset[str]:
    return frozenset(reporting_units(plan, cutoff))


def cumulative(period: str) -> str:
    """The cut-off at which a period ends: a quarter alone is told with the year so far, in the same folder."""
    return period[:5] + {"Q2": "H1", "Q3": "9M", "Q4": "FY"}.get(period[5:], period[5:])


def _cutoff(text: str | None, plan: Plan) -> Cutoff | None:
    try:
        return plan.check_cutoff(parse_cutoff(cumulative(text))) if text else None
    except VetanalysisError:
        return None


def _unit_text(plan: Plan, code: str) -> Text:
    """A unit by its name, with the code that stands in file names behind it."""
    label = plan.unit(code).label if code in _codes(plan) else Text("?", "?")
    return Text(f"{label.vi} ({code})", f"{label.en} ({code})")


def _names(found: Received, read: Reading, plan: Plan) -> Iterator[Finding]:
    file = found.path.name
    if read.unit and found.unit and read.unit != found.unit:
        inside, outside = _unit_text(plan, read.unit), _unit_text(plan, found.unit)
        what = Text(
            f"trong tệp là {inside.vi}, tên tệp là {outside.vi}",
            f"the file says {inside.en}, its name {outside.en}",
        )
        yield finding_of("unit-differs", file, "", what)
    if read.period and found.period and cumulative(read.period) != found.period:
        inside, outside = period_text(read.period), period_text(found.period)
        what = Text(
            f"trong tệp là {inside.vi}, thư mục {found.period} là {outside.vi}",
            f"the file says {inside.en}, the folder {found.period} is {outside.en}",
        )
        yield finding_of("period-differs", file, "", what)
    if not found.day:
        what = Text("tên tệp không ghi ngày nhận", "the name does not say when the file came")
        yield finding_of("no-received-day", file, "", what)


def _period(found: Received, read: Reading, plan: Plan, cutoff: Cutoff | None) -> Iterator[Finding]:
    if cutoff is None or cutoff.code == "start":
        return
    first, last = window(cutoff, plan.calendar)
    wanted = (first.isoformat(), last.isoformat())
    alone = (window(Cutoff(cutoff.year, f"Q{cutoff.quarters}"), plan.calendar)[0].isoformat(), wanted[1])
    quarter_alone = read.basis == "period" and read.window == alone
    if read.window and tuple(read.window) != wanted and not quarter_alone:
        told, due, period = (
            [day_text(day) for day in read.window],
            [day_text(day) for day in wanted],
            str(cutoff),
        )
        what = Text(
            f"tính từ {told[0].vi} đến {told[1].vi}; {period_text(period).vi} là từ {due[0].vi} đến {due[1].vi}",
            f"counts {told[0].en} to {told[1].en}; {period_text(period).en} is {due[0].en} to {due[1].en}",
        )
        yield finding_of("window-differs", found.path.name, "", what)
    day = parse_day(found.day)
    if day is not None and day <= cutoff_day(cutoff, plan.calendar):
        what = Text(
            f"nhận ngày {day_text(found.day).vi}, kỳ kết thúc ngày {day_text(wanted[1]).vi}",
            f"came on {day_text(found.day).en}, the period ends on {day_text(wanted[1]).en}",
        )
        yield finding_of("received-early", found.path.name, "", what)
    unit = read.unit or found.unit
    if unit and unit in _codes(plan) and unit not in _senders(plan, cutoff):
        name, asked = _unit_text(plan, unit), period_text(str(cutoff))
        what = Text(f"{name.vi} không phải báo cáo {asked.vi}", f"{name.en} need not report for {asked.en}")
        yield finding_of("not-a-sender", found.path.name, "", what)


def _marked(found: Received, read: Reading, plan: Plan) -> Iterator[Finding]:
    invented = read.illustrative or any(read.columns["illustrative"])
    readable = read.count > 0 or invented
    if invented and not illustrative_plan(plan):
        what = Text(
            "tệp ghi là số liệu minh họa, kế hoạch này là thật",
            "the file is marked illustrative, this plan is real",
        )
        yield finding_of("illustrative-in-real", found.path.name, "", what)
    if readable and not invented and illustrative_plan(plan):
        what = Text(
            "tệp không ghi là số liệu minh họa, kế hoạch này là ví dụ",
            "the file is not marked illustrative, this plan is an example",
        )
        yield finding_of("real-in-illustrative", found.path.name, "", what)


def _communes(found: Received, read: Reading, plan: Plan, cutoff: Cutoff | None) -> Iterator[Finding]:
    communes = read.commune_quotas
    unit = read.unit or found.unit
    quota = quota_of(plan, unit, cutoff.year) if cutoff and unit else None
    if quota is None or not communes:
        return
    total, count = sum(one["value"] for one in communes), len(communes)
    if abs(total - quota) > 0.5:
        sheet, _ = sheet_and_cell(communes[0]["source"])
        what = Text(
            f"{count} xã cộng lại {shown(total, 'vi')} người, chỉ tiêu của đơn vị là {shown(quota, 'vi')} người",
            f"{count} communes add up to {shown(total, 'en')}, the unit's quota is {shown(quota, 'en')}",
        )
        yield finding_of("commune-quotas", found.path.name, "", what, sheet=sheet)
