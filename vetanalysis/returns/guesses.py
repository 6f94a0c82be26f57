"""A guess held against what is known of the unit, and counts held against the people there are.

A number that reads two ways and was taken in the thousands (84,5 as 84,500) counts only where the unit's quota, what
it reported before and its size agree. Both rules refuse the file: its unit stays without a figure until somebody
decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import Finding, VetanalysisError
from vetanalysis.observations.checks import BREAKDOWNS, are_totals
from vetanalysis.observations.published import load_published_file
from vetanalysis.observations.table import published_root
from vetanalysis.plan import Plan
from vetanalysis.returns.findings import finding_at, finding_of, period_words, quantity_words
from vetanalysis.returns.form_layout import FLOWS
from vetanalysis.returns.key import Key, sheet_and_cell
from vetanalysis.returns.lists import quota_of, quotas_of
from vetanalysis.returns.readings import Reading
from vetanalysis.returns.typed_numbers import LARGEST_COUNT

GUESS, PEOPLE = "guess-unsupported", "above-population"
_FAR = 3.0
_SMALLEST = 20.0  # earlier figures below this may well grow several times over
#: No place whose population is published has fewer; spares reading it for small figures.
_LEAST_POPULATION = 100_000.0
_TWO_WAYS = ("returns.typed.thousands", "returns.typed.two_ways")


class Guess(NamedTuple):
    """A figure taken in the thousands: its cell, what was typed, what it was taken for.

    `usual`: the notation is the file's own (13.500; in an English one 13,500), so that nothing needs to speak for it.
    """

    sheet: str
    cell: str
    plain: float
    taken: float
    usual: bool


def _guesses(reading: Reading) -> Iterator[Guess]:
    for one in reading.findings:
        if not isinstance(one.found, Said) or one.found.key not in _TWO_WAYS:
            continue
        facts = one.found.facts
        plain, taken = facts.get("decimal", facts["given"]), facts["taken"]
        if taken != plain:
            yield Guess(one.sheet, one.place, float(plain), float(taken), facts.get("usual") == taken)


def unsupported(reading: Reading, readings: Sequence[Reading], plan: Plan) -> Iterator[Finding]:
    """An error at each cell whose guess does not fit its unit, of which `readings` are all returns."""
    guesses = list(_guesses(reading))
    if not guesses:
        return
    words = quantity_words(plan)
    rows = {sheet_and_cell(row["source"]): row for row in _rows(reading)}
    communes = {sheet_and_cell(str(one["source"])): one for one in reading.commune_quotas}
    for guess in guesses:
        row, commune = rows.get((guess.sheet, guess.cell)), communes.get((guess.sheet, guess.cell))
        name: Said | Text
        if row is not None:
            figure, witnesses = float(row["value"]), _witnesses(row, reading, readings, plan)
            name = words.quantity(_key(row))
        elif commune is not None:
            quota = _quota(plan, reading.unit, str(commune["period"]))
            figure, name = float(commune["value"]), Said("returns.guess.commune_quota")
            witnesses = [(quota, Said("returns.guess.quota", value=quota))] if quota else []
        else:
            continue
        against = tuple(said for most, said in witnesses if abs(figure) > _FAR * most)
        if not witnesses and not guess.usual:
            against = (Said("returns.guess.unknown"),)
        if against:
            what = Said("returns.guess", name=name, plain=guess.plain, taken=guess.taken, against=against)
            yield finding_of(GUESS, reading.file, guess.cell, what, sheet=guess.sheet)


def _rows(reading: Reading) -> Iterator[dict[str, Any]]:
    names = tuple(reading.columns)
    for values in zip(*reading.columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


def _key(row: dict[str, Any]) -> Key:
    return Key(**{name: row[name] for name in ("indicator", *BREAKDOWNS, "measure", "basis")})


def _witnesses(
    row: dict[str, Any], reading: Reading, readings: Sequence[Reading], plan: Plan
) -> list[tuple[float, Said]]:
    """What is known of the unit that speaks for or against a figure: its size, and the words for it."""
    witnesses = []
    unit, period = str(row["unit"]), str(row["period"])
    quota = _quota(plan, unit, period, str(row["level"]))
    if quota and row["indicator"] in FLOWS and row["measure"] == "persons":
        kind = "quota" if row["indicator"] == "people_enrolled" else "size"
        witnesses.append((quota, Said(f"returns.guess.{kind}", value=quota)))
    wanted = _key(row)
    before = [
        (float(other["value"]), str(other["period"]))
        for one in readings
        if one is not reading and one.unit == reading.unit and not one.refused and not any(_guesses(one))
        for other in _rows(one)
        if other["unit"] == unit and _key(other) == wanted and other["value"] == other["value"]
    ]
    if before:
        most, when = max(before)
        said = Said("returns.guess.history", value=most, period=period_words(when))
        witnesses.append((max(most, _SMALLEST), said))
    return witnesses


def _quota(plan: Plan, unit: str, period: str, level: str = "") -> float | None:
    """The unit's quota of the year at a level, else over all levels; None without one."""
    if not unit or not period[:4].isdigit():
        return None
    by_level = quotas_of(plan, unit, int(period[:4])) if level else {}
    return by_level.get(Key(level=level)) or quota_of(plan, unit, int(period[:4]))


def above_population(reading: Reading, plan: Plan) -> Iterator[Finding]:
    """An error at each count of people above the population of the place."""
    if not reading.count or max(reading.columns["value"]) <= _LEAST_POPULATION:
        return
    population = population_of(plan)
    most = population or LARGEST_COUNT
    for row in _rows(reading):
        if row["measure"] != "persons" or not row["value"] > most:
            continue
        name = quantity_words(plan).quantity(_key(row))
        what = Said("returns.above_population.unknown", name=name, population=most)
        if population:
            what = Said("returns.above_population", name=name, place=plan.place.name, population=most)
        yield finding_at(PEOPLE, row["source"], what)


@lru_cache(maxsize=8)
def population_of(plan: Plan) -> float | None:
    """The largest published population of the plan's place; None where none is published."""
    path = published_root() / "population.csv"
    if not path.is_file():
        return None
    try:
        table = load_published_file(path)
    except VetanalysisError:
        return None
    here = (table["unit"] == plan.place.code) & (table["indicator"] == "population")
    rows = table[here & (table["measure"] == "persons") & are_totals(table)]
    return float(rows["value"].max()) if len(rows) else None
