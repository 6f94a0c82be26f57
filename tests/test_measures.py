"""Figures in another unit of measure than their column asks: refused or told, never taken as they are."""

import shutil

import openpyxl
import pytest

from vetanalysis.paths import data_root
from vetanalysis.plan import load_plan
from vetanalysis.returns.key import Key
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.template import build_form

FUNDS = ("2023-9M/178__2023-09-15.xlsx", "Kinh phí", "B8")  # 244.8 million dong assigned; quota 120
RATES = ("2023-H1/178__2023-06-16.xlsx", "Nhiệm vụ", "D9")  # 60.7 per cent trained; the plan wants 62


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


def typed(plan, root, where, value, periods=("2023-Q1", "2023-H1", "2023-9M"), code=None):
    """The city's returns with one cell changed: findings at that cell by rule, and the figure that counts there."""
    file, sheet, cell = where
    for period in periods:
        for path in (data_root() / "returns" / plan.name / period).glob("178__*.xlsx"):
            (root / period).mkdir(exist_ok=True)
            shutil.copy(path, root / period)
    book = openpyxl.load_workbook(root / file)
    book[sheet][cell].value = value
    if code:
        book[sheet][cell].number_format = code
    book.save(root / file)
    ledger = load_ledger(plan, root)
    table = ledger.observations
    counted = table[table["source"] == f"{file}!{sheet}!{cell}"]["value"].tolist()
    here = (one for one in ledger.all_findings if (one.file, one.sheet, one.place) == where)
    return {one.rule: one for one in here}, counted


@pytest.mark.parametrize("periods", [("2023-Q1", "2023-H1", "2023-9M"), ("2023-9M",)])
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (244_800_000, "typed in dong it means 244.8"), ("244.800.000", "typed in dong it means 244.8"),
        (244_800, "typed in thousand dong it means 244.8"), (0.2448, "typed in billion dong it means 244.8"),
    ],
)  # fmt: skip
def test_money_in_another_unit_is_refused_by_history_or_quota(plan, tmp_path, periods, value, words):
    found, counted = typed(plan, tmp_path, FUNDS, value, periods)
    one = found["measure-suspect"]
    assert one.severity == "error"
    assert words in one.found.en.lower().replace("đồng", "dong")
    assert counted == []


@pytest.mark.parametrize("value", [244.8, 489.6, 2_448, 60, 12])
def test_money_that_grew_or_shrank_counts(plan, tmp_path, value):
    found, counted = typed(plan, tmp_path, FUNDS, value)
    assert "measure-suspect" not in found
    assert counted == [value]


def test_money_with_its_unit_beside_it_is_converted(plan, tmp_path):
    found, counted = typed(plan, tmp_path, FUNDS, "244.800.000 đồng")
    assert "measure-suspect" not in found
    assert counted == [pytest.approx(244.8)]


@pytest.mark.parametrize(
    ("value", "code", "meant"), [(0.7, None, 70), ("0,62", None, 62), (0.62, '0.00"%"', 62)]
)
def test_a_share_where_per_cent_is_asked_is_refused(plan, tmp_path, value, code, meant):
    found, counted = typed(plan, tmp_path, RATES, value, code=code)
    assert found["measure-suspect"].severity == "error"
    assert f"it means {meant}" in found["measure-suspect"].found.en
    assert counted == []


@pytest.mark.parametrize(
    ("value", "code", "read"), [(0.62, "0%", 62), (62, '0.0"%"', 62), ("62%", None, 62), (62, None, 62)]
)
def test_a_rate_in_per_cent_however_it_is_shown_counts(plan, tmp_path, value, code, read):
    found, counted = typed(plan, tmp_path, RATES, value, code=code)
    assert "measure-suspect" not in found
    assert counted == [read]


def test_a_small_rate_that_nothing_speaks_against_counts_with_a_warning(plan, tmp_path):
    name = Key("equipment_use_rate", measure="percent", basis="cumulative")
    figures = dict.fromkeys((name, name._replace(basis="stock")), 0.8)
    path = tmp_path / "2023-H1" / "cdn-ls__2023-06-26.xlsx"
    path.parent.mkdir()
    build_form(plan, "cdn-ls", "2023-H1", figures=figures, illustrative=True).save(path)
    ledger = load_ledger(plan, tmp_path)
    (one,) = [one for one in ledger.all_findings if one.rule == "measure-suspect"]
    assert one.severity == "warning"
    assert 0.8 in ledger.observations["value"].tolist()


def test_more_spent_than_assigned_is_told(plan, tmp_path):
    found, counted = typed(plan, tmp_path, ("2023-9M/178__2023-09-15.xlsx", "Kinh phí", "C8"), 300)
    assert found["certified-above-trained"].severity == "warning"
    assert "244.8" in found["certified-above-trained"].found.en
    assert counted == [300]
