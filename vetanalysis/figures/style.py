"""What every figure has, and how figures look: colours everybody can tell apart, all Vietnamese letters.

Colours are those of Okabe and Ito (Color Universal Design, 2008), in an order whose lightness also
differs in grey. Meaning never rests on colour alone: markers, hatches and direct labels carry it too.

Two marks that several figures share stand here as well: a unit beyond what chance allows, and the level of
all. So does `glance`, a projection as notebooks show it: the ranges of 50, 80 and 95 % and the median of
every period.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from vetanalysis.blocks import Said, Text, Wording
from vetanalysis.figures.face import family, folded, width
from vetanalysis.language.numbers import number, percent_sign, projected_step, rounded

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vetanalysis.figures.values import Values
    from vetanalysis.forecast.projection import Projection

Words = Wording  # a string reads alike in both languages, or is said already

# Points, in a figure 160 mm wide: on a telephone such a figure is 350 px wide, and 12 points are 9 px
TITLE_SIZE, TEXT_SIZE = 13.5, 12.0
INK = "#1a1a1a"
SOFT = "#595959"
PALE = "#d9d9d9"
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
# Tints of one blue, evenly spaced in lightness, so that order survives a photocopy and no red meets a green.
SHADES = ("#e8f1f8", "#b9d6ea", "#7fb2d6", "#2f76a8", "#0b5a8e")
FAN = {0.95: "#d3e5f1", 0.8: "#9cc6e0", 0.5: "#5aa2cd"}  # tints of BLUE, darker towards the middle
TARGET = VERMILION
TARGET_INK = "#a34700"  # VERMILION darkened until it reads as text (contrast above 5)
FACT = INK
ILLUSTRATIVE = Said("figures.illustrative")
STAMP: dict[str, Any] = {
    "fontsize": TEXT_SIZE,
    "fontweight": "bold",
    "color": INK,
    "bbox": {"facecolor": "#fff3cd", "edgecolor": INK, "linewidth": 0.6, "pad": 2.5},
}
MISSING = Said("figures.missing")
PERCENT = "percent"

MM = 25.4  # of an inch
_PAD = 12.0  # points between the axes and their title
_LINE = 1.25  # height of a line, of the type size


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a figure's data that holds words: they are said in the language in which the figure is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart(Part):
    """The data of a figure, without a language; each kind of figure adds its own and draws itself.

    `title` is the one message, `axis` names the quantity, `source` is the line under the figure. `measure` and `digits`
    say how its numbers are written, `target` (in that measure, None: there is none) is drawn with `target_label`.
    `illustrative`: whether it shows invented data, which is marked beside the title.
    """

    title: Words
    axis: Words = ""
    source: Words = ""
    measure: str = ""
    digits: int = 0
    illustrative: bool = False
    target: float | None = None
    target_label: Words = ""
    tall: float = 95.0  # millimetres, of a figure that has no height of its own

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return 160.0, self.tall

    def draw(self, ax: Axes, lang: str) -> Axes:
        """Draw the figure on `ax` in `lang` and return `ax`."""
        return in_language(self, lang).drawn_on(ax, lang)

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """What `draw` does once all words are said."""
        raise NotImplementedError

    def values_shown(self) -> Values | None:
        """What it shows as a table, and where it stands; None where the picture writes all that there is."""
        return None

    def figure(self, lang: str) -> Figure:
        """A figure of its own with everything drawn on it."""
        made, ax = new_figure(*self.size)
        self.draw(ax, lang)
        return made

    def png(self, lang: str, dpi: int = 200) -> bytes:
        """The figure in `lang` as PNG: the same data give the same bytes (`figures.pictures` keeps them)."""
        from vetanalysis.figures.values import with_places

        made = self.figure(lang)
        return with_places(to_png(made, dpi), made, self.values_shown())


def in_language(value: Any, lang: str) -> Any:
    """A part of a figure with all its words said in `lang`."""
    if isinstance(value, Said | Text):
        return value.get(lang)
    if isinstance(value, tuple):
        return tuple(in_language(one, lang) for one in value)
    if isinstance(value, dict):
        return {key: in_language(one, lang) for key, one in value.items()}
    if isinstance(value, Part) and is_dataclass(value):
        return replace(
            value, **{one.name: in_language(getattr(value, one.name), lang) for one in fields(value)}
        )
    return value


def new_figure(width_mm: float = 160.0, height_mm: float = 95.0, rows: int = 1, columns: int = 1):
    """A figure and its axes (an array when more than one) outside pyplot; layout keeps every label inside."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=(width_mm / MM, height_mm / MM), layout=ConstrainedLayoutEngine(h_pad=6 / 72))
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns)


