"""Returns of the year after: on last year's form, and of a unit that has another code by then."""

import openpyxl
import pandas as pd
import pytest
from two_years import NEW, OLD, cells, copied, data, send  # noqa: F401

import vetanalysis as va
from vetanalysis.cli.main import main
from vetanalysis.observations.crosswalk import renamed_by
from vetanalysis.periods import find_cutoff, parse_cutoff
from vetanalysis.returns.held import _Earlier
from vetanalysis.returns.key import Key
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.template import build_form


def on_last_year_s_form(copied, change):  # noqa: F811
    """A return of 2024-Q1 written over last year's form, and what its ledger says of it."""
    path = send(va.load_plan(OLD), "178", "2023-Q1", copied / "returns" / NEW, number=44.0)
    path.parent.rename(path.parent.with_name("2024-Q1"))
    path = path.parent.with_name("2024-Q1") / path.name
    book = openpyxl.load_workbook(path)
    lines = [
        cell for sheet in book if sheet.sheet_state == "visible" for row in sheet.iter_rows(max_row=12, max_col=2)
        for cell in row if cell.value and "quý I năm 2023" in str(cell.value)
    ]  # fmt: skip
    for cell in change(lines):
        cell.value = cell.value.replace("2023", "2024").replace("2022", "2023")
    book.save(path)
    ledger = load_ledger(va.load_plan(NEW))
    told = [one for one in ledger.all_findings if one.rule == "form-plan"]
    return told, ledger.observations.query("period == '2024-Q1' and indicator == 'people_enrolled'"), lines


def test_last_year_s_form_with_last_year_s_titles_is_no_return_of_this_year(copied):  # noqa: F811
    (told,), read, lines = on_last_year_s_form(copied, lambda lines: [])
    assert (told.severity, len(read)) == ("error", 0)
    assert told.place.endswith(lines[0].coordinate)
    assert f"năm trước ({OLD}, quý I năm 2023)" in told.found.vi
    assert "nobody can say of which year" in told.found.en
    assert "write the new period into the line" in told.remedy.en


def test_one_that_names_the_new_period_in_some_titles_alone_is_asked_about(copied):  # noqa: F811
    (told,), read, lines = on_last_year_s_form(copied, lambda lines: lines[:1])
    assert (told.severity, len(read)) == ("error", 0)
    assert "other sheets the new one" in told.found.en
    assert told.place.endswith(lines[1].coordinate)


def test_one_whose_titles_all_name_the_new_period_is_read_as_of_it(copied):  # noqa: F811
    (told,), read, _ = on_last_year_s_form(copied, lambda lines: lines)
    assert told.severity == "warning"
    assert told.found.vi.endswith("mọi trang ghi kỳ quý I năm 2024: đọc là số của kỳ này")
    assert read[read["unit"] == "178"]["value"].tolist() == [44.0]
    assert read["source"].str.contains("2024-Q1").all()


def reworded(copied, change, *, number=44.0, lang=None):  # noqa: F811
    """The same with `change` of its sheets; the findings on its form, and how many figures are read."""
    old = va.load_plan(OLD)
    figures = {next(cells(old, "178", "2023-Q1")): number}
    form = build_form(
        old, "178", "2023-Q1", figures=figures, illustrative=True, **({"lang": lang} if lang else {})
    )
    path = form.save(copied / "returns" / NEW / "2024-Q1" / "178__2024-03-15.xlsx")
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows(max_row=12, max_col=2) if sheet.sheet_state == "visible" else ():
            for cell in row:
                seen = str(cell.value or "")
                if "quý I năm 2023" in seen or "first quarter of 2023" in seen:
                    cell.value = change(
                        sheet.title, seen.replace("2023", "2024").replace("2022", "2023"), seen
                    )
    book.save(path)
    ledger = load_ledger(va.load_plan(NEW))
    told = [one for one in ledger.all_findings if one.rule == "form-plan"]
    return told, len(ledger.observations.query("period == '2024-Q1' and indicator == 'people_enrolled'"))


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda sheet, new, old: new if sheet == "Thông tin" else None, ""),  # the lines of its sheets are gone
        (
            lambda sheet, new, old: new if sheet == "Thông tin" else "Số liệu quý I năm 2023" if sheet == "Tuyển mới"
            else None, "Số liệu quý I năm 2023",
        ),
        (
            lambda sheet, new, old: new if sheet != "Tuyển mới" else f"{new} (sửa từ quý I năm 2023)",
            "sửa từ quý I năm 2023",
        ),
    ],
)  # fmt: skip
def test_one_of_whose_sheets_any_says_no_period_or_another_too_is_refused(copied, change, seen):  # noqa: F811
    (told,), read = reworded(copied, change)
    assert (told.severity, read) == ("error", 0)
    assert seen in told.found.vi


