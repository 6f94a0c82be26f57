"""Names and words as people write and store them, repaired from old fonts, and their keys for matching.

Spellings differ: composed or decomposed, tone placed either way, Đ or Ð, short or long. Text stored in the
code of an old font (TCVN3 as in .VnTime, VNI as in VNI-Times, misread UTF-8) arrives as Latin-1 letters and
signs ("L¹ng S¬n", "Laïng Sôn"). The font name decides where the file tells it; otherwise the reading that
gives more well-formed Vietnamese syllables does. Letter table: `legacy_charsets.csv` (TCVN 5712:1993 for
TCVN3; the VNI pairs as used, certainty medium).

Two keys are used for matching, never for printing. `key` keeps the vowels and the tone of each syllable but
not where the tone stands (Hòa = Hoà, Thụy = Thuỵ) nor y against i (Quý = Quí); `fold` drops every mark.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ABBREVIATIONS = {
    "tp": "thanh pho", "tx": "thi xa", "h": "huyen", "p": "phuong", "x": "xa", "tt": "thi tran|trung tam",
    "nt": "nong truong", "ttr": "thi tran", "cd": "cao dang", "tc": "trung cap", "truong cd": "truong cao dang",
    "ttgdnn": "trung tam giao duc nghe nghiep", "gdnn": "giao duc nghe nghiep", "gdtx": "giao duc thuong xuyen",
    "dvvl": "dich vu viec lam", "ttdvvl": "trung tam dich vu viec lam",
    "ldtbxh": "lao dong thuong binh va xa hoi", "gddt": "giao duc va dao tao",
    "nnptnt": "nong nghiep va phat trien nong thon", "khdt": "ke hoach va dau tu",
    "tttt": "thong tin va truyen thong",
}  # fmt: skip
_KINDS = ("thanh pho", "thi xa", "thi tran", "huyen", "phuong", "tinh", "xa", "quan")
_SENDERS = re.compile(r"^(?:ubnd|uy ban nhan dan|don vi(?: bao cao)?|ten don vi|phong ldtbxh|kinh gui)\s+")
TCVN3, VNI, MISREAD = "tcvn3", "vni", "utf8"
_TONE_MARKS = dict.fromkeys(map(ord, _TONES))
_ONSET = "(?:ngh|ng|nh|gh|gi|kh|ch|th|tr|ph|qu|[bcdđghklmnprstvx])?"
_NUCLEUS = (
    "(?:uyê|iêu|yêu|ươu|ươi|uôi|oai|oay|oeo|uây|uya|uyu|oao|iê|yê|uô|ươ|uâ|uê|uy|uơ|oa|oă|oe|oo|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|ưa|ưi|ưu|ya|[aăâeêioôơuưy])"
)
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}(?:ng|nh|ch|[cmnpt])?")
_WORD = re.compile(r"[^\W\d_]+")
_HIGH = re.compile("[\u00a1-\u00ff]")
_ENOUGH = 100_000  # characters that show a charset
_LABEL = 200  # characters that a label has at most; longer texts are read once


def compose(text: str) -> str:
    """Composed (NFC), Icelandic Ð and ð as Đ and đ, odd spaces as one space, no control characters."""
    return _composed(text) if len(text) < _LABEL else _composed.__wrapped__(text)


@lru_cache(maxsize=8192)  # the labels of a form are the same in every file
def _composed(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\u00d0", "\u0110").replace("\u00f0", "\u0111")
    text = "".join(c if c.isprintable() else " " for c in text if c not in "\ufeff\u200b\u200c\u200d\u00ad")
    return re.sub(r"\s+", " ", text).strip()


def compose_lines(text: str) -> str:
    """`compose` line by line: a person's line breaks stay."""
    return "\n".join(map(compose, text.splitlines())).strip()


def fold(text: str) -> str:
    """Lower case, no marks, đ as d, words separated by one space: `fold("Đình Lập") == "dinh lap"`."""
    return _folded(text) if len(text) < _LABEL else _folded.__wrapped__(text)


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("ð", "d"))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def key(text: str) -> str:
    """Like `fold` but the vowels keep their quality and each syllable its tone, wherever it was placed."""
    syllables = []
    for word in re.findall(r"[^\W_]+", compose(text).lower()):
        decomposed = unicodedata.normalize("NFD", word)
        tone = "".join(sorted(c for c in decomposed if c in _TONES))
        rest = "".join(c for c in decomposed if c not in _TONES)
        syllables.append(unicodedata.normalize("NFC", rest).replace("y", "i") + tone)
    return " ".join(syllables)


def spellings(folded: str) -> set[str]:
    """The folded name, its abbreviations written out, each also without the word for its kind.

    The word for a kind alone ("tỉnh", as in "đơn vị tính") is nobody's name.
    """
    folded = _SENDERS.sub("", folded)
    found = {""}
    for word in folded.split():
        longer = _ABBREVIATIONS.get(word, word).split("|")
        found = {f"{start} {option}".strip() for start in found for option in longer}
        if len(found) > 64:
            break
    found.add(folded)
    for name in tuple(found):
        for kind in _KINDS:
            if name.startswith(kind + " "):
                found.add(name[len(kind) + 1 :])
    return found - set(_KINDS)


