"""The terms a report uses and what each means: a short list at the end of the annex on methods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from vetanalysis.blocks import Heading, Paragraph, Said
from vetanalysis.language.lines import is_line, lines_of, written

_OF_RETURNS = ("reported",)  # terms that no report has before units have reported
_LANG = "vi"  # the language whose lines are searched: one name per term holds in both


def terms() -> tuple[str, ...]:
    """The keys of all terms, in the order of the list."""
    return tuple(name.removesuffix(".term") for name in lines_of("glossary") if name.endswith(".term"))


def glossary(blocks: Iterable[Any], *, returns: bool = True) -> tuple[Any, ...]:
    """A heading and a line per term that the lines of `blocks` hold; nothing where they hold none.

    `returns`: units have reported; without them a term says nothing of units, and one of returns is left out.
    """
    said = " ".join(
        written(key, _LANG) for key in dict.fromkeys(_keys(tuple(blocks))) if is_line(key)
    ).lower()
    named = [name for name in terms() if returns or name not in _OF_RETURNS]
    used = [name for name in named if written(f"glossary.{name}.term", _LANG) in said]
    if not used:
        return ()
    lines = tuple(
        Said(
            "report.term", id=f"glossary.{name}",
            term=Said(f"glossary.{name}.term"), says=Said(_meaning(name, returns)),
        )
        for name in used
    )  # fmt: skip
    return Heading(2, Said("report.heading.glossary")), Paragraph(lines, "list")


def _meaning(name: str, returns: bool) -> str:
    alone = f"glossary.{name}.says.published"
    return f"glossary.{name}.says" if returns or not is_line(alone) else alone


def _keys(value: Any) -> Iterator[str]:
    """The keys of all lines that stand in a block, or in a fact of another line."""
    if isinstance(value, Said):
        yield value.key
        for fact in value.facts.values():
            yield from _keys(fact)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _keys(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _keys(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from _keys(getattr(value, part.name))
