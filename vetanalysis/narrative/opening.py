"""How a report begins and is signed: head block, subject, the occasion, page one, what must still be supplied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment, in_its_measure
from vetanalysis.blocks import LANGUAGES, Head, Paragraph, Picture, Said, Signature, Text
from vetanalysis.figures.captions import named
from vetanalysis.language.filters import known
from vetanalysis.narrative import actions, evidence, targets
from vetanalysis.narrative.period import KINDS_OF_PLACE, PeriodFacts, signatory
from vetanalysis.narrative.tables import target_table
from vetanalysis.periods import Cutoff, cutoff_day, parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.plan.model import Signatory, due

ILLUSTRATIVE = Said("opening.illustrative")
# Width of a picture, and the height it is drawn in, of 160 mm across: 12 points of its words are 8 on paper
ON_PAGE_ONE = 108.0, 44.0
OF_A_SHEET = 108.0, 55.0
IN_THE_BODY = 108.0, 46.0
# Characters on page one that leave its picture room there, under a table of so many rows, and what one row more takes
_ROOM_FOR_PICTURE, _ROWS, _OF_A_ROW = 1060, 3, 200
_TARGETS_ON_PAGE_ONE = 4  # at most so many of a plan are told one by one
_FOR_ANOTHER = (
    "TM.",
    "KT.",
    "TL.",
    "TUQ.",
)  # who signs for another says below in which position (Decree 30/2020)


def head(plan: Plan, cutoff: Cutoff, unit: str, *, results: bool = True, reminds: bool = False) -> Head:
    """The head block of Decree 30/2020, or a plain one: who reports to whom, where and when, on what.

    Number, day and month stay blank for the clerk; what the plan does not say is a marked place. `results`: the year
    has figures, else it is what may come that is told. `reminds`: it is a notice to those who have not reported.
    """
    signs = signatory(plan, cutoff)
    parent = signs.parent if signs and signs.parent else ""
    notice = reminds or unit != plan.place.code
    symbol = symbol_of(plan, cutoff, unit, notice=notice)
    year = max((cutoff_day(cutoff, plan.calendar) + timedelta(days=1)).year, cutoff.year)
    return Head(
        parent_body=Said("opening.parent_body", body=parent),
        issuing_body=Said("opening.body", body=_reporting(signs)),
        number_line=Said("opening.number", symbol=symbol) if plan.is_decree_30 else "",
        place_date=Said(
            "opening.place_date", place=(signs and signs.place) or Said("opening.place.where"), year=year
        ),
        kind=Said(f"opening.kind.{'notice' if notice else 'report'}"),
        subject=subject(plan, cutoff, unit, results=results, reminds=reminds),
        addressee=(
            (Said("reminder.all_units"),)
            if reminds and unit == plan.place.code
            else _addressee(plan, unit, parent)
        ),
        national_title=Said("opening.national_title") if plan.is_decree_30 else "",
        motto=Said("opening.motto") if plan.is_decree_30 else "",
    )


def _reporting(signs: Signatory | None) -> Said | Text:
    return signs.organisation if signs else Said("opening.place.body")


def symbol_of(plan: Plan, cutoff: Cutoff, unit: str, *, notice: bool = False) -> str:
    """The letters behind a report's number, "BC-SLĐTBXH"; those of a notice, as one to another unit than the place."""
    signs = signatory(plan, cutoff)
    symbol = signs.symbol if signs else "BC"
    return re.sub(r"^BC\b", "TB", symbol) if notice or unit != plan.place.code else symbol


def _addressee(plan: Plan, unit: str, parent: Text | str) -> tuple[Said | Text, ...]:
    """Whom the report goes to: the body above its signatory, a unit's sheet to the unit itself; a plain one to none."""
    if unit == plan.place.code:
        if isinstance(parent, Text):
            return (parent,)
        return (Said("opening.place.addressee"),) if plan.is_decree_30 else ()
    one = plan.unit(unit)
    committee = plan.is_decree_30 and one.kind == "district"
    return (Said("opening.committee", label=one.label),) if committee else (one.label,)


