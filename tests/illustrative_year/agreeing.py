"""What the figures of one return owe to each other and to the same unit's learners, jobs and money.

Drawn apart they would contradict each other: fines without a violation, more graduates advised than graduated, a
share that is no number of institutions. Each function takes a year as drawn and gives what can be true; nothing is
drawn here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tests.illustrative_year.network import COUNTED, DISTRICTS, JOB_CENTRE, School
from tests.illustrative_year.people import Figure

#: A year of one quantity: its four cut-offs; None where there is nothing to tell.
Course = list[float | None]
Told = dict[tuple[str, str], Course]

QUARTERS = (1, 2, 3, 4)
INSPECTORATE, LABOUR, FINANCE, FARMING = "thanh-tra-so", "so-ldtbxh", "so-tc", "so-nnptnt"
#: Learners of a class of farm trades, of a class held with another institution.
_CLASS, _LINKED_CLASS = 30, 25
#: Part of those referred to jobs who are placed; of farm classes that are supervised; of the placed who leave.
_PLACED, _SUPERVISED, _OUTSIDE = 0.46, 0.4, 0.48
#: Of an institution that reviews its equipment: how much it must have got through to count as done, in percent.
_REVIEWED = 75
_BUDGET = ("central", "local")


@dataclass(frozen=True)
class Year:
    """A year as drawn. `told`: the counts of tasks; `known`: everything else of the year; `network`: who teaches."""

    told: Told
    known: Sequence[Figure]
    network: tuple[School, ...]

    @cached_property
    def _sums(self) -> dict[tuple[str, str], list[float]]:
        sums: dict[tuple[str, str], list[float]] = {}
        for one in self.known:
            of_level = one.level in COUNTED and not one.breakdown
            if of_level or one.indicator == "jobs_created" or one.fund_source in _BUDGET:
                sums.setdefault((one.unit, one.indicator), [0.0] * 4)[one.quarter - 1] += one.value
        return sums

    def whole(self, unit: str, indicator: str) -> list[float]:
        """Learners of the levels that count, jobs, or money of the budget at the four cut-offs; zeros without any."""
        return self._sums.get((unit, indicator), [0.0] * 4)

    def of(self, unit: str, indicator: str) -> list[float]:
        """What was drawn; zeros where nothing was."""
        return [value or 0.0 for value in self.told.get((unit, indicator), [0.0] * 4)]

    def learners(self, unit: str) -> list[float]:
        """Everybody who was in training at some time since the year began."""
        start, new = (self.whole(unit, name) for name in ("people_in_training_start", "people_enrolled"))
        return [a + b for a, b in zip(start, new, strict=True)]


def agreeing(figures: Iterable[Figure], known: Sequence[Figure], network: tuple[School, ...]) -> list[Figure]:
    """The drawn figures of a year with values that agree with each other and with `known`, all of the same year."""
    figures = list(figures)
    told: Told = {}
    for one in figures:
        if not one.channel:
            told.setdefault((one.unit, one.indicator), [None] * 4)[one.quarter - 1] = one.value
    for rule in RULES:
        told |= {key: course for key, course in rule(Year(told, known, network)).items() if key in told}
    made = []
    for one in figures:
        value = one.value if one.channel else told[one.unit, one.indicator][one.quarter - 1]
        if value is not None:
            made.append(replace(one, value=float(value)))
    return made


def at_most(course: Sequence[float], *wholes: Sequence[float]) -> Course:
    """A course held under other courses; where all only rise, so does the result."""
    return [float(min(values)) for values in zip(course, *wholes, strict=True)]


def share_of(rates: Sequence[float], wholes: Sequence[float]) -> Course:
    """Rates as shares of whole numbers of things: k of n in percent; none of nothing."""
    return [
        round(100 * round(rate * whole / 100) / whole, 1) if whole else None
        for rate, whole in zip(rates, wholes, strict=True)
    ]


def farm_trades(year: Year) -> Told:
    """The rural workers that districts train in farm trades are the learners of the Department of Agriculture: its
    classes hold them, its plan and the demand lie above them, a part of its classes is supervised.
    """
    learners = year.of(FARMING, "rural_workers_trained_farm")
    planned = float(10 * round(1.04 * learners[-1] / 10))
    opened = [float(-(-one // _CLASS)) for one in learners]
    return {
        (FARMING, "farm_trade_learners"): [*learners],
        (FARMING, "farm_classes_opened"): [*opened],
        (FARMING, "farm_classes_supervised"): [float(int(one * _SUPERVISED)) for one in opened],
        (FARMING, "farm_trade_planned"): [planned] * 4,
        (FARMING, "farm_trade_demand"): [float(10 * round(1.12 * planned / 10))] * 4,
    }


def demand(year: Year) -> Told:
    """Who wants to learn in a district is more than whom it teaches in the year, short courses included."""
    taught = dict.fromkeys(DISTRICTS, 0.0)
    for one in year.known:
        if (
            one.indicator == "people_enrolled"
            and one.level
            and not one.breakdown
            and one.quarter == QUARTERS[-1]
        ):
            taught[one.unit] = taught.get(one.unit, 0.0) + one.value
    return {(unit, "learning_demand"): [float(10 * round(1.1 * taught[unit] / 10))] * 4 for unit in DISTRICTS}


def poor_people(year: Year) -> Told:
    """A household that left poverty with a learner has a learner."""
    return {
        (unit, "households_out_of_poverty"): at_most(
            year.of(unit, "households_out_of_poverty"), year.of(unit, "poor_people_trained")
        )
        for unit in DISTRICTS
    }


def inspections(year: Year) -> Told:
    """Violations are found on inspections and money is in violations; inspected are that many institutions of all."""
    visits = year.of(INSPECTORATE, "inspections")
    found = [
        one if made else 0.0
        for one, made in zip(year.of(INSPECTORATE, "violations_found"), visits, strict=True)
    ]
    drawn = year.of(INSPECTORATE, "violation_amount")
    amount: Course = []
    for place, now in enumerate(found):
        before = (amount[-1] or 0.0, drawn[place - 1], found[place - 1]) if place else (0.0, 0.0, 0.0)
        amount.append(before[0] + (drawn[place] - before[1] if now > before[2] else 0.0))
    all_of_them = year.of(LABOUR, "vet_institutions")
    seen = [100 * min(one, whole) / whole for one, whole in zip(visits, all_of_them, strict=True)]
    return {
        (INSPECTORATE, "violations_found"): [*found],
        (INSPECTORATE, "violation_amount"): amount,
        (INSPECTORATE, "violations_fixed_share"): share_of(
            year.of(INSPECTORATE, "violations_fixed_share"), found
        ),
        (INSPECTORATE, "inspected_share"): share_of(seen, all_of_them),
    }


def summary_reports(year: Year) -> Told:
    """One summary report at every cut-off, so that those on time are some of one, two, three, four."""
    name = "provincial_report_on_time_share"
    return {(LABOUR, name): share_of(year.of(LABOUR, name), QUARTERS)}


def estimate(year: Year) -> Told:
    """The estimate is the budget's part of the funds assigned; what is spent of it is what is disbursed."""
    assigned, spent = (year.whole(FINANCE, name) for name in ("budget_assigned", "budget_disbursed"))
    return {
        (FINANCE, "estimate_set"): [round(one, 1) for one in assigned],
        (FINANCE, "estimate_spent_share"): [
            round(100 * part / whole, 1) for part, whole in zip(spent, assigned, strict=True)
        ],
    }


