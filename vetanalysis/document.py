"""What is said, before it has a language: sentences, labels, findings and the cells of tables.

A `Said` names a line of `vetanalysis/language/<family>.yaml` and holds the figures and names behind it. Whoever knows
the facts makes it; words come last, from `vetanalysis.language.render`, which the package hands in (`worded_by`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vetanalysis.text import Text

MISSING_CELL = ".."  # unknown in the tables of the General Statistics Office

_words: list[Callable[[Said, str], str]] = []


def worded_by(render: Callable[[Said, str], str]) -> None:
    """Take `render(said, lang)` for `Said.get`; the package does this once when it is imported."""
    _words[:] = [render]


@dataclass(frozen=True, slots=True, init=False)
class Said:
    """A sentence, label or finding without a language.

    `key`: "family.name", the line `name` of `language/<family>.yaml`. `id`: what the manifest calls the sentence, empty
    for words that are none. `facts`: numbers (None or NaN where missing), strings, period codes ("2023-9M"), days,
    `Text`, other `Said`, and tuples of these, by the names that the line uses. Equal where key, id and facts are.
    """

    key: str
    id: str
    facts: Mapping[str, Any]

    def __init__(self, key: str, /, id: str = "", **facts: Any) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "facts", facts)

    def __hash__(self) -> int:
        return hash((self.key, self.id))

    def get(self, lang: str) -> str:
        """The words in `lang` ("vi" or "en"; KeyError for another) as they stand inside a sentence."""
        return _words[0](self, lang)

    @property
    def vi(self) -> str:
        """The Vietnamese words."""
        return self.get("vi")

    @property
    def en(self) -> str:
        """The English words."""
        return self.get("en")

    def given(self, **facts: Any) -> Said:
        """The same with further facts."""
        return Said(self.key, id=self.id, **{**self.facts, **facts})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: words for people and, from the same value, what a workbook computes with.

    `kind`: how the value is worded, a name of `vetanalysis.language.cells.KINDS` ("count", "about", "chance").
    `measure` and `evidence` serve the kinds that need them. `words`: printed in place of what the kind would
    print; the workbook still holds the value. `flag`: a mark set behind the printed words, "(*)", explained
    under the table. A value that is None or NaN is printed as `missing`.
    """

    value: Any = None
    kind: str = "words"
    measure: str = ""
    evidence: str = ""
    missing: str = MISSING_CELL
    words: Said | Text | str | None = None
    flag: str = ""
