"""Whose figures a return holds: of the sender and what lies below it, or of others, which report themselves.

A table of several units says what its sender reports as well as a table of its own: what it says of others is told and
left aside. Where it says nothing of its sender it is somebody else's, and refused. Bodies and the place report on all.
"""

from __future__ import annotations

from collections.abc import Iterator

from vetanalysis.blocks import Said
from vetanalysis.errors import Finding
from vetanalysis.plan import Plan, Unit
from vetanalysis.returns.files import Received
from vetanalysis.returns.findings import finding_at, quantity_words
from vetanalysis.returns.lists import by_unit
from vetanalysis.returns.readings import Reading


def sender_of(found: Received, read: Reading, plan: Plan) -> Unit | None:
    """The unit that a file is of, by what it says or by its name; None where the plan has no such unit."""
    code = read.unit or found.unit
    return plan.unit(code) if code in by_unit(plan, "name") else None


def unit_words(plan: Plan, code: str) -> Said:
    """A unit by its name, with the code that stands in file names behind it."""
    label = plan.unit(code).label if code in by_unit(plan, "name") else "?"
    return Said("returns.unit", label=label, code=code)


def own_part(found: Received, read: Reading, plan: Plan) -> Reading:
    """A return without the figures of others, where it holds some of its sender."""
    others = _others(read, sender_of(found, read, plan), plan)
    return read.without(others) if others and {*read.columns["unit"]} - others else read


def of_others(found: Received, read: Reading, plan: Plan) -> Iterator[Finding]:
    """Each other unit, told at the first of its figures: an error where these are all that there is."""
    sender = sender_of(found, read, plan)
    others, told = _others(read, sender, plan), set[str]()
    aside = bool({*read.columns["unit"]} - others)
    for one in read.figures if others and sender else ():
        if one.key.unit in others - told and sender:
            told.add(one.key.unit)
            what = Said(
                "returns.of_another_unit", name=quantity_words(plan).quantity(one.key), aside=aside,
                unit=unit_words(plan, one.key.unit), sender=unit_words(plan, sender.code),
            )  # fmt: skip
            yield finding_at("unit-differs", one.source, what, severity="warning" if aside else "")


def _others(read: Reading, sender: Unit | None, plan: Plan) -> set[str]:
    """The units of figures that are neither the sender nor below it."""
    if sender is None or sender.kind == "body" or sender.code == plan.place.code:
        return set()
    parents = by_unit(plan, "parent")

    def own(code: str) -> bool:
        return code == sender.code or (code in parents and own(parents[code]))

    return {code for code in read.columns["unit"] if not own(code)}
