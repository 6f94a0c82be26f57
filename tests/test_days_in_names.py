"""The day in the name of a return is read as people write it; where it cannot be, the finding stays open."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from vetanalysis.paths import data_root, sender_and_day
from vetanalysis.plan import load_plan
from vetanalysis.returns.ledger import load_ledger

EXAMPLE = "lang-son-2023-example"


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2023-09-05",
            "2023-9-5",
            "2023_09_05",
            "2023.9.5",
            "20230905",
            "2023 09 05",
            "2023\u201109\u201105",
        ),
        *("05-09-2023", "5.9.2023", "05_09_2023", "05092023", " 2023-09-05", "2023-9-5 (sửa)", "5-9-2023_b"),
        *("v2__5.9.2023", "2023-9-5__v2", "2023-9-5-2"),
    ],
)
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    assert sender_and_day(f"2023-9M/183__{written}.xlsx") == ("183", "2023-09-05")


@pytest.mark.parametrize(
    "written",
    ["2023-15-09", "2023-09-31", "31-11-2023", "23-09-05", "5-9-23", "2023-9", "202309055", "mới", ""],
)
def test_what_is_no_day_is_none(written: str) -> None:
    assert sender_and_day(f"183__{written}.xlsx") == ("183", "")


def sent(folder: Path, changed: str, figure: int):
    """The ledger of unit 183 for nine months: its return, and one of another figure under another name."""
    here = folder / "2023-9M"
    here.mkdir(parents=True)
    first = here / "183__2023-09-15.xlsx"
    shutil.copyfile(data_root() / "returns" / EXAMPLE / "2023-9M" / first.name, first)
    book = openpyxl.load_workbook(first)
    book["Tuyển mới"]["C8"] = figure
    book.save(here / changed)
    return load_ledger(load_plan(EXAMPLE), folder)


def counted(ledger) -> float:
    rows = ledger.observations
    return rows.loc[rows["source"].str.endswith("Tuyển mới!C8"), "value"].item()


@pytest.mark.parametrize("day", ["2023-9-20", "20-09-2023", "20.9.2023", "20230920"])
def test_a_correction_counts_however_its_day_is_written(tmp_path: Path, day: str) -> None:
    ledger = sent(tmp_path, f"183__{day}.xlsx", 392)
    assert counted(ledger) == 392
    assert "no-received-day" not in {one.rule for one in ledger.all_findings}


@pytest.mark.parametrize("name", ["183__2023-15-09.xlsx", "183.xlsx", "183_2023-09-20.xlsx"])
def test_a_file_of_unknown_day_is_never_settled_by_another(tmp_path: Path, name: str) -> None:
    ledger = sent(tmp_path, name, 392)
    assert counted(ledger) == 362
    (told,) = (one for one in ledger.open_findings if one.rule == "no-received-day")
    assert told.file == f"2023-9M/{name}"
    assert "178__2023-09-20.xlsx" in told.remedy.en


def test_the_unit_of_a_file_of_unknown_day_is_the_one_in_its_name(tmp_path: Path) -> None:
    sent(tmp_path, "183__2023-15-09.xlsx", 392)
    alone = load_ledger(load_plan(EXAMPLE), tmp_path, units=["183"])
    assert {one.file for one in alone.open_findings if one.rule == "no-received-day"} == {
        "2023-9M/183__2023-15-09.xlsx"
    }
