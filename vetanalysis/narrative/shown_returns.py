"""What a notebook shows of returns: what came, what is missing, what is wrong, whom to phone.

The study's unit is the place itself (every unit), or a unit with those under it. Without returns (`ledger` is
None) the parts that open a section say so and everything else shows nothing (`without_returns`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vetanalysis import periods
from vetanalysis.blocks import Cell, Paragraph, Picture, Said, Table, Text, Wording
from vetanalysis.figures.heatmaps import returns_picture, units_in_sight
from vetanalysis.figures.units import received_picture
from vetanalysis.language.filters import known
from vetanalysis.narrative import returns
from vetanalysis.narrative import returns as words
from vetanalysis.narrative.shown_targets import aside, listed, mark, table, together
from vetanalysis.returns.lists import reporting_units
from vetanalysis.returns.matrix import STATES, periods_of, whole

if TYPE_CHECKING:
    from vetanalysis.returns.ledger import Ledger
    from vetanalysis.study import Study

    Marked = Table | Paragraph | tuple[Paragraph, Table | Paragraph] | None

_WRITTEN = ("difficulties", "causes", "proposals")
_MOST = 60  # rows that a reader still finds his way among
_BREAKDOWNS = ("level", "sex", "group", "residence", "trade", "fund_source", "channel")


def window(study: Study, ledger: Ledger | None) -> Paragraph:
    """Which days the cut-off counts, and the days by which returns are due; that nothing is due at a year's start."""
    if study.as_of.code == "start":
        return together(words.nothing_due(str(study.as_of)))
    plan, as_of = study.plan, study.as_of
    first, last = (day.isoformat() for day in periods.window(as_of, plan.calendar))
    kinds = {plan.unit(code).kind for code in reporting_units(plan, as_of)} or {"default"}
    days = sorted(periods.deadline(as_of, plan.calendar, kind).isoformat() for kind in kinds)
    key = "notebooks.window.one_day" if days[0] == days[-1] else "notebooks.window.days"
    return together(
        Said("notebooks.window", period=str(as_of), first=first, last=last),
        Said(key, first=days[0], last=days[-1]),
    )


def figures(study: Study, ledger: Ledger | None) -> Paragraph:
    """How many figures of the period there are and from how many units, whoever sent them and in whatever form."""
    mine = study.observations[study.observations["period"] == str(study.as_of)]
    counted = {"figures": len(mine), "units": mine["unit"].nunique()}
    key = "notebooks.figures_of_period" if len(mine) else "notebooks.figures_of_period.none"
    return together(Said(key, period=str(study.as_of), **counted))


def overview(study: Study, ledger: Ledger) -> Any:
    """What came, what is missing, what was found, whom to phone."""
    told = returns.arrivals(study, ledger)
    if not told.due:
        return together(words.nothing_due(str(study.as_of)))
    now = [row for row in returns.coverage(study, ledger) if row["period"] == str(study.as_of)]
    codes = [*returns.chase(study, ledger)["unit"], *(unit for unit, _ in returns.questions(study, ledger))]
    return _marked_list(
        study,
        ledger,
        words.arrived(told),
        words.outstanding(told),
        *(words.covered(row) for row in now),
        words.found(**returns.count_findings(study, ledger)),
        words.to_phone([returns.name_of(study, code) for code in dict.fromkeys(codes)]),
    )


def matrix(study: Study, ledger: Ledger) -> Marked:
    """Units and periods of the year up to the cut-off: in time, late and by how much, corrected, sent back, missing.

    Of very many those that are late, missing or sent back come first.
    """
    asked = [str(one) for one in periods_of(study.plan, study.as_of)]
    frame, rows = returns.matrix(study, ledger), []
    by_unit = {str(unit): part for unit, part in frame.groupby("unit", sort=False)}
    for unit in units_in_sight(frame, _MOST):
        cells = {row.period: _state(row) for row in by_unit[unit].itertuples(index=False)}
        rows.append((unit, returns.name_of(study, unit), *(cells.get(one, "") for one in asked)))
    heads = ("code", "unit", *(Said("notebooks.of_period", period=one) for one in asked))
    return _marked(study, ledger, heads, rows)


