"""Tables that stand beside the figures: CSV read as text, and the sources and indicators of published figures."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import refused
from vetanalysis.errors import DataRefused, WrongCall
from vetanalysis.observations.checks import each_missing_column
from vetanalysis.paths import data_root

SOURCES_FILE = "sources.csv"
INDICATORS_FILE = "indicators.csv"
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
    own = _sources(published_root() / SOURCES_FILE)
    if folder is None or not (Path(folder) / SOURCES_FILE).exists():
        return own
    added = _sources(Path(folder) / SOURCES_FILE)
    return pd.concat([own[~own.index.isin(added.index)], added])


@lru_cache(maxsize=8)
def _read_sources(path: Path, _stamp: int) -> pd.DataFrame:
    frame = read_csv(path)
    findings = each_missing_column(frame, SOURCE_COLUMNS, path.name)
    if findings:
        raise DataRefused(findings)
    return frame[list(SOURCE_COLUMNS)].set_index("source_id")


def _sources(path: Path) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame(columns=list(SOURCE_COLUMNS), dtype="str").set_index("source_id")
    return _read_sources(path, path.stat().st_mtime_ns).copy()


def load_indicators() -> pd.DataFrame:
    """The indicators of the published tables: index `indicator`; measure, basis, meaning_vi, meaning_en."""
    path = published_root() / INDICATORS_FILE
    if not path.exists():
        return pd.DataFrame(columns=["measure", "basis", "meaning_vi", "meaning_en"], dtype="str")
    return _read_indicators(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read_indicators(path: Path, _stamp: int) -> pd.DataFrame:
    return read_csv(path).set_index("indicator")


def read_csv(path: Path) -> pd.DataFrame:
    """A CSV file as text, every cell as written; DataRefused names the file and what to do."""
    try:
        mark = _separator(path)
        table = pd.read_csv(
            path, dtype="str", keep_default_na=False, encoding="utf-8-sig", on_bad_lines="error", sep=mark
        )
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
    if "value" not in table.columns:
        return table
    commas = table["value"].str.fullmatch(r"\s*\d+,\d{1,2}\s*")
    if not commas.any() or table["value"].str.contains(".", regex=False).any():
        return table
    return table.assign(value=table["value"].mask(commas, table["value"].str.replace(",", ".")))
