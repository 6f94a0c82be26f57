"""Colleges of a country that does not exist: school years, two tiers, three levels, three vintages of every quarter.

Years run from 1 September. Regions stand between the country and the colleges; quotas are given to colleges only,
that of master craft to every second one. One college is renamed on 1 February 2026, one has people in a cell without
a quota, one sends nothing for nine months, every sixth is late, an office hands its duty over in the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from invented.writing import Written, edit, in_sentences, new_plan, target_line

PLACE = "NET"
LEVELS = ("certificate", "diploma", "master_craft")
YEARS = (2023, 2024, 2025)
SHARES = {"Q1": 0.35, "H1": 0.5, "9M": 0.8, "FY": 1.0}
ENDS = {"Q1": date(2025, 11, 30), "H1": date(2026, 2, 28), "9M": date(2026, 5, 31), "FY": date(2026, 8, 31)}
OLD, NEW = (
    "c007",
    "c007b",
)  # renamed on 1 February 2026; its figures of the half year still come under the old code
WITHOUT_QUOTA = "c003"  # 12 people in master craft, for which it has no quota
SILENT = "c009"  # sends nothing for nine months of 2025-2026
OFFICE, HEIR = "welfare", "schooling"
DROPOUT = {2019: 9.4, 2020: 9.0, 2021: 8.1, 2022: 7.7, 2023: 7.0, 2024: 6.6, 2025: 5.8}
APPRENTICES = {2021: 30.0, 2022: 32.5, 2023: 34.0, 2024: 36.5, 2025: 38.5}
PAST_DAY = "2025-09-30"


@dataclass(frozen=True, slots=True)
class Network:
    """How many regions there are and how many colleges each has."""

    regions: int = 3
    each: int = 4

    @property
    def colleges(self) -> tuple[str, ...]:
        """Codes of all colleges, the renamed one under its old code."""
        return tuple(f"c{n:03}" for n in range(1, self.regions * self.each + 1))

    def region(self, college: str) -> str:
        """The region a college lies in."""
        return f"r{(number(college) - 1) // self.each + 1:02}"

    def quotas(self, year: int) -> pd.DataFrame:
        """unit, level, value of one year."""
        rows = [
            (college, level, quota(college, level, year))
            for college in self.colleges
            for level in LEVELS
            if has_quota(college, level)
        ]
        return pd.DataFrame(rows, columns=["unit", "level", "value"])

    @property
    def goals(self) -> dict[str, int]:
        """Whole numbers of people asked for: at six and nine months as milestones, and in the year."""
        planned = int(self.quotas(2025)["value"].sum())
        return {
            "2025-H1": planned * 48 // 100,
            "2025-9M": planned * 82 // 100,
            "2025-FY": planned * 96 // 100,
        }

    def cell(self, college: str, level: str, year: int, code: str) -> int | None:
        """People counted since the year began, as finally known before corrections; None where nothing was sent."""
        if (college, year, code) == (SILENT, 2025, "9M"):
            return None
        if not has_quota(college, level):
            return 12 if (college, year) == (WITHOUT_QUOTA, 2025) and code != "Q1" else None
        done = 0.97 + 0.002 * (number(college) % 5)
        return round(quota(college, level, year) * SHARES[code] * done)

    def counted(self, year: int, code: str, known_by: str = "9999-12-31") -> pd.DataFrame:
        """unit, level, value: the newest vintage known on that day; the renamed college under its new code."""
        rows = []
        for vintage in (1, 2, 3) if year == YEARS[-1] else (0,):
            day = str(ENDS[code] + timedelta(days=DAYS[vintage])) if vintage else PAST_DAY
            if day <= known_by:
                rows += [(vintage, *row) for row in self.sent(year, code, vintage)]
        frame = pd.DataFrame(rows, columns=["vintage", "unit", "level", "value"])
        newest = frame.sort_values("vintage").drop_duplicates(["unit", "level"], keep="last")
        return newest.replace({"unit": {OLD: NEW}})[["unit", "level", "value"]]

    def sent(self, year: int, code: str, vintage: int) -> list[tuple[str, str, int]]:
        """unit, level, value as they stand in the file of a vintage: 0 past years, 1 to 3 of the quarter."""
        rows = []
        for college in self.colleges:
            if vintage == 1 and late(college):
                continue
            unit = NEW if college == OLD and year == YEARS[-1] and code in ("9M", "FY") else college
            for level in LEVELS:
                value = self.cell(college, level, year, code)
                if value is None:
                    continue
                value += 3 * (vintage >= 2 and (college, level) == ("c001", "certificate"))
                value -= 2 * (vintage == 3 and (college, level) == ("c002", "diploma"))
                rows.append((unit, level, value))
        return rows

    def answers(self, code: str, known_by: str = "9999-12-31") -> Answers:
        """What is right at a cut-off of the last year, from what was known on that day."""
        counted, planned = self.counted(2025, code, known_by), self.quotas(2025)
        planned = planned.replace({"unit": {OLD: NEW}})
        region = {NEW if one == OLD else one: self.region(one) for one in self.colleges}
        reached: dict[str, bool | None] = {}
        for goal in ("H1", "9M", "FY"):
            if list(SHARES).index(goal) <= list(SHARES).index(code):
                then = self.counted(2025, goal, known_by)
                enough = int(then["value"].sum()) >= self.goals[f"2025-{goal}"]
                whole = then["unit"].nunique() == len(self.colleges)
                reached[f"2025-{goal}"] = enough if enough or whole else None
        return Answers(
            total=int(counted["value"].sum()),
            by_level=counted.groupby("level")["value"].sum().to_dict(),
            by_region=counted.groupby(counted["unit"].map(region))["value"].sum().to_dict(),
            by_college=counted.groupby("unit")["value"].sum().to_dict(),
            quota=int(planned["value"].sum()),
            quota_by_level=planned.groupby("level")["value"].sum().to_dict(),
            quota_by_region=planned.groupby(planned["unit"].map(region))["value"].sum().to_dict(),
            missing=tuple(sorted(set(region) - set(counted["unit"]))),
            reached=reached,
        )


@dataclass(frozen=True, slots=True)
class Answers:
    """People counted and quotas by level, region and college; who sent nothing; goals due by then.

    `reached`: whether the count at the goal's own period had reached it; None where it had not and part is missing.
    """

    total: int
    by_level: dict[str, int]
    by_region: dict[str, int]
    by_college: dict[str, int]
    quota: int
    quota_by_level: dict[str, int]
    quota_by_region: dict[str, int]
    missing: tuple[str, ...]
    reached: dict[str, bool | None]

    @property
    def percent(self) -> float:
        """People counted against the quotas, in percent."""
        return 100 * self.total / self.quota


DAYS = {1: 5, 2: 20, 3: 100}  # after the quarter's end; the third comes when the next quarter is over


def number(college: str) -> int:
    """The number in a college's code."""
    return int(college[1:4])


