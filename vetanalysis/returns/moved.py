"""Figures that stand beside their cells: pasted a column to the right or a row down, two columns or rows swapped.

What a unit reported before says how large its figures are beside each other: how many of its learners are women, which
level has most. Where the figures of a sheet fit that far better one cell further, they were moved there. Columns are
compared within each row, since levels grow at their own times of the year; rows within the whole sheet, with more room.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from vetanalysis.blocks import Said
from vetanalysis.errors import Finding
from vetanalysis.periods import find_cutoff
from vetanalysis.returns.findings import finding_of
from vetanalysis.returns.form_layout import START_STOCK
from vetanalysis.returns.key import Key, Place, address, letters, place_of, sheet_and_cell
from vetanalysis.returns.readings import Reading

MOVED = "moved-figures"
REPEATED = 10  # figures that must be the same to the digit
_FEWEST = 4  # figures that must have moved together
_GAIN = 8.0  # how much better they must fit (twice the log of a likelihood ratio)
_GAIN_ROWS_SWAPPED = 16.0  # two levels may well change places within a year
_CERTAIN = 16.0
_FITS = 1.5  # how well, per figure, they must fit where they belong
_ROOM = 0.75  # of that gain must be in the figures moved, before the others are fitted again
_CAP = 9.0  # no single figure says more than this
_SPREAD = 0.25  # how far a share usually moves between periods (on the log scale)
_SPREAD_OF_ROWS = 0.6
_MOST_SWAPPED = 12  # columns or rows of which pairs are tried


@dataclass
class Sheet:
    """What one sheet asks, and the figures given, by place."""

    keys: dict[Place, Key] = field(default_factory=dict)
    values: dict[Place, float] = field(default_factory=dict)


Earlier = Mapping[Place, float]  # what an earlier return says of the quantities that a sheet asks, by place
Pair = tuple[Place, float, float]  # where, the figure, what was reported before


class _Move(NamedTuple):
    """`belongs`: where a figure stands to where it belongs; `across`: columns changed, not rows."""

    said: Said
    belongs: Mapping[Place, Place]
    across: bool
    least: float


def sheets_of(reading: Reading) -> dict[str, Sheet]:
    """The sheets of a return by name, with what they ask and what was given; keys leave unit and period empty.

    Of a form for past years only what it says of its whole year; a sheet that asks one thing twice (for several units)
    is left out, since its rows cannot be told apart.
    """
    sheets: dict[str, Sheet] = {}
    for columns in (reading.columns, reading.missing):
        of_key = zip(*(columns[name] for name in _OF_KEY), strict=True)
        given = columns.get("value", [])
        ends = {period: find_cutoff(period) for period in set(columns["period"])}
        within = {period for period, one in ends.items() if str(one.end if one else period) != reading.period}
        for number, (what, source) in enumerate(zip(of_key, columns["source"], strict=True)):
            if columns["period"][number] in within:
                continue
            name, cell = sheet_and_cell(source)
            place = place_of(cell)
            if place is not None:
                sheet = sheets.setdefault(name, Sheet())
                sheet.keys[place] = Key(*what)
                if given:
                    sheet.values[place] = float(given[number])
    return {name: one for name, one in sheets.items() if len({*one.keys.values()}) == len(one.keys)}


_OF_KEY = Key._fields[: Key._fields.index("basis") + 1]


def figures_of_sheets(sheets: Mapping[str, Sheet]) -> dict[Key, float]:
    """The figures of all sheets by key; what was asked and left blank is 0, since only sizes are compared."""
    return {
        key: sheet.values.get(place, 0.0) for sheet in sheets.values() for place, key in sheet.keys.items()
    }


def typed_figures(sheets: Mapping[str, Sheet]) -> dict[Key, float]:
    """The figures other than 0 that somebody typed into sheets, by key; not what the form brings filled in."""
    given = (
        (sheet.keys[at], value) for sheet in sheets.values() for at, value in sheet.values.items() if value
    )
    return {key: value for key, value in given if key.indicator != START_STOCK}


def same_figures(figures: Mapping[Key, float], before: Mapping[Key, float]) -> int:
    """How many figures of a return are those of one before to the digit: enough, and all that both have; else 0."""
    alike = figures.keys() & before.keys()
    enough = len(alike) >= max(REPEATED, len(figures) / 2)
    return len(alike) if enough and all(figures[key] == before[key] for key in alike) else 0


def moved(
    file: str, sheets: Mapping[str, Sheet], earlier: Sequence[Mapping[Key, float]]
) -> Iterator[Finding]:
    """A finding for each sheet whose figures fit `earlier` (by key, one mapping per return) far better elsewhere."""
    for name, sheet in sheets.items():
        best: tuple[float, _Move, list[Place]] | None = None
        before = [{place: ref[key] for place, key in sheet.keys.items() if key in ref} for ref in earlier]
        for move in _worth_trying(sheet, before):
            gain, places = _gain(move, sheet, before)
            if gain >= move.least and (best is None or gain > best[0]):
                best = gain, move, places
        if best is not None:
            gain, move, places = best
            first, last = address(min(places)), address(max(places))
            what = Said("returns.moved", count=len(places), first=first, last=last, move=move.said)
            severity = "" if gain >= _CERTAIN else "warning"
            yield finding_of(MOVED, file, first, what, sheet=name, severity=severity)


def _worth_trying(sheet: Sheet, earlier: Sequence[Earlier]) -> Iterator[_Move]:
    """The moves of figures that, as they stand, do not fit the earlier return that the sheet fits best."""
    as_they_stand = {place: place for place in sheet.values}
    known = [pairs for ref in earlier if len(pairs := _pairs(sheet, ref, as_they_stand)) >= _FEWEST]
    for across in (True, False) if known else ():
        off = _least_misfits(known, across)
        if off is None:
            continue
        for move in _moves(sheet, across):
            changed = (off.get(place, 0.0) for place, there in move.belongs.items() if there != place)
            if sum(changed) >= move.least * _ROOM:
                yield move


def _least_misfits(known: Sequence[Sequence[Pair]], across: bool) -> dict[Place, float] | None:
    """The misfits beside the earlier return that figures fit best; None where they fit one well enough."""
    least: dict[Place, float] = {}
    for pairs in known:
        off = _misfits(pairs, across)
        if sum(off.values()) < _GAIN:
            return None
        if not least or sum(off.values()) < sum(least.values()):
            least = off
    return least


def _moves(sheet: Sheet, across: bool) -> Iterator[_Move]:
    axis = 1 if across else 0
    lines = sorted({place[axis] for place in sheet.keys})

    def to(place: Place, line: int) -> Place:
        return (place[0], line) if across else (line, place[1])

    seen: list[Mapping[Place, Place]] = []
    for step, way in ((1, "right" if across else "down"), (-1, "left" if across else "up")):
        beside = {line: line - step for line in lines}  # next cell
        asked = {
            here: there for here, there in zip(lines[::step][1:], lines[::step], strict=False)
        }  # next entry
        for source in (beside, asked):
            belongs = {
                place: there
                for place in sheet.keys
                if (line := source.get(place[axis])) is not None and (there := to(place, line)) in sheet.keys
            }
            if belongs not in seen:
                seen.append(belongs)
                yield _Move(Said(f"returns.moved.{way}"), belongs, across, _GAIN)
    if len(lines) > _MOST_SWAPPED:
        return
    for one, other in combinations(lines, 2):
        swap = {one: other, other: one}
        belongs = {place: to(place, swap.get(place[axis], place[axis])) for place in sheet.keys}
        belongs = {place: there for place, there in belongs.items() if there in sheet.keys}
        names = (letters(one), letters(other)) if across else (str(one + 1), str(other + 1))
        said = Said("returns.moved.columns" if across else "returns.moved.rows", one=names[0], other=names[1])
        yield _Move(said, belongs, across, _GAIN if across else _GAIN_ROWS_SWAPPED)


def _gain(move: _Move, sheet: Sheet, earlier: Sequence[Earlier]) -> tuple[float, list[Place]]:
    """How much better the figures fit where they belong than where they stand, and the places of those that moved.

    A figure that belongs nowhere stays where it is in its row, and speaks against a move of rows, which moves all.
    """
    stands, belongs, fits = [], [], False
    places: list[Place] = []
    for ref in earlier:
        here = {place: move.belongs.get(place, place) for place in sheet.values}
        here = {place: there for place, there in here.items() if place in ref and there in ref}
        lost = set() if move.across else {place for place in here if place not in move.belongs}
        changed = [place for place, there in here.items() if there != place]
        if len(changed) < _FEWEST:
            continue
        places = max(places, changed, key=len)
        stands.append(_misfit(_pairs(sheet, ref, {place: place for place in here}), move.across))
        kept = {place: there for place, there in here.items() if place not in lost}
        moved_fit = _misfit(_pairs(sheet, ref, kept), move.across)
        fits |= moved_fit <= _FITS * len(kept)
        belongs.append(moved_fit + _CAP * sum(sheet.values[place] > 0 for place in lost))
    return (min(stands) - min(belongs) if fits else 0.0), places


def _pairs(sheet: Sheet, ref: Earlier, belongs: Mapping[Place, Place]) -> list[Pair]:
    """Figures with the earlier ones of the places they belong to."""
    return [(place, sheet.values[place], ref[there]) for place, there in belongs.items() if there in ref]


def _misfits(pairs: Sequence[Pair], across: bool) -> dict[Place, float]:
    """Squared differences on the log scale over their variances, all figures of a row (or of the sheet) grown alike."""
    groups: dict[int, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair[0][0] if across else 0, []).append(pair)
    spread = (_SPREAD if across else _SPREAD_OF_ROWS) ** 2
    off: dict[Place, float] = {}
    for given in groups.values():
        group = [(place, max(value, 0.0), max(before, 0.0)) for place, value, before in given]
        growth = (sum(v for _, v, _ in group) + 0.5) / (sum(r for _, _, r in group) + 0.5)
        for place, value, before in group:
            ratio = math.log((value + 0.5) / (before * growth + 0.5))
            off[place] = min(ratio * ratio / (spread + 1 / (value + 0.5) + 1 / (before + 0.5)), _CAP)
    return off


def _misfit(pairs: Sequence[Pair], across: bool) -> float:
    return sum(_misfits(pairs, across).values())
