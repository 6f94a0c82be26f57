"""What a cell's number format makes of its figure: a share in per cent, thousands, words beside it, nothing.

A person reads what a format shows and a program what the cell holds. Where the two are not the same figure, nobody
can say which was meant.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 255  # marks a format may have; of a longer one the rest is not looked at
_PARTS = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[([^\[\]]*)\]|(;)|(.)', re.DOTALL)
_DIGITS = frozenset("0#?@")
_DATES = frozenset("dmyhsg")
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
_CURRENCY = re.compile(r"\$([^-]*)")


class Shown(NamedTuple):
    """What a format does: `percent` shows a hundred times the figure, `sign` a percent sign and nothing else,
    `scaled` a thousandth (or less) of it, `hidden` no figure at all; `words` stand beside it ("nghìn", "₫").
    """

    percent: bool = False
    sign: bool = False
    scaled: bool = False
    hidden: bool = False
    words: str = ""


PLAIN = Shown()


def shown_by(code: str) -> Shown:
    """What a format such as `#,##0,` or `0.0"%"` does to a figure above zero."""
    bare, words = [""], [""]
    for quoted, escaped, bracket, section, mark in _PARTS.findall(code[:LONGEST]):
        currency = _CURRENCY.match(bracket) if bracket else None
        if section:
            bare.append("")
            words.append("")
        elif mark and (mark in "0#?@.,%-+/() " or mark.isascii()):
            bare[-1] += mark
        else:
            words[-1] += quoted or escaped or (currency.group(1) if currency else "") or mark
    first, seen = bare[0], bare[:2]
    marks = frozenset(first.lower().replace("general", "0"))
    return Shown(
        percent=any("%" in one for one in seen),
        sign=any("%" in one for one in words[:2]),
        scaled=any(_SCALED.search(one) for one in seen),
        hidden=bool(code) and not marks & (_DIGITS | _DATES),
        words=words[0].replace("%", " ").replace("₫", " dong ").strip(),
    )
