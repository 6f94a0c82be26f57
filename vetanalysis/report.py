"""The report of a study: its document, worded and drawn once, for Word, HTML and the notebook alike."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import Text
from vetanalysis.language.numbers import in_years_of_study
from vetanalysis.remember import is_undrawn, remembered, remembered_each
from vetanalysis.study import Study, open_study

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.blocks import Document
    from vetanalysis.narrative.period import PeriodFacts

NOTEBOOK_TITLES = {
    "3_trained_rate": Text("Tỷ lệ lao động qua đào tạo", "The trained-labour rate"),
    "4_people_trained": Text("Số người được đào tạo", "People trained"),
    "report": Text("Báo cáo", "Report"),
}


def study_of(parameters: Mapping[str, Any]) -> Study:
    """The study that a notebook's parameters describe."""
    options = {name: value for name, value in parameters.items() if name not in ("plan", "as_of")}
    return open_study(parameters["plan"], parameters["as_of"], **options)


@in_years_of_study
def document_of(study: Study) -> Document:
    """The report as data: narrative, tables, a figure for each target that has figures to show, appendices.

    For a cut-off within or after the year with returns it is the report of that period (for another unit than the
    plan's place: the unit's own sheet); without any it says what published figures allow.
    """
    key = (*study.origin, study.as_of, study.unit.code, study.lang, study.seed, is_undrawn())
    return remembered("document", key, lambda: _document(study)) if study.origin else _document(study)


def _document(study: Study) -> Document:
    from vetanalysis.figures.pictures import drawn, has_figures, picture_of
    from vetanalysis.language.cells import worded
    from vetanalysis.narrative.report import report_document

    period = period_of(study)
    assessments = study.assessments
    if period is not None:
        assessments = tuple(period.as_reported(one) for one in assessments)
    told = report_document(
        study.plan,
        assessments,
        as_of=str(study.as_of),
        unit=study.unit.code,
        figures=tuple(picture_of(one) for one in assessments if has_figures(one)),
        seed=study.seed,
        known_by=study.known_by,
        period=period,
    )
    return drawn(worded(told, study.lang, study.plan.words), study.lang)


@in_years_of_study
def period_of(study: Study) -> PeriodFacts | None:
    """What the returns of the study's period hold; None at the start of a year and where there are no returns."""
    from vetanalysis.figures.pictures import period_pictures
    from vetanalysis.indicators.derived import people_indicator
    from vetanalysis.narrative.period import PeriodFacts

    if not study.as_of.quarters:
        return None
    place = study.plan.place.code
    if study.origin and study.unit.code != place:
        last_report(study)  # in a run: while the place's report puts together what all units share
    shared = _shared(study)
    if shared is None:
        return None
    whole = study if study.unit.code == place else study.at(unit=place)
    year = next(
        (
            one.year_of_people
            for one in whole.assessments
            if isinstance(one, PeopleAssessment) and one.year_of_people and one.counted_to == str(study.as_of)
        ),
        None,
    )
    people = people_indicator(study.plan)
    own = next((one for one in study.assessments if one.target.indicator == people), None)
    before_as_of, before = last_report(study)
    facts = PeriodFacts(
        plan=study.plan,
        cutoff=study.as_of,
        unit=study.unit.code,
        people=people,
        own=own,
        year=year,
        before=before,
        before_as_of=before_as_of,
        **shared,
    )
    return replace(facts, figures=period_pictures(study, facts))


def _shared(study: Study) -> dict[str, Any] | None:
    """What is the same for every unit, read once per run; of the lines a unit gets its own and the place's."""
    place, key = study.plan.place.code, (*study.origin, study.as_of)

    def whole() -> dict[str, Any] | None:
        return (
            remembered("period", key, lambda: _of_all_units(study)) if study.origin else _of_all_units(study)
        )

    if study.unit.code == place or not study.origin:
        return whole()
    mine = study.unit.code
    return remembered_each("period-of", key, mine, lambda: _by_unit(whole(), mine, place))


def _by_unit(shared: dict[str, Any] | None, asked: str, place: str) -> dict[Hashable, dict[str, Any] | None]:
    """The facts of every unit that has lines, and of the one asked for."""
    if shared is None:
        return {asked: None}
    import pandas as pd

    parts = {name: shared[name] for name in ("lines", "older")}
    rows = {
        name: {} if frame is None else {str(unit): part for unit, part in frame.groupby("unit", sort=False)}
        for name, frame in parts.items()
    }
    found: dict[Hashable, dict[str, Any] | None] = {}
    for code in dict.fromkeys([asked, *rows["lines"]]):
        own = dict(shared)
        for name, frame in parts.items():
            chosen = [rows[name][unit] for unit in (place, code) if unit in rows[name]]
            if frame is not None:
                own[name] = pd.concat(chosen) if chosen else frame.iloc[:0]
        found[code] = own
    return found


def _of_all_units(study: Study) -> dict[str, Any] | None:
    """The part of the period's facts that is the same for every unit; None without returns."""
    from vetanalysis.indicators.table import indicator_table
    from vetanalysis.study_returns import ledger as ledger_of
    from vetanalysis.study_returns import when_due

    ledger = ledger_of(study, study.returns)
    if ledger is None or ledger.observations.empty:
        return None
    plan, cutoff = study.plan, study.as_of
    lines = indicator_table(plan, study.observations, cutoff, ledger=ledger)
    due = (
        when_due(study, "employed_after_training_rate")
        if _has(plan, "employed_after_training_rate")
        else study
    )
    older = None if due.as_of == cutoff else indicator_table(plan, study.observations, due.as_of)
    matrix = ledger.matrix(cutoff)
    matrix = matrix[matrix["period"] == str(cutoff)].reset_index(drop=True)
    files = set(matrix["file"]) - {""}
    return {
        "lines": lines,
        "matrix": matrix,
        "explanations": _of_period(ledger.explanations, str(cutoff)),
        "documents": _of_files(ledger.documents, files),
        "findings": _of_period(ledger.findings, str(cutoff)),
        "older": older,
        "older_as_of": "" if older is None else str(due.as_of),
    }


def last_report(study: Study) -> tuple[str, tuple[Assessment, ...]]:
    """The cut-off of the report before and its assessments, from what was known when it was due.

    The report of the first quarter is compared with the start of the year; nothing where the plan does not
    reach back.
    """
    from vetanalysis.periods import Cutoff, cutoff_day, deadline, previous

    cutoff, plan = study.as_of, study.plan
    earlier = Cutoff(cutoff.year, "start") if cutoff.quarters == 1 else previous(cutoff)
    if earlier.code == "start":
        day = cutoff_day(earlier, plan.calendar).isoformat()
    else:
        day = deadline(earlier, plan.calendar, "province").isoformat()
    day = min(day, study.known_by) if study.known_by else day
    then = open_study(
        plan,
        str(earlier),
        unit=study.unit.code,
        lang=study.lang,
        returns=study.returns,
        known_by=day,
        seed=study.seed,
    )
    return str(earlier), then.assessments


def _has(plan: Any, indicator: str) -> bool:
    return indicator in set(plan.indicators["id"])


def _of_period(frame: pd.DataFrame, period: str) -> pd.DataFrame:
    return frame[frame["period"] == period].reset_index(drop=True)


def _of_files(documents: pd.DataFrame, files: set[str]) -> pd.DataFrame:
    """The documents named in these files (the matrix names them with their folder, the records without)."""
    names = {file.split("/")[-1] for file in files}
    mine = documents["source"].map(lambda source: source.split("!")[0].split("/")[-1] in names)
    return documents[mine].reset_index(drop=True)
