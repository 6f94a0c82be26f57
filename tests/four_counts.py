"""A plan on who enrols, graduates, leaves and teaches, written by new-plan, with returns of three schools."""

import pandas as pd

from vetanalysis import load_plan, open_study
from vetanalysis.cli.main import main

SCHOOLS = ("s1", "s2", "s3")
TARGETS = (
    "people_enrolled>=1300", "people_enrolled[college]>=430", "people_graduated>=1050",
    "leavers=Số người bỏ học|People who drop out<=65", "teachers=Số nhà giáo|Teachers>=120",
)  # fmt: skip


def write(folder, *targets, years="2026"):
    """The plan in `folder`, with its targets or those given."""
    units = folder.parent / "units.csv"
    units.write_text(
        "code,name,kind,parent\n" + "".join(f"{one},Trường {one},institution,\n" for one in SCHOOLS)
    )
    options = [f"--target={one}" for one in targets or TARGETS]
    options += ["--stocks", "teachers"] if not targets else []
    place = ["--place", "02", "--place-name", "tỉnh A", "--years", years, "--units", str(units)]
    assert main(["new-plan", str(folder), *place, *options]) == 0
    return folder


def returns(until="H1", year=2026):
    """What the schools sent for four years, the last one to a cut-off."""
    codes = ("Q1", "H1", "9M", "FY")
    rows = []
    for at, unit in enumerate(SCHOOLS):
        for one in range(year - 3, year + 1):
            for quarter, code in enumerate(codes, 1):
                if one == year and quarter > codes.index(until) + 1:
                    continue
                people, period = (90 + 20 * at) * quarter + 3 * (one - year), f"{one}-{code}"
                for level in ("elementary", "intermediate", "college"):
                    rows.append((unit, period, "people_enrolled", level, round(people / 3), "cumulative"))
                    rows.append((unit, period, "people_graduated", level, round(people / 4), "cumulative"))
                rows.append((unit, period, "leavers", "", round(people / 20), "cumulative"))
                rows.append((unit, period, "teachers", "", 30 + 5 * at + 2 * (one - year), "stock"))
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value", "basis"])


def study(folder, as_of="2026-H1", lang="en", **asked):
    """The plan in `folder` at a cut-off."""
    rows, plan = returns(as_of[5:] if as_of.startswith("2026") else "FY"), load_plan(folder)
    rows = rows[rows["indicator"].isin(plan.indicators["id"])]
    return open_study(plan, as_of, lang=lang, returns=rows, published="none", **asked)
