"""Figures as functions of (data, ax, lang): each draws one message on `ax` and returns it.

The same functions serve notebooks and documents. Data are small frozen records; texts in them are already
worded in `lang`, which the functions use for numbers and the few words of their own. `draw_png` turns a
function and its data into the PNG of a document.
"""

from vetanalysis.figures.bars import (
    Bullet,
    BulletRow,
    Funding,
    FundingSource,
    Tornado,
    TornadoBar,
    Waterfall,
    WaterfallStep,
    bullet,
    funding,
    tornado,
    waterfall,
)
from vetanalysis.figures.cumulative import Cumulative, cumulative
from vetanalysis.figures.fan import Fan, FanBreak, FanPiece, FanTarget, fan, pieces_of
from vetanalysis.figures.reliability import Reliability, ReliabilityBin, reliability
from vetanalysis.figures.style import draw_png, new_figure, to_png
from vetanalysis.figures.units import (
    Funnel,
    FunnelUnit,
    Panel,
    Received,
    ReceivedPeriod,
    SmallMultiples,
    Tiles,
    funnel,
    received,
    small_multiples,
    tiles,
)

__all__ = [
    "Bullet",
    "BulletRow",
    "Cumulative",
    "Fan",
    "FanBreak",
    "FanPiece",
    "FanTarget",
    "Funding",
    "FundingSource",
    "Funnel",
    "FunnelUnit",
    "Panel",
    "Received",
    "ReceivedPeriod",
    "Reliability",
    "ReliabilityBin",
    "SmallMultiples",
    "Tiles",
    "Tornado",
    "TornadoBar",
    "Waterfall",
    "WaterfallStep",
    "bullet",
    "cumulative",
    "draw_png",
    "fan",
    "funding",
    "funnel",
    "new_figure",
    "pieces_of",
    "received",
    "reliability",
    "small_multiples",
    "tiles",
    "to_png",
    "tornado",
    "waterfall",
]
