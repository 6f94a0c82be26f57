"""The manifest of a report: what it was made from, what it answers, and the figures behind every sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import LANGUAGES, Text
from vetanalysis.language.numbers import in_years_of_study, period_name
from vetanalysis.pipeline.jobs import Inputs
from vetanalysis.remember import content_digest, undrawn

if TYPE_CHECKING:
    from vetanalysis.blocks import Document
    from vetanalysis.study import Study


def manifest_of(inputs: Inputs, study: Study, document: Document) -> dict[str, Any]:
    """The manifest: parameters, inputs, versions, the answers and the figures behind every sentence."""
    from vetanalysis.narrative.report import facts_manifest
    from vetanalysis.narrative.tables import answer

    return {
        **inputs.record(),
        "about": about(study),
        "answer": answer(study, study.lang),
        "answers": [
            {
                "target": one.target.id,
                "label": _both(one.target.label),
                "status": one.status,
                "probability": one.probability,
            }
            for one in study.assessments
        ],
        "result": result_digest(study, document),
        "targets": study.table.to_dict(orient="records"),
        "figures": {one.target.id: _figures(one) for one in study.assessments},
        "sentences": facts_manifest(document),
        "left_out": left_out(study),
    }


def result_digest(study: Study, document: Document | None = None) -> str:
    """One digest of everything the study found: equal digests give equal reports from the same notebooks.

    `document`: the report's, where it is at hand; else it is made without its pictures.
    """
    from vetanalysis.report import document_of

    if document is None:
        with undrawn():
            document = document_of(study)
    return content_digest([study.assessments, document, left_out(study)])


def left_out(study: Study) -> list[dict[str, Any]]:
    """Figures that `known_by` left out: all for the plan's place, else the unit's own."""
    found = list(study.left_out)
    if study.unit.code == study.plan.place.code:
        return found
    return [row for row in found if row.get("unit") == study.unit.code]


@in_years_of_study
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


def _both(text: Text) -> dict[str, str]:
    return {lang: text.get(lang) for lang in LANGUAGES}


def _figures(assessment: Any) -> list[dict[str, Any]]:
    """The figures a target was judged on, with source, base, concept, vintage and status."""
    fields = ("period", "value", "status", "source", "vintage", "base", "concept", "certainty", "note")
    return [{name: getattr(point, name) for name in fields} for point in assessment.points]
