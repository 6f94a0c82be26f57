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

__all__ = [
    "Shown", "answer", "document", "figures", "neighbours", "picture", "reading", "say", "table", "trust",
]  # fmt: skip
