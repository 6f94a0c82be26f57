"""A yearly unemployment rate with an upper limit in a country that does not exist: twelve figures, German words.

Each figure becomes known on 15 February of the year after. The limit of 2025 is missed, that of 2026 is open until its
own figure is published.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from invented.writing import Written, in_sentences, new_plan

PLACE = "NM"
RATES = {
    2014: 9.1, 2015: 8.8, 2016: 8.2, 2017: 7.9, 2018: 7.1, 2019: 6.8,
    2020: 7.6, 2021: 7.2, 2022: 6.5, 2023: 6.1, 2024: 5.9, 2025: 5.6,
}  # fmt: skip
LIMITS = {2025: 5.5, 2026: 5.2}
GERMAN = """# German words of this plan; what is not here is said in English.
numbers.decimal: ","
numbers.thousands: "."
numbers.percent_sign: " %"
targets.goal.at_least: "mindestens {{value|quantity(measure, none)}}"
targets.goal.at_most: "höchstens {{value|quantity(measure, none)}}"
likelihood.icd203.unlikely: unwahrscheinlich
answers.column.target: Ziel
answers.column.goal: Zielwert
answers.column.latest: Letzter Stand
answers.column.projection: "Vorhersage (80-%-Spanne)"
answers.column.chance: Wahrscheinlichkeit
answers.column.evidence: Belege
opening.illustrative: "ERFUNDENE ZAHLEN, NICHT WIRKLICH"
"""


def known(known_by: str = "9999-12-31") -> dict[int, float]:
    """The rate by year, as far as published on that day."""
    return {year: value for year, value in RATES.items() if f"{year + 1}-02-15" <= known_by}


def latest(known_by: str = "9999-12-31") -> tuple[str, float]:
    """The newest figure: period, percent."""
    year = max(known(known_by))
    return f"{year}-FY", RATES[year]


def reached(known_by: str = "9999-12-31") -> dict[str, bool | None]:
    """Each limit by its period: kept, missed, or None while no figure of its own year is known."""
    figures = known(known_by)
    return {
        f"{year}-FY": figures[year] <= limit if year in figures else None for year, limit in LIMITS.items()
    }


def write(root: Path) -> Written:
    """The folder `unemployment`, its figures in `unemployment.csv`, and German words beside the plan."""
    folder, data = root / "unemployment", root / "unemployment.csv"
    options = [
        "--place", PLACE, "--place-name", "Cộng hòa Bắc Hà", "--place-name-en", "Republic of Nordmark",
        "--place-kind", "country", "--country", "XN",
        "--title", "Kế hoạch việc làm 2024-2026 (minh họa)", "--title-en", "Employment plan 2024-2026 (illustrative)",
        "--years", "2024-2026",
        *(part for year, limit in LIMITS.items() for part in ("--target", f"unemployment_rate<={limit}%@{year}-FY")),
    ]  # fmt: skip
    new_plan(folder, options)
    in_sentences(
        folder,
        {"vi": "kế hoạch việc làm 2024-2026", "en": "the employment plan 2024-2026"},
        {"vi": "Cộng hòa Bắc Hà", "en": "the Republic of Nordmark"},
    )
    (folder / "words.de.yaml").write_text(GERMAN, encoding="utf-8")
    rows = [
        (PLACE, f"{year}-FY", "unemployment_rate", value, "true", f"{year + 1}-02-15")
        for year, value in RATES.items()
    ]
    columns = ["unit", "period", "indicator", "value", "illustrative", "vintage"]
    pd.DataFrame(rows, columns=columns).to_csv(data, index=False)
    return Written(
        folder, data, tuple(f"2026-{code}" for code in ("start", "Q1", "H1", "9M", "FY")), ("vi", "en", "de")
    )
