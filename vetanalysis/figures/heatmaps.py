"""Heat maps of units: the state of every return by period, and indicators side by side; drawn by seaborn.

A cell holds its state or number in words, its shade only repeats it. What has not come is hatched and never a zero.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.blocks import Picture, Said, Text
from vetanalysis.figures.cumulative import figures_since
from vetanalysis.figures.face import family
from vetanalysis.figures.style import (
    INK,
    ORANGE,
    PALE,
    PERCENT,
    SHADES,
    SOFT,
    Chart,
    Part,
    Words,
    dress,
    edges_between,
)  # fmt: skip
from vetanalysis.language.numbers import rounded
from vetanalysis.observations.checks import are_totals
from vetanalysis.returns.matrix import REPORTED, STATES, whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vetanalysis.study import Study

MOST = 40  # units that a reader still finds his way among
_LONGEST = 42  # letters of a unit's name
_ACROSS = 108  # letters across the figure, names of units among them
FEWEST = 2  # units with a figure, for an indicator to be compared

# What stands in a cell that no shade fills: nothing has come; nothing is asked for.
HATCHED, EMPTY = -1, -2
# One ground for each state of a return, apart in lightness as well as in colour.
GROUNDS = {
    "on_time": "#cfe3f2",
    "received": "#8fbcdc",
    "late": ORANGE,
    "refused": SHADES[-1],
    "not_due": "#f2f2f2",
}
_OF_STATE = {state: number for number, state in enumerate(GROUNDS)} | {"missing": HATCHED}


@dataclass(frozen=True, slots=True)
class Cell(Part):
    """One place of a heat map: its words, the number of its ground, `HATCHED` or `EMPTY`."""

    words: Words
    ground: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap(Chart):
    """`rows` and `columns` by name; `cells`: a tuple per row; `grounds`: colours by number; `key`: what cells mean."""

    rows: tuple[Words, ...]
    columns: tuple[Words, ...]
    cells: tuple[tuple[Cell, ...], ...]
    grounds: tuple[str, ...] = SHADES
    key: Words = ""

    @property
    def size(self) -> tuple[float, float]:
        """Higher with more rows."""
        return 170.0, 60.0 + 5.2 * len(self.rows)

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Units from above, columns named over them; words in every cell."""
        import seaborn as sns
        from matplotlib.colors import ListedColormap

        grounds = pd.DataFrame([[float(one.ground) for one in row] for row in self.cells])
        words = pd.DataFrame([[str(one.words) for one in row] for row in self.cells])
        bare = grounds < 0
        sns.heatmap(
            grounds,
            ax=ax,
            mask=bare,
            annot=words,
            fmt="",
            annot_kws={"fontsize": 7.5, "gid": "cell"},
            cmap=ListedColormap(self.grounds),
            vmin=-0.5,
            vmax=len(self.grounds) - 0.5,
            linewidths=1,
            linecolor="white",
            cbar=False,
            xticklabels=False,
            yticklabels=False,
        )
        for row, column in zip(*bare.to_numpy().nonzero(), strict=True):
            _bare(ax, row, column, words.iat[row, column], hatched=grounds.iat[row, column] == HATCHED)
        names = [textwrap.shorten(str(one), _LONGEST, placeholder="…") for one in self.rows]
        heads = [textwrap.fill(str(one), self._letters(names)) for one in self.columns]
        ax.set_yticks([place + 0.5 for place in range(len(names))], names)
        ax.set_xticks([place + 0.5 for place in range(len(heads))], heads)
        ax.xaxis.tick_top()
        dress(ax, self, lang, str(self.key))
        ax.set(xlabel="", ylabel="")
        ax.tick_params(length=0, labelsize=8)
        for side in ax.spines.values():
            side.set_visible(False)
        return ax

    def _letters(self, names: Sequence[str]) -> int:
        """How many letters of a column's name stand on one line, beside the names of the rows."""
        return max(_ACROSS - max(len(one) for one in names), 30) // len(self.columns) - 1


def _bare(ax: Axes, row: int, column: int, words: str, *, hatched: bool) -> None:
    """A cell without a shade: hatched where something is missing, else white."""
    from matplotlib.patches import Rectangle

    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    look: dict[str, Any] = {"facecolor": "white", "linewidth": 0.6, "edgecolor": SOFT if hatched else PALE}
    if hatched:
        look |= {"hatch": "//////", "gid": "missing"}
    ax.add_patch(Rectangle((column + 0.02, row + 0.06), 0.96, 0.88, **look))
    ax.text(
        column + 0.5, row + 0.5, words, ha="center", va="center", fontsize=7.5, fontfamily=family(),
        color=INK if hatched else SOFT, bbox=ground if hatched else None, gid="missing" if hatched else "empty",
    )  # fmt: skip


# Who has reported


def tally(rows: pd.DataFrame) -> dict[str, int]:
    """How many returns are due, on time, late, of an unknown day, missing, refused; how many are not due yet.

    `rows`: the ledger's matrix. `due` counts all but those that are not due yet.
    """
    kinds = [_kind(row) for row in rows.itertuples(index=False)]
    counts = {
        kind: kinds.count(kind) for kind in ("on_time", "late", "received", "missing", "refused", "not_due")
    }
    return {"due": len(kinds) - counts["not_due"], **counts}


