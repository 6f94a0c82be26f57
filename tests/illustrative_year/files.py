"""The example year as workbooks, in the folders in which returns are kept: as received, with their faults."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tests.illustrative_year.deliveries import Delivery
from tests.illustrative_year.example import SEED, _plan, as_observations, breakdown, draw, end_units
from tests.illustrative_year.faults import count_twice, retype_in_old_font, spoil_total
from tests.illustrative_year.network import YEARS
from tests.illustrative_year.people import Figure
from tests.illustrative_year.wording import words_of
from vetanalysis.periods import Cutoff, cutoffs, deadline, is_due, parse_cutoff
from vetanalysis.returns.form_book import Form
from vetanalysis.returns.key import Key
from vetanalysis.returns.template import build_form, build_history

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.plan import Plan


def write_example(
    folder: str | Path,
    seed: int = SEED,
    plan: Plan | None = None,
    *,
    units: Collection[str] | None = None,
) -> list[Path]:
    """Write the example under `folder` and return the paths; `units` keeps to the files of these.

    `<plan>/<period>/<unit>__<received>.xlsx` for what was received, `<plan>-truth/2023-FY/...` for what
    came true at the end of the year. The same seed writes the same bytes.
    """
    plan = plan or _plan()
    figures, posted = draw(seed, plan)
    by_unit: dict[str, list[Figure]] = {}
    for one in figures:
        by_unit.setdefault(one.unit, []).append(one)
    seen = as_observations([one for one in figures if _printed_as_previous(one)])
    root = Path(folder)
    paths = [
        _form_of(plan, one, by_unit.get(one.unit, []), seen).save(
            root / plan.name / one.period / f"{one.unit}__{one.received.isoformat()}.xlsx"
        )
        for one in posted
        if units is None or one.unit in units
    ]
    end = Cutoff(YEARS[-1], "FY")
    for unit in end_units():
        if units is not None and unit not in units:
            continue
        day = deadline(end, plan.calendar, plan.unit(unit).kind)
        path = root / f"{plan.name}-truth" / str(end) / f"{unit}__{day.isoformat()}.xlsx"
        paths.append(_history(plan, unit, end.year, by_unit[unit], day).save(path))
    return paths


def _printed_as_previous(one: Figure) -> bool:
    return one.year == YEARS[-1] or (one.year == YEARS[-2] and one.quarter == 4)


def _form_of(plan: Plan, delivery: Delivery, figures: list[Figure], seen: pd.DataFrame) -> Form:
    cutoff = parse_cutoff(delivery.period)
    if cutoff.code == "FY":
        return _history(plan, delivery.unit, cutoff.year, figures, delivery.received)
    now = {
        key_of(one): one.value
        for one in figures
        if (one.year, 3 * one.quarter) == (cutoff.year, cutoff.months)
    }
    if delivery.fault == "superseded":
        now = count_twice(now)
    words = words_of(plan, delivery.unit, cutoff)
    form = build_form(
        plan, delivery.unit, cutoff, previous=seen[seen["unit"] == delivery.unit], figures=now, words=words,
        illustrative=True,
    )  # fmt: skip
    form.day = delivery.received
    if delivery.fault == "wrong_total":
        spoil_total(form)
    if delivery.fault == "old_font":
        retype_in_old_font(form)
    return form


def _history(plan: Plan, unit: str, year: int, figures: Iterable[Figure], day: date) -> Form:
    periods = cutoffs(year, plan.calendar)
    values = {
        key_of(one, str(at)): one.value
        for one in figures
        if one.year == year and _was_asked(plan, one, at := periods[one.quarter - 1])
    }
    form = build_history(
        plan, unit, year, values, words_of(plan, unit, Cutoff(year, "FY")), illustrative=True
    )
    form.day = day
    return form


def _was_asked(plan: Plan, one: Figure, cutoff: Cutoff) -> bool:
    """Whether a figure was due at its cut-off; of years before the plan's own returns everything is known."""
    due = dict(zip(plan.indicators["id"], plan.indicators["periods"], strict=True))
    return (
        cutoff.year < YEARS[-1] or one.indicator not in due or is_due(due[one.indicator].split("|"), cutoff)
    )


def key_of(one: Figure, period: str = "") -> Key:
    """The key of the form under which a figure stands."""
    return Key(
        one.indicator, level=one.level, trade=one.trade, fund_source=one.fund_source, channel=one.channel,
        measure=one.measure, basis=one.basis, period=period, **breakdown(one.breakdown),
    )  # fmt: skip
