"""Studies of the plans that ship and illustrative years, each made once by a process and asked by many tests."""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from tests.illustrative_year import example_year
from vetanalysis import load_plan, open_study
from vetanalysis.assessment.issued import statement_of
from vetanalysis.hashes import write_json
from vetanalysis.narrative.report import facts_manifest
from vetanalysis.pipeline.origins import origins_of
from vetanalysis.report import document_of, reported, told_of
from vetanalysis.study import Study

_STUDIES: dict[tuple[object, ...], Study] = {}


def opened(plan: str, as_of: str, *, unit: str = "", lang: str = "vi", **asked: str) -> Study:
    """What `open_study` gives for a plan by its name; views of one study share what was computed."""
    key = plan, *sorted(asked.items(), key=str)
    if key not in _STUDIES:
        _STUDIES[key] = open_study(plan, as_of, **asked)
    return _STUDIES[key].at(as_of, unit or _STUDIES[key].plan.place.code, lang)


@cache
def year_of(seed: int) -> Any:
    """The illustrative year of a seed, as it was reported and as it came true."""
    return example_year(seed, load_plan("lang-son-2023-example"))


def keep_report(reports: Path, study: Study, sentences: dict[str, Any] | None = None) -> None:
    """Leaves in a folder of reports what a run keeps of a report: what it stated, its sentences' facts, its figures."""
    folder = reports / study.plan.name / str(study.as_of) / study.unit.code / study.lang
    folder.mkdir(parents=True)
    told = told_of(study)
    said = {
        "statements": [asdict(statement_of(one)) for one in reported(study)],
        "sentences": facts_manifest(document_of(study, told)) if sentences is None else sentences,
    }
    write_json(said, folder / "manifest.json")
    write_json(origins_of(study, told), folder / "figures.json")
