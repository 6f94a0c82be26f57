"""A whole and its part: the trained rate and the certified rate within it.

The part is projected as a share of the whole, on the logit scale as the whole is (the device of the family
planning model of Cahill et al. 2018, The Lancet 391, supplement): part = whole * share, so that in every path
the part lies within the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import finding
from vetanalysis.errors import DataRefused, NotAssessable, WrongCall
from vetanalysis.forecast.mixture import logit
from vetanalysis.forecast.projection import DrawsProjection, Projection, check_direction
from vetanalysis.forecast.rate import project_rate
from vetanalysis.forecast.rate_input import MONTHS, ROUNDING, check_years, label_of, month_steps, numbers

DRAWS = 20_000
SHRINKAGE = 8


@dataclass(frozen=True, eq=False)
class NestedProjection:
    """`.whole` and `.part`, row i of their draws being one path; `correlation` of the yearly shocks."""

    whole: DrawsProjection
    part: DrawsProjection
    correlation: float

    def joint_probability(
        self, *, whole: float, part: float, direction: str = ">=", part_direction: str | None = None
    ) -> float | pd.Series:
        """The chance that both reach their targets (shares); equality counts as reached."""
        reached = _reached(self.whole.draws, whole, direction)
        reached &= _reached(self.part.draws, part, part_direction or direction)
        return self.whole._shaped(reached.mean(axis=0))

    def at_end(self) -> NestedProjection:
        """The same paths at the last year alone."""
        return NestedProjection(_last(self.whole), _last(self.part), self.correlation)


def _last(paths: DrawsProjection) -> DrawsProjection:
    return DrawsProjection(
        paths.draws[:, -1], paths.periods[-1], lower_bound=0.0, upper_bound=1.0, n_points=paths.n_points,
        prior_share=paths.prior_share, taught_by=paths.taught_by,
    )  # fmt: skip


def project_nested(
    whole: pd.Series,
    part: pd.Series,
    until: Any,
    *,
    direction: str | None = None,
    part_direction: str | None = None,
    prior: Any = None,
    part_prior: Any = None,
    survey_se: Any = None,
    rng: Any = None,
) -> NestedProjection:
    """Project `whole` and `part` (shares, index = year) so that the part never exceeds the whole.

    Options as in `project_rate`; `direction` is the better side of the whole, `part_direction` of the part
    (None: the same), `part_prior` the prior of the share part / whole (None: the same). Years with only one of
    the two serve that one: the share is formed where both are known, and a part alone in a year the whole is
    missing is not used. The correlation of the two yearly shocks is the observed one of their changes, shrunk by
    k / (k + 8) with k common changes. `rng`: a seed or Generator; None is seed 0. `survey_se`: of the whole's
    figures. Raises DataRefused where the part exceeds the whole, NotAssessable with fewer than two years of both.

    >>> whole = pd.Series({2018: 0.50, 2019: 0.52, 2020: 0.55, 2021: 0.56})
    >>> both = project_nested(whole, 0.4 * whole, 2023, direction=">=", rng=1)
    >>> bool((both.part.draws <= both.whole.draws).all())
    True
    >>> round(both.joint_probability(whole=0.58, part=0.23), 2)
    0.52
    """
    whole, part = (_by_steps(series, name) for series, name in ((whole, "whole"), (part, "part")))
    both = whole.index.intersection(part.index)
    _check_within(whole.loc[both], part.loc[both])
    share = (part.loc[both] / whole.loc[both]).where(whole.loc[both] > 0).dropna().clip(upper=1.0)
    if len(share) < 2:
        raise NotAssessable(Said("forecast.two_years_of_both"))
    side = part_direction if part_direction is not None else direction
    above = project_rate(_by_label(whole), until, direction=direction, prior=prior, survey_se=survey_se)
    within = project_rate(
        _by_label(share), until, direction=side, prior=prior if part_prior is None else part_prior
    )
    rho = _correlation(whole.loc[share.index], share)
    generator = np.random.default_rng(0 if rng is None else rng)
    p, r = _paired(above, within, rho, generator)
    return NestedProjection(whole=_as_draws(p, above), part=_as_draws(p * r, within), correlation=rho)


def _by_steps(series: Any, name: str) -> pd.Series:
    """The known figures by month, counted through and ascending; what is no year or no number is refused."""
    series = pd.Series(series)
    steps = month_steps(series.index, name)
    check_years(steps, name)
    return pd.Series(numbers(series.to_numpy(), steps, name), index=steps).dropna().sort_index()


def _by_label(series: pd.Series) -> pd.Series:
    return pd.Series(series.to_numpy(), index=[label_of(step) for step in series.index])


def _paired(
    above: Projection, within: Projection, rho: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draws of both, their ranks at the last period tied by a normal copula of correlation rho."""
    p, r = (_columns(projection.sample(DRAWS, rng)) for projection in (above, within))
    first = rng.standard_normal(DRAWS)
    second = rho * first + np.sqrt(1 - rho**2) * rng.standard_normal(DRAWS)
    return _in_order_of(p, first), _in_order_of(r, second)


def _in_order_of(draws: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The rows of `draws`, arranged so that their last column has the ranks of `scores`."""
    return draws[np.argsort(draws[:, -1], kind="stable")][np.argsort(np.argsort(scores))]


def _columns(draws: np.ndarray) -> np.ndarray:
    return draws[:, None] if draws.ndim == 1 else draws


def _as_draws(draws: np.ndarray, source: Projection) -> DrawsProjection:
    return DrawsProjection(
        draws[:, 0] if source.single else draws,
        source.periods[0] if source.single else source.periods,
        lower_bound=0.0,
        upper_bound=1.0,
        n_points=source.n_points,
        prior_share=source.prior_share,
        taught_by=source.taught_by,
    )


def _reached(draws: np.ndarray, target: float, direction: str) -> np.ndarray:
    if not 0 <= target <= 1:
        raise WrongCall(Said("forecast.call.target", given=target))
    return draws >= target if check_direction(direction) == ">=" else draws <= target


def _correlation(whole: pd.Series, share: pd.Series) -> float:
    """Correlation of the changes of both on the logit scale over the gaps between figures, shrunk."""
    gaps = np.sqrt(np.diff(np.asarray(whole.index, dtype=float)) / MONTHS)
    changes = [np.diff(logit(series.to_numpy(dtype=float))) / gaps for series in (whole, share)]
    count = len(gaps)
    if count < 3 or min(change.std() for change in changes) == 0:
        return 0.0
    return float(count / (count + SHRINKAGE) * np.corrcoef(*changes)[0, 1])


def _percent(share: float) -> float:
    return round(100 * share, 6)


def _check_within(whole: pd.Series, part: pd.Series) -> None:
    findings = [
        finding(
            "part",
            str(label_of(step)),
            "part-within-whole",
            "forecast.part_exceeds",
            year=str(label_of(step)),
            part=_percent(part[step]),
            whole=_percent(whole[step]),
        )
        for step in part.index
        if part[step] > whole[step] + ROUNDING
    ]
    if findings:
        raise DataRefused(findings)