def non_public(year: Year) -> Told:
    """A private centre is one institution; those the department guided are the centres that say so."""
    name = "nonpublic_institutions_guided"
    own: Told = {
        (unit, name): at_most(year.of(unit, name), [1.0] * 4)
        for unit, told in year.told
        if told == name and unit != LABOUR
    }
    return {**own, (LABOUR, name): [sum(one or 0.0 for one in at) for at in zip(*own.values(), strict=True)]}


def targets(year: Year) -> Told:
    """An institution's target is its quota, within its licence; a district gave its quota to all communes."""
    found: Told = {}
    for school in year.network:
        quota = float(sum(number for level, number in school.quota.items() if level != "short_course"))
        licensed = max(1.1 * quota, year.whole(school.code, "people_enrolled")[-1])
        found[school.code, "institution_target"] = [quota] * 4
        found[school.code, "licensed_capacity"] = [float(10 * -(-licensed // 10))] * 4
    for unit, quota_of in DISTRICTS.items():
        found[unit, "targets_assigned_total"] = [float(sum(quota_of))] * 4
        found[unit, "communes_with_targets_share"] = [100.0] * 4
    return found


def institutions(year: Year) -> Told:
    """Of one institution: its equipment is reviewed or not, orders and links have learners, its graduates are those it
    advises and those who work.
    """
    found: Told = {}
    for unit in (school.code for school in year.network):
        graduated, employed = (year.whole(unit, name) for name in ("people_graduated", "graduates_employed"))
        orders = year.of(unit, "training_orders")
        ordered = [
            one if order else 0.0
            for one, order in zip(year.of(unit, "learners_on_order"), orders, strict=True)
        ]
        on_order = at_most(ordered, year.learners(unit))
        linked = at_most(year.of(unit, "linked_learners"), year.learners(unit))
        advised = at_most(year.of(unit, "graduates_counselled"), graduated)
        hired = year.of(unit, "hired_by_ordering_firm_rate")
        reviewed = year.of(unit, "equipment_reviewed_share")
        found |= {
            (unit, "equipment_reviewed_share"): [100.0 if one >= _REVIEWED else 0.0 for one in reviewed],
            (unit, "learners_on_order"): on_order,
            (unit, "hired_by_ordering_firm_rate"): [
                rate if some else None for rate, some in zip(hired, on_order, strict=True)
            ],
            (unit, "linked_learners"): linked,
            (unit, "linked_classes"): [float(-(-(one or 0.0) // _LINKED_CLASS)) for one in linked],
            (unit, "graduates_counselled"): advised,
            (unit, "graduate_counselling_sessions"): _contacts(advised),
            (unit, "labour_supplied_in_province"): at_most(
                year.of(unit, "labour_supplied_in_province"), [one * 3 // 5 for one in employed]
            ),
            (unit, "labour_supplied_outside"): at_most(
                year.of(unit, "labour_supplied_outside"), [one * 2 // 5 for one in employed]
            ),
        }
    return found


def job_centre(year: Year) -> Told:
    """Whom the job centre places has one of the jobs it reports, in the province or outside; more are referred."""
    placed = year.whole(JOB_CENTRE, "jobs_created")
    outside = [float(int(one * _OUTSIDE)) for one in placed]
    return {
        (JOB_CENTRE, "job_placements"): [*placed],
        (JOB_CENTRE, "job_referrals"): [float(round(one / _PLACED)) for one in placed],
        (JOB_CENTRE, "labour_supplied_outside"): [*outside],
        (JOB_CENTRE, "labour_supplied_in_province"): [
            one - part for one, part in zip(placed, outside, strict=True)
        ],
        (JOB_CENTRE, "graduate_counselling_sessions"): _contacts(year.of(JOB_CENTRE, "graduates_counselled")),
    }


def _contacts(people: Sequence[float | None]) -> Course:
    """Half of those advised come a second time."""
    return [float((one or 0.0) * 3 // 2) for one in people]


RULES: tuple[Callable[[Year], Told], ...] = (
    farm_trades, demand, poor_people, inspections, summary_reports, estimate, non_public, targets, institutions,
    job_centre,
)  # fmt: skip
