"""A year of invented returns that looks like a real one, from a seed.

It knows nothing of the forecasting and shares no code or assumption with it, so that what it invents can be
used to try the whole way from a workbook to a report. Everything it makes is marked illustrative.
"""

from tests.illustrative_year.example import SEED, ExampleYear, example_year
from tests.illustrative_year.files import write_example

__all__ = ["SEED", "ExampleYear", "example_year", "write_example"]
