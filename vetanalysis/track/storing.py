"""The record written to the package's table, from where `assessment.record` reads it."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.assessment.record import NAME, stored
from vetanalysis.track.record import TrackRecord


def store(record: TrackRecord, plan: str, day: str, path: Path | None = None) -> Path:
    """Write the record to the package's table (or `path`); other plans' parts stay. Returns the file written."""
    target = Path(str(files("vetanalysis.assessment").joinpath(NAME))) if path is None else path
    before = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else {}
    kinds = {kind: rows.drop(columns="kind") for kind, rows in record.reliability.groupby("kind")}
    people = dict(before.get("people", {}))
    if len(record.in_year) and record.in_year["came"].notna().any():
        due = record.in_year[record.in_year["came"].notna()]
        people[plan] = {
            "about": {
                "years": sorted({int(year) for year in due["year"]}),
                "units": int(due["unit"].nunique()),
                "statements": len(due),
                "illustrative": bool(due["illustrative"].any()),
                "known": record.about["people_known"],
            },
            "reliability": _rows(kinds["people"]),
            "coverage": _rows(record.coverage[record.coverage["kind"] == "people"].drop(columns="kind")),
            "scores": _rows(record.people),
        }
    rates = before.get("rates", {})
    if record.about["statements"]:
        rates = {
            "about": {key: value for key, value in record.about.items() if key != "people_known"},
            "reliability": _rows(kinds["rate"]),
            "coverage": _rows(record.coverage[record.coverage["kind"] == "rate"].drop(columns="kind")),
            "scores": _rows(record.rates),
        }
    content = {
        "made": day,
        "how": "vetanalysis track-record PLAN --store --date DAY",
        "rates": rates,
        "people": people,
    }
    target.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    stored.cache_clear()
    return target


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 4)
    return value
