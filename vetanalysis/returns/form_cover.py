"""The sheets of the form that are not tables of figures: cover, explanations, commune quotas, own
documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vetanalysis.returns.form_parts import Agreement, Formula, Register
from vetanalysis.returns.form_sheets import FIRST_ROW, HEAD_ROW, LETTER_ROW, Heading, title_block
from vetanalysis.returns.form_styles import allow_list, allow_numbers, dress, page, put_text
from vetanalysis.returns.form_words import DOCUMENT_TYPES, FIGURE_STATUS, HOW_TO, PROGRESS

COVER, EXPLANATIONS, COMMUNES, DOCUMENTS = "Thông tin", "Giải trình", "Chỉ tiêu xã", "Văn bản"
Words = Mapping[tuple[str, str], str | float]


def draw_cover(
    sheet: Any,
    heading: Heading,
    facts: Sequence[tuple[str, str]],
    tables: Sequence[tuple[str, str]],
    scope: str,
    register: Register,
    words: Words,
) -> None:
    """What the form is about, who filled it in, which tables it holds and how to fill them in."""
    title_block(sheet, heading, "BÁO CÁO KẾT QUẢ THỰC HIỆN KẾ HOẠCH GIÁO DỤC NGHỀ NGHIỆP", 4)
    row = HEAD_ROW + 1
    for label, text in facts:
        _line(sheet, row, label, text)
        row += 1
    for label, kind, start in (
        ("Người lập biểu (họ và tên)", "contact_name", ""),
        ("Điện thoại liên hệ", "contact_phone", ""),
        ("Số liệu trong biểu là", "figures_status", FIGURE_STATUS[1]),
    ):
        _line(sheet, row, label, str(words.get((kind, ""), start)), look="input_text")
        sheet.cell(row, 2).number_format = "@"
        register.texts[COVER, f"B{row}"] = (kind, "")
        if kind == "figures_status":
            allow_list(sheet, f"B{row}", FIGURE_STATUS)
        row += 1
    row = _section(
        sheet, row + 1, "Các trang phải gửi trong kỳ", [f"{name}: {title}" for name, title in tables]
    )
    row = _section(sheet, row + 1, "Cách điền", [*HOW_TO, *([scope] if scope else [])])
    for place, text in ((1, "NGƯỜI LẬP BIỂU\n(ký, ghi rõ họ tên)"), (4, "THỦ TRƯỞNG ĐƠN VỊ\n(ký, đóng dấu)")):
        put_text(sheet.cell(row + 1, place), text)
        dress(sheet.cell(row + 1, place), "sign")
    sheet.row_dimensions[row + 1].height = 36
    for column, width in zip("ABCD", (38, 40, 18, 36), strict=True):
        sheet.column_dimensions[column].width = width
    page(sheet, pages_high=1)


def draw_explanations(
    sheet: Any, heading: Heading, tasks: Sequence[tuple[str, str]], register: Register, words: Words
) -> None:
    """Per task: how far it is, difficulties, causes, proposals."""
    title_block(sheet, heading, "GIẢI TRÌNH THEO NHIỆM VỤ CỦA KẾ HOẠCH", 5)
    heads = ("Nhiệm vụ", "Mức độ thực hiện", "Khó khăn, vướng mắc", "Nguyên nhân", "Đề xuất, kiến nghị")
    kinds = ("progress", "difficulties", "causes", "proposals")
    _plain_head(sheet, heads, (44, 18, 38, 38, 38))
    for number, (ref, label) in enumerate(tasks, start=FIRST_ROW):
        put_text(sheet.cell(number, 1), label)
        dress(sheet.cell(number, 1), "label")
        for place, kind in enumerate(kinds, start=2):
            cell = sheet.cell(number, place)
            put_text(cell, str(words.get((kind, ref), "")))
            dress(cell, "input_text")
            cell.number_format = "@"
            register.texts[EXPLANATIONS, cell.coordinate] = (kind, ref)
        sheet.row_dimensions[number].height = 62
    allow_list(sheet, f"B{FIRST_ROW}:B{FIRST_ROW + len(tasks) - 1}", PROGRESS)
    page(sheet, LETTER_ROW)


def draw_communes(
    sheet: Any,
    heading: Heading,
    communes: Sequence[tuple[str, str]],
    quota: float | None,
    register: Register,
    words: Words,
) -> None:
    """The district's quota by commune; its sum is held against the district's quota."""
    title_block(sheet, heading, "CHỈ TIÊU ĐÀO TẠO NGHỀ GIAO CHO XÃ, PHƯỜNG, THỊ TRẤN", 3)
    _plain_head(
        sheet, ("Xã, phường, thị trấn", "Mã đơn vị", "Chỉ tiêu năm\n(người)"), (40, 14, 20), letters="AB1"
    )
    last = FIRST_ROW + len(communes) - 1
    for number, (code, name) in enumerate(communes, start=FIRST_ROW):
        put_text(sheet.cell(number, 1), name)
        put_text(sheet.cell(number, 2), code)
        dress(sheet.cell(number, 1), "label")
        dress(sheet.cell(number, 2), "word")
        cell = sheet.cell(number, 3)
        value = words.get(("commune_quota", code))
        if value is not None:
            cell.value = int(value)
            register.numbers[COMMUNES, f"C{number}"] = int(value)
        dress(cell, "input")
        register.texts[COMMUNES, f"C{number}"] = ("commune_quota", code)
    refs = tuple(f"C{number}" for number in range(FIRST_ROW, last + 1))
    allow_numbers(sheet, [f"C{FIRST_ROW}:C{last}"], whole=True)
    checks = (
        ("Tổng cộng", Formula(refs)),
        ("Chỉ tiêu huyện, thành phố được giao", None),
        ("Chênh lệch", Formula((f"C{last + 1}",), (f"C{last + 2}",))),
        ("Kiểm tra tổng", Agreement(refs, f"C{last + 2}")),
    )
    for number, (label, formula) in enumerate(checks, start=last + 1):
        put_text(sheet.cell(number, 1), label)
        dress(sheet.cell(number, 1), "label_total")
        dress(sheet.cell(number, 2), "word")
        cell = sheet.cell(number, 3)
        if formula is not None:
            cell.value = formula.text()
            register.formulas[COMMUNES, f"C{number}"] = formula
        elif quota is not None:
            cell.value = round(quota)
            register.numbers[COMMUNES, f"C{number}"] = round(quota)
        dress(cell, "total")
    sheet.freeze_panes = f"A{FIRST_ROW}"
    page(sheet, LETTER_ROW)


def draw_documents(sheet: Any, heading: Heading, lines: int, register: Register, words: Words) -> None:
    """The body's own plan documents: kind, number, date, title. The text key is the line, counted from 1."""
    title_block(sheet, heading, "VĂN BẢN TRIỂN KHAI KẾ HOẠCH CỦA ĐƠN VỊ", 4)
    _plain_head(sheet, ("Loại văn bản", "Số, ký hiệu", "Ngày ban hành", "Trích yếu"), (22, 24, 16, 80))
    kinds = ("document_type", "document_number", "document_date", "document_title")
    for line in range(1, lines + 1):
        number = FIRST_ROW + line - 1
        for place, kind in enumerate(kinds, start=1):
            cell = sheet.cell(number, place)
            value = words.get((kind, str(line)), "")
            if kind == "document_date" and value:
                cell.value = value
            else:
                put_text(cell, str(value))
            dress(cell, "input_day" if kind == "document_date" else "input_text")
            if kind == "document_number":
                cell.number_format = "@"
            register.texts[DOCUMENTS, cell.coordinate] = (kind, str(line))
        sheet.row_dimensions[number].height = 32
    allow_list(sheet, f"A{FIRST_ROW}:A{FIRST_ROW + lines - 1}", DOCUMENT_TYPES)
    page(sheet, LETTER_ROW)


