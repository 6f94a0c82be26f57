"""Announced targets of places beside the figures published for them later: the table `targets.csv`.

A target is no observation: it stands in a table of its own, and names by `result_source` the published figure (same
place, period and indicator) that came of it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vetanalysis.checks import finding
from vetanalysis.errors import DataRefused, Finding
from vetanalysis.observations.checks import ALLOWED, each_missing_column, is_day
from vetanalysis.observations.table import (
    TARGETS_FILE,
    load_indicators,
    load_places,
    load_sources,
    published_root,
    read_csv,
)
from vetanalysis.periods import PERIOD

RULE = "announced-target"
COLUMNS = (
    *("unit", "period", "indicator", "value", "to", "measure", "base", "concept", "approximate", "derived"),
    *("source", "announced", "certainty", "pair", "result_source", "note"),
)


def load_announced(folder: Path | str | None = None) -> pd.DataFrame:
    """The announced targets of a folder (None: the package's own), checked; without the table a frame without rows.

    `value` (and `to`, the upper end of a range, NaN where there is none) are in `measure`, `decimals` says how many are
    printed; `derived` is True where the target was worked out from a printed share of the plan; `announced` is the
    earliest day on which the source proves it ("" where undated). `pair` names targets whose result is known,
    `result_source` the source of that figure. DataRefused names every row with an unknown place, indicator or source, a
    value that is no number, a day that is none.
    """
    root = published_root() if folder is None else Path(folder)
    if not (root / TARGETS_FILE).is_file():
        return pd.DataFrame(columns=[*COLUMNS, "decimals"])
    table = read_csv(root / TARGETS_FILE)
    findings = each_missing_column(table, COLUMNS, TARGETS_FILE) or _wrong(table, root)
    if findings:
        raise DataRefused(findings)
    decimals = table["value"].str.partition(".")[2].str.len()
    numbers = {name: pd.to_numeric(table[name]) for name in ("value", "to")}
    return table[list(COLUMNS)].assign(**numbers, derived=table["derived"] == "true", decimals=decimals)


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
            TARGETS_FILE, f"row {row + 2}, {name}", RULE, "observations.announced", value=table.at[row, name]
        )
        for name, bad in wrong.items()
        for row in bad.to_numpy().nonzero()[0]
    ]