def to_png(figure: Figure, dpi: int = 200) -> bytes:
    """The figure as PNG; the same figure gives the same bytes (no date, no program name, no cropping)."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    out, canvas = io.BytesIO(), FigureCanvasAgg(figure)
    figure.set_dpi(dpi)
    figure.set_facecolor("white")
    with matplotlib.rc_context({"font.family": family(), "savefig.bbox": None}):
        layout = figure.get_layout_engine()
        if layout is not None:  # else all is drawn once more, unseen, to lay it out
            layout.execute(figure)
            figure.set_layout_engine(None)
        canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba()))
    # without a layer of opacity, and packed less hard than matplotlib does: half the time, and no larger
    drawn.convert("RGB").save(out, format="png", dpi=(dpi, dpi), compress_level=3)
    return out.getvalue()


def dress(ax: Axes, data: Chart, lang: str, key: str = "") -> Axes:
    """Title on the left, `key` and source under the figure, quiet frame, one font; called last.

    `key` tells what shades and marks mean. Invented data carry their mark beside the title.
    """
    alone = _alone(ax)
    room = figure_of(ax).get_figwidth() * 72 * (0.94 if alone else ax.get_position().width)
    _write_title(ax, data.title, room, alone, data.illustrative, lang)
    _write_source(ax, _under(key, data.source), room, alone)
    if ax.get_ylabel():  # broken where the axis is too short for it
        high = 0.95 * axes_size(ax, data, lang, key)[1]
        ax.set_ylabel(folded(ax.get_ylabel(), high, TEXT_SIZE), fontsize=TEXT_SIZE)
    quiet(ax)
    return ax


def axes_size(ax: Axes, data: Chart, lang: str, key: str = "", end: str = "") -> tuple[float, float]:
    """How wide and how high the axes will be, in points, once the words about them have their room.

    `key`: what stands under the figure before its source; `end`: what stands to the right of the axes.
    """
    figure = figure_of(ax)
    wide, high = figure.get_figwidth() * 72, figure.get_figheight() * 72
    if not _alone(ax):
        part = ax.get_position()
        return wide * part.width, high * part.height
    under, title = _under(key, data.source), folded(data.title, 0.94 * wide, TITLE_SIZE)
    high -= 39 + TEXT_SIZE * _LINE * _lines(folded(under, 0.94 * wide, TEXT_SIZE))
    high -= 16 * _lines(ax.get_xlabel()) + (24 if data.illustrative else 0)
    high -= (_PAD + TITLE_SIZE * _LINE * _lines(title)) if title else 0
    ticks = max((width(line, TEXT_SIZE) for one in _tick_words(ax) for line in one.split("\n")), default=0.0)
    beside = _lines(folded(data.axis, 0.95 * high, TEXT_SIZE))
    right = max((width(line, TEXT_SIZE) + 8 for line in end.split("\n")), default=0.0) if end else 0.0
    return wide - ticks - 12 - (16 * beside + 2 if beside else 0) - right, high


def _tick_words(ax: Axes) -> list[str]:
    low, high = ax.get_ylim()
    ticks = enumerate(ax.get_yticks())  # where ticks have names, the name goes by its number
    return [ax.yaxis.get_major_formatter()(at, number) for number, at in ticks if low <= at <= high]


def _lines(words: str) -> int:
    return words.count("\n") + 1 if words else 0


def _under(key: str, source: str) -> str:
    return "\n".join(part for part in (key, source) if part)


def quiet(ax: Axes) -> None:
    """A frame of two grey sides, and one font for every word on the axes."""
    from matplotlib.text import Text as Label

    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(SOFT)
    ax.tick_params(colors=INK, labelsize=TEXT_SIZE)
    ax.xaxis.label.set_fontsize(TEXT_SIZE)
    ax.set_facecolor("white")
    for label in ax.findobj(Label):
        label.set_fontfamily(family())
        label.set_parse_math(False)  # a "$" in a name is a dollar sign


def _write_title(ax: Axes, title: str, room: float, alone: bool, illustrative: bool, lang: str) -> None:
    """Across the whole figure where the axes have it to themselves; the mark of invented data on a line above it."""
    wrapped = folded(title, room, TITLE_SIZE)
    heads = [(ax.set_title(wrapped, loc="left", y=1.0, fontsize=TITLE_SIZE, color=INK, pad=_PAD), 0.01, _PAD)]
    if illustrative:
        above = _PAD + ((wrapped.count("\n") + 1) * TITLE_SIZE * _LINE + 6 if wrapped else 0)
        mark = ax.set_title(ILLUSTRATIVE.get(lang), loc="right", y=1.0, pad=above, **STAMP)
        mark.set_gid("illustrative")
        heads.append((mark, 0.985, above))
    for head, x, up in heads:
        _place(ax, head, x if alone else None, up)


def _place(ax: Axes, head, x: float | None, points: float) -> None:
    """Put a title `points` above `ax`, at `x` of the figure's width where that is given, else where it stands."""
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    figure = figure_of(ax)
    up = ScaledTranslation(0, points / 72, figure.dpi_scale_trans)
    head.set_transform(
        (ax.transAxes if x is None else blended_transform_factory(figure.transFigure, ax.transAxes)) + up
    )
    if x is not None:
        head.set_x(x)


