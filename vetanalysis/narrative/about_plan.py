"""What a reader must know about the plan itself, in the words of its own notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.narrative.sentence import say

if TYPE_CHECKING:
    from vetanalysis.documents.model import Sentence
    from vetanalysis.plan import Plan


def plan_notes(plan: Plan, lang: str) -> list[Sentence]:
    """The notes of plan.yaml, one sentence each: what the text leaves open, when a plan year starts."""
    return [say(f"plan.note_{number}", lang, note) for number, note in enumerate(plan.notes, start=1)]
