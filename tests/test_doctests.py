"""Every example in a docstring of the package does what it shows."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import vetanalysis

ROOT = Path(vetanalysis.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
    for path in ROOT.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name):
    result = doctest.testmod(import_module(name))
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(
    "name",
    ["assess", "compare", "document", "over_time", "pace", "plot", "project_nested", "project_rate", "project_rates",
     "project_year_total", "project_year_totals", "published", "run_scenarios", "stock_flow", "track_record", "units",
     "what_if"],
)  # fmt: skip
def test_what_an_analyst_calls_has_an_example(name):
    assert ">>> " in getattr(vetanalysis, name).__doc__