def subject(plan: Plan, cutoff: Cutoff, unit: str, *, results: bool = True, reminds: bool = False) -> Said:
    """What the report is about: results or prospects, the plan, the period and, for a unit, the unit."""
    told = "opening.subject" if results and cutoff.code != "start" else "opening.subject.ahead"
    return Said(
        "reminder.subject" if reminds else told,
        title=title_in(plan),
        period=str(cutoff),
        unit=None if unit == plan.place.code else unit_name(plan, unit),
    )


def title_in(plan: Plan) -> Said | Text:
    """The plan's title inside a sentence, as it says itself; else in quotation marks behind "the plan"."""
    return plan.title_in or Said("opening.title_in", title=plan.title)


def unit_name(plan: Plan, unit: str) -> Said | Text:
    """A unit inside a sentence: "huyện Hữu Lũng"; the name of an institution, or of the country, keeps its capital.

    The plan's place as the plan says itself (`place.name_in`).
    """
    if unit == plan.place.code and plan.place.name_in:
        return plan.place.name_in
    label = plan.place.name if unit == plan.place.code else plan.unit(unit).label
    is_kind = label.vi.split()[0].lower() in KINDS_OF_PLACE
    return Said("opening.kind_of_place", label=label) if is_kind else label


def signature(plan: Plan, cutoff: Cutoff, *, asks: bool = False) -> Signature:
    """The signatory's lines and the recipients; the name stays blank unless the plan gives it.

    `asks`: the part on what lies ahead asks units for something, who are told then.

    Where the plan does not say in which position is signed, a marked place stands for it.
    """
    signs = signatory(plan, cutoff)
    archive = signs.archive if signs else ""
    recipients = [Said("opening.as_above"), *([Said("opening.asked_units")] if asks else [])]
    recipients += [Said("opening.archive", archive=archive)] if archive else []
    lines: tuple[Said | Text, ...] = tuple(signs.authority) if signs else ()
    if not lines or (isinstance(lines[-1], Text) and lines[-1].vi.startswith(_FOR_ANOTHER)):
        lines = (*lines, Said("opening.place.position"))
    return Signature(
        lines=lines,
        name=signs.name if signs else "",
        recipients_label=Said("opening.recipients") if plan.is_decree_30 else "",
        recipients=tuple(recipients) if plan.is_decree_30 else (),
    )


def occasion(
    plan: Plan, cutoff: Cutoff, unit: str, *, targets: int | None = None, unassessed: int = 0, returned: bool = False,
    reminds: bool = False,
) -> Said:  # fmt: skip
    """Why the report is made: the plan (number and date blank where not known), by whom, on which figures.

    `targets`: how many targets it judges; None for all of the plan. `unassessed`: of how many of them the figures
    allow no judgement. `returned`: it tells the results of the period from returns, beyond judging the targets.
    `reminds`: it tells who has not reported.
    """
    signs = signatory(plan, cutoff)
    symbol = plan.plan_signatory.symbol if plan.plan_signatory else ""
    as_of = str(cutoff)
    count = len(plan.targets) if targets is None else targets
    number: Said | str = ""
    if plan.number and plan.date:
        number = Said("opening.occasion.number", number=plan.number, date=plan.date)
    elif symbol:
        number = Said("opening.occasion.blank", symbol=symbol)
    if reminds:
        what = Said("reminder.what", period=as_of, place=unit_name(plan, unit))
    elif returned:
        what = Said("opening.occasion.results")
    else:
        what = Said("opening.occasion.judgement", targets=count, unassessed=unassessed)
    kind = "report" if unit == plan.place.code and not reminds else "notice"
    return Said(
        f"opening.occasion.{kind}", id="occasion", as_of=as_of, targets=count,
        title=title_in(plan), number=number, body=_reporting(signs), what=what,
    )  # fmt: skip


