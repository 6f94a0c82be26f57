"""What a notebook shows, one call a cell: answers, any other part by its name, and boxes to choose with."""

from vetanalysis.show.answers import (
    Shown,
    answer,
    before,
    block,
    document,
    each,
    figures,
    neighbours,
    parts,
    picture,
    reading,
    say,
    table,
    trust,
    units_map,
)
from vetanalysis.show.choosing import Choice, choose

__all__ = [
    "Choice", "Shown", "answer", "before", "block", "choose", "document", "each", "figures", "neighbours", "parts",
    "picture", "reading", "say", "table", "trust", "units_map",
]  # fmt: skip


def __dir__() -> list[str]:
    """What tab completion offers: what can be called."""
    return list(__all__)