def _write_source(ax: Axes, text: str, room: float, alone: bool) -> None:
    """Under the whole figure where the axes have it to themselves, else under the axis."""
    if not text:
        return
    lines = folded(text, room, TEXT_SIZE)
    look: dict[str, Any] = {"fontsize": TEXT_SIZE, "color": SOFT}
    if alone:
        figure_of(ax).supxlabel(lines, x=0.01, ha="left", fontfamily=family(), parse_math=False, **look)
    else:
        ax.set_xlabel("\n".join(part for part in (ax.get_xlabel(), lines) if part), loc="left", **look)


def note(ax: Axes, words: str, at, offset, gid: str, va: str = "", **look) -> None:
    """`words` beside the point `at`, `offset` points away; above it when the offset goes up, else below."""
    from matplotlib.patheffects import withStroke

    look = {"fontsize": TEXT_SIZE, "color": INK, "xycoords": "data", **look}
    ax.annotate(
        words,
        at,
        xytext=offset,
        textcoords="offset points",
        va=va or ("bottom" if offset[1] > 0 else "top"),
        annotation_clip=False,
        zorder=6,
        path_effects=[withStroke(linewidth=2, foreground="white")],
        gid=gid,
        **look,
    )


def note_at_the_end(ax: Axes, words: str, y: float, tall: float) -> None:
    """What is projected, in words to the right of axes `tall` points high, level with `y` as far as they reach."""
    low, high = ax.get_ylim()
    half = min(
        0.6 * TEXT_SIZE * _lines(words) / tall, 0.5
    )  # of the axes' height: half of what the words take
    level = low + min(max((y - low) / (high - low), half), 1 - half) * (high - low)
    note(
        ax,
        words,
        (1.0, level),
        (4, 0),
        "range-label",
        ha="left",
        va="center",
        xycoords=("axes fraction", "data"),
        color=LEVEL_INK,
    )


def note_target(
    ax: Axes, words: str, x: float, y: float, until: float = 1.0, wide: float | None = None
) -> None:
    """The target in words above its line, from `x` to `until` of the axes' width, in lines that end there."""
    note(ax, target_lines(ax, words, x, until, wide), (x, y), (0, 3), "target-label", ha="left", color=TARGET_INK,
         fontweight="bold", xycoords=("axes fraction", "data"))  # fmt: skip


def target_lines(ax: Axes, words: str, x: float, until: float = 1.0, wide: float | None = None) -> str:
    """The target's words in the lines in which `note_target` writes them; `wide`: the axes' width where known."""
    figure = figure_of(ax).get_figwidth() * 72
    room = figure * (0.69 * until - x) if wide is None else wide * (until - x)
    return folded(words, room, TEXT_SIZE * 1.07)


