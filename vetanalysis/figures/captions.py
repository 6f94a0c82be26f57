"""What stands about a figure of a target: its message, its target's line, what the axis counts, its sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, Beside, PeopleAssessment, in_its_measure
from vetanalysis.assessment.record import came
from vetanalysis.blocks import Said, Text
from vetanalysis.figures.style import PERCENT
from vetanalysis.language.lines import is_line
from vetanalysis.language.numbers import is_whole
from vetanalysis.observations.series import cited, source_texts

if TYPE_CHECKING:
    from vetanalysis.observations.series import Point
    from vetanalysis.plan import Target


@in_its_measure
def title_of(one: Assessment) -> Said:
    """The message of a target's figure: what is likely and how likely; of a closed period what was reached."""
    target = one.target
    if not target.has_value:
        return Said("figures.title.no_value", label=target.label, zero=one.given_zero)
    if one.is_judged and isinstance(one, PeopleAssessment):
        value, limit = one.points[-1].value, target.operator == "<="
        if limit or target.since:  # no plan of the year
            share = 100 * value / target.value
            return Said(
                "figures.title.result.share", label=target.label, value=value, share=share, limit=limit
            )
        return Said("figures.title.result", label=target.label, value=value, plan=target.value)
    if one.probability is None:
        asked: dict[str, Any] = {"goal": target.value, "measure": target.measure, "status": one.status}
        return Said("figures.title.not_assessed", label=target.label, **asked)
    if one.is_judged and not one.is_reached:
        missed = Said("targets.verdict.missed", maturity=one.points[-1].status)
        return Said("figures.title.missed", label=target.label, missed=missed)
    return Said(
        "figures.title.likely", label=target.label, status=one.status, probability=one.probability,
        past=came(one.past),
    )  # fmt: skip


def target_label(one: Assessment) -> Said | str:
    """The target in a picture; nothing where there is no value to reach."""
    target = one.target
    if not target.has_value:
        return ""
    of = "quota" if _is_quota(one) else "target"
    return Said(f"figures.{of}", goal=target.value, measure=target.measure)


def target_alt(one: Assessment) -> Said:
    """The target in the words of a picture for who cannot see it."""
    goal: dict[str, Any] = {"goal": one.target.value, "measure": one.target.measure}
    return Said("figures.alt.target", **goal, quota=_is_quota(one))


def _is_quota(one: Assessment) -> bool:
    return isinstance(one, PeopleAssessment) and one.is_quota


def named(target: Target) -> Said | Text:
    """The target as a figure is called by it, with the word of the text for the people it counts."""
    return Said("figures.counted", label=target.label) if target.counts == "enrolled" else target.label


def axis_of(indicator: str, base: str, label: Text | None = None, measure: str = "") -> Said:
    """What the axis counts: people, the base of a rate, else the indicator's name, for one of the plan's own its label.

    What is counted is only called by its measure: whom the target counts stands in the title.
    """
    if measure and measure != PERCENT:
        return counted_axis(measure)
    if is_line(f"figures.axis.{base}"):
        return Said(f"figures.axis.{base}")
    if label is None or is_line(f"names.indicator.{indicator}"):
        return Said("figures.axis.named", indicator=indicator)
    return Said("figures.axis.own", label=label)


def counted_axis(measure: str = "persons") -> Said:
    """The axis of a number of people, or of what else is counted: "Số lớp", "Triệu đồng"."""
    return Said("figures.axis.counted", measure=measure, money=not is_whole(measure))


def axis_over(target: Target, axis: Said) -> Said:
    """The axis of a total over several years, which are added up."""
    return Said("figures.axis.over", axis=axis, since=target.since) if target.since else axis


def cited_once(sources: Iterable[str]) -> tuple[Said | Text, ...]:
    """Sources in words, each once."""
    from vetanalysis.observations.table import load_sources

    texts = source_texts(load_sources())
    return tuple(dict.fromkeys(cited(source, texts) for source in sources))


def source_line(points: Sequence[Point]) -> Said | None:
    """The line under a figure that names its sources; None without a figure."""
    sources = cited_once(point.source for point in points)
    return Said("figures.source", sources=sources) if sources else None


def neighbour(one: Assessment) -> Beside | None:
    """The first figures beside the target's own that make a line."""
    return next((beside for beside in one.beside if len(beside.points) > 1), None)
