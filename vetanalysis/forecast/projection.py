"""A predictive distribution of one quantity at one or several coming dates, and the questions it answers.

Every method of the package ends in a `Projection`. A status, a sentence or a figure is derived from it and
from nothing else. There are two kinds: `DrawsProjection` (simulated values, here) and
`MixtureProjection` (a closed form on a bounded scale, in `mixture.py`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said, Text, displayed
from vetanalysis.errors import WrongCall

DIRECTIONS = (">=", "<=")
MOSTLY_PRIOR = 0.5
DRAWS_OF_UNITS = 4000  # joint draws of the units of a place
SPREADS_WITHIN = 2 * 1.2815515655446004  # standard deviations of a normal law from its 10 to its 90 % point
_MEAN_NODES = 200


class Interval(NamedTuple):
    """The two ends of a central range: numbers, or Series indexed by period."""

    lower: Any
    upper: Any


@dataclass(frozen=True, slots=True)
class NotAssessed:
    """The answer for one series of a batch that the figures do not allow; `reason` says why.

    >>> import pandas as pd
    >>> import vetanalysis as va
    >>> one = va.project_rates(pd.DataFrame({"a": [0.3]}, index=[2021]), 2023)["a"]
    >>> one.reason.get("en")
    'one figure only: its pace of change is unknown'
    """

    reason: Text | Said


@dataclass(frozen=True, kw_only=True, eq=False)
class Projection(ABC):
    """What one quantity may be at each of `periods`.

    With one period (`single`) answers are numbers, with several they are Series indexed by period. Shares
    lie in [0, 1]; counts are people.

    `periods`: years (or other labels) in the order asked for. `n_points`: how many figures it rests on.
    `prior_share`: part of what is known about the pace and its spread that does not come from the
    series itself but from others (0 none, 1 all). `taught_by`: how many other series of the same rate are among
    these, 0: none, only what the package learned elsewhere. `alternatives`: {0.5, 2.0: the same projection with the
    prior's spread halved, doubled}. `true_level`: the same without the survey's sampling error, None where
    no error is known.

    >>> import pandas as pd
    >>> import vetanalysis as va
    >>> made = va.project_rate(pd.Series({2018: 0.41, 2020: 0.45, 2021: 0.47}), 2023)
    >>> round(made.probability(0.5), 2), round(made.target_for(0.8), 3)
    (0.33, 0.452)
    """

    periods: tuple[Hashable, ...]
    single: bool = True
    n_points: int = 0
    prior_share: float = 0.0
    taught_by: int = 0
    alternatives: Mapping[float, Projection] = field(default_factory=dict, repr=False)
    true_level: Projection | None = field(default=None, repr=False)

    @abstractmethod
    def _quantiles(self, levels: np.ndarray) -> np.ndarray:
        """Quantiles at `levels`, shape (Q,) or (H, Q); the result has shape (H, Q)."""

    @abstractmethod
    def _below(self, values: np.ndarray, inclusive: bool) -> np.ndarray:
        """P(X <= value) if inclusive, else P(X < value), for values of shape (H, T)."""

    @abstractmethod
    def _draws(self, size: int, rng: np.random.Generator) -> np.ndarray:
        """Joint draws over the periods, shape (size, H)."""

    @property
    def _is_share(self) -> bool:
        """Whether nothing but 0 to 1 can be asked for."""
        return False

    @property
    def mostly_prior(self) -> bool:
        """Whether at least half of what it rests on was learned elsewhere and not from this series."""
        return self.prior_share >= MOSTLY_PRIOR

    @property
    def median(self) -> float | pd.Series:
        """The value reached or passed with a chance of one half."""
        return self.quantile(0.5)

    @property
    def mean(self) -> float | pd.Series:
        """The expected value."""
        nodes, weights = np.polynomial.legendre.leggauss(_MEAN_NODES)
        return self._shaped(self._quantiles((nodes + 1) / 2) @ (weights / 2))

    def quantile(self, q: float | Any) -> float | pd.Series | pd.DataFrame:
        """The value that is not passed with probability `q` in [0, 1].

        One level: a number, or a Series by period. Several levels: a Series by level, or a frame with a row
        per period and a column per level. A level that is missing or outside [0, 1] is a WrongCall.

        >>> DrawsProjection([10.0, 20.0, 30.0, 40.0], 2023).quantile([0.25, 0.5]).tolist()
        [15.0, 25.0]
        """
        levels = _shares(q, "quantile level")
        values = self._quantiles(np.atleast_1d(levels).ravel())
        if levels.ndim == 0:
            return self._shaped(values[:, 0])
        if self.single:
            return pd.Series(values[0], index=_index_of_levels(levels.tobytes()))
        return pd.DataFrame(values, index=self._index(), columns=_index_of_levels(levels.tobytes()))

    def interval(self, coverage: float = 0.8) -> Interval:
        """The central range that holds `coverage` (0 to 1) of the probability: `.lower`, `.upper`.

        >>> DrawsProjection([10.0, 20.0, 30.0, 40.0], 2023).interval(0.5)
        Interval(lower=15.0, upper=35.0)
        """
        tail = (1 - float(_shares(coverage, "coverage"))) / 2
        values = self._quantiles(np.array([tail, 1 - tail]))
        return Interval(self._shaped(values[:, 0]), self._shaped(values[:, 1]))

    def probability(self, target: float | Any, direction: str = ">=") -> float | np.ndarray | pd.Series:
        """P(X >= target), or P(X <= target) with "<="; a value equal to the target has reached it.

        `target`: one number, or one per period (a Series is matched by period). Several targets, shape (T,) with
        one period or (periods, T) with several, are answered by an array of that shape. A missing target is a
        WrongCall, of a share also one outside 0 to 1.

        >>> projection = DrawsProjection([10.0, 20.0, 30.0, 40.0], 2023)
        >>> projection.probability(25), projection.probability(25, "<="), projection.probability([10, 30]).tolist()
        (0.5, 0.5, [1.0, 0.375])
        """
        check_direction(direction)
        values, several = self._per_period(target, "target")
        if self._is_share and (wrong := values[(values < 0) | (values > 1)]).size:
            raise WrongCall(Said("forecast.call.target", given=wrong.flat[0]))
        chance = (
            self._below(values, inclusive=False) if direction == ">=" else self._below(values, inclusive=True)
        )
        chance = 1 - chance if direction == ">=" else chance
        return self._answer(chance, several)

    def target_for(self, probability: float | Any, direction: str = ">=") -> float | np.ndarray | pd.Series:
        """The most demanding target that is reached with `probability`; the inverse of `probability`.

        Exact where the distribution has no jump; at a jump (a bound, a count that can no longer change) the
        target returned is reached with at least `probability`.

        >>> DrawsProjection([10.0, 20.0, 30.0, 40.0], 2023).target_for(0.75)
        15.0
        """
        check_direction(direction)
        chances, several = self._per_period(probability, "probability")
        chances = _shares(chances, "probability")
        values = self._quantiles(1 - chances if direction == ">=" else chances)
        return self._answer(values, several)

    def sample(self, size: int, rng: np.random.Generator | int) -> np.ndarray:
        """`size` joint draws from `rng` (a Generator or a seed): shape (size,), or (size, periods).

        >>> DrawsProjection([[10.0, 12.0], [20.0, 22.0]], [2022, 2023]).sample(5, rng=1).shape
        (5, 2)
        """
        if not isinstance(size, int | np.integer) or size < 0:
            raise WrongCall(Said("forecast.call.sample", given=repr(size)))
        draws = self._draws(int(size), np.random.default_rng(rng))
        return draws[:, 0] if self.single else draws

    def sensitivity(self, target: float | Any, direction: str = ">=") -> dict[float, Any]:
        """The probability with the prior's spread halved (0.5), as it is (1.0) and doubled (2.0).

        Only what `alternatives` holds is there beside 1.0.

        >>> DrawsProjection([10.0, 20.0, 30.0, 40.0], 2023).sensitivity(25)
        {1.0: 0.5}
        """
        versions = {**self.alternatives, 1.0: self}
        return {factor: versions[factor].probability(target, direction) for factor in sorted(versions)}

    def _index(self) -> pd.Index:
        return _index_of(self.periods, tuple(map(type, self.periods)))

    def _shaped(self, values: np.ndarray) -> float | pd.Series:
        return float(values[0]) if self.single else pd.Series(values, index=self._index())

    def _answer(self, values: np.ndarray, several: bool) -> float | np.ndarray | pd.Series:
        """Values (H, T) in the shape of the question."""
        if not several:
            return self._shaped(values[:, 0])
        return values[0] if self.single else values

    def _per_period(self, value: Any, name: str) -> tuple[np.ndarray, bool]:
        """`value` as (H, T), and whether several were asked for each period."""
        if isinstance(value, pd.Series) and not self.single:
            missing = [str(period) for period in self.periods if period not in value.index]
            if missing:
                raise WrongCall(Said("forecast.call.periods_lack", name=name, periods=missing))
            value = value.loc[list(self.periods)]
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise WrongCall(Said("forecast.call.number", name=name, given=repr(value))) from None
        if np.isnan(array).any():
            raise WrongCall(Said("forecast.call.missing", name=name))
        if array.ndim == 0:
            return np.full((len(self.periods), 1), float(array)), False
        if self.single:
            return array.reshape(1, -1), True
        if array.ndim == 2 and array.shape[0] == len(self.periods):
            return array, True
        if array.shape != (len(self.periods),):
            raise WrongCall(
                Said("forecast.call.one_per_period", name=name, values=array.size, periods=len(self.periods))
            )
        return array.reshape(-1, 1), False

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.describe()})"

    def _repr_png_(self) -> bytes | None:
        """How a notebook shows it: the ranges of every period as a small figure."""
        return displayed("projection", self)

    def describe(self) -> str:
        """Median and 80 % range of every period on one line."""
        values = self._quantiles(np.array([0.1, 0.5, 0.9]))
        parts = [
            f"{p}: {m:.6g} [{lo:.6g}, {hi:.6g}]" for p, (lo, m, hi) in zip(self.periods, values, strict=True)
        ]
        return "; ".join(parts)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DrawsProjection(Projection):
    """A projection known by simulated values.

    `draws`: shape (S,) for one period or (S, H), rows are joint draws. Between neighbouring draws the
    distribution function is linear (Hazen's plotting position), so that quantile and probability are inverse
    to each other; equal draws are a jump, and equality with the target counts as reached. `lower_bound`,
    `upper_bound`: what can no longer be undercut or exceeded (people already counted); draws beyond them
    are refused.
    """

    draws: np.ndarray = field(repr=False)
    alternatives: Mapping[float, DrawsProjection] = field(default_factory=dict, repr=False)
    lower_bound: float | None = None
    upper_bound: float | None = None
    _sorted: np.ndarray = field(init=False, repr=False)

    def __init__(self, draws: Any, periods: Any, **options: Any) -> None:
        """See the class; `periods` is one label or as many as `draws` has columns."""
        names = (
            "lower_bound",
            "upper_bound",
            "n_points",
            "prior_share",
            "taught_by",
            "alternatives",
            "true_level",
        )
        unknown = sorted(set(options) - set(names))
        if unknown:
            raise TypeError(f"DrawsProjection: unknown {', '.join(unknown)}")
        array = np.array(draws, dtype=float)
        single = array.ndim == 1
        array = array.reshape(-1, 1) if single else array
        labels = tuple(periods) if isinstance(periods, list | tuple | pd.Index | np.ndarray) else (periods,)
        if array.ndim != 2 or array.shape[1] != len(labels) or not array.size:
            raise WrongCall(Said("forecast.call.shape", shape=repr(np.shape(draws)), periods=len(labels)))
        if not np.isfinite(array).all():
            raise WrongCall(Said("forecast.call.not_finite", count=int((~np.isfinite(array)).sum())))
        for bound, wrong in ((options.get("lower_bound"), np.less), (options.get("upper_bound"), np.greater)):
            if bound is not None and wrong(array, bound).any():
                count = int(wrong(array, bound).sum())
                raise WrongCall(Said("forecast.call.beyond_bound", count=count, bound=str(bound)))
        array.flags.writeable = False
        values = {
            "draws": array,
            "periods": labels,
            "single": single,
            "lower_bound": options.get("lower_bound"),
            "upper_bound": options.get("upper_bound"),
            "n_points": options.get("n_points", 0),
            "prior_share": options.get("prior_share", 0.0),
            "taught_by": options.get("taught_by", 0),
            "alternatives": options.get("alternatives") or {},
            "true_level": options.get("true_level"),
            "_sorted": np.sort(array, axis=0),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def _is_share(self) -> bool:
        return (self.lower_bound, self.upper_bound) == (0.0, 1.0)

    def _quantiles(self, levels: np.ndarray) -> np.ndarray:
        place = self._places()
        levels = np.broadcast_to(levels, (len(self.periods), levels.shape[-1]))
        return np.array(
            [np.interp(q, place, column) for q, column in zip(levels, self._sorted.T, strict=True)]
        )

    def _below(self, values: np.ndarray, inclusive: bool) -> np.ndarray:
        return np.array(
            [
                self._column_below(column, row, inclusive)
                for column, row in zip(self._sorted.T, values, strict=True)
            ]
        )

    def _column_below(self, column: np.ndarray, values: np.ndarray, inclusive: bool) -> np.ndarray:
        place, size = self._places(), len(column)
        first = np.searchsorted(column, values, side="left")
        after = np.searchsorted(column, values, side="right")
        left, right = np.clip(after - 1, 0, size - 1), np.clip(after, 0, size - 1)
        gap = column[right] - column[left]
        part = np.divide(values - column[left], gap, out=np.zeros_like(values), where=gap > 0)
        between = place[left] + part * (place[right] - place[left])
        at_low = np.where(first == 0, 0.0, place[np.clip(first, 0, size - 1)])
        at_high = np.where(after == size, 1.0, place[np.clip(after - 1, 0, size - 1)])
        hit = np.where(inclusive, at_high, at_low)
        result = np.where(after > first, hit, between)
        return np.where(after == 0, 0.0, np.where(first == size, 1.0, result))

    def _places(self) -> np.ndarray:
        size = self.draws.shape[0]
        return (np.arange(size) + 0.5) / size

    def _draws(self, size: int, rng: np.random.Generator) -> np.ndarray:
        return self.draws[rng.integers(0, self.draws.shape[0], size)]

    @property
    def mean(self) -> float | pd.Series:
        """The average of the draws."""
        return self._shaped(self.draws.mean(axis=0))


def check_direction(direction: str) -> str:
    """`direction` if it is ">=" or "<=", else a WrongCall."""
    if direction not in DIRECTIONS:
        raise WrongCall(Said("forecast.call.direction", given=repr(direction)))
    return direction


@lru_cache(maxsize=64)
def _index_of(periods: tuple[Hashable, ...], types: tuple[type, ...]) -> pd.Index:
    """The index of answers; `types` keeps apart labels that are equal but not the same (2023 and 2023.0)."""
    return pd.Index(periods, name="period")


@lru_cache(maxsize=64)
def _index_of_levels(levels: bytes) -> pd.Index:
    """Quantile levels, given as the bytes of their array, as an index of answers."""
    return pd.Index(np.frombuffer(levels))


def _shares(value: Any, name: str) -> np.ndarray:
    """`value` as an array of numbers in [0, 1]; anything else is a WrongCall that names it."""
    array = np.asarray(value, dtype=float)
    wrong = array[~((array >= 0) & (array <= 1))]
    if wrong.size:
        raise WrongCall(Said("forecast.call.share", name=name, given=wrong.flat[0]))
    return array
