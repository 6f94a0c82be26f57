"""A return while it is being read: figures, missing figures, texts and findings, collected and never dropped."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import COLUMNS
from vetanalysis.returns.cells import Grid
from vetanalysis.returns.names import compose, compose_lines
from vetanalysis.returns.numbers import MISSING, UNREADABLE, Number, parse_number
from vetanalysis.returns.ooxml import Place, address
from vetanalysis.returns.quantity_words import measure_text
from vetanalysis.returns.rules import found

MISSING_COLUMNS = ("unit", "period", "indicator", "level", "sex", "group", "residence", "trade", "fund_source",
                   "channel", "measure", "basis", "source", "mark")  # fmt: skip
_CITIZEN_NUMBER = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")
_CONVERSIONS = {
    "thousand_persons": ("persons", 1000.0),
    "billion_dong": ("million_dong", 1000.0),
    "thousand_dong": ("million_dong", 0.001),
    "dong": ("million_dong", 0.000001),
}
_UNIT_WORDS = {
    "nguoi": "persons", "hoc vien": "persons", "luot": "enrolments", "luot nguoi": "enrolments",
    "dong": "million_dong", "lop": "classes", "ho": "households",
}  # fmt: skip


@dataclass
class Draft:
    """What was understood of one file so far; `lang` is the notation that settles doubtful numbers."""

    file: str
    lang: str = "vi"
    rows: list[dict[str, object]] = field(default_factory=list)
    missing: list[dict[str, object]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    unknown_names: list[str] = field(default_factory=list)

    def note(
        self, rule: str, what: Text, grid: Grid | None = None, place: Place | str = "", **kw: str
    ) -> None:
        """Add a finding of a rule at a place of a sheet."""
        where = place if isinstance(place, str) else address(place)
        self.findings.append(found(rule, self.file, where, what, sheet=grid.name if grid else "", **kw))

    def source(self, grid: Grid, place: Place) -> str:
        """`file!sheet!cell`."""
        return f"{self.file}!{grid.name}!{address(place)}"

    def number(self, grid: Grid, place: Place, measure: str) -> Number | None:
        """The number in a cell, with everything worth saying about it said; None when it cannot be used."""
        if place in grid.refused:
            return None
        raw = grid.at(*place)
        if raw == "" and place in grid.structure.unstored:
            what = Text("công thức chưa có giá trị", "a formula without a stored value")
            self.note("formula-no-value", what, grid, place)
            return None
        number = parse_number(raw, lang=self.lang, measure=measure)
        if number.state == UNREADABLE:
            shown = "***" if _CITIZEN_NUMBER.search(str(raw)) else compose(str(raw))[:60]
            what = Text(f"không hiểu: “{shown}”", f'not understood: "{shown}"')
            self.note("not-understood", what, grid, place)
            return None
        if number.state == MISSING:
            return number
        percent_shown = number.percent or place in grid.structure.percent
        stated = _UNIT_WORDS.get(number.unit, "")
        if (percent_shown and measure not in ("percent", "percentage_points", "")) or (
            stated and measure and not _agrees(stated, measure)
        ):
            formatted = percent_shown and not number.percent and isinstance(raw, (int, float))
            shown = f"{raw * 100:g}%" if formatted else compose(str(raw))[:40]
            wanted = measure_text(measure)
            what = Text(
                f"“{shown}” không theo đơn vị tính của cột ({wanted.vi})",
                f'"{shown}" is not in the unit of measure of the column ({wanted.en})',
            )
            self.note("measure-mismatch", what, grid, place)
            return None
        if number.guess:
            self.note("number-doubtful" if number.doubtful else "number-guess", number.guess, grid, place)
        if number.note:
            note = number.note[:80]
            self.note(
                "note-in-cell", Text(f"ghi chú trong ô: {note}", f"note in the cell: {note}"), grid, place
            )
        return number

    def figure(self, grid: Grid, place: Place, meaning: Mapping[str, object]) -> float | None:
        """Read one cell as the figure `meaning` describes (columns of the observations); its value, or None.

        `meaning["measure"]` may be one that is converted (nghìn người, tỷ đồng). A missing figure goes to
        `missing` with the mark that stood there, never to the observations.
        """
        stated = str(meaning.get("measure") or "")
        measure, factor = _CONVERSIONS.get(stated, (stated, 1.0))
        number = self.number(grid, place, measure if factor == 1 else "")
        if number is None:
            return None
        source = self.source(grid, place)
        if number.state == MISSING:
            self.missing.append({**meaning, "measure": measure, "source": source, "mark": number.note})
            return None
        value = number.value * factor
        if place in grid.structure.percent and isinstance(grid.at(*place), (int, float)):
            value = round(value * 100, 10)
        row = {
            **meaning,
            "value": round(value, 6) if factor != 1 else value,
            "measure": measure,
            "source": source,
        }
        if number.estimate:
            row["status"] = "estimate"
        if number.note:
            row["note"] = number.note[:200]
        self.rows.append(row)
        return float(row["value"])

    def text(self, grid: Grid, place: Place) -> str:
        """A person's words in a cell, without citizen numbers (they are refused, not kept)."""
        raw = grid.at(*place)
        words = compose_lines(raw) if isinstance(raw, str) else "" if raw is None else str(raw)
        if _CITIZEN_NUMBER.search(words) and re.search(r"\d{12}", words):
            what = Text("có số định danh cá nhân trong lời giải trình", "a citizen number within the words")
            self.note("identity-number", what, grid, place)
            words = re.sub(r"\d{12}", "***", words)
        return words

    def observations(self) -> pd.DataFrame:
        """The figures in the columns of the observations; texts are "", `illustrative` is boolean."""
        return frame_of(self.rows)

    def missing_frame(self) -> pd.DataFrame:
        """The figures that were asked for and not given, with the mark that stood there."""
        return pd.DataFrame(
            [[row.get(name, "") for name in MISSING_COLUMNS] for row in self.missing],
            columns=list(MISSING_COLUMNS), dtype="str",
        )  # fmt: skip


def frame_of(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows as a frame of observations; what a row does not say is ""."""
    columns: dict[str, pd.Series] = {}
    for name in COLUMNS:
        if name == "value":
            columns[name] = pd.Series([row["value"] for row in rows], dtype="float64")
        elif name == "standard_error":
            columns[name] = pd.Series([math.nan] * len(rows), dtype="float64")
        elif name == "illustrative":
            columns[name] = pd.Series([bool(row.get(name, False)) for row in rows], dtype="bool")
        else:
            columns[name] = pd.Series([row.get(name, "") for row in rows], dtype="str")
    return pd.DataFrame(columns)


def _agrees(stated: str, measure: str) -> bool:
    """Whether the words beside a number fit the measure of its column; "lượt" is no number of people."""
    if stated == "enrolments":
        return measure in ("enrolments", "attendances")
    if stated == "million_dong":
        return measure.startswith("million_dong")
    return stated == measure
