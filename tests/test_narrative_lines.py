"""Every line about targets, counts and evidence is said by a made case, and renders in both languages."""

import re
import unicodedata
from dataclasses import replace
from types import SimpleNamespace

import narrative_cases as cases
import pandas as pd
import period_cases
import pytest
from test_narrative_sentences import FROM_ASSESSMENT, SITUATIONS
from test_narrative_year import YEAR

from vetanalysis.assessment.assessment import CONTRADICTION, Beside, Corrections
from vetanalysis.assessment.issued import statement_of
from vetanalysis.assessment.paces import FirstPassage
from vetanalysis.blocks import LANGUAGES, Cell, Said, Text
from vetanalysis.language.cells import printed
from vetanalysis.language.lines import lines_of
from vetanalysis.language.render import voice
from vetanalysis.narrative import (
    actions,
    asked,
    count,
    evidence,
    of_period,
    opening,
    outlook,
    rates,
    tables,
    targets,
)
from vetanalysis.narrative.period import Revised
from vetanalysis.narrative.points import behind_the_result
from vetanalysis.narrative.year_before import YearBefore
from vetanalysis.observations.published import Rank
from vetanalysis.periods import Cutoff
from vetanalysis.plan import load_plan
from vetanalysis.plan.model import aim, wanted

FAMILIES = ("targets", "rates", "count", "evidence", "period", "opening", "answers")
ELSEWHERE = {  # said of what only a study has
    "answers.title", "answers.illustrative", "answers.notes", "answers.open", "answers.open.error",
    "answers.open.warning", "answers.left_out", "targets.heading",
}  # fmt: skip


def within_year(value):
    return Beside(
        "trained_rate", "labour_force", "administrative",
        (cases.point(2023, value, period="2023-H1", status="provisional"),),
        None, None, None, None, Said("assessment.within_year.apart", period="2023-H1"),
    )  # fmt: skip


def people(**changes):
    return cases.people(as_of="2023-9M", **changes)


def made():
    """Everything said of the made cases."""
    for one in SITUATIONS.values():
        yield from (function(one) for function in FROM_ASSESSMENT.values())
        yield from tables.row_of(one)
        yield tables._words(one)
        yield from (targets.results(one), targets.prospects(one), targets.left(cases.people(), 13500.0))
        yield opening.key(period_cases.PLAN, one, [one, cases.unknown()], None)
    likely = cases.people(probability=0.7, status="likely")
    yield opening.key(period_cases.PLAN, cases.rate(), [cases.rate(), likely], None)
    yield from YEAR.values()
    yield tables.target_table(list(SITUATIONS.values()), "2023-9M")
    nearly = cases.people(
        approximate="nearly",
        so_far=8758.0,
        received=1,
        published_counts=(cases.point(2023, 8758.0, source="press"),),
    )
    yield (tables.target_table([nearly], "2023-9M"), evidence.counts_published(nearly, {}))
    national = replace(cases.rate(), target=load_plan("viet-nam-2025").targets[0])
    yield (evidence.unverified_target(national), evidence.unsure(national))
    yield from of_targets()
    yield from of_the_year()
    yield from of_openings()


