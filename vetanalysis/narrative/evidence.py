"""Sentences about how good the evidence is, and about what stands beside a target and never in its place.

Likelihood never stands in the same sentence as evidence. Beside a target stand other definitions and other
rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment import rules
from vetanalysis.assessment.assessment import Assessment, Beside, PeopleAssessment, RateAssessment
from vetanalysis.blocks import Said, Text
from vetanalysis.language import numbers
from vetanalysis.language.chances import printed_probability
from vetanalysis.language.filters import known
from vetanalysis.language.lines import is_line
from vetanalysis.narrative.targets import DOUBTFUL, awaits_figure, described, newest, verdict
from vetanalysis.observations.series import Point, cited, returned
from vetanalysis.observations.table import RETURNS
from vetanalysis.plan.model import Target, aim, due

if TYPE_CHECKING:
    from vetanalysis.observations.published import DefinitionEffect


_CERTAIN = ("almost_certain", "almost_no_chance")
_NOT_JUDGED = ("not_forecast", "not_assessed")
_NAMED = 2  # at most so many targets that are not assessed are named


def grade(one: Assessment) -> Said:
    """The evidence grade with its reasons, dated by the cut-off and counted in figures."""
    figures = len(one.points)
    if isinstance(one, PeopleAssessment) and one.target.since:
        figures = len(one.past_totals)  # of years alone; its points are their sums
    return Said(
        "evidence.grade", id=f"{one.target.id}.evidence", evidence=one.evidence, figures=figures,
        as_of=one.as_of, label=one.target.label, reasons=one.evidence_reasons,
    )  # fmt: skip


def beside_scope(one: Assessment) -> Said | None:
    """That a judgement rests on figures whose source does not say whom they count, and which way that may err.

    Beside the judgement itself: a wider count than the target's makes it look nearer than it is.
    """
    if not one.is_unscoped:
        return None
    at_least = one.target.operator == ">="
    name = f"{one.target.id}.beside_scope"
    return Said("evidence.beside_scope", id=name, figures=len(one.points), at_least=at_least)


def beside_certainty(one: Assessment, name: str = "") -> Said | None:
    """That the evidence is weak, and why, beside a word of certainty, in a sentence of its own; None of other words.

    How likely something is and how well that is known are told apart (ICD 203), and here neither without the other.
    """
    if one.status not in _CERTAIN or one.evidence != "weak" or one.is_judged:
        return None
    return Said(
        "evidence.beside_certainty", id=name or f"{one.target.id}.weak", evidence=one.evidence,
        reasons=one.evidence_reasons[:1],
    )  # fmt: skip


def data_limits(assessments: Sequence[Assessment], as_of: str) -> Said | None:
    """How many targets are told and not forecast, wait for the figure of a period now over, or which are not assessed;
    None where all are judged.

    Of those beside them how many rest on weak evidence: where all are judged table 1 says that of each.
    """
    states = ["awaited" if awaits_figure(one) else one.status for one in assessments]
    counts = {
        "weak": sum(one.evidence == "weak" and one.status not in _NOT_JUDGED for one in assessments),
        "not_forecast": states.count("not_forecast"),
        "awaited": states.count("awaited"),
        "not_assessed": states.count("not_assessed"),
    }
    if not any(counts[name] for name in ("not_forecast", "awaited", "not_assessed")):
        return None
    facts = {"as_of": as_of, "total": len(assessments), **counts}
    for name, count in counts.items():
        if count == len(assessments):
            return Said(f"evidence.data_limits.all_{name}", id="data_limits", **facts)
    which = tuple(Said("targets.inside", label=one.target.label) for one in unassessed(assessments)[:_NAMED])
    which = which if counts["not_assessed"] <= _NAMED else ()
    told = {
        name: Said(f"evidence.data_limits.{name}", count=count) for name, count in counts.items() if count
    }
    if "not_assessed" in told:
        told["not_assessed"] = told["not_assessed"].given(which=which)
    limits = tuple(told.values())
    return Said("evidence.data_limits", id="data_limits", **facts, limits=limits)


def unassessed(assessments: Sequence[Assessment]) -> list[Assessment]:
    """The targets whose figures allow no judgement, those aside that only wait for the figure of a period now over."""
    return [one for one in assessments if one.status == "not_assessed" and not awaits_figure(one)]


def prior_sensitivity(one: Assessment) -> Said | None:
    """How the probability moves when the prior is halved or doubled; None where that was not computed."""
    if not {0.5, 2.0} <= set(one.sensitivity) or not known(one.probability):
        return None
    chances = {"half": one.sensitivity[0.5], "double": one.sensitivity[2.0], "probability": one.probability}
    stays = len({printed_probability(chance) for chance in chances.values()}) == 1
    return Said(
        f"evidence.sensitivity.{'stays' if stays else 'moves'}", id=f"{one.target.id}.sensitivity",
        **{f"prior_{factor}": chance for factor, chance in one.sensitivity.items()}, **chances,
        evidence=one.evidence, aim=aim(one.target),
    )  # fmt: skip


def true_level(one: Assessment) -> Said | None:
    """The chance of the true level, apart from survey error; None where it is not told apart."""
    if not known(one.probability_true) or not known(one.probability):
        return None
    return Said(
        "evidence.true_level", id=f"{one.target.id}.true_level", probability_true=one.probability_true,
        probability=one.probability, evidence=one.evidence, aim=aim(one.target),
    )  # fmt: skip


def track_record(
    words: Said | str, said: int, came: int, until: str, *, about: Said | Text | None = None,
    band: tuple[float, float, float] | None = None, name: str = "track_record", civil: bool = False,
) -> Said:  # fmt: skip
    """In how many earlier statements with these words the target was reached, and whether that is what was stated.

    `until`: the last period that was checked; `about`: what the statements were about, inside the sentence; `band`:
    the mean probability stated and the binomial limits of the share that should come true; `civil`: the record is of
    civil years, whatever the plan's are.
    """
    by = (
        Said("evidence.track_record.civil_year", year=int(until[:4]))
        if civil
        else Said("evidence.track_record.period", period=until)
    )
    facts = {"said": said, "came": came, "until": until, "by": by, "words": words, "about": about}
    if said == 0:
        return Said("evidence.track_record.none_due", id=name, **facts)
    return Said("evidence.track_record", id=name, **facts, held=_against_stated(said, came, band))


def _against_stated(said: int, came: int, band: tuple[float, float, float] | None) -> Said | str:
    """The share that came true against the one stated: higher, lower, or as stated (inside the binomial limits)."""
    if band is None:
        return ""
    stated, low, high = band
    share = came / said
    case = "more" if share > high else "less" if share < low else "as_stated"
    return Said(f"evidence.track_record.{case}", share=100 * share, stated=100 * stated)


def coverage(
    received: int, due_units: int, late: Sequence[Text | str], as_of: str, *, share_of_plan: float | None = None,
    codes: Sequence[str] | None = None, had: float | None = None, gap: float | None = None,
) -> Said:  # fmt: skip
    """How many units have reported, their share of the plan, and who is late (the first five by name).

    `codes`: the codes of the late units, for the manifest. `had`: the people those had reported before, none of them
    counted in `gap`, the people still missing.
    """
    facts: dict[str, Any] = {
        "received": received, "due": due_units, "late": tuple(late if codes is None else codes),
        "share_of_plan": share_of_plan, "as_of": as_of,
    }  # fmt: skip
    if due_units == 0:
        return Said("evidence.coverage.none_due", id="coverage", **facts)
    if received >= due_units and not late:
        return Said("evidence.coverage.all", id="coverage", **facts)
    return Said(
        "evidence.coverage.some", id="coverage", **facts, missing=tuple(late), had=had, most=at_most(gap, had)
    )


def at_most(gap: float | None, had: float | None) -> float | None:
    """How many people are missing at most, once those count whom silent units `had` reported before; None without."""
    return gap - had if had and gap is not None and known(gap) and gap > had else None


_PERSONS = ("people_", "jobs_", "labour_force", "population")


def neighbour(one: Assessment, other: Beside, sources: Mapping[str, Said | Text] | None = None) -> Said:
    """A figure of another concept, base or scope, its projection if there is one, why it is only beside."""
    target = one.target
    measure = "persons" if other.indicator.startswith(_PERSONS) else "percent"
    name = f"{target.id}.beside.{other.indicator}.{other.concept or other.base or 'any'}"
    own_name = other.indicator == target.indicator and not is_line(f"names.indicator.{other.indicator}")
    facts = {
        "indicator": other.indicator, "called": target.label if own_name else other.indicator,
        "base": other.base, "concept": other.concept, "note": other.note, "aim": aim(target),
    }  # fmt: skip
    if not other.points:
        return Said("evidence.beside.none", id=name, **facts)
    last = other.points[-1]
    own = (other.indicator, other.base, other.concept) == (target.indicator, target.base, target.concept)
    spread: dict[str, Any] = {"median": other.median, "lower_80": other.lower_80, "upper_80": other.upper_80}
    further = _still_missing(one, other)
    if all(known(value) for value in spread.values()):
        further = Said("evidence.beside.projected", due=due(target), measure=measure, **spread)
    return Said(
        "evidence.beside", id=name, **facts, value=last.value, period=last.period, **spread, source=last.source,
        figure=described(last, measure, sources, target.value if own else None), further=further,
    )  # fmt: skip


def _still_missing(one: Assessment, other: Beside) -> Said | str:
    """How far an estimate made within the year, on the target's own definition, is from the target."""
    target, last = one.target, other.points[-1]
    own = (other.indicator, other.base, other.concept) == (target.indicator, target.base, target.concept)
    if (
        not own or last.period.endswith("-FY") or awaits_figure(one)
    ):  # the body says how far, of the year past
        return ""
    lacking = target.value - last.value if target.operator == ">=" else last.value - target.value
    printed = numbers.away(last.value, target.value, target.measure)
    if lacking <= 0 or printed == 0:
        return Said("evidence.beside.reached")
    return Said(
        "evidence.beside.lacking", due=due(target), lacking=printed, measure=target.measure,
        digits=numbers.decimals_beside(printed, printed),
    )  # fmt: skip


