"""What the notebook of indicators shows: tables, figures and sentences from one table of indicators.

table = show_indicators.table(study)            every row of the plan for the study's unit and those under it
show_indicators.overview(study, table)          what is known and what is not
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Picture, Said, Text
from vetanalysis.figures import bars, cumulative, facets, units
from vetanalysis.indicators import gaps
from vetanalysis.indicators.derived import courses, people_indicator, reconcile_quotas
from vetanalysis.indicators.table import indicator_table
from vetanalysis.language import numbers
from vetanalysis.language.filters import amount, known
from vetanalysis.language.numbers import in_years_of_study
from vetanalysis.narrative import indicators as words
from vetanalysis.observations.checks import are_totals
from vetanalysis.plan.catalogue import last_due
from vetanalysis.show.answers import Shown, say_of, shown_picture
from vetanalysis.study import Study, ledger_of

if TYPE_CHECKING:
    from IPython.display import Image, Markdown


_HEADS = {
    "row": Text("Dòng", "Row"),
    "label": Text("Chỉ tiêu", "Indicator"),
    "period": Text("Kỳ", "Period"),
    "value": Text("Thực hiện", "Value"),
    "plan": Text("Kế hoạch", "Plan"),
    "percent": Text("% kế hoạch", "% of plan"),
    "index": Text("% cùng kỳ", "% of last year"),
    "why": Text("Ghi chú", "Note"),
}
TARGET_ROWS = range(1, 10)


@in_years_of_study
def table(study: Study, ledger: object = None) -> pd.DataFrame:
    """The table of indicators of the study's cut-off, for the place and every unit."""
    return indicator_table(study.plan, study.observations, study.as_of, ledger=ledger)


@in_years_of_study
def when_due(study: Study, indicator: str) -> Study:
    """The same question at the latest cut-off, not after the study's, at which an indicator was due; else unchanged.

    Employment after training is reported at six months and at the end of the year: at nine months it is read at six.
    """
    due = last_due(study.plan, indicator, study.as_of)
    return study if due == study.as_of else study.at(due)


@in_years_of_study
def ledger(study: Study, returns: str | Path | None = "default") -> object:
    """The ledger of returns behind the study; None where there are none and for tidy files, which nobody sends in."""
    if isinstance(returns, str | Path) and returns == study.returns:
        return study.ledger
    return ledger_of(study.plan, returns, study.known_by)


@in_years_of_study
def of_unit(study: Study, lines: pd.DataFrame, *, breakdowns: bool = False) -> pd.DataFrame:
    """The lines of the study's unit: totals since the year began or levels; with `breakdowns` the others instead."""
    mine = lines[(lines["unit"] == study.unit.code) & ~_quarter_beside(lines)]
    total = are_totals(mine)
    return mine[~total if breakdowns else total]


@in_years_of_study
def overview(study: Study, lines: pd.DataFrame) -> Markdown:
    """How many quantities have a figure, how many units reported, whether the quotas add up."""
    mine = of_unit(study, lines)
    states = mine.loc[mine["row"].notna(), "state"].value_counts().to_dict()
    said: list[Said | None] = [words.counted_rows(states, str(study.as_of))]
    people = _line(mine, people_indicator(study.plan))
    if people is not None and people["expected"] > 1:
        said.append(words.coverage(people))
    if study.unit.code == study.plan.place.code and people_indicator(study.plan):
        said.append(words.quota_sum(reconcile_quotas(study.plan, study.as_of.year)))
    return say_of(study, said, as_list=True)


@in_years_of_study
def targets(study: Study, lines: pd.DataFrame) -> Shown:
    """Rows 1 to 9: the targets and what follows from them."""
    mine = of_unit(study, lines)
    return _worded(study, mine[mine["row"].isin(list(TARGET_ROWS))])


@in_years_of_study
def targets_said(study: Study, lines: pd.DataFrame) -> Markdown:
    """The indicators of the targets in sentences."""
    mine = of_unit(study, lines)
    chosen = (_line(mine, name) for name in dict.fromkeys(target.indicator for target in study.plan.targets))
    return say_of(study, (words.standing(one) for one in chosen if one is not None), as_list=True)