def late(college: str) -> bool:
    """Whether a college misses the first vintage of every quarter."""
    return number(college) % 6 == 5


def has_quota(college: str, level: str) -> bool:
    """Master craft is taught at colleges of even number."""
    return level != "master_craft" or number(college) % 2 == 0


def quota(college: str, level: str, year: int) -> int:
    """People a college is asked to enrol in a year."""
    return 30 + 2 * (number(college) % 40) + 5 * LEVELS.index(level) + (year - 2023)


def units(network: Network) -> pd.DataFrame:
    """The list of units a user hands to `new-plan`."""
    rows = [("code", "name", "name_en", "kind", "parent", "valid_from", "valid_to")]
    rows += [
        (f"r{n:02}", f"Vùng {n}", f"Region {n}", "region", "", "", "") for n in range(1, network.regions + 1)
    ]
    for college in network.colleges:
        n, above = number(college), network.region(college)
        ends = "2026-01-31" if college == OLD else ""
        rows.append((college, f"Trường {n}", f"College {n}", "institution", above, "", ends))
    rows.append(
        (NEW, "Trường Bảy Mới", "New College 7", "institution", network.region(OLD), "2026-02-01", "")
    )
    rows.append((OFFICE, "Phòng Phúc lợi", "Welfare Office", "body", "", "", ""))
    rows.append((HEIR, "Phòng Học vụ", "Schooling Office", "body", "", "", ""))
    return pd.DataFrame(rows[1:], columns=rows[0])


def figures(network: Network, year: int, codes: tuple[str, ...], vintage: int) -> pd.DataFrame:
    """A file as it is sent: head counts by college and level."""
    rows = [
        (unit, f"{year}-{code}", "people_enrolled", level, value, "true")
        for code in codes
        for unit, level, value in network.sent(year, code, vintage)
    ]
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value", "illustrative"])


