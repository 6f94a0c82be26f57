"""What signed reports said and what came, beside what a replay says of the same targets on the same cut-offs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.assessment.issued import Issued, Statement, that_stand
from vetanalysis.assessment.targets import assess_targets
from vetanalysis.hashes import SEED
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.track.rolling import brier_score

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target

SEALED_COLUMNS = (
    "target", "unit", "as_of", "on", "measure", "goal", "median", "lower_80", "upper_80", "probability", "status",
    "evidence", "replayed", "outcome", "came", "illustrative",
)  # fmt: skip


def sealed_statements(
    plan: Plan, obs: pd.DataFrame, issued: Sequence[Issued], in_year: pd.DataFrame, seed: int = SEED
) -> pd.DataFrame:
    """One row for each probability in the last signed report of a unit and cut-off, in `SEALED_COLUMNS`.

    `in_year`: the replayed statements (`statements.in_year`), whose probability of the same target and cut-off is
    `replayed`, NaN where there is none. `outcome` in the target's measure and `came`: NaN and None while the
    target's period has no final figure. A target that the plan no longer has is left out.
    """
    targets = {target.id: target for target in plan.targets}
    rows = []
    judged = cache(lambda period, unit: assess_targets(plan, obs, period, unit=unit, seed=seed))
    for report in that_stand(issued):
        for said in report.statements:
            target = targets.get(said.target)
            if target is None or said.probability is None:
                continue
            outcome = _outcome(target, said, report.unit, in_year, judged)
            rows.append(
                {
                    **{name: getattr(said, name) for name in SEALED_COLUMNS if hasattr(said, name)},
                    "unit": report.unit,
                    "as_of": report.as_of,
                    "on": report.on,
                    "measure": target.measure,
                    "replayed": _replayed(in_year, said.target, report),
                    "outcome": outcome,
                    "came": _came(target, said, outcome),
                }
            )
    return pd.DataFrame(rows, columns=list(SEALED_COLUMNS))


def sealed_scores(sealed: pd.DataFrame) -> dict[str, Any]:
    """`due`: sealed statements whose outcome is known; `inside_80`; `brier` of them; and of the `both` that were also
    replayed the Brier scores as sealed and as replayed (NaN without any)."""
    due = sealed[sealed["came"].notna()]
    inside = (due["outcome"] >= due["lower_80"]) & (due["outcome"] <= due["upper_80"])
    both = due[due["replayed"].notna()]
    return {
        "due": len(due),
        "open": len(sealed) - len(due),
        "inside_80": int(inside.sum()),
        "brier": _brier(due, "probability"),
        "both": len(both),
        "brier_sealed": _brier(both, "probability"),
        "brier_replayed": _brier(both, "replayed"),
    }


def _brier(rows: pd.DataFrame, name: str) -> float:
    if rows.empty:
        return np.nan
    return float(brier_score(rows["came"].to_numpy(dtype=float), rows[name].to_numpy(dtype=float)).mean())


def _replayed(in_year: pd.DataFrame, target: str, report: Issued) -> float:
    at = parse_cutoff(report.as_of)
    same = _of(in_year, target, report.unit, at.year)
    same = same[same["cutoff"] == at.code]
    return float(same["probability"].iloc[0]) if len(same) else np.nan


def _of(in_year: pd.DataFrame, target: str, unit: str, year: int) -> pd.DataFrame:
    mine = (in_year["target"] == target) & (in_year["unit"] == unit) & (in_year["year"] == year)
    return in_year[mine]


def _outcome(
    target: Target, said: Statement, unit: str, in_year: pd.DataFrame, judged: Callable[[Cutoff, str], Any]
) -> float:
    """The final figure of the period that was spoken of; NaN while there is none. `judged`: its targets, at its end."""
    if said.period != target.period:
        return np.nan
    same = _of(in_year, said.target, unit, parse_cutoff(said.period).year)
    if len(same):
        return float(same["outcome"].iloc[0])
    assessments = judged(parse_cutoff(said.period).end, unit)
    one = next(one for one in assessments if one.target.id == said.target)
    final = one.is_judged and one.latest is not None and one.latest.status == "final"
    return float(one.latest.value) if final else np.nan


def _came(target: Target, said: Statement, outcome: float) -> bool | None:
    if np.isnan(outcome) or said.goal is None:
        return None
    return outcome >= said.goal if target.operator == ">=" else outcome <= said.goal
