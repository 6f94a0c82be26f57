"""The sheet a district or an institution gets about itself: one or two pages, from the province's figures."""

from __future__ import annotations

from typing import Any

from vetanalysis.blocks import Cell, Column, Heading, OfficePlace, Paragraph, Said, Table, Text, Wording
from vetanalysis.language.filters import known
from vetanalysis.narrative import count, outlook, tables, tasks
from vetanalysis.narrative.period import OWN_LEADS, PROMPTS, SHEET, UNLIKELY, PeriodFacts
from vetanalysis.returns.matrix import STATES

_FINDINGS = 8  # told one by one; the rest is counted
_ROWS = ("quota", "so_far", "of_quota", "of_same_period", "median", "range", "chance")


def blocks(facts: PeriodFacts) -> list[Any]:
    """Results, how they compare, reporting and findings, what is to be done next; other figures are annexed."""
    found: list[Any] = [Heading(1, SHEET["results"])]
    quota = facts.line(facts.people)
    if quota is not None and (known(quota["plan_value"]) or known(quota["value"])):
        found.append(table(facts))
    own = facts.own
    counted = () if own is None else (count.counted_to(own), count.late_known(own))
    stands = tuple(one for one in (against_all(facts), *counted) if one is not None)
    if stands:
        found.append(Paragraph(stands))
    found += [figure for name, figure in facts.figures.items() if name.startswith("path")]
    found.append(Heading(1, SHEET["reporting"]))
    found += [Paragraph((one,)) for one in (lateness(facts), finding_count(facts)) if one is not None]
    told = findings(facts)
    if told:
        found.append(Paragraph(tuple(told), "list"))
    found.append(Heading(1, SHEET["next"]))
    ahead = [outlook.send_now(facts), to_do(facts), outlook.own_deadline(facts)]
    found.append(Paragraph(tuple(one for one in ahead if one is not None), "list"))
    words = tuple(text for kind in OWN_LEADS for text in tasks.own_words(facts, kind, ""))
    found.append(OfficePlace(PROMPTS["unit"], words))
    return found


def table(facts: PeriodFacts) -> Table:
    """The unit beside the whole place: quota, people, share, same period, estimate, chance; then by level."""
    place = facts.plan.place
    pairs = zip(_own_standing(facts), _whole(facts), strict=True)
    rows: list[tuple[Wording, ...]] = [
        (Said(f"sheet.row.{row}"), *pair) for row, pair in zip(_ROWS, pairs, strict=True)
    ]
    for level in facts.plan.levels:
        own = facts.line(facts.people, level=level.id)
        whole = facts.line(facts.people, place.code, level=level.id)
        if own is None or not level.counted or not (known(own["value"]) or known(own["plan_value"])):
            continue
        label = Said("sheet.row.level", level=level.name)
        rows.append((label, *(_done_of(one) for one in (own, whole))))
    name = facts.called(facts.unit)
    title = Said("sheet.title", unit=name, place=place.name_in or place.name, as_of=str(facts.cutoff))
    columns = (
        Column(Said("tables.quantity"), align="left", width=3),
        Column(name, width=1.3),
        Column(Said("tables.label", label=place.name), width=1.3),
    )
    return Table("unit", title, columns, tuple(rows), (Said("tables.no_figure"),))


def _done_of(line: dict[str, Any] | None) -> Cell:
    """People counted and their quota in one cell."""
    if line is None:
        return Cell()
    key = "sheet.done_of" if known(line["plan_value"]) else "sheet.done_of.no_quota"
    return Cell(Said(key, done=line["value"], quota=line["plan_value"]))


def _whole(facts: PeriodFacts) -> tuple[Cell, ...]:
    """The place's column with the estimate and chance of its units added up."""
    cells = tables.standing(facts, facts.plan.place.code)
    if facts.year is None:
        return cells
    projected, quota, chance = facts.year.reconciled.projection(), cells[0].value, None
    if facts.year.allowed and quota is not None:
        chance = projected.probability(quota, ">=")
    return (*cells[:4], *tables.estimate(projected.median, projected.interval(0.8), chance, "weak"))


