"""Tables as offices make them, each with its true reading.

The shapes are those of public workbooks of education and labour: a title block, heads of two or three rows with merged
cells, a column with units of measure, rows "Trong đó", groups numbered in Roman, totals above or below their parts,
two tables on one sheet, notes and signatures below. Names and figures are made up.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.any_file.paper import Known
from tests.any_file.sheet import (
    ASSIGNED,
    DISBURSED,
    DISTRICTS,
    ENROLLED,
    FEMALE,
    GRADUATED,
    UPPER,
    WHEN,
    Sheet,
    level,
)  # fmt: skip


def stacked() -> Known:
    """Two tables one below the other, each with a title and a head of its own."""
    s = Sheet()
    s.line(*UPPER)
    s.line(f"KẾT QUẢ ĐÀO TẠO NGHỀ {WHEN}")
    for title, head, indicator, plus in (
        ("I. Kết quả tuyển sinh", "Tuyển mới", ENROLLED, 0),
        ("II. Kết quả tốt nghiệp", "Tốt nghiệp", GRADUATED, -40),
    ):
        s.line()
        s.line(title)
        s.line("STT", "Huyện, thành phố", head, "Trong đó: nữ")
        for number, (code, name) in enumerate(DISTRICTS, start=1):
            value = 100 + 7 * number + plus
            row = s.line(number, name, value, value // 3)
            s.true(f"C{row}", code, indicator, value)
            s.true(f"D{row}", code, indicator, value // 3, FEMALE)
    s.signed()
    return s.known


def stacked_close() -> Known:
    """As `stacked`, with neither a blank row nor a title between the tables."""
    s = Sheet()
    s.line(f"Kết quả đào tạo nghề {WHEN}")
    for head, indicator, plus in (
        ("Số người tuyển mới", ENROLLED, 0),
        ("Số người tốt nghiệp", GRADUATED, -40),
    ):
        s.line("STT", "Đơn vị", head, "Nữ")
        for number, (code, name) in enumerate(DISTRICTS, start=1):
            value = 100 + 7 * number + plus
            row = s.line(number, name, value, value // 3)
            s.true(f"C{row}", code, indicator, value)
            s.true(f"D{row}", code, indicator, value // 3, FEMALE)
        values = [100 + 7 * number + plus for number in range(1, 5)]
        s.line(None, "Tổng cộng", sum(values), sum(value // 3 for value in values))
    return s.known


def stacked_titles_alone() -> Known:
    """The indicator stands in the title of each table alone; heads name levels."""
    s = Sheet()
    s.line(f"Báo cáo {WHEN}")
    for title, indicator, plus in (
        ("1. Số người tuyển mới", ENROLLED, 0),
        ("2. Số người tốt nghiệp", GRADUATED, -40),
    ):
        s.line()
        s.line(title)
        s.line("STT", "Đơn vị", "Tổng số", "Trình độ", None)
        s.line(None, None, None, "Sơ cấp", "Dưới 3 tháng")
        s.merge(
            f"A{s.row - 1}:A{s.row}",
            f"B{s.row - 1}:B{s.row}",
            f"C{s.row - 1}:C{s.row}",
            f"D{s.row - 1}:E{s.row - 1}",
        )
        for number, (code, name) in enumerate(DISTRICTS, start=1):
            value = 90 + 3 * number + plus
            row = s.line(number, name, value, value - 20, 20)
            s.true(f"C{row}", code, indicator, value)
            s.true(f"D{row}", code, indicator, value - 20, level("elementary"))
            s.true(f"E{row}", code, indicator, 20, level("short_course"))
    s.signed()
    return s.known


def side_by_side() -> Known:
    """Two tables beside each other, an empty column between them, rows of different units."""
    s = Sheet()
    s.line(f"Kết quả {WHEN}")
    s.line()
    s.line("Đơn vị", "Tuyển mới", "Nữ", None, "Đơn vị", "Tốt nghiệp", "Nữ")
    left, right = DISTRICTS, DISTRICTS[::-1]
    for number in range(4):
        a, b = 50 + 11 * number, 30 + 13 * number
        row = s.line(left[number][1], a, a // 2, None, right[number][1], b, b // 4)
        s.true(f"B{row}", left[number][0], ENROLLED, a)
        s.true(f"C{row}", left[number][0], ENROLLED, a // 2, FEMALE)
        s.true(f"F{row}", right[number][0], GRADUATED, b)
        s.true(f"G{row}", right[number][0], GRADUATED, b // 4, FEMALE)
    return s.known


def side_by_side_of_different_length() -> Known:
    """Two tables beside each other without an empty column; the second has more rows and its own numbers."""
    s = Sheet()
    s.line(f"Kết quả {WHEN}")
    s.line("TT", "Huyện", "Số người tuyển mới", "TT", "Huyện", "Số người tốt nghiệp")
    for number in range(4):
        code, name = DISTRICTS[number]
        a, b = 50 + 11 * number, 30 + 13 * number
        cells: tuple[object, ...] = (number + 1, name, a) if number < 2 else (None, None, None)
        row = s.line(*cells, number + 1, name, b)
        if number < 2:
            s.true(f"C{row}", code, ENROLLED, a)
        s.true(f"F{row}", code, GRADUATED, b)
    return s.known


def unit_of_measure() -> Known:
    """A school's table of items with a column of units of measure; the file's name says whose it is."""
    s = Sheet()
    s.line("BÁO CÁO KẾT QUẢ ĐÀO TẠO", None, None, None)
    s.line(f"Lũy kế {WHEN}")
    s.line()
    s.line("STT", "Nội dung", "Đơn vị tính", "Kế hoạch năm", "Thực hiện", "Ghi chú")
    s.line("A", "B", "C", 1, 2, 3)
    for number, label, measure, value, true, indicator, parts, unit in (
        (1, "Số người tuyển mới", "Người", 210, 210, ENROLLED, (), "persons"),
        (None, "Trong đó: - Nữ", "Người", 80, 80, ENROLLED, (FEMALE,), "persons"),
        (None, "- Sơ cấp", "Người", 130, 130, ENROLLED, (level("elementary"),), "persons"),
        (2, "Số người tốt nghiệp", "Người", 150, 150, GRADUATED, (), "persons"),
        (None, "Trong đó: nữ", "Người", 61, 61, GRADUATED, (FEMALE,), "persons"),
        (3, "Kinh phí được giao", "Triệu đồng", 1250.5, 1250.5, ASSIGNED, (), "million_dong"),
        (4, "Kinh phí đã giải ngân", "Nghìn đồng", 640500, 640.5, DISBURSED, (), "million_dong"),
    ):
        row = s.line(number, label, measure, 300, value, None)
        s.true(f"E{row}", "183", indicator, true, *parts, measure=unit)
    s.signed()
    return s.known


def money() -> Known:
    """Money by district with a column that says "triệu đồng" in every row."""
    s = Sheet()
    s.line("UBND huyện Cao Lộc")
    s.line(f"Tình hình giải ngân {WHEN}")
    s.line("STT", "Đơn vị", "Đơn vị tính", "Kinh phí được giao", "Kinh phí đã giải ngân")
    for number, (code, name) in enumerate(
        (*DISTRICTS, ("184", "Huyện Văn Quan"), ("186", "Huyện Hữu Lũng")), start=1
    ):
        row = s.line(number, name, "Triệu đồng", 100.5 * number, 80.25 * number)
        s.true(f"D{row}", code, ASSIGNED, 100.5 * number, measure="million_dong")
        s.true(f"E{row}", code, DISBURSED, 80.25 * number, measure="million_dong")
    s.signed()
    return s.known


def items_in_million_dong() -> Known:
    """As the column of units of measure, but nobody wrote a head over it."""
    s = Sheet()
    s.line("Đơn vị: Huyện Cao Lộc")
    s.line(f"Kinh phí {WHEN}")
    s.line("TT", "Nội dung", None, "Thực hiện")
    for number, (label, indicator, parts) in enumerate((
        ("Kinh phí được giao", ASSIGNED, ()),
        ("Trong đó: Ngân sách trung ương", ASSIGNED, (("fund_source", "central"),)),
        ("Ngân sách địa phương", ASSIGNED, (("fund_source", "local"),)),
        ("Kinh phí đã giải ngân", DISBURSED, ()),
        ("Trong đó: Ngân sách trung ương", DISBURSED, (("fund_source", "central"),)),
        ("Ngân sách địa phương", DISBURSED, (("fund_source", "local"),)),
    )):  # fmt: skip
        row = s.line(number + 1, label, "triệu đồng", 300.5 - 40 * number)
        s.true(f"D{row}", "183", indicator, 300.5 - 40 * number, *parts, measure="million_dong")
    return s.known


def merged_unit() -> Known:
    """The name of a district merged over its total and its "of which" rows."""
    s = Sheet()
    s.line(f"Kết quả tuyển sinh {WHEN}")
    s.line("STT", "Đơn vị", "Chỉ tiêu báo cáo", "Số người tuyển mới")
    for number, (code, name) in enumerate(DISTRICTS, start=1):
        row = s.line(number, name, "Tổng số", 90 + number)
        s.line(None, None, "Trong đó: nữ", 40 + number)
        s.merge(f"A{row}:A{row + 1}", f"B{row}:B{row + 1}")
        s.true(f"D{row}", code, ENROLLED, 90 + number)
        s.true(f"D{row + 1}", code, ENROLLED, 40 + number, FEMALE)
    s.signed()
    return s.known


def merged_unit_over_levels() -> Known:
    """The name of a district merged over a row of each level."""
    s = Sheet()
    s.line(f"Kết quả {WHEN}")
    s.line("Huyện", "Trình độ", "Tuyển mới", "Tốt nghiệp")
    for number, (code, name) in enumerate(DISTRICTS, start=1):
        for place, (label, one) in enumerate((("Sơ cấp", "elementary"), ("Dưới 3 tháng", "short_course"))):
            row = s.line(name if place == 0 else None, label, 30 + number + place, 20 + number)
            s.true(f"C{row}", code, ENROLLED, 30 + number + place, level(one))
            s.true(f"D{row}", code, GRADUATED, 20 + number, level(one))
        s.merge(f"A{row - 1}:A{row}")
    return s.known


def unit_once_above_its_rows() -> Known:
    """A district's row with its total, below it the levels, set in with a dash."""
    s = Sheet()
    s.line(f"Kết quả tuyển sinh {WHEN}")
    s.line("STT", "Đơn vị", "Số người tuyển mới", "Nữ")
    for number, (code, name) in enumerate(DISTRICTS, start=1):
        row = s.line(number, name, 90 + number, 40)
        s.true(f"C{row}", code, ENROLLED, 90 + number)
        s.true(f"D{row}", code, ENROLLED, 40, FEMALE)
        for label, one, value in (
            ("- Sơ cấp", "elementary", 60 + number),
            ("- Dưới 3 tháng", "short_course", 30),
        ):
            row = s.line(None, label, value, 20)
            s.true(f"C{row}", code, ENROLLED, value, level(one))
            s.true(f"D{row}", code, ENROLLED, 20, FEMALE, level(one))
    s.signed()
    return s.known


