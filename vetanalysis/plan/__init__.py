"""The plan as data: a folder read, checked as a whole and frozen.

`read` reads a folder into one `Plan`; `model` holds the records, `files` reads what is written, `checks` and
`findings` say what is wrong with it, `catalogue` is the register of its indicators.
"""

from vetanalysis.plan.model import (
    Ambiguity,
    Body,
    Citation,
    Correction,
    FundingSource,
    Group,
    Level,
    Milestone,
    Named,
    Place,
    Record,
    Related,
    Reporting,
    Sending,
    Signatory,
    Target,
    Task,
    Unit,
    UnitKind,
)
from vetanalysis.plan.read import Plan, load_plan, plan_names

__all__ = [
    "Ambiguity", "Body", "Citation", "Correction", "FundingSource", "Group", "Level", "Milestone", "Named", "Place",
    "Plan", "Record", "Related", "Reporting", "Sending", "Signatory", "Target", "Task", "Unit", "UnitKind",
    "load_plan", "plan_names",
]  # fmt: skip