def effect_on(one: Assessment) -> DefinitionEffect | None:
    """What the definition alone does to a target that is a share of the labour force; None of any other."""
    if not isinstance(one, RateAssessment) or one.target.base != "labour_force":
        return None
    return one.definition_effect


def _is_most(one: Assessment, effect: DefinitionEffect) -> bool:
    """Whether the definition alone goes at least half of the way to the target."""
    return effect.implied_rate - effect.rate_then >= (one.target.value - effect.rate_then) / 2


def beside_definition(one: Assessment) -> Said | None:
    """Beside a figure of a rate: which part of the way to the target the definition alone may have gone.

    None where the body has no figure, and where that part is small.
    """
    effect = effect_on(one)
    if effect is None or newest(one) is None or not _is_most(one, effect):
        return None
    return Said(
        "evidence.beside_definition",
        id=f"{one.target.id}.beside_definition",
        implied_rate=effect.implied_rate,
    )


def definition_effect(
    one: Assessment, effect: DefinitionEffect, sources: Mapping[str, Said | Text] | None = None
) -> Said:
    """What the 2021 labour-force definition alone does to a certified share: an inference, said to be one.

    The share is printed in whole percent: numerator and denominator do not always stand on the same census. That what
    is reached through it is to be called so is said where it is at least half of the way to the target.
    """
    return Said(
        "evidence.definition_effect", id=f"{one.target.id}.definition_effect",
        certified_workers=effect.certified_workers, year_then=effect.year_then, rate_then=effect.rate_then,
        labour_force=effect.labour_force, year_now=effect.year_now, implied_rate=effect.implied_rate,
        preliminary=effect.preliminary, one_population_base=effect.one_population_base, aim=aim(one.target),
        most=_is_most(one, effect),
        sources=tuple(cited(name, sources or {}) for name in effect.sources),
    )  # fmt: skip


