"""What changed from one file of a unit to the next."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vetanalysis.errors import WrongCall
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.versions import Version

KEY = ("unit", "period", "indicator", *BREAKDOWNS, "measure", "basis")
CHANGE_COLUMNS = (*KEY, "before", "after", "difference", "change", "source")


def changes_between(
    versions: Sequence[Version], before: int | None = None, after: int | None = None
) -> pd.DataFrame:
    """Figures that differ between two versions of one unit and period, see `Ledger.changes`."""
    by_number = {one.number: one for one in versions}
    readable = [one.number for one in versions if one.reading.count]
    if after is None:
        after = readable[-1] if readable else None
    if before is None:
        earlier = [number for number in readable if after is not None and number < after]
        before = earlier[-1] if earlier else None
    if before is None or after is None:
        return _frame([])
    for number in (before, after):
        if number not in by_number:
            known = ", ".join(map(str, by_number)) or "none"
            raise WrongCall(f"no version {number}; there are {known}")
    old, new = _figures(by_number[before]), _figures(by_number[after])
    rows = []
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if was is not None and now is not None and was[0] == now[0]:
            continue
        change = "added" if was is None else "removed" if now is None else "changed"
        first, second = (was or (float("nan"), ""))[0], (now or (float("nan"), ""))[0]
        rows.append((*key, first, second, second - first, change, (now or was or (0, ""))[1]))
    return _frame(rows)


def _figures(version: Version) -> dict[tuple[str, ...], tuple[float, str]]:
    columns = version.reading.columns
    keys = zip(*(columns[name] for name in KEY), strict=True)
    return dict(zip(keys, zip(columns["value"], columns["source"], strict=True), strict=True))


def _frame(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    numbers = ("before", "after", "difference")
    frame = pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))
    return frame.astype({name: "float64" if name in numbers else "str" for name in CHANGE_COLUMNS})
