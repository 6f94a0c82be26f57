"""Draws that depend on a seed alone: points spread evenly over the unit cube, and what is made of them.

Figures move the distribution and never the points, so that two projections that differ by one person differ by what
that person says and by nothing else; and a thousand draws tell as much as many thousands that fall where they may.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import gammaincinv, ndtri, stdtrit

PRIMES = np.array([2, 3, 5, 7, 11, 13, 17, 19])


def even_levels(size: int) -> np.ndarray:
    """The middles of `size` equal parts of (0, 1)."""
    return (np.arange(size) + 0.5) / size


@lru_cache(maxsize=64)
def even_t(nu: float, size: int) -> np.ndarray:
    """Quantiles of a Student t with `nu` degrees of freedom at even levels, (size,) rising."""
    return _kept(stdtrit(nu, even_levels(size)))


@lru_cache(maxsize=64)
def even_points(seed: int, size: int, width: int) -> np.ndarray:
    """Points (size, width) spread evenly over (0, 1), moved together by the seed; `width` at most 8.

    A Kronecker sequence with steps e^(1/p), p prime: any run of rows is even, too, and hardly correlated.
    """
    shift = np.random.default_rng([seed, width]).random(width)
    points = (shift + np.arange(1, size + 1)[:, None] * np.exp(1 / PRIMES[:width])) % 1
    return _kept(np.clip(points, 0.25 / size, 1 - 0.25 / size))


@lru_cache(maxsize=64)
def even_normals(seed: int, size: int, width: int) -> np.ndarray:
    """Standard normal draws (size, width), beside which `even_stretch` is independent."""
    return _kept(ndtri(even_points(seed, size, width + 1)[:, :width]))


@lru_cache(maxsize=256)
def even_stretch(seed: int, size: int, width: int, nu: float) -> np.ndarray:
    """What makes normals a Student t with `nu` degrees of freedom, (size,): sqrt(nu / chi^2)."""
    return _kept(np.sqrt(nu / 2 / gammaincinv(nu / 2, even_points(seed, size, width + 1)[:, width])))


@lru_cache(maxsize=64)
def even_order(seed: int, size: int) -> np.ndarray:
    """An order (size,) for draws."""
    return _kept(np.random.default_rng([seed, size, 1]).permutation(size))


def _kept(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
