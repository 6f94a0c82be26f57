"""Figures as functions of (data, ax, lang): each draws one message on `ax` and returns it.

The same functions serve notebooks and documents. Data are small frozen records; texts in them are already
worded in `lang`, which the functions use for numbers and the few words of their own.
"""

from vetanalysis.figures.fan import Fan, FanBreak, FanPiece, FanTarget, fan, pieces_of
from vetanalysis.figures.style import draw_png, new_figure, to_png

__all__ = [
    "Fan",
    "FanBreak",
    "FanPiece",
    "FanTarget",
    "draw_png",
    "fan",
    "new_figure",
    "pieces_of",
    "to_png",
]