def test_one_whose_titles_alone_are_new_is_refused(copied):  # noqa: F811
    """Its figures are to the digit those of the return whose form it is."""
    send(va.load_plan(OLD), "178", "2023-Q1", copied / "returns" / OLD, day="2023-03-16", number=44.0)
    told, read = reworded(copied, lambda sheet, new, old: new)
    assert [one.severity for one in told] == ["error", "warning"]
    assert "to the digit" in told[0].found.en
    assert read == 0
    told, read = reworded(copied, lambda sheet, new, old: new, number=45.0)
    assert ([one.severity for one in told], read) == (["warning"], 1)


@pytest.mark.parametrize("good", [True, False])
def test_an_english_one_is_read_by_the_words_in_which_forms_write_a_period(copied, good):  # noqa: F811
    def change(sheet, new, old):
        return new if good or sheet != "Newly enrolled" else f"{new}, was the first quarter of 2023"

    told, read = reworded(copied, change, lang="en")
    assert ([one.severity for one in told], read) == ((["warning"], 1) if good else (["error"], 0))


@pytest.fixture
def renamed(copied):  # noqa: F811
    """A centre has another code in 2024."""
    folder = copied / "plans" / NEW
    units = pd.read_csv(folder / "units.csv", dtype=str, keep_default_na=False)
    there = units["code"] == "khuyen-nong"
    new = units[there].assign(code="kn-moi", valid_from="2023-12-15", aliases="")
    units.loc[there, "valid_to"] = "2023-12-14"
    pd.concat([units, new]).to_csv(folder / "units.csv", index=False)
    cross = pd.read_csv(folder / "crosswalk.csv", dtype=str, keep_default_na=False)
    row = {
        "unit": "khuyen-nong",
        "successor": "kn-moi",
        "valid_from": "2023-12-15",
        "share": "1",
        "kind": "renamed",
    }
    pd.concat([cross, pd.DataFrame([row])]).fillna("").to_csv(folder / "crosswalk.csv", index=False)
    for name in ("tiles.csv", "units.geojson"):
        (folder / name).unlink(missing_ok=True)
    return copied


def test_the_form_of_a_renamed_unit_holds_what_it_reported_under_its_former_code(renamed, tmp_path):
    out = ["--unit", "kn-moi", "--out", str(tmp_path / "forms")]
    stock = {
        "indicator": "people_in_training",
        "basis": "stock",
        "level": "elementary",
        "measure": "persons",
    }
    old = va.load_plan(OLD)
    form = build_form(old, "khuyen-nong", "2023-FY", figures={Key(**stock): 61.0}, illustrative=True)
    form.save(renamed / "returns" / OLD / "2023-FY" / "khuyen-nong__2023-12-15.xlsx")
    assert main(["template", NEW, "--period", "2024-Q1", *out]) == 0
    book = openpyxl.load_workbook(tmp_path / "forms" / "kn-moi.xlsx")
    assert any(cell.value == 61 for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_renamed_unit_s_first_return_is_held_against_those_under_its_former_code(renamed):
    new = va.load_plan(NEW)
    send(new, "kn-moi", "2024-Q1", renamed / "returns" / NEW, number=30.0)
    readings = [one.reading for one in load_ledger(new).all_versions]
    (first,) = (one for one in readings if one.unit == "kn-moi")
    earlier = _Earlier(
        readings,
        {one.file: find_cutoff(one.period) for one in readings},
        renamed_by(new, parse_cutoff("2024-Q1")),
    )
    assert len(earlier.of(first)) == 1


def test_a_plan_that_a_unit_issued_for_the_year_before_is_none_of_this_year(data):  # noqa: F811
    """Else each unit that issued one in 2023 would count among "units that issued their plan" of 2024."""
    issued = va.open_study(OLD, "2023-Q1", published=None).ledger.documents
    assert "178" in set(issued["unit"])
    this_year = va.open_study(NEW, "2024-Q1", published=None)
    assert this_year.ledger.documents.empty
    assert "units_with_plan_share" not in set(this_year.lines.loc[this_year.lines["value"].notna(), "id"])
