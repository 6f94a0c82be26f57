"""The words of a form in the language it is written in, and what an answer to choose from means in any of them.

A form is written in one language: that of its plan unless another is asked for. Its words are `language/form.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vetanalysis.blocks import LANGUAGES, Said, Text
from vetanalysis.language.lines import languages_of, plain, words_at_hand
from vetanalysis.plan import Plan
from vetanalysis.returns.findings import measure_words
from vetanalysis.returns.names import fold

#: Sheets by which a form is known whose hidden sheets are gone.
KNOWN_BY = (
    *("people_enrolled", "people_in_training", "people_graduated", "people_dropped_out"),
    *("cover", "tasks", "figures", "explanations", "funds"),
)
_KEPT_IN = "vi"
_CHOICES = {
    "progress": ("completed", "on_schedule", "behind", "not_begun", "not_assigned"),
    "document_type": ("plan", "decision", "letter", "report", "joint_programme", "other"),
    "figures_status": ("final", "provisional", "estimate"),
}


@dataclass(frozen=True, slots=True)
class FormWords:
    """The words of forms in one language."""

    lang: str

    def __call__(self, line: str, **facts: Any) -> str:
        """A line of `language/form.yaml` as it stands on the form."""
        return Said(f"form.{line}", **facts).get(self.lang)

    @property
    def notation(self) -> str:
        """Whose numbers those of the language are like: "vi" with a decimal comma, else "en"."""
        return "vi" if plain("numbers.decimal", self.lang) == "," else "en"

    def named(self, column: str, code: str) -> str:
        """What a trade, a channel, a sex or a residence is called on the form."""
        return Said(f"names.{column}.{code}").get(self.lang)

    def measure(self, measure: str) -> str:
        """A unit of measure as the form writes it."""
        return measure_words(measure).get(self.lang)

    def text(self, text: Text | Said) -> str:
        """What the plan's files say, in this language."""
        return text.get(self.lang)

    def choices(self, kind: str) -> tuple[str, ...]:
        """The answers to choose from: "progress" of a task, "document_type", "figures_status"."""
        return tuple(self(f"{kind}.{one}") for one in _CHOICES[kind])


def language_of(plan: Plan) -> str:
    """The language in which a plan's forms are written: Vietnamese in Viet Nam, elsewhere the plan's own or English."""
    brought = [lang for lang in plan.words.languages if lang not in LANGUAGES]
    return "vi" if plan.in_viet_nam else (*brought, "en")[0]


def chosen(kind: str, words: str) -> str:
    """The code of an answer as it came back, in whatever language, marks and capitals; "" where it is none."""
    return _answers(kind).get(fold(words), "")


def _answers(kind: str) -> dict[str, str]:
    return {
        fold(answer): code
        for lang in languages_of(words_at_hand())
        for code, answer in zip(_CHOICES[kind], FormWords(lang).choices(kind), strict=True)
    }


def kept(kind: str, words: str) -> str:
    """An answer in the words in which answers are kept, whatever the language of the form; other words as they are."""
    code = chosen(kind, words) if kind in _CHOICES else ""
    return FormWords(_KEPT_IN)(f"{kind}.{code}") if code else words


def answers(kind: str) -> dict[str, str]:
    """The answers to choose from by code, in the words in which they are kept."""
    return dict(zip(_CHOICES[kind], FormWords(_KEPT_IN).choices(kind), strict=True))


def written_in(sheets: Iterable[str], titles: Iterable[str], year: str) -> tuple[str, bool]:
    """The language of a form without its hidden sheets, and whether it is that of a past year, by its title.

    Of any other two sheets have the names of a form's; "" where neither is so.
    """
    names, folded = {fold(name) for name in sheets}, {fold(title) for title in titles}
    for lang in languages_of(words_at_hand()):
        say = FormWords(lang)
        if fold(say("title.history", year=year)) in folded:
            return lang, True
        if len(names & {fold(say(f"sheet.{kind}")) for kind in KNOWN_BY}) >= 2:
            return lang, False
    return "", False
