"""Vietnamese words in a document of another language: marked, so that they are read out and checked as Vietnamese.

A word is taken for Vietnamese when it has the shape of one syllable and a Vietnamese mark; unmarked syllables between
two such words, and names written in capitals beside them ("Cao Lộc"), go with them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.oxml.text.run import CT_R
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run

HERE = "vi"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHAPE = re.compile(
    r"(?:ngh|ng|nh|ph|th|tr|kh|gh|gi|ch|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?", re.I
)
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r" ?[-–] ?|,? ")
_OPENING = re.compile(r"(?:^|[.!?:;] )$")


def is_marked(word: str) -> bool:
    """Whether one word is written as only Vietnamese writes."""
    letters = unicodedata.normalize("NFD", word.replace("đ", "d\u031b").replace("Đ", "D\u031b"))
    marks = [letter for letter in letters if unicodedata.combining(letter)]
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return bool(marks) and sum(mark in _TONES for mark in marks) <= 1 and bool(_SHAPE.fullmatch(bare))


def pieces(text: str, lang: str) -> list[tuple[str, str]]:
    """`text` cut into (piece, language): the language is empty for that of the document, `lang`."""
    if lang == HERE or text.isascii():
        return [(text, "")] if text else []
    found: list[tuple[str, str]] = []
    at = 0
    for start, end in _spans(text):
        if start > at:
            found.append((text[at:start], ""))
        found.append((text[start:end], HERE))
        at = end
    return [*found, (text[at:], "")] if at < len(text) else found


def _spans(text: str) -> list[tuple[int, int]]:
    """Where Vietnamese stands in `text`."""
    words = list(_WORD.finditer(text))
    marked = [is_marked(one[0]) for one in words]
    inside = list(marked)
    for index in [one for one, is_one in enumerate(marked) if is_one]:
        for step in (-1, 1):  # capitals beside a marked word belong to its name
            other = index + step
            while (
                0 <= other < len(words)
                and not inside[other]
                and _goes_along(text, words, other, other - step)
            ):
                inside[other] = True
                other += step
        following = next((one for one in range(index + 1, min(index + 4, len(words))) if marked[one]), index)
        between = words[index + 1 : following]
        if (
            between
            and words[following][0].islower()
            and all(
                _SHAPE.fullmatch(one[0]) and _joined(text, words, index + number)
                for number, one in enumerate(between)
            )
        ):
            inside[index:following] = [True] * (following - index)
    spans: list[tuple[int, int]] = []
    for index, one in enumerate(words):
        if not inside[index]:
            continue
        if spans and index and inside[index - 1] and _joined(text, words, index - 1):
            spans[-1] = (spans[-1][0], one.end())
        else:
            spans.append((one.start(), one.end()))
    return spans


def _goes_along(text: str, words: list[re.Match[str]], index: int, beside: int) -> bool:
    """Whether an unmarked word is part of the name beside it: in capitals, not the first of its sentence."""
    word = words[index]
    if not (word[0][0].isupper() and _SHAPE.fullmatch(word[0])):
        return False
    first, last = sorted((index, beside))
    near = text[words[first].end() : words[last].start()] in (" ", "-")
    return near and not (index < beside and _OPENING.search(text[: word.start()]))


def _joined(text: str, words: list[re.Match[str]], index: int) -> bool:
    """Whether nothing but a space or a dash stands between a word and the next."""
    return bool(_BETWEEN.fullmatch(text[words[index].end() : words[index + 1].start()]))


def add_text(line: WordParagraph, text: str, lang: str, spoken: str = "") -> list[Run]:
    """`text` at the end of a paragraph of Word, words of another language in runs of their own; returns the runs.

    `spoken`: the language of the whole text where it is known not to be that of the document, `lang`.
    """
    runs = []
    for piece, of_piece in [(text, spoken)] if spoken else pieces(text, lang) or [("", "")]:
        run = line.add_run(piece)
        if of_piece:
            mark_language(run._r, of_piece)
        runs.append(run)
    return runs


def mark_language(run: CT_R, lang: str) -> None:
    """Mark a run of Word as of another language than its document."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    from vetanalysis.documents.word_styles import language_tag

    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), language_tag(lang))
    run.get_or_add_rPr().append(mark)