def of_targets():
    for status in ("even", "almost_no_chance"):
        one = cases.rate(status=status, probability=0.5 if status == "even" else 0.02)
        yield from (targets.headline(one), targets.outlook(one))
    yield targets.done("present", 35.0)
    at_most = cases.people().target.model_copy(update={"operator": "<=", "value": 14000.0})
    yield targets.results(people(target=at_most, so_far=8758.0, received=1))
    yield targets.headline(replace(cases.unknown(), reason=None))
    yield targets.headline(cases.rate(status="even", probability=0.5, past=(407, 256, 0.5)))
    for past in (cases.rate(past=(1027, 465, 0.33)), cases.people(past=(50, 11, 0.3))):
        yield (targets.outlook(past), targets.verdict(past), tables.target_table([past], "2023-9M"))
        yield tables.row_of(past)
    yield targets.results(people(late_known=98.0, so_far=None))
    yield targets.results(people(so_far=1683.0, received=22, due=23, same_period=1559.0, compared=1651.0))
    yield evidence.beside_certainty(cases.rate(status="almost_certain", probability=0.97))
    yield evidence.beside_definition(cases.rate(target=cases.rate_target(value=25)))
    yield targets.gap(people(gap=13500.0, points=()))
    yield evidence.mostly_prior(people(points=()))
    yield evidence.mostly_prior(people(points=(), has_quota=True))
    yield evidence.mostly_prior(people(scope_unstated=False))
    yield targets.change_since(
        cases.rate(points=(cases.point(2020, 26.0, concept="ICLS-13"), cases.point(2021, 30.0)))
    )
    yield evidence.both_reached(cases.rate(both_with=cases.rate_target(), both_reached=0.1))
    passed = {2022: 0.2, 2023: 0.3, 2024: 0.6}
    for year, chances in ((2024, passed), (None, {2024: 0.3}), (None, {2024: 0.49})):
        yield evidence.first_passage(cases.rate(first_passage=FirstPassage(year, chances)))
    yield evidence.first_passage(cases.unemployment(first_passage=FirstPassage(None, {2024: 0.3})))
    for with_history in (True, False):
        one = cases.rate(published=cases.published(with_history=with_history))
        yield from (rates.published(one), rates.published_record(one), tables._words(one))
        yield tables.target_table([one], "2023-9M")
    yield tables.target_table([cases.unknown()], "2023-9M")
    yield targets.described(cases.point(2021, 57.2, certainty="low", illustrative=True), "percent")
    yield count.for_80(cases.unemployment(extra_for_80=-0.1))
    yield count.required_against_seen(cases.rate(pace_seen=None))
    for seen in (0.01, -0.3):
        yield count.required_against_seen(cases.rate(pace_seen=seen))
    for one in (cases.rate, cases.unemployment):
        half = cases.point(2023, 10.0, period="2023-H1", status="provisional")
        yield count.required_against_seen(one(points=(half,)))
    yield count.required_against_seen(people(pace_required=0.0))
    yield count.required_against_seen(cases.people(as_of="2023-H1"))
    yield count.required_against_seen(cases.people(as_of="2022-9M", pace_required=2500.0))
    for share in (0.0, 0.3, 1.0):
        yield count.paces_elsewhere(cases.rate(pace_required=-0.3, pace_percentile=share))
    for limits in ({"evidence": "weak"}, {"status": "not_assessed"}, {"status": "not_forecast"}):
        yield evidence.data_limits([cases.rate(**limits)] * 2, "2023-9M")
    limited = [cases.rate(status=status) for status in ("not_forecast", "not_assessed")]
    yield evidence.data_limits(limited, "2023-9M")
    for value in (60.8, 62.0):
        one = cases.rate(beside=(within_year(value),))
        yield evidence.neighbour(one, one.beside[0])
        within = (counted_within(value, 0),)
        yield from (rates.behind_newest(replace(one, evidence_reasons=why)) for why in ((), within))
        yield tables.target_table([one], "2023-9M")
    yield rates.behind_newest(cases.rate(median=57.0))
    yield from (rates.among_provinces(cases.rate(rank=Rank(place, 63))) for place in (1, 30))
    none = Beside("trained_rate", "", "", (), None, None, None, None, Text("x", "y"))
    yield evidence.neighbour(cases.rate(), none)
    yield evidence.other_rules(cases.rate(anchors={"un": Said("rules.not_available")}))
    yield evidence.prior_sensitivity(cases.rate(sensitivity={0.5: 0.163, 2.0: 0.163}))
    for points in (0, 3, 6):
        for inside in (True, False, None):
            yield from evidence_reasons(
                points=points, backtest_inside=inside, sensitivity={0.5: 0.3, 2.0: 0.3}
            )
    yield from evidence_reasons(
        points=9, coverage=0.5, sensitivity={0.5: 0.3, 2.0: 0.9}, series_break=2021, mostly_prior=True,
        unstated_scope=True,
    )  # fmt: skip
    yield from evidence_reasons(points=9, backtest_inside=True)
    yield from (
        *(counted_within(60.8, earlier) for earlier in (0, 2)),
        *(Said(f"assessment.within_year{kind}", period="2023-M08") for kind in ("", ".counted", ".apart")),
    )
    yield from evidence_reasons(points=0, are_totals=True)
    yield from (*evidence_reasons(points=9, taught_by=11), *evidence_reasons(points=9, taught_by=0))
    understood = cases.point(2021, 57.2, note="base not printed in the source")
    yield tables.target_table([cases.rate(points=(understood,))], "2023-9M")
    press = cases.rate(
        target=cases.rate_target(legal_ref={"vi": "Báo A, 5/1/2023.", "en": "A news, 5 January 2023."})
    )
    yield tables.target_table(
        [press, cases.people()], "2023-9M"
    )  # one target stated elsewhere, one in the plan
    higher = cases.rate_target(id="higher", value=65.0)
    yield tables.target_table([cases.rate(), cases.rate(target=higher)], "2023-9M")  # two levels of one text
    yield tables.target_table([press, cases.rate(target=higher)], "2023-9M")  # and of two


