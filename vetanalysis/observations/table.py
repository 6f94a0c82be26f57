"""The tidy table of figures: columns and types, how parts are put together, the newest vintage.

One row is one figure that knows its unit, period, definition, source and the earliest day on which it was
known. Files and frames carry percent (62); shares (0.62) live only inside the projections, and `to_share` and
`to_percent` are the only way between the two. Tables that stand beside the figures (CSV read as text, the
sources and indicators of published figures) are read here, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from vetanalysis.blocks import Said, Text
from vetanalysis.checks import finding, refused
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.observations.checks import BREAKDOWNS, COLUMNS, as_text, each_missing_column, texts_of
from vetanalysis.paths import data_root
from vetanalysis.periods import PERIOD, Cutoff, by_one_name, cutoff_day, parse_cutoff
from vetanalysis.plan import Plan

SOURCES_FILE = "sources.csv"
INDICATORS_FILE = "indicators.csv"
PLACES_FILE = "places.csv"
TARGETS_FILE = "targets.csv"
SOURCE_COLUMNS = (
    *("source_id", "title", "publisher", "publisher_vi", "cite_vi", "cite_en", "where", "terms"),
    *("certainty", "first_known", "population_base", "note"),
)


def published_root() -> Path:
    """The folder of the package's own published tables."""
    return data_root() / "published"


def load_sources(folder: Path | str | None = None) -> pd.DataFrame:
    """The sources of the published figures, indexed by `source_id`.

    `cite_vi` and `cite_en` name the source in a sentence. `publisher` (Vietnamese name:
    `publisher_vi`) is who made the figure, not the newspaper that printed
    it; `terms` what its licence allows; `first_known` the earliest
    day the source proves ("" when undated), `population_base` the census a count of persons was
    raised to ("census-2009", "census-2019", "" where it does not apply). A folder's own sources are
    added to the package's.
    """
    own = _listed(published_root() / SOURCES_FILE, SOURCE_COLUMNS)
    if folder is None:
        return own
    added = _listed(Path(folder) / SOURCES_FILE, SOURCE_COLUMNS)
    return pd.concat([own[~own.index.isin(added.index)], added])


def load_places(folder: Path | str | None = None) -> frozenset[str]:
    """The codes of the places that published tables have figures of; a folder's own are added to the package's."""
    folders = {published_root(), Path(folder or published_root())}
    tables = [_listed(one / PLACES_FILE, ("code",)) for one in folders]
    return frozenset(code.strip() for table in tables for code in table.index) - {""}


def place_names() -> dict[str, Text]:
    """The names of the places that the package's published tables have figures of, by code."""
    table = _listed(published_root() / PLACES_FILE, ("code", "name_vi", "name_en"))
    return {str(row.Index): Text(row.name_vi, row.name_en or row.name_vi) for row in table.itertuples()}


def load_mergers() -> pd.DataFrame:
    """The places that were merged: index `code`; name_vi, merged_on (ISO day), merged_into, merged_name, merged_by."""
    columns = ("merged_on", "merged_into", "merged_name", "merged_by")
    table = _listed(published_root() / PLACES_FILE, ("code", "name_vi"), columns)
    return table[table["merged_into"] != ""]


def load_indicators() -> pd.DataFrame:
    """The indicators of the published tables: index `indicator`; measure, basis, meaning_vi, meaning_en."""
    columns = ("indicator", "measure", "basis", "meaning_vi", "meaning_en")
    return _listed(published_root() / INDICATORS_FILE, columns)


