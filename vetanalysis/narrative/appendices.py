"""The annexed tables of a periodic report, each only where it has figures, numbered in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard

import pandas as pd

from vetanalysis.blocks import Appendix, Cell, Column, Picture, Said, Table, Text, same
from vetanalysis.indicators.gaps import group_names, shares_of_people
from vetanalysis.language.filters import known
from vetanalysis.language.lines import is_line
from vetanalysis.narrative import clear_up, opening, tasks, unit_tables
from vetanalysis.narrative.indicators import called_in_report, label_of, why_of
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.periods import is_due
from vetanalysis.returns.matrix import STATES

if TYPE_CHECKING:
    from vetanalysis.errors import Finding
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan

_UNITS = 60  # units without a report that are annexed one by one
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_EMPLOYMENT = (
    "employed_after_training_rate", "graduates_employed", "graduates_followed", "follow_up_rate",
    "hired_by_ordering_firm_rate", "stable_job_rate", "income_after_training",
)  # fmt: skip
_STREAMING = (
    "streaming_lower_secondary",
    "streaming_upper_secondary",
    "pupils_counselled",
    "schools_with_guidance_share",
)
#: Told elsewhere: as columns of the row on people, or in the text from figures of whole years.
NOT_LISTED = (
    "plan_completion", "index_same_period", "trained_rate_gap", "trained_rate_pace_required",
    "people_needed_per_quarter",  # an even spread: what is asked follows the season
)  # fmt: skip
_INDEX, _NOTE = 7, 8  # columns of the table of indicators: share of last year, notes
_ELSEWHERE = (
    *range(1, 10),
    24,
    56,
    58,
    62,
)  # rows of the plan told in the first table of a unit's sheet or in words


def appendices(
    plan: Plan, cutoff: Cutoff, unit: str, facts: PeriodFacts | None, found: Sequence[Finding] = ()
) -> tuple[Appendix, ...]:
    """The appendices that have figures; a unit's own sheet has its other figures annexed.

    `facts`: what the returns of the period hold, None without any. `found`: what is doubtful in figures that came in
    tables, for the report on the place.
    """
    made: list[tuple[str, Sequence[Table | Picture | None]]] = []
    if facts is not None and facts.is_place:
        topics = (  # short ones share their pages
            tasks.progress_table(facts),
            groups(facts),
            of_indicators(facts, "employment", _EMPLOYMENT),
            of_indicators(facts, "streaming", _STREAMING),
            tasks.funding_picture(facts),
            tasks.funding_table(facts),
            not_reported(facts),
            clear_up.table(facts),
        )
        pictures = [facts.figures.get(name) for name in ("standing", "districts")]
        made = [
            ("indicators", [indicator_lines(facts)]),
            ("by_level", [unit_tables.level_table(facts)]),
            ("units.closed" if facts.closed else "units", [unit_tables.units_table(facts), *pictures]),
            ("topics", topics),
        ]
    elif facts is not None and unit not in facts.missing:  # a silent one has reported nothing of the period
        made = [("other", [other_figures(facts)])]
    if unit == plan.place.code:
        made.append(("findings", [clear_up.in_tables(plan, cutoff, found)]))
    attached = _attached(plan, cutoff, unit)
    there = [(name, tuple(one for one in some if one is not None)) for name, some in made]
    filled = [(name, shown) for name, shown in there if shown]
    alone = unit != plan.place.code and len(filled) == 1
    return tuple(
        Appendix(
            "" if alone else roman,
            Said(f"tables.appendix.{name}"),
            attached,
            shown,
            getattr(shown[0], "landscape", False),
        )
        for roman, (name, shown) in zip(_ROMAN, filled, strict=False)
    )


def last(plan: Plan, cutoff: Cutoff, unit: str, blocks: tuple[Any, ...], before: int) -> Appendix:
    """The annex on methods and sources, behind the `before` others; alone it has no number."""
    attached = _attached(plan, cutoff, unit)
    return Appendix(_ROMAN[before] if before else "", Said("tables.appendix.methods"), attached, blocks)


def of_notice(plan: Plan, cutoff: Cutoff, unit: str, name: str, blocks: tuple[Any, ...]) -> Appendix:
    """The one annex of a notice."""
    return Appendix("", Said(f"tables.appendix.{name}"), _attached(plan, cutoff, unit, notice=True), blocks)


def _attached(plan: Plan, cutoff: Cutoff, unit: str, *, notice: bool = False) -> Said:
    """What an appendix is attached to, with the number left blank for the clerk."""
    notice = notice or unit != plan.place.code
    kind = Said(f"opening.kind.{'notice' if notice else 'report'}")
    return Said("tables.attached", kind=kind, symbol=opening.symbol_of(plan, cutoff, unit, notice=notice))


def indicator_lines(facts: PeriodFacts, without: Collection[str] = ()) -> Table | None:
    """Every quantity of the plan that has a figure: plan, the quarter alone, running total, shares, what limits it.

    `without`: ids of quantities that are left out.
    """
    lines = [
        line
        for key, line in facts.by_line.items()
        if key[0] == facts.unit
        and not any(key[2:])
        and known(line["row"])
        and known(line["value"])
        and key[1] not in {*NOT_LISTED, *without}
    ]
    rows, footnotes = _noted([_indicator(facts, line) for line in lines if facts.stands(line)])
    if not rows:
        return None
    columns = (
        Column(Said("tables.indicators.row"), align="center", width=0.6),
        Column(Said("tables.quantity"), align="left", width=3.6),
        Column(Said("tables.measure"), align="center", width=1.2),
        Column(Said("tables.indicators.plan")),
        Column(Said("tables.indicators.step", step=facts.plan.calendar.step)),
        Column(Said("tables.indicators.so_far"), width=1.1),
        Column(Said("tables.indicators.of_plan"), width=0.9),
        Column(Said("tables.of_same_period"), width=0.9),
        Column(Said("tables.indicators.note"), align="left", width=2.4),
    )
    title = Said("tables.indicators.title", as_of=str(facts.cutoff))
    notes = [Said("tables.indicators.notes")]
    if facts.is_place and (facts.missing or unit_tables.one_sided(facts)):
        notes.append(Said("tables.indicators.step_alone", step=facts.plan.calendar.step))
    few = tuple(
        Said(
            "tables.indicators.of_few",
            label=called_in_report(line),
            reported=line["reported"],
            expected=line["expected"],
        )
        for line in lines
        if not facts.stands(line)
    )
    notes += unit_tables.marks([row[_INDEX : _INDEX + 1] for row in rows])
    notes += [*([Said("tables.indicators.few", told=few)] if few else []), *footnotes]
    return Table("indicators", title, columns, tuple(rows), tuple(notes), landscape=True)


_LONG = 40  # letters of a note that stands once under the table where several rows have it


def _noted(rows: list[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], list[Said]]:
    """The rows with a number in place of a long note that several of them have, and these notes."""
    said = [row[_NOTE].get("vi") for row in rows]
    often = [one for one in dict.fromkeys(said) if said.count(one) > 1 and len(one) > _LONG]
    numbers_of = {one: number for number, one in enumerate(often, 1)}
    made = [
        (
            *row[:_NOTE],
            Said("tables.indicators.mark", number=numbers_of[one]) if one in numbers_of else row[_NOTE],
        )
        for row, one in zip(rows, said, strict=True)
    ]
    notes = [
        Said("tables.indicators.footnote", number=number, note=rows[said.index(one)][_NOTE])
        for one, number in numbers_of.items()
    ]
    return made, notes


def _indicator(facts: PeriodFacts, line: dict[str, Any]) -> tuple[Any, ...]:
    """A row of `indicator_lines`; the estimate of the whole year as the text gives it, not the one by past shares."""
    measure = line["measure"]
    note: Said | Text = tasks.out_of(line) or why_of(line)
    value = Cell(line["value"], "figure", measure, missing="")
    if line["id"] == "full_year_projection" and facts.estimate is not None:
        median, low, high = facts.estimate
        goal = line["plan_value"]
        words = Said("tables.about", value=median, goal=goal)
        value = Cell(median, "about", measure, words=words, goal=goal)
        note = Said("tables.indicators.estimate", low=low, high=high)
    alone = facts.alone(line["id"]) if line["basis"] == "cumulative" else None
    if alone is not None and line["id"] == facts.people:
        parts = [
            *([note] if line["why_vi"] else []),
            *unit_tables.one_sided(facts),
            *unit_tables.came_later(facts),
        ]
        note = Said("indicators.beside", parts=tuple(parts)) if parts else note
    if line["basis"] == "period" and measure != "percent":  # counted for this report alone, no running total
        alone, value = line["value"], Cell(None, "figure", measure, missing="")
    return (
        Cell(int(line["row"]), "ordinal"),
        Said("tables.label", label=called_in_report(line, facts.closed)),
        measure_in_words(line),
        Cell(line["plan_value"], "figure", measure, missing=""),
        Cell(alone, "figure", measure, missing=""),
        value,
        Cell(line["percent_of_plan"], "figure", "percent", missing=""),
        _of_last_year(line),
        note,
    )


def _of_last_year(line: dict[str, Any]) -> Cell:
    """The share of the same period a year before; none, with its mark, where so few were counted then."""
    few = unit_tables.is_of_few_cases(line)
    missing = unit_tables.FEW_CELL if few else ""
    return Cell(unit_tables.of_last_year(line), "figure", "percent", missing=missing)


def measure_in_words(line: Mapping[str, Any]) -> Said:
    """What a line's figure is counted in."""
    key = f"names.measure_of.{line['id']}"
    return Said(key) if is_line(key) else Said("tables.measure_of", measure=line["measure"])


