"""The examples on the page of the rules are run: the rule says to them what the page has it say."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.any_file.paper import Error, workbook
from tests.any_file.sheet import Sheet
from tests.test_checks import BREACHES, GOOD, STOCK, check_file, found_for, returned, row, together
from tests.test_reader_faults import FAULTS, SHEET, book_with, stored_as, with_parts
from vetanalysis.errors import Finding
from vetanalysis.paths import data_root
from vetanalysis.plan import Plan, load_plan
from vetanalysis.returns.files import MAX_FILE
from vetanalysis.returns.findings import rules
from vetanalysis.returns.key import Key
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.read import read_return
from vetanalysis.returns.readings import VALID, Version, missing_columns
from vetanalysis.returns.template import build_form

UNIT = "178"
LAST = f"2023-9M/{UNIT}__2023-09-15.xlsx"
ENROLLED = Key(indicator="people_enrolled", measure="persons", basis="cumulative", level="elementary")
WHOSE, WHEN = ("Đơn vị: Huyện Cao Lộc",), ("Quý I năm 2023",)
TYPED = {
    "note-in-cell": "120 (lớp mở tháng 9)", "number-guess": "1.200", "number-doubtful": "10 (?)",
    "number-mistyped": "1O", "number-bound": "≥10", "number-too-large": "9" * 40, "measure-mismatch": "35 lượt",
    "not-understood": "nhiều", "formula-no-value": "=5+2",
}  # fmt: skip


@dataclass
class Desk:
    """Where an example is laid out: the plan of an illustrative year, a real one, an empty folder."""

    plan: Plan
    real: Plan
    folder: Path

    def file(self, data: bytes, name: str = "a.xlsx") -> tuple[Finding, ...]:
        """What reading a file says."""
        (self.folder / name).write_bytes(data)
        return read_return(self.folder / name, self.real).findings

    def table(self, *rows: tuple[object, ...], name: str = "a.xlsx") -> tuple[Finding, ...]:
        """What reading a table that is not ours says."""
        sheet = Sheet()
        for one in rows:
            sheet.line(*one)
        return self.file(workbook(sheet.known.papers), name)

    def form(self, change: Callable[[openpyxl.Workbook], object], real: bool = False) -> tuple[Finding, ...]:
        """What reading the form of Lạng Sơn city says, with 84 people newly enrolled in C8 and then changed."""
        plan = self.real if real else self.plan
        book = build_form(plan, UNIT, "2023-9M", figures={ENROLLED: 84.0}, illustrative=not real).book
        change(book)
        path = self.folder / f"{UNIT}__2023-09-15.xlsx"
        book.save(path)
        return read_return(path, plan).findings

    def returns(
        self, change: Callable[[openpyxl.Workbook], object] = lambda book: None, to: str = LAST
    ) -> list[Finding]:
        """What the city's returns since 2022 say of the last one, changed and under another name."""
        for path in (data_root() / "returns" / self.plan.name).glob(f"202[23]-*/{UNIT}__*.xlsx"):
            (self.folder / path.parent.name).mkdir(exist_ok=True)
            shutil.copy(path, self.folder / path.parent.name)
        book = openpyxl.load_workbook(self.folder / LAST)
        change(book)
        if to != LAST and Path(to).parent == Path(LAST).parent and "-b" not in to:
            (self.folder / LAST).unlink()
        book.save(self.folder / to)
        return load_ledger(self.plan, self.folder).all_findings

    def checked(self, rows: list[dict[str, object]], found: object = None, **more: object) -> list[Finding]:
        return check_file(found or found_for(), returned(rows, **more), self.plan)


def put(sheet: str, **cells: object) -> Callable[[openpyxl.Workbook], object]:
    """A change: what is typed into cells of a sheet."""

    def change(book: openpyxl.Workbook) -> None:
        for cell, value in cells.items():
            book[sheet][cell].value = value

    return change


def on_the_form(name: str, value: str) -> Callable[[openpyxl.Workbook], object]:
    """A change of what the hidden sheet says of the form."""

    def change(book: openpyxl.Workbook) -> None:
        for key, said, *_ in book["_form"].iter_rows():
            if key.value == name:
                said.value = value

    return change


def shown_as(book: openpyxl.Workbook) -> None:
    book["Tuyển mới"]["C8"].number_format = "#,##0,"


