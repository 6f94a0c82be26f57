"""What a notebook shows of indicators, from the lines of a study's table (`indicators.table`).

What moved the place's share of its quotas, how far units differ, and quantities that two kinds of senders
report stand at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.assessment.counting import flow_of
from vetanalysis.assessment.share_change import ShareChange, share_change
from vetanalysis.blocks import Cell, Paragraph, Picture, Said, Table
from vetanalysis.figures import bars, cumulative, facets, heatmaps, maps, units
from vetanalysis.indicators import gaps
from vetanalysis.indicators.derived import courses, people_indicator, reconcile_quotas
from vetanalysis.indicators.network import reconciliation
from vetanalysis.language.filters import UNITS_NAMED, known
from vetanalysis.narrative import indicators as words
from vetanalysis.narrative import tasks
from vetanalysis.narrative.returns import in_scope
from vetanalysis.narrative.shown_targets import aside, listed, mark, nothing, table, together
from vetanalysis.observations.checks import are_totals
from vetanalysis.periods import parse_cutoff, same_last_year
from vetanalysis.plan.catalogue import catalogue, last_due

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target
    from vetanalysis.study import Study

TARGET_ROWS = range(1, 10)
_HEADS = ("row", "indicator", "period", "value", "plan", "of_plan", "of_last_year", "note")


def of_unit(study: Study, lines: pd.DataFrame, *, breakdowns: bool = False) -> pd.DataFrame:
    """The lines of the study's unit: totals since the year began or levels; with `breakdowns` the others instead."""
    mine = lines[(lines["unit"] == study.unit.code) & ~_quarter_beside(lines)]
    total = are_totals(mine)
    return mine[~total if breakdowns else total]


def overview(study: Study, lines: pd.DataFrame) -> Paragraph:
    """How many quantities have a figure, how many units reported, whether the quotas add up."""
    mine, people = of_unit(study, lines), people_indicator(study.plan)
    states = mine.loc[mine["row"].notna(), "state"].value_counts().to_dict()
    said = [words.counted_rows(states, str(study.as_of))]
    line = _line(mine, people)
    if line is not None and line["expected"] > 1:
        said.append(words.coverage(line))
    if study.unit.code == study.plan.place.code and people:
        said.append(words.quota_sum(reconcile_quotas(study.plan, study.as_of.year)))
    return listed(*said)


def targets(study: Study, lines: pd.DataFrame) -> Table:
    """Rows 1 to 9: the targets and what follows from them."""
    mine = of_unit(study, lines)
    return _table(mine[mine["row"].isin(list(TARGET_ROWS))])


def targets_said(study: Study, lines: pd.DataFrame) -> Paragraph:
    """The indicators of the targets in sentences."""
    mine = of_unit(study, lines)
    chosen = (_line(mine, name) for name in dict.fromkeys(target.indicator for target in study.plan.targets))
    return listed(*(words.standing(one) for one in chosen if one is not None))


def targets_picture(study: Study, lines: pd.DataFrame) -> Picture | Paragraph:
    """Every target of the unit with its latest figure, the target as 100 %."""
    return bars.targets_picture(study, of_unit(study, lines)) or nothing()


def path_picture(study: Study, lines: pd.DataFrame) -> Picture | Paragraph:
    """People since the year began beside the paths of past years."""
    paths = courses(study.plan, study.observations, study.as_of)
    return cumulative.path_picture(study, paths.get(study.unit.code, {})) or nothing()


def path_said(study: Study, lines: pd.DataFrame) -> Paragraph:
    """The running total and the quarter alone, each against the year before."""
    people = lines["id"] == people_indicator(study.plan)
    mine = lines[(lines["unit"] == study.unit.code) & people & are_totals(lines)]
    return together(*(words.standing(one) for one in mine.to_dict("records")))


def districts_picture(study: Study, lines: pd.DataFrame) -> Picture | Paragraph:
    """The units directly under the place where they lie, shaded by the share of their quota that is done."""
    return maps.districts_picture(study, lines) or nothing()


def districts_said(study: Study, lines: pd.DataFrame) -> Paragraph:
    """Which unit directly under the place is furthest with its quota and which least far."""
    mine = maps.lines_below(study, lines)
    one = words.ranking(mine.to_dict("records"), study.plan.short_names())
    return nothing() if one is None else together(one)


def districts_paths(study: Study, lines: pd.DataFrame) -> Picture | Paragraph:
    """The same small picture for every unit directly under the place: its path through the year against its quota."""
    paths = courses(study.plan, study.observations, study.as_of)
    return facets.paths_picture(study, paths) or nothing()


def heatmap(study: Study, lines: pd.DataFrame) -> Picture | Paragraph:
    """The indicators that units have, side by side: share of their plan, or the rate, in per cent."""
    return heatmaps.indicators_picture(study, lines[in_scope(study, lines["unit"])]) or nothing()