def sections_by_level() -> Known:
    """Rows of a heading alone ("A. Trình độ sơ cấp"), below each the districts."""
    s = Sheet()
    s.line(f"Số người tuyển mới {WHEN}")
    s.line("STT", "Đơn vị", "Số người tuyển mới", "Trong đó nữ")
    for title, one, plus in (
        ("A. Trình độ sơ cấp", "elementary", 0),
        ("B. Dưới 3 tháng", "short_course", 31),
    ):
        s.line(None, title)
        for number, (code, name) in enumerate(DISTRICTS, start=1):
            row = s.line(number, name, 40 + number + plus, 17)
            s.true(f"C{row}", code, ENROLLED, 40 + number + plus, level(one))
            s.true(f"D{row}", code, ENROLLED, 17, level(one), FEMALE)
    return s.known


def sections_by_indicator() -> Known:
    """Roman sections of an indicator without a figure, below each its parts."""
    s = Sheet()
    s.line("Đơn vị báo cáo: Huyện Cao Lộc")
    s.line(f"Lũy kế {WHEN}")
    s.line("STT", "Chỉ tiêu báo cáo", "ĐVT", "Thực hiện")
    for roman, title, indicator, plus in (
        ("I", "Số người tuyển mới", ENROLLED, 0),
        ("II", "Số người tốt nghiệp", GRADUATED, -9),
    ):
        s.line(roman, title)
        for number, (label, one) in enumerate(
            (("Sơ cấp", "elementary"), ("Dưới 3 tháng", "short_course")), start=1
        ):
            row = s.line(number, label, "Người", 40 + number + plus)
            s.true(f"D{row}", "183", indicator, 40 + number + plus, level(one))
    s.signed()
    return s.known