def one_column_right(book: openpyxl.Workbook) -> None:
    sheet = book["Tuyển mới"]
    for number in (8, 12):
        values = [sheet[f"{column}{number}"].value for column in "CDFGHI"]
        for column, value in zip("CDFGHIJ", (None, *values), strict=True):
            sheet[f"{column}{number}"].value = value


def of_several_sheets(book: openpyxl.Workbook) -> None:
    for number in range(200):
        book.create_sheet(f"Trang {number}")


def another_year(**more: object) -> dict[str, object]:
    return row("people_enrolled", 38, "C9", level="intermediate", **more)


def no_longer(desk: Desk) -> list[Finding]:
    after = [row("people_enrolled", 150, level="elementary")]
    before = [
        row("people_enrolled", 100, period="2023-H1", level="elementary"),
        row("people_enrolled", 20, "C9", period="2023-H1", level="college"),
    ]
    return together(desk.plan, [*before, *after], (Version(returned(after), 1, VALID, ()),))


def elsewhere(desk: Desk) -> list[Finding]:
    rows = []
    for unit in ("180", "cdn-ls"):
        rows += [another_year(unit=unit), another_year(unit=unit, sex="female") | {"value": 17},
                 another_year(unit=unit, residence="rural") | {"value": 36}]  # fmt: skip
    return together(desk.plan, rows)


def quotas(desk: Desk) -> list[Finding]:
    short = desk.plan.model_copy(update={"quotas": desk.plan.quotas[desk.plan.quotas["unit"] != "180"]})
    return together(short, [])


def commune(value: float) -> dict[str, object]:
    return {"unit": "180", "period": "2023-FY", "source": "180__2023-09-18.xlsx!Chỉ tiêu xã!C8", "commune": "a",
            "value": value}  # fmt: skip


def copied(desk: Desk) -> list[Finding]:
    for period in ("2023-9M", "2023-FY"):
        (desk.folder / period).mkdir()
        shutil.copy(data_root() / "returns" / desk.plan.name / LAST, desk.folder / period)
    return load_ledger(desk.plan, desk.folder).all_findings


def repeated(desk: Desk) -> list[Finding]:
    """The form of nine months with every figure of the half year."""
    (path,) = (data_root() / "returns" / desk.plan.name).glob(f"2023-H1/{UNIT}__*.xlsx")
    before = openpyxl.load_workbook(path)

    def change(book: openpyxl.Workbook) -> None:
        for sheet in ("Tuyển mới", "Theo nghề", "Nhiệm vụ", "Kinh phí"):
            old = {line[0].value: line for line in before[sheet].iter_rows(min_row=8)}
            for line in book[sheet].iter_rows(min_row=8):
                for cell in line[1:]:
                    if isinstance(cell.value, int | float) and line[0].value in old:
                        cell.value = old[line[0].value][cell.column - 1].value

    return desk.returns(change)


