"""How wide the columns of a printed table are measured so that no word is cut in two.

How wide a line of bold Times is (`width_mm`) says how wide columns must be, and how long a rule is that the
decree wants as long as a line. Widths are those of the Adobe Times-Bold metrics (1/1000 of the type size,
characters 32 to 126); Vietnamese letters are as wide as their base letters, but for those with a horn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from math import ceil

from vetanalysis.blocks import Table
from vetanalysis.documents.package import inert

_BOLD = (
    (250, 333, 555, 500, 500, 1000, 833, 333, 333, 333, 500, 570, 250, 333, 250, 278)
    + (500,) * 10
    + (333, 333, 570, 570, 570, 500, 930)
    + (722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556)
    + (667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333)
    + (500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389)
    + (333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520)
)
_BARE = str.maketrans("Đđ", "Dd")
_HORN = {"o": 54, "O": 0, "u": 44, "U": 74}  # what a horn adds to the letter before it
_OTHERS = {
    "–": 500,
    "“": 500,
    "”": 500,
    "‘": 333,
    "’": 333,
    "×": 570,
    "°": 400,
    "≥": 549,
    "≤": 549,
    "\u00a0": 250,
}
_SIGN = 1000  # any other sign
_MM_PER_POINT = 25.4 / 72
_WIDEST_EM = 16  # letters' sizes: a column of words on a screen is made no wider than this for their sake
_PADDING_MM = 3.2  # of a cell, left and right, with its lines
_STEP_MM = 3.0
_NEAR_MM = 0.2
_LONGEST_WORD = 24  # letters: what is longer is no word: an address, a code; it may be cut
_SIZES = (12.0, 11.0, 10.0, 9.0)  # points, largest first
_BROKEN = 1.08  # a broken line leaves some of its room empty
_PLAIN = 0.96  # of the width in bold: that of words which are not
_READ_EASILY = 10.0  # points: what fits upright at this size needs no page on its side
_SHORT = 12  # rows: a table this short stands upright where it fits, although a page on its side is asked for


def width_mm(text: str, size_pt: float) -> float:
    """Width of `text` on one line in bold Times of `size_pt`, in millimetres."""
    return _thousandths(text) / 1000 * size_pt * _MM_PER_POINT


@lru_cache(4096)  # the cells of a table are measured in several sizes, and most words stand in many cells
def _thousandths(text: str) -> int:
    """Width of `text` in thousandths of its letters' size."""
    units, before = 0, ""
    for letter in unicodedata.normalize("NFD", text.translate(_BARE)):
        if unicodedata.combining(letter):
            units += _HORN.get(before, 0) if letter == "\u031b" else 0
            continue
        before = letter
        units += _BOLD[ord(letter) - 32] if 32 <= ord(letter) < 127 else _OTHERS.get(letter, _SIGN)
    return units


def longest_line_mm(text: str, size_pt: float, room_mm: float) -> float:
    """Width of the longest line when `text` is broken between words to fit `room_mm`."""
    from vetanalysis.figures.face import broken  # the pictures' room loads much

    lines = broken(text, room_mm, lambda words: width_mm(words, size_pt))
    return max(width_mm(line, size_pt) for line in lines)


def header_spans(table: Table) -> tuple[tuple[str, int, int], ...]:
    """The upper header row as (label, first column, columns across); a column without group stands alone."""
    spans: list[tuple[str, int, int]] = []
    for index, column in enumerate(table.columns):
        if column.group and spans and spans[-1][0] == column.group and index == spans[-1][1] + spans[-1][2]:
            label, first, count = spans[-1]
            spans[-1] = (label, first, count + 1)
        else:
            spans.append((column.group, index, 1))
    return tuple(spans)


