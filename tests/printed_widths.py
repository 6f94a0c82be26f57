"""Whether words fit the columns of a printed table, measured with the very face where it is installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from vetanalysis.blocks import Document, Table
from vetanalysis.documents.columns import column_widths, header_spans, lies_across, type_size
from vetanalysis.documents.word_page import text_width_mm

PADDING_MM = (
    (2 * 70 + 10) / 1440 * 25.4
)  # left and right in a cell of the table style, and its line of half a point
AN_ADDRESS = 24  # letters: longer is no word


@cache
def _face() -> tuple[dict[int, str], object, int] | None:
    """Widths of Liberation Serif Bold, which are those of Times New Roman Bold; None where it is not installed."""
    from matplotlib.font_manager import findSystemFonts

    found = (one for one in findSystemFonts() if Path(one).name == "LiberationSerif-Bold.ttf")
    path = max(found, default=None)  # of two versions that of the last path, as figures take it
    if path is None:
        return None
    font = TTFont(path)
    return font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm


def in_face_mm(text: str, size_pt: float) -> float | None:
    """Width of `text` in bold; None where the face is missing, or does not hold a letter."""
    face = _face()
    if face is None or any(ord(letter) not in face[0] for letter in text):
        return None
    letters, widths, em = face
    return sum(widths[letters[ord(letter)]][0] for letter in text) / em * size_pt * 25.4 / 72


def cut_words(document: Document) -> list[tuple[str, str]]:
    """Words of a report's tables that would be cut in two: (table, word)."""
    return [
        (table.id, word)
        for home, blocks in [
            (False, document.blocks),
            *((one.landscape, one.blocks) for one in document.appendices),
        ]
        for table in blocks
        if isinstance(table, Table)
        for word in _cut(table, home)
    ]


def _cut(table: Table, home: bool) -> list[str]:
    room = text_width_mm(home or lies_across(table, text_width_mm(landscape=False)))
    size = type_size(table, room)
    widths = column_widths(table, room, size)
    assert sum(widths) <= room + 0.01
    texts = [(one.heading, width) for one, width in zip(table.columns, widths, strict=True)]
    texts += [(group, sum(widths[at : at + across])) for group, at, across in header_spans(table)]
    texts += [(cell, width) for row in table.rows for cell, width in zip(row, widths, strict=True)]
    return [
        word
        for text, width in texts
        for word in text.split()
        if len(word) <= AN_ADDRESS and (in_face_mm(word, size) or 0) > width - PADDING_MM
    ]
