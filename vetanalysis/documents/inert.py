"""Text made inert before it is laid out: what a unit typed may be shown, never obeyed."""

from __future__ import annotations

import re
import unicodedata

# Control characters, lone surrogates, non-characters and invisible reordering marks: the first
# three are illegal in XML, the last can make a line read differently from what it holds.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SPACE = re.compile(r"[\t\r\n\u2028\u2029]+")


def inert(text: object) -> str:
    """`text` composed (NFC), on one line, without control characters or reordering marks; None is empty.

    Ordinary spaces stay as they are, because a number line leaves room for the clerk by them.
    """
    if text is None:
        return ""
    return _UNSAFE.sub("", _SPACE.sub(" ", unicodedata.normalize("NFC", str(text))))
