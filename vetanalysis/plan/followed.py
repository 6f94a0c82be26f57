"""The plan of the years before: its quotas and, where returns are read, its returns are the past of this plan.

`follows: NAME` names it. Nothing of it is copied and nothing of it changes: each plan's returns stay in its own folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.errors import Finding, VetanalysisError, WrongCall
from vetanalysis.plan.files import PLAN_FILE, PlanFiles, read_plan_files
from vetanalysis.plan.findings import year_range

if TYPE_CHECKING:
    from vetanalysis.plan.read import Plan

_RULE, _KEY = "plan-follows", "follows"


def read_followed(
    files: PlanFiles, find: Callable[[str], Path], load: Callable[[Path], Plan]
) -> tuple[Plan | None, list[Finding]]:
    """The plan that `follows` names, and what stands against it; None without one that can be used.

    `find`: the folder of a plan by its name; `load`: reads the plan of a folder.
    """
    named = str(files.raw.get(_KEY) or "")
    if not named:
        return None, []
    try:
        sibling = files.folder.parent / named
        folder = sibling.resolve() if (sibling / PLAN_FILE).is_file() else find(named)
    except WrongCall as error:
        return None, [files.error(_KEY, _RULE, "follows_none", named=named, error=error.message)]
    own, before = year_range(files), year_range(read_plan_files(folder, find))
    if own is None:  # which is told of them
        return None, []
    if before is not None and before[1] >= own[0]:
        begins, last = str(own[0]), str(before[1])
        return None, [files.error(_KEY, _RULE, "follows_late", named=named, own=begins, last=last)]
    try:
        plan = load(folder)
    except VetanalysisError as error:
        return None, [files.error(_KEY, _RULE, "follows_none", named=named, error=error.message)]
    return plan, [*_lost_units(files, plan)]


def _lost_units(files: PlanFiles, before: Plan) -> Iterator[Finding]:
    """Every unit that had a quota or had to report stays known: without its row its figures would count nowhere."""
    here = set(files.units["code"]) if "code" in files.units else set()
    lost = tuple(dict.fromkeys(code for code in before.units["code"] if code not in here))
    if lost:
        yield files.error("code", _RULE, "follows_units", table="units.csv", units=lost, plan=before.name)


def with_quotas_before(plan: Plan, before: Plan) -> Plan:
    """The plan with the quotas of the years before its own in front of its own."""
    both = pd.concat([before.quotas, plan.quotas], ignore_index=True)
    return plan.model_copy(update={"quotas": both})
