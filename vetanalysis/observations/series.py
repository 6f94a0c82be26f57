"""One series, one definition: the newest vintage of each figure, pieces with their breaks, no splicing.

How a figure's source and definition are called in words stands here, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from vetanalysis.blocks import Said, Text
from vetanalysis.language.lines import is_line
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.observations.table import RETURNS, from_sources, latest_vintage, load_sources, publisher_of

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

    @property
    def worded(self) -> Said | str:
        """What the source says before the figure: "nearly", with its space; empty where the figure is exact."""
        return Said(f"names.approximate.{self.approximate}") if self.approximate else ""

    @property
    def base_printed(self) -> bool:
        """Whether the source itself names the denominator; where its note says no, readers are told."""
        return BASE_NOT_PRINTED not in self.note


@dataclass(frozen=True)
class Piece:
    """A run of yearly figures on one definition, in the measure of the table (percent, persons).

    `values`: Series indexed by year (gaps stay gaps). `population_base`: the census that counts of
    persons are raised to, "" for rates. `break_before`: why it may not be joined to the piece before,
    None for the first.
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
    break_before: Said | None = None


def pieces(
    obs: pd.DataFrame,
    indicator: str,
    unit: str,
    base: str | None = None,
    concept: str | None = None,
    publisher: str | None = None,
    *,
    population_base: str | None = None,
    sex: str = "",
    residence: str = "",
) -> tuple[Piece, ...]:
    """The yearly figures of one indicator and unit as pieces, one per definition.

    Pieces of one publisher and base stand together, in the order in which they begin.

    A definition is base, concept, publisher and, for counts of persons, the census they are raised to;
    None accepts any. Only whole-year figures (`-FY`) enter; `sex` and `residence` pick a breakdown.
    Nothing found: an empty tuple.
    """
    chosen = obs[obs["unit"] == str(unit)]  # the few rows first: a plan may have hundreds of units
    chosen = chosen[(chosen["indicator"] == indicator) & chosen["period"].str.endswith("-FY")]
    for name in BREAKDOWNS:
        chosen = chosen[chosen[name] == {"sex": sex, "residence": residence}.get(name, "")]
    chosen = latest_vintage(chosen)
    persons = chosen["measure"] == "persons"
    table = chosen.assign(
        publisher=publisher_of(chosen["source"]),
        population_base=from_sources(chosen["source"], "population_base").where(persons, ""),
        year=chosen["period"].str[:4].astype(int),
    )
    asked = {"base": base, "concept": concept, "publisher": publisher, "population_base": population_base}
    for name, wanted in asked.items():
        if wanted is not None:
            table = table[table[name] == wanted]
    runs = [
        (definition, rows.sort_values("year")) for definition, rows in table.groupby(list(asked), sort=False)
    ]
    begin: dict[tuple[str, str], int] = {}
    for definition, rows in runs:  # one publisher's definitions stand together, the earliest first
        maker = (definition[2], definition[0])
        begin[maker] = min(begin.get(maker, 9999), int(rows["year"].iloc[0]))
    runs.sort(
        key=lambda run: (begin[run[0][2], run[0][0]], run[0][2], run[0][0], run[1]["year"].iloc[0], run[0])
    )
    found: list[Piece] = []
    for definition, rows in runs:
        found.append(_piece(indicator, str(unit), definition, rows, found[-1] if found else None))
    return tuple(found)


def _piece(
    indicator: str, unit: str, definition: tuple[str, ...], rows: pd.DataFrame, before: Piece | None
) -> Piece:
    base, concept, publisher, population_base = definition
    values = pd.Series(
        rows["value"].to_numpy(), index=pd.Index(rows["year"], name="year"), name=indicator, dtype="float64"
    )
    points = tuple(
        Point(
            period=row.period,
            year=int(row.year),
            value=float(row.value),
            status=row.status,
            source=row.source,
            vintage=row.vintage,
            base=row.base,
            concept=row.concept,
            certainty=row.certainty,
            illustrative=bool(row.illustrative),
            note=row.note,
            standard_error=None if row.standard_error != row.standard_error else float(row.standard_error),
            approximate=row.approximate,
        )
        for row in rows.itertuples()
    )
    piece = Piece(
        indicator, unit, base, concept, publisher, population_base,
        tuple(int(year) for year in values.index), values, points,
    )  # fmt: skip
    if before is None:
        return piece
    return replace(piece, break_before=_break(before, piece))


_PARTS = ("base", "concept", "publisher", "population_base")  # of a definition
_WORDED = ("employed", "labour_force", "administrative", "census-2009", "census-2019")


def _break(before: Piece, after: Piece) -> Said:
    """What differs between two definitions of one indicator."""
    changes = tuple(
        Said(
            "observations.change",
            part=Said(f"observations.part.{name}"),
            before=_word(getattr(before, name)),
            after=_word(getattr(after, name)),
        )
        for name in _PARTS
        if getattr(before, name) != getattr(after, name)
    )
    return Said("observations.break", changes=changes)


def _word(value: str) -> Said | Text:
    """How a base, concept or publisher is called in a message."""
    if value in _WORDED:
        return Said(f"observations.word.{value}")
    if value in ("", RETURNS):
        return Said(f"observations.word.{'returns' if value else 'none'}")
    makers = load_sources().drop_duplicates("publisher").set_index("publisher")["publisher_vi"]
    return Text(makers.get(value, value), value)


def source_texts(sources: pd.DataFrame) -> dict[str, Text]:
    """How each source is cited in a sentence, by id, from the table of sources (columns cite_vi, cite_en)."""
    return {str(row.Index): Text(row.cite_vi, row.cite_en) for row in sources.itertuples()}


def cited(source: str, sources: Mapping[str, Text]) -> Said | Text:
    """A source in words: a named one, a return by its file, or its code; figures brought along may state none."""
    if not source:
        return Said("names.source.none")
    if source in sources:
        return sources[source]
    if source == RETURNS:
        return Said("names.source.returns")
    if "!" in source:
        return Said("names.source.file", file=source.split("!")[0])
    return Said("names.source.code", code=source)


def definition(base: str, concept: str, *, base_printed: bool = True) -> tuple[Said | str, ...]:
    """Base and concept of a rate in words, a code that has no name as it stands; empty where neither is stated.

    A base that we read into a figure (`base_printed` False) says so.
    """
    kind = "base" if base_printed else "base_understood"
    named = [f"names.{kind}.{base}", f"names.concept.{concept}"]
    known = [Said(key) for key in named if is_line(key)]
    codes = [code for code, key in zip((base, concept), named, strict=True) if code and not is_line(key)]
    return (*known, *codes)
