"""One study for all reports of a run, ready before any of them is begun.

The server that kernels are forked from prepares it, and every fork finds it in its memory. Where nothing is
forked (plain kernels, Windows) the process that makes the documents prepares it for itself. Who asks
something else, or after a file changed, computes.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import LANGUAGES
from vetanalysis.report import study_of
from vetanalysis.study import PREPARED, Study, question_key

if TYPE_CHECKING:
    from vetanalysis.plan import Plan


def hold(parameters: Mapping[str, Any]) -> Study:
    """Open what a report's parameters ask, and hold it for this process and all that are forked from it.

    Raises what `open_study` raises: what is wrong with the data is told before any report is begun.
    """
    key = state_of(parameters)
    if key not in PREPARED:
        release()  # of an earlier run
        study = study_of(parameters)
        _ = study.last_issued  # a damaged record is told now
        PREPARED[key] = study
    return PREPARED[key]


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


def prepare_for_forks(asked: Mapping[str, Any], pictures: str) -> None:
    """What the server of kernels does before the first fork; `pictures`: where forks keep what they draw, or ""."""
    from vetanalysis.figures.pictures import KEPT
    from vetanalysis.returns import read_all

    KEPT.folder = Path(pictures) if pictures else None
    read_all.WORTH_PROCESSES = sys.maxsize  # a process that is forked from starts none of its own
    with contextlib.suppress(Exception):  # told by the first that asks
        prepare(asked)


def _share(study: Study) -> None:
    """Make the documents of the place and of one more unit, and where their figures come from; no picture is drawn.

    Empty files are written, too, so that what makes them is loaded. Whatever fails here fails again where it is needed,
    and is told there.
    """
    from vetanalysis.documents.html import html_text
    from vetanalysis.documents.word import word_bytes
    from vetanalysis.language.numbers import of_plan
    from vetanalysis.narrative.tables import answer
    from vetanalysis.pipeline.origins import origins_of
    from vetanalysis.report import document_of, told_of

    with contextlib.suppress(Exception), of_plan(study.plan):
        answer(study.at(unit=study.plan.place.code), study.lang)
        for unit in (study.plan.place.code, _another(study.plan)):
            view = study.at(unit=unit)
            told = told_of(view)
            document_of(view, told)
            origins_of(view, told)
        for lang in LANGUAGES:
            empty = replace(document_of(view.at(lang=lang), told), blocks=(), appendices=())
        html_text(empty), word_bytes(empty)


def _another(plan: Plan) -> str:
    return next(str(code) for code in plan.quotas["unit"] if code != plan.place.code)
