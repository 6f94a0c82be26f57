"""The sheet a district or an institution gets about itself: one or two pages, from the province's figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetanalysis.assessment.evidence import lower_limit
from vetanalysis.blocks import Cell, Column, Heading, OfficePlace, Paragraph, Said, Table, Wording
from vetanalysis.language.filters import known
from vetanalysis.narrative import asked, clear_up, count, methods, opening, tasks, unit_tables
from vetanalysis.narrative.evidence import at_most
from vetanalysis.narrative.period import OWN_LEADS, PROMPTS, SHEET, PeriodFacts
from vetanalysis.returns.matrix import REPORTED, STATES

_ROWS = ("quota", "so_far", "of_quota", "of_same_period", "usual", "needed", "median", "range", "chance")
_ALWAYS = ("quota", "so_far")  # also where the unit has none


def blocks(facts: PeriodFacts) -> list[Any]:
    """Results, how they compare, reporting and findings, what the unit says; page one asks."""
    found: list[Any] = [Heading(1, SHEET["results"])]
    quota = facts.line(facts.people)
    if quota is not None and (known(quota["plan_value"]) or known(quota["value"])):
        found.append(table(facts))
    own = facts.own
    counted = () if own is None else (count.counted_to(own), count.late_known(own))
    stands = tuple(
        one
        for one in (in_season(facts), *counted, rests_on(facts), asked.own_people(facts))
        if one is not None
    )
    if stands:
        found.append(Paragraph(stands))
    pictures = [
        opening.lower(figure, *opening.OF_A_SHEET)
        for name, figure in facts.figures.items()
        if name.startswith("path")
    ]
    years = None if pictures else unit_tables.years_table(facts)  # the picture has them, too
    found += [*([] if years is None else [years]), *pictures]
    found.append(Heading(1, SHEET["reporting"]))
    told = (lateness(facts), counts_as_missing(facts), *asked.own_returns(facts), clear_up.count(facts))
    found += [*(Paragraph((one,)) for one in told if one is not None), *asked.of_plan(facts)]
    points = clear_up.one_by_one(facts)
    if points:
        found.append(Paragraph(tuple(points), "list"))
    found += [Paragraph((one,)) for one in clear_up.earlier(facts)]
    words = tuple(text for kind in OWN_LEADS for text in tasks.own_words(facts, kind, ""))
    if words:
        found += [Heading(1, SHEET["own"]), OfficePlace(PROMPTS["unit"], words)]
    elif _own_rows(facts)["state"].isin(REPORTED).any():
        found.append(Paragraph((Said("sheet.own_none", id="own_none", unit=facts.inside(facts.unit)),)))
    return found


def table(facts: PeriodFacts) -> Table:
    """The unit beside the whole place: quota, people, shares, what is needed, estimate, chance; then by level.

    A row in which the unit has nothing is left out, and the estimate once the year is over.
    """
    place = facts.plan.place
    own = (*unit_tables.standing_of(facts, facts.unit), *_own_estimate(facts))
    whole = (*unit_tables.standing_of(facts, place.code), *unit_tables.whole_estimate(facts))
    names = _ROWS[:4] + _ROWS[5:6] if facts.closed else _ROWS
    called = {"of_same_period": "of_year", "needed": "short"} if facts.closed else {}
    rows: list[tuple[Wording, ...]] = [
        (Said(f"sheet.row.{called.get(row, row)}"), mine, theirs)
        for row, mine, theirs in zip(_ROWS, own, whole, strict=True)
        if row in names and (row in _ALWAYS or mine.value is not None)
    ]
    for level in facts.plan.levels:
        mine = facts.line(facts.people, level=level.id)
        theirs = facts.line(facts.people, place.code, level=level.id)
        if mine is None or not level.counted or not (known(mine["value"]) or known(mine["plan_value"])):
            continue
        rows.append((Said("sheet.row.level", level=level.name), *(_done_of(one) for one in (mine, theirs))))
    name = facts.called(facts.unit)
    inside = facts.inside(facts.unit)
    title = Said("sheet.title", unit=inside, place=place.name_in or place.name, as_of=str(facts.cutoff))
    columns = (
        Column(Said("tables.quantity"), align="left", width=3),
        Column(name, width=1.3),
        Column(Said("tables.label", label=place.name), width=1.3),
    )
    return Table("unit", title, columns, tuple(rows), _notes(facts, rows), splits=True)


def _notes(facts: PeriodFacts, rows: Sequence[Sequence[Wording]]) -> tuple[Said, ...]:
    """Under the table: its marks, of how many units the place's figures are, which days are counted, why a fast unit is
    not likely to reach its quota, where terms are explained.
    """
    place, notes = facts.plan.place, [*unit_tables.marks(rows), *unit_tables.past_note(facts, rows)]
    whole = facts.line(facts.people, place.code)
    if whole is not None and known(whole["reported"]) and whole["reported"] < whole["expected"]:
        told = {"reported": whole["reported"], "expected": whole["expected"], "as_of": str(facts.cutoff)}
        told["projected"] = not facts.closed
        notes.append(Said("sheet.of_units", place=place.name_in or place.name, **told))
    days = methods.counted_days(facts.plan, str(facts.cutoff))
    notes += (
        [Said("sheet.days", first=days.facts["first"], last=days.facts["last"])] if days is not None else []
    )
    if _ahead_yet_short(facts):
        notes.append(Said("sheet.ahead_yet_unlikely"))
    return (*notes, Said("sheet.terms", place=place.name_in or place.name))


def _ahead_yet_short(facts: PeriodFacts) -> bool:
    """Whether the unit is ahead of its usual course while its year is projected below the quota, at no good chance."""
    line, usual, one = facts.line(facts.people), facts.usual(), facts.own
    if line is None or usual is None or one is None or facts.closed or not known(line["percent_of_plan"]):
        return False
    if not known(one.probability) or not known(one.median) or one.probability >= lower_limit("likely"):
        return False
    return one.median < line["plan_value"] and line["percent_of_plan"] > usual


def _done_of(line: dict[str, Any] | None) -> Cell:
    """People counted and their quota in one cell."""
    if line is None:
        return Cell()
    key = "sheet.done_of" if known(line["plan_value"]) else "sheet.done_of.no_quota"
    return Cell(Said(key, done=line["value"], quota=line["plan_value"]))


def _own_estimate(facts: PeriodFacts) -> tuple[Cell, ...]:
    """Estimate and chance of the unit's own assessment, as its report gives them."""
    one = facts.own
    if one is None or facts.estimate is None or not known(one.probability):
        return unit_tables.estimate(facts, None, None, None)
    median, low, high = facts.estimate
    return unit_tables.estimate(facts, median, (low, high), one.probability, one.target.value)


