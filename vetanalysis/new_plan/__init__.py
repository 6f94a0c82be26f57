"""A plan written: `writing` makes a folder, `carry_over` the next year's from it, `parts` reads the options."""