def coverage(study: Study, ledger: Ledger) -> Marked:
    """Per period: units that reported among those that must, and the part of the quotas they hold."""
    rows = [
        (
            Cell(row["period"], "period"),
            _part_of(row["units_reported"], row["units_due"]),
            _share(row["units_percent"]),
            _part_of(_count(row["quota_reported"]), _count(row["quota_due"])) if row["quota_due"] else "",
            _share(row["quota_percent"]),
        )
        for row in returns.coverage(study, ledger)
    ]
    heads = ("period", "coverage.units", "coverage.of_units", "coverage.quotas", "coverage.of_quotas")
    return _marked(study, ledger, heads, rows) or aside(words.nothing_due(str(study.as_of)))


def picture(study: Study, ledger: Ledger) -> Picture | None:
    """How many returns had come by each day around the deadline; nothing to draw for a single unit."""
    told, rows = returns.arrivals(study, ledger), returns.matrix(study, ledger)
    return received_picture(told, rows, illustrative=returns.invented(study, ledger))


def picture_said(study: Study, ledger: Ledger) -> Any:
    """Each period of the year in a sentence: who was in time, who late, who is missing."""
    told = [returns.arrivals(study, ledger, one) for one in periods_of(study.plan, study.as_of)]
    said = [(words.arrived(one), words.outstanding(one)) for one in told if one.due]
    return _marked_list(study, ledger, *(sentence for pair in said for sentence in pair))


def heatmap(study: Study, ledger: Ledger) -> Picture | Paragraph:
    """Units by period up to the cut-off, the state of every return; a sentence where none is asked for."""
    rows = returns.matrix(study, ledger)
    made = returns_picture(study, rows, illustrative=returns.invented(study, ledger))
    return made or aside(words.nothing_due(str(study.as_of)))


def heatmap_said(study: Study, ledger: Ledger) -> Any:
    """How many of all returns are on time, late, missing, refused or not due; who stands out; who is not drawn."""
    rows = returns.matrix(study, ledger)
    return None if rows.empty else _marked_list(study, ledger, *words.all_returns(study, rows))


def findings(study: Study, ledger: Ledger) -> Marked:
    """Errors, then warnings, of the year's files up to the cut-off that no later file settled."""
    rows = [
        (
            _severity(one["severity"]), returns.name_of(study, one["unit"]), one["file"], one["sheet"],
            one["cell"], _capital(one, "found"), _capital(one, "remedy"), one["rule"],
        )
        for one in returns.open_findings(study, ledger) if one["severity"] != "info"
    ]  # fmt: skip
    heads = ("findings.severity", "unit", "file", "sheet", "cell", "findings.found", "remedy", "rule")
    return _marked(study, ledger, heads, rows, "findings.empty")


def notes(study: Study, ledger: Ledger) -> Marked:
    """Notes counted by rule, with the first of each as an example."""
    ones = [one for one in returns.open_findings(study, ledger) if one["severity"] == "info"]
    counts, first = Counter(one["rule"] for one in ones), {one["rule"]: one for one in reversed(ones)}
    rows = []
    for rule, count in counts.most_common():
        one = first[rule]
        example = Said("notebooks.notes.first", file=one["file"], found=_both(one, "found"))
        rows.append((rule, str(count), example, _capital(one, "remedy")))
    return _marked(study, ledger, ("rule", "notes.times", "notes.example", "remedy"), rows)


