"""Whether a public function was given the kinds of things it takes; else the call is refused and told what to give.

Only the kind is looked at here; what stands in a plan or a table is judged where it is read.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from vetanalysis.errors import WrongCall
from vetanalysis.plan import Plan

NEEDED = ("unit", "period", "indicator", "value", "basis", "vintage")


def check_plan_given(plan: Any) -> None:
    """WrongCall for anything but a loaded plan."""
    if not isinstance(plan, Plan):
        raise WrongCall(f"plan {_shown(plan)}: give a plan as load_plan returns it")


def check_observations_given(obs: Any) -> None:
    """WrongCall for anything but a frame of observations."""
    if not isinstance(obs, pd.DataFrame):
        raise WrongCall(f"observations {_shown(obs)}: give a frame as load_observations returns it")
    missing = [name for name in NEEDED if name not in obs.columns]
    if missing:
        raise WrongCall(
            f"observations without the columns {', '.join(missing)}: give a frame as load_observations returns it"
        )


def check_whole_number(name: str, value: Any, least: int) -> None:
    """WrongCall for anything but a whole number of `least` or more."""
    import numbers

    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise WrongCall(f"{name} {value!r}: use a whole number of {least} or more")


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) < 40 else type(value).__name__
