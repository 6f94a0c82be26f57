"""An invented plan that differs from the model case in every respect, and its figures in tidy files of three vintages.

A network of schools: years from 1 September, four levels, two tiers of thirty units, an upper limit beside a head
count and a rate with a milestone, one school renamed in the middle of the year, an office that hands over its duty in
the middle of the year.
"""

from pathlib import Path

import pandas as pd

LEVELS = ("bridge", "certificate", "diploma", "master_craft")
OLD, NEW = "s07", "s07b"
OFFICE, HEIR = "welfare", "schooling"
QUARTERS = {"Q1": 0.35, "H1": 0.5, "9M": 0.8, "FY": 1.0}
COMMAND = [
    "--place", "NET", "--place-name", "Mạng lưới trường nghề miền núi",
    "--place-name-en", "Highland school network", "--years", "2023-2025", "--year-starts", "09-01",
    "--levels", "bridge=Dự bị|Bridging,certificate=Chứng chỉ|Certificate,diploma=Bằng nghề|Diploma,"
    "master_craft=Thợ cả|Master craft",
    "--target", "dropout_rate<=6%@2025-FY",
    "--target", "dropout_rate<=7%@2024-FY",
    "--target", "people_enrolled>=8300",
    "--target", "apprentice_share=Tỷ lệ học nghề tại doanh nghiệp|Share of apprentices>=40%",
]  # fmt: skip


def units() -> pd.DataFrame:
    """Thirty clusters below the network, a school below each; school 7 ends on 31 January 2026."""
    rows = [("code", "name", "name_en", "kind", "parent", "valid_from", "valid_to")]
    for n in range(1, 31):
        rows.append((f"c{n:02}", f"Cụm {n}", f"Cluster {n}", "cluster", "", "", ""))
    for n in range(1, 31):
        ends = "2026-01-31" if f"s{n:02}" == OLD else ""
        rows.append((f"s{n:02}", f"Trường nghề {n}", f"School {n}", "institution", f"c{n:02}", "", ends))
    rows.append((NEW, "Trường nghề Bảy Mới", "New School 7", "institution", "c07", "2026-02-01", ""))
    rows.append((OFFICE, "Phòng Phúc lợi", "Welfare Office", "body", "", "", ""))
    rows.append((HEIR, "Phòng Học vụ", "Schooling Office", "body", "", "", ""))
    return pd.DataFrame(rows[1:], columns=rows[0])


def crosswalk() -> str:
    return (
        "unit,successor,successor_name,valid_from,share,kind,source,note\n"
        f"{OLD},{NEW},,2026-02-01,1,renamed,invented,\n"
    )


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


def quotas() -> str:
    lines = ["unit,level,period,value,source"]
    for year in (2023, 2024, 2025):
        for n in range(1, 31):
            lines += [f"s{n:02},{level},{year}-FY,{_quota(n, level, year)},invented" for level in LEVELS]
    return "\n".join(lines) + "\n"


def _quota(n: int, level: str, year: int) -> int:
    return 30 + 2 * n + 5 * LEVELS.index(level) + (year - 2023)


def figures(last: str, year: int = 2025) -> pd.DataFrame:
    """Everything known when the cut-off `last` of `year` was reported, in four columns and `level`."""
    rows = []
    for when in range(2023, year + 1):
        for code, share in QUARTERS.items():
            for n in range(1, 31):
                unit = (
                    NEW if f"s{n:02}" == OLD and (when, code) in ((2025, "9M"), (2025, "FY")) else f"s{n:02}"
                )
                for level in LEVELS:
                    done = round(_quota(n, level, when) * share * (0.97 + 0.002 * (n % 5)))
                    rows.append((unit, f"{when}-{code}", "people_enrolled", level, done))
            if (when, code) == (year, last):
                break
    for when, value in ((2019, 9.4), (2020, 9.0), (2021, 8.1), (2022, 7.7), (2023, 7.0), (2024, 6.6)):
        rows.append(("NET", f"{when}-FY", "dropout_rate", "", value))
    for when, value in ((2021, 30.0), (2022, 32.5), (2023, 34.0), (2024, 36.5)):
        rows.append(("NET", f"{when}-FY", "apprentice_share", "", value))
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value"])


def complete(folder: Path) -> None:
    """Fill in what the command leaves to the analyst: quotas, the renaming, the office that hands over."""
    (folder / "quotas.csv").write_text(quotas(), encoding="utf-8")
    (folder / "crosswalk.csv").write_text(crosswalk(), encoding="utf-8")
    path = folder / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    head = "# Who signs the reports."
    path.write_text(text.replace(f"\n{head}", f"{office()}\n{head}"), encoding="utf-8")
    table = pd.read_csv(folder / "indicators.csv", dtype="str", keep_default_na=False)
    table.loc[table["id"] == "apprentice_share", "sender"] = OFFICE
    table.to_csv(folder / "indicators.csv", index=False, encoding="utf-8")


def write_vintages(folder: Path) -> Path:
    """Three files, each with what was known on the day in its name; the second corrects one figure of the first."""
    folder.mkdir(parents=True)
    first, second, third = figures("Q1"), figures("H1"), figures("9M")
    at = (second["unit"] == "s01") & (second["period"] == "2025-Q1") & (second["level"] == "bridge")
    second.loc[at, "value"] += 3
    third = third.merge(second[at][["unit", "period", "level", "value"]], how="left",
                        on=["unit", "period", "level"], suffixes=("", "_new"))  # fmt: skip
    third["value"] = third.pop("value_new").fillna(third["value"])
    for day, table in (("2025-12-05", first), ("2026-03-05", second), ("2026-06-05", third)):
        table.to_csv(folder / f"figures_{day}.csv", index=False, encoding="utf-8")
    return folder
