"""What is, by unit, level and group, at a date.

One pure function per indicator or family (`rates`, `people`, `streaming`, `employment`, `funding`, `process`,
`completeness`), how figures are put together (`tally`, `over_units`, `resolve`, `derived`), how they compare
(`compare`, `gaps`, `course`), and the table that applies all of it (`table.indicator_table`).
"""
