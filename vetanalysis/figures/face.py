"""The face of the words in figures: that of the text around them, or the nearest that is installed.

Times New Roman where the system has it, Liberation Serif (as wide, free) where it is missing, else DejaVu Serif, which
comes with matplotlib and holds all Vietnamese letters. Signs that a face lacks come from DejaVu Sans.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import accumulate, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

# Names of the files, in small letters: upright first, then bold, italic, bold italic
_FACES = {
    "Times New Roman": (
        ("times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf"),
        ("times_new_roman.ttf", "times_new_roman_bold.ttf", "times_new_roman_italic.ttf",
         "times_new_roman_bold_italic.ttf"),
        ("times new roman.ttf", "times new roman bold.ttf", "times new roman italic.ttf",
         "times new roman bold italic.ttf"),
    ),
    "Liberation Serif": (
        ("liberationserif-regular.ttf", "liberationserif-bold.ttf", "liberationserif-italic.ttf",
         "liberationserif-bolditalic.ttf"),
    ),
}  # fmt: skip
_AT_HAND = ["DejaVu Serif", "DejaVu Sans"]  # shipped with matplotlib


@cache
def family() -> list[str]:
    """Families in the order in which a letter is looked for; matplotlib's own list of the system may be old.

    Of several versions of a face one is taken, the same in every process: that of the last path.
    """
    from matplotlib.font_manager import findSystemFonts, fontManager

    files = {Path(one).name.lower(): one for one in sorted(findSystemFonts())}
    for name, sets in _FACES.items():
        for kinds in sets:
            if kinds[0] in files:
                fontManager.ttflist[:] = [one for one in fontManager.ttflist if one.name != name]
                for kind in kinds:
                    with contextlib.suppress(KeyError, RuntimeError, OSError):  # a missing or broken file
                        fontManager.addfont(files[kind])
                return [name, *_AT_HAND]
    return list(_AT_HAND)


@lru_cache(4096)  # the lines of a title are broken where it is written and where its room is reckoned
def width(text: str, size: float) -> float:
    """How wide `text` is on one line, in points; a mark of another face counts as an M."""
    face = _regular()
    face.set_size(size, 72)
    face.set_text("".join(one if face.get_char_index(ord(one)) else "M" for one in text), 0.0)
    return face.get_width_height()[0] / 64


def folded(text: str, room: float, size: float) -> str:
    """`text` broken between words into lines that fit `room`, both in points; its own line breaks stay."""
    return "\n".join(
        line for part in text.split("\n") for line in broken(part, room, lambda words: width(words, size))
    )


def broken(text: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """`text` broken between words into lines of which `measure` is at most `room`; a longer word stands alone.

    `measure` grows with every word. Whole lines are measured seldom, as that takes long: what fits is guessed by words.
    """
    words, lines = text.split(), []
    space = measure("n n") - 2 * measure("n")
    while words:
        ends = accumulate(measure(word) + space for word in words)
        count = max(sum(1 for _ in takewhile(lambda end: end - space <= room, ends)), 1)
        while count > 1 and measure(" ".join(words[:count])) > room:
            count -= 1
        while count < len(words) and measure(" ".join(words[: count + 1])) <= room:
            count += 1
        lines.append(" ".join(words[:count]))
        words = words[count:]
    return lines or [""]


def _regular() -> FT2Font:
    """The upright face, never kept here: a fork that read on in its parent's open file would read nonsense."""
    from matplotlib.font_manager import get_font

    return get_font(_file_of_regular())


@cache
def _file_of_regular() -> str:
    from matplotlib.font_manager import FontProperties, findfont

    return findfont(FontProperties(family=family()))