def _listed(path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> pd.DataFrame:
    """A list beside the published tables: these columns by the first of them; without a row where no file is there."""
    if not path.exists():
        return pd.DataFrame(columns=[*columns, *optional], dtype="str").set_index(columns[0])
    return _read_list(path, path.stat().st_mtime_ns, columns, optional)


@lru_cache(maxsize=8)
def _read_list(path: Path, _stamp: int, columns: tuple[str, ...], optional: tuple[str, ...]) -> pd.DataFrame:
    table = read_csv(path)
    if findings := each_missing_column(table, columns, path.name):
        raise DataRefused(findings)
    return table.reindex(columns=[*columns, *optional], fill_value="").set_index(columns[0])


def read_csv(path: Path) -> pd.DataFrame:
    """A CSV file as text, every cell as written; DataRefused names the file and what to do."""
    try:
        mark = _separator(path)
        table = pd.read_csv(
            path, dtype="str", keep_default_na=False, encoding="utf-8-sig", sep=mark, header=None
        )
        table = table.iloc[1:].set_axis(list(table.iloc[0]), axis=1).reset_index(drop=True)
        return table if mark == "," else _with_points(table)
    except FileNotFoundError:
        raise WrongCall(Said("calls.no_file", path=str(path))) from None
    except UnicodeDecodeError as error:
        raise refused(path.name, "", "not-utf-8", "observations.not_utf8", byte=error.start) from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        said = str(error).strip().replace("\n", " ")
        raise refused(path.name, "", "unreadable-csv", "observations.unreadable_csv", said=said) from None


def _separator(path: Path) -> str:
    """What divides the cells: a comma, or the semicolon or tab that Excel writes where the comma is for decimals."""
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        head = handle.readline()
    return max((",", ";", "\t"), key=head.count)


def _with_points(table: pd.DataFrame) -> pd.DataFrame:
    """A table that Excel divided by semicolons, its decimal commas as points; one that mixes both is left as it is."""
    if list(table.columns).count("value") != 1:
        return table
    commas = table["value"].str.fullmatch(r"\s*\d+,\d{1,2}\s*")
    if not commas.any() or table["value"].str.contains(".", regex=False).any():
        return table
    return table.assign(value=table["value"].mask(commas, table["value"].str.replace(",", ".")))


DTYPES: Mapping[str, str] = {
    name: {"value": "float64", "standard_error": "float64", "illustrative": "bool"}.get(name, "str")
    for name in COLUMNS
}
STATUS_RANK = {"final": 2, "provisional": 1, "estimate": 0}
CERTAINTY_RANK = {"high": 3, "medium": 2, "low": 1}
RETURNS = "returned workbooks"  # publisher of figures that no published source claims


def to_share(percent: Any) -> Any:
    """62 (percent) to 0.62 (share): a number, an array, a Series or a frame; missing stays missing."""
    return percent / 100.0


def to_percent(share: Any) -> Any:
    """0.62 (share) to 62 (percent): the inverse of `to_share`."""
    return share * 100.0


class LeftOut(tuple):
    """The rows a frame carries as left out. pandas copies what a frame carries with every step; this stays one."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> LeftOut:
        return self


class Carried(dict):
    """What a frame carries by name, read only; as `LeftOut` it stays one."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> Carried:
        return self


def empty_observations() -> pd.DataFrame:
    """The table without a row: every column, with its type."""
    frame = pd.DataFrame({name: pd.Series(dtype=DTYPES[name]) for name in COLUMNS})
    frame.attrs["left_out"] = LeftOut()
    return frame


def normalise(frame: pd.DataFrame, plan: Plan | None = None) -> pd.DataFrame:
    """The same figures in all columns, in order, with their types: a checked frame in, a new frame out.

    Breakdowns that are absent mean "all" (""). `value`: a blank is missing (NaN), never zero. `measure`, where
    not given, is that of the indicator (`data/published/indicators.csv`, else the plan's own table, else what the
    name says); `basis` is "stock" for rates and stocks, "period" for a quarter alone, else "cumulative"; a
    cut-off with two names gets its first (2023-M09 is 2023-9M); `status` is "provisional" (nothing said that it is
    final); `illustrative` is False; a blank `standard_error` is unknown; a figure that counts to a `window_end` before
    its period ends is not final, and with a plan only such a day is kept. Unit codes are strings: 20 becomes "20",
    and with a plan a code that lost its leading zeros gets them back where one unit only fits.
    """
    result = pd.DataFrame(texts_of(frame))
    for name in ("value", "standard_error"):
        number = pd.to_numeric(result[name].where(result[name] != ""), errors="coerce")
        result[name] = number.astype("float64")
    result["illustrative"] = result["illustrative"].str.lower() == "true"
    if plan is not None:
        result["unit"] = _with_zeros(result["unit"], plan)
    result["measure"] = _filled(result, "measure", plan)
    basis = _filled(result, "basis", plan)
    alone = result["period"].str.fullmatch(r"\d{4}-Q[234]") & (result["basis"] == "")
    result["basis"] = basis.mask(alone & (basis == "cumulative"), "period")
    names = {period: by_one_name(period) for period in result["period"].unique()}
    result["period"] = result["period"].mask(result["basis"] != "period", result["period"].map(names))
    early = _unfinished(result, plan)
    if plan is not None:
        result["window_end"] = result["window_end"].where(early, "")
    early &= result["status"] == "final"
    result["status"] = result["status"].mask(early | (result["status"] == ""), "provisional")
    result = result.astype(dict(DTYPES))
    result.attrs["left_out"] = LeftOut(frame.attrs.get("left_out", ()))
    return result


def measures_of(frame: pd.DataFrame, plan: Plan | None = None) -> pd.Series:
    """The measure of each row as `normalise` gives it: stated, or that of its indicator."""
    names = ("indicator", "measure")
    text = {name: as_text(frame[name]) if name in frame else pd.Series("", frame.index) for name in names}
    return _filled(pd.DataFrame(text), "measure", plan)


def _unfinished(frame: pd.DataFrame, plan: Plan | None) -> pd.Series:
    """Figures that do not count to the end of their period (`window_end`): they are not final yet."""
    calendar, stated = getattr(plan, "calendar", None), frame["window_end"] != ""
    if calendar is None or not stated.any():
        return stated & False
    periods = [period for period in frame.loc[stated, "period"].unique() if re.fullmatch(PERIOD, period)]
    ends = {period: str(cutoff_day(parse_cutoff(period), calendar)) for period in periods}
    return stated & (frame["window_end"] < frame["period"].map(ends).fillna(""))


def _with_zeros(unit: pd.Series, plan: Plan) -> pd.Series:
    codes = [str(code) for code in plan.units["code"]]
    known, bare = set(codes), dict[str, list[str]]()
    for code in dict.fromkeys(codes):
        bare.setdefault(code.lstrip("0"), []).append(code)
    repaired = {
        code: bare[code][0] for code in unit.unique() if code not in known and len(bare.get(code, ())) == 1
    }
    return unit.replace(repaired) if repaired else unit


def _filled(frame: pd.DataFrame, column: str, plan: Plan | None) -> pd.Series:
    blank = frame[column] == ""
    if not blank.any():
        return frame[column]
    stated = load_indicators()[column].to_dict()
    if plan is not None and getattr(plan, "indicators", None) is not None:
        own = plan.indicators.drop_duplicates("id").set_index("id")[column]
        stated |= {name: word.split("|")[0] for name, word in own.items() if word and name not in stated}
    of_rate, of_count = {"measure": ("percent", "persons"), "basis": ("stock", "cumulative")}[column]
    defaults = {
        name: stated.get(name, of_rate if name.endswith(("_rate", "_share")) else of_count)
        for name in frame.loc[blank, "indicator"].unique()
    }
    return frame[column].where(~blank, frame["indicator"].map(defaults)).astype("str")


def combine(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Parts one under another in the columns of the table; identical rows once; `left_out` and `findings` joined."""
    parts = [part if is_typed(part) else normalise(part) for part in frames]
    carried = {
        name: LeftOut(row for part in parts for row in part.attrs.get(name, ()))
        for name in ("left_out", "findings")
    }
    filled = [part.copy(deep=False) for part in parts if len(part)]
    for part in filled:
        part.attrs = {}  # the lists are joined here; pandas would compare them
    result = _each_once(pd.concat(filled, ignore_index=True)) if filled else empty_observations()
    result.attrs = {name: rows for name, rows in carried.items() if rows or name == "left_out"}
    return result


def _each_once(table: pd.DataFrame) -> pd.DataFrame:
    """The rows without those identical to one before; only the few that share a source with others are compared."""
    shared = table[table.duplicated("source", keep=False)]
    return table.drop(shared.index[shared.duplicated()]).reset_index(drop=True)


def is_typed(frame: pd.DataFrame) -> bool:
    """Whether a frame has exactly the columns of the table, in their order and types."""
    return tuple(frame.columns) == COLUMNS and all(str(frame[name].dtype) == DTYPES[name] for name in COLUMNS)


def only_known_by(frame: pd.DataFrame, known_by: str | None) -> pd.DataFrame:
    """The figures proven to be known on that day (inclusive); None keeps all. See `load_observations`."""
    if known_by is None:
        return frame
    day = str(known_by)
    undated = frame["vintage"] == ""
    listed = frame.loc[undated, ["unit", "period", "indicator", "value", "source"]].to_dict("records")
    left_out = LeftOut((*frame.attrs.get("left_out", ()), *listed))
    kept = frame[~undated & (frame["vintage"] <= day)].reset_index(drop=True)
    kept.attrs["left_out"] = left_out
    kept.attrs["findings"] = LeftOut((*frame.attrs.get("findings", ()), *undated_figures(left_out, day)))
    return kept


def undated_figures(left_out: Collection[Mapping[str, Any]], day: str) -> list[Finding]:
    """That figures were left out because nobody knows whether they were known on `day`: a warning for those that
    somebody brought, a note for published ones; neither where none was.
    """
    published = set(load_sources().index)
    sources = Counter(str(one["source"]).split("!")[0] for one in left_out)
    found = []
    for severity, names in (
        ("warning", [name for name in sources if name not in published]),
        ("info", [name for name in sources if name in published]),
    ):
        if names:
            count, files = sum(sources[name] for name in names), tuple(filter(None, names))
            file, line = files[0] if len(files) == 1 else "", "observations.no_known_day"
            facts: dict[str, Any] = {
                "count": count,
                "files": files,
                "day": day,
                "published": severity == "info",
            }
            found.append(finding(file, "", "no-known-day", line, severity=severity, **facts))
    return found


def latest_vintage(obs: pd.DataFrame) -> pd.DataFrame:
    """Each figure once, as last published; the order of rows and the columns are kept.

    A figure is unit, period, indicator, breakdown, measure, basis, base, concept and publisher. The
    newest vintage wins (an unknown day counts as the oldest), then final over provisional over
    estimate, then the more certain, then the last source by name. Missing values never displace a figure.
    """
    keys = ["unit", "period", "indicator", *BREAKDOWNS, "measure", "basis", "base", "concept"]
    ranked = obs[obs["value"].notna()]
    if not ranked.duplicated(keys).any():
        return ranked.reset_index(drop=True)
    ranked = ranked.assign(
        _publisher=publisher_of(ranked["source"]),
        _status=ranked["status"].map(STATUS_RANK).fillna(-1),
        _certainty=ranked["certainty"].map(CERTAINTY_RANK).fillna(0),
        _order=range(len(ranked)),
    )
    ranked = ranked.sort_values(["vintage", "_status", "_certainty", "source", "_order"])
    newest = ranked.drop_duplicates([*keys, "_publisher"], keep="last").sort_values("_order")
    return newest[list(obs.columns)].reset_index(drop=True)


def up_to(obs: pd.DataFrame, cutoff: Cutoff) -> pd.DataFrame:
    """The figures whose period ended by the cut-off, also those of its last quarter alone."""
    ended = {period: parse_cutoff(period) for period in obs["period"].unique()}
    return obs[obs["period"].isin([name for name, one in ended.items() if one.end <= cutoff])]


def publisher_of(source: pd.Series) -> pd.Series:
    """Who made each figure, by its source; figures of no published source are `RETURNS`."""
    return from_sources(source, "publisher").where(lambda name: name != "", RETURNS)


def from_sources(source: pd.Series, column: str) -> pd.Series:
    """What the table of sources says in a column for each figure's source; "" for figures of no published source."""
    named = source.map(load_sources()[column].to_dict())
    return named.fillna("").astype("str")
