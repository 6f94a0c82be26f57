"""What the other series of the same rate teach: the weights of a prior's members, learned anew.

How much provinces, districts or countries differ in the way their rate moves is known best from that rate itself.
The weights w of the M members are those that make the other series likely, held to the prior's own weights p as
if these were worth `WORTH` series (a Dirichlet prior), by expectation-maximisation from p on:

    w_m  <-  (WORTH p_m + sum_i w_m L_im / sum_k w_k L_ik) / (WORTH + N),        `ROUNDS` times,

L_im how likely the figures of series i are under member m (`state_space.log_evidence`, all years counting in full).
Of each series only the figures up to the last year of the series that is taught count, and that series itself is
left out: nothing is learned twice, nothing from what came later. In a table of more than `PARTS` series, which is
dealt out in as many parts, the part of the series is left out with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from vetanalysis.forecast.mixture import logit
from vetanalysis.forecast.priors import PANEL, Prior
from vetanalysis.forecast.state_space import Members, log_evidence, run

FEWEST = 5  # other series with two figures or more: fewer teach nothing
WORTH = 4.0
ROUNDS = 25
PARTS = 64
_TINY = 1e-300


def aligned(
    shares: np.ndarray, years: np.ndarray, margin: float, signs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Series (S, years ascending) on the logit scale from their first figure on, and their first and last year.

    (S, T): gaps and the years after the last figure are NaN. Every series has a figure; `signs` (S,): -1 where the
    scale is turned round.
    """
    known = ~np.isnan(shares)
    first = years[known.argmax(axis=1)]
    last = years[len(years) - 1 - known[:, ::-1].argmax(axis=1)]
    z = np.full((len(shares), (last - first).max() + 1), np.nan)
    row, column = np.nonzero(known)
    z[row, years[column] - first[row]] = logit(shares[known], margin) * signs[row]
    return z, first, last


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Series of one rate that teach each other.

    `table`: shares, (years, S), NaN where missing or of no use; `years`: ascending, (years,); `signs`: -1 where less
    is better, (S,). `prior`: what the learning starts from; `improving`: whether the better side is known.
    """

    table: np.ndarray
    years: np.ndarray
    signs: np.ndarray
    prior: Prior
    improving: bool
    _by_year: dict[int, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict, repr=False)
    _learned: dict[tuple[int, int, int], tuple[np.ndarray, int]] = field(default_factory=dict, repr=False)

    def weights(
        self, places: np.ndarray, points: np.ndarray, last: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Weights (R, M) for series at `places` (R,) with `points` figures up to the year `last`, and how many taught.

        With fewer than `FEWEST` others the prior's own, and 0. A place of -1: a series that is not in the table.
        """
        parts = np.where(places < 0, -1, places % PARTS)
        keys = list(zip(parts.tolist(), points.tolist(), last.tolist(), strict=True))
        for year in {key[2] for key in keys if key not in self._learned}:
            self._learn(year, sorted({key for key in keys if key[2] == year} - self._learned.keys()))
        found = [self._learned[key] for key in keys]
        return np.array([weights for weights, _ in found]), np.array([count for _, count in found])

    def prior_of(self, place: int, points: int, last: int) -> Prior:
        """The prior for one series, see `weights`."""
        weights, count = self.weights(np.array([place]), np.array([points]), np.array([last]))
        if not count[0]:
            return self.prior
        return replace(self.prior, kind=PANEL, weights=weights[0], lengths=(), taught_by=int(count[0]))

    def _learn(self, year: int, keys: list[tuple[int, int, int]]) -> None:
        likely, parts = self._evidence(year)
        start = np.array([self.prior.weights_for(points) for _, points, _ in keys])
        teaches = parts[None, :] != np.array([part for part, _, _ in keys])[:, None]
        count = teaches.sum(axis=1)
        learned = learned_weights(likely, start, teaches) if len(likely) else start
        for row, key in enumerate(keys):
            enough = count[row] >= FEWEST
            self._learned[key] = (learned[row], int(count[row])) if enough else (start[row], 0)

    def _evidence(self, year: int) -> tuple[np.ndarray, np.ndarray]:
        """How likely each series' figures up to `year` are under each member, (N, M), 1 the best; and its part."""
        if year not in self._by_year:
            by_then = self.years <= year
            table = self.table[by_then]
            places = np.flatnonzero((~np.isnan(table)).sum(axis=0) >= 2)
            if not len(places):
                self._by_year[year] = np.empty((0, len(self.prior.members))), places
            else:
                z, _, _ = aligned(
                    table[:, places].T, self.years[by_then], self.prior.margin, self.signs[places]
                )
                members = Members.of(self.prior, self.improving)
                evidence = log_evidence(
                    run(z, members.grid, bound=self.prior.bound), members, self.prior.freedom
                )
                likely = np.exp(evidence - evidence.max(axis=1, keepdims=True))
                self._by_year[year] = likely, places % PARTS
        return self._by_year[year]


def learned_weights(likely: np.ndarray, start: np.ndarray, teaches: np.ndarray) -> np.ndarray:
    """Weights (R, M) from `start` (R, M), each row learned from the series it `teaches` (R, N); `likely` (N, M)."""
    weights = start
    count = teaches.sum(axis=1, keepdims=True)
    for _ in range(ROUNDS):
        parts = teaches / np.maximum(weights @ likely.T, _TINY)
        weights = (WORTH * start + weights * (parts @ likely)) / (WORTH + count)
    return weights
