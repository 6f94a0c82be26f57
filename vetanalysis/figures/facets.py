"""Two figures of many units: the same small picture for each, and units shaded where they lie.

Both are drawn by seaborn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.blocks import Picture, Said, Text
from vetanalysis.figures.cumulative import figures_since, goal_of, invented_people
from vetanalysis.figures.face import family, folded
from vetanalysis.figures.fan import cited_once
from vetanalysis.figures.style import (
    FACT,
    ILLUSTRATIVE,
    INK,
    MISSING,
    MM,
    PERCENT,
    SOFT,
    STAMP,
    TARGET,
    TEXT_SIZE,
    Chart,
    Part,
    Words,
    amount,
    dress,
    in_language,
    note,
    number_axis,
    quiet,
)
from vetanalysis.indicators.derived import people_indicator
from vetanalysis.indicators.tiers import kind_words, units_below
from vetanalysis.language.filters import known
from vetanalysis.observations.checks import are_totals

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vetanalysis.study import Study

# Tints of one blue, evenly spaced in lightness, so that order survives a photocopy and no red meets a green.
SHADES = ("#e8f1f8", "#b9d6ea", "#7fb2d6", "#2f76a8", "#0b5a8e")
STEPS = {
    4: {1: "I", 2: "II", 3: "III", 4: "IV"},
    12: {one: str(one) for one in (1, 3, 6, 9, 12)},
}  # on the axis
_ACROSS = 4  # panels in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles(Chart):
    """`layout`: unit code -> (row, column), row 0 in the north; `names`, `values` by code, missing as None.

    `edges`: four values that part the five shades, lightest first.
    """

    layout: Mapping[str, tuple[int, int]]
    names: Mapping[str, Words]
    values: Mapping[str, float | None]
    edges: tuple[float, float, float, float] = (25, 50, 75, 100)
    measure: str = PERCENT

    @property
    def size(self) -> tuple[float, float]:
        """Room for the name and the figure of each unit."""
        return 160.0, 115.0

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """A heat map of the units' places with name and figure; a unit without figure is hatched and says so."""
        import seaborn as sns
        from matplotlib.colors import ListedColormap

        shades, words = self._grid(lang)
        sns.heatmap(
            shades,
            ax=ax,
            mask=shades.isna(),
            annot=words,
            fmt="",
            annot_kws={"fontsize": TEXT_SIZE, "gid": "tile"},
            cmap=ListedColormap(SHADES),
            vmin=-0.5,
            vmax=len(SHADES) - 0.5,
            linewidths=2,
            linecolor="white",
            xticklabels=False,
            yticklabels=False,
            cbar_kws={"orientation": "horizontal", "aspect": 40, "shrink": 0.96, "pad": 0.03},
        )
        for code, (row, column) in self.layout.items():
            if not known(self.values.get(code)):
                _hatched(ax, row, column, f"{self._name(code)}\n{MISSING.get(lang)}")
        self._write_key(ax.collections[0].colorbar, lang)
        ax.set(xlabel="", ylabel="")
        dress(ax, self, lang)
        for side in ax.spines.values():
            side.set_visible(False)
        return ax

    def _grid(self, lang: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """For every place of the map the number of its shade and its words; empty where no unit lies."""
        rows, columns = (range(max(at[side] for at in self.layout.values()) + 1) for side in (0, 1))
        shades = pd.DataFrame(float("nan"), index=rows, columns=columns)
        words = pd.DataFrame("", index=rows, columns=columns)
        for code, at in self.layout.items():
            value = self.values.get(code)
            if value is not None and known(value):
                shades.loc[at] = sum(value >= edge for edge in self.edges)
                words.loc[at] = f"{self._name(code)}\n{amount(value, lang, self.measure, self.digits)}"
        return shades, words

    def _name(self, code: str) -> str:
        """A unit's name, broken where its tile is too narrow for it."""
        across = 1 + max(column for _, column in self.layout.values())
        return folded(self.names.get(code, code), self.size[0] / MM * 72 / across - 12, TEXT_SIZE)

    def _write_key(self, bar: Any, lang: str) -> None:
        """Under the map: between which values each shade lies."""
        edges = [amount(edge, lang, self.measure, self.digits) for edge in self.edges]
        words = [Said("figures.shade.below", high=edges[0])]
        words += [Said("figures.shade.between", low=low, high=high) for low, high in pairwise(edges)]
        words.append(Said("figures.shade.from", low=edges[-1]))
        room = self.size[0] / MM * 72 * 0.9 / len(SHADES) - 8
        bar.set_ticks(range(len(SHADES)), labels=[folded(one.get(lang), room, TEXT_SIZE) for one in words])
        bar.outline.set_edgecolor(SOFT)
        quiet(bar.ax)
        bar.ax.tick_params(length=0)


def _hatched(ax: Axes, row: int, column: int, words: str) -> None:
    from matplotlib.patches import Rectangle

    look: dict[str, Any] = {
        "facecolor": "white",
        "edgecolor": SOFT,
        "linewidth": 0.8,
        "hatch": "////",
        "gid": "missing",
    }
    ax.add_patch(Rectangle((column + 0.02, row + 0.02), 0.96, 0.96, **look))
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    ax.text(
        column + 0.5, row + 0.5, words, ha="center", va="center", fontsize=TEXT_SIZE, color=INK, bbox=ground, gid="tile"
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel(Part):
    """One small picture: x (steps of the year or years) and values (NaN or None where unknown), its target."""

    label: Words
    x: Sequence[float]
    values: Sequence[float | None]
    target: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets(Chart):
    """Panels on one scale, from zero; `ticks` name x positions, empty: as numbers."""

    panels: tuple[Panel, ...]
    ticks: Mapping[int, str] = field(default_factory=dict)

    @property
    def size(self) -> tuple[float, float]:
        """Higher with more rows of panels."""
        return 175.0, 45.0 * -(-len(self.panels) // _ACROSS) + 15

    def figure(self, lang: str) -> Figure:
        """A line per panel in a grid; a value that is not known leaves a gap, a panel without any says so."""
        import seaborn as sns
        from matplotlib import pyplot as plt

        data = in_language(self, lang)
        across = min(_ACROSS, len(data.panels))
        grid = sns.FacetGrid(_long(data.panels), col="panel", col_wrap=across, despine=False)
        grid.map_dataframe(_path)
        figure = grid.figure
        plt.close(figure)  # kept by nobody but us
        figure.set_size_inches(*(side / MM for side in self.size))
        figure.set_layout_engine("constrained")
        for ax, panel in zip(grid.axes.flat, data.panels, strict=True):
            data._dress(ax, panel, lang)
        grid.axes.flat[0].set_ylim(0, data._top())
        if data.illustrative:
            mark = figure.text(
                0.99, 0.985, ILLUSTRATIVE.get(lang), ha="right", va="top", fontfamily=family(), **STAMP
            )
            mark.set_gid("illustrative")
        look = {"x": 0.01, "ha": "left", "fontfamily": family()}
        figure.suptitle(data.title, fontsize=12, color=INK, **look)
        figure.supxlabel(data.source, fontsize=8.5, color=SOFT, **look)
        figure.supylabel(data.axis, fontsize=10, color=INK, fontfamily=family())
        return figure

    def _top(self) -> float:
        shown = [one for panel in self.panels for one in (*panel.values, panel.target) if known(one)]
        return max(shown, default=1) * 1.15 or 1

    def _dress(self, ax: Axes, panel: Panel, lang: str) -> None:
        """A panel's target, the figure it has reached, its name."""
        if panel.target is not None:
            ax.axhline(panel.target, color=TARGET, linewidth=1.2, gid="target")
        reached = [(x, value) for x, value in zip(panel.x, panel.values, strict=True) if known(value)]
        if reached:
            words = amount(reached[-1][1], lang, self.measure)
            note(ax, words, reached[-1], (0, 4), "label", ha="center", fontsize=8)
        else:
            ax.text(0.5, 0.5, MISSING.get(lang), transform=ax.transAxes, ha="center", va="center", fontsize=8,
                    style="italic", gid="missing")  # fmt: skip
        if self.ticks:
            ax.set_xticks(list(self.ticks), list(self.ticks.values()))
            ax.set_xlim(min(self.ticks) - 0.35, max(self.ticks) + 0.35)
        number_axis(ax.yaxis, lang, self.measure)
        ax.set(xlabel="", ylabel="")
        quiet(ax)
        ax.tick_params(labelsize=8.5)
        ax.set_title(panel.label, loc="left", fontsize=9.5, color=INK, fontfamily=family(), pad=4)
        ax.set_title("", loc="center")


def _path(data: pd.DataFrame, **_: Any) -> None:
    """The line of one panel on the axes at hand; nothing where no value is known."""
    import seaborn as sns

    if data["value"].notna().any():
        look = {"color": FACT, "marker": "o", "markersize": 4, "markeredgewidth": 0, "linewidth": 1.6}
        sns.lineplot(data, x="x", y="value", units="stretch", estimator=None, **look)


def _long(panels: Sequence[Panel]) -> pd.DataFrame:
    """One row per panel and x; `stretch` counts the runs of known values, so that no line crosses a gap."""
    rows = []
    for place, panel in enumerate(panels):
        stretch = 0
        for x, value in zip(panel.x, panel.values, strict=True):
            stretch += not known(value)
            rows.append((place, x, float("nan") if value is None else float(value), stretch))
    return pd.DataFrame(rows, columns=["panel", "x", "value", "stretch"])


def lines_below(study: Study, lines: pd.DataFrame) -> pd.DataFrame:
    """People since the year began, one line per unit directly under the place."""
    codes = units_below(study.plan)
    mine = lines["id"].eq(people_indicator(study.plan)) & are_totals(lines) & lines["basis"].eq("cumulative")
    return lines[mine & lines["unit"].isin(codes)]


def districts_picture(study: Study, lines: pd.DataFrame) -> Picture | None:
    """The units directly under the place where they lie, shaded by share of quota; None where no share is known."""
    mine = lines_below(study, lines)
    if mine.empty or mine["percent_of_plan"].isna().all():
        return None
    shares = zip(mine["unit"], mine["percent_of_plan"], strict=True)
    values = {code: float(value) if known(value) else None for code, value in shares}
    names = study.plan.short_names()
    shown = [value for value in values.values() if value is not None]
    low, high = min(shown), max(shown)
    title = Said("figures.tiles.title", low=low, high=high, **kind_words(study.plan))
    data = Tiles(
        title=title,
        layout=layout_of(study, list(values)),
        names=names,
        values=values,
        edges=edges_between(low, high),
        source=figures_since(study),
        illustrative=bool(mine["illustrative"].any()),
    )
    told = tuple(
        Said("figures.alt.whole_percent", label=names.get(code, code), value=value)
        for code, value in values.items()
    )
    return Picture("districts", data, title, Said("figures.alt.told", title=title, told=told))


def paths_picture(study: Study, paths: Mapping[str, Mapping[int, Mapping[int, float]]]) -> Picture | None:
    """One small path per unit directly under the place as a share of its quota; None where nothing is counted."""
    year, names = study.as_of.year, study.plan.short_names()
    steps = tuple(range(1, study.plan.calendar.steps + 1))
    panels = []
    for code in units_below(study.plan):
        goal = goal_of(study, code)
        current = paths.get(code, {}).get(year, {})
        if goal:
            values = tuple(100 * current.get(step, float("nan")) / goal for step in steps)
            panels.append(Panel(names.get(code, code), steps, values, 100))
    if not any(known(value) for panel in panels for value in panel.values):
        return None
    title = Said("figures.facets.title", year=year, **kind_words(study.plan))
    data = Facets(
        title=title,
        axis=Said("figures.quota.axis"),
        panels=tuple(panels),
        ticks=STEPS[len(steps)],
        measure=PERCENT,
        source=figures_since(study),
        illustrative=invented_people(study),
    )
    alt = Said("figures.alt.names", title=title, names=tuple(panel.label for panel in panels))
    return Picture("paths", data, title, alt)


def places_picture(label: Text, measure: str, panels: Sequence[Panel], sources: Sequence[str]) -> Picture:
    """One small path per place over the years, by its published figures; a gap where the definition changes."""
    title = Said("figures.facets.places", label=label)
    years = sorted({int(x) for panel in panels for x in panel.x})
    shown = sorted({years[0], years[len(years) // 2], years[-1]})
    data = Facets(
        title=title,
        axis=Said("figures.axis.own", label=label),
        panels=tuple(panels),
        ticks={year: str(year) for year in shown},
        measure=measure if measure == PERCENT else "",
        source=Said("figures.source", sources=cited_once(sources)) if sources else "",
    )
    names = tuple(panel.label for panel in panels)
    return Picture("places", data, title, Said("figures.alt.names", title=title, names=names))


def edges_between(low: float, high: float) -> tuple[float, float, float, float]:
    """Four round values that part what lies between the lowest and the highest into shades."""
    step = max(5, 5 * -(-(high - low) // 20))
    first = step * (low // step + 1)
    return first, first + step, first + 2 * step, first + 3 * step


def layout_of(study: Study, codes: list[str]) -> dict[str, tuple[int, int]]:
    """Where each unit's tile stands: `tiles.csv` of the plan or of the plan it extends; else rows of four."""
    folder: Path | None = study.plan.folder
    while folder is not None:
        file = folder / "tiles.csv"
        if file.is_file():
            table = pd.read_csv(file, dtype={"code": "str"}, encoding="utf-8")
            places = dict(zip(table["code"], zip(table["row"], table["column"], strict=True), strict=True))
            if set(codes) <= set(places):
                return {code: places[code] for code in codes}
        extends = re.search(
            r"^extends:\s*(\S+)", (folder / "plan.yaml").read_text(encoding="utf-8"), re.MULTILINE
        )
        folder = folder.parent / extends[1] if extends and (folder.parent / extends[1]).is_dir() else None
    return {code: divmod(number, _ACROSS) for number, code in enumerate(codes)}
