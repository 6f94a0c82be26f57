"""Two figures of bars: every target against 100 %, and money by source, assigned and spent.

For a target: what has been measured and what may come.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Cell, Picture, Said
from vetanalysis.figures.cumulative import figures_since
from vetanalysis.figures.style import (
    BLUE,
    FACT,
    INK,
    MISSING,
    PALE,
    PERCENT,
    SKY,
    SOFT,
    TARGET,
    TARGET_INK,
    Chart,
    Part,
    Words,
    amount,
    dress,
    note,
    number_axis,
)
from vetanalysis.figures.values import Value, Values
from vetanalysis.language.filters import known

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vetanalysis.study import Study

LABEL = 26  # letters of a line beside the axis


@dataclass(frozen=True, slots=True)
class BulletRow(Part):
    """One target, all numbers in its own measure; None where nothing is known or projected.

    `label` names it; `words` (optional) stand at the right end: figures and status.
    """

    label: Words
    target: float
    latest: float | None = None
    median: float | None = None
    lower_80: float | None = None
    upper_80: float | None = None
    words: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet(Chart):
    """Rows from top to bottom, one per target, on a scale where each target is 100."""

    rows: tuple[BulletRow, ...]

    @property
    def size(self) -> tuple[float, float]:
        """Higher with more rows."""
        return 170.0, 25.0 + 22 * len(self.rows)

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """A missing figure is said, never drawn as 0."""
        top = 120.0
        for place, row in enumerate(self.rows):
            share = 100 / row.target
            if row.lower_80 is not None and row.upper_80 is not None:
                low, high = row.lower_80 * share, row.upper_80 * share
                ax.barh(place, high - low, left=low, height=0.62, color=SKY, zorder=1, gid="range")
                top = max(top, high * 1.05)
            if row.latest is None:
                note(
                    ax,
                    MISSING.get(lang),
                    (0, place),
                    (4, 0),
                    "missing",
                    ha="left",
                    va="center",
                    style="italic",
                )
            else:
                ax.barh(place, row.latest * share, height=0.26, color=FACT, zorder=2, gid="latest")
                top = max(top, row.latest * share * 1.05)
            if row.median is not None:
                ax.plot(
                    [row.median * share],
                    [place],
                    marker="D",
                    color=BLUE,
                    markeredgecolor="white",
                    linestyle="none",
                    zorder=4,
                    gid="median",
                )
            if row.words:
                note(ax, row.words, (1.01, place), (0, 0), "words", ha="left", va="center",
                     xycoords=("axes fraction", "data"))  # fmt: skip
        ax.axvline(100, color=TARGET, linewidth=2, zorder=3, gid="target")
        words = Said("figures.bullet.target").get(lang)
        note(
            ax, words, (100, -0.86), (-5, -1), "target-label", ha="right", color=TARGET_INK, fontweight="bold"
        )
        ax.set_yticks(range(len(self.rows)), [textwrap.fill(row.label, LABEL) for row in self.rows])
        ax.set_ylim(len(self.rows) - 0.5, -0.9)
        ax.set_xlim(0, top)
        number_axis(ax.xaxis, lang, "percent")
        ax.set_xlabel(Said("figures.bullet.axis").get(lang), color=INK)
        projected = any(row.median is not None for row in self.rows)
        key = Said("figures.bullet.key").get(lang) if projected else ""
        return dress(ax, self, lang, key)


def targets_picture(study: Study, lines: pd.DataFrame) -> Picture | None:
    """A bullet per target with the latest figure of the unit, from its lines of the table of indicators."""
    rows, told, invented = [], [], False
    for target in study.plan.targets:
        line = next(iter(lines[lines["id"] == target.indicator].to_dict("records")), None)
        goal = line["plan_value"] if line is not None and known(line["plan_value"]) else None
        if study.unit.code == study.plan.place.code:
            goal = target.value  # a range has two targets on one indicator
        if not goal:
            continue
        value = None if line is None or not known(line["value"]) else float(line["value"])
        invented = invented or bool(line is not None and line["illustrative"])
        words = inline = Said("figures.bullet.unknown")
        if line is not None and value is not None:
            reached = {"value": value, "goal": goal, "measure": target.measure, "period": line["period"]}
            words, inline = (
                Said(f"figures.bullet.{name}", **reached) for name in ("reached", "reached_inline")
            )
        rows.append(BulletRow(Said("figures.label", label=target.label), float(goal), value, words=words))
        told.append(Said("figures.alt.words", label=target.label, words=inline))
    if not rows:
        return None
    done = sum(row.latest is not None for row in rows)
    title = Said("figures.bullet.title", known=done, targets=len(rows))
    data = Bullet(title=title, rows=tuple(rows), source=figures_since(study), illustrative=invented)
    return Picture("targets", data, title, Said("figures.alt.told", title=title, told=tuple(told)))


@dataclass(frozen=True, slots=True)
class FundingSource(Part):
    """One source in the figure's unit of money; None where nobody has reported it."""

    label: Words
    assigned: float | None
    disbursed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding(Chart):
    """Sources from top to bottom; `axis` names the money ("triệu đồng")."""

    sources: tuple[FundingSource, ...]

    @property
    def size(self) -> tuple[float, float]:
        """A bar per source of money."""
        return 160.0, 45.0 + 17 * len(self.sources)

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Spent inside assigned, one bar per source, the figures written at its end."""
        for place, one in enumerate(self.sources):
            if one.assigned is not None:
                ax.barh(
                    place,
                    one.assigned,
                    height=0.66,
                    color=PALE,
                    edgecolor=SOFT,
                    linewidth=0.8,
                    gid="assigned",
                )
            if one.disbursed is not None:
                ax.barh(place, one.disbursed, height=0.36, color=BLUE, gid="disbursed")
            end = max(one.assigned or 0, one.disbursed or 0)
            note(ax, _words(one, lang, self.digits), (end, place), (5, 0), "label", ha="left", va="center")
        ax.set_yticks(range(len(self.sources)), [textwrap.fill(one.label, LABEL) for one in self.sources])
        ax.set_ylim(len(self.sources) - 0.5, -0.5)
        ax.set_xlim(left=0)
        number_axis(ax.xaxis, lang)
        ax.set_xlabel(self.axis, color=INK)
        return dress(ax, self, lang, Said("figures.funding.key").get(lang))

    def values_shown(self) -> Values:
        """A row for each source; what nobody has reported stays missing."""
        columns = {name: Said(f"figures.values.{name}") for name in ("assigned", "disbursed")}
        cells = (
            Value(one.label, head, Cell(getattr(one, name), "count"))
            for one in self.sources
            for name, head in columns.items()
        )
        return Values(Said("figures.values.source"), tuple(cells))


def _words(one: FundingSource, lang: str, digits: int) -> str:
    def told(value: float | None) -> str:
        return MISSING.get(lang) if value is None else amount(value, lang, "", digits)

    if one.assigned is None and one.disbursed is None:
        return MISSING.get(lang)
    words = f"{told(one.disbursed)} / {told(one.assigned)}"
    if one.assigned and one.disbursed is not None:
        words += f" ({amount(one.disbursed / one.assigned * 100, lang, PERCENT, 1)})"
    return words


def funds_picture(study: Study, lines: pd.DataFrame) -> Picture | None:
    """Assigned and disbursed by source of money, from the lines by source; None without a figure."""
    had, spent = (
        lines[(lines["id"] == name) & (lines["fund_source"] != "")].set_index("fund_source")["value"]
        for name in ("budget_assigned", "budget_disbursed")
    )
    sources = tuple(
        FundingSource(Said("figures.label", label=one.text), _value(had, one.id), _value(spent, one.id))
        for one in study.plan.funding_sources
    )
    if all(one.assigned is None and one.disbursed is None for one in sources):
        return None
    paired = [(one.disbursed, one.assigned) for one in sources if one.assigned and one.disbursed is not None]
    share = 100 * sum(done for done, _ in paired) / sum(all_of for _, all_of in paired) if paired else None
    title = Said("figures.funding.title", share=share)
    told = tuple(
        Said("figures.alt.money", label=one.label, disbursed=one.disbursed, assigned=one.assigned)
        for one in sources
    )
    data = Funding(
        title=title,
        axis=Said("figures.funding.axis"),
        sources=sources,
        source=figures_since(study),
        illustrative=bool(lines["illustrative"].any()),
    )
    return Picture("funding", data, title, Said("figures.alt.told", title=title, told=told))


def _value(values: pd.Series, key: str) -> float | None:
    return float(values[key]) if key in values.index and known(values[key]) else None
