"""Vietnamese text stored in the code of an old font: TCVN3 (.VnTime), VNI (VNI-Times), or misread UTF-8.

Such text arrives as Latin-1 letters and signs ("L¹ng S¬n", "Laïng Sôn"). The font name decides where the
file tells it; otherwise the reading that gives more well-formed Vietnamese syllables does. Letter table:
`legacy_charsets.csv` (TCVN 5712:1993 for TCVN3; the VNI pairs as used, certainty medium).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

TCVN3, VNI, MISREAD = "tcvn3", "vni", "utf8"
CHARSETS = (TCVN3, VNI, MISREAD)

_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_ONSET = "(?:ngh|ng|nh|gh|gi|kh|ch|th|tr|ph|qu|[bcdđghklmnprstvx])?"
_NUCLEUS = (
    "(?:uyê|iêu|yêu|ươu|ươi|uôi|oai|oay|oeo|uây|uya|uyu|oao|iê|yê|uô|ươ|uâ|uê|uy|uơ|oa|oă|oe|oo|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|ưa|ưi|ưu|ya|[aăâeêioôơuưy])"
)
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}(?:ng|nh|ch|[cmnpt])?")
_WORD = re.compile(r"[^\W\d_]+")
_HIGH = re.compile("[\u00a1-\u00ff]")


@cache
def _table(charset: str) -> tuple[dict[str, str], re.Pattern[str]]:
    path = Path(__file__).with_name("legacy_charsets.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        pairs = {row["legacy"]: row["letter"] for row in csv.DictReader(lines) if row["charset"] == charset}
    longest_first = sorted(pairs, key=len, reverse=True)
    return pairs, re.compile("|".join(map(re.escape, longest_first)))


def charset_of_font(font: str) -> str | None:
    """The charset a font name stands for (`.VnTime`, `VNI-Times`); None for every other font."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return TCVN3
    return VNI if name.startswith("vni") else None


def decode(text: str, charset: str, font: str = "") -> str:
    """`text` of an old charset as composed Unicode.

    TCVN3 has no codes for capitals with a tone: they are lower-case codes shown by a font whose name ends
    in H (`.VnTimeH`), so such a font turns the whole text into capitals. Misread UTF-8 that does not
    decode is given back unchanged.
    """
    if charset == MISREAD:
        try:
            return unicodedata.normalize("NFC", text.encode("cp1252").decode("utf-8"))
        except UnicodeError:
            return text
    pairs, pattern = _table(charset)
    decoded = unicodedata.normalize("NFC", pattern.sub(lambda match: pairs[match.group()], text))
    return decoded.upper() if charset == TCVN3 and font.strip().upper().endswith("H") else decoded


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word has the shape of one Vietnamese syllable (onset, vowel group, end, at most one tone)."""
    decomposed = unicodedata.normalize("NFD", word.lower().replace("ð", "đ"))
    if sum(ord(mark) in _TONES for mark in decomposed) > 1:
        return False
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", decomposed.translate(_TONES))))


def well_formed(text: str) -> float:
    """Share of the words that carry marks and are well-formed Vietnamese; 0.0 where no word carries any.

    Only letters outside ASCII are evidence: "huyen" says nothing about the charset. A sign inside a word
    ("L¹ng") breaks the word and counts against it.
    """
    good = marked = 0
    for chunk in unicodedata.normalize("NFC", text).split():
        if chunk.isascii():
            continue
        words = _WORD.findall(chunk)
        bare = chunk.strip(".,;:!?()[]\"'–-/%&“”‘’")
        marked += 1
        whole = "".join(words) == re.sub(r"[-/.,0-9()&]", "", bare)
        good += bool(words) and whole and all(map(is_syllable, words))
    return good / marked if marked else 0.0


def detect(texts: list[str]) -> str | None:
    """The old charset that makes `texts` (the strings of one sheet) readable, or None.

    An old charset is named only when its reading has clearly more well-formed syllables than the text as it
    stands; texts without Latin-1 letters or signs are no evidence.
    """
    sample = [text for text in texts if _HIGH.search(text)][:400]
    if not sample:
        return None
    joined = " ".join(sample)
    as_it_stands = well_formed(joined)
    if as_it_stands >= 0.8:  # no other reading can be clearly better
        return None
    scores = {charset: well_formed(decode(joined, charset)) for charset in (TCVN3, VNI)}
    scores[MISREAD] = well_formed(" ".join(decode(text, MISREAD) for text in sample))
    best = max(scores, key=lambda charset: scores[charset])
    return best if scores[best] > as_it_stands + 0.2 else None


def repair(text: str, charset: str | None, font: str = "") -> str:
    """`text` decoded from `charset` when that does not make it worse; otherwise as it stands.

    A sheet in an old font also holds cells in Unicode: each cell is decided on its own words.
    """
    if charset is None or not _HIGH.search(text):
        own = charset_of_font(font) if font else None
        return text.upper() if own == TCVN3 and font.strip().upper().endswith("H") else text
    decoded = decode(text, charset, font)
    return decoded if charset_of_font(font) or well_formed(decoded) >= well_formed(text) else text