def other_rules(one: Assessment) -> Said | None:
    """What other organisations' rules say of the same figures, and whether they agree.

    Rules that cannot be applied are named once, after the others. None without figures.
    """
    if not isinstance(one, RateAssessment) or not one.anchors or one.latest is None:
        return None
    target, name = one.target, f"{one.target.id}.anchors"
    told = {rule: words for rule, words in one.anchors.items() if rules.is_applied(words)}
    facts: dict[str, Any] = {
        "period": one.latest.period,
        "aim": aim(target),
        "idle": tuple(Said(f"names.rule.{rule}") for rule in one.anchors if rule not in told),
    }
    if not told:
        return Said("evidence.other_rules.none", id=name, **facts, figures=len(one.points))
    facts |= {rule: words.en for rule, words in one.anchors.items()}
    return Said(
        "evidence.other_rules", id=name, **facts, agreed=rules.agree(one.anchors.values()),
        told=tuple(Said("evidence.other_rules.by", rule=rule, words=words) for rule, words in told.items()),
        own=verdict(one) if known(one.probability) else None,
    )  # fmt: skip


def mostly_prior(one: Assessment) -> Said | None:
    """That a projection rests mostly on what other series have done; None where it does not."""
    if not one.mostly_prior:
        return None
    target, count = one.target, len(one.points)
    case = "short_series" if count else "no_figure"
    if isinstance(one, PeopleAssessment) and count and one.scope_unstated:
        case = "unstated_scope"
    elif isinstance(one, PeopleAssessment) and not count and one.has_quota:
        case = "quota"
    return Said(
        f"targets.mostly_prior.{case}", id=f"{target.id}.mostly_prior", figures=count,
        target=target.value, aim=aim(target),
    )  # fmt: skip


def unsure(one: Assessment) -> Said | None:
    """That the target was not read in the original text, or that its newest figure is of less than high certainty."""
    point = newest(one)
    doubtful = point.certainty if point is not None and point.certainty in DOUBTFUL else None
    if one.target.certainty == "high" and doubtful is None:
        return None
    unread = one.target.certainty != "high"
    return Said("targets.unsure", id=f"{one.target.id}.unsure", unread=unread, certainty=doubtful)


