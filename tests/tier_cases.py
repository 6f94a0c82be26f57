"""People and quotas of invented schools, and the same numbers added up at any tier above them."""

import numpy as np
import pandas as pd

import vetanalysis as va
from vetanalysis.observations.table import normalise

PLACE = "20"
LEVELS = ("elementary", "intermediate", "college")
SHARES = {"Q1": 0.2, "H1": 0.45, "9M": 0.7, "FY": 1.0}
YEARS = (2020, 2021, 2022, 2023)


def units(tiers):
    """Three regions; under each two provinces where there are three tiers; four schools under the lowest."""
    rows = []
    for r in range(3):
        rows.append((f"r{r}", "district", PLACE))
        above = [f"r{r}"]
        if tiers == 3:
            above = [f"r{r}p{p}" for p in range(2)]
            rows += [(code, "district", f"r{r}") for code in above]
        rows += [(f"{code}s{s}", "institution", code) for code in above for s in range(4)]
    return rows


def plan_of(tiers, quotas):
    """The example's plan on invented units, with these quotas (unit, level, year, value)."""
    plan = va.load_plan("lang-son-2023-example")
    place = plan.units[plan.units["code"] == PLACE]
    invented = pd.DataFrame(units(tiers), columns=["code", "kind", "parent"])
    invented = invented.assign(name=invented["code"], short_name=invented["code"])
    table = pd.concat([place, invented]).reindex(columns=plan.units.columns).fillna("")
    given = quotas.assign(period=quotas["year"].astype(str) + "-FY", source="t", indicator="")
    total = float(quotas.loc[quotas["year"] == 2023, "value"].sum()) or 4000.0
    target = plan.target("people_enrolled").model_copy(update={"value": total})
    update = {"units": table, "quotas": given[["unit", "level", "period", "value", "source", "indicator"]],
              "targets": (target,), "crosswalk": plan.crosswalk.iloc[:0]}  # fmt: skip
    return plan.model_copy(update=update)


def people(tiers, until="9M", seed=4):
    """Of every school, level and year its quota and its running totals: (quotas, counts)."""
    rng = np.random.default_rng(seed)
    schools = [code for code, kind, _ in units(tiers) if kind == "institution"]
    quotas, counts = [], []
    size = {(school, level): int(rng.integers(30, 120)) for school in schools for level in LEVELS}
    for year in YEARS:
        good = rng.normal(1, 0.03)
        for (school, level), usual in size.items():
            quotas.append((school, level, year, usual + year - 2020))
            whole = usual * good * rng.normal(1, 0.03)
            codes = list(SHARES)
            for code in codes if year < 2023 else codes[: codes.index(until) + 1]:
                counts.append((school, level, f"{year}-{code}", round(whole * SHARES[code])))
    return (
        pd.DataFrame(quotas, columns=["unit", "level", "year", "value"]),
        pd.DataFrame(counts, columns=["unit", "level", "period", "value"]),
    )


def at(frame, tier):
    """The same numbers added up at a tier: "schools", "provinces", "regions" or "place"."""
    short = {"regions": 2, "provinces": 4}
    if tier == "schools":
        return frame
    unit = frame["unit"].str[: short[tier]] if tier in short else PLACE
    keys = [name for name in frame.columns if name != "value"]
    return frame.assign(unit=unit).groupby(keys, as_index=False, sort=False)["value"].sum()


def told(counts, plan, **more):
    rows = counts.assign(
        indicator="people_enrolled", measure="persons", source="t", **({"basis": "cumulative"} | more)
    )
    return normalise(rows, plan)


def assess(plan, obs, as_of="2023-9M", unit=None):
    return va.assess_targets(plan, obs, as_of, unit=unit)[0]


def answer(one):
    return (one.so_far, one.median, one.lower_80, one.upper_80, one.probability)
