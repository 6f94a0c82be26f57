"""A report in short: one page with the answer, the table of the targets and the signature, and a text to send on.

Both are cut from the report itself: nothing is said in them that is not said there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vetanalysis.assessment.record import MARK
from vetanalysis.blocks import Document, Paragraph, Said, Table, Wording
from vetanalysis.language.cells import worded
from vetanalysis.language.lines import Words

MOST = 400  # characters of a message
_ACTIONS, _OTHERS = "key.actions", "key.others"
# What goes where the text is too long, in this order
_LEFT_OUT: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset({"key.before"}),
    frozenset({"key.before", _ACTIONS}),
    frozenset({"key.before", "key.plan", _ACTIONS}),
)


def page_of(document: Document) -> Document:
    """The report, worded or not, on one page: head, the answer in bold lines, the first table, signature."""
    keys = [block for block in document.blocks if isinstance(block, Paragraph) and block.kind == "key"]
    tables = [block for block in document.blocks if isinstance(block, Table)]
    said = [replace(block, sentences=_without_annex(block.sentences)) for block in keys]
    noted = [replace(block, notes=_without_annex(block.notes)) for block in tables[:1]]
    return replace(document, blocks=(*said, *noted), appendices=())


def _without_annex(told: Any) -> Any:
    """What is said without its pointers to appendices, which the page does not carry; what is worded stays as it is."""
    if isinstance(told, tuple):
        return tuple(_without_annex(one) for one in told)
    if not isinstance(told, Said):
        return told
    facts = {name: name != "annexed" and _without_annex(fact) for name, fact in told.facts.items()}
    return Said(told.key, id=told.id, **facts)


def message_of(document: Document, name: Wording, lang: str, words: Words | None = None) -> str:
    """The answer of a report, not yet worded, in at most `MOST` characters of `lang`.

    `name`: what is reported on. What a note under the table explains stays there. Sentences stay whole: of what must
    be done the first things are named; where that is still too long the comparison with the year before goes, then
    what must be done, then the share of the plan.
    """
    keys = [block for block in document.blocks if isinstance(block, Paragraph) and block.kind == "key"]
    every = [sentence for block in keys for sentence in block.sentences]
    said = [one for one in every if one.id != _OTHERS or not _is_marked(one)]
    told = ""
    for lines in _shorter(said):
        sentences = worded(Paragraph(tuple(lines)), lang, words).sentences
        told = Said("documents.message", name=name, told=" ".join(one.text for one in sentences)).get(lang)
        if len(told) <= MOST:
            return told
    return told[: MOST - 1].rstrip() + "…"


def _is_marked(told: Any) -> bool:
    """Whether a mark stands in what is said that a note under the table explains."""
    if isinstance(told, Said):
        return any(map(_is_marked, told.facts.values()))
    return any(map(_is_marked, told)) if isinstance(told, tuple) else told == MARK


def _shorter(said: list[Said]) -> Iterator[list[Said]]:
    """The same sentences, ever fewer."""
    for left_out in _LEFT_OUT:
        kept = [one for one in said if one.id not in left_out]
        for actions in (3, 2, 1) if any(one.id == _ACTIONS for one in kept) else (0,):
            yield [_with_actions(one, actions) if one.id == _ACTIONS else one for one in kept]


def _with_actions(said: Said, most: int) -> Said:
    told = tuple(said.facts["told"])[:most]
    if len(told) > 1:
        return said.given(told=told)
    return Said("opening.key.action_alone", id=said.id, **{**said.facts, "told": told})