def heatmap_said(study: Study, lines: pd.DataFrame) -> Any:
    """Between which units each indicator lies, and who is not drawn; nothing where there is nothing to draw."""
    mine = lines[in_scope(study, lines["unit"])]
    columns = heatmaps.columns_of(study, mine)
    told = listed(*words.side_by_side(study, columns, heatmaps.units_shown(columns, mine)[1]))
    if not columns:
        return None
    return (told, mark("figures.illustrative")) if any(one.illustrative for one in columns) else told


def levels(study: Study, lines: pd.DataFrame) -> Table:
    """People by level, against the quotas of the level."""
    mine = of_unit(study, lines, breakdowns=True)
    mine = mine[(mine["id"] == people_indicator(study.plan)) & (mine["level"] != "")]
    names = {level.id: level.name for level in study.plan.levels}
    return _table(mine, [names[one] for one in mine["level"]], "level")


def groups(study: Study, lines: pd.DataFrame) -> Table:
    """People by group, sex and residence, with their part of all; the parts overlap."""
    parts = _parts(study, lines)
    rows = [
        (name, Said("notebooks.count", value=one.value), Said("notebooks.percent", value=one.percent))
        for name, one in zip(gaps.group_names(study.plan, parts.index), parts.itertuples(), strict=True)
    ]
    return table("groups", ("group", "people", "share"), rows)


def groups_said(study: Study, lines: pd.DataFrame) -> Paragraph:
    """Which part of the people belongs to each group."""
    parts = _parts(study, lines)
    names = dict(zip(parts.index, gaps.group_names(study.plan, parts.index), strict=True))
    return together(words.shares(parts, names))


def gaps_picture(study: Study, lines: pd.DataFrame, indicator: str, kind: str = "") -> Picture | Paragraph:
    """Units of one kind on a rate, with the limits that chance allows, when it was last due."""
    study, lines = _due(study, lines, indicator)
    return units.funnel_picture(study, lines, indicator, kind) or nothing()


def gaps_said(study: Study, lines: pd.DataFrame, indicator: str, kind: str = "") -> Paragraph:
    """How far units lie apart on a rate when it was last due, and which lie outside what chance allows."""
    study, lines = _due(study, lines, indicator)
    mine = lines[lines["id"] == indicator]
    if mine.empty:
        return nothing()
    frame = gaps.unit_gaps(study.plan, lines, indicator, kind)
    apart = gaps.spread(frame["rate"], frame["total"])
    return together(words.gap_words(frame, apart, words.label_of(mine.iloc[0]), str(study.as_of)))


def funds_picture(study: Study, lines: pd.DataFrame) -> Picture | Paragraph:
    """Money assigned and disbursed by source."""
    return bars.funds_picture(study, of_unit(study, lines, breakdowns=True)) or nothing()


def funds_said(study: Study, lines: pd.DataFrame) -> Paragraph:
    """Money assigned and disbursed, and the share."""
    mine = of_unit(study, lines)
    had, spent = (_line(mine, name) for name in ("budget_assigned", "budget_disbursed"))
    values = [None if one is None or not known(one["value"]) else one["value"] for one in (had, spent)]
    return together(words.funds(values[0], values[1], str(study.as_of)))


def of_tasks(study: Study, lines: pd.DataFrame) -> list[Paragraph | Table]:
    """Each task of the plan by name, then the rows that track it, with the reason where there is no figure."""
    mine = of_unit(study, lines)
    shown: list[Paragraph | Table] = []
    for one in study.plan.tasks:
        name = Said("notebooks.of_task", number=one.number, label=one.label)
        shown += [Paragraph((name,), "mark"), _table(mine[mine["row"].isin(one.rows)])]
    return shown or [aside(Said("notebooks.no_tasks"))]


def bodies(study: Study, lines: pd.DataFrame) -> Table:
    """The rows of section V, the duties of bodies, and of the completeness of reports."""
    rows = study.plan.indicators
    ids = rows.loc[rows["plan_ref"].str.fullmatch(r"V(\.\d+)?"), "id"]
    mine = of_unit(study, lines)
    return _table(mine[mine["id"].isin(list(ids))])


def moved(study: Study, lines: pd.DataFrame) -> Table | Paragraph:
    """The three units that moved the place's share most: their shares, their weights, what each part added.

    Nothing where nothing is compared; `moved_said` gives the reason.
    """
    found = change(study)
    if found is None or found.reason is not None:
        return together()
    names = study.plan.short_names()
    rows = [
        (
            names.get(str(code), str(code)),
            *(
                Said("notebooks.percent", value=row[one])
                for one in ("before", "now", "weight_before", "weight_now")
            ),
            *(Said("notebooks.signed", value=row[one]) for one in ("rate", "composition", "moved")),
        )
        for code, row in found.units.head(UNITS_NAMED["share_change"]).iterrows()
    ]
    then, now = (
        Said("notebooks.moved.of_quota", period=str(one))
        for one in (same_last_year(found.cutoff), found.cutoff)
    )
    heads = (
        "unit", then, now, "moved.weight_before", "moved.weight_now", "moved.by_share", "moved.by_weight",
        "moved.together",
    )  # fmt: skip
    return table("moved", heads, rows)