def plan_documents(facts: PeriodFacts) -> Said | None:
    """How many units have named their own plan documents so far, and how many documents; None where none did."""
    mine = facts.documents
    if mine.empty:
        return None
    return Said(
        "opening.plan_documents", id="plan_documents", documents=len(mine), units=int(mine["unit"].nunique()),
        due=int((facts.matrix["state"] != "not_due").sum()), as_of=str(facts.cutoff),
    )  # fmt: skip


def quotas_given(facts: PeriodFacts) -> Said | None:
    """To how many units the year's people were given as quotas, and how many people; None where to none.

    Of two centres with quotas in a district without one it is they who were given some, as they are who report.
    """
    if facts.year is None or facts.year.units.empty:
        return None
    quotas = facts.year.units["plan"].dropna()
    units = len(quotas)
    if facts.counted is not None:
        tiers, given = facts.counted.tiers, facts.counted.with_quota(facts.counted.due_year)
        units = sum(
            unit != tiers.place and given.isdisjoint({*tiers.above(unit)} - {tiers.place}) for unit in given
        )
    return Said("opening.quotas_given", id="quotas_given", units=units, people=float(quotas.sum()))


def front(
    plan: Plan, assessments: Sequence[Assessment], cutoff: Cutoff, figures: Sequence[Picture] = (),
    period: PeriodFacts | None = None,
) -> list[Any]:  # fmt: skip
    """Page one behind the head: the answer in bold lines, the table of the targets, the picture of the leading one."""
    if not assessments:
        return []
    first = lead(assessments)
    mine = [one for one in figures if shown_by(one, assessments) is first]
    picture = [of_target(one, first, ON_PAGE_ONE) for one in mine]
    return [key(plan, first, assessments, period), target_table(assessments, str(cutoff)), *picture[:1]]


def fills_page_one(front: Sequence[Any]) -> bool:
    """Whether page one is its blocks alone: they end with a picture, and the text before it leaves it room there.

    LibreOffice may then leave a heading alone at its foot, so that what follows begins a page. With more text the
    picture comes to stand on page two, which what follows fills.
    """
    if not front or not isinstance(front[-1], Picture):
        return False
    told = (*front[0].sentences, *front[1].notes)
    room = _ROOM_FOR_PICTURE - _OF_A_ROW * max(len(front[1].rows) - _ROWS, 0)
    return max(sum(len(one.get(lang)) for one in told) for lang in LANGUAGES) <= room


def of_target(picture: Picture, one: Assessment, size: tuple[float, float] = IN_THE_BODY) -> Picture:
    """The picture of a target so low that it leaves the page to the text, called as its target."""
    return replace(lower(picture, *size), title=Said("answers.name", label=named(one.target)))


def lower(picture: Picture, width_mm: float, tall: float) -> Picture:
    """A picture at most so wide, its chart drawn so high; its words keep their size.

    The judgement that is its title stands in the text beside it.
    """
    data: Any = getattr(picture, "data", None)
    made = replace(picture, width_mm=min(picture.width_mm, width_mm))
    return replace(made, data=replace(data, tall=tall, title="")) if hasattr(data, "tall") else made


def lead(assessments: Sequence[Assessment]) -> Assessment:
    """The target that page one answers first: of those not yet past people counted in the year, else the first.

    Whole years and targets that are surely asked for come before milestones and others; what a unit was given nothing
    of to reach comes last.
    """

    def rank(one: Assessment) -> tuple[bool, ...]:
        counted = isinstance(one, PeopleAssessment) and one.newest_count is not None
        return (
            not one.target.has_value,
            parse_cutoff(one.target.period) < parse_cutoff(one.as_of),
            not (counted and one.counted_to[:4] == one.as_of[:4]),
            not (counted or one.target.certainty == "high"),
            not counted,
            not one.target.of_whole_year,
            one.target.certainty != "high",
        )

    return min(assessments, key=rank)


def shown_by(figure: Picture, assessments: Sequence[Assessment]) -> Assessment | None:
    """The target a figure belongs to, by its id; the longest matching id where one ends another."""
    fitting = [one for one in assessments if figure.id.endswith(one.target.id)]
    return max(fitting, key=lambda one: len(one.target.id), default=None)


