"""What is, by unit, level and group, at a date: one pure function per indicator, and the table that applies them."""

from vetanalysis.indicators.table import COLUMNS, STATES, indicator_table

__all__ = ["COLUMNS", "STATES", "indicator_table"]
