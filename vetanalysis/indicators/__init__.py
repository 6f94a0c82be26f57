"""What is, by unit, level and group, at a date.

Observations laid out by time (`tally`), from units to the place (`network`, `resolve`), ratios from their
parts (`ratios`), rows worked out from other rows (`derived`), why a figure is missing or what limits it
(`reasons`), gaps between units (`gaps`), and the table that applies all of it (`table.indicator_table`).
"""
