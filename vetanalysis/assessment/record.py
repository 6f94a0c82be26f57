"""The stored track record of the package, read so that a report can print it without computing it anew.

`vetanalysis track-record PLAN --store --date DAY` writes it: the part on rates from published figures, and
the part on the people of that plan (`track.record.store`). Nothing else changes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from vetanalysis.assessment.evidence import ICD203
from vetanalysis.blocks import Said
from vetanalysis.language.chances import status_name

NAME = "record.json"
MARK = "(†)"  # behind a chance whose word did not hold what came, told in one note under the table
LEVELS_HELD = (0.8, 0.95)
Past = tuple[int, int, float]  # earlier statements in one word: said, came true, mean probability stated


@cache
def stored() -> dict[str, Any]:
    """The stored record: `made` (day), `how`, `rates` and `people` (by plan); empty parts where nothing is stored."""
    place = files("vetanalysis.assessment").joinpath(NAME)
    if not place.is_file():
        return {"made": "", "rates": {}, "people": {}}
    return json.loads(place.read_text(encoding="utf-8"))


def statement_record(
    status: str, kind: str = "rate", plan: str = "", *, known_by: str = ""
) -> tuple[int, int] | None:
    """(said, came) of past statements with this status; None where no record is stored.

    `kind` "rate": provinces and country; "people": the statements within past years of the plan named. `known_by`: ISO
    day; None where the record rests on figures that were not known by then.
    """
    row = _words(status, kind, plan, known_by)
    return None if row is None else (int(row["said"]), int(row["came"]))


def statement_band(
    status: str, kind: str = "rate", plan: str = "", *, known_by: str = ""
) -> tuple[float, float, float] | None:
    """(mean probability stated, lower, upper 95 % binomial limit of the share that should come true), as shares.

    None where `statement_record` is None or nothing was said.
    """
    row = _words(status, kind, plan, known_by)
    return None if row is None or not row["said"] else (row["stated"], row["low"], row["high"])


def not_held(status: str, kind: str, plan: str, *, known_by: str) -> Past | None:
    """What became of past statements with this status, where the word did not hold.

    The share that came true lies outside the word's own band and outside the binomial limits of what was stated; None
    where it does not. Arguments as in `statement_record`.
    """
    row = _words(status, kind, plan, known_by)
    place = next((place for place, band in enumerate(ICD203) if band.status == status), None)
    if row is None or place is None or not row["said"]:
        return None
    low, high = ICD203[place].lower, ICD203[place - 1].lower if place else 1.0
    allowed = min(low, row["low"]) <= row["share"] <= max(high, row["high"])
    return None if allowed else (int(row["said"]), int(row["came"]), float(row["stated"]))


def words_not_held(kind: str, plan: str, *, known_by: str) -> dict[str, Past]:
    """The same of every word that did not hold, by status."""
    found = {band.status: not_held(band.status, kind, plan, known_by=known_by) for band in ICD203}
    return {status: past for status, past in found.items() if past is not None}


def came(past: Past | None) -> Said | str:
    """What stands beside a word where no note tells it; nothing where the word held."""
    return Said("targets.past.short", share=100 * past[1] / past[0]) if past else ""


def notes(held: Mapping[str, Past]) -> tuple[Said, ...]:
    """What the mark says under a table: by status what came of each word, what was stated and which way it erred.

    One line of the words whose chances were too low, one of those whose were too high.
    """
    sides: dict[str, list[Said]] = {"low": [], "high": []}
    for status, (said, true, stated) in held.items():
        told = sides["low" if true / said > stated else "high"]
        told.append(
            Said(
                "targets.past.word",
                words=status_name(status),
                share=100 * true / said,
                stated=100 * stated,
                first=not told,
            )
        )
    return tuple(
        Said(f"targets.past.note.{side}", mark=MARK, told=tuple(told)) for side, told in sides.items() if told
    )


def _words(status: str, kind: str, plan: str, known_by: str) -> Mapping[str, Any] | None:
    part = _part(kind, plan)
    if not part or (known_by and known_by < part["about"]["known"]):
        return None
    return next((row for row in part["reliability"] if row["status"] == status), None)


def about(kind: str = "rate", plan: str = "") -> Mapping[str, Any]:
    """What the stored record is about: indicator, places, origins, or years and units; empty where none is stored."""
    part = _part(kind, plan)
    return part["about"] if part else {}


def _part(kind: str, plan: str) -> dict[str, Any]:
    return stored()["rates"] if kind == "rate" else stored()["people"].get(plan, {})


def backtest_inside(indicator: str, concept: str, horizon: int, *, known_by: str = "") -> bool | None:
    """Whether the 80 and 95 % ranges held what came as often as they should, for `evidence_grade`.

    True where both shares lie in their binomial bands at this horizon (years ahead), False where one does not,
    None where nothing was tested: another indicator, figures of an administration instead of a survey, a
    horizon beyond the record, or figures that were not known by the ISO day `known_by`.
    """
    part = stored()["rates"]
    if not part or part["about"]["indicator"] != indicator or concept == "administrative":
        return None
    if known_by and known_by < part["about"]["known"]:
        return None
    rows = [
        row
        for row in part["coverage"]
        if row["horizon"] == horizon and horizon and row["level"] in LEVELS_HELD
    ]
    return all(row["within"] for row in rows) if rows else None
