"""What a person sees on our own form, held against its hidden sheet: a form of another unit, period or plan used again.

Whoever copies a neighbour's form writes another name over the lines above the tables; the hidden sheet keeps the name
it was made for. Nobody can say which of the two is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from vetanalysis.blocks import Said
from vetanalysis.returns.draft import Draft, read_period
from vetanalysis.returns.findings import period_words
from vetanalysis.returns.foreign import context_of
from vetanalysis.returns.form_words import FormWords
from vetanalysis.returns.grid import Grid, Workbook
from vetanalysis.returns.key import Place
from vetanalysis.returns.names import compose, fold

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

_LINES = 24  # rows from the top in which the lines of a title or of the cover stand


class Seen(NamedTuple):
    """A visible line: what it is about ("unit", "code", "period" or "plan"), its words, and where they stand."""

    about: str
    words: str
    grid: Grid
    place: Place


def note_reused(book: Workbook, about: dict[str, str], plan: Plan, draft: Draft) -> None:
    """Note each of unit, period and plan that a visible line gives otherwise than the hidden sheet (`about`).

    An error for a name, period or plan that is another one; a warning for a unit's name that the plan does not know.
    """
    told: set[str] = set()
    say = FormWords(about.get("lang", "vi"))
    for seen in _lines(book, say):
        kind = "unit" if seen.about == "code" else seen.about
        other = _other(seen, about, plan, say)
        if other is None or kind in told:
            continue
        told.add(kind)
        unit, period = plan.unit(about["unit"]), period_words(about["period"])
        hidden = {
            "unit": Said("returns.unit", label=unit.label, code=unit.code), "period": period, "plan": plan.name,
        }[kind]  # fmt: skip
        what = Said(f"returns.form.seen_{kind}", seen=seen.words[:80], hidden=hidden)
        draft.note("form-reused", what, seen.grid, seen.place, severity=other)


def _lines(book: Workbook, say: FormWords) -> Iterator[Seen]:
    """The lines of titles ("Đơn vị báo cáo: ...") and those of the cover (a label, and its words beside it)."""
    labels = {
        fold(say("fact.unit")): "unit", fold(say("column.code")): "code",
        fold(say("fact.period")): "period", fold(say("fact.plan")): "plan",
    }  # fmt: skip
    for grid in book.grids:
        cover = fold(grid.name) == fold(say("sheet.cover"))
        for r, row in enumerate(() if grid.hidden else grid.rows[:_LINES]):
            text = compose(str(row[0])) if row else ""
            label, colon, words = text.partition(":")
            about, place = labels.get(fold(label), ""), (r, 0)
            if not colon and cover and len(row) > 1:
                place = (r, 1)
                value = row[1]
                words = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
            words = compose(words).strip()
            if about and words:
                yield Seen(about, words, grid, place)


def _other(seen: Seen, about: dict[str, str], plan: Plan, say: FormWords) -> str | None:
    """The severity with which a line disagrees with the hidden sheet; None where it agrees or cannot be judged."""
    words = seen.words
    if seen.about == "code":
        return "error" if words != about["unit"] and words in set(plan.units["code"]) else None
    if seen.about == "unit":
        if fold(words) == fold(say.text(plan.unit(about["unit"]).label)):
            return None
        found = context_of(plan).names.find(words)
        return "warning" if not found else None if about["unit"] in found else "error"
    if seen.about == "period":
        period = read_period([words])
        return "error" if period and period[0] != about["period"] else None
    if about.get("plan", plan.name) != plan.name:
        return None  # the form of a plan like this one, which is allowed
    title, number = fold(say.text(plan.title)), fold(plan.number or "")
    here = fold(words)
    return None if title in here or (number and number in here) else "error"
