"""Figures that come in tidy tables and not in our workbooks: `files` reads them, `check` says what is wrong."""