def type_size(table: Table, room_mm: float) -> float:
    """The largest size in points in which no word of a table is cut in two; the smallest where none is so small."""
    room = room_mm / max(len(table.columns), 1)
    largest = 12 if room >= 24 else 11 if room >= 17 else 10
    fitting = (size for size in _SIZES if size <= largest and sum(_words_mm(table, size)) <= room_mm)
    return next(fitting, _SIZES[-1])


def lies_across(table: Table, upright_mm: float) -> bool:
    """Whether a table takes a page on its side: its words do not fit upright, or it is asked for and is not short."""
    fits = sum(_words_mm(table, _READ_EASILY)) <= upright_mm
    return not fits or (table.landscape and len(table.rows) > _SHORT)


def column_widths(table: Table, room_mm: float, size: float) -> list[float]:
    """Widths in millimetres that sum to `room_mm`, so that no word is cut in two.

    Where all cells fit on one line each, they do, and what is left is shared as asked for; else the rows are made as
    low as may be. Where the longest words alone do not fit, they share the room in proportion.
    """
    words = _words_mm(table, size)
    lines = [max(word, _longest_cell_mm(table, index, size)) for index, word in enumerate(words)]
    if sum(words) >= room_mm:
        return [room_mm * one / sum(words) for one in words]
    if sum(lines) > room_mm:
        return (_low_rows if len(table.rows) <= _SHORT else _lowest)(table, words, room_mm, size)
    open_columns, room = set(range(len(lines))), room_mm
    widths = list(lines)
    while open_columns:
        total = sum(table.columns[index].width for index in open_columns)
        asked = {index: room * table.columns[index].width / total for index in open_columns}
        narrow = {index for index in open_columns if asked[index] < lines[index]}
        if not narrow:
            widths = [asked.get(index, one) for index, one in enumerate(widths)]
            break
        room -= sum(lines[index] for index in narrow)
        open_columns -= narrow
    return widths


def _low_rows(table: Table, least: Sequence[float], room_mm: float, size: float) -> list[float]:
    """Widths of a short table with which its rows are low as lines break between words.

    Room goes, step by step, where it saves most lines for its width; what is left to all columns alike.
    """
    across, space = range(len(least)), width_mm(" ", size)
    texts = [[column.heading for column in table.columns]]
    texts += [[inert(cell) for cell in row] + [""] * (len(least) - len(row)) for row in table.rows]
    words = [
        [[width_mm(word, size) * (_PLAIN if at else 1.0) for word in text.split()] for text in row]
        for at, row in enumerate(texts)
    ]

    @cache
    def room(row: int, at: int, most: int) -> float:
        return _PADDING_MM + _room_for(words[row][at], most, space)

    @cache
    def lines(row: int, at: int, width: float) -> int:
        return _lines(words[row][at], width - _PADDING_MM, space)

    def tops_at(widths: Sequence[float]) -> list[int]:
        return [max(lines(row, at, widths[at]) for at in across) for row in range(len(words))]

    widths = list(least)
    tops = tops_at(widths)
    while True:
        tried = [
            [max(widths[at], room(row, at, top - 1)) for at in across]
            for row, top in enumerate(tops)
            if top > 1
        ]
        saved = {
            (sum(tops) - sum(tops_at(wider))) / (sum(wider) - sum(widths)): wider
            for wider in tried
            if sum(widths) < sum(wider) <= room_mm
        }
        if not saved:
            return [one + (room_mm - sum(widths)) / len(widths) for one in widths]
        widths = saved[max(saved)]
        tops = tops_at(widths)


def _room_for(words: Sequence[float], most: int, space: float) -> float:
    """About the least room in which words so wide take `most` lines, never less."""
    low, high = max(words, default=0.0), sum(words) + space * len(words)
    if _lines(words, low, space) <= most:
        return low
    while high - low > _NEAR_MM:
        middle = (low + high) / 2
        low, high = (low, middle) if _lines(words, middle, space) <= most else (middle, high)
    return high


