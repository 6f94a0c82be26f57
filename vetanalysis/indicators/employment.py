"""Work after training. The months after graduation and the share followed up belong beside every such rate.

Employed: hired by a firm, off-take of products, self-employed, higher productivity or income in the old trade, or
in a co-operative group. Graduates who were not followed up are neither employed nor unemployed.
"""

from __future__ import annotations

from typing import Any

from vetanalysis.indicators.rates import percentage


def employed_after_training_rate(employed: Any, followed_up: Any) -> Any:
    """100 * graduates employed within the stated months / graduates followed up (not: all graduates)."""
    return percentage(employed, followed_up)


def follow_up_rate(followed_up: Any, graduated: Any) -> Any:
    """100 * graduates followed up / graduates: how much of the employment rate is known at all."""
    return percentage(followed_up, graduated)


def stable_job_rate(in_stable_work: Any, followed_up: Any) -> Any:
    """100 * graduates in stable work / graduates followed up."""
    return percentage(in_stable_work, followed_up)


def hired_by_ordering_firm_rate(hired: Any, graduated_on_order: Any) -> Any:
    """100 * learners on order whom the ordering firm hired / learners who graduated on its order."""
    return percentage(hired, graduated_on_order)


def placement_rate(placed: Any, referred: Any) -> Any:
    """100 * people placed / people referred to jobs by the job service centre."""
    return percentage(placed, referred)