def rates(years: range) -> pd.DataFrame:
    """Both rates of the country at the end of those years."""
    rows = [
        (PLACE, f"{year}-FY", indicator, "", series[year], "true")
        for indicator, series in (("dropout_rate", DROPOUT), ("apprentice_share", APPRENTICES))
        for year in years
        if year in series
    ]
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value", "illustrative"])


def write(root: Path, regions: int = 3, each: int = 4) -> Written:
    """The folder `colleges` and its figures in `colleges-data`: past years, then three files for each quarter."""
    network = Network(regions, each)
    folder, data = root / "colleges", root / "colleges-data"
    goals = network.goals
    options = [
        "--place", PLACE, "--place-name", "Cộng hòa Cao Nguyên", "--place-name-en", "Highland Republic",
        "--place-kind", "country", "--country", "XH",
        "--title", "Kế hoạch trường nghề 2023-2026 (minh họa)",
        "--title-en", "Plan of colleges 2023-2026 (illustrative)",
        "--years", "2023-2025", "--year-starts", "09-01",
        "--levels", "certificate=Chứng chỉ|Certificate,diploma=Bằng nghề|Diploma,master_craft=Thợ cả|Master craft",
        "--target", f"people_enrolled>={goals['2025-FY']}",
        "--target", "dropout_rate<=6%@2025-FY",
        "--target", "dropout_rate<=7%@2024-FY",
        "--target", "apprentice_share=Tỷ lệ học nghề tại doanh nghiệp|Share of apprentices>=40%",
    ]  # fmt: skip
    new_plan(folder, options, units(network))
    in_sentences(
        folder,
        {"vi": "kế hoạch trường nghề 2023-2026", "en": "the plan of colleges 2023-2026"},
        {"vi": "Cộng hòa Cao Nguyên", "en": "the Highland Republic"},
    )
    text = (folder / "plan.yaml").read_text(encoding="utf-8")
    value = target_line(text, "people_enrolled", "value")
    steps = ", ".join(f"{{period: {at}, value: {goals[at]}}}" for at in ("2025-H1", "2025-9M"))
    head = "# Who signs the reports."
    edit(
        folder / "plan.yaml",
        (value, f"{value}\n    milestones: [{steps}]"),
        (f"\n{head}", f"{office()}\n{head}"),
    )
    quotas = pd.concat(
        network.quotas(year).assign(period=f"{year}-FY", source="illustrative: invented") for year in YEARS
    )
    quotas[["unit", "level", "period", "value", "source"]].to_csv(folder / "quotas.csv", index=False)
    (folder / "crosswalk.csv").write_text(
        "unit,successor,successor_name,valid_from,share,kind,source,note\n"
        f"{OLD},{NEW},,2026-02-01,1,renamed,illustrative: invented,\n",
        encoding="utf-8",
    )
    table = pd.read_csv(folder / "indicators.csv", dtype="str", keep_default_na=False)
    table.loc[table["id"] == "apprentice_share", "sender"] = OFFICE
    table.to_csv(folder / "indicators.csv", index=False)
    write_vintages(network, data)
    return Written(folder, data, tuple(f"2025-{code}" for code in ("start", *SHARES)))


def write_vintages(network: Network, data: Path) -> None:
    """Past years in one file, three files for each quarter of the last; both rates of the last year with its third."""
    data.mkdir(parents=True)
    past = [figures(network, year, tuple(SHARES), 0) for year in YEARS[:-1]]
    pd.concat([*past, rates(range(2019, 2025))]).to_csv(data / f"figures_{PAST_DAY}.csv", index=False)
    for code, end in ENDS.items():
        for vintage, days in DAYS.items():
            table = figures(network, YEARS[-1], (code,), vintage)
            if (code, vintage) == ("FY", 3):
                table = pd.concat([table, rates(range(2025, 2026))])
            table.to_csv(data / f"figures_{end + timedelta(days=days)}.csv", index=False)


def office() -> str:
    """The entry of plan.yaml for the office that sends the apprentices' share until 28 February 2026."""
    return f"""  - code: {OFFICE}
    number: 9
    name: {{vi: Phòng Phúc lợi, en: Welfare Office}}
    duties:
      - {{vi: Theo dõi học nghề tại doanh nghiệp, en: Follows apprentices in enterprises}}
    successors:
      - code: {HEIR}
        name: {{vi: Phòng Học vụ, en: Schooling Office}}
        valid_from: "2026-02-28"
"""
