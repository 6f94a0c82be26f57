"""One door for tables that somebody brings: header, numbers, rows; every table of figures passes it the same way.

A file given by name, a file among the returns, a frame and a published table are first read here. A column is known
by its name whatever the capitals; one that cannot be a column of the observations is told, and refused where leaving
it out would make a part look like the whole.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import finding, given_twice, nearest, number_in
from vetanalysis.errors import Finding
from vetanalysis.observations.between_rows import Published, check_between_rows, check_published
from vetanalysis.observations.checks import (
    ALLOWED,
    BREAKDOWNS,
    COLUMNS,
    OBLIGATORY,
    STATED,
    Sheet,
    as_text,
    check_rows,
    each_missing_column,
    only_errors,
)
from vetanalysis.observations.listed import (
    alone_or_whole,
    months_of_quarters,
    other_measures,
    unknown_names,
    unlisted_words,
    window_ends,
)
from vetanalysis.observations.notation import numbers_in
from vetanalysis.observations.table import (
    PLACES_FILE,
    SOURCES_FILE,
    is_typed,
    load_indicators,
    measures_of,
    normalise,
)
from vetanalysis.plan import Plan
from vetanalysis.plan.catalogue import PARTS

_LANGUAGES = ("vi", "en")
_ASIDE = ("note", "source", "certainty")  # columns without which a figure means the same
_NEAR = 0.75
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_NUMBERS = ("value", "standard_error")


def read_brought(
    raw: pd.DataFrame,
    plan: Plan | None = None,
    file: str = "",
    *,
    published: Published | None = None,
) -> tuple[pd.DataFrame, list[Finding]]:
    """The figures of a table as somebody brings it, in `COLUMNS`, and everything that is wrong with it.

    `raw`: cells as written (text or numbers), or a frame that is already in the types of the table. `plan`:
    whose units, indicators, levels, groups, bases and concepts are known, besides those of the published
    tables. `file`: the name shown; its header is row 1. `published`: see `check_observations`. Where a
    finding is an error the figures must not be used (the frame is then as far as it could be read).
    """
    options: dict[str, Any] = {"indicators": known_measures(plan), "published": published}
    stated = published is not None and published.sources is not None
    if is_typed(raw):
        repaired = normalise(raw, plan) if plan is not None else raw
        found = check_observations(repaired, plan, file, **options)
        return raw.assign(unit=repaired["unit"].to_numpy(), period=repaired["period"].to_numpy()), found
    frame, found = known_columns(raw, plan, file)
    if only_errors(found):
        return frame, found
    if not set(OBLIGATORY) <= set(frame.columns):
        return frame, [*found, *check_observations(frame, plan, file, **options)]
    if frame.empty:
        return frame, [*found, finding(file, "row 2" if file else "", "no-rows", "observations.no_rows")]
    frame = frame.reset_index(drop=True)
    frame = frame if stated else _with_days(frame, plan is None or plan.in_viet_nam)
    frame, doubtful = _with_numbers(frame, measures_of(frame, plan), file, "," if stated else "")
    filled = normalise(frame, plan)
    told = frame.assign(unit=filled["unit"], period=filled["period"])
    if not stated:  # what a table of somebody's own leaves out is what its indicators say
        told = told.assign(measure=filled["measure"], basis=filled["basis"])
    return filled, [*found, *doubtful, *check_observations(told, plan, file, **options)]


def check_observations(
    frame: pd.DataFrame,
    plan: Plan | None = None,
    file: str = "",
    *,
    indicators: Mapping[str, Collection[str]] | None = None,
    published: Published | None = None,
) -> list[Finding]:
    """Everything that is wrong with a table of observations; an empty list when nothing is.

    `frame`: raw (as read, all text) or typed. `plan`: where given, every unit must be one of `plan.units` and
    levels, groups and sources of money must be those it lists. `indicators`: known ids with the measures of
    each; None leaves them unchecked. `published` holds the table to the rules of `data/published`: units may
    be its places, too, figures are held against others of their kind, and a file has all columns but
    `OPTIONAL`, no blank value, source, base, concept, status and certainty stated. Elsewhere a blank value
    is "not reported" and passes. `file` is the name shown; rows are counted as in the file (the header is
    row 1).
    """
    stated = published is not None and published.sources is not None
    problems = each_missing_column(frame, STATED if stated else OBLIGATORY, file)
    if any(name not in frame.columns for name in OBLIGATORY):
        return problems  # without the key columns every further finding would only repeat this one
    sheet = Sheet(frame, file)
    units: Collection[str] | None = set(map(str, plan.units["code"])) if plan is not None else None
    problems += [*check_rows(sheet, stated), *check_between_rows(sheet)]
    if published is None:
        for of_calendar in (months_of_quarters, alone_or_whole, window_ends):
            problems += of_calendar(sheet, plan)
    else:
        units = published.places.union(units or ())
        problems += check_published(sheet, plan, published.today)
    sources = published.sources if published else None
    known = {"unit": units, "indicator": indicators, "source": sources}
    problems += unknown_names(sheet, known, {"unit": PLACES_FILE, "source": SOURCES_FILE} if stated else {})
    problems += unlisted_words(sheet, plan, closed=published is None)
    if indicators is not None:
        problems += other_measures(sheet, indicators)
    return problems


def known_measures(plan: Plan | None) -> Mapping[str, frozenset[str]] | None:
    """Every indicator that figures may be of, with the measures it has; None where no list is at hand.

    Those of the plan, of the published tables and the parts that indicators are computed from.
    """
    own = getattr(plan, "indicators", None)
    if plan is not None and own is None:
        return None
    known = {name: {word} for name, word in load_indicators()["measure"].items()}
    for name, (measure, _) in PARTS.items():
        known.setdefault(name, set()).add(measure)
    if own is not None:
        for name, words in zip(own["id"], own["measure"], strict=True):
            known.setdefault(name, set()).update(words.split("|"))
    return {name: frozenset(measures - {""}) for name, measures in known.items()} or None


def known_columns(
    raw: pd.DataFrame, plan: Plan | None = None, file: str = ""
) -> tuple[pd.DataFrame, list[Finding]]:
    """The columns of the observations that a table has, by their own names, and what is to be said of its header."""
    found: list[Finding] = []
    kept: dict[int, str] = {}
    for number, given in enumerate(map(str, raw.columns)):
        name = "_".join(given.split()).casefold()
        if name in COLUMNS:
            kept[number] = name
            if given != name:
                found.append(_told(file, given, "column-name", "column_name", severity="warning", near=name))
        else:
            found += _unknown(given, raw.iloc[:, number], tuple(map(str, raw.columns)), plan, file)
    found += [_told(file, name, "column-twice", "column_twice") for name in given_twice(kept.values())]
    frame = raw.iloc[:, list(kept)].set_axis(list(kept.values()), axis=1)
    frame.attrs = dict(raw.attrs)
    return frame, found


def _unknown(
    given: str, cells: pd.Series, names: Collection[str], plan: Plan | None, file: str
) -> Iterator[Finding]:
    """What to say of a column that is none of the observations': an empty one without a name is silent."""
    text = as_text(cells)
    if not given.strip() and (text == "").all():
        return
    plain, names = _plain(given), {_plain(name) for name in names}
    near = nearest(plain, COLUMNS, _NEAR)
    if near and plain.startswith(f"{near}_") and near in names:
        near = None  # a label beside a code: unit_name beside unit
    if near is None:
        near = _breakdown_of(set(text.str.casefold()), plan)
    if near and near not in _ASIDE:
        yield _told(file, given, "column-misspelt", "column_misspelt", near=near)
    else:
        yield _told(
            file, given, "column-unknown", "column_unknown", severity="warning", near=near, known=COLUMNS
        )