def standing_out(rows: pd.DataFrame) -> list[str]:
    """The units with a return that is late, missing or refused."""
    kinds = (_kind(row) for row in rows.itertuples(index=False))
    found = (
        unit for unit, kind in zip(rows["unit"], kinds, strict=True) if kind in ("late", "missing", "refused")
    )
    return list(dict.fromkeys(found))


def returns_shown(rows: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The units drawn, and those left out."""
    units = units_in_sight(rows, MOST)
    return units[:MOST], units[MOST:]


def units_in_sight(rows: pd.DataFrame, most: int) -> list[str]:
    """The units of the matrix, in its order; where they are more than `most`, those that stand out come first."""
    units = list(dict.fromkeys(rows["unit"]))
    out = dict.fromkeys(standing_out(rows)) if len(units) > most else {}
    return [*out, *(unit for unit in units if unit not in out)]


def returns_picture(study: Study, rows: pd.DataFrame, *, illustrative: bool) -> Picture | None:
    """Units by period, the state of every return; None where no return is asked for.

    `rows`: the ledger's matrix of the units asked about (`returns.matrix`), up to the study's cut-off.
    """
    if rows.empty:
        return None
    periods = list(dict.fromkeys(rows["period"]))
    found = {(row.unit, row.period): row for row in rows.itertuples(index=False)}
    shown, _ = returns_shown(rows)
    counts = tally(rows)
    title = Said("figures.returns.title", parts=returns_parts(counts), due=counts["due"])
    data = HeatMap(
        title=title,
        rows=tuple(_name(study, unit) for unit in shown),
        columns=tuple(Said("figures.in_short", period=one) for one in periods),
        cells=tuple(tuple(_state(found.get((unit, one))) for one in periods) for unit in shown),
        grounds=tuple(GROUNDS.values()),
        key=Said("figures.returns.key"),
        source=Said("figures.caption.returned", as_of=str(study.as_of)),
        illustrative=illustrative,
    )
    told = [
        Said("figures.returns.told", unit=_name(study, row.unit), period=row.period, state=_state(row).words)
        for row in found.values()
        if _kind(row) in ("late", "missing", "refused")
    ]
    alt = (
        Said("figures.alt.told", title=title, told=tuple(told)) if told else Said("figures.alt", title=title)
    )
    return Picture("returns-heatmap", data, title, alt)


def returns_parts(counts: dict[str, int]) -> tuple[Said, ...]:
    """`153/155 đúng hạn`, then the states that occur; how many came where no day of receipt is known."""
    dated = counts["on_time"] + counts["late"] or not counts["received"]
    if not dated:
        came = Said("figures.returns.came", came=counts["received"], due=counts["due"])
        named: tuple[str, ...] = ("missing", "refused", "not_due")
        return (
            came,
            *(Said(f"figures.returns.{name}", count=counts[name]) for name in named if counts[name]),
        )
    named = ("late", "received", "missing", "refused", "not_due")
    more = (Said(f"figures.returns.{name}", count=counts[name]) for name in named if counts[name])
    first = Said("figures.returns.on_time", on_time=counts["on_time"], due=counts["due"])
    return (*((first,) if counts["due"] else ()), *more)


def _kind(row: Any) -> str:
    """The state of a return as it counts: one sent again is on time or late by its first usable file."""
    if row.state not in REPORTED:
        return row.state
    if pd.isna(row.days_late):
        return "received"
    return "late" if whole(row.days_late) else "on_time"


def _state(row: Any) -> Cell:
    """The state in words, with days late for what came after its deadline."""
    if row is None:
        return Cell("–", EMPTY)
    kind, said = _kind(row), STATES[row.state]
    if kind == "late":
        said = Said("notebooks.state.late", state=STATES["late"], days=whole(row.days_late))
    return Cell(said, _OF_STATE[kind])


# Indicators by unit


@dataclass(frozen=True, slots=True)
class Column:
    """An indicator over units: share of their plan (`of_plan`) or its rate, in per cent, of one period.

    `values`: what is known, by unit; `missing`: units that have to send it and did not.
    """

    id: str
    label: Text
    period: str
    of_plan: bool
    values: dict[str, float]
    missing: tuple[str, ...]
    illustrative: bool = False


def columns_of(study: Study, lines: pd.DataFrame) -> list[Column]:
    """The indicators that at least two units have as a share of their plan or in per cent, in the plan's order.

    One that repeats another (the completion of the plan beside the count it follows from) is left out. Bodies are no
    units of an area and stand aside.
    """
    kinds = study.plan.units.drop_duplicates("code").set_index("code")["kind"]
    mine = lines[are_totals(lines) & (lines["basis"] != "period") & (lines["unit"] != study.plan.place.code)]
    mine = mine.assign(kind=mine["unit"].map(kinds))
    mine = mine[mine["kind"] != "body"]
    told = mine["percent_of_plan"].notna() | ((mine["measure"] == PERCENT) & mine["value"].notna())
    enough = told.groupby(mine["id"]).transform("sum") >= FEWEST
    found: list[Column] = []
    for _, part in mine[enough].groupby("id", sort=False):
        one = _column(part.drop_duplicates("unit"))
        if one is not None and not any(_repeats(one, other) for other in found):
            found.append(one)
    return found


def _column(part: pd.DataFrame) -> Column | None:
    """The indicator of these lines, a line per unit; None where fewer than two units have it in per cent."""
    of_plan = bool(part["percent_of_plan"].notna().any())
    if not of_plan and part["measure"].iloc[0] != PERCENT:
        return None
    name = "percent_of_plan" if of_plan else "value"
    told = part[part[name].notna()]
    if len(told) < FEWEST:
        return None
    period = told["period"].mode().iloc[0]
    told = told[told["period"] == period]
    asked = part[part["kind"].isin(told["kind"]) & ~part["unit"].isin(told["unit"])]
    if of_plan:  # a figure without a plan has no share: nothing is missing
        asked = asked[asked["value"].isna()]
    first = part.iloc[0]
    return Column(
        first["id"],
        Text(first["label_vi"], first["label_en"]),
        period,
        of_plan,
        dict(zip(told["unit"], told[name].astype(float), strict=True)),
        tuple(asked["unit"]),
        bool(told["illustrative"].any()),
    )


def _repeats(one: Column, other: Column) -> bool:
    both = one.values.keys() & other.values.keys()
    return one.values.keys() == other.values.keys() and all(
        abs(one.values[unit] - other.values[unit]) < 0.05 for unit in both
    )


def units_shown(columns: Sequence[Column], lines: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The units drawn and those left out, in the plan's order; units without any of the indicators are neither.

    Where there are many, those that are highest or lowest or have no figure are drawn before others.
    """
    asked = {unit for one in columns for unit in (*one.values, *one.missing)}
    units = [unit for unit in dict.fromkeys(lines["unit"]) if unit in asked]
    named = {unit for one in columns for unit in (*_lowest_and_highest(one), *one.missing)}
    drawn = [*(one for one in units if one in named), *(one for one in units if one not in named)][:MOST]
    return [one for one in units if one in drawn], [one for one in units if one not in drawn]


def _lowest_and_highest(one: Column) -> tuple[str, str]:
    return min(one.values, key=one.values.__getitem__), max(one.values, key=one.values.__getitem__)


def indicators_picture(study: Study, lines: pd.DataFrame) -> Picture | None:
    """Units by indicator in per cent; None where no indicator is known for two units.

    `lines`: the table of indicators of the units asked about.
    """
    columns = columns_of(study, lines)
    if not columns:
        return None
    shown, left = units_shown(columns, lines)
    told, missing = (sum(len(getattr(one, name)) for one in columns) for name in ("values", "missing"))
    title = Said("figures.indicators.title", units=len(shown) + len(left), known=told, asked=told + missing)
    data = HeatMap(
        title=title,
        rows=tuple(_name(study, unit) for unit in shown),
        columns=tuple(_head(study, one) for one in columns),
        cells=tuple(tuple(_figure(one, unit) for one in columns) for unit in shown),
        key=Said("figures.indicators.key"),
        source=figures_since(study),
        measure=PERCENT,
        illustrative=any(one.illustrative for one in columns),
    )
    alt = tuple(ends(study, one) for one in columns)
    return Picture("indicators-heatmap", data, title, Said("figures.alt.told", title=title, told=alt))


def ends(study: Study, one: Column) -> Said:
    """Between which units an indicator lies, and how many have no figure."""
    low, high = _lowest_and_highest(one)
    lowest, highest = one.values[low], one.values[high]
    even = rounded(lowest) == rounded(highest)
    return Said(
        "figures.indicators.even" if even else "figures.indicators.ends", label=_head(study, one),
        units=len(one.values), low=lowest, high=highest, last=_name(study, low), first=_name(study, high),
        missing=len(one.missing),
    )  # fmt: skip


def _head(study: Study, one: Column) -> Said:
    """What the indicator is called, with its period where that is not the study's."""
    said = Said("figures.indicators.of_plan" if one.of_plan else "figures.label", label=one.label)
    if one.period == str(study.as_of):
        return said
    return Said("figures.indicators.of_period", label=said, period=one.period)


def _figure(one: Column, unit: str) -> Cell:
    if unit in one.values:
        value = one.values[unit]
        edges = edges_between(min(one.values.values()), max(one.values.values()))
        return Cell(
            Said("figures.indicators.value", value=value), sum(rounded(value) >= edge for edge in edges)
        )
    if unit in one.missing:
        return Cell(Said("figures.indicators.missing"), HATCHED)
    return Cell("–", EMPTY)


def _name(study: Study, code: str) -> Words:
    """A unit's short name; a code the plan does not know as it is."""
    return study.plan.unit(code).short if study.plan.units["code"].eq(code).any() else code
