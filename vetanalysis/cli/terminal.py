"""Colours of a terminal, where there is one that has them and nobody asked for none (`NO_COLOR`)."""

from __future__ import annotations

import os
import sys
from typing import TextIO

#: What a tone of `blocks.TONES` or a finding's severity looks like.
CODES = {"good": "32", "even": "33", "bad": "31", "none": "2", "error": "31", "warning": "33", "title": "1"}


def paint(text: str, tone: str, stream: TextIO | None = None) -> str:
    """`text` in the colour of its tone, for `stream` (stdout); as it is where that has no colours or the tone none."""
    code = CODES.get(tone)
    return f"\x1b[{code}m{text}\x1b[0m" if code and has_colours(stream or sys.stdout) else text


def has_colours(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours; the old console of Windows does not."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    return sys.platform != "win32" or bool({"WT_SESSION", "TERM_PROGRAM", "ANSICON"} & set(os.environ))
