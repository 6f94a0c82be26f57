"""Checks that need several files: the period before, the year before, districts and institutions, quotas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.returns.check_in_time import falls, no_longer_reported, start_stock, ten_times
from vetanalysis.returns.check_places import (
    district_and_institutions,
    far_above_quota,
    quota_sum,
    same_class_elsewhere,
)
from vetanalysis.returns.joined import Joined, join

if TYPE_CHECKING:
    from vetanalysis.plan import Plan
    from vetanalysis.returns.versions import Version

_LISTED = 20  # findings of one rule and file shown one by one; the rest are counted in a last line
TOGETHER_CHECKS: tuple[Callable[[Joined], Iterable[Finding]], ...] = (
    falls, ten_times, no_longer_reported, start_stock, district_and_institutions, same_class_elsewhere,
    far_above_quota, quota_sum,
)  # fmt: skip


def check_together(plan: Plan, observations: pd.DataFrame, versions: Sequence[Version]) -> list[Finding]:
    """Every breach of the rules that hold files against each other; `observations` are those that count."""
    joined = join(plan, observations, versions)
    return [finding for check in TOGETHER_CHECKS for finding in _limited(check(joined))]


def _limited(findings: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    counted: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        group = counted.setdefault((one.rule, one.file), [])
        group.append(one)
        if len(group) <= _LISTED:
            kept.append(one)
    for group in counted.values():
        more, one = len(group) - _LISTED, group[-1]
        if more > 0:
            what = Text(f"còn {more} ô khác như vậy", f"{more} more cells like this")
            kept.append(Finding(one.severity, one.file, one.place, one.rule, what, one.remedy, one.sheet))
    return kept
