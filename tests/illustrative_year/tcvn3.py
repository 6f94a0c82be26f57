"""Vietnamese text as an office typed it before Unicode: TCVN3 (ABC) codes shown in a font named .VnTime.

TCVN 5712:1993, the one-byte set. Letters with a tone have a code only in lower case; capitals with a tone are
lower-case codes shown in an all-capitals font (.VnTimeH).
"""

from __future__ import annotations

import unicodedata

FONT, CAPITALS_FONT = ".VnTime", ".VnTimeH"
_LETTERS = (
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
)  # fmt: skip
_CODES = (
    0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xA8, 0xBB, 0xBC, 0xBD, 0xBE, 0xC6, 0xA9, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB,
    0xAE,
    0xCC, 0xCE, 0xCF, 0xD0, 0xD1, 0xAA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xDC, 0xDD, 0xDE,
    0xDF, 0xE1, 0xE2, 0xE3, 0xE4, 0xAB, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xAC, 0xEA, 0xEB, 0xEC, 0xED, 0xEE,
    0xEF, 0xF1, 0xF2, 0xF3, 0xF4, 0xAD, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE,
    0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7,
)  # fmt: skip
_TABLE = {letter: chr(code) for letter, code in zip(_LETTERS, _CODES, strict=True)}


def to_tcvn3(text: str) -> str:
    """The text in TCVN3 codes, each code as the character a Unicode program shows for it ("L¹ng S¬n")."""
    return "".join(_one(letter) for letter in unicodedata.normalize("NFC", text))


def font_for(text: str) -> str:
    """The font the text needs: the all-capitals one where every letter is a capital."""
    return CAPITALS_FONT if text.isupper() else FONT


def _one(letter: str) -> str:
    return _TABLE.get(letter) or _TABLE.get(letter.lower(), letter)