def yearbook() -> Known:
    """A page of a statistical yearbook: an indicator with its total, "Phân theo giới tính", the sexes, the next one."""
    s = Sheet()
    s.line("Kết quả đào tạo của huyện Cao Lộc 9 tháng năm 2023")
    s.line(None, None, "ĐVT: Người")
    s.line(None, "9 tháng năm 2022", "9 tháng năm 2023")
    for title, indicator, plus in (
        ("Số người tuyển mới", ENROLLED, 0),
        ("Số người tốt nghiệp", GRADUATED, -100),
    ):
        for label, parts, value in (
            (title, (), 900), ("Phân theo giới tính", (), None), ("Nam", (("sex", "male"),), 500),
            ("Nữ", (FEMALE,), 400),
        ):  # fmt: skip
            if value is None:
                s.line(label)
                continue
            row = s.line(label, value + plus, value + plus + 7)
            s.true(f"B{row}", "183", indicator, value + plus, *parts, period="2022-9M")
            s.true(f"C{row}", "183", indicator, value + plus + 7, *parts)
    return s.known


def roman_groups() -> Known:
    """Groups numbered in Roman with the sum of their units, the total of all on top."""
    s = Sheet()
    s.line(*UPPER)
    s.line(f"Số người tuyển mới {WHEN}")
    s.line("(Đơn vị tính: người)")
    s.line("STT", "Tên đơn vị", "Tổng số", "Trong đó", None)
    s.line(None, None, None, "Nữ", "Dân tộc thiểu số")
    s.merge("A4:A5", "B4:B5", "C4:C5", "D4:E4", "A2:E2")
    s.line("A", "B", 1, 2, 3)
    s.line(None, "TỔNG SỐ", 1000, 400, 300)
    s.line("I", "Khối huyện", 700, 280, 210)
    for number, (code, name) in enumerate(DISTRICTS[:2], start=1):
        row = s.line(number, name, 350, 140, 105)
        s.true(f"C{row}", code, ENROLLED, 350)
        s.true(f"D{row}", code, ENROLLED, 140, FEMALE)
        s.true(f"E{row}", code, ENROLLED, 105, ("group", "ethnic_minority"))
    s.line("II", "Khối trường", 300, 120, 90)
    row = s.line(1, "Trường Cao đẳng nghề Lạng Sơn", 300, 120, 90)
    s.true(f"C{row}", "cdn-ls", ENROLLED, 300)
    s.true(f"D{row}", "cdn-ls", ENROLLED, 120, FEMALE)
    s.true(f"E{row}", "cdn-ls", ENROLLED, 90, ("group", "ethnic_minority"))
    s.signed()
    return s.known


