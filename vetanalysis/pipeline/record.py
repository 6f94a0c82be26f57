"""What becomes of a study in a report's folder: its documents, and its answers in the manifest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.issued import statement_of
from vetanalysis.beside import begun_in_fork
from vetanalysis.blocks import LANGUAGES, Said, Text
from vetanalysis.errors import VetanalysisError
from vetanalysis.hashes import content_digest, plain, read_json, write_json
from vetanalysis.language.lines import in_words_of
from vetanalysis.language.numbers import in_words_of_study, period_name
from vetanalysis.paths import write_whole
from vetanalysis.pipeline.jobs import WITH_DOCUMENT, Report

FIGURES = "figures.json"  # every printed figure with the rows it comes from

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.blocks import Document
    from vetanalysis.study import Study


def write_documents(
    reports: Sequence[Report],
    folders: Sequence[Path],
    side_by_side: bool = False,
    forks: bool = False,
) -> dict[str, dict[str, Any] | str]:
    """Word, HTML and, for the plan's place, the workbook of one unit, each report's into its folder.

    By language: what its manifest holds of the answers, or one line that says why there are no documents. What its
    notebooks are to know of the unit is handed on to them. `forks`: whether this process has no threads of its own and
    may be forked. Then where the place's figures come from is looked up in a fork, since all figures are read for it,
    and `side_by_side` its languages, which take longest, are each written in one.
    """
    from vetanalysis.pipeline.origins import origins_of
    from vetanalysis.pipeline.prepare import study_of
    from vetanalysis.report import told_of

    study = study_of(reports[0].parameters())
    known = set(study.parts)
    unworded = told_of(study)
    written: list[Callable[[], tuple[str, dict[str, Any] | str]]] = [
        partial(_written_or_why, study, known, *one) for one in zip(reports, folders, strict=True)
    ]
    if forks and reports[0].is_place:
        look_up = partial(origins_of, study, unworded)
        study.part("origins", study.as_of, study.unit.code, of=lambda: begun_in_fork(look_up)())
        if side_by_side:
            written = [written[0], *map(begun_in_fork, written[1:])]
    found = dict(one() for one in written)
    return {one.lang: found[one.lang] for one in reports}


def _written_or_why(
    study: Study, known: Collection[object], report: Report, folder: Path
) -> tuple[str, dict[str, Any] | str]:
    """A report's language, with what its manifest holds, or why there are no documents.

    `known`: the parts of the study that its notebooks have already.
    """
    from vetanalysis.pipeline.prepare import hand_on

    spoken = study.at(lang=report.lang)
    try:
        record = _written(spoken, folder)
    except Exception as error:
        return report.lang, told(error, report.place)
    if report.handed_on is not None:
        hand_on(spoken, known, report.handed_on)
    return report.lang, record


@in_words_of_study
def _written(study: Study, folder: Path) -> dict[str, Any]:
    from vetanalysis.documents.html import html_text
    from vetanalysis.documents.word import write_word
    from vetanalysis.documents.workbook import write_workbook
    from vetanalysis.narrative.report import sentences
    from vetanalysis.pipeline.origins import origins_of
    from vetanalysis.report import document_of, told_of

    unworded, document = told_of(study), document_of(study)
    page = html_text(document)
    result = result_digest(study, page)
    marked = replace(document, meta={"report": result, **document.meta})  # `seal` finds the report by it
    write_word(marked, folder / "report.docx")
    write_whole(page.encode("utf-8"), folder / "report.html")
    origins = origins_of(study, unworded)
    texts = {one.id: one.text for one in sentences(document)}
    write_json({**origins, "sentences": texts}, folder / FIGURES, indent=None)
    if study.unit.code == study.plan.place.code:
        write_workbook(document, folder / "report.xlsx")
    return plain({**answers_of(study, document, result), "told": told_digest(study, unworded)})  # type: ignore[no-any-return]


def write_pages(made: Sequence[tuple[Report, Path]]) -> dict[str, str]:
    """Beside the executed notebooks of these reports, each in its folder, what they show as pages.

    Not of the notebook that shows the document, which is a page itself. By language why there are none.
    """
    failed = {}
    for report, folder in made:
        try:
            _write_pages(report, folder)
        except Exception as error:
            failed[report.lang] = told(error, report.place)
    return failed


def _write_pages(report: Report, folder: Path) -> None:
    from vetanalysis.documents.html import notebook_html
    from vetanalysis.plan import load_plan

    words = None if report.lang in LANGUAGES else load_plan(report.plan).words
    for name in (one for one in report.notebooks if one != WITH_DOCUMENT):
        executed = folder / f"{name}.ipynb"
        with in_words_of(words):
            page = notebook_html(executed, Said(f"pipeline.title.{name}").get(report.lang), report.lang)
        executed.with_suffix(".html").write_text(page, encoding="utf-8", newline="\n")


def told(error: Exception, place: str) -> str:
    """Why a report was not made, in one line or in the lines of the package's own errors."""
    if isinstance(error, VetanalysisError):
        return str(error)
    if isinstance(error, OSError):
        return (
            f"{place}: {error.strerror or error}. Free space or rights on the reports folder, then run again."
        )
    return f"{type(error).__name__}: {error}"