def _told(file: str, name: str, rule: str, line: str, *, severity: str = "error", **facts: Any) -> Finding:
    place = f"row 1, {name}" if file else name
    return finding(file, place, rule, f"observations.{line}", severity=severity, name=name, **facts)


def _plain(word: str) -> str:
    """A word without capitals and accents."""
    marked = unicodedata.normalize("NFD", "_".join(word.split()).casefold())
    return "".join(sign for sign in marked if not unicodedata.combining(sign))


def _breakdown_of(words: set[str], plan: Plan | None) -> str | None:
    """The breakdown that a column's cells name, by code or in words of either language; None where they name none."""
    for column in BREAKDOWNS:
        codes = set(ALLOWED.get(column, ()))
        spoken = {Said(f"names.{column}.{code}").get(lang) for code in codes for lang in _LANGUAGES}
        for one in getattr(plan, {"level": "levels", "group": "groups"}.get(column, ""), ()):
            spoken |= {one.id, *(one.name.get(lang) for lang in _LANGUAGES)}
        if words & {word.casefold() for word in codes | spoken}:
            return column
    return None


def _with_days(frame: pd.DataFrame, day_first: bool) -> pd.DataFrame:
    """The table with its days as ISO days: those that a workbook holds as days, and 15/09/2023 where one writes so."""
    for column in ("vintage", "window_end"):
        if column in frame.columns:
            days = [_day(cell, day_first) for cell in frame[column]]
            frame = frame.assign(**{column: pd.Series(days, index=frame.index, dtype=object)})
    return frame


def _day(cell: object, day_first: bool) -> object:
    """A cell as an ISO day; as it is where it holds no day."""
    if isinstance(cell, date) and not pd.isna(cell):  # type: ignore[call-overload]
        return cell.isoformat()[:10]
    found = _DAY_FIRST.fullmatch(cell.strip()) if isinstance(cell, str) and day_first else None
    if found:
        with contextlib.suppress(ValueError):
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    return cell


def _with_numbers(
    frame: pd.DataFrame, measures: pd.Series, file: str, never: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with its numbers as the one rule of `notation` reads them; a finding for each of two readings.

    A text that holds `never` (published tables have no decimal comma) stays as it is.
    """
    found: list[Finding] = []
    for column in _NUMBERS:
        if column not in frame.columns or pd.api.types.is_numeric_dtype(frame[column].dtype):
            continue
        cells, settled = frame[column].tolist(), []
        for row, (cell, measure) in enumerate(zip(cells, measures, strict=True)):
            text = isinstance(cell, str) and not (never and never in cell)
            read = numbers_in(cell, measure) if text else ()
            settled.append(repr(read[0]) if read and number_in(cell) != read[0] else cell)
            if len(read) == 2:
                place = f"row {row + (2 if file else 1)}, {column}"
                decimal, whole = (f"{one:.15g}" for one in read)
                line = "observations.two_ways"
                found.append(
                    finding(file, place, "two-ways", line, value=cell.strip(), decimal=decimal, whole=whole)
                )
        frame = frame.assign(**{column: pd.Series(settled, index=frame.index, dtype=object)})
    return frame, found