def other_figures(facts: PeriodFacts) -> Table | None:
    """What else the unit reported: quantities of the plan with a figure, apart from those in the first table."""
    under = (facts.plan.units["parent"] == facts.unit) & (facts.plan.units["kind"] == "institution")
    made = indicator_lines(facts, _shares_of_institutions(facts.plan) if under.sum() < 2 else ())
    if made is None:
        return None
    rows = [_of_one_scope(row) for row in made.rows if row[0].value not in _ELSEWHERE]
    if not rows:
        return None
    shown: tuple[int, ...] = (1, 2, 4, 5, 7)
    if any(row[_NOTE] != same("") for row in rows):
        shown = (*shown, _NOTE)
    title = Said("tables.other.title", with_institutions=bool(under.any()), as_of=str(facts.cutoff))
    columns = tuple(made.columns[place] for place in shown)
    marks = {row[_NOTE].facts["number"] for row in rows if _is(row[_NOTE], "tables.indicators.mark")}
    notes = (
        *unit_tables.marks([row[_INDEX : _INDEX + 1] for row in rows]),
        *(
            one
            for one in made.notes
            if _is(one, "tables.indicators.footnote") and one.facts["number"] in marks
        ),
        *_ended(facts),
        *_not_in(facts),
    )
    return Table("other", title, columns, tuple(tuple(row[place] for place in shown) for row in rows), notes)


