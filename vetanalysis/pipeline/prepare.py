"""One study for all reports of a run, ready before any of them is begun.

The server that kernels are forked from prepares it, and every fork finds it in its memory. Where nothing is
forked (plain kernels, Windows) the process that makes the documents prepares it for itself. Who asks
something else, or after a file changed, computes.
"""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis import beside
from vetanalysis.beside import begun_for_forks, begun_in_fork
from vetanalysis.blocks import LANGUAGES, Figure
from vetanalysis.language.numbers import of_plan
from vetanalysis.paths import write_whole
from vetanalysis.pipeline.jobs import Report, returns_folders
from vetanalysis.study import PREPARED, Study, open_study, question_key

if TYPE_CHECKING:
    from vetanalysis.blocks import Document
    from vetanalysis.plan import Plan

_SENT = ("lines", "told")
_WORTH_SENDING = 1000  # files of returns, of which the study is sent in half a second


def study_of(parameters: Mapping[str, Any]) -> Study:
    """The study that a notebook's parameters describe, with what is told of its unit where that was begun before."""
    options = {name: value for name, value in parameters.items() if name not in ("plan", "as_of")}
    study = open_study(parameters["plan"], parameters["as_of"], **options)
    begun = study.parts.get(_begun(study), dict)
    study.parts.update(begun())
    return study


def _begun(study: Study) -> tuple[str, str]:
    """The part of a study that gives what was begun of its unit."""
    return "begun", study.unit.code


def hold(parameters: Mapping[str, Any]) -> Study:
    """Open what a report's parameters ask, and hold it for this process and all that are forked from it.

    Raises what `open_study` raises: what is wrong with the data is told before any report is begun.
    """
    key = state_of(parameters)
    if key not in PREPARED:
        release()  # of an earlier run
        PREPARED[key] = _opened(parameters)
    return PREPARED[key]


def _opened(parameters: Mapping[str, Any]) -> Study:
    study = study_of(parameters)
    _ = study.last_issued  # a damaged record is told now
    return study


def prepare(parameters: Mapping[str, Any]) -> None:
    """`hold`, and where it was not held already everything that all units share computed."""
    if state_of(parameters) not in PREPARED:
        _share(hold(parameters))


def release() -> None:
    """Hold nothing any longer."""
    PREPARED.clear()


def state_of(parameters: Mapping[str, Any]) -> str:
    """What the question rests on, files by their content, as one text."""
    return question_key(
        **{name: parameters[name] for name in ("plan", "returns", "published", "known_by", "seed")}
    )


def hand_on(study: Study, known: Collection[object], path: Path) -> None:
    """Store what was worked out of the study's unit after `known`, for the kernel in which its notebooks run.

    What cannot be stored is worked out there again.
    """
    asked = (study.as_of, study.unit.code)
    keys = [("assessments", *asked), ("worded", *asked, study.lang)]
    if fresh := {key: study.parts[key] for key in keys if key in study.parts and key not in known}:
        with contextlib.suppress(OSError, TypeError, AttributeError, pickle.PicklingError):
            write_whole(pickle.dumps(fresh, pickle.HIGHEST_PROTOCOL), path)


def take_over(path: Path) -> None:
    """Hold what `hand_on` stored there for the study that this process holds; nothing where nothing was stored."""
    if path.is_file():
        for study in PREPARED.values():
            study.parts.update(pickle.loads(path.read_bytes()))


def begin_for_forks(asked: Mapping[str, Any]) -> Callable[[], None]:
    """What the server of kernels does before the first fork: the study is opened beside its further imports.

    What is returned ends it, when all is imported. A study of many returns is opened then: to send it takes longer.
    """
    beside.FORKS = True
    opened: Callable[[], Study] = partial(_opened, asked)
    small = _files_of_returns(asked) <= _WORTH_SENDING
    if small:
        opened = begun_in_fork(opened)

    def ended() -> None:
        with contextlib.suppress(Exception):  # told by the first that asks
            PREPARED[state_of(asked)] = study = opened()
            _prepare_all(study, small)

    return ended


def _files_of_returns(asked: Mapping[str, Any]) -> int:
    folders = returns_folders(Report(place="", **asked))
    return sum(1 for folder in folders for _ in folder.rglob("*"))


def _prepare_all(study: Study, small: bool) -> None:
    """Everything that all units share, some of it in forks.

    What is told of a `small` study's place, whose document takes longest, is begun beside it and the first units.
    """
    from vetanalysis.narrative.tables import answer
    from vetanalysis.report import last_report, told_of

    tables = begun_in_fork(partial(_parts, study, _tables))
    with contextlib.suppress(Exception), of_plan(study.plan):
        answer(study.at(unit=study.plan.place.code), study.lang)
        if study.as_of.months and study.ledger is not None:
            last_report(study)  # with which a report of returns is compared
    study.parts.update(tables())
    with contextlib.suppress(Exception):
        _ = study.period  # read from both, and from what they carry of earlier cut-offs
    if small:
        place = study.at(unit=study.plan.place.code)
        study.parts[_begun(place)] = begun_for_forks(partial(_parts, place, told_of))
    _share(study)


def _parts(study: Study, work: Callable[[Study], object]) -> dict[tuple[object, ...], Any]:
    """What some work adds to the parts of the study, without what is quicker made than sent."""
    known = set(study.parts)
    work(study)
    return {key: study.parts[key] for key in study.parts if key not in known and key[0] in _SENT}


def _tables(study: Study) -> object:
    """Those of indicators at its cut-off and, of a report of returns, at the last half-year, when more is asked."""
    asked = study.as_of.months and study.ledger is not None
    return study.lines, study.half_yearly.lines if asked else None


def _share(study: Study) -> None:
    """Make the documents of a unit of the highest and one of the lowest tier, and where their figures come from.

    Empty files are written, too, and pictures laid out that nobody paints, so that their lines are read, their styles
    made and their letters found. Whatever fails here fails again where it is needed, and is told there.
    """
    from vetanalysis import show
    from vetanalysis.documents.html import html_text
    from vetanalysis.documents.word import word_bytes
    from vetanalysis.figures.pictures import Drawing
    from vetanalysis.narrative.tables import answer
    from vetanalysis.pipeline.origins import origins_of
    from vetanalysis.report import document_of, told_of

    documents: dict[str, Document] = {}
    with contextlib.suppress(Exception), of_plan(study.plan):
        for unit in _highest_and_lowest(study.plan):
            view = study.at(unit=unit)
            told = told_of(view)
            origins_of(view, told)
            for lang in LANGUAGES:
                spoken = view.at(lang=lang)
                documents[lang] = document_of(spoken)
                show.answer(spoken), answer(spoken, lang)
        for lang, document in documents.items():
            pictures = [one.picture for one in document.blocks if isinstance(one, Figure)]
            _ = [one.chart.figure(lang) for one in pictures if isinstance(one, Drawing)]
            empty = replace(document, blocks=(), appendices=())
            html_text(empty), word_bytes(empty)


def _highest_and_lowest(plan: Plan) -> list[str]:
    """A unit with a quota of the highest tier below the place, and one of the lowest, where there are several."""
    from vetanalysis.indicators.tiers import tiers_of

    depth, place = tiers_of(plan).depth, plan.place.code
    units = sorted(plan.quotas.loc[plan.quotas["unit"] != place, "unit"].unique(), key=depth.__getitem__)
    first, last = (units or [place])[0], (units or [place])[-1]
    return [first] if depth[first] == depth[last] else [first, last]
