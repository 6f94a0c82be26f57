"""What a notebook shows of one target: every figure it was judged on."""

from __future__ import annotations

from collections.abc import Mapping

from vetanalysis.assessment.assessment import Assessment
from vetanalysis.blocks import Cell, Said, Table, Text
from vetanalysis.narrative.shown import table
from vetanalysis.observations.series import cited, definition


def figures(one: Assessment, sources: Mapping[str, Text]) -> Table:
    """Every figure with base, concept, maturity, certainty, source and the day it was known."""
    rows = [
        (
            Said("notebooks.period_named", period=point.period),
            Cell(point.value, "amount", one.target.measure),
            Said(
                "notebooks.parts",
                parts=tuple(definition(point.base, point.concept, base_printed=point.base_printed)),
            ),
            Said(f"names.maturity.{point.status}"),
            Said(f"names.certainty.{point.certainty}") if point.certainty else "",
            cited(point.source, sources),
            point.vintage,
        )
        for point in one.points
    ]
    heads = (
        "period", "figure.value", "figure.definition", "figure.status", "figure.certainty", "source", "known_since",
    )  # fmt: skip
    return table("figures", heads, rows)