def key(
    plan: Plan, first: Assessment, assessments: Sequence[Assessment], period: PeriodFacts | None
) -> Paragraph:
    """The answer in a few lines: reached, against plan and year before, outlook, other targets, who must do what."""
    told = [_reached(first, period), _against_plan(first, period), _against_before(first), _outlook(first)]
    told.append(evidence.beside_certainty(first, "key.evidence"))
    asked = actions.actions(plan, assessments, period)
    if period is None or period.is_place:
        told.append(_others(first, assessments, asked if period is None else None))
    if asked:
        who = actions.of_one_body(plan, first.unit, asked)
        alone = period is None and first.unit == plan.place.code
        shown = [one.given(who="") for one in asked] if who else _named_once(asked) if alone else asked
        numbered = tuple(Said("opening.key.action", number=at, what=what) for at, what in enumerate(shown, 1))
        several = "asked" if who else "actions" if len(numbered) > 1 else "action_alone"
        told.append(Said(f"opening.key.{several}", id="key.actions", who=who, told=numbered, what=asked[0]))
    return Paragraph(tuple(one for one in told if one is not None), "key")


def _named_once(asked: Sequence[Said]) -> list[Said]:
    """What is asked, the office that signs by its name only the first of times in a row: page one is one page."""
    told: list[Said] = []
    before: Any = None
    for one in asked:
        who = one.facts.get("who")
        alone = who[0] if isinstance(who, tuple) and len(who) == 1 else who
        if alone is not None and alone == before and actions.is_own(one):
            same = Said("opening.same_body")
            one = one.given(who=(same,) if isinstance(who, tuple) else same)
        told.append(one)
        before = alone
    return told


@in_its_measure
def _reached(one: Assessment, period: PeriodFacts | None = None) -> Said:
    name, mark = "key.reached", targets.illustrative_mark(one)
    if period is not None and not period.is_place and one.unit in period.missing:
        had = targets.known_before(one)
        return Said(
            "opening.key.silent",
            id=name,
            period=str(period.cutoff),
            before=had or "",
            mark=mark if had else "",
        )
    if isinstance(one, PeopleAssessment) and one.newest_count is not None:
        done = targets.done(one.target.counts, one.newest_count, one.worded, one.to_day)
        part = bool(one.late and one.received and one.due)
        of = Said("opening.key.of_units", there=one.received, due=one.due) if part else ""
        return Said(
            "opening.key.people", id=name, value=one.newest_count, received=one.received, due=one.due, done=done,
            of=of, period=one.counted_to, mark=mark, since=one.target.since,
        )  # fmt: skip
    before = None if one.is_judged else targets.known_before(one)
    if before is not None and isinstance(one, PeopleAssessment) and not one.scope_unstated:
        return Said("opening.key.not_begun", id=name, label=one.target.label, before=before, mark=mark)
    point = targets.newest(one)
    if point is None and isinstance(one, PeopleAssessment) and period is not None and not period.is_place:
        return Said("opening.key.blank", id=name, label=one.target.label, period=str(period.cutoff))
    if point is None:
        return Said("opening.key.nothing", id=name, label=one.target.label, period=one.as_of)
    estimated = point.maturity(one.target.measure) == "estimate"
    return Said(
        f"opening.key.{'estimate' if estimated else 'figure'}", id=name, label=one.target.label, worded=point.worded,
        value=point.value, measure=one.target.measure, goal=one.target.value, period=point.period, mark=mark,
        without=one.as_of if _is_of_before(one, point.period) else "",
    )  # fmt: skip


def _is_of_before(one: Assessment, period: str) -> bool:
    """Whether the newest figure is of a year before the one reported on, of which some has gone."""
    return not one.is_judged and period[:4] < one.as_of[:4] and parse_cutoff(one.as_of).code != "start"


