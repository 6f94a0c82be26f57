"""One series, one definition: the newest vintage of each figure, pieces with their breaks, no splicing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import SeriesBreak
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.observations.reference import load_sources
from vetanalysis.observations.table import RETURNS, from_sources, latest_vintage, publisher_of

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
    break_before: Text | None = None


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


_NAMES = {
    "base": Text("mẫu số", "base"),
    "concept": Text("khái niệm", "concept"),
    "publisher": Text("nơi công bố", "publisher"),
    "population_base": Text("gốc dân số", "population base"),
}
_WORDS = {
    "employed": Text("lao động có việc làm", "employed"),
    "labour_force": Text("lực lượng lao động", "labour force"),
    "administrative": Text("số liệu quản lý hành chính", "administrative"),
    "census-2009": Text("tổng điều tra 2009", "2009 census"),
    "census-2019": Text("tổng điều tra 2019", "2019 census"),
    RETURNS: Text("báo cáo của các đơn vị", RETURNS),
    "": Text("không nêu", "not stated"),
}


def _word(value: str) -> Text:
    """How a base, concept or publisher is called in a message."""
    if value in _WORDS:
        return _WORDS[value]
    makers = load_sources().drop_duplicates("publisher").set_index("publisher")["publisher_vi"]
    return Text(makers.get(value, value), value)


def _break(before: Piece, after: Piece) -> Text:
    changed = [name for name in _NAMES if getattr(before, name) != getattr(after, name)]
    said = {
        lang: "; ".join(
            f"{_NAMES[name].get(lang)}: {_word(getattr(before, name)).get(lang)} → "
            f"{_word(getattr(after, name)).get(lang)}"
            for name in changed
        )
        for lang in ("vi", "en")
    }
    return Text(
        f"Không nối với đoạn trước ({said['vi']})", f"Not to be joined to the piece before ({said['en']})"
    )


def series(
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
) -> pd.Series:
    """The yearly series on one definition, in the measure of the table, newest vintage of each year.

    Index: year. Empty when nothing matches. SeriesBreak when more than one definition does: the
    reason names each with its years and how to ask for one; `pieces` gives them all.
    """
    found = pieces(
        obs, indicator, unit, base, concept, publisher,
        population_base=population_base, sex=sex, residence=residence,
    )  # fmt: skip
    if len(found) > 1:
        raise SeriesBreak(_refusal(found))
    if not found:
        return pd.Series([], index=pd.Index([], dtype="int64", name="year"), name=indicator, dtype="float64")
    return found[0].values


def _span(years: tuple[int, ...]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


def _refusal(found: tuple[Piece, ...]) -> Text:
    differing = [name for name in _NAMES if len({getattr(piece, name) for piece in found}) > 1]

    def met(lang: str) -> str:
        return "; ".join(
            f"{_span(piece.years)}: "
            + ", ".join(_word(getattr(piece, name)).get(lang) for name in _NAMES if getattr(piece, name))
            for piece in found
        )

    ask = ", ".join(f'{name}="{getattr(found[0], name)}"' for name in differing)
    indicator, unit = found[0].indicator, found[0].unit
    return Text(
        f"Chuỗi {indicator} của đơn vị {unit} gồm {len(found)} định nghĩa, không được nối thành một đường "
        f"({met('vi')}). Chọn một định nghĩa, ví dụ {ask}, hoặc dùng pieces() để lấy từng đoạn",
        f"{indicator} of unit {unit} has {len(found)} definitions and is not joined into one line "
        f"({met('en')}). Ask for one, for example {ask}, or use pieces() for all of them",
    )