def moved_said(study: Study, lines: pd.DataFrame) -> Any:
    """What moved the place's share, how far units lie apart, and who could not be compared; or why nothing is."""
    found = change(study)
    if found is None:
        one_unit = study.unit.code != study.plan.place.code
        return aside(Said(f"notebooks.{'one_unit' if one_unit else 'no_target_on_people'}"))
    names = study.plan.short_names()
    told = listed(
        words.moved(found, names), words.apart(found, names), words.left_out(found, names)
    )  # fmt: skip
    return (mark(), told) if found.illustrative else told


def change(study: Study) -> ShareChange | None:
    """The place's share of its quotas against a year before; None for one unit and without a target on people."""
    target = _target(study.plan, study.as_of.year)
    if target is None or study.unit.code != study.plan.place.code:
        return None
    asked = (study.plan, study.observations, target, study.as_of, study.plan.place.code)
    return study.part("share_change", study.as_of, of=lambda: share_change(study.plan, flow_of(*asked)))


def senders(study: Study, lines: pd.DataFrame) -> Table | Paragraph:
    """Each quantity with every kind of sender: value, how many of them reported, difference to the one that is used.

    Nothing where no quantity has two senders and for a single unit; `senders_said` tells why.
    """
    found = _senders(study)
    if found is None or found.empty:
        return together()
    entries = catalogue(study.plan)
    rows = [
        (
            entries[row.indicator].label,
            tasks.sender(study.plan, row.sender),
            Said("notebooks.number", value=row.value),
            Said("notebooks.senders.of", reported=int(row.reported), expected=int(row.expected)),
            "" if row.taken else Said("notebooks.number", value=row.difference),
            Said("notebooks.yes") if row.taken else "",
        )
        for row in found.itertuples()
    ]
    heads = (
        "indicator", "senders.sender", "senders.value", "senders.reported", "corrections.difference", "senders.used",
    )  # fmt: skip
    return table("senders", heads, rows)


def senders_said(study: Study, lines: pd.DataFrame) -> Any:
    """How many agree, which differ, which cannot be compared yet."""
    found = _senders(study)
    if found is None:
        return aside(Said("notebooks.one_unit"))
    labels = {name: one.label for name, one in catalogue(study.plan).items()}
    told = together(tasks.compared(found, labels, str(study.as_of)))
    return (mark(), told) if len(found) and study.observations["illustrative"].any() else told


def _table(lines: pd.DataFrame, labels: list[Any] | None = None, head: str = "indicator") -> Table:
    """Lines as a reader sees them: numbers written out, the reason where there is none."""
    records = lines.to_dict("records")
    told = [words.label_of(one) for one in records] if labels is None else labels
    rows = [
        (
            "" if one["row"] is pd.NA else Cell(one["row"], "ordinal"),
            label,
            Cell(one["period"], "period"),
            Cell(one["value"], "amount", one["measure"]),
            Cell(one["plan_value"], "amount", one["measure"], missing=""),
            Cell(one["percent_of_plan"], "percent", missing=""),
            Cell(one["index_last_year"], "percent", missing=""),
            words.why_of(one),
        )
        for one, label in zip(records, told, strict=True)
    ]
    return table("indicators", tuple(head if one == "indicator" else one for one in _HEADS), rows)


def _quarter_beside(lines: pd.DataFrame) -> pd.Series:
    """Lines of a quarter alone whose indicator also has a running total."""
    running = lines.loc[lines["basis"] == "cumulative", "id"].unique()
    return (lines["basis"] == "period") & lines["id"].isin(running)


def _line(lines: pd.DataFrame, indicator: str) -> dict | None:
    found = lines[lines["id"] == indicator].to_dict("records")
    return found[0] if found else None


def _due(study: Study, lines: pd.DataFrame, indicator: str) -> tuple[Study, pd.DataFrame]:
    """The study and its lines at the cut-off at which an indicator was last due."""
    due = last_due(study.plan, indicator, study.as_of)
    if due == study.as_of:
        return study, lines
    then = study.at(due)
    return then, then.lines


def _parts(study: Study, lines: pd.DataFrame) -> pd.DataFrame:
    return gaps.shares_of_people(study.plan, lines, people_indicator(study.plan), study.unit.code)


def _senders(study: Study) -> pd.DataFrame | None:
    """Who says what for the place; None where the study is of one unit."""
    if study.unit.code != study.plan.place.code:
        return None
    return study.part(
        "senders", study.as_of, of=lambda: reconciliation(study.plan, study.observations, study.as_of)
    )


def _target(plan: Plan, year: int) -> Target | None:
    """The target on people of the year, else the plan's last one."""
    people = [one for one in plan.targets if one.measure == "persons"]
    return next(
        (one for one in people if parse_cutoff(one.period).year == year), people[-1] if people else None
    )


BLOCKS = (
    overview, targets, targets_said, targets_picture, path_picture, path_said, districts_picture, districts_said,
    districts_paths, heatmap, heatmap_said, levels, groups, groups_said, gaps_picture, gaps_said, funds_picture,
    funds_said, of_tasks, bodies, moved, moved_said, senders, senders_said,
)  # fmt: skip
