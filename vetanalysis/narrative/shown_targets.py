"""What a notebook shows of targets: the answers, what a figure means, how far it can be trusted, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.blocks import Cell, Paragraph, Said, Table, Text
from vetanalysis.narrative import count, evidence, record, targets
from vetanalysis.narrative.shown import listed, table, together
from vetanalysis.narrative.tables import COLUMNS, row_of
from vetanalysis.observations.series import cited, definition, source_texts


def answers(assessments: Sequence[Assessment]) -> Paragraph:
    """The headline of each target."""
    return listed(*(targets.headline(one) for one in assessments))


def table_of(assessments: Sequence[Assessment]) -> Table:
    """A row per target, as the command line prints it."""
    return table("targets", COLUMNS, [row_of(one) for one in assessments])


def reading(one: Assessment) -> Paragraph:
    """What the figure means for the target: latest figure, change, gap, pace needed, when it is first in reach."""
    # with no figure but the year's count, that count is all there is to say
    only_now = not one.points and isinstance(one, PeopleAssessment) and one.so_far is not None
    return together(
        targets.headline(one),
        None if only_now else targets.latest_figure(one, _sources()),
        None if only_now else targets.change_since(one),
        count.counted_to(one),
        targets.gap(one),
        count.late_known(one),
        count.required_against_seen(one),
        count.paces_elsewhere(one),
        count.for_80(one),
        targets.first_passage(one),
    )


def trust(one: Assessment, plan: str, known_by: str) -> Paragraph:
    """How far the answer can be trusted: evidence, what is prior, past statements, other rules, what is invented."""
    return listed(
        evidence.grade(one),
        targets.mostly_prior(one),
        evidence.prior_sensitivity(one),
        evidence.true_level(one),
        record.past_statements(one, plan, known_by),
        targets.both_reached(one),
        count.fallen(one),
        count.corrections(one),
        targets.uncertain_figures(one, _sources()),
        evidence.other_rules(one),
        targets.illustrative(one),
        targets.unverified_target(one),
    )


def neighbours(one: Assessment) -> Paragraph:
    """Figures on other definitions, beside the target and never in its place, and how the target is read."""
    said = [evidence.neighbour(one, other, _sources()) for other in one.beside]
    effect = one.definition_effect if isinstance(one, RateAssessment) else None
    if effect is not None and one.target.base == "labour_force":
        said.append(evidence.definition_effect(one, effect, _sources()))
    return listed(*said, targets.reading(one))


def figures(one: Assessment) -> Table:
    """Every figure with base, concept, maturity, certainty, source and the day it was known."""
    sources = _sources()
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


def _sources() -> Mapping[str, Text]:
    from vetanalysis.observations.reference import load_sources

    return source_texts(load_sources())
