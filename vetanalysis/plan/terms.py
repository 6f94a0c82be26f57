"""What a target is called inside a sentence: its name, the value asked for, by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Said

if TYPE_CHECKING:
    from vetanalysis.plan.model import Target


def due(target: Target) -> Said:
    """By when: "đến hết năm 2023" for a level, "trong năm 2023" for people counted over the year."""
    return Said(f"targets.due.{'within' if target.measure == 'persons' else 'by_end'}", period=target.period)


def goal(target: Target) -> Said:
    """The value asked for with its side: "đạt 62%", "không quá 3%"; "at least 62%", "at most 3%"."""
    side = "at_least" if target.operator == ">=" else "at_most"
    return Said(f"targets.goal.{side}", value=target.value, measure=target.measure)


def bare_goal(target: Target) -> Said:
    """The value asked for alone: "62%", "13.500 người"."""
    return Said("targets.goal.bare", value=target.value, measure=target.measure)


def aim(target: Target) -> Said:
    """Value and date: "62% đến hết năm 2023"."""
    return Said("targets.aim", goal=bare_goal(target), due=due(target))


def wanted(target: Target) -> Said:
    """Name, value and date: "tỷ lệ lao động qua đào tạo đạt 62% đến hết năm 2023", "at least 13,500 people trained"."""
    facts: dict[str, Any] = {"label": target.label, "goal": goal(target), "due": due(target)}
    if counts_people(target):
        return Said("targets.wanted.people", **facts, value=target.value, least=target.operator == ">=")
    return Said("targets.wanted", **facts)


def called(target: Target) -> Said:
    """A target by name and value: "tỷ lệ lao động qua đào tạo 62%", "people trained, 13,500"."""
    key = "targets.called.people" if counts_people(target) else "targets.called"
    return Said(key, label=target.label, value=target.value, measure=target.measure)


def counts_people(target: Target) -> bool:
    """Whether the English name already says people, so that they are not said twice ("13,500 people trained")."""
    return target.measure == "persons" and target.label.en.strip().lower().startswith("people ")
