"""What the stock-and-flow account says of a rate, as one more member of the rate's projection.

The account knows the year's learners, the history does not; the history was tested on thousands of series, the account
was not. Its member therefore has the weight of its precision, at most one third. An account of which any input is
assumed has no say in a projection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.bounded import to_line
from vetanalysis.forecast.projection import Projection
from vetanalysis.forecast.student import ppf
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.forecast.mixture import MixtureProjection
    from vetanalysis.forecast.stock_flow import StockFlow

LARGEST_WEIGHT = 1 / 3


@dataclass(frozen=True, slots=True)
class AccountRate:
    """A rate at the end of `year` by the account alone: median and 80 % range, shares in [0, 1]."""

    year: int
    lower: float
    median: float
    upper: float


def account_rate(flow: StockFlow, which: str, concept: str = "") -> AccountRate:
    """The rate `which` ("trained" or "certified") of an account whose every input is sourced.

    `concept`: of the labour force, that of the series it is to join; "" for the one in force last. Raises
    NotAssessable with the number of assumed inputs where there is one.
    """
    if flow.assumed:
        count = f"{len(flow.assumed)}/{len(flow.inputs)}"
        raise NotAssessable(
            Text(
                f"{count} đầu vào của phép tính cân đối người học là giả định nên không được gộp vào dự báo tỷ lệ",
                f"{count} inputs of the stock account are assumed, so it is not pooled into the projection of the rate",
            )
        )
    rate = flow.by_concept[concept or flow.concept][which].rate
    inner = rate.interval(0.8)
    return AccountRate(flow.year, float(inner.lower), float(rate.median), float(inner.upper))


def with_account(projection: MixtureProjection, account: AccountRate) -> MixtureProjection:
    """The projection of the account's own year with the account as one more member, its alternatives likewise.

    Weight: precision of the account over that of both, precision being 1 / (80 % range on the logit scale)^2, and no
    more than `LARGEST_WEIGHT`. Raises WrongCall for a projection of other years, or an account without a range.
    """
    if projection.periods != (account.year,):
        raise WrongCall(f"account: it is for the end of {account.year}; ask for that year alone")
    low, middle, high = to_line(np.array([account.lower, account.median, account.upper]), projection.margin)
    if not low < high:
        raise WrongCall("account: its rate has no range, so every input would be known without error")
    own = to_line(np.array(projection.interval(0.8), dtype=float), projection.margin)
    ratio = ((own[1] - own[0]) / (high - low)) ** 2
    weight = min(ratio / (1 + ratio), LARGEST_WEIGHT)
    spread = (high - low) / 2 / float(ppf(np.array(0.9), projection.freedom))
    true = projection.true_level
    return replace(
        projection,
        weights=np.append(projection.weights * (1 - weight), weight),
        location=np.append(projection.location, [[middle]], axis=1),
        spread=np.append(projection.spread, [[spread]], axis=1),
        joint=None,
        alternatives=_WithAccount(projection.alternatives, account),
        true_level=None if true is None else with_account(true, account),  # type: ignore[arg-type]
    )


@dataclass(frozen=True, eq=False)
class _WithAccount(Mapping[float, Projection]):
    """The projections with the prior halved and doubled, each joined by the account when it is asked for."""

    alone: Mapping[float, Projection]
    account: AccountRate

    def __getitem__(self, factor: float) -> Projection:
        return with_account(self.alone[factor], self.account)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[float]:
        return iter(self.alone)

    def __len__(self) -> int:
        return len(self.alone)