def _others(
    first: Assessment, assessments: Sequence[Assessment], asked: Sequence[Said] | None
) -> Said | None:
    """What is said of the other targets, half a line for each; None if they are many, whom the table below has all.

    `asked`: what is asked, where of targets named with that nothing is told but that they are; None: all are told,
    as short as in the table, with its marks.
    """
    named = {target for one in asked or () for target in one.facts.get("targets", ())}
    every = [one for one in assessments if one is not first and one.target.has_value]
    others = [one for one in every if one.target.id not in named]
    if not others or len(assessments) > _TARGETS_ON_PAGE_ONE:
        return None
    told = tuple(
        Said(
            "opening.key.other", goal=evidence.named_goal(one.target),
            verdict=targets.outlook(one, alone=asked is not None)
            if one.projection is not None and known(one.probability) and not (one.is_judged or one.is_reached)
            else targets.verdict(one),
        )
        for one in others
    )  # fmt: skip
    return Said("opening.key.others", id="key.others", told=told, apart=len(others) < len(every))


@in_its_measure
def _against_plan(one: Assessment, period: PeriodFacts | None) -> Said | None:
    name, target = "key.plan", one.target
    if not target.has_value:
        return Said("opening.key.no_quota", id=name, period=target.period, zero=one.given_zero)
    if isinstance(one, PeopleAssessment):
        value = one.newest_count
        if value is None:
            return None
        return Said(
            "opening.key.of_plan", id=name, share=100 * value / target.value if target.value else None, value=value,
            plan=target.value, left=targets.left(one, value), completed=completed(one, period), about=one.about,
        )  # fmt: skip
    point = targets.newest(one)
    if point is None:
        return None
    return Said(
        "opening.key.of_goal", id=name, value=point.value, goal=target.value, due=due(target),
        distance=targets.distance(one, point.value),
    )  # fmt: skip


def completed(one: PeopleAssessment, period: PeriodFacts | None) -> Said | str:
    """How many of the place's units have reached their quotas, once the target's period is over; else nothing."""
    if period is None or not period.is_place or not one.is_judged or not one.target.of_whole_year:
        return ""
    if (level := period.plan.level_of(one.target)) is None:
        return ""
    lines = [period.line(one.target.indicator, unit, level=level) or {} for unit in period.carriers]
    quotas = [line for line in lines if known(line.get("plan_value")) and known(line.get("value"))]
    if not quotas:
        return ""
    done = sum(line["value"] >= line["plan_value"] for line in quotas)
    return Said("targets.completed", done=done, units=len(quotas))


@in_its_measure
def _against_before(one: Assessment) -> Said | None:
    name, year = "key.before", int(one.counted_to[:4]) - 1
    if isinstance(one, PeopleAssessment):
        value, before = one.newest_count, one.same_period
        if value is None or one.target.since:
            return None
        line = f"opening.key.before{'.whole' if one.is_judged else ''}"
        if not known(before) or not before:
            return Said("opening.key.no_before", id=name, year=year)
        return Said(
            line, id=name, ratio=100 * one.alike(value) / before, year=year, same_period=before,
            of_units=targets.of_units(one),
        )  # fmt: skip
    moved = targets.changed(one)
    if moved is None:
        return Said("opening.key.no_before", id=name, year=year)
    return Said("opening.key.changed", id=name, **moved.facts, period=one.points[-1].period)


def _outlook(one: Assessment) -> Said | None:
    name = "key.outlook"
    if not one.target.has_value:
        return None
    if one.is_judged or one.is_reached or targets.awaits_figure(one):
        return Said(
            "opening.key.judged",
            id=name,
            status=one.status,
            label=one.target.label,
            verdict=targets.verdict(one),
        )
    if one.projection is None or not known(one.probability):
        return Said("opening.key.not_assessed", id=name, period=one.as_of, status=one.status)
    published = one.published if isinstance(one, RateAssessment) else None
    beside = Said("opening.key.beside", published=published.probability) if published else ""
    return Said(
        "opening.key.outlook", id=name, status=one.status, probability=one.probability, median=one.median,
        measure=one.target.measure, goal=one.target.value, basis=targets.basis(one),
        outlook=targets.outlook(one, alone=True), beside=beside,
    )  # fmt: skip