def counted_within(value, earlier):
    facts = {"value": value, "goal": 62.0, "measure": "percent", "period": "2023-H1", "earlier": earlier}
    return Said("evidence.reason.within", **facts)


def evidence_reasons(**given):
    from vetanalysis.assessment.evidence import evidence_grade

    return evidence_grade(**given)[1]


def of_the_year():
    yield count.counted_to(people(reported_to="2023-H1"))
    yield count.counted_to(people(reported_to="2023-H1", ahead=10, due=12))
    late = {"late": (Text("A", "A"),), "late_known": 98.0}
    yield count.late_known(people(**late))
    yield count.late_known(people(**late, so_far=100.0))
    yield count.fallen(people(fallen=(Text("A", "A"),)))
    for so_far in (720.0, 700.0):
        yield count.two_totals(people(two_totals=(720.0, 700.0), so_far=so_far))
    for seen in ((0, 0, 0.0, 1), (9, 0, 0.0, 1), (9, 1, 0.00001, 1), (9, 1, 0.1, 1), (9, 1, -0.1, 1)):
        yield count.corrections(people(revision=Corrections(*seen)))
    ceiling = cases.people_target().model_copy(update={"operator": "<="})
    for value in (13_000.0, 13_500.0, 14_000.0):
        yield targets.left(people(target=ceiling), value)
    yield count.cross_checks("c", 100.0, {"own": 90.0}, "2023-9M")
    for share in (0.1, 0.33, 0.6):
        yield evidence.track_record(
            targets.verdict(cases.rate()),
            100,
            int(100 * share),
            "2020-FY",
            band=(0.33, 0.24, 0.42),
            civil=True,
        )
    half = cases.people_target().model_copy(update={"period": "2023-H1"})
    no_value = half.model_copy(update={"value": float("nan")})
    yield tables.row_of(people(target=half))
    yield count.counted("c", half.label, 720.0, "2023-9M")
    yield count.counted("c", half.label, 35.0, "2023-9M", present=True)
    yield targets.headline(people(target=no_value))
    for counts in ("enrolled", "graduated", ""):
        yield targets.verdict(people(target=no_value.model_copy(update={"counts": counts})))
    yield targets.verdict(people(target=no_value, points=()))
    years = half.model_copy(update={"since": "2022-FY"})
    over = years.model_copy(update={"period": "2023-FY"})
    yield tables.row_of(people(target=over))
    yield count.counted("c", over.label, 720.0, "2023-9M", since="2022-FY")
    for target in (half, no_value, years, over):
        yield from (aim(target), wanted(target))
    yield from of_counted_people(half, no_value)
    then = statement_of(people(probability=0.6, gap=5000.0, status="likely"))
    for probability, gap, status in (
        (0.6, 5000.0, "likely"), (0.7, 5000.0, "likely"), (0.9, 2000.0, "very_likely"),
        (0.1, 6000.0, "very_unlikely"), (0.54, 0.0, "even"),
    ):  # fmt: skip
        one = people(probability=probability, gap=gap, status=status)
        yield of_period.since_last(one, then, "2023-H1")
        yield of_period.since_last(one, then, "2023-start")
        yield of_period.since_last(one, then, "2023-H1", "2023-07-05")
        yield of_period.since_last(one, then, "2023-H1", "2023-07-05", notice=True)
        yield of_period.since_last(one, then, "2023-H1", notice=True)
        yield of_period.since_last(one, then, "2023-H1", recalculated=True)
    before = replace(then, lower_80=12900.0, median=13900.0, upper_80=15000.0)
    facts = period_cases.facts(before_as_of="2023-9M")
    for value in (12000.0, 13380.0, 15500.0):
        closed = cases.people(as_of="2023-FY", points=(cases.point(2023, value),), projection=None)
        yield of_period._held_against(closed, before, facts)
    near = statement_of(people(probability=0.57, gap=5000.0, status="likely"))
    yield of_period.since_last(people(probability=0.54, gap=4000.0, status="even"), near, "2023-H1")
    changed = [
        Revised(
            "people_enrolled",
            "2023-H1",
            4571.0,
            4533.0,
            again=(("cdn-ls", -38.0),),
            known_by="2023-06-20",
            below=(("183", 9.0),),
        ),
        Revised("people_enrolled", "2023-Q1", 1600.0, 1631.0, late=(("186", 20.0),), later=(("183", 11.0),)),
        Revised("trained_rate", "2021-FY", 57.0, 57.2),
    ]
    given = period_cases.facts(revised=tuple(changed))
    yield from (of_period.revisions(one, given) for one in (cases.people(), cases.rate()))
    yield of_period.revised_figures([cases.people(), cases.rate()], given)
    for known_by in ("", "2022-12-20"):
        base = Revised("people_enrolled", "2022-FY", 12000.0, 12585.0, known_by=known_by)
        yield of_period.moved_base(cases.people(), period_cases.facts(revised=(base,)))
    yield from of_asked()