@in_years_of_study
def targets_picture(study: Study, lines: pd.DataFrame) -> Image | Markdown:
    """Every target of the unit with its latest figure, the target as 100 %."""
    return _image(bars.targets_picture(study, of_unit(study, lines)), study)


@in_years_of_study
def path_picture(study: Study) -> Image | Markdown:
    """People since the year began beside the paths of past years."""
    paths = courses(study.plan, study.observations, study.as_of)
    return _image(cumulative.path_picture(study, paths.get(study.unit.code, {})), study)


@in_years_of_study
def path_said(study: Study, lines: pd.DataFrame) -> Markdown:
    """The running total and the quarter alone, each against the year before."""
    name = people_indicator(study.plan)
    mine = lines[(lines["unit"] == study.unit.code) & (lines["id"] == name) & are_totals(lines)]
    return say_of(study, (words.standing(one) for one in mine.to_dict("records")))


@in_years_of_study
def districts_picture(study: Study, lines: pd.DataFrame) -> Image | Markdown:
    """The districts where they lie, shaded by the share of their quota that is done."""
    return _image(facets.districts_picture(study, lines), study)


@in_years_of_study
def districts_said(study: Study, lines: pd.DataFrame) -> Markdown:
    """Which district is furthest with its quota and which least far."""
    mine = facets.district_lines(study, lines)
    names = {code: name.vi for code, name in study.plan.short_names().items()}
    one = words.ranking(mine.to_dict("records"), names)
    return say_of(study, [one]) if one else _nothing(study)


@in_years_of_study
def districts_paths(study: Study) -> Image | Markdown:
    """The same small picture for every district: its path through the year against its quota."""
    return _image(facets.paths_picture(study, courses(study.plan, study.observations, study.as_of)), study)


@in_years_of_study
def levels(study: Study, lines: pd.DataFrame) -> Shown:
    """People by level, against the quotas of the level."""
    mine = of_unit(study, lines, breakdowns=True)
    mine = mine[(mine["id"] == people_indicator(study.plan)) & (mine["level"] != "")]
    names = {level.id: level.name.get(study.lang) for level in study.plan.levels}
    return _worded(study, mine, mine["level"].map(names), Text("Trình độ", "Level"))


@in_years_of_study
def groups(study: Study, lines: pd.DataFrame) -> Shown:
    """People by group, sex and residence, with their part of all; the parts overlap."""
    parts = gaps.shares_of_people(study.plan, lines, people_indicator(study.plan), study.unit.code)
    heads = (Text("Đối tượng", "Group"), Text("Số người", "People"), Text("Tỷ trọng", "Share"))
    rows = [
        (
            name.get(study.lang),
            numbers.number(one.value, study.lang, 0),
            numbers.percent(one.percent, study.lang),
        )
        for name, one in zip(gaps.group_names(study.plan, parts.index), parts.itertuples(), strict=True)
    ]
    return Shown(pd.DataFrame(rows, columns=[head.get(study.lang) for head in heads]))


@in_years_of_study
def groups_said(study: Study, lines: pd.DataFrame) -> Markdown:
    """Which part of the people belongs to each group."""
    parts = gaps.shares_of_people(study.plan, lines, people_indicator(study.plan), study.unit.code)
    names = dict(zip(parts.index, gaps.group_names(study.plan, parts.index), strict=True))
    return say_of(study, [words.shares(parts, names)])


@in_years_of_study
def gaps_picture(
    study: Study, lines: pd.DataFrame, indicator: str, kind: str = "institution"
) -> Image | Markdown:
    """Units of one kind on a rate, with the limits that chance allows."""
    return _image(units.funnel_picture(study, lines, indicator, kind), study)


@in_years_of_study
def gaps_said(study: Study, lines: pd.DataFrame, indicator: str, kind: str = "institution") -> Markdown:
    """How far units lie apart on a rate, and which lie outside what chance allows."""
    if not (lines["id"] == indicator).any():
        return _nothing(study)
    frame = gaps.unit_gaps(study.plan, lines, indicator, kind)
    label = _label(lines, indicator, study.lang)
    apart = gaps.spread(frame["rate"], frame["total"])
    return say_of(study, [words.gap_words(frame, apart, label, str(study.as_of))])


