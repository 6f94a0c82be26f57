"""Two years of the example: 2023 with few of its returns, the plan of 2024 made from it, and returns on their forms."""

import shutil

import pytest

from vetanalysis.cli.main import main
from vetanalysis.paths import DATA_VARIABLE, data_root
from vetanalysis.returns.form_book import CELL_COLUMNS
from vetanalysis.returns.key import Key
from vetanalysis.returns.template import build_form

OLD, NEW = "lang-son-2023-example", "lang-son-2024-example"
SENT = ("2022-FY/178__*", "2023-Q1/178__*", "2023-Q1/khuyen-nong__*")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with the example of 2023, few of its returns, and the plan of 2024 made from it."""
    root, there = tmp_path_factory.mktemp("two-years") / "data", data_root()
    for name in ("plans", "published"):
        shutil.copytree(there / name, root / name)
    for pattern in SENT:
        for path in (there / "returns" / OLD).glob(pattern):
            (root / "returns" / OLD / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / "returns" / OLD / path.parent.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(root))
        assert main(["new-plan", str(root / "plans" / NEW), "--from", OLD]) == 0
        yield root


@pytest.fixture
def copied(data, tmp_path, monkeypatch):
    """The same to change."""
    shutil.copytree(data, tmp_path / "data")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


def send(plan, unit, period, folder, day="2024-03-15", number=30.0):
    """A return of a unit with one figure, on the form of a plan, into a folder of returns."""
    key = next(cells(plan, unit, period))
    form = build_form(plan, unit, period, figures={key: number}, illustrative=True)
    return form.save(folder / period / f"{unit}__{day}.xlsx")


def cells(plan, unit, period):
    """The cells of the newly enrolled of a level on a unit's form."""
    form = build_form(plan, unit, period)
    rows = form.book["_cells"].iter_rows(min_row=2, values_only=True)
    for row in rows:
        cell = dict(zip(CELL_COLUMNS, row, strict=False))
        if cell["indicator"] == "people_enrolled" and cell["level"] == "elementary" and not cell["sex"]:
            yield Key(**{name: cell[name] or "" for name in Key._fields if name in cell})