def of_asked():
    """What came of what the last report asked for."""
    people = asked.Asked({"183": "2023-09-20", "184": ""}, {"186": 20.0}, {"186": 40.0}, {"186": 9.0}, 3)
    owed = asked.Asked({"186": "2023-09-20"})
    table = pd.DataFrame({"plan": [100.0], "counted": [75.0]}, index=["186"])
    year = SimpleNamespace(units=table)
    found = pd.DataFrame({"period": ["2023-H1"], "severity": ["error"], "unit": ["186"], "settled": [True]})
    for on, known_by in (("", ""), ("2023-07-05", ""), ("", "2023-06-20")):
        given = {"before_as_of": "2023-H1", "issued_on": on, "before_known_by": known_by}
        yield asked.outcome(period_cases.facts(asked_before=people, year=year, found_before=found, **given))
        line = period_cases.line("people_enrolled", 75, unit="186", plan_value=100.0)
        own = {"unit": "186", "lines": pd.DataFrame([line]), **given}
        yield asked.own_people(period_cases.facts(asked_before=people, **own))
        yield from asked.own_returns(period_cases.facts(asked_before=owed, **own))
    wrote = period_cases.said(("183", "", "causes", "x"))
    for on, kept, behind in (("", False, ("183", "186")), ("2023-01-05", True, ("186",)), ("", True, ())):
        last = YearBefore("2022-FY", people, found, on, kept, behind)
        yield asked.outcome(period_cases.facts(year_before=last, explanations=wrote))
        yield from asked.own_returns(period_cases.facts(year_before=last, unit="183"))


def of_counted_people(half, no_value):
    """What the body says of people once the year counts them, and page one of every kind of target."""
    counted = {"so_far": 8758.0, "received": 22, "due": 23, "same_period": 8025.0, "points": ()}
    late = {"late": (Text("A", "A"),)}
    closed = {"as_of": "2023-FY", "projection": None, "status": "almost_no_chance", "probability": 0.0}
    over = {"points": (cases.point(2023, 13380, status="provisional"),)}
    for one in (
        people(**counted), people(**counted, **late), people(**{**counted, "so_far": 13500.0}),
        people(**{**counted, "so_far": 13600.0, "same_period": None}), people(**counted, target=half),
        people(**counted, target=no_value), people(points=(), target=no_value),
        cases.people(**{**counted, "so_far": 13380.0, **over}, **closed), cases.people(scope_unstated=False),
        cases.people(as_of="2023-H1", cumulative={2022: {1: 1.0, 2: 2.0, 3: 3.0, 4: 4.0}}),
    ):  # fmt: skip
        yield from (targets.results(one), targets.prospects(one), count.required_against_seen(one))
        yield opening.key(period_cases.PLAN, one, [one], None)
        yield tables.target_table([one], "2023-9M")
    year = period_cases.year(period_cases.standing(("186", 760, 437, "behind"), ("183", 590, 590, "within")))
    lines = [
        period_cases.line("people_enrolled", *at, plan_value=590.0) for at in ((437.0, "186"), (590.0, "183"))
    ]
    facts = period_cases.facts(lines=pd.DataFrame(lines), year=year)
    blank = people(unit="183", points=(), so_far=None, received=None)
    sheet = period_cases.facts(unit="183", lines=pd.DataFrame(lines), year=year)
    yield (opening.key(period_cases.PLAN, blank, [blank], sheet), targets.basis(blank))
    one = cases.people(**{**counted, "so_far": 13380.0, **over}, **closed)
    yield opening.key(period_cases.PLAN, one, [one], facts)
    yield targets.results(one, opening.completed(one, facts))
    for value in (60.8, 62.0):
        within = cases.rate(beside=(within_year(value),))
        yield from (targets.results(within), opening.key(period_cases.PLAN, within, [within], None))
    alone = cases.rate(
        points=(cases.point(2023, 24.5, period="2023-H1"),), published=cases.published(with_history=True)
    )
    yield from (targets.results(alone), opening.key(period_cases.PLAN, alone, [alone], None))
    unverified = cases.rate(target=cases.rate_target(certainty="medium"))
    yield tables.target_table([unverified], "2023-9M")