def _lines(words: Sequence[float], room: float, space: float) -> int:
    """How many lines words so wide take where none is wider than `room` but of a word alone."""
    lines, line = 1, 0.0
    for word in words:
        if line and line + space + word > room:
            lines, line = lines + 1, word
        else:
            line += word + (space if line else 0.0)
    return lines


def _lowest(table: Table, words: Sequence[float], room_mm: float, size: float) -> list[float]:
    """Widths with which the rows are low: what room the words leave goes, step by step, where it saves most lines."""
    texts = [
        [column.heading for column in table.columns],
        *([inert(cell) for cell in row] for row in table.rows),
    ]
    across = len(table.columns)
    long = [[width_mm(row[at], size) if at < len(row) else 0.0 for at in range(across)] for row in texts]

    def height(at: int, width: float) -> list[float]:
        """How many lines each row has in a column so wide."""
        return [max(1.0, row[at] * _BROKEN / (width - _PADDING_MM)) for row in long]

    widths = list(words)
    heights = [height(at, width) for at, width in enumerate(widths)]
    while sum(widths) + _STEP_MM <= room_mm:
        highest = [(1.0, *sorted(lines))[-2:] for lines in zip(*heights, strict=True)]  # two of each row
        saved = []
        for at in range(across):
            wider = height(at, widths[at] + _STEP_MM)
            rows = zip(highest, heights[at], wider, strict=True)
            gain = sum(top - max(new, next_to if now == top else top) for (next_to, top), now, new in rows)
            saved.append((gain, sum(heights[at]) - sum(wider), wider))
        best = max(range(across), key=lambda at: saved[at][:2])
        widths[best] += _STEP_MM
        heights[best] = saved[best][2]
    left = (room_mm - sum(widths)) / across
    return [one + left for one in widths]


def row_lines(table: Table, widths_mm: Sequence[float], size: float) -> list[int]:
    """About how many lines each row takes, whose columns are so wide: those of its longest cell."""
    rooms = [width - _PADDING_MM for width in widths_mm]
    made = []
    for row in table.rows:
        needs = [width_mm(inert(cell), size) for cell in row]
        lines = [
            1 if need <= room else ceil(need * _BROKEN / room)
            for need, room in zip(needs, rooms, strict=False)
        ]
        made.append(max(lines, default=1))
    return made


def least_ems(table: Table) -> list[float]:
    """How wide the columns of a table on a screen are at least, in its letters' size, with the room beside the text.

    Wide enough for the longest word, and for words beyond that so wide that few cells take more than three lines.
    """
    made = []
    for index, (column, word) in enumerate(zip(table.columns, _words_mm(table, 10), strict=True)):
        lines = 3 if column.align == "left" else 2
        wide = max(word, min(_longest_cell_mm(table, index, 10) / lines, _WIDEST_EM * 10 * _MM_PER_POINT))
        made.append(round(wide / (10 * _MM_PER_POINT), 1))
    return made


def _words_mm(table: Table, size: float) -> list[float]:
    """How wide each column must be for its longest word, the heads that several columns share among them."""
    least = [
        _longest_word_mm([column.heading, *(row[index] for row in table.rows if index < len(row))], size)
        for index, column in enumerate(table.columns)
    ]
    for group, first, count in header_spans(table):
        short = _longest_word_mm([group], size) - sum(least[first : first + count])
        if group and short > 0:
            least[first : first + count] = [one + short / count for one in least[first : first + count]]
    return least


def _longest_word_mm(texts: Sequence[object], size: float) -> float:
    words = (word for text in texts for word in inert(text).split())
    longest = max((width_mm(word, size) for word in words if len(word) <= _LONGEST_WORD), default=0.0)
    return longest + _PADDING_MM


def _longest_cell_mm(table: Table, index: int, size: float) -> float:
    cells = (inert(row[index]) for row in table.rows if index < len(row))
    return max((width_mm(cell, size) for cell in cells), default=0.0) + _PADDING_MM