def _ended(facts: PeriodFacts) -> list[Said]:
    """Counts due now that the unit told earlier in the year and not this time, by the cut-off that has them last.

    None where its return is asked for what it leaves blank: that point names every figure.
    """
    if "no-longer-reported" in set(clear_up.told_one_by_one(facts).get("rule", ())):
        return []
    listed = facts.plan.indicators
    due = {
        name for name, often in zip(listed["id"], listed["periods"], strict=True)
        if is_due(often.split("|"), facts.cutoff)
    }  # fmt: skip
    last: dict[str, list[Said | Text]] = {}
    for key, line in facts.by_line.items():
        shown = known(line["row"]) and int(line["row"]) not in _ELSEWHERE and key[1] not in NOT_LISTED
        counts = line["basis"] != "stock" and line["measure"] != "percent" and not any(key[2:])
        gone = not known(line["value"]) and known(line["latest_value"])
        of_year = gone and line["latest_period"][:4] == str(facts.cutoff.year)
        if shown and counts and of_year and key[1] in due:
            last.setdefault(line["latest_period"], []).append(called_in_report(line))
    return [Said("tables.other.ended", period=period, labels=tuple(named)) for period, named in last.items()]


def _not_in(facts: PeriodFacts) -> list[Said]:
    """Whose figures a unit's table lacks, as their reports of this time have not come."""
    named = unit_tables.missing_below(facts)
    return [Said("tables.other.not_in", named=named, as_of=str(facts.cutoff))] if named else []


def _is(words: Any, key: str) -> TypeGuard[Said]:
    return isinstance(words, Said) and words.key == key


def _shares_of_institutions(plan: Plan) -> set[str]:
    """Quantities that are shares of a number of institutions, which say nothing of one alone."""
    table = plan.indicators
    counts = set(table.loc[table["measure"] == "institutions", "id"])
    return set(table.loc[table["denominator"].isin(counts) & (table["measure"] == "percent"), "id"])


