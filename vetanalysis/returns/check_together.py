"""Checks that need several files: the period before, the year before, districts and institutions, quotas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.errors import Finding

if TYPE_CHECKING:
    from vetanalysis.plan import Plan
    from vetanalysis.returns.versions import Version


def check_together(plan: Plan, observations: pd.DataFrame, versions: Sequence[Version]) -> list[Finding]:
    """Every breach of the rules that hold files against each other."""
    return []