def phone(study: Study, ledger: Ledger) -> Marked:
    """Whom to phone and why: nothing received, errors, a correction that holds errors, or warnings to ask about."""
    rows: list[tuple[Wording, ...]] = []
    for row in returns.chase(study, ledger).itertuples(index=False):
        need = Said(f"check.need.{row.need}")
        need = Said("notebooks.need.errors", need=need, errors=int(row.errors)) if row.errors else need
        due, days = Said("notebooks.phone.day", day=row.deadline), str(whole(row.days_late) or "")
        unit = returns.name_of(study, row.unit)
        rows.append((unit, Cell(row.period, "period"), need, due, days, row.contact, row.phone))
    for (sender, period), count in returns.questions(study, ledger).items():
        need, who = Said("notebooks.need.warnings", count=count), ledger.contact(sender)
        asked = (need, "", "", who.get("name", ""), who.get("phone", ""))
        rows.append((returns.name_of(study, sender), Cell(period, "period"), *asked))
    heads = (
        "unit", "period", "phone.needed", "phone.due", "phone.days_late", "phone.contact", "phone.number",
    )  # fmt: skip
    return _marked(study, ledger, heads, rows, "phone.empty")


def corrections_said(study: Study, ledger: Ledger) -> Any:
    """Which units sent a period again, and how many figures changed."""
    said = [
        words.corrected(returns.name_of(study, unit), period, files, len(changed))
        for unit, period, files, changed in returns.sent_again(study, ledger)
    ]
    return _marked_list(study, ledger, *(said or [words.nothing_sent_again()]))


def corrections(study: Study, ledger: Ledger) -> Marked:
    """Every figure that differs between the last two files of a unit and period."""
    plan = study.plan
    labels = plan.indicators.drop_duplicates("id").set_index("id")
    rows = []
    for unit, period, _, changed in returns.sent_again(study, ledger):
        for row in changed.to_dict("records"):
            name, moved = row["indicator"], row["difference"]
            more = Said("notebooks.corrections.more", value=moved) if known(moved) and moved > 0 else None
            rows.append(
                (
                    returns.name_of(study, unit), Cell(period, "period"),
                    _both(labels.loc[name], "label") if name in labels.index else name, _part(study, row),
                    Cell(row["before"], "number"), Cell(row["after"], "number"), Cell(moved, "number", words=more),
                    Said(f"notebooks.change.{row['change']}"), row["source"].partition("!")[2].replace("!", ", "),
                )
            )  # fmt: skip
    heads = (
        "unit", "period", "corrections.figure", "corrections.part", "corrections.before", "corrections.after",
        "corrections.difference", "corrections.change", "cell",
    )  # fmt: skip
    return _marked(study, ledger, heads, rows)


def progress(study: Study, ledger: Ledger) -> Marked:
    """What the units said of each task, in their own words, with how many said so."""
    frame = returns.written(study, ledger, ["progress"])
    rows = []
    for task, name in _tasks(study).items():
        said = Counter(frame.loc[frame["ref"] == task, "text"])
        if said:
            told = tuple(
                Said("notebooks.counted", words=text, count=count) for text, count in said.most_common()
            )
            rows.append((name, Said("notebooks.listed", parts=told)))
    return _marked(study, ledger, ("task", "progress.said"), rows)


def explanations(study: Study, ledger: Ledger) -> Marked:
    """Difficulties, causes and proposals as the units wrote them; units that wrote the same stand together."""
    tasks = _tasks(study)
    frame = returns.written(study, ledger, _WRITTEN)
    together: dict[tuple[str, ...], list[Text]] = {}
    for (ref, unit), part in frame.groupby(["ref", "unit"], sort=False):
        by_kind = part.groupby("kind")["text"].agg(" ".join)
        key = (ref, *(by_kind.get(kind, "") for kind in _WRITTEN))
        together.setdefault(key, []).append(returns.name_of(study, unit))
    order = list(tasks)
    written = sorted(
        together.items(), key=lambda row: order.index(row[0][0]) if row[0][0] in tasks else len(tasks)
    )
    rows = [
        (tasks.get(ref, ref), *texts, Said("notebooks.parts", parts=tuple(units)))
        for (ref, *texts), units in written
    ]
    heads = ("task", *(f"explanations.{kind}" for kind in _WRITTEN), "unit")
    return _marked(study, ledger, heads, rows, "explanations.empty")


