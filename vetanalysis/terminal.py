"""How the terminal lays out a table, and what marks illustrative figures there."""

from vetanalysis.narrative.answers_table import ILLUSTRATIVE, columns

__all__ = ["ILLUSTRATIVE", "columns"]
