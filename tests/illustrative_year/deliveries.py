"""When the returns of the example came in, and the faults of real life that are in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.periods import Cutoff, cutoff_day, deadline
from vetanalysis.returns.lists import reporting_units

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

#: Days after the deadline of the two late returns of 2023-9M.
LATE = {"189": 7, "gdnn-tu-thuc-2": 11}
#: The return that never came.
MISSING = ("gdnn-tinh-2", "9M")
#: The return sent a second time, and how many days after the first; the first counted a class twice.
CORRECTED = ("cdn-ls", "H1", 11)
#: The return typed in a font from before Unicode.
OLD_FONT = ("gdnn-gdtx-184", "H1")
#: The return whose total a person typed over the formula, and by how much it is off.
WRONG_TOTAL = ("187", "9M", 40)
#: People counted twice in the first version of the corrected return.
COUNTED_TWICE = 38


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file received: `version` from 1; `fault` empty or one of late, superseded, correction,
    old_font, wrong_total."""

    unit: str
    period: str
    received: date
    version: int = 1
    fault: str = ""


def deliveries(plan: Plan, cutoff: Cutoff, rng: np.random.Generator) -> Iterator[Delivery]:
    """Every file received for a period, in the order of the plan's units; units that sent nothing are
    left out."""
    for unit in reporting_units(plan, cutoff):
        last = deadline(cutoff, plan.calendar, plan.unit(unit).kind)
        since = cutoff_day(cutoff, plan.calendar) + timedelta(days=1)
        days = [since + timedelta(days=one) for one in range((last - since).days + 1)]
        received = rng.choice([day.toordinal() for day in days if day.weekday() < 5])
        received = date.fromordinal(int(received))
        mine = (unit, cutoff.code)
        if cutoff.year == 2023 and mine == MISSING:
            continue
        if cutoff.year == 2023 and cutoff.code == "9M" and unit in LATE:
            yield Delivery(unit, str(cutoff), last + timedelta(days=LATE[unit]), fault="late")
        elif cutoff.year == 2023 and mine == CORRECTED[:2]:
            yield Delivery(unit, str(cutoff), received, 1, "superseded")
            yield Delivery(unit, str(cutoff), received + timedelta(days=CORRECTED[2]), 2, "correction")
        else:
            fault = {OLD_FONT: "old_font", WRONG_TOTAL[:2]: "wrong_total"}.get(mine, "")
            yield Delivery(unit, str(cutoff), received, fault=fault if cutoff.year == 2023 else "")
