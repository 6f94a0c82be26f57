"""How wide a line of bold Times is, so that a rule can be as long as the decree wants it.

Widths are those of the Adobe Times-Bold metrics (1/1000 of the type size, characters 32 to 126);
Vietnamese letters are as wide as their base letters.
"""

from __future__ import annotations

import unicodedata

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
_MM_PER_POINT = 25.4 / 72


def width_mm(text: str, size_pt: float) -> float:
    """Width of `text` on one line in bold Times of `size_pt`, in millimetres."""
    bare = unicodedata.normalize("NFD", text.translate(_BARE))
    letters = [c for c in bare if not unicodedata.combining(c)]
    units = sum(_BOLD[ord(c) - 32] if 32 <= ord(c) < 127 else 600 for c in letters)
    return units / 1000 * size_pt * _MM_PER_POINT


def longest_line_mm(text: str, size_pt: float, room_mm: float) -> float:
    """Width of the longest line when `text` is broken between words to fit `room_mm`."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_mm(longer, size_pt) > room_mm:
            lines.append(line)
            line = word
        else:
            line = longer
    return max((width_mm(one, size_pt) for one in [*lines, line]), default=0.0)
