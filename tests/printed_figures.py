"""What a report of the example must print, worked out from the raw workbooks: (table, row, head, figure, decimals).

Rows and columns are named by what stands in them, so that a figure is looked up as a reader does.
"""

from decimal import ROUND_HALF_UP, Decimal
from math import ceil

import raw_workbooks as raw

STEP = {"Q1": 1, "H1": 2, "9M": 3, "FY": 4}
CODE = {1: "Q1", 2: "H1", 3: "9M", 4: "FY"}
LEVEL = {"Sơ cấp": "elementary", "Trung cấp": "intermediate", "Cao đẳng": "college"}


def printed(value, digits):
    """A number as a Vietnamese report prints it: halves away from zero, a dot for thousands, a comma for decimals."""
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{exact:,.{digits}f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def share(part, whole):
    return None if part is None or not whole else 100 * part / whole


def usual(unit, code):
    """The mean over 2020 to 2022 of the part of a year that was there by a cut-off."""
    parts = [
        raw.enrolled(unit, f"{year}-{code}") / raw.enrolled(unit, f"{year}-FY") for year in (2020, 2021, 2022)
    ]
    return sum(parts) / 3


def together(units, period, level=""):
    return raw.added([raw.enrolled(unit, period, level) for unit in units])


def of_units(code):
    """The annex of units and levels, the groups and the years of the report on the place."""
    names, period = raw.tops(), f"2023-{code}"
    units, here = list(names), [unit for unit in names if raw.enrolled(unit, period) is not None]
    people, planned = together(here, period), raw.added([raw.quota(unit, 2023) for unit in units])
    before = None if code == "FY" else together(here, f"2022-{code}")  # the year's end is read alone
    for unit, name in names.items():
        done, given = raw.enrolled(unit, period), raw.quota(unit, 2023)
        last = None if code == "FY" else raw.enrolled(unit, f"2022-{code}")
        yield from (
            ("units", name, "Chỉ tiêu", given, 0), ("units", name, "Đã thực hiện", done, 0),
            ("units", name, "% chỉ tiêu", share(done, given), 1),
            ("units", name, "% năm trước" if code == "FY" else "% cùng kỳ", share(done, last), 1),
        )  # fmt: skip
        if code == "FY" and done is not None and done < given:
            yield "units", name, "Thiếu (-), vượt (+)", done - given, 0
        if code != "FY":
            yield "units", name, "Còn thiếu", None if done is None else max(given - done, 0), 0
            yield "units", name, "% thường có", 100 * usual(unit, code), 1
        for head, level in LEVEL.items():
            quota, count = raw.quota(unit, 2023, level), raw.enrolled(unit, period, level)
            if quota and count is not None:
                yield "by_level", name, f"{head}: Chỉ tiêu", quota, 0
                yield "by_level", name, f"{head}: Đã thực hiện", count, 0
                yield "by_level", name, f"{head}: %", share(count, quota), 1
    yield from (
        ("units", "Tổng cộng", "Chỉ tiêu", planned, 0), ("units", "Tổng cộng", "Đã thực hiện", people, 0),
        ("units", "Tổng cộng", "% chỉ tiêu", share(people, planned), 1),
        ("units", "Tổng cộng", "% năm trước" if code == "FY" else "% cùng kỳ", share(people, before), 1),
    )  # fmt: skip
    lacking, sign = ("Thiếu (-), vượt (+)", -1) if code == "FY" else ("Còn thiếu", 1)
    yield "units", "Tổng cộng", lacking, sign * (planned - people), 0
    for head, level in LEVEL.items():
        count = together(here, period, level)
        quota = raw.added([raw.quota(unit, 2023, level) for unit in units])
        yield "by_level", "Tổng cộng", f"{head}: Đã thực hiện", count, 0
        yield "by_level", "Tổng cộng", f"{head}: %", share(count, quota), 1
    if code == "FY":
        yield from _below(names, period)
        return
    for year in (2020, 2021, 2022):
        then, whole = together(here, f"{year}-{code}"), together(here, f"{year}-FY")
        yield "years", str(year), "Đến thời điểm này", then, 0
        yield "years", str(year), "Năm nay so với năm đó (%)", share(people, then), 1
        yield "years", str(year), "Cả năm", whole, 0
        yield "years", str(year), "% cả năm đến thời điểm này", share(then, whole), 1
    groups = {"Nữ": 3, "Người dân tộc thiểu số": 5, "Người thuộc hộ nghèo": 6, "Người thuộc hộ cận nghèo": 7,
              "Người khuyết tật": 8}  # fmt: skip
    for name, column in groups.items():
        count = raw.added([raw.of_level_columns(unit, period, column) for unit in here])
        yield "groups", name, "Lũy kế", count, 0
        yield "groups", name, "Tỷ trọng (%)", share(count, people), 1
    money = raw.sheet("so-tc", period, "Kinh phí")
    for row in (8, 9, 10):
        name = str(money[row, 0])
        had, spent = raw.number(money, row, 1), raw.number(money, row, 2)
        yield "funding", name, "Được giao", had, 1
        yield "funding", name, "Đã giải ngân", spent, 1
        yield "funding", name, "Tỷ lệ giải ngân (%)", share(spent, had), 1
    districts = [unit for unit in units if unit.isdigit()]
    form = raw.sheet("186", period, "Nhiệm vụ")  # one without an old font: its labels say where a row stands
    rural = "Số lao động nông thôn được đào tạo (gồm cả khóa dưới 3 tháng)"
    for name in (rural, "Trong đó: nghề nông nghiệp"):
        row = next(
            row for (row, column), value in form.items() if column == 0 and str(value).lower() == name.lower()
        )
        told = [raw.number(raw.sheet(unit, period, "Nhiệm vụ"), row, 3) for unit in districts]
        yield "indicators", name, "Lũy kế hoặc hiện có", raw.added(told), 0


def _below(names, period):
    """Of a year that is over: everybody below the quota and what is lacking."""
    for unit, name in names.items():
        done, given = raw.enrolled(unit, period), raw.quota(unit, 2023)
        if done < given:
            yield "behind", name, "Đã thực hiện", done, 0
            yield "behind", name, "% chỉ tiêu", share(done, given), 1
            yield "behind", name, "Thiếu (-), vượt (+)", done - given, 0


def of_unit(unit, code):
    """The sheet of one unit: its table and its years."""
    period, name = f"2023-{code}", raw.tops()[unit]
    done, given = raw.enrolled(unit, period), raw.quota(unit, 2023)
    over = code == "FY"
    lacking = "Thiếu (-), vượt (+) so với chỉ tiêu (người)" if over else "Còn thiếu so với chỉ tiêu (người)"
    yield from (
        ("unit", "Chỉ tiêu năm (người)", name, given, 0), ("unit", "Lũy kế từ đầu năm (người)", name, done, 0),
        ("unit", "Tỷ lệ so với chỉ tiêu (%)", name, share(done, given), 1),
        ("unit", lacking, name, done - given if over else max(given - done, 0), 0),
    )  # fmt: skip
    if over:
        return
    last = raw.enrolled(unit, f"2022-{code}")
    yield "unit", "So với cùng kỳ năm trước (%)", name, share(done, last), 1
    yield "unit", "Phần của cả năm thường có đến nay (%)", name, 100 * usual(unit, code), 1


def asked_by(unit, code):
    """Of what a unit lacks at a cut-off the people asked for by the next one, as its people usually come."""
    done, given = raw.enrolled(unit, f"2023-{code}"), raw.quota(unit, 2023)
    now, soon = usual(unit, code), usual(unit, CODE[STEP[code] + 1])
    return ceil((given - done) * (soon - now) / (1 - now))