def _own_standing(facts: PeriodFacts) -> tuple[Cell, ...]:
    """The unit's column with the estimate and chance of its own assessment, as the text above gives them."""
    counted, one = tables.standing(facts, facts.unit)[:4], facts.own
    if one is None or facts.estimate is None or not known(one.probability):
        return (*counted, *tables.estimate(None, None, None, ""))
    median, low, high = facts.estimate
    return (*counted, *tables.estimate(median, (low, high), one.probability, one.evidence))


def against_all(facts: PeriodFacts) -> Said | None:
    """Whether the unit lies behind or ahead of the others by more than chance, or within it."""
    if facts.year is None or facts.unit not in facts.year.units.index:
        return None
    row = facts.year.units.loc[facts.unit]
    side, common = row["side"], float(row["common"])
    given = {
        "id": "against_all", "unit": facts.called(facts.unit), "as_of": str(facts.cutoff), "side": side,
        "common": common,
    }  # fmt: skip
    if side == "unknown":
        return Said("sheet.unknown", **given)
    stands = Said(f"sheet.{side}")
    if side == "behind" and row["probability"] >= UNLIKELY:
        stands = Said("sheet.behind.in_season", probability=row["probability"])
    share = float(row["share_of_plan"])
    return Said("sheet.compared", **given, stands=stands, share=share, lower=row["lower"], upper=row["upper"])


def to_do(facts: PeriodFacts) -> Said | None:
    """What the unit still has to count to its quota in the quarters or months left; None without a quota."""
    line, left = facts.line(facts.people), facts.steps_left
    if line is None or not known(line["plan_value"]):
        return None
    done = line["value"] if known(line["value"]) else None
    missing = count.still_missing("to_do", done, line["plan_value"], str(facts.cutoff))
    if left < 2 or done is None or done >= line["plan_value"]:
        return missing
    each = (line["plan_value"] - done) / left
    return Said(
        "sheet.to_do",
        id="to_do",
        **missing.facts,
        missing=missing,
        steps_left=left,
        each=each,
        step=facts.plan.calendar.step,
    )


def lateness(facts: PeriodFacts) -> Said | None:
    """How the unit's report of the period came: on time, late by so many days, missing; None where none is due."""
    mine = facts.matrix[facts.matrix["unit"] == facts.unit]
    if mine.empty:
        return None
    row = next(mine.itertuples(index=False))
    came = row.state in ("on_time", "late", "corrected") and str(row.received)
    return Said(
        "sheet.lateness", id="lateness", unit=facts.called(facts.unit), period=str(facts.cutoff), state=row.state,
        due=str(row.deadline)[:10], words=STATES[row.state],
        days=int(row.days_late) if row.state == "late" else None,
        received=str(row.received)[:10] if came else "",
    )  # fmt: skip


def finding_count(facts: PeriodFacts) -> Said | None:
    """How many points the checks leave for the unit to clear up; None where its report did not come."""
    if facts.unit in facts.missing:
        return None
    found = len(_own(facts))
    key = "sheet.findings" if found else "sheet.findings.none"
    return Said(key, id="finding_count", period=str(facts.cutoff), findings=found)


def findings(facts: PeriodFacts) -> list[Said]:
    """What the checks found in the unit's own return, with sheet, cell and remedy."""
    told = []
    for number, row in enumerate(_own(facts).head(_FINDINGS).itertuples(index=False), 1):
        where = ", ".join(part for part in (str(row.sheet or ""), str(row.cell or "")) if part)
        told.append(
            Said(
                "sheet.finding" if where else "sheet.finding.nowhere", id=f"finding_{number}", where=where,
                found=Text(row.found_vi, row.found_en), remedy=Text(row.remedy_vi, row.remedy_en),
                rule=row.rule, severity=row.severity,
            )
        )  # fmt: skip
    return told


def _own(facts: PeriodFacts) -> Any:
    mine = facts.findings[facts.findings["unit"] == facts.unit]
    return mine[mine["severity"].isin(["error", "warning"])]
