"""What notebooks show: tables, figures and sentences of the documents, as objects Jupyter displays.

study = vetanalysis.open_study("lang-son-2023", "2023-start")
show.answer(study)                          the headline of every target
show.picture(study, study.assessments[0])   its figure
show.block(study, "returns.matrix")         any part by its name; `show.parts()` lists them
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment
from vetanalysis.blocks import (
    MISSING_CELL,
    Column,
    Figure,
    Heading,
    OfficePlace,
    Paragraph,
    Said,
    Sentence,
    Table,
)
from vetanalysis.checks import near
from vetanalysis.documents.package import inert
from vetanalysis.errors import WrongCall
from vetanalysis.figures.pictures import drawn, picture_of
from vetanalysis.language.cells import worded
from vetanalysis.language.numbers import in_words_of_study
from vetanalysis.narrative import shown_targets
from vetanalysis.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from IPython.display import Image, Markdown


_NUMBER = re.compile(r"\A[≥≤<>=+\-−–~]*\s*\d")
_WORDS = re.compile(r"\A(?:\d{4}-\w|\d+\. )")  # days, periods and what is numbered
_BLANK = frozenset({"", "-", "–", MISSING_CELL})
_SHORT = 22  # letters of a cell that is not broken over lines
_QUIET = "tex2jax_ignore mathjax_ignore"  # a `$` somebody typed is a dollar sign


@dataclass(frozen=True)
class Shown:
    """A table for reading: whole in a page and as text, whatever the width of the screen. `.frame` is the data.

    `mark`: that it rests on invented figures, else empty. `table`: the same with the numbers behind its words.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> from vetanalysis.show import table
    >>> table(study).frame[["Target", "Chance"]].iloc[0].tolist()
    ['Trained-labour rate', '20% (of such targets, 45% were reached)']
    """

    frame: pd.DataFrame
    mark: str = ""
    table: Table | None = None

    def to_excel(self, path: str | Path) -> Path:
        """Write the table to an .xlsx file and return its path: numbers are numbers, marks of invented figures stay.

        WrongCall for another kind of file.
        """
        from vetanalysis.documents.workbook import write_table

        return write_table(self.table or _of_frame(self.frame), path, self.mark)

    def _repr_html_(self) -> str:
        table = html_table(self.frame)
        return f"<p><strong>{self.mark}</strong></p>\n{table}" if self.mark else table

    def __repr__(self) -> str:
        table = self.frame.to_string(index=False)
        return f"{self.mark}\n{table}" if self.mark else table

    def __len__(self) -> int:
        return len(self.frame)


def _of_frame(frame: pd.DataFrame) -> Table:
    """A frame that somebody wants to read as a table, its columns as they are called."""
    rows = tuple(tuple(_written(value) for value in row) for row in frame.itertuples(index=False))
    values = tuple(frame.itertuples(index=False, name=None))
    return Table("frame", "", tuple(Column(str(name)) for name in frame.columns), rows, values=values)


def html_table(frame: pd.DataFrame) -> str:
    """The table without its index; a missing value is an empty cell, never a 0 or a word of the computer's.

    A column is set to the right where all it holds are numbers, with or without a measure; days, periods and what
    is numbered are words.
    """
    written = [[_written(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    sides = [_side([row[k] for row in written]) for k in range(len(frame.columns))]
    head = "".join(
        f'<th style="text-align: {side}">{escape(str(name))}</th>'
        for name, side in zip(frame.columns, sides, strict=True)
    )
    rows = "\n".join(
        f"<tr>{''.join(_cell(text, side) for text, side in zip(row, sides, strict=True))}</tr>"
        for row in written
    )
    return f'<table class="{_QUIET}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>'


def _written(value: object) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _side(column: list[str]) -> str:
    told = [text for text in column if text not in _BLANK]
    numbers = [bool(_NUMBER.match(text)) and not _WORDS.match(text) for text in told]
    return "right" if told and all(numbers) else "left"


def _cell(text: str, side: str) -> str:
    room = "white-space: nowrap" if len(text) <= _SHORT else "min-width: 11em"
    return f'<td style="text-align: {side}; {room}">{escape(text)}</td>'


@in_words_of_study
def block(study: Study, name: str, *about: Any, **given: Any) -> Any:
    """A part of what notebooks show by its name, as something Jupyter displays; None where there is nothing.

    `about`: what the part asks for besides the study (a task's number, a target). What it is made from is computed from
    the study once; it can be `given` instead: `ledger=`, `lines=`, `run=`, `record=`. WrongCall for an unknown name.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> print(block(study, "indicators.groups_said").data)
    There are no figures by group.
    """
    family, _, part = name.partition(".")
    if part not in _families().get(family, {}):
        raise WrongCall(Said("calls.block", name=name, near=near(name, parts())))
    needs, made_from = _NEEDS[family]
    material = given.pop(needs) if needs in given else made_from(study)
    if family == "returns" and material is None:
        from vetanalysis.narrative import shown_returns

        if part not in shown_returns.ALWAYS:
            return shown(shown_returns.without_returns(study, part), study)
    return shown(_families()[family][part](study, material, *about, **given), study)


def parts() -> tuple[str, ...]:
    """The names that `block` knows.

    >>> [name for name in parts() if name.startswith("scenarios.")][:2]
    ['scenarios.flows', 'scenarios.published']
    """
    return tuple(f"{family}.{part}" for family, known in _families().items() for part in known)


def shown(made: Any, study: Study) -> Any:
    """A block, or several as a list, as what Jupyter shows; a tuple of blocks stands together
    (`narrative.shown_targets.together`).
    """
    from IPython.display import Markdown

    if made is None:
        return None
    if isinstance(made, list):
        return [shown(one, study) for one in made]
    if not isinstance(made, tuple):
        return _block(in_words(made if _holds_something(made) else shown_targets.nothing(), study))
    told = [in_words(one if _holds_something(one) else shown_targets.nothing(), study) for one in made]
    last = _block(told[-1]) if isinstance(told[-1], Table) else None
    if isinstance(last, Shown):
        return replace(last, mark=told[0].text)
    return Markdown("\n\n".join(_markdown(one) for one in told))


def _holds_something(made: Any) -> bool:
    """Whether there is more of it than the heads of a table."""
    return not isinstance(made, Table) or bool(made.rows)


def in_words(made: Any, study: Study) -> Any:
    """A block in the study's language, with the words of its plan; a picture drawn."""
    return drawn(worded(made, study.lang, study.plan.words), study.lang)


def say(sentences: Iterable[Sentence | None], *, as_list: bool = False) -> Markdown:
    """Sentences as one paragraph, or as a list; those that do not apply (None) are left out.

    >>> say([Sentence("", "It rose."), None, Sentence("", "It fell.")]).data
    'It rose. It fell.'
    """
    from IPython.display import Markdown

    texts = [_inert(sentence.text) for sentence in sentences if sentence is not None]
    return Markdown("\n".join(f"- {text}" for text in texts) if as_list else " ".join(texts))


@in_words_of_study
def answer(study: Study, assessments: Sequence[Assessment] | None = None) -> Markdown:
    """The headline of each target: will it be reached, with which probability and range, or why not assessed.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> "unlikely (20-45%)" in answer(study).data
    True
    """
    return shown(shown_targets.answers(study.assessments if assessments is None else assessments), study)


@in_words_of_study
def table(study: Study, assessments: Sequence[Assessment] | None = None) -> Shown:
    """The targets as a table in the study's language: goal, latest figure, projection, chance, evidence.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> table(study).frame["Chance"].tolist()
    ['20% (of such targets, 45% were reached)', '-', '40%']
    """
    return shown(shown_targets.table_of(study.assessments if assessments is None else assessments), study)


@in_words_of_study
def before(study: Study) -> Shown | Markdown:
    """The table of the targets at the cut-off before; at the first one that the plan begins there.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> before(study).data
    '*The plan begins here; there is no period before.*'
    """
    if (earlier := study.before) is None:
        return shown(shown_targets.aside(Said("notebooks.no_cutoff_before")), study)
    return table(earlier)


def each(study: Study, assessments: Sequence[Assessment], *kinds: Callable[[Study, Assessment], Any]) -> None:
    """Display these of every target (`show.picture`, `show.trust`), one target after the other.

    Where there is no target a line says so.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> each(study, study.rates, picture, trust)
    <IPython.core.display.Image object>
    <IPython.core.display.Markdown object>
    <IPython.core.display.Image object>
    <IPython.core.display.Markdown object>
    """
    from IPython.display import display

    for one in assessments:
        for made in (kind(study, one) for kind in kinds):
            if made is not None:
                display(made)
    if not assessments:
        display(shown(shown_targets.no_target(), study))


@in_words_of_study
def picture(study: Study, one: Assessment | str) -> Image:
    """The fan chart of a target, by its id or its assessment, with its description for readers who cannot see it.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> picture(study, "trained_rate").data[:4]
    b'\\x89PNG'
    """
    return shown(picture_of(_target(study, one)), study)


@in_words_of_study
def reading(study: Study, one: Assessment | str) -> Markdown:
    """What the figure means for the target: latest figure, change, gap, pace needed, for an 80 % chance, and the
    first year it is in reach.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> "80% chance" in reading(study, "trained_rate").data
    True
    """
    return shown(shown_targets.reading(_target(study, one)), study)


@in_words_of_study
def trust(study: Study, one: Assessment | str) -> Markdown:
    """How far the answer can be trusted: evidence, what is prior, how it moves with the prior, what such statements
    were worth before, what other rules say.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> trust(study, "trained_rate").data[:66]
    '- The evidence on the trained-labour rate (3 figures, as of the st'
    """
    return shown(shown_targets.trust(_target(study, one), study.plan, study.known_by), study)


@in_words_of_study
def neighbours(study: Study, one: Assessment | str) -> Markdown:
    """Figures on other definitions, shown beside the target and never in its place, and how the target is read.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> neighbours(study, "certified_rate").data[:38]
    '- For reference beside the target of 2'
    """
    return shown(shown_targets.neighbours(_target(study, one)), study)


@in_words_of_study
def figures(study: Study, one: Assessment | str) -> Shown:
    """Every figure a target was judged on, with base, concept, maturity, certainty, source and the day it was known.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> figures(study, "trained_rate").frame["Value"].tolist()
    ['35.0%', '56.0%', '57.2%']
    """
    return shown(shown_targets.figures(_target(study, one)), study)


def units_map(study: Study) -> Any:
    """The districts as they lie, shaded by the share of their quota that is done at the cut-off.

    By their outlines where the plan brings them, else as squares; a line says so where there is nothing to draw.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> units_map(study).data
    '*There are no figures to compare or draw.*'
    """
    return block(study, "indicators.districts_picture")


@in_words_of_study
def document(study: Study) -> None:
    """Display the whole report, block by block, as it stands in the Word file.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> document(study)  # doctest: +ELLIPSIS
    <IPython.core.display.Markdown object>
    ...
    """
    from IPython.display import display

    from vetanalysis.report import document_of

    for one in document_of(study).blocks:
        display(_block(_one_item(one)))


def _target(study: Study, one: Assessment | str) -> Assessment:
    """A target's assessment by its id, WrongCall for an unknown one; an assessment as it is."""
    return study.assessment(one) if isinstance(one, str) else one


def _one_item(one: Any) -> Any:
    """Of the items of a list in a report a notebook makes one."""
    if isinstance(one, Paragraph) and one.kind == "list":
        return replace(one, sentences=(Sentence("", one.text),))
    return one


def shown_table(table: Table) -> Shown:
    """A worded table as a notebook shows it."""
    import pandas as pd

    rows = [_cells(*pair) for pair in zip(table.rows, table.values or table.rows, strict=True)]
    return Shown(pd.DataFrame(rows, columns=[column.label for column in table.columns]), table=table)


def _block(one: object) -> Markdown | Image | Shown:
    """One worded block as something Jupyter shows."""
    from IPython.display import Image, Markdown

    match one:
        case Heading():
            return Markdown(f"{'#' * (one.level + 1)} {_inert(one.text)}")
        case Paragraph():
            return Markdown(_markdown(one))
        case Table():
            return shown_table(one)
        case Figure():
            return Image(one.png, width=756, alt=one.alt)
        case OfficePlace():
            return Markdown("\n".join(f"> {_inert(line)}" for line in (f"[{one.prompt}]", *one.words)))
    raise TypeError(f"a document holds no {type(one).__name__}")


def _cells(row: Sequence[str], values: Sequence[Any]) -> list[str | int]:
    """The cells of a row as they are read; a number of order, printed as it is, stays a number."""
    pairs = zip(row, values, strict=True)
    return [value if isinstance(value, int) and str(value) == word else inert(word) for word, value in pairs]


def _markdown(one: Paragraph) -> str:
    """The sentences of a paragraph: each an item of a list, quiet, or as a mark."""
    if one.kind == "list":
        return "\n".join(f"- {_inert(sentence.text)}" for sentence in one.sentences)
    text = _inert(one.text)
    return {"note": f"*{text}*", "mark": f"**{text}**"}.get(one.kind, text)


def _inert(text: str) -> str:
    """Text that Markdown shows as it is written, whatever a return held."""
    for sign in "\\`*_{}[]<>#|$":
        text = text.replace(sign, "\\" + sign)
    return text


def _families() -> dict[str, dict[str, Callable[..., Any]]]:
    """The parts by the first half of their name; loaded with the first one asked for."""
    from vetanalysis.narrative import shown_indicators, shown_returns, shown_scenarios, shown_targets

    modules = {"returns": shown_returns, "indicators": shown_indicators, "scenarios": shown_scenarios}
    modules["track_record"] = shown_targets
    return {name: {one.__name__: one for one in module.BLOCKS} for name, module in modules.items()}


def _run(study: Study) -> Any:
    from vetanalysis.scenarios.what_if import run_scenarios

    return study.part("run", study.as_of, study.unit.code, of=lambda: run_scenarios(study))


def _record(study: Study) -> Any:
    from vetanalysis.track.record import track_record

    returns = None if isinstance(study.returns, str) and study.returns == "none" else study.returns
    asked: dict[str, Any] = {"returns": returns, "known_by": study.known_by, "issued": study.issued}
    asked |= {"slow": True, "seed": study.seed}
    return study.part("record", of=lambda: track_record(study.plan, study.observations, **asked))


_NEEDS: dict[str, tuple[str, Callable[[Study], Any]]] = {
    "returns": ("ledger", lambda study: study.received),
    "indicators": ("lines", lambda study: study.lines),
    "scenarios": ("run", _run),
    "track_record": ("record", _record),
}
