"""What a notebook shows, one call a cell: answers (here), indicators, returns, scenarios and the track record."""

from vetanalysis.show.answers import (
    Shown,
    answer,
    document,
    figures,
    neighbours,
    picture,
    reading,
    say,
    table,
    trust,
)
from vetanalysis.show.choosing import Choice, choose

__all__ = [
    "Choice", "Shown", "answer", "choose", "document", "figures", "neighbours", "picture", "reading", "say",
    "table", "trust",
]  # fmt: skip
