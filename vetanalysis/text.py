"""Text that exists in both languages of the package."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """The same statement in Vietnamese and English; Vietnamese is composed (NFC)."""

    vi: str
    en: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "vi", unicodedata.normalize("NFC", self.vi))
        object.__setattr__(self, "en", unicodedata.normalize("NFC", self.en))

    def get(self, lang: str) -> str:
        """The text in `lang` ("vi" or "en"); any other code is a KeyError naming both."""
        if lang not in LANGUAGES:
            raise KeyError(f"language {lang!r}: use one of {', '.join(LANGUAGES)}")
        return self.vi if lang == "vi" else self.en


def same(text: str) -> Text:
    """A text that reads alike in both languages: a number, a code, a proper name."""
    return Text(text, text)
