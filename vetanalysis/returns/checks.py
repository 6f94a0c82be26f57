"""Checking one return alone: its name and folder, its period and window, its figures against each other.

`check_file` runs every rule of the themes "file" and "figures" that needs no other file; what needs several is in
`vetanalysis.returns.together`. An error here refuses the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from vetanalysis.blocks import Said
from vetanalysis.errors import Finding, VetanalysisError
from vetanalysis.observations.crosswalk import quotas_by_unit
from vetanalysis.periods import Cutoff, cutoff_day, parse_cutoff, parse_day, window
from vetanalysis.returns.check_figures import SUM_CHECKS, VALUE_CHECKS, Asked, figures_of
from vetanalysis.returns.findings import day_words, finding_of, period_words, quantity_words
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


def _unit_words(plan: Plan, code: str) -> Said:
    """A unit by its name, with the code that stands in file names behind it."""
    label = plan.unit(code).label if code in _codes(plan) else "?"
    return Said("returns.unit", label=label, code=code)


def _names(found: Received, read: Reading, plan: Plan) -> Iterator[Finding]:
    file = found.path.name
    if read.unit and found.unit and read.unit != found.unit:
        stated, named = _unit_words(plan, read.unit), _unit_words(plan, found.unit)
        what = Said("returns.unit_differs", stated=stated, named=named)
        yield finding_of("unit-differs", file, "", what)
    if read.period and found.period and cumulative(read.period) != found.period:
        inside, outside = period_words(read.period), period_words(found.period)
        what = Said("returns.period_differs", stated=inside, named=outside, folder=found.period)
        yield finding_of("period-differs", file, "", what)
    if not found.day:
        yield finding_of("no-received-day", file, "", Said("returns.no_received_day"))


def _period(found: Received, read: Reading, plan: Plan, cutoff: Cutoff | None) -> Iterator[Finding]:
    if cutoff is None or cutoff.code == "start":
        return
    first, last = window(cutoff, plan.calendar)
    wanted = (first.isoformat(), last.isoformat())
    alone = (window(Cutoff(cutoff.year, f"Q{cutoff.quarters}"), plan.calendar)[0].isoformat(), wanted[1])
    quarter_alone = read.basis == "period" and read.window == alone
    if read.window and tuple(read.window) != wanted and not quarter_alone:
        period, (start, end), (due_start, due_end) = period_words(str(cutoff)), read.window, wanted
        what = Said(
            "returns.window_differs", period=period, first=day_words(start), last=day_words(end),
            due_first=day_words(due_start), due_last=day_words(due_end),
        )  # fmt: skip
        yield finding_of("window-differs", found.path.name, "", what)
    day = parse_day(found.day)
    if day is not None and day <= cutoff_day(cutoff, plan.calendar):
        what = Said("returns.received_early", came=day_words(found.day), end=day_words(wanted[1]))
        yield finding_of("received-early", found.path.name, "", what)
    unit = read.unit or found.unit
    if unit and unit in _codes(plan) and unit not in _senders(plan, cutoff):
        asked = period_words(str(cutoff))
        what = Said("returns.not_a_sender", unit=_unit_words(plan, unit), period=asked)
        yield finding_of("not-a-sender", found.path.name, "", what)


def _marked(found: Received, read: Reading, plan: Plan) -> Iterator[Finding]:
    invented = read.illustrative or any(read.columns["illustrative"])
    readable = read.count > 0 or invented
    if invented and not illustrative_plan(plan):
        yield finding_of("illustrative-in-real", found.path.name, "", Said("returns.illustrative_in_real"))
    if readable and not invented and illustrative_plan(plan):
        yield finding_of("real-in-illustrative", found.path.name, "", Said("returns.real_in_illustrative"))


def _communes(found: Received, read: Reading, plan: Plan, cutoff: Cutoff | None) -> Iterator[Finding]:
    communes = read.commune_quotas
    unit = read.unit or found.unit
    quota = quota_of(plan, unit, cutoff.year) if cutoff and unit else None
    if quota is None or not communes:
        return
    total, count = sum(one["value"] for one in communes), len(communes)
    if abs(total - quota) > 0.5:
        sheet, _ = sheet_and_cell(communes[0]["source"])
        what = Said("returns.commune_quotas", count=count, total=total, quota=quota)
        yield finding_of("commune-quotas", found.path.name, "", what, sheet=sheet)
