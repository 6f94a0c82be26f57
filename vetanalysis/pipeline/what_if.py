"""The what-if page of a plan and cut-off in its place: made again when what it rests on changed, else left alone."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.hashes import digest_of
from vetanalysis.paths import write_whole
from vetanalysis.pipeline.jobs import Report, inputs_of

NAME = "what-if.html"
_HEAD = 20_000  # bytes of a page within which it says what it was made from
_BEGINS = '<main id="content">\n'  # of a page, behind its marks
_APART = ("plan", "returns", "published")  # parameters that name files: those count by their content


def page_beside(report: Report) -> Path:
    """Where the page lies that belongs to a report: in the folder of its plan and cut-off."""
    return Path(report.place).parents[1] / NAME


def is_due(report: Report) -> bool:
    """Whether there is no page beside the report, or one that was made from something else; no figure is read."""
    try:
        with page_beside(report).open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError:
        return True
    return made_from(report).encode("ascii") not in head


def made_from(report: Report) -> str:
    """One digest of what the page rests on: the plan, every return and published figure, the program."""
    held = inputs_of(_asked(report)).record()
    chosen = {name: value for name, value in held["parameters"].items() if name not in _APART}
    return digest_of({**held, "parameters": chosen})


def write_page(report: Report) -> Path:
    """Make the page that belongs to a report and return where it lies."""
    from vetanalysis.documents.what_if import write_what_if
    from vetanalysis.pipeline.prepare import study_of

    held = made_from(report)  # before the figures are read: what changes meanwhile is seen by the next run
    return write_what_if(study_of(_asked(report).parameters()), page_beside(report), held)


def link_page(report: Report, place: str) -> None:
    """Link the page, where there is one, at the head of the HTML reports on `place`, each in its language.

    On the screen alone: what is printed and sent has no page beside it.
    """
    beside = page_beside(report)
    if not beside.is_file():
        return
    for path in sorted(beside.parent.glob(f"{place}/*/report.html")):
        if "." in path.parent.name:  # of a report that failed
            continue
        words = html.escape(Said("documents.index.what_if").get(path.parent.name))
        link = f'<nav aria-label="{words}"><a href="../../{NAME}">{words}</a></nav>\n'
        text = path.read_text(encoding="utf-8")
        if link not in text:
            write_whole(text.replace(_BEGINS, _BEGINS + link, 1).encode("utf-8"), path)


def _asked(report: Report) -> Report:
    """The question of the page: it is of the place and all units, in every language, and runs no notebook."""
    return replace(report, unit="", lang=LANGUAGES[0], notebooks=(), is_place=True, pdf=False)
