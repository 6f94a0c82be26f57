"""A year of counts as units report them, and how it is judged."""

import pandas as pd

import vetanalysis as va
from vetanalysis.assessment.counting import flow_of
from vetanalysis.observations.table import normalise
from vetanalysis.periods import parse_cutoff

SHARES = {"Q1": 0.16, "H1": 0.38, "9M": 0.66, "FY": 1.0}


def returns(plan, until="9M", missing=(), scale=1.0):
    """Rows as units report them: every quota unit meets its quota of each year times `scale`, in the same shares."""
    codes = list(SHARES)
    rows = []
    for quota in plan.quotas.itertuples():
        year = int(quota.period[:4])
        last = until if year == 2023 else "FY"
        for code in codes[: codes.index(last) + 1]:
            if (quota.unit, year, code) in missing:
                continue
            value = round(float(quota.value) * SHARES[code] * scale)
            rows.append((quota.unit, f"{year}-{code}", "people_enrolled", quota.level, value))
    frame = pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value"])
    frame = frame.assign(measure="persons", basis="cumulative", source="test", illustrative=True)
    return normalise(frame, plan)


def assess(plan, obs, as_of="2023-9M", unit=None):
    return next(
        one for one in va.assess_targets(plan, obs, as_of, unit=unit) if one.target.measure == "persons"
    )


def flow(plan, obs, as_of="2023-9M", unit="20"):
    return flow_of(plan, obs, plan.target("people_enrolled"), parse_cutoff(as_of), unit)
