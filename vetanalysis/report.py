"""The report of a study: its document, worded and drawn once, for Word, HTML and the notebook alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vetanalysis.study import Study, open_study
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.documents.model import Document

NOTEBOOK_TITLES = {
    "3_trained_rate": Text("Tỷ lệ lao động qua đào tạo", "The trained-labour rate"),
    "4_people_trained": Text("Số người được đào tạo", "People trained"),
    "report": Text("Báo cáo", "Report"),
}


def study_of(parameters: Mapping[str, Any]) -> Study:
    """The study that a notebook's parameters describe."""
    options = {name: value for name, value in parameters.items() if name not in ("plan", "as_of")}
    return open_study(parameters["plan"], parameters["as_of"], **options)


def document_of(study: Study) -> Document:
    """The report as data: narrative, table of targets and a figure for each target that has figures to show."""
    from vetanalysis.narrative.compose import report_document
    from vetanalysis.pictures import figure_of, has_figures

    return report_document(
        study.plan,
        study.assessments,
        study.lang,
        as_of=str(study.as_of),
        unit=study.unit.code,
        figures=tuple(figure_of(one, study.lang) for one in study.assessments if has_figures(one)),
        seed=study.seed,
        known_by=study.known_by,
    )