def _of_one_scope(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row of `indicator_lines` without the share of last year, where that is of other levels than the figure."""
    apart = Said("indicators.beside.all_levels")
    if row[_NOTE] != Text(apart.vi, apart.en):
        return row
    return (*row[:_INDEX], Cell(None, missing=""), same(""))


def groups(facts: PeriodFacts) -> Table | None:
    """People of each sex, group and residence with their part of all; they overlap and are never added."""
    parts = shares_of_people(facts.plan, facts.lines, facts.people, facts.unit)
    parts = parts[parts["value"].notna()]
    parts = parts[~parts.index.isin(["male", "urban"])]
    if parts.empty:
        return None
    names = group_names(facts.plan, parts.index)
    rows: list[tuple[Any, ...]] = [
        (
            name, Cell(_of_group(facts, str(code), row["value"]), "count"), Cell(row["whole"], "count"),
            Cell(float(row["percent"]), "decimal"),
        )
        for name, (code, row) in zip(names, parts.iterrows(), strict=True)
    ]  # fmt: skip
    columns = [
        Column(Said("tables.groups.group"), align="left", width=3),
        Column(Said("tables.groups.people")),
        Column(Said("tables.groups.of")),
        Column(Said("tables.groups.share"), "%"),
    ]
    people, wholes = facts.value(facts.people), set(parts["whole"].dropna())
    more = people is not None and max(wholes, default=people) > people
    title = Said("tables.groups.title", as_of=str(facts.cutoff), more=more)
    note = Said("tables.groups.notes", all=people)
    if people is None or wholes == {people}:  # the base stands in the note
        rows = [(*row[:2], row[3]) for row in rows]
        del columns[2]
    else:
        note = Said("tables.groups.notes.other", all=people, more=more)
    measure = Said("tables.in_measure", measure="persons")
    return Table("groups", title, tuple(columns), tuple(rows), (note,), measure=measure)


def _of_group(facts: PeriodFacts, code: str, value: float) -> float:
    """The people of a group as their line holds them."""
    lines = (facts.line(facts.people, **{name: code}) for name in ("sex", "group", "residence"))
    return next(
        (line["value"] for line in lines if line is not None and line["value"] == value), float(value)
    )


def of_indicators(facts: PeriodFacts, name: str, ids: Iterable[str]) -> Table | None:
    """These quantities with their figures, from this cut-off or from the latest at which they were due."""
    lines = [line for line in (_latest(facts, one) for one in ids) if line is not None]
    if not lines:
        return None
    rows = tuple(
        (
            Said("tables.label", label=called_in_report(line)),
            measure_in_words(line),
            Cell(line["period"], "period"),
            Cell(line["value"], "figure", line["measure"], missing=""),
            _of_last_year(line),
        )
        for line in lines
    )
    columns = (
        Column(Said("tables.quantity"), align="left", width=3.6),
        Column(Said("tables.measure"), align="center"),
        Column(Said("tables.topic.period"), align="center", width=1.2),
        Column(Said("tables.topic.value")),
        Column(Said("tables.of_same_period")),
    )
    limits: dict[tuple[str, str], list[Text]] = {}
    for line in lines:
        if line["why_vi"]:
            limits.setdefault((line["why_vi"], line["why_en"]), []).append(label_of(line))
    told = tuple(Said("tables.topic.note", labels=tuple(of), why=Text(*why)) for why, of in limits.items())
    notes = (*unit_tables.marks([row[-1:] for row in rows]), *told)
    return Table(name, Said(f"tables.topic.{name}"), columns, rows, notes)


def _latest(facts: PeriodFacts, indicator: str) -> dict[str, Any] | None:
    line = facts.line(indicator)
    if line is None or not known(line["value"]):
        line = facts.older_lines.get(indicator)
    return line if line is not None and facts.stands(line) else None


def not_reported(facts: PeriodFacts) -> Table | None:
    """Units due in the period that sent nothing, whose return was refused or that came late.

    Who signs the report is asked for nothing and stands below: it has its own figures to enter. Alone it has the row.
    """
    every = facts.matrix[facts.matrix["state"].isin(["missing", "refused", "late"])]
    own = [unit for unit in every.loc[every["state"] == "missing", "unit"] if facts.signs(unit)]
    mine = every[~every["unit"].isin(own)]
    if mine.empty:
        mine, own = every, []
    if mine.empty:
        return None
    order = {"missing": 0, "refused": 1, "late": 2}
    mine = mine.assign(order=mine["state"].map(order), days=pd.to_numeric(mine["days_late"], errors="coerce"))
    mine = mine.sort_values(["order", "days"], ascending=[True, False], kind="stable")
    rows: tuple[tuple[Any, ...], ...] = tuple(
        (
            Cell(number, "ordinal"),
            facts.called(row.unit),
            Said("tables.label", label=STATES[row.state]),
            Cell(str(row.deadline)[:10], "date"),
            Cell(str(row.received or "")[:10] or None, "date"),
            Cell(int(row.days) if row.state == "late" and known(row.days) else None, "ordinal", missing=""),
        )
        for number, row in enumerate(mine.head(_UNITS).itertuples(index=False), 1)
    )
    columns = (
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.unit"), align="left", width=3),
        Column(Said("tables.not_reported.state"), align="left"),
        Column(Said("tables.not_reported.due"), align="center"),
        Column(Said("tables.not_reported.received"), align="center"),
        Column(Said("tables.not_reported.days_late"), width=0.8),
    )
    more = len(mine) - len(rows)
    rest = [Said("tables.more_units", more=more)] if more else []
    notes = (*rest, *(Said("tables.not_reported.own", who=facts.called(unit)) for unit in own))
    late = bool((mine["state"] == "late").any())
    title = Said(f"tables.not_reported.title{'.late' if late else ''}", as_of=str(facts.cutoff))
    kept = [
        at
        for at in range(len(columns))
        if any(not isinstance(row[at], Cell) or row[at].value for row in rows)
    ]
    return Table(
        "not_reported", title, tuple(columns[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in rows),
        notes,
    )  # fmt: skip
