"""The targets of `plan.yaml` made ready for their records: stocks marked, spans apart, milestones as targets."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import WrongCall
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan.findings import span


def with_stocks(targets: Any, indicators: pd.DataFrame) -> Any:
    """Targets on counts whose indicator is a stock as counts of what is present; what is malformed stays."""
    stocks = set(indicators.loc[indicators["basis"] == "stock", "id"])
    for at, one in enumerate(targets if isinstance(targets, list) else ()):
        counts = isinstance(one, dict) and one.get("measure") not in (None, "percent")
        if counts and str(one.get("indicator")) in stocks:
            targets = [*targets[:at], one | {"counts": "present"}, *targets[at + 1 :]]
    return targets


def with_spans(targets: Any) -> Any:
    """Targets over several years with their first and last period apart; what is malformed stays as it is."""
    if not isinstance(targets, list):
        return targets
    ends = [span(one.get("period")) if isinstance(one, dict) else None for one in targets]
    return [
        one | {"since": end[0], "period": end[1]} if end else one
        for one, end in zip(targets, ends, strict=True)
    ]


def with_milestones(targets: Any) -> Any:
    """Each milestone as a target of its own in front of the one it leads to; what is malformed stays as it is."""
    if not isinstance(targets, list):
        return targets
    found: list[Any] = []
    for target in targets:
        stones = target.get("milestones") if isinstance(target, dict) else None
        usable = isinstance(stones, list) and all(isinstance(one, dict) for one in stones)
        found += [_milestone(target, one, targets) for one in stones] if usable and stones else []
        found.append(target)
    return found


def _milestone(target: dict[str, Any], stone: dict[str, Any], targets: list[Any]) -> dict[str, Any]:
    period = str(stone.get("period"))
    label, judged_on = target.get("label"), target.get("judged_on")
    if _is_cutoff(period) and isinstance(label, dict) and {"vi", "en"} <= set(label):
        of_target = Text(str(label["vi"]), str(label["en"]))
        said = Said("plan.milestone", label=of_target, period=period)
        label = label | {"vi": said.vi, "en": said.en}
        if not period.endswith("-FY"):
            said = Said("new_plan.judged_on.until", period=period)
            judged_on = {"vi": said.vi, "en": said.en}
    whole = next(
        (one for one in targets if isinstance(one, dict) and one.get("id") == target.get("part_of")), {}
    )
    shared = any(
        isinstance(one, dict) and one.get("period") == period for one in whole.get("milestones") or ()
    )
    return {
        **{key: value for key, value in target.items() if key != "milestones"},
        "id": _milestone_id(target.get("id"), period),
        "label": label,
        "judged_on": judged_on,
        "value": stone.get("value"),
        "period": period,
        "part_of": _milestone_id(target.get("part_of"), period) if shared else target.get("part_of", ""),
        "milestone_of": target.get("id"),
    }


def _is_cutoff(period: str) -> bool:
    """Whether a period is one, so that it has a name."""
    try:
        return bool(parse_cutoff(period))
    except WrongCall:
        return False


def _milestone_id(target: Any, period: str) -> str:
    return f"{target}_{period.removesuffix('-FY').replace('-', '_').lower()}"