def blank_rows_and_notes() -> Known:
    """Blank rows between the units, notes with numbers below."""
    s = Sheet()
    s.line(f"Số người tuyển mới {WHEN}")
    s.line("STT", "Đơn vị", "Số người tuyển mới")
    for number, (code, name) in enumerate(DISTRICTS, start=1):
        s.line()
        row = s.line(number, name, 60 + number)
        s.true(f"C{row}", code, ENROLLED, 60 + number)
    s.line()
    s.line(None, "Ghi chú: số liệu tính đến ngày 14/9/2023")
    s.line(None, "1. Chưa gồm 12 lớp đang mở.")
    s.line("2", "Nguồn: phòng LĐTBXH")
    s.signed()
    return s.known


def three_rows_of_heads() -> Known:
    """A head of three rows: indicator, "Trong đó", part."""
    s = Sheet()
    s.line(f"Kết quả {WHEN}")
    s.line("TT", "Đơn vị", "Tuyển mới", None, None, "Tốt nghiệp", None, None)
    s.line(None, None, "Tổng số", "Trong đó", None, "Tổng số", "Trong đó", None)
    s.line(None, None, None, "Nữ", "Hộ nghèo", None, "Nữ", "Hộ nghèo")
    s.merge("A2:A4", "B2:B4", "C2:E2", "F2:H2", "C3:C4", "F3:F4", "D3:E3", "G3:H3")
    for number, (code, name) in enumerate(DISTRICTS, start=1):
        row = s.line(number, name, 80 + number, 30, 12, 60 + number, 25, 9)
        for columns, indicator in (("CDE", ENROLLED), ("FGH", GRADUATED)):
            total = (80 if indicator == ENROLLED else 60) + number
            s.true(f"{columns[0]}{row}", code, indicator, total)
            s.true(f"{columns[1]}{row}", code, indicator, 30 if total > 80 else 25, FEMALE)
            s.true(f"{columns[2]}{row}", code, indicator, 12 if total > 80 else 9, ("group", "poor"))
    return s.known


