"""The logit scale on which rates are projected, so that nothing leaves 0 to 1.

A margin m is kept at both ends: z = log((p + m) / (1 - p + m)). A rate of exactly 0 or 1 then has a finite
place, and the part of a distribution that lies beyond it is probability of exactly 0 or 1.
"""

from __future__ import annotations

import numpy as np

MARGIN = 0.002


def to_line(share: np.ndarray, margin: float = MARGIN) -> np.ndarray:
    """Shares in [0, 1] on the logit scale; NaN stays NaN."""
    return np.log((share + margin) / (1.0 - share + margin))


def from_line(z: np.ndarray, margin: float = MARGIN) -> np.ndarray:
    """The inverse of `to_line`; what lies beyond 0 or 1 is 0 or 1."""
    from scipy.special import expit

    return np.clip((1.0 + 2.0 * margin) * expit(z) - margin, 0.0, 1.0)


def slope(share: np.ndarray, margin: float = MARGIN) -> np.ndarray:
    """dz/dp at a share: turns a small standard error of the share into one on the logit scale."""
    return 1.0 / (share + margin) + 1.0 / (1.0 - share + margin)