def without_returns(study: Study, part: str) -> Paragraph | None:
    """What a part shows where there is no ledger: that none were received or that they were left out, or nothing."""
    if part not in _OPENING:
        return None
    left_out = study.returns is None or (isinstance(study.returns, str) and study.returns == "none")
    said = words.no_returns(left_out=left_out)
    return together(said) if part == "overview" else aside(said)


def _tasks(study: Study) -> dict[str, Said]:
    return {one.id: Said("notebooks.of_task", number=one.number, label=one.label) for one in study.plan.tasks}


def _part(study: Study, row: dict) -> Said:
    """The breakdown of a figure in words; an id the plan does not name stays an id."""
    named: dict[str, Any] = {one.id: one.name for one in study.plan.levels}
    named |= {one.id: one.name for one in study.plan.groups}
    named |= {sex: Said(f"notebooks.sex.{sex}") for sex in ("female", "male")}
    parts = tuple(named.get(row[one], row[one]) for one in _BREAKDOWNS if row[one])
    return Said("notebooks.parts", parts=parts)


def _state(row: Any) -> Said | Text:
    """A cell of the matrix: the state, days late, and the day of the file that counts."""
    said: Said | Text = STATES[row.state]
    days = whole(row.days_late)
    if days and row.state in ("missing", "refused"):
        said = Said("notebooks.state.overdue", state=said, days=days)
    elif days and row.state == "late":
        said = Said("notebooks.state.late", state=said, days=days)
    if row.received:
        said = Said("notebooks.state.day", state=said, day=row.received, year=row.period[:4])
    if row.newer_refused and row.state != "refused":
        said = Said("notebooks.state.newer_refused", state=said)
    return said


def _severity(severity: str) -> Said:
    return Said("notebooks.lowered", words=Said(f"check.severity.{severity}"))


def _both(row: Any, name: str) -> Text:
    return Text(row[f"{name}_vi"], row[f"{name}_en"])


def _capital(row: Any, name: str) -> Said:
    return Said("notebooks.capital", words=_both(row, name))


def _part_of(part: Any, total: Any) -> Said:
    return Said("notebooks.coverage.part", part=part, total=total)


def _count(value: float) -> Said:
    if not known(value):
        return Said("notebooks.coverage.unknown")
    return Said("notebooks.coverage.count", value=value)


def _share(value: float) -> Cell:
    return Cell(value, "percent", missing="")


def _marked(study: Study, ledger: Ledger, heads: Any, rows: list[Any], empty: str = "") -> Marked:
    """Rows as a table, marked where they are invented; without any row what `empty` says, or nothing."""
    if not rows:
        return aside(Said(f"notebooks.{empty}")) if empty else None
    more = len(rows) - _MOST
    made = table("returns", heads, rows[:_MOST])
    made = replace(made, notes=(Said("tables.more_rows", more=more),)) if more > 0 else made
    return (mark("figures.illustrative"), made) if returns.invented(study, ledger) else made


def _marked_list(study: Study, ledger: Ledger, *said: Said | None) -> Any:
    """Sentences as a list, with the mark of invented figures under it."""
    told = listed(*said)
    return (told, mark("figures.illustrative")) if returns.invented(study, ledger) else told


# Parts that need no ledger, and those that say that there is none; the others stand beside one of these.
ALWAYS = ("window", "figures")
_OPENING = (
    "overview",
    "picture",
    "coverage",
    "phone",
    "findings",
    "heatmap",
    "corrections_said",
    "explanations",
)

BLOCKS = (
    window, figures, overview, matrix, coverage, picture, picture_said, heatmap, heatmap_said, findings, notes, phone,
    corrections_said, corrections, progress, explanations,
)  # fmt: skip