def unreadable(desk: Desk) -> Iterable[Finding]:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (desk.folder / "a.xlsx").write_bytes(b"1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(desk.folder), "open", refuse)
        return read_return(desk.folder / "a.xlsx", desk.real).findings


def too_large(desk: Desk) -> Iterable[Finding]:
    with (desk.folder / "a.xlsx").open("wb") as file:
        file.truncate(MAX_FILE + 2**20)
    return read_return(desk.folder / "a.xlsx", desk.real).findings


def summed(desk: Desk) -> tuple[Finding, ...]:
    """The city's form with a formula in C8 whose value is stored."""
    path = desk.folder / f"{UNIT}__2023-09-15.xlsx"
    desk.form(put("Tuyển mới", C8="=42+42"))
    part = f"xl/worksheets/sheet{openpyxl.load_workbook(path).sheetnames.index('Tuyển mới') + 1}.xml"
    data = with_parts(path.read_bytes(), {part: lambda body: stored_as(body, "42+42", "84")})
    return desk.file(data, path.name)


CASES: dict[str, Callable[[Desk], Iterable[Finding]]] = {
    "unit-differs": lambda d: d.checked(GOOD, found_for(unit="181")),
    "period-differs": lambda d: d.checked(GOOD, found_for(period="2023-H1")),
    "window-differs": lambda d: d.checked(GOOD, window=("2023-01-01", "2023-09-30")),
    "illustrative-in-real": lambda d: check_file(found_for(), returned(GOOD), d.real),
    "real-in-illustrative": lambda d: d.checked([one | {"illustrative": False} for one in GOOD], illustrative=False),
    "not-a-sender": lambda d: d.checked(GOOD, found_for(unit="20"), unit="20"),
    "no-received-day": lambda d: d.checked(GOOD, found_for(day="")),
    "received-early": lambda d: d.checked(GOOD, found_for(day="2023-06-16")),
    "other-folder": lambda d: check_file(
        replace(found_for(period="2022-FY"), belongs=d.plan.name), returned([], period="2022-FY"), d.plan
    ),
    "received-late": lambda d: d.returns(to=f"2023-9M/{UNIT}__2099-09-15.xlsx"),
    "same-day": lambda d: d.returns(put("Tuyển mới", C8=85), to=f"2023-9M/{UNIT}__2023-09-15-b.xlsx"),
    "same-content": copied,
    "guess-unsupported": lambda d: d.returns(put("Tuyển mới", C8="84.500")),
    "above-population": lambda d: d.returns(put("Tuyển mới", C8=2_000_000)),
    "moved-figures": lambda d: d.returns(one_column_right),
    "measure-suspect": lambda d: d.returns(put("Kinh phí", B8=244_800_000)),
    "total-blank": lambda d: d.returns(put("Tuyển mới", C8=None)),
    "stock-identity": lambda d: d.checked([*STOCK, row("people_in_training", 543, level="elementary", basis="stock")]),
    "commune-quotas": lambda d: d.checked(GOOD, commune_quotas=(commune(570.0),)),
    "not-reported": lambda d: d.checked(GOOD, missing=missing_columns([{"indicator": "jobs_created"}])),
    "cumulative-falls": lambda d: together(
        d.plan, [row("jobs_created", 100, "D15", period="2023-H1"), row("jobs_created", 90, "D15")]
    ),
    "ten-times": lambda d: together(
        d.plan, [row("jobs_created", 30, "D15", period="2022-9M"), row("jobs_created", 310, "D15")]
    ),
    "repeated": repeated,
    "no-longer-reported": no_longer,
    "start-stock": lambda d: together(
        d.plan, [row("people_in_training", 480, "E5", level="elementary", basis="stock", period="2022-FY"), STOCK[0]]
    ),
    "district-below-institutions": lambda d: together(
        d.plan, [another_year(), another_year(unit="gdnn-gdtx-180") | {"value": 40}]
    ),
    "same-class": lambda d: together(d.plan, [another_year(), another_year(unit="gdnn-gdtx-180")]),
    "same-class-elsewhere": elsewhere,
    "far-above-quota": lambda d: together(d.plan, [row("people_enrolled", 1741, level="elementary")]),
    "quota-sum": quotas,
    "file-missing": lambda d: read_return(d.folder / "a.xlsx", d.real).findings,
    "file-directory": lambda d: read_return(d.folder, d.real).findings,
    "file-unreadable": unreadable,
    "file-too-large": too_large,
    "file-extension": lambda d: d.file(book_with(lambda sheet: None), "a.xls"),
    "file-zip-bomb": lambda d: d.file(
        with_parts(book_with(lambda sheet: None), {"xl/media/zeros.bin": bytes(130 * 2**20)})
    ),
    "file-macros": lambda d: d.file(with_parts(book_with(lambda s: None), {"xl/vbaProject.bin": b"macro"}), "a.xlsm"),
    "file-links": lambda d: d.file(
        with_parts(book_with(lambda s: None), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    ),
    "sheet-dimension": lambda d: d.file(book_with(lambda sheet: sheet.__setitem__("XFD1048576", 1))),
    "sheet-count": lambda d: d.form(of_several_sheets),
    "sheet-merged": lambda d: d.file(
        with_parts(book_with(lambda s: None), {SHEET: lambda body: body.replace(
            b"</sheetData>", b"</sheetData><mergeCells>" + b"".join(
                b'<mergeCell ref="A%d:C%d"/>' % (n, n) for n in range(100, 10_100)) + b"</mergeCells>")})
    ),
    "sheet-hidden": lambda d: d.file(book_with(lambda s: setattr(s.row_dimensions[5], "hidden", True))),
    "cell-comment": lambda d: d.file(book_with(lambda s: setattr(s["B4"], "comment", Comment("số ước", "x")))),
    "old-font": lambda d: d.file("L¹ng S¬n;1\nH÷u Lòng;2\n".encode("latin-1"), "a.csv"),
    "formula-command": lambda d: d.file(book_with(lambda s: s.__setitem__("B4", "=cmd|' /C calc'!A0"))),
    "formula-cycle": lambda d: d.file(book_with(lambda s: s.__setitem__("B4", "=B4+1"))),
    "formula-in-entry": summed,
    "typed-over": lambda d: d.form(put("Tuyển mới", B8=5)),
    "cell-error": lambda d: d.table(WHOSE, WHEN, ("Trình độ", "Tuyển mới"), ("Sơ cấp", Error("#REF!"))),
    "number-format": lambda d: d.form(shown_as),
    "subtotal-mismatch": lambda d: d.table(
        WHOSE, WHEN, ("Trình độ", "Tuyển mới"), ("Sơ cấp", 12), ("Trung cấp", 5), ("Tổng cộng", 18)
    ),
    "identity-column": lambda d: d.table(WHOSE, WHEN, ("Trình độ", "Họ và tên", "Tuyển mới"), ("Sơ cấp", "An", 12)),
    "identity-number": lambda d: d.form(put("Giải trình", C8="Nguyễn Văn An, 012345678901")),
    "unit-unknown": lambda d: d.table(WHEN, ("Đơn vị", "Tuyển mới"), ("Huyện Mới Lạ", 5), ("Huyện Cao Lộc", 6)),
    "unit-ambiguous": lambda d: d.table(WHEN, ("Đơn vị", "Tuyển mới"), ("Xã Chi Lăng", 5), ("Huyện Cao Lộc", 6)),
    "unit-missing": lambda d: d.table(WHEN, ("Trình độ", "Tuyển mới"), ("Sơ cấp", 12)),
    "period-missing": lambda d: d.table(WHOSE, ("Trình độ", "Tuyển mới"), ("Sơ cấp", 12)),
    "period-other": lambda d: d.form(on_the_form("period", "2019-9M")),
    "column-unknown": lambda d: d.table(WHEN, ("Đơn vị", "Tuyển mới", "Cột lạ"), ("Huyện Cao Lộc", 6, 7)),
    "form-plan": lambda d: d.form(on_the_form("plan", "viet-nam-2025")),
    "form-reused": lambda d: d.form(put("Tuyển mới", A1="Đơn vị báo cáo: Huyện Cao Lộc")),
    "form-altered": lambda d: d.form(lambda book: book["Tuyển mới"].insert_rows(9)),
    "form-words-changed": lambda d: d.form(put("Kinh phí", B6="Được giao (nghìn đồng)")),
    "form-sheet-missing": lambda d: d.form(lambda book: book.remove(book["Kinh phí"])),
    "row-refused": lambda d: d.file(b"unit,period,indicator,value\n999,2023-Q1,people_enrolled,12\n", "a.csv"),
    "nothing-read": lambda d: d.table(WHOSE, WHEN),
    **{rule: lambda d, fault=fault: d.file(*FAULTS[fault][:2]) for rule, fault in (
        ("file-empty", "empty"), ("file-kind", "pdf"), ("file-password", "encrypted"), ("file-damaged", "truncated"),
    )},
    **{rule: lambda d, rows=rows: d.checked(rows) for rule, rows, _ in reversed(BREACHES)},
    **{rule: lambda d, typed=typed: d.form(put("Tuyển mới", C8=typed)) for rule, typed in TYPED.items()},
}  # fmt: skip


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, Plan]:
    return load_plan("lang-son-2023-example"), load_plan("lang-son-2023")


def test_every_rule_has_an_example() -> None:
    assert CASES.keys() == rules().keys()


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_says_to_its_example_what_the_page_says(rule, plans, tmp_path) -> None:
    found = [one for one in CASES[rule](Desk(*plans, tmp_path)) if one.rule == rule]
    assert found
    _, says = rules()[rule].example
    assert (says.vi, says.en) in [(one.found.vi, one.found.en) for one in found]
