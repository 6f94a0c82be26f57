"""Names as people write them: composed or decomposed, tone placed either way, Đ or Ð, short or long.

Two keys are used for matching, never for printing. `key` keeps the vowels and the tone of each syllable but
not where the tone stands (Hòa = Hoà, Thụy = Thuỵ) nor y against i (Quý = Quí); `fold` drops every mark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ABBREVIATIONS = {
    "tp": ("thanh pho",),
    "tx": ("thi xa",),
    "h": ("huyen",),
    "p": ("phuong",),
    "x": ("xa",),
    "tt": ("thi tran", "trung tam"),
    "nt": ("nong truong",),
    "ttr": ("thi tran",),
    "cd": ("cao dang",),
    "tc": ("trung cap",),
    "truong cd": ("truong cao dang",),
    "ttgdnn": ("trung tam giao duc nghe nghiep",),
    "gdnn": ("giao duc nghe nghiep",),
    "gdtx": ("giao duc thuong xuyen",),
    "dvvl": ("dich vu viec lam",),
    "ttdvvl": ("trung tam dich vu viec lam",),
    "ldtbxh": ("lao dong thuong binh va xa hoi",),
    "gddt": ("giao duc va dao tao",),
    "nnptnt": ("nong nghiep va phat trien nong thon",),
    "khdt": ("ke hoach va dau tu",),
    "tttt": ("thong tin va truyen thong",),
}
_KINDS = ("thanh pho", "thi xa", "thi tran", "huyen", "phuong", "tinh", "xa", "quan")
_SENDERS = re.compile(r"^(?:ubnd|uy ban nhan dan|don vi(?: bao cao)?|ten don vi|phong ldtbxh|kinh gui)\s+")


def compose(text: str) -> str:
    """Composed (NFC), Icelandic Ð and ð as Đ and đ, odd spaces as one space, no control characters."""
    text = unicodedata.normalize("NFC", text).replace("\u00d0", "\u0110").replace("\u00f0", "\u0111")
    text = "".join(c if c.isprintable() else " " for c in text if c not in "\ufeff\u200b\u200c\u200d\u00ad")
    return re.sub(r"\s+", " ", text).strip()


def compose_lines(text: str) -> str:
    """`compose` line by line: a person's line breaks stay."""
    return "\n".join(map(compose, text.splitlines())).strip()


def fold(text: str) -> str:
    """Lower case, no marks, đ as d, words separated by one space: `fold("Đình Lập") == "dinh lap"`."""
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
    """The folded name, its abbreviations written out, each also without the word for its kind."""
    folded = _SENDERS.sub("", folded)
    found = {""}
    for word in folded.split():
        longer = _ABBREVIATIONS.get(word, (word,))
        found = {f"{start} {option}".strip() for start in found for option in longer}
        if len(found) > 64:
            break
    found.add(folded)
    for name in tuple(found):
        for kind in _KINDS:
            if name.startswith(kind + " "):
                found.add(name[len(kind) + 1 :])
    return found


@dataclass(frozen=True)
class NameBook:
    """The names of a plan's units, ready for look-up; built once per plan by `name_book`."""

    exact: Mapping[str, frozenset[str]]
    folded: Mapping[str, frozenset[str]]

    def find(self, name: str) -> tuple[str, ...]:
        """Codes of the units `name` can stand for: one is a match, several are ambiguous, none is unknown.

        Tried in this order, the first that finds anything counts: a code itself; the full name or alias with
        its marks; without marks; with abbreviations written out and the word for its kind left aside.
        """
        text = compose(name)
        for table, wanted in (
            (self.exact, {text}),
            (self.exact, {key(text)}),
            (self.folded, {fold(text)}),
        ):
            hits = frozenset().union(*(table.get(one, frozenset()) for one in wanted))
            if hits:
                return tuple(sorted(hits))
        wanted = spellings(fold(text))
        hits = frozenset().union(*(self.folded.get(one, frozenset()) for one in wanted))
        if not hits:
            hits = frozenset().union(*(self.folded.get("~" + one, frozenset()) for one in wanted))
        return tuple(sorted(hits))


def _aliases(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return [part for part in re.split(r"[|;]", value) if part.strip()]
    return value if isinstance(value, (list, tuple)) else ()


def name_book(units: pd.DataFrame) -> NameBook:
    """Index `units` (columns code, name, and where present short_name, name_en, aliases) for `NameBook.find`.

    Aliases are separated by `|` or `;`. A name shared by two units leads to both codes: the caller reports it.
    """
    exact: dict[str, set[str]] = {}
    folded: dict[str, set[str]] = {}
    for row in units.to_dict("records"):
        code = str(row["code"])
        exact.setdefault(code, set()).add(code)
        names = [row.get("name"), row.get("short_name"), row.get("name_en"), *_aliases(row.get("aliases"))]
        for name in (name for name in names if isinstance(name, str) and name.strip()):
            exact.setdefault(key(name), set()).add(code)
            plain = fold(name)
            folded.setdefault(plain, set()).add(code)
            for spelling in spellings(plain) - {plain}:
                folded.setdefault("~" + spelling, set()).add(code)
    return NameBook(_frozen(exact), _frozen(folded))


def _frozen(table: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(codes) for name, codes in table.items()}