def in_season(facts: PeriodFacts) -> Said | None:
    """What the unit counted of its quota, beside the part of a year that it usually has by now; None without a count.

    Of a unit without a quota, or with one of 0, its count beside the same period of the year before. None once the year
    of its quota is over: page one has it.
    """
    line = facts.line(facts.people)
    if line is None or not known(line["value"]):
        return None
    done, quota = line["value"], line["plan_value"]
    given = {"unit": facts.inside(facts.unit), "as_of": str(facts.cutoff), "done": done}
    if not known(quota) or not quota:
        given |= {"index": line["index_last_year"], "zero": known(quota)}
        return Said("sheet.no_quota", id="in_season", **given)
    if facts.closed:
        return None
    given["share"], season = line["percent_of_plan"], facts.season()
    if season is None:
        return Said("sheet.in_season.unknown", id="in_season", **given)
    known_of = season.years_by(facts.step)
    years = Said("sheet.years", first=f"{known_of[0]}-FY", last=f"{known_of[-1]}-FY")
    low, high = season.seen_by(facts.step)
    return Said(
        "sheet.in_season", id="in_season", **given, years=years, usual=100 * season.by(facts.step), low=100 * low,
        high=100 * high,
    )  # fmt: skip


def rests_on(facts: PeriodFacts) -> Said | None:
    """Whether reports that are missing below the unit can change the people told; None where none is missing."""
    line, missing = facts.line(facts.people), unit_tables.missing_below(facts)
    if line is None or not known(line["value"]) or not missing or facts.unit in facts.missing:
        return None
    files = facts.matrix.loc[facts.matrix["unit"] == facts.unit, "file"]
    own = any(file and str(line["sources"]).startswith(f"{file}!") for file in files)
    case = "own" if own else "sum"
    return Said(
        f"sheet.rests_on.{case}",
        id="rests_on",
        people=line["value"],
        unit=facts.inside(facts.unit),
        named=missing,
    )


def counts_as_missing(facts: PeriodFacts) -> Said | None:
    """That all of the quota of a unit whose report is missing counts as missing in the place's figures; or None.

    With what the unit had reported before how many it and the place lack at most.
    """
    line = facts.line(facts.people)
    if line is None or not known(line["plan_value"]) or known(line["value"]):
        return None
    if facts.closed or facts.unit not in facts.missing:
        return None
    code = facts.plan.place.code
    whole, earlier = facts.line(facts.people, code) or {}, facts.last_reported()
    both = known(whole.get("plan_value")) and known(whole.get("value"))
    gap = whole["plan_value"] - whole["value"] if both else None
    had = earlier[1] if earlier else None
    return Said(
        "sheet.counts_as_missing", id="counts_as_missing", plan=line["plan_value"], place=facts.inside(code), gap=gap,
        had=had, own=at_most(line["plan_value"], had), most=at_most(gap, had),
    )  # fmt: skip


def _own_rows(facts: PeriodFacts) -> Any:
    """How the unit's own return of the period came."""
    return facts.matrix[facts.matrix["unit"] == facts.unit]


def lateness(facts: PeriodFacts) -> Said | None:
    """How the unit's report of the period came: on time, late by so many days, missing; None where none is due."""
    own = _own_rows(facts)
    if own.empty:
        return None
    row = next(own.itertuples(index=False))
    came = row.state in REPORTED and str(row.received)
    return Said(
        "sheet.lateness", id="lateness", unit=facts.inside(facts.unit), period=str(facts.cutoff), state=row.state,
        due=str(row.deadline)[:10], words=STATES[row.state],
        days=int(row.days_late) if row.state == "late" else None,
        received=str(row.received)[:10] if came else "",
    )  # fmt: skip
