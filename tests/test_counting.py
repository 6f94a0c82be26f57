"""What is counted of whom: which figures are first ones, which quotas are whose, who is waited for."""

import pandas as pd
from tier_cases import assess, at, people, plan_of, told

from vetanalysis.assessment.flows import first_figures
from vetanalysis.observations.table import normalise
from vetanalysis.periods import Calendar


def test_a_month_alone_and_the_running_total_of_the_same_month_are_two_figures():
    rows = [("a", "2023-M05", 40, "period", "2023-06-02"), ("a", "2023-M05", 200, "cumulative", "2023-06-03")]
    frame = pd.DataFrame(rows, columns=["unit", "period", "value", "basis", "vintage"])
    both = normalise(
        frame.assign(indicator="people_enrolled", measure="persons", level="college", source="t")
    )
    first = first_figures(both, Calendar(step="month"))
    assert sorted(first["value"]) == [40, 200]


def test_a_quota_for_all_levels_together_says_nothing_of_what_the_figures_count():
    quotas, counts = people(2)
    whole = quotas.groupby(["unit", "year"], as_index=False)["value"].sum().assign(level="")
    plan = plan_of(2, whole)
    assert plan.targets[0].levels  # the target names its levels, and so do the figures
    one = assess(plan, told(counts, plan))
    assert one.so_far == counts.loc[counts["period"] == "2023-9M", "value"].sum()
    assert not one.scope_unstated
    bare = at(counts.assign(level=""), "schools").groupby(["unit", "level", "period"], as_index=False).sum()
    assert assess(plan, told(bare, plan)).scope_unstated