def unverified_target(one: Assessment) -> Said | None:
    """What is not sure of the target itself, as its plan says; None where it was read in a text of high certainty."""
    target = one.target
    if target.certainty == "high":
        return None
    return Said(
        f"targets.unverified{'.noted' if target.certainty_note else ''}", id=f"{target.id}.certainty",
        target=target.value, certainty=target.certainty, aim=aim(target), note=target.certainty_note or "",
    )  # fmt: skip


def named_goal(target: Target) -> Said:
    """A target's name with its value, which a name that holds it already does not need."""
    if f"{target.value:g}%" in target.label.en:
        return Said("targets.inside", label=target.label)
    return Said("targets.named_goal", label=target.label, value=target.value, measure=target.measure)


def earlier_figures(one: Assessment, sources: Mapping[str, Said | Text]) -> Said | None:
    """Each published figure before the latest with its source, one sentence for the series; None without any."""
    own = (one.target.indicator, one.target.base, one.target.concept)
    within = [
        point for other in one.beside if (other.indicator, other.base, other.concept) == own
        for point in other.points[:-1]
    ]  # fmt: skip
    earlier = [*one.points[:-1], *(point for point in within if point not in one.points)]
    told = _with_sources(earlier, one, sources)
    return Said("evidence.earlier", id=f"{one.target.id}.earlier", told=told) if told else None


def counts_published(one: Assessment, sources: Mapping[str, Said | Text]) -> Said | None:
    """The year's published counts with their sources; None where units returned them or there is none."""
    told = _with_sources(one.published_counts, one, sources) if isinstance(one, PeopleAssessment) else ()
    return Said("evidence.counts", id=f"{one.target.id}.counts", told=told) if told else None


def _with_sources(
    points: Sequence[Point], one: Assessment, sources: Mapping[str, Said | Text]
) -> tuple[Said, ...]:
    """Published figures in their order, those of one source together, with the source behind them."""
    published = [
        point for point in points if point.source not in ("", RETURNS) and returned(point.source) is None
    ]
    return tuple(
        Said(
            "evidence.earlier.of_source", source=cited(source, sources),
            certainty=None if certainty in ("high", "") else certainty,
            figures=tuple(
                Said(
                    "evidence.earlier.figure", period=point.period, worded=point.worded, value=point.value,
                    measure=one.target.measure, goal=one.target.value, to_day=point.to_day,
                )
                for point in some
            ),
        )
        for (source, certainty), some in groupby(published, lambda point: (point.source, point.certainty))
    )  # fmt: skip


def both_reached(one: Assessment) -> Said | None:
    """The chance that a part and its whole reach their targets together; None where they are not projected together."""
    if not isinstance(one, RateAssessment):
        return None
    whole, both = one.both_with, one.both_reached
    if whole is None or both is None:
        return None
    aims = tuple(named_goal(each) for each in (whole, one.target))
    return Said(
        "targets.both", id=f"{one.target.id}.both", whole=whole.id, probability=both, evidence=one.evidence,
        due=due(one.target), aims=aims, bases_differ=whole.base != one.target.base,
    )  # fmt: skip


def first_passage(one: Assessment) -> Said | None:
    """The first year with a chance of 50 % or more, or that no year in sight has one and which comes closest.

    None for people, without a projection, where the latest figure already reaches the target and where the chance in
    the target's own year is printed alike, so that a later one would be no first one to a reader.
    """
    found = one.first_passage if isinstance(one, RateAssessment) else None
    if found is None or not known(one.gap) or one.gap <= 0:
        return None
    target = one.target
    last, best = (
        max(found.probabilities),
        max(found.probabilities, key=lambda year: found.probabilities[year]),
    )
    year = best if found.year is None else found.year
    probability = found.probabilities[year]
    due_in = int(target.period[:4])
    own = found.probabilities.get(due_in) if due_in < year else None
    if (
        found.year is not None
        and own is not None
        and printed_probability(own) == printed_probability(probability)
    ):
        return None
    key = "targets.first_passage"
    if found.year is None:
        nearly = printed_probability(probability) == "50 %"
        key = "targets.first_passage.nearly" if nearly else "targets.first_passage.none"
    reaching = "targets.reaching" if target.operator == ">=" else "targets.reaching.at_most"
    return Said(
        key, id=f"{target.id}.first_passage", year=found.year, until=last, closest=year, probability=probability,
        evidence=one.evidence, reaching=Said(reaching, value=target.value, measure=target.measure),
    )  # fmt: skip


def illustrative(one: Assessment) -> Said | None:
    """That the figures behind a target are invented for illustration; None where they are real."""
    if not one.illustrative:
        return None
    target = one.target
    return Said("targets.illustrative", id=f"{target.id}.illustrative", target=target.value, aim=aim(target))
