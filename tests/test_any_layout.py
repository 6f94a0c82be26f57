"""Tables as offices make them: every figure is read right, or a finding names its cell."""

import pytest

from tests.any_file.layouts import LAYOUTS
from tests.any_file.paper import workbook
from tests.any_file.truth import wrongs
from vetanalysis.plan import load_plan
from vetanalysis.returns.draft import read_period
from vetanalysis.returns.read import read_return


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


@pytest.mark.parametrize("make", LAYOUTS, ids=lambda make: make.__name__)
def test_a_layout_is_read_as_it_is_meant(make, plan, tmp_path):
    known = make()
    path = tmp_path / "183__2023-09-15.xlsx"
    path.write_bytes(workbook(known.papers))
    read = read_return(path, plan)
    assert wrongs(read, known) == []
    assert len(read.observations) == len(known.figures)


@pytest.mark.parametrize(
    ("lines", "period"),
    [
        (["Lạng Sơn, ngày 12 tháng 10 năm 2023", "Kết quả 9 tháng đầu năm 2023"], ("2023-9M", False)),
        (["Lạng Sơn, ngày 9 tháng 6 năm 2023", "Báo cáo quý III"], ("2023-9M", True)),
        (["tháng đầu năm 2026 (01/01/2026 - 31/01/2026)"], ("2026-M01", False)),  # as our own form has it
        (["Các tháng đầu năm 2026"], ("2026-FY", False)),
        (["Lạng Sơn, ngày 6 tháng 1 năm 2024"], None),
        (["Báo cáo tháng 9 năm 2023"], None),
        (["Kết quả năm 2023", "Lạng Sơn, ngày 6 tháng 1 năm 2024"], ("2023-FY", False)),
    ],
)
def test_the_day_of_a_letter_is_no_period(lines, period):
    assert read_period(lines) == period
