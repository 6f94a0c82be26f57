"""What was promised to whom: year plans by unit and level, and whether the quotas add up to the plan's number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from vetanalysis.plan import Plan


@dataclass(frozen=True, slots=True)
class QuotaCheck:
    """Sum of the quotas of districts and provincial institutions against the plan's number of people.

    `total` None: no quotas were assigned. `difference`: total - target, positive where more was assigned.
    """

    target: float | None
    total: float | None
    districts: float | None
    provincial: float | None

    @property
    def difference(self) -> float | None:
        """Quotas - target; None where either is missing."""
        return None if self.total is None or self.target is None else self.total - self.target

    @property
    def agrees(self) -> bool | None:
        """Whether both are equal; None where either is missing."""
        return None if self.difference is None else self.difference == 0


def people_indicator(plan: Plan) -> str:
    """The indicator that quotas of people are about: that of the plan's head-count target, "" where there is none."""
    return next((one.indicator for one in plan.targets if one.measure == "persons"), "")


def reconcile_quotas(plan: Plan, year: int) -> QuotaCheck:
    """The check of section V.8: districts + provincial institutions must equal the year's plan (13,500 in 2023)."""
    target = next(
        (t.value for t in plan.targets if t.measure == "persons" and t.period == f"{year}-FY"), None
    )
    quotas = _of_year(plan, year)
    if quotas.empty:
        return QuotaCheck(target, None, None, None)
    kind = quotas["unit"].map(plan.units.drop_duplicates("code", keep="last").set_index("code")["kind"])
    districts, provincial = (quotas.loc[kind == one, "value"] for one in ("district", "institution"))
    return QuotaCheck(
        target,
        float(quotas["value"].sum()),
        *(float(part.sum()) if len(part) else None for part in (districts, provincial)),
    )


def plan_values(plan: Plan, year: int) -> pd.DataFrame:
    """Plan values of a year: unit, indicator, level, plan_value.

    The place has the targets (rates in percent); its levels the sums of the quotas of that level, where the
    quotas add up to the target or there is none. A unit has its quotas by level and their sum.
    """
    rows = [
        (plan.place.code, one.indicator, "", one.value) for one in plan.targets if one.period == f"{year}-FY"
    ]
    people = people_indicator(plan)
    quotas = _of_year(plan, year)
    if len(quotas) and people:
        check = reconcile_quotas(plan, year)
        by_level = quotas.groupby(["unit", "level"], as_index=False)["value"].sum()
        rows += [(one.unit, people, one.level, one.value) for one in by_level.itertuples() if one.level]
        rows += [(unit, people, "", value) for unit, value in quotas.groupby("unit")["value"].sum().items()]
        if check.agrees is not False:
            whole = quotas[quotas["level"] != ""].groupby("level")["value"].sum()
            rows += [(plan.place.code, people, level, value) for level, value in whole.items()]
        if check.target is None:
            rows.append((plan.place.code, people, "", check.total))
    frame = pd.DataFrame(rows, columns=["unit", "indicator", "level", "plan_value"])
    return frame.drop_duplicates(["unit", "indicator", "level"], keep="first").astype({"plan_value": float})


def _of_year(plan: Plan, year: int) -> pd.DataFrame:
    """Quotas of one year given to districts and provincial institutions, as numbers."""
    quotas = plan.quotas[plan.quotas["period"] == f"{year}-FY"]
    return quotas[quotas["value"].notna() & (quotas["unit"] != plan.place.code)]
