"""Figures: for each kind the data it shows (a `Chart`, without a language), and how it draws itself.

    chart = fan_of(study.assessments[0])
    chart.draw(ax, "vi")         on axes of your own
    chart.png("vi")              as the PNG of a document

A `Picture` (`vetanalysis.blocks`) is a chart with what it shows in words; `pictures.drawn` makes a figure of
it.
"""

from vetanalysis.figures.bars import Bullet, BulletRow, Funding, FundingSource
from vetanalysis.figures.cumulative import Cumulative
from vetanalysis.figures.effects import Tornado, TornadoBar, Waterfall, WaterfallStep
from vetanalysis.figures.facets import Facets, Panel
from vetanalysis.figures.fan import Fan, FanBreak, FanPiece, pieces_of
from vetanalysis.figures.heatmaps import HeatMap
from vetanalysis.figures.maps import AreaMap
from vetanalysis.figures.reliability import Reliability, ReliabilityBin
from vetanalysis.figures.standing import Standing, StandingUnit
from vetanalysis.figures.style import Chart, new_figure, to_png
from vetanalysis.figures.units import Funnel, FunnelUnit, Received, ReceivedPeriod

__all__ = [
    "AreaMap",
    "Bullet",
    "BulletRow",
    "Chart",
    "Cumulative",
    "Facets",
    "Fan",
    "FanBreak",
    "FanPiece",
    "Funding",
    "FundingSource",
    "Funnel",
    "FunnelUnit",
    "HeatMap",
    "Panel",
    "Received",
    "ReceivedPeriod",
    "Reliability",
    "ReliabilityBin",
    "Standing",
    "StandingUnit",
    "Tornado",
    "TornadoBar",
    "Waterfall",
    "WaterfallStep",
    "new_figure",
    "pieces_of",
    "to_png",
]
