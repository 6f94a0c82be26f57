"""What a reader must know about the plan itself, in the words of its own notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.narrative.sentence import say
from vetanalysis.text import LANGUAGES, Text

if TYPE_CHECKING:
    from vetanalysis.documents.model import Sentence
    from vetanalysis.plan import Plan


def plan_notes(plan: Plan, lang: str) -> Sentence | None:
    """The notes of plan.yaml in one breath: what the text leaves open, when a school year starts; None without any."""
    if not plan.notes:
        return None
    vi, en = (" ".join(note.get(which) for note in plan.notes) for which in LANGUAGES)
    text = Text(f"Về văn bản kế hoạch: {vi}", f"On the text of the plan: {en}")
    return say("plan.notes", lang, text)
