"""People vaccinated, by month over three years, in the districts of a country that does not exist.

No levels and no quotas: a count of the plan's own, milestones within the years, a total over all three. A month's count
is known twelve days after its end; one district is forty days late in August 2026, another sends nothing in May 2026.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from invented.writing import Written, edit, in_sentences, new_plan, target_line

PLACE = "VAC"
INDICATOR = "people_vaccinated"
YEARS = (2025, 2026, 2027)
PAST = (2023, 2024)
LEVEL_OF_YEAR = {2023: 0.90, 2024: 1.00, 2025: 1.05, 2026: 0.98, 2027: 1.04}
WEIGHTS = (12, 10, 9, 7, 6, 5, 4, 5, 8, 11, 12, 11)  # percent of a year's people in each month
QUARTERS = {3: "Q1", 6: "H1", 9: "9M", 12: "FY"}
LATE, SILENT = ("d002", 2026, 8), ("d005", 2026, 5)


def districts(number: int) -> tuple[str, ...]:
    """Their codes."""
    return tuple(f"d{n:03}" for n in range(1, number + 1))


def period(year: int, month: int) -> str:
    """How the cumulative count at the end of a month is called: a quarter's end has a name of its own."""
    return f"{year}-{QUARTERS.get(month, f'M{month:02}')}"


def day(district: str, year: int, month: int) -> str:
    """When a month's count became known."""
    after = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return str(after + timedelta(days=40 if (district, year, month) == LATE else 12))


def cell(district: str, year: int, month: int) -> int | None:
    """People of a district since the year began; None where it sent nothing."""
    if (district, year, month) == SILENT:
        return None
    n = int(district[1:])
    whole = (200 + 3 * (n % 50)) * LEVEL_OF_YEAR[year] * (0.98 + 0.01 * (n % 5))
    return round(whole * sum(WEIGHTS[:month]) / 100)


def counted(number: int, year: int, month: int, known_by: str = "9999-12-31") -> dict[str, int]:
    """People of each district that had sent by that day."""
    found = {one: cell(one, year, month) for one in districts(number) if day(one, year, month) <= known_by}
    return {one: value for one, value in found.items() if value is not None}


def missing(number: int, year: int, month: int, known_by: str = "9999-12-31") -> tuple[str, ...]:
    """Districts without a count of that month."""
    return tuple(sorted(set(districts(number)) - set(counted(number, year, month, known_by))))


def so_far(number: int, year: int, month: int) -> int:
    """The people of the plan's years up to the end of a month."""
    before = [sum(counted(number, one, 12).values()) for one in YEARS if one < year]
    return sum(before) + sum(counted(number, year, month).values())


def goals(number: int) -> dict[str, int]:
    """By period (`first..last` for the total): a third over the middle of June 2025 and of April 2027, two below."""
    june = sum(counted(number, 2025, 6).values())
    april = sum(counted(number, 2027, 4).values())
    year = sum(counted(number, 2027, 12).values())
    return {
        "2025-H1": june * 97 // 100,  # reached
        "2027-M04": april * 104 // 100,  # not reached
        "2027-FY": year * 98 // 100,  # reached
        "2025-FY..2027-FY": so_far(number, 2027, 12) * 99 // 100,  # reached in the last month
    }


def reached(number: int, year: int, month: int) -> dict[str, bool]:
    """Goals whose own period is over at that cut-off: whether the count at their own period had reached them."""
    due = {"2025-H1": (2025, 6), "2027-M04": (2027, 4), "2027-FY": (2027, 12)}
    wanted = goals(number)
    told = {
        name: sum(counted(number, *at).values()) >= wanted[name]
        for name, at in due.items()
        if at <= (year, month)
    }
    if (year, month) >= (2027, 12):
        told["2025-FY..2027-FY"] = so_far(number, 2027, 12) >= wanted["2025-FY..2027-FY"]
    return told


def figures(number: int) -> pd.DataFrame:
    """Every month of every district, past years too."""
    rows = [
        (one, period(year, month), INDICATOR, value, "true", day(one, year, month))
        for year in (*PAST, *YEARS)
        for month in range(1, 13)
        for one in districts(number)
        if (value := cell(one, year, month)) is not None
    ]
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "value", "illustrative", "vintage"])


def write(root: Path, number: int = 12) -> Written:
    """The folder `vaccinations` and its figures in `vaccinations.csv`."""
    folder, data = root / "vaccinations", root / "vaccinations.csv"
    wanted = goals(number)
    label = "Số người tiêm chủng|People vaccinated"
    options = [
        "--place", PLACE, "--place-name", "Quần đảo Nam Sa Mạc", "--place-name-en", "Southern Isles",
        "--place-kind", "country", "--country", "XS", "--step", "month",
        "--title", "Kế hoạch tiêm chủng 2025-2027 (minh họa)",
        "--title-en", "Vaccination plan 2025-2027 (illustrative)",
        "--years", "2025-2027", "--window", "calendar",
        "--target", f"{INDICATOR}={label}>={wanted['2027-FY']}@2027-FY",
        "--target", f"{INDICATOR}={label}>={wanted['2025-FY..2027-FY']}@2026-FY",
    ]  # fmt: skip
    names = [
        (one, f"Huyện {int(one[1:])}", f"District {int(one[1:])}", "district") for one in districts(number)
    ]
    new_plan(folder, options, pd.DataFrame(names, columns=["code", "name", "name_en", "kind"]))
    in_sentences(
        folder,
        {"vi": "kế hoạch tiêm chủng 2025-2027", "en": "the vaccination plan 2025-2027"},
        {"vi": "quần đảo Nam Sa Mạc", "en": "the Southern Isles"},
    )
    path = folder / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    year = target_line(text, f"{INDICATOR}_2027", "value")
    steps = ", ".join(f"{{period: {at}, value: {wanted[at]}}}" for at in ("2025-H1", "2027-M04"))
    total = target_line(text, f"{INDICATOR}_2026", "judged_on")
    summed = total.replace(f"{INDICATOR}_2026", f"{INDICATOR}_total").replace("2026-FY", "[2025-FY, 2027-FY]")
    summed = summed.replace("của cả năm", "của cả ba năm").replace("of the whole year", "of all three years")
    edit(
        path,
        (year, f"{year}\n    milestones: [{steps}]"),
        (total, summed),
    )
    path.write_text(path.read_text(encoding="utf-8").replace("(2026)", "2025-2027"), encoding="utf-8")
    figures(number).to_csv(data, index=False)
    cutoffs = [
        f"{one}-{code}" for one in YEARS for code in ("start", *(period(one, m)[5:] for m in range(1, 13)))
    ]
    return Written(folder, data, tuple(cutoffs))