def answers_of(study: Study, document: Document, result: str) -> dict[str, Any]:
    """What a manifest holds beside the inputs: the answers and the figures behind every sentence.

    `result`: the `result_digest`.
    """
    from vetanalysis.narrative.report import facts_manifest
    from vetanalysis.narrative.tables import answer
    from vetanalysis.report import reported

    return {
        "about": about(study),
        "answer": answer(study, study.lang),
        "answers": [_answer(study, one) for one in study.assessments],
        "result": result,
        "statements": [] if study.is_silent else [asdict(statement_of(one)) for one in reported(study)],
        "targets": study.table.to_dict(orient="records"),
        "figures": {one.target.id: _figures(one) for one in study.assessments},
        "sentences": facts_manifest(document),
        "left_out": left_out(study),
    }


def _answer(study: Study, one: Assessment) -> dict[str, Any]:
    """How a target stands, for the page that lists reports; `applies`: whether it is asked of the unit at all.

    Of people in a period of which nobody has reported, that alone: its report states no chance either.
    """
    from vetanalysis.narrative.targets import asked_of, verdict

    is_place = study.unit.code == study.plan.place.code
    number, chance, status, said = _number(one), one.probability, one.status, verdict(one)
    if study.is_silent and one.kind == "people":
        chance, status = None, "not_assessed"
        said = Said(f"documents.index.silent{'.all' if is_place else ''}", period=one.as_of)
    return {
        "target": one.target.id,
        "label": _both(one.target.label),
        "status": status,
        "probability": chance,
        "verdict": _both(said),
        "number": "" if number is None else _both(number),
        "chance": ""
        if chance is None or one.is_judged
        else _both(Said("documents.index.chance", probability=chance)),
        "applies": one in asked_of(study.assessments, is_place),
    }


def _number(one: Assessment) -> Said | None:
    """What was reached, a count with its share of the plan, or that the unit's report has not come; None else.

    With its period where that is not the cut-off.
    """
    from vetanalysis.assessment.assessment import PeopleAssessment
    from vetanalysis.narrative.targets import newest

    target = one.target
    if isinstance(one, PeopleAssessment):
        value = one.newest_count
        if value is None:
            late = one.unit in one.late_codes
            return Said("documents.index.silent", period=one.counted_to) if late else None
        told: dict[str, Any] = {"value": value, "worded": one.worded, "to_day": one.to_day}
        told["period"] = one.counted_to if one.counted_to != one.as_of else None
        if not target.has_value:
            return Said("documents.index.counted_alone", **told)
        return Said("documents.index.counted", plan=target.value, **told)
    point = newest(one)
    if point is None:
        return None
    told = {"value": point.value, "measure": target.measure, "period": point.period, "worded": point.worded}
    return Said("documents.index.figure", **told, goal=target.value)


def results_of(reports: Sequence[Report]) -> list[str]:
    """`result_digest` of what each report would say now."""
    from vetanalysis.pipeline.prepare import study_of

    return [
        _result_of(study_of(one.parameters()), read_json(Path(one.place) / "manifest.json") or {})
        for one in reports
    ]


@in_words_of_study
def _result_of(study: Study, before: Mapping[str, Any]) -> str:
    """The digest; it is that of the manifest `before` where every figure told is the same: then no page is made."""
    from vetanalysis.documents.html import html_text
    from vetanalysis.report import document_of, told_of

    told = told_of(study)
    if "result" in before and before.get("told") == told_digest(study, told):
        return str(before["result"])
    return result_digest(study, html_text(document_of(study)))


@in_words_of_study
def told_digest(study: Study, told: Document) -> str:
    """One digest of all that a document and the answer above it are made of, before it is worded and drawn.

    The same digest makes the same page; another may do so, too: a figure can move behind the digits that people read.
    """
    from vetanalysis.narrative.tables import answer

    return content_digest([answer(study, study.lang), told])


@in_words_of_study
def result_digest(study: Study, page: str) -> str:
    """One digest of everything that is printed, pictures too: the page of the document, and the answer above it.

    A figure that moves behind the digits that people read moves it not.
    """
    from vetanalysis.narrative.tables import answer

    return content_digest([answer(study, study.lang), page])


def left_out(study: Study) -> list[dict[str, Any]]:
    """Figures that `known_by` left out: all for the plan's place, else the unit's own."""
    found = list(study.left_out)
    if study.unit.code == study.plan.place.code:
        return found
    return [row for row in found if row.get("unit") == study.unit.code]


@in_words_of_study
def about(study: Study) -> dict[str, Any]:
    """What the report is about, in both languages, for the page that lists reports."""
    as_of = str(study.as_of)
    return {
        "plan": study.plan.name,
        "plan_title": _both(study.plan.title),
        "as_of": as_of,
        "period_name": {lang: period_name(as_of, lang) for lang in LANGUAGES},
        "unit": study.unit.code,
        "unit_name": _both(study.unit.label),
        "place": study.unit.code == study.plan.place.code,
        "illustrative": any(one.illustrative for one in study.assessments),
    }


def _both(text: Said | Text) -> dict[str, str]:
    return {lang: text.get(lang) for lang in LANGUAGES}


def _figures(assessment: Any) -> list[dict[str, Any]]:
    """The figures a target was judged on, with source, base, concept, vintage and status."""
    fields = ("period", "value", "status", "source", "vintage", "base", "concept", "certainty", "note")
    return [{name: getattr(point, name) for name in fields} for point in assessment.points]
