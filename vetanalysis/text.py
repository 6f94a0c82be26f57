"""Text that exists in both languages of the package."""

from __future__ import annotations

import datetime
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


def written_day(day: datetime.date) -> str:
    """A day in Vietnamese figures as Decree 30/2020 writes it: "14/12/2021", "05/01/2024", "15/9/2023"."""
    month = f"{day.month:02d}" if day.month < 3 else f"{day.month}"
    return f"{day.day:02d}/{month}/{day.year}"


def same(text: str) -> Text:
    """A text that reads alike in both languages: a number, a code, a proper name."""
    return Text(text, text)