def last_year_beside() -> Known:
    """The plan, what was done and the same months of the year before, with the year in each head."""
    s = Sheet()
    s.line("Kết quả tuyển sinh 9 tháng năm 2023")
    s.line(
        "TT",
        "Đơn vị",
        "Kế hoạch năm 2023",
        "Thực hiện 9 tháng năm 2022",
        "Thực hiện 9 tháng năm 2023",
        "% so cùng kỳ",
        "% KH",
    )
    for number, (code, name) in enumerate(DISTRICTS, start=1):
        row = s.line(number, name, 120, 70 + number, 80 + number, 110, 67)
        s.true(f"D{row}", code, ENROLLED, 70 + number, period="2022-9M")
        s.true(f"E{row}", code, ENROLLED, 80 + number)
    return s.known


def units_as_columns() -> Known:
    """Districts as columns, indicators as rows."""
    s = Sheet()
    s.line(f"Biểu tổng hợp {WHEN}")
    s.line("TT", "Nội dung", "ĐVT", *(name for _, name in DISTRICTS))
    for number, (label, indicator, parts) in enumerate((
        ("Số người tuyển mới", ENROLLED, ()), ("Trong đó: nữ", ENROLLED, (FEMALE,)),
        ("Số người tốt nghiệp", GRADUATED, ()),
    ), start=1):  # fmt: skip
        row = s.line(number, label, "người", *(100 - 20 * number + place for place in range(4)))
        for place, (code, _) in enumerate(DISTRICTS):
            s.true(f"{'DEFG'[place]}{row}", code, indicator, 100 - 20 * number + place, *parts)
    return s.known


def two_sheets() -> Known:
    """A sheet for each indicator; their names and titles say which."""
    known = Known()
    for name, indicator, plus in (("Biểu 1 Tuyển sinh", ENROLLED, 0), ("Biểu 2 Tốt nghiệp", GRADUATED, -30)):
        s = Sheet(known, name)
        s.line(f"{name} {WHEN}")
        s.line("TT", "Đơn vị", "Tổng số", "Nữ")
        for number, (code, unit) in enumerate(DISTRICTS, start=1):
            row = s.line(number, unit, 70 + number + plus, 20)
            s.true(f"C{row}", code, indicator, 70 + number + plus)
            s.true(f"D{row}", code, indicator, 20, FEMALE)
    return known


def total_below_and_part_columns() -> Known:
    """Formulas for the totals below, levels as columns under a merged head, a percentage at the end."""
    s = Sheet()
    s.line("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI")
    s.line(f"TỔNG HỢP TUYỂN SINH {WHEN.upper()}")
    s.line()
    s.line("Số TT", "Đơn vị", "Kế hoạch năm", "Số người tuyển mới", None, None, None, "Tỷ lệ (%)")
    s.line(None, None, None, "Cộng", "Cao đẳng", "Trung cấp", "Sơ cấp", None)
    s.merge("A4:A5", "B4:B5", "C4:C5", "D4:G4", "H4:H5")
    for number, (code, name) in enumerate(DISTRICTS, start=1):
        row = s.line(number, name, 150, 60 + number, 10, 20, 30 + number, 40.5)
        s.true(f"D{row}", code, ENROLLED, 60 + number)
        for column, one, value in (
            ("E", "college", 10),
            ("F", "intermediate", 20),
            ("G", "elementary", 30 + number),
        ):
            s.true(f"{column}{row}", code, ENROLLED, value, level(one))
    s.line(None, "Cộng", 600, 250, 40, 80, 130, 41.7)
    s.signed()
    return s.known


LAYOUTS: tuple[Callable[[], Known], ...] = (
    stacked, stacked_close, stacked_titles_alone, side_by_side, side_by_side_of_different_length, unit_of_measure,
    money, items_in_million_dong, merged_unit, merged_unit_over_levels, unit_once_above_its_rows, sections_by_level,
    sections_by_indicator, yearbook, roman_groups, blank_rows_and_notes, three_rows_of_heads, last_year_beside,
    units_as_columns, two_sheets, total_below_and_part_columns,
)  # fmt: skip
