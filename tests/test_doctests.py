"""Every example in a docstring of the package does what it shows."""

import doctest
from importlib import import_module
from inspect import isfunction, signature
from pathlib import Path

import pytest
from opened import opened

import vetanalysis
from vetanalysis import show, study

ROOT = Path(vetanalysis.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
    for path in ROOT.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)
PUBLIC = [(vetanalysis, name) for name in vetanalysis.__all__ if name != "__version__"]
PUBLIC += [(show, name) for name in show.__all__]


@pytest.fixture(scope="module", autouse=True)
def held():
    """The question that most examples ask, opened once, as a run of reports holds it ready."""
    asked = opened("lang-son-2023", "2023-start", lang="en", returns="none")
    key = study.question_key("lang-son-2023", "none", "default", "", asked.seed)
    study.PREPARED[key] = asked
    yield
    del study.PREPARED[key]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name):
    result = doctest.testmod(import_module(name))
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(("module", "name"), PUBLIC, ids=[name for _, name in PUBLIC])
def test_what_an_analyst_calls_has_an_example(module, name):
    assert ">>> " in getattr(module, name).__doc__


@pytest.mark.parametrize(("module", "name"), PUBLIC, ids=[name for _, name in PUBLIC])
def test_a_call_prints_on_one_line(module, name):
    call = getattr(module, name)
    if isfunction(call):
        assert len(f"{name}{signature(call)}") <= 130