def _line(sheet: Any, row: int, label: str, text: str, look: str = "given_text") -> None:
    put_text(sheet.cell(row, 1), label)
    dress(sheet.cell(row, 1), "label")
    sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=4)
    put_text(sheet.cell(row, 2), text)
    for place in (2, 3, 4):
        dress(sheet.cell(row, place), look)
    sheet.row_dimensions[row].height = 20 if len(text) < 90 else 36


def _section(sheet: Any, row: int, title: str, lines: Sequence[str]) -> int:
    put_text(sheet.cell(row, 1), title)
    dress(sheet.cell(row, 1), "bold")
    for number, text in enumerate(lines, start=row + 1):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=4)
        put_text(sheet.cell(number, 1), f"{number - row}. {text}")
        dress(sheet.cell(number, 1), "plain")
        sheet.row_dimensions[number].height = 17 if len(text) < 118 else 33
    return row + len(lines) + 1


def _plain_head(sheet: Any, heads: Sequence[str], widths: Sequence[float], letters: str = "") -> None:
    for place, (head, width) in enumerate(zip(heads, widths, strict=True), start=1):
        sheet.merge_cells(start_row=HEAD_ROW, end_row=HEAD_ROW + 1, start_column=place, end_column=place)
        put_text(sheet.cell(HEAD_ROW, place), head)
        put_text(sheet.cell(LETTER_ROW, place), letters[place - 1] if letters else "ABCDE"[place - 1])
        for number in (HEAD_ROW, HEAD_ROW + 1):
            dress(sheet.cell(number, place), "head")
        dress(sheet.cell(LETTER_ROW, place), "letter")
        sheet.column_dimensions["ABCDE"[place - 1]].width = width
