"""The figures of all files that count, keyed so that periods and places can be held against each other at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.check_rules import broken
from vetanalysis.returns.figures_of_file import sheet_and_cell
from vetanalysis.returns.quantity_words import QuantityWords, quantity_words

if TYPE_CHECKING:
    from vetanalysis.plan import Plan
    from vetanalysis.returns.versions import Version

_QUARTER = {"Q1": 1, "H1": 2, "9M": 3, "FY": 4}
_QUANTITY = ("indicator", *BREAKDOWNS, "measure", "basis")


@dataclass(frozen=True)
class Joined:
    """`table`: the observations with `year`, `quarter` (1 to 4, cut-offs of the year), `quantity`, a number per
    indicator and breakdown, and `series`, a number per unit and quantity; one row per series and cut-off (the
    latest received where files repeat one), in that order.
    """

    plan: Plan
    table: pd.DataFrame
    versions: tuple[Version, ...]

    @property
    def words(self) -> QuantityWords:
        """The plan's labels of quantities."""
        return quantity_words(self.plan)

    def unit(self, code: str) -> str:
        """The name of a unit; its code where the plan has none."""
        return _unit_names(self.plan).get(code, code)

    def breaches(
        self, rule: str, rows: pd.DataFrame, words: Iterator[Text] | list[Text]
    ) -> Iterator[Finding]:
        """A finding of a rule for each row, at the cell its figure came from."""
        for source, what in zip(rows["source"], words, strict=True):
            sheet, place = sheet_and_cell(source)
            yield broken(rule, source.split("!", 1)[0], place, what, sheet=sheet)


@lru_cache(maxsize=8)
def _unit_names(plan: Plan) -> dict[str, str]:
    return dict(zip(plan.units["code"], plan.units["name"], strict=True))


def join(plan: Plan, observations: pd.DataFrame, versions: Sequence[Version]) -> Joined:
    """Prepare the observations that count; quarters alone are left out, they have no earlier part of the year."""
    code = observations["period"].str.slice(5)
    kept = observations[code.isin(list(_QUARTER)) & observations["value"].notna()]
    quantity = _numbered(kept, _QUANTITY)
    table = kept.assign(
        year=pd.to_numeric(kept["period"].str.slice(0, 4)).astype("int64"),
        quarter=kept["period"].str.slice(5).map(_QUARTER).astype("int64"),
        quantity=quantity,
        series=_numbered(kept, ("unit",), quantity),
    )
    order = table.sort_values(["series", "year", "quarter", "vintage"], kind="stable")
    order = order.drop_duplicates(["series", "year", "quarter"], keep="last").reset_index(drop=True)
    return Joined(plan, order, tuple(versions))


def _numbered(table: pd.DataFrame, names: Sequence[str], start: np.ndarray | None = None) -> np.ndarray:
    """A number per distinct row of columns; column by column, which is much faster than grouping texts."""
    numbers = np.zeros(len(table), dtype="int64") if start is None else start
    for name in names:
        codes, distinct = pd.factorize(table[name])
        numbers = pd.factorize(numbers * max(len(distinct), 1) + codes)[0].astype("int64")
    return numbers
