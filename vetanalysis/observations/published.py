"""Published figures: read, checked, and what may be computed from them without splicing definitions.

The broad trained-labour rate (`trained_rate`) and its certified part (`certified_rate`) are two
indicators. A provincial department's certified rate (concept "administrative") is not the statistics
office's (concept "ICLS-13" to 2020, "ICLS-19" from 2021), and one year may stand in several vintages.
`pieces` (module `series`) never draws one line across such a change.

An announced target is no observation: it stands in a table of its own (`targets.csv`), and names by `result_source`
the published figure (same place, period and indicator) that came of it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import finding
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.hashes import content_digest
from vetanalysis.observations.between_rows import Published
from vetanalysis.observations.brought import read_brought
from vetanalysis.observations.checks import (
    ALLOWED,
    STATED,
    are_totals,
    each_missing_column,
    is_day,
    only_errors,
)
from vetanalysis.observations.table import (
    INDICATORS_FILE,
    PLACES_FILE,
    SOURCES_FILE,
    TARGETS_FILE,
    LeftOut,
    combine,
    latest_vintage,
    load_indicators,
    load_places,
    load_sources,
    published_root,
    publisher_of,
    read_csv,
)
from vetanalysis.observations.territory import since_merger
from vetanalysis.periods import PERIOD
from vetanalysis.plan import Plan
from vetanalysis.plan.model import ADMINISTRATIVE

if TYPE_CHECKING:
    from vetanalysis.observations.series import Point

LISTS = (SOURCES_FILE, INDICATORS_FILE, PLACES_FILE, TARGETS_FILE)  # beside the tables of figures
ANNOUNCED = (
    *("unit", "period", "indicator", "value", "to", "measure", "base", "concept", "approximate", "derived"),
    *("source", "announced", "certainty", "pair", "result_source", "note"),
)


def load_published(folder: Path | str | None = None, plan: Plan | None = None) -> pd.DataFrame:
    """All published figures of a folder (None: the package's own) in the columns of the table, checked.

    Every `*.csv` but those that list sources, indicators, places and announced targets is a table of figures;
    `indicators.csv`, where the folder has it, says which must be there. `plan`: whose units, indicators, bases,
    concepts and levels are known, too. What is only doubtful is listed in `.attrs["findings"]`. Errors: DataRefused
    with every finding of every file; WrongCall when the folder does not exist or holds no table. The package's own are
    read once by a process, until a file of them changes.
    """
    if folder is None:
        return _own(_Own.now(plan)).copy(deep=False)
    return _of_folder(Path(folder), plan)


def _of_folder(root: Path, plan: Plan | None, own: bool = False) -> pd.DataFrame:
    if not root.is_dir():
        raise WrongCall(Said("calls.published_folder", folder=str(root)))
    files = sorted(path for path in root.glob("*.csv") if path.name not in LISTS)
    if not files:
        raise WrongCall(Said("calls.published_empty", folder=str(root)))
    return _load(files, plan, _missing_files(root, own))


@dataclass(frozen=True)
class _Own:
    """The package's own tables as they stand now (`files`: name, time and size), as a day and a plan see them."""

    root: Path
    files: tuple[tuple[str, int, int], ...]
    day: str
    known: str  # digest of the plan
    plan: Plan | None = field(compare=False)

    @classmethod
    def now(cls, plan: Plan | None) -> _Own:
        root = published_root()
        stats = [(path.name, path.stat()) for path in sorted(root.glob("*.csv"))]
        files = tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
        return cls(root, files, _today(), content_digest(plan), plan)


@lru_cache(maxsize=4)
def _own(asked: _Own) -> pd.DataFrame:
    return _of_folder(asked.root, asked.plan, own=True)


def load_published_file(path: Path | str, plan: Plan | None = None) -> pd.DataFrame:
    """One table of published figures, with the lists beside it and the package's own; see `load_published`."""
    return _load([Path(path)], plan, [])


def check_published_frame(
    frame: pd.DataFrame, plan: Plan | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Published figures that were brought as a frame, and everything that is wrong with them (`read_brought`)."""
    return read_brought(frame, plan, published=Published(load_places(), None, _today()))


def _missing_files(root: Path, own: bool) -> list[Finding]:
    """A finding for each table that the list of indicators names and the folder lacks; of ours each list, too."""
    lacking = [name for name in LISTS if own and not (root / name).is_file()]
    found = [
        finding(name, "", "missing-file", "observations.missing_file", folder=str(root)) for name in lacking
    ]
    path = root / INDICATORS_FILE
    tables = read_csv(path).get("tables", ()) if path.is_file() else ()
    for row, names in enumerate(tables, start=2):
        for name in filter(None, names.split("|")):
            if not (root / name).is_file():
                place, line = f"row {row}, tables", "observations.missing_table"
                found.append(finding(path.name, place, "missing-file", line, name=name))
    return found


def _load(files: list[Path], plan: Plan | None, findings: list[Finding]) -> pd.DataFrame:
    tables: dict[str, pd.DataFrame] = {}
    folder = files[0].parent
    published = Published(load_places(folder), frozenset(load_sources(folder).index), _today())
    for path in files:
        try:
            tables[path.name] = read_csv(path)
        except DataRefused as refused:
            findings.extend(refused.findings)
    frames = [] if findings else _sound(list(tables.values()), plan, published)
    for name, raw in {} if frames else tables.items():
        frame, found = read_brought(raw, plan, name, published=published)
        findings.extend(only_errors(found))
        frame.attrs["findings"] = LeftOut(found)
        frames.append(frame)
    if findings:
        raise DataRefused(findings)
    return combine(frames)


def _sound(tables: list[pd.DataFrame], plan: Plan | None, published: Published) -> list[pd.DataFrame]:
    """Tables of which nothing is to be said, read as one, which takes a part of the time; none where anything is.

    What each table has to have is looked for in each.
    """
    whole = [
        table for table in tables if table.columns.is_unique and not each_missing_column(table, STATED, "")
    ]
    if len(whole) < len(tables) or any(table.empty for table in tables):
        return []
    frame, found = read_brought(pd.concat(tables).fillna(""), plan, published=published)
    return [] if found else [frame]


def load_announced(folder: Path | str | None = None) -> pd.DataFrame:
    """The announced targets of a folder (None: the package's own), checked; without the table a frame without rows.

    `value` (and `to`, the upper end of a range, NaN where there is none) are in `measure`, `decimals` says how many are
    printed; `derived` is True where the target was worked out from a printed share of the plan; `announced` is the
    earliest day on which the source proves it ("" where undated). `pair` names targets whose result is known,
    `result_source` the source of that figure. DataRefused names every row with an unknown place, indicator or source, a
    value that is no number, a day that is none.
    """
    root = published_root() if folder is None else Path(folder)
    path = root / TARGETS_FILE
    if not path.is_file():
        return pd.DataFrame(columns=[*ANNOUNCED, "decimals"])
    return _announced(root, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _announced(root: Path, _stamp: int) -> pd.DataFrame:
    table = read_csv(root / TARGETS_FILE)
    findings = each_missing_column(table, ANNOUNCED, TARGETS_FILE) or _wrong(table, root)
    if findings:
        raise DataRefused(findings)
    decimals = table["value"].str.partition(".")[2].str.len()
    numbers = {name: pd.to_numeric(table[name]) for name in ("value", "to")}
    return table[list(ANNOUNCED)].assign(**numbers, derived=table["derived"] == "true", decimals=decimals)


def _wrong(table: pd.DataFrame, root: Path) -> list[Finding]:
    """What a row may not say, one finding a cell."""
    sources = set(load_sources(root).index)
    known = {
        "unit": load_places(root), "indicator": set(load_indicators().index), "source": sources,
        "result_source": {"", *sources}, "derived": set(ALLOWED["illustrative"]),
        "approximate": {"", *ALLOWED["approximate"]}, "certainty": set(ALLOWED["certainty"]),
    }  # fmt: skip
    wrong = {name: ~table[name].isin(words) for name, words in known.items()}
    numbers = {name: pd.to_numeric(table[name], errors="coerce").isna() for name in ("value", "to")}
    wrong |= {"value": numbers["value"], "to": numbers["to"] & (table["to"] != "")}
    wrong["period"] = ~table["period"].str.fullmatch(PERIOD)
    wrong["announced"] = (table["announced"] != "") & ~is_day(table["announced"])
    wrong["pair"] = (table["pair"] == "") & (table["result_source"] != "")
    return [
        finding(
            TARGETS_FILE, f"row {row + 2}, {name}", "announced-target", "observations.announced", value=cell
        )
        for name, bad in wrong.items()
        for row, cell in table.loc[bad.to_numpy(dtype=bool), name].items()
    ]


def _today() -> str:
    """The day on which published tables are read: only a warning or refusal of days ahead knows it, no figure."""
    return date.today().isoformat()


@dataclass(frozen=True, slots=True)
class DefinitionEffect:
    """What the 2021 labour-force definition alone does to the certified rate of one unit.

    `certified_workers` (persons) = `rate_then` x employed share x population of `year_then`;
    `implied_rate` (percent) = certified_workers / `labour_force` (persons, of `year_now`).
    """

    unit: str
    year_then: int
    rate_then: float
    certified_workers: float
    year_now: int
    labour_force: float
    implied_rate: float
    sources: tuple[str, ...]
    note: Said
    preliminary: bool = False  # of the labour force
    one_population_base: bool = True  # whether numerator and denominator are raised to the same census


#: What the effect of a definition is worked out from.
EFFECT_OF = ("certified_rate", "employed_share", "population", "labour_force")


def definition_effect(obs: pd.DataFrame, unit: str) -> DefinitionEffect | None:
    """The last certified numerator on the old definition over the first labour force on the new one.

    The numerator is our reconstruction (certified rate x employed share of the population x average
    population, all of the statistics office on ICLS-13); the denominator is the labour force on
    ICLS-19. It is an inference, not a published rate. None when one of the four is missing.
    """
    if obs.empty:
        return None
    here = obs[(obs["unit"] == unit) & obs["indicator"].isin(EFFECT_OF)]
    if here.empty:
        return None
    rows = latest_vintage(_yearly(here[are_totals(here)])).to_dict("records")

    def figures(indicator: str, concept: str = "") -> dict[int, dict[Hashable, Any]]:
        mine = (row for row in rows if row["indicator"] == indicator and concept in ("", row["concept"]))
        return {row["year"]: row for row in reversed([*mine])}  # the first of a year

    rate = figures("certified_rate", "ICLS-13")
    share, population = figures("employed_share", "ICLS-13"), figures("population")
    force = figures("labour_force", "ICLS-19")
    of_employed = {year for year, row in rate.items() if row["base"] == "employed"}
    then = of_employed & share.keys() & population.keys()
    if not then or not force:
        return None
    before, now = max(then), min(force)
    used = (rate[before], share[before], population[before], force[now])
    workers = used[0]["value"] / 100 * used[1]["value"] / 100 * used[2]["value"]
    preliminary = used[3]["status"] != "final"
    return DefinitionEffect(
        unit=unit,
        year_then=int(before),
        rate_then=float(used[0]["value"]),
        certified_workers=float(workers),
        year_now=now,
        labour_force=float(used[3]["value"]),
        implied_rate=float(100 * workers / used[3]["value"]),
        sources=tuple(dict.fromkeys(row["source"] for row in used)),
        preliminary=preliminary,
        one_population_base=_population_base(used[2]) == _population_base(used[3]),
        note=Said("observations.definition_effect", before=int(before), now=now, preliminary=preliminary),
    )


def _population_base(row: Mapping[Hashable, Any]) -> str:
    return str(load_sources()["population_base"].get(row["source"], ""))


class Rank(NamedTuple):
    """The place of a figure among those of the provinces, counted from the highest; alike figures share the better."""

    place: int
    places: int


FEWEST_PLACES = 10
_PROVINCE = r"\d{2}"  # its code: no country, no region, nothing below


def rank_among_provinces(obs: pd.DataFrame, indicator: str, unit: str, point: Point) -> Rank | None:
    """Where a province's figure of a whole year stands among those published of provinces on the same definition.

    What departments count is each their own and not compared. None for any other figure, and with fewer than
    `FEWEST_PLACES`.
    """
    if (
        point.concept == ADMINISTRATIVE
        or not re.fullmatch(_PROVINCE, unit)
        or not point.period.endswith("-FY")
    ):
        return None
    rows = obs[(obs["indicator"] == indicator) & (obs["period"] == point.period)]
    rows = rows[(rows["base"] == point.base) & (rows["concept"] == point.concept) & are_totals(rows)]
    rows = latest_vintage(rows[rows["unit"].str.fullmatch(_PROVINCE)])
    values = rows.drop_duplicates("unit", keep="last").set_index("unit")["value"]
    if len(values) < FEWEST_PLACES or unit not in values:
        return None
    return Rank(1 + int((values > values[unit]).sum()), len(values))


def observed_paces(obs: pd.DataFrame, indicator: str, years: int) -> pd.DataFrame:
    """How fast a rate moved elsewhere: every change over `years` years within one definition and territory.

    Provinces only (no country, no region), and what a statistics office counted: a department's own figures are not
    independent of its targets. A frame with unit, base, concept, publisher, start, end
    (years), points_per_year = (v1 - v0) / years in percentage points.
    Overlapping windows are all given; empty when none fits.
    """
    if years < 1:
        raise WrongCall(Said("calls.paces_years", given=str(years)))
    chosen = obs[(obs["indicator"] == indicator) & (obs["concept"] != ADMINISTRATIVE)]
    chosen = chosen[chosen["unit"].str.fullmatch(_PROVINCE)]
    table = latest_vintage(_yearly(chosen[are_totals(chosen)]))
    table = table[table["measure"] == "percent"]
    table = table.assign(publisher=publisher_of(table["source"]), since=since_merger(table))
    keys = ["unit", "base", "concept", "publisher"]
    table = table.drop_duplicates([*keys, "year"])[[*keys, "since", "year", "value"]]
    later = table.assign(year=table["year"] - years)
    pairs = table.merge(later, on=[*keys, "since", "year"], suffixes=("_start", "_end"))
    return pd.DataFrame(
        {
            **{key: pairs[key] for key in keys},
            "start": pairs["year"],
            "end": pairs["year"] + years,
            "points_per_year": (pairs["value_end"] - pairs["value_start"]) / years,
        }
    )


def _yearly(obs: pd.DataFrame) -> pd.DataFrame:
    chosen = obs[obs["period"].str.endswith("-FY") & obs["value"].notna()]
    return chosen.assign(year=chosen["period"].str[:4].astype(int))
