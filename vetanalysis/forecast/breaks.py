"""Learning the pace from before a change of definition without joining the two series.

After a break only the new definition's figures say where the rate stands. How fast it moves and how much it
jumps from year to year is still worth learning from the years before. `bridge` moves each earlier piece so that
the step over the break is the earlier piece's own average step: the size of the break is thrown away, because it
says nothing about people. The result feeds a projection; it is never a series to show or publish.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

_EDGE = 0.001


def bridge(pieces: Sequence[pd.Series]) -> pd.Series:
    """One series of shares on the last piece's definition, for learning only.

    `pieces`: in time order, each indexed by year with shares in [0, 1] and without missing values. A piece of one
    figure before the last cannot show a pace and is left out; years of an earlier piece that the later one also
    covers are left out of the earlier. Shift on the logit scale: z' = z + (first new - b gap - last old), b the
    earlier piece's mean yearly step.
    """
    joined = pieces[-1].sort_index()
    for piece in reversed(pieces[:-1]):
        earlier = piece[piece.index < joined.index[0]].sort_index()
        if len(earlier) < 2:
            continue
        years = earlier.index.to_numpy(dtype=float)
        z = _logit(earlier.to_numpy(dtype=float))
        step = (z[-1] - z[0]) / (years[-1] - years[0])
        gap = float(joined.index[0]) - years[-1]
        moved = z + _logit(joined.to_numpy(dtype=float)[:1])[0] - step * gap - z[-1]
        joined = pd.concat([pd.Series(1 / (1 + np.exp(-moved)), index=earlier.index), joined])
    return joined


def _logit(shares: np.ndarray) -> np.ndarray:
    clipped = np.clip(shares, _EDGE, 1 - _EDGE)
    return np.log(clipped / (1 - clipped))
