"""Series whose figures have errors of a known size: survey errors, and those of months within a year.

Such a variance does not scale with s, the size of a usual yearly change (`state_space`). Then s is taken on a grid of
values instead, with inverse gamma weights, and the projection is a mixture of normals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from vetanalysis.forecast.priors import Prior
from vetanalysis.forecast.state_space import (
    NEGLIGIBLE,
    Filtered,
    Grid,
    Members,
    horizon_terms,
    path_correlation,
    run,
    with_jump,
)

_NODES = 33
_BEYOND = 5.0


@dataclass(frozen=True, eq=False)
class SamplingErrorPosterior:
    """Series with known errors after their last figure; the members are every filter with every size s.

    Columns of `filtered` are filters times nodes; `sizes`: s of each node. `weights` as of `Posterior`. `gone`: how
    many of the `parts` steps of a year have gone by at each series' last figure, (S,).
    """

    members: Members
    filtered: Filtered
    prior: Prior
    weights: np.ndarray
    sizes: np.ndarray
    gone: np.ndarray
    parts: int = 1

    def freedom(self, row: int) -> float:
        """Degrees of freedom of every member: the normal's."""
        return np.inf

    def predict(
        self, row: int, ahead: np.ndarray, factor: float, coming: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        """Weights (K,), location and spread (H, K), columns (K,) of the members that count.

        `coming`: error variances of the coming figures on the filters' scale, (H,); 0: of the rate itself.
        """
        f, count = self.filtered, len(self.sizes)
        size = np.tile(self.sizes, len(self.members.grid.noise))
        errors = f.errors[row]
        with np.errstate(divide="ignore"):
            log_weight = np.log(self._prior_weights(row, factor))
        log_weight = log_weight - errors * np.log(size) - 0.5 * f.log_det[row]
        log_weight = log_weight - 0.5 * f.squares[row] / size**2
        weight = np.exp(log_weight - log_weight.max())
        weight = weight / weight.sum()
        keep = np.flatnonzero(weight > NEGLIGIBLE)
        reach, noise = horizon_terms(self.members.grid, ahead, self.parts, int(self.gone[row]))
        reach, noise = reach[:, keep // count], noise[:, keep // count]
        variance = f.level_var[row][keep] + 2 * reach * f.cross_var[row][keep]
        variance = (variance + reach**2 * f.slope_var[row][keep] + noise) * size[keep] ** 2
        variance = variance + coming[:, None]
        location = f.level[row][keep] + reach * f.slope[row][keep]
        weight = weight[keep] / weight[keep].sum()
        count = np.array([len(keep)])
        parts = with_jump(
            weight[None], location[None], np.sqrt(variance)[None], keep[None], count, self.prior
        )
        weight, location, spread, keep = (part[0] for part in parts[:4])
        return weight, location, spread, keep

    def correlation(self, row: int, ahead: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Correlation of the coming rates within members, shape (N, H, H), survey errors left out."""
        filters = chosen // len(self.sizes)
        return path_correlation(
            self.filtered, self.members.grid, row, chosen, filters, ahead, self.parts, int(self.gone[row])
        )

    def _prior_weights(self, row: int, factor: float) -> np.ndarray:
        """Prior weight of every filter with every node: inverse gamma densities at the nodes, per member."""
        half = self.prior.freedom / 2
        first = half * (self.members.scale * factor) ** 2
        log_density = half * np.log(first)[:, None] - gammaln(half)
        log_density = log_density - 2 * half * np.log(self.sizes) - first[:, None] / self.sizes**2
        table = np.exp(log_density) * self.weights[row][:, None]
        summed = np.zeros((len(self.members.grid.noise), len(self.sizes)))
        np.add.at(summed, self.members.index, table)
        return summed.ravel()


def sampling_error_posterior(
    z: np.ndarray,
    variance: np.ndarray,
    prior: Prior,
    improving: bool,
    weights: np.ndarray,
    gone: np.ndarray,
    parts: int = 1,
) -> SamplingErrorPosterior:
    """As `posterior`, with the error variance of every figure, (S, T); `gone` and `parts` as in `run`."""
    members = Members.of(prior, improving)
    scales = members.scale
    sizes = np.geomspace(scales.min() / _BEYOND, scales.max() * _BEYOND, _NODES)
    wide = Grid(**{name: np.repeat(column, _NODES) for name, column in vars(members.grid).items()})
    square = np.tile(sizes**2, len(members.grid.noise))
    filtered = run(
        z, wide, variance[:, :, None] / square, memory=prior.memory, gone=gone, parts=parts, bound=prior.bound
    )
    last = z.shape[1] - 1 - np.argmax(~np.isnan(z)[:, ::-1], axis=1)
    return SamplingErrorPosterior(
        members, filtered, prior, weights, sizes, gone[np.arange(len(z)), last], parts
    )