def of_openings():
    plan = period_cases.PLAN
    named = plan.model_copy(update={"number": "1/KH", "date": "2023-01-05", "title_in": None})
    for unit in ("20", "183", "cdn-ls"):
        for cutoff in (Cutoff(2023, "start"), Cutoff(2023, "9M")):
            yield opening.head(plan, cutoff, unit)
            yield opening.signature(plan, cutoff, asks=True)
            for one in (plan, named):
                yield from (
                    opening.occasion(one, cutoff, unit, returned=returned) for returned in (True, False)
                )
    yield actions.to_be_supplied(plan, [cases.unknown()])
    yield actions.to_be_supplied(load_plan("vinh-long-2022"), [cases.unknown()])
    awaited = replace(cases.unknown(), as_of="2023-FY")
    for figures in ((cases.point(2021, 12000.0),), (cases.point(2020, 11000.0), cases.point(2021, 12000.0))):
        yield (evidence.beside_scope(replace(people(), points=figures, scope_unstated=True)),)
    refused = replace(awaited, reason=Said(CONTRADICTION, findings=(Text("a", "a"),)))
    yield (targets.verdict(refused), targets.prospects(refused))
    yield (targets.verdict(awaited), targets.prospects(awaited), evidence.data_limits([awaited], "2023-FY"))
    yield evidence.data_limits([awaited, cases.rate()], "2023-FY")
    by_survey = replace(awaited, target=awaited.target.model_copy(update={"concept": "", "base": ""}))
    yield from (
        actions.to_be_supplied(one, [rate])
        for one in (plan, plan.model_copy(update={"report_signatory": ()}))
        for rate in (awaited, by_survey)
    )
    left = pd.DataFrame(
        [{"unit": "186", "severity": "error", "rule": "start-stock", "sheet": "", "found_vi": "x"}]
    )
    yield behind_the_result(period_cases.facts(cutoff=Cutoff(2023, "FY"), findings=left))
    nobody = plan.model_copy(update={"bodies": (), "report_signatory": ()})
    for results in (True, False):
        yield (
            opening.head(nobody, Cutoff(2023, "9M"), "20", results=results),
            opening.signature(nobody, Cutoff(2023, "9M")),
        )
    surveyed = replace(cases.unknown(), target=load_plan("viet-nam-2025").target("certified_rate_low"))
    yield actions.to_be_supplied(load_plan("viet-nam-2025"), [surveyed])
    unsent = plan.model_copy(update={"indicators": plan.indicators.assign(sender="")})
    yield actions.to_be_supplied(unsent, [surveyed])
    yield from (actions.actions(one, [cases.rate()], None) for one in (plan, nobody))
    yield actions.newest_asked(nobody, [cases.rate(as_of="2023-H1")], None)
    yield opening.key(plan, cases.people(unit="183"), [cases.people(unit="183")], None)
    given = period_cases.year(period_cases.standing(("186", 760, 437, "behind")))
    gone = period_cases.facts(unit="186", matrix=period_cases.matrix(("186", "missing", None)))
    yield opening._reached(people(unit="186"), gone)
    yield from (outlook.this(one) for one in (gone, period_cases.facts()))
    yield actions._overdue(gone)
    yield opening._reached(people())
    yield opening.quotas_given(period_cases.facts(year=given))
    documents = pd.DataFrame({"unit": ["186"], "type": ["x"]})
    yield opening.plan_documents(period_cases.facts(documents=documents))
    yield opening.ILLUSTRATIVE


def within(value):
    """Every Said in a value, its facts, cells, blocks."""
    if isinstance(value, Said):
        yield value
        for fact in value.facts.values():
            yield from within(fact)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from within(one)
    elif isinstance(value, Cell):
        yield from (*within(value.words), *within(value.value))
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from within(getattr(value, name))


SAMPLES = {}
for _one in made():
    for _said in within(_one):
        SAMPLES.setdefault(_said.key, _said)
for _said in tables.COLUMNS:
    SAMPLES[_said.key] = _said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_line_renders_with_the_facts_of_a_case(family, lang):
    lines = {f"{family}.{name}" for name in lines_of(family)} - ELSEWHERE
    assert lines <= set(SAMPLES), "no case says these"
    for key in sorted(lines):
        told = voice(lang).render(SAMPLES[key])
        assert told, key
        assert told == unicodedata.normalize("NFC", told)
        assert not re.search(r"\bNone\b|\bnan\b|\{\{|\}\}", told), f"{key}: {told}"
        assert told.count("(") == told.count(")"), f"{key}: {told}"
        assert printed(SAMPLES[key], lang) == told