def edges_between(low: float, high: float) -> tuple[float, float, float, float]:
    """Four round values that part what lies between the lowest and the highest into shades."""
    step = max(5, 5 * -(-(high - low) // 20))
    first = step * (low // step + 1)
    return first, first + step, first + 2 * step, first + 3 * step


def number_axis(axis, lang: str, measure: str = "", digits: int = 0) -> None:
    """Tick labels as the language writes numbers; `measure` "percent" closes the sign up."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(
        MaxNLocator(6 if axis.axis_name == "y" else 4, steps=[1, 2, 5, 10], integer=digits == 0)
    )
    axis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, lang, measure, digits)))


def before_figure(worded: Said | str, lang: str) -> str:
    """What a source says before a figure ("nearly "), in the language; nothing before an exact one."""
    return worded.get(lang) if isinstance(worded, Said) else worded


def amount(value: float, lang: str, measure: str = "", digits: int = 0) -> str:
    """A number as a label shows it: `57,2%`, `13.500`."""
    return number(value, lang, digits) + (percent_sign(lang) if measure == PERCENT else "")


def projected(value: float, lang: str, measure: str = "", digits: int = 0, goal: float | None = None) -> str:
    """A projected value as the text beside the figure words it: counts rounded as their size and goal allow."""
    if measure == PERCENT:
        return amount(value, lang, measure, digits)
    step = projected_step(value, goal)
    return amount(int(rounded(value / step)) * step, lang)


def _alone(ax: Axes) -> bool:
    """Whether the axes have the figure to themselves, but for a key of shades."""
    return [one for one in figure_of(ax).axes if one.get_label() != "<colorbar>"] == [ax]


def figure_of(ax: Axes) -> Figure:
    """The whole figure that the axes stand in."""
    return cast("Figure", ax.figure)


LEVEL_INK = "#005a8e"  # BLUE darkened until it reads as text


def mark_unit(ax: Axes, x: float, y: float, *, outside: bool, square: bool) -> None:
    """A point, in another colour where the unit lies outside; `square`: the shape that says so in grey as well."""
    ax.plot(
        [x], [y], linestyle="none", marker="s" if square else "o", markersize=6,
        color=VERMILION if outside else FACT, zorder=4, gid="outside" if outside else "inside",
    )  # fmt: skip


def level_words(percent: float, lang: str) -> str:
    """`Chung 66,1%`: all units together."""
    return Said("figures.level", share=amount(percent, lang, PERCENT, 1)).get(lang)


LEVEL_LINE: dict[str, Any] = {"color": BLUE, "linewidth": 1.3}


_BAR_MM = 11


def glance(projection: Projection, ax: Axes, lang: str = "en") -> Axes:
    """Draw the ranges of a projection, a row per period, first on top; shares are shown in per cent."""
    low, high = (np.atleast_1d(np.asarray(side, dtype=float)) for side in projection.interval(0.95))
    middle = np.atleast_1d(np.asarray(projection.median, dtype=float))
    share = bool((low >= 0).all() and (high <= 1).all())
    measure, scale, digits = (PERCENT, 100.0, 1) if share else ("", 1.0, 0)
    rows = np.arange(len(middle))
    for coverage in sorted(FAN, reverse=True):
        start, end = (np.atleast_1d(np.asarray(side, dtype=float)) for side in projection.interval(coverage))
        ax.barh(rows, (end - start) * scale, left=start * scale, height=0.5, color=FAN[coverage],
                gid=f"range-{coverage:g}")  # fmt: skip
    ax.plot(middle * scale, rows, color=BLUE, marker="D", markersize=5, linestyle="none", gid="median")
    ends = [np.atleast_1d(np.asarray(side, dtype=float)) for side in projection.interval(0.8)]
    for row, values in enumerate(zip(middle, *ends, strict=True)):
        mid, first, last = (amount(value * scale, lang, measure, digits) for value in values)
        ax.annotate(f"{mid} ({first} – {last})", (high[row] * scale, row), xytext=(6, 0), va="center",
                    textcoords="offset points", fontsize=9, color=INK, fontfamily=family(),
                    annotation_clip=False, gid="range-label")  # fmt: skip
    ax.set_yticks(rows, [str(period) for period in projection.periods])
    ax.set_ylim(len(middle) - 0.4, -0.6)
    ax.use_sticky_edges = False
    ax.margins(x=0.02)
    ax.set_xlabel(Said("figures.glance.key").get(lang), fontsize=8, loc="left")
    number_axis(ax.xaxis, lang, measure)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    return ax


def glance_png(projection: Projection) -> bytes:
    """The figure of `glance` as a PNG."""
    figure, ax = new_figure(130.0, 18.0 + _BAR_MM * len(projection.periods))
    glance(projection, ax)
    return to_png(figure, dpi=110)