@dataclass(frozen=True)
class NameBook:
    """The names of a plan's units, ready for look-up; built once per plan by `name_book`."""

    exact: Mapping[str, set[str]]
    folded: Mapping[str, set[str]]

    def find(self, name: str) -> tuple[str, ...]:
        """Codes of the units `name` can stand for: one is a match, several are ambiguous, none is unknown.

        Tried in this order, the first that finds anything counts: a code itself; the full name or alias with
        its marks; without marks; with abbreviations written out and the word for its kind left aside.
        """
        text = compose(name)
        for table, wanted in ((self.exact, text), (self.exact, key(text)), (self.folded, fold(text))):
            if wanted in table:
                return tuple(sorted(table[wanted]))
        longer = spellings(fold(text))
        for mark in ("", "~"):
            if hits := {code for one in longer for code in self.folded.get(mark + one, ())}:
                return tuple(sorted(hits))
        return ()

    def short(self, name: str) -> set[str]:
        """Codes of all units that go by a name without the word for their kind: "Lạng Sơn" is a province and a city."""
        plain = fold(name)
        return {*self.folded.get(plain, ()), *self.folded.get("~" + plain, ())}


def name_book(units: pd.DataFrame) -> NameBook:
    """Index `units` (columns code, name, and where present short_name, name_en, aliases) for `NameBook.find`.

    Aliases are separated by `|` or `;`. A name shared by two units leads to both codes: the caller reports it.
    """
    exact: dict[str, set[str]] = {}
    folded: dict[str, set[str]] = {}
    for row in units.to_dict("records"):
        code = str(row["code"])
        exact.setdefault(code, set()).add(code)
        aliases = re.split(r"[|;]", row.get("aliases", ""))
        names = [row.get("name"), row.get("short_name"), row.get("name_en"), *aliases]
        for name in (name for name in names if isinstance(name, str) and name.strip()):
            exact.setdefault(key(name), set()).add(code)
            plain = fold(name)
            folded.setdefault(plain, set()).add(code)
            for spelling in spellings(plain) - {plain}:
                folded.setdefault("~" + spelling, set()).add(code)
    return NameBook(exact, folded)


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
    if sum(ord(mark) in _TONE_MARKS for mark in decomposed) > 1:
        return False
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", decomposed.translate(_TONE_MARKS))))


def well_formed(text: str) -> float:
    """Share of the words that carry marks and are well-formed Vietnamese; 0.0 where no word carries any.

    Only letters outside ASCII are evidence: "huyen" says nothing about the charset. A sign inside a word
    ("L¹ng") breaks the word and counts against it.
    """
    marked = [chunk for chunk in unicodedata.normalize("NFC", text).split() if not chunk.isascii()]
    return sum(map(_of_syllables, marked)) / len(marked) if marked else 0.0


@lru_cache(maxsize=20_000)
def _of_syllables(chunk: str) -> bool:
    """Whether what stands between two spaces is made of syllables, digits and marks of punctuation."""
    words = _WORD.findall(chunk)
    bare = chunk.strip(".,;:!?()[]\"'–-/%&“”‘’")
    whole = "".join(words) == re.sub(r"[-/.,0-9()&]", "", bare)
    return bool(words) and whole and all(map(is_syllable, words))


def detect(texts: list[str]) -> str | None:
    """The old charset that makes `texts` (the strings of one sheet) readable, or None.

    An old charset is named only when its reading has clearly more well-formed syllables than the text as it
    stands; texts without Latin-1 letters or signs are no evidence.
    """
    texts = [
        " ".join(word for word in text.split() if any(map(str.isalpha, word))) for text in texts
    ]  # not "12½"
    sample = [text for text in texts if _HIGH.search(text)][:400]
    if not sample:
        return None
    joined = " ".join(sample)[:_ENOUGH]
    as_it_stands = well_formed(joined)
    if as_it_stands >= 0.8:  # no other reading can be clearly better
        return None
    scores = {charset: well_formed(decode(joined, charset)) for charset in (TCVN3, VNI)}
    scores[MISREAD] = well_formed(" ".join(decode(text[:_ENOUGH], MISREAD) for text in sample)[:_ENOUGH])
    best = max(scores, key=lambda charset: scores[charset])
    return best if scores[best] > as_it_stands + 0.2 else None


def repair(text: str, charset: str | None, font: str = "") -> str:
    """`text` decoded from `charset` when that does not make it worse; otherwise as it stands.

    A sheet in an old font also holds cells in Unicode: each cell is decided on its own words.
    """
    signs = not font and not any(map(str.isalpha, text))  # "12½"
    if charset is None or signs or not _HIGH.search(text):
        own = charset_of_font(font) if font else None
        return text.upper() if own == TCVN3 and font.strip().upper().endswith("H") else text
    decoded = decode(text, charset, font)
    return decoded if charset_of_font(font) or well_formed(decoded) >= well_formed(text) else text