@in_years_of_study
def funds_picture(study: Study, lines: pd.DataFrame) -> Image | Markdown:
    """Money assigned and disbursed by source."""
    return _image(bars.funds_picture(study, of_unit(study, lines, breakdowns=True)), study)


@in_years_of_study
def funds_said(study: Study, lines: pd.DataFrame) -> Markdown:
    """Money assigned and disbursed, and the share."""
    mine = of_unit(study, lines)
    had, spent = (_line(mine, name) for name in ("budget_assigned", "budget_disbursed"))
    values = [None if one is None or not known(one["value"]) else one["value"] for one in (had, spent)]
    return say_of(study, [words.funds(values[0], values[1], str(study.as_of))])


@in_years_of_study
def task_heading(study: Study, number: int) -> Markdown:
    """The name of a task, as a heading."""
    from IPython.display import Markdown

    one = next(one for one in study.plan.tasks if one.number == number)
    return Markdown(f"**{number}. {one.label.get(study.lang)}**")


@in_years_of_study
def task(study: Study, lines: pd.DataFrame, number: int) -> Shown:
    """The rows that track one task of the plan, with the reason where there is no figure."""
    rows = next(list(one.rows) for one in study.plan.tasks if one.number == number)
    mine = of_unit(study, lines)
    return _worded(study, mine[mine["row"].isin(rows)])


@in_years_of_study
def bodies(study: Study, lines: pd.DataFrame) -> Shown:
    """The rows of section V, the duties of bodies, and of the completeness of reports."""
    table = study.plan.indicators
    ids = table.loc[table["plan_ref"].str.fullmatch(r"V(\.\d+)?"), "id"]
    mine = of_unit(study, lines)
    return _worded(study, mine[mine["id"].isin(list(ids))])


def _worded(
    study: Study, lines: pd.DataFrame, label: pd.Series | None = None, head: Text | None = None
) -> Shown:
    """Lines of the table as a reader sees them: numbers written out, the reason where there is none."""
    lang = study.lang
    heads = {**_HEADS, "label": head or _HEADS["label"]}
    told = lines[f"label_{lang}"] if label is None else label
    rows = [
        (
            "" if one["row"] is pd.NA else one["row"],
            name,
            numbers.short_period(one["period"], lang),
            amount(one["value"], one["measure"], lang) if known(one["value"]) else numbers.MISSING_CELL,
            amount(one["plan_value"], one["measure"], lang) if known(one["plan_value"]) else "",
            numbers.percent(one["percent_of_plan"], lang) if known(one["percent_of_plan"]) else "",
            numbers.percent(one["index_last_year"], lang) if known(one["index_last_year"]) else "",
            one[f"why_{lang}"],
        )
        for one, name in zip(lines.to_dict("records"), told, strict=True)
    ]
    return Shown(pd.DataFrame(rows, columns=[text.get(lang) for text in heads.values()]))


def _quarter_beside(lines: pd.DataFrame) -> pd.Series:
    """Lines of a quarter alone whose indicator also has a running total."""
    running = lines.loc[lines["basis"] == "cumulative", "id"].unique()
    return (lines["basis"] == "period") & lines["id"].isin(running)


def _line(lines: pd.DataFrame, indicator: str) -> dict | None:
    found = lines[lines["id"] == indicator].to_dict("records")
    return found[0] if found else None


def _label(lines: pd.DataFrame, indicator: str, lang: str) -> str:
    return lines.loc[lines["id"] == indicator, f"label_{lang}"].iloc[0]


def _nothing(study: Study) -> Markdown:
    from IPython.display import Markdown

    words = Text("Chưa có số liệu để so sánh hoặc vẽ hình.", "There are no figures to compare or draw.")
    return Markdown(f"*{words.get(study.lang)}*")


def _image(one: Picture | None, study: Study) -> Image | Markdown:
    return _nothing(study) if one is None else shown_picture(one, study.lang)
