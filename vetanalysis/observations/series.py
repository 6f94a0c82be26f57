"""One series, one definition: the newest vintage of each figure, in pieces, no splicing.

How a figure's source and definition are called in words stands here, too.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from vetanalysis.blocks import Said, Text
from vetanalysis.language.lines import is_line
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.table import RETURNS, latest_vintage, load_sources
from vetanalysis.observations.territory import since_merger

_RETURNED = re.compile(r"\A(?:[^/!]+/)*?(\d{4}-(?:Q[1-4]|H1|9M|FY|M\d\d))/([^/!]+?)__[^/!]*!")
BASE_NOT_PRINTED = "base not printed in the source"  # in a figure's note: we read the base into it


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a series, with where it comes from."""

    period: str
    year: int
    value: float
    status: str  # final, provisional, estimate
    source: str
    vintage: str  # ISO day, "" when unknown
    base: str = ""
    concept: str = ""
    certainty: str = ""  # high, medium, low
    illustrative: bool = False
    note: str = ""
    standard_error: float | None = None  # of a survey figure, in its measure; None: unknown, 0: exact
    approximate: str = ""  # about, nearly, over: as the source words it
    window_end: str = ""  # ISO day it counts to, where that is before its period ends

    @property
    def worded(self) -> Said | str:
        """What the source says before the figure: "nearly", with its space; empty where the figure is exact."""
        return Said(f"names.approximate.{self.approximate}") if self.approximate else ""

    @property
    def to_day(self) -> Said | str:
        """The day it counts to, where its period had not ended: "to 23 August 2022"."""
        return Said("names.to_day", day=self.window_end) if self.window_end else ""

    def maturity(self, measure: str) -> str:
        """How far it is settled, as it is told: a rate of a part of a year that is not final is an estimate."""
        within = measure == "percent" and not self.period.endswith("-FY")
        return "estimate" if within and self.status != "final" else self.status

    @property
    def base_printed(self) -> bool:
        """Whether the source itself names the denominator; where its note says no, readers are told."""
        return BASE_NOT_PRINTED not in self.note


@dataclass(frozen=True)
class Piece:
    """A run of yearly figures on one definition, in the measure of the table (percent, persons).

    `values`: Series indexed by year (gaps stay gaps). `population_base`: the census that counts of persons are raised
    to, "" for rates.
    """

    indicator: str
    unit: str
    base: str
    concept: str
    publisher: str
    population_base: str
    years: tuple[int, ...]
    values: pd.Series
    points: tuple[Point, ...]


def pieces(obs: pd.DataFrame, indicator: str, unit: str, base: str | None = None) -> tuple[Piece, ...]:
    """The yearly figures of one indicator and unit, without any breakdown, as pieces: one per definition.

    A definition is base (None: any), concept, publisher and, for counts of persons, the census they are raised to; a
    province that was merged is another place from then on.
    Pieces of one publisher and base stand together, in the order in which they begin. Only whole-year figures (`-FY`)
    enter. Nothing found: an empty tuple.
    """
    if obs.empty:
        return ()
    chosen = obs[obs["unit"] == str(unit)]  # the few rows first: a plan may have hundreds of units
    chosen = chosen[chosen["indicator"] == indicator]
    if chosen.empty:
        return ()
    chosen = chosen[chosen["period"].str.endswith("-FY") & are_totals(chosen)]
    if chosen.empty:
        return ()
    sources = load_sources()
    publishers, censuses = sources["publisher"].to_dict(), sources["population_base"].to_dict()
    found: dict[tuple[str, ...], list[dict[Hashable, Any]]] = {}
    begins: dict[tuple[str, ...], int] = {}
    newest = latest_vintage(chosen)
    for row in newest.assign(since=since_merger(newest)).to_dict("records"):
        if base is not None and row["base"] != base:
            continue
        row["year"] = int(row["period"][:4])
        publisher = publishers.get(row["source"], "") or RETURNS
        census = censuses.get(row["source"], "") if row["measure"] == "persons" else ""
        what = (row["base"], row["concept"], publisher, census, row["since"])
        found.setdefault(what, []).append(row)
        for of in (what, (publisher, row["base"])):
            begins[of] = min(begins.get(of, row["year"]), row["year"])

    def order(what: tuple[str, ...]) -> tuple[object, ...]:
        base, _, publisher, *_ = what
        return begins[publisher, base], publisher, base, begins[what], what

    return tuple(_piece(indicator, str(unit), one, found[one]) for one in sorted(found, key=order))


def point_of(row: Mapping[Hashable, Any]) -> Point:
    """A row of the table of observations as a figure of a series."""
    names = {one.name for one in fields(Point)} - {"year", "standard_error"}
    error = row["standard_error"]
    return Point(
        **{name: row[name] for name in names}, year=int(row["period"][:4]),
        standard_error=None if error != error else error,
    )  # fmt: skip


def _piece(
    indicator: str, unit: str, definition: tuple[str, ...], rows: Sequence[dict[Hashable, Any]]
) -> Piece:
    rows = sorted(rows, key=lambda row: row["year"])
    years = tuple(row["year"] for row in rows)
    values = pd.Series([row["value"] for row in rows], pd.Index(years, name="year"), float, indicator)
    points = tuple(map(point_of, rows))
    base, concept, publisher, population_base, _ = definition
    return Piece(indicator, unit, base, concept, publisher, population_base, years, values, points)


def source_texts(sources: pd.DataFrame) -> dict[str, Text]:
    """How each source is cited in a sentence, by id, from the table of sources (columns cite_vi, cite_en)."""
    return {str(row.Index): Text(row.cite_vi, row.cite_en) for row in sources.itertuples()}


def cited(source: str, sources: Mapping[str, Said | Text]) -> Said | Text:
    """A source in words: a named one, a return by its period, or its code; figures brought along may state none."""
    if not source:
        return Said("names.source.none")
    if source in sources:
        return sources[source]
    if source == RETURNS:
        return Said("names.source.returns")
    if "!" in source:
        sent = returned(source)
        if sent is not None:
            return Said("names.source.returned", period=sent[0])
        return Said("names.source.file", file=source.split("!")[0])
    return Said("names.source.code", code=source)


def returned(source: str) -> tuple[str, str] | None:
    """Period and sender of a figure in a unit's return, by the name of its file; None for any other source."""
    match = _RETURNED.match(source)
    return (match[1], match[2]) if match else None


def definition(base: str, concept: str, *, base_printed: bool = True) -> tuple[Said | str, ...]:
    """Base and concept of a rate in words, a code that has no name as it stands; empty where neither is stated.

    A base that we read into a figure (`base_printed` False) says so.
    """
    kind = "base" if base_printed else "base_understood"
    named = [f"names.{kind}.{base}", f"names.concept.{concept}"]
    known = [Said(key) for key in named if is_line(key)]
    codes = [code for code, key in zip((base, concept), named, strict=True) if code and not is_line(key)]
    return (*known, *codes)
