"""Findings in order, and as one table of all files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.errors import Finding

if TYPE_CHECKING:
    from vetanalysis.returns.versions import Version

SEVERITIES = ("error", "warning", "info")
FINDING_COLUMNS = (
    "severity", "file", "sheet", "cell", "rule", "found_vi", "found_en", "remedy_vi", "remedy_en", "unit", "period",
    "state", "settled",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by file, sheet and cell (B9 before B10); what was found twice once."""
    unique = dict.fromkeys(findings)
    return tuple(
        sorted(
            unique, key=lambda one: (SEVERITIES.index(one.severity), one.file, one.sheet, _cell(one.place))
        )
    )


def _cell(place: str) -> tuple[int, str, int, str]:
    match = re.match(r"([A-Z]{1,3})(\d+)$", place)
    return (len(match[1]), match[1], int(match[2]), "") if match else (9, "", 0, place)


def findings_frame(findings: Sequence[Finding], versions: Sequence[Version]) -> pd.DataFrame:
    """Findings as a table (`FINDING_COLUMNS`), text but for `settled`, which is true where a later file of the
    unit counts; `unit`, `period` and `state` are those of the file.
    """
    of_file = {
        one.reading.file: (one.reading.unit, one.reading.period, one.state, one.settled) for one in versions
    }
    rows = [
        (
            one.severity, one.file, one.sheet, one.place, one.rule, one.found.vi, one.found.en, one.remedy.vi,
            one.remedy.en, *of_file.get(one.file, ("", "", "", False)),
        )
        for one in findings
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    return frame.astype({name: "bool" if name == "settled" else "str" for name in FINDING_COLUMNS})


def inert_csv(frame: pd.DataFrame) -> str:
    """A table as CSV that a spreadsheet shows and never obeys: a cell that would be a formula gets an apostrophe."""
    safe = frame.copy(deep=True)
    for name in safe.columns:
        if safe[name].dtype == "str" or safe[name].dtype == object:
            safe[name] = [inert_cell(value) for value in safe[name]]
    return safe.to_csv(index=False, lineterminator="\n")


def inert_cell(value: object) -> object:
    """A text that begins like a formula behind an apostrophe, on one line; anything else as it is."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split()) if any(sign in value for sign in "\r\n\t") else value
    start = text.lstrip()[:1]
    return f"'{text}" if start and start in _FORMULA_STARTS and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?", text))
