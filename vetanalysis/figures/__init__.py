"""Figures as functions of (data, ax, lang): each draws one message on `ax` and returns it.

The same functions serve notebooks and documents. Data are small frozen records; texts in them are already
worded in `lang`, which the functions use for numbers and the few words of their own. `draw_png` turns a
function and its data into the PNG of a document.
"""

from vetanalysis.figures.bullet import Bullet, BulletRow, bullet
from vetanalysis.figures.cumulative import Cumulative, cumulative
from vetanalysis.figures.fan import Fan, FanBreak, FanPiece, FanTarget, fan, pieces_of
from vetanalysis.figures.funding import Funding, FundingSource, funding
from vetanalysis.figures.funnel import Funnel, FunnelUnit, funnel
from vetanalysis.figures.received import Received, ReceivedPeriod, received
from vetanalysis.figures.reliability import Reliability, ReliabilityBin, reliability
from vetanalysis.figures.style import draw_png, new_figure, to_png
from vetanalysis.figures.tiles import Panel, SmallMultiples, Tiles, small_multiples, tiles
from vetanalysis.figures.tornado import Tornado, TornadoBar, tornado
from vetanalysis.figures.waterfall import Waterfall, WaterfallStep, waterfall

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
