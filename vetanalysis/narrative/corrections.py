"""Sentences about what a count rests on: how far it runs, what late units had reported, how counts were corrected."""

from __future__ import annotations

from vetanalysis.assessment import Assessment
from vetanalysis.document import Said


def counted_to(one: Assessment) -> Said | None:
    """That nobody has reported the cut-off and how far the figures go; None where somebody has."""
    since = one.counted_to
    if since in (one.as_of, one.target.period) or one.projection is None:
        return None
    return Said("count.counted_to", id=f"{one.target.id}.counted_to", counted_to=since, as_of=one.as_of)


def late_known(one: Assessment) -> Said | None:
    """What units without a report for the cut-off had reported before; None where there is nothing of the kind."""
    people, late = one.facts.get("late_known", 0.0), one.facts.get("late", ())
    if not people or not late:
        return None
    key = "count.late_known.itself" if one.facts.get("so_far") is None else "count.late_known"
    name = f"{one.target.id}.late_known"
    return Said(key, id=name, late_known=people, late=len(late), counted_to=one.counted_to)


def fallen(one: Assessment) -> Said | None:
    """Whose running total of the year fell from one cut-off to the next; None where nobody's did."""
    units = tuple(one.facts.get("fallen", ()))
    if not units or one.projection is None:
        return None
    return Said("count.fallen", id=f"{one.target.id}.fallen", fallen=units, counted_to=one.counted_to)


def corrections(one: Assessment, *, only_known: bool = False) -> Said | None:
    """How figures of earlier cut-offs were corrected, and that the range allows for it.

    None where every figure is final, nothing of the year is counted, or, with `only_known`, none was corrected.
    """
    seen = one.facts.get("revision")
    if one.projection is None or not seen or not seen["provisional"]:
        return None
    if only_known and not seen["corrected"]:
        return None
    name, since = f"{one.target.id}.corrections", one.counted_to
    if not seen["figures"]:
        return Said("count.corrections.unknown", id=name, **seen, counted_to=since)
    if not seen["corrected"]:
        return Said("count.corrections.none", id=name, **seen, counted_to=since)
    return Said(
        "count.corrections.some", id=name, **seen, counted_to=since, together=_together(100 * seen["mean"])
    )


def _together(change: float) -> Said:
    """What the corrections come to in all, in per cent of the figures."""
    if abs(change) < 0.05:
        return Said("count.together.hardly")
    return Said(f"count.together.{'down' if change < 0 else 'up'}", change=change)
