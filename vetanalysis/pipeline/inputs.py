"""Which files a report was made from, by content, and the manifest that says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.manifest import tree_hashes, versions
from vetanalysis.narrative.numbers import period_name
from vetanalysis.paths import data_root, notebooks_root
from vetanalysis.pipeline.jobs import Job
from vetanalysis.text import LANGUAGES, Text

if TYPE_CHECKING:
    from vetanalysis.documents.model import Document
    from vetanalysis.study import Study


def input_hashes(job: Job, study: Study) -> dict[str, str]:
    """SHA-256 of each file the report depends on: plan, published tables, returns, notebooks."""
    base = data_root()
    found = tree_hashes(study.plan.folder, study.plan.folder.parent)
    published = base / "published" if job.published == "default" else Path(job.published)
    if job.published != "none" and published.exists():
        found |= tree_hashes(published, published.parent)
    returns = base / "returns" / study.plan.name if job.returns == "default" else Path(job.returns)
    if job.returns != "none" and returns.exists():
        found |= tree_hashes(returns, returns.parent)
    for name in job.notebooks:
        found |= tree_hashes(notebooks_root() / f"{name}.ipynb", notebooks_root().parent)
    return found


def manifest_of(job: Job, study: Study, document: Document) -> dict[str, Any]:
    """The manifest: parameters, inputs, versions, the answers and the figures behind every sentence."""
    from vetanalysis.narrative.compose import facts_manifest

    return {
        "about": about(study),
        "answers": [
            {
                "target": one.target.id,
                "label": _both(one.target.label),
                "status": one.status,
                "probability": one.probability,
            }
            for one in study.assessments
        ],
        "parameters": job.parameters(),
        "inputs": input_hashes(job, study),
        "versions": versions(),
        "targets": study.table.to_dict(orient="records"),
        "figures": {one.target.id: _figures(one) for one in study.assessments},
        "sentences": facts_manifest(document),
        "left_out": list(study.observations.attrs.get("left_out", ())),
    }


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
        "illustrative": any(one.illustrative for one in study.assessments),
    }


def _both(text: Text) -> dict[str, str]:
    return {lang: text.get(lang) for lang in LANGUAGES}


def _figures(assessment: Any) -> list[dict[str, Any]]:
    """The figures a target was judged on, with source, base, concept, vintage and status."""
    fields = ("period", "value", "status", "source", "vintage", "base", "concept", "certainty", "note")
    return [{name: getattr(point, name) for name in fields} for point in assessment.points]
