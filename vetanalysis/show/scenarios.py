"""What the notebook of scenarios shows: flows into the rate, scenarios against the base, and what matters.

run = run_scenarios(study)
show_scenarios.flows(study, run)            does the target on people imply the targets on the rates?
show_scenarios.table(study, run, target)    each scenario beside the base
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import Said, Text
from vetanalysis.errors import NotAssessable
from vetanalysis.figures import effects
from vetanalysis.language import numbers
from vetanalysis.language.chances import printed_probability
from vetanalysis.language.filters import capital
from vetanalysis.language.numbers import about, from_to, in_years_of_study
from vetanalysis.language.render import spoken
from vetanalysis.narrative import scenarios as told
from vetanalysis.narrative import stock_flow as words
from vetanalysis.scenarios import published_stock, sensitivity
from vetanalysis.scenarios.sensitivity import Sensitivity
from vetanalysis.scenarios.stock_flow import RateFlow, Summary, people_target
from vetanalysis.scenarios.what_if import BASE, FLOW, PROJECTION, Outcome, Scenarios
from vetanalysis.show.answers import Shown, say, shown_picture

if TYPE_CHECKING:
    from IPython.display import Image, Markdown

    from vetanalysis.plan import Target
    from vetanalysis.study import Study

ASSUMED = Text("GIẢ ĐỊNH", "ASSUMED")
_PARTS = {
    "courses": Text("Người học mới qua đào tạo", "Learners newly trained"),
    "upskilled": Text("Được cấp bằng, đã có nghề", "Paper for the skilled"),
    "other": Text("Đại học, nguồn khác", "Other sources"),
    "exits": Text("Rời lực lượng lao động", "Exits"),
    "migration": Text("Di cư thuần", "Net moves"),
    "labour_force": Text("Lực lượng lao động đổi", "Labour force"),
}


@in_years_of_study
def flows(study: Study, run: Scenarios) -> Markdown:
    """Whether the learners are enough for the rates, how many it would take; or why it cannot be computed."""
    year = study.as_of.year
    people = people_target(study.plan, year)
    if run.flow is None:
        value = None if people is None else people.value
        return _say(study, [words.not_assessed(year, value, run.flow_reason)], as_list=True)
    said: list[Said | None] = []
    for concept, rates in run.flow.by_concept.items():
        for rate in rates.values():
            said += [
                words.implies(run.flow, rate, concept),
                words.needed(run.flow, rate, concept),
            ]
    return _say(study, [*said, words.assumed_inputs(run.flow)], as_list=True)


@in_years_of_study
def published(study: Study) -> Markdown:
    """What published figures alone say: the most the learners can add, the change in people, the definition's part."""
    said: list[Said | None] = []
    limits = published_stock.ceilings(study)
    for one in study.of("trained_rate"):
        said.append(words.ceiling(limits, one.target, one))
        change = published_stock.published_change(study, one)
        if change is not None:
            said.append(words.published_change(change, one.target))
        said += _residuals(study, one)
    part = published_stock.definition_part(study)
    said.append(None if part is None else words.by_definition(part))
    kept = [one for one in said if one is not None]
    return (
        _say(study, kept, as_list=True) if kept else _say(study, [words.nothing_published(study.as_of.year)])
    )


def _residuals(study: Study, one: Assessment) -> list[Said]:
    try:
        found = published_stock.implied_residual(study, one)
    except NotAssessable:
        return []
    return [words.residual(rest, one.target) for rest in found.values()]


@in_years_of_study
def inputs(study: Study, run: Scenarios) -> Shown | Markdown:
    """Every input of the account with its range, source and date; assumed ones marked."""
    import pandas as pd

    lang = study.lang
    heads = (
        Text("Đầu vào", "Input"), Text("Trình độ, khái niệm", "Level, concept"), Text("Giá trị giữa", "Centre"),
        Text("10%", "10%"), Text("90%", "90%"), Text("Nguồn", "Source"), Text("Ngày", "Date"),
        Text("Ghi chú", "Note"),
    )  # fmt: skip
    levels = {level.id: level.name.get(lang) for level in study.plan.levels}
    used = run.flow.inputs if run.flow is not None else _sourced(study)
    if not used:
        return _say(study, [words.no_inputs(study.plan.name)])
    rows = [
        (
            capital(one.kind.label.get(lang)),
            levels.get(one.level, one.concept),
            *(_value(one.quantile(q), one.kind.measure, lang) for q in (0.5, 0.1, 0.9)),
            ASSUMED.get(lang) if one.assumed else one.source,
            one.date,
            "" if one.note is None else one.note.get(lang),
        )
        for one in used
    ]
    return Shown(pd.DataFrame(rows, columns=[text.get(lang) for text in heads]))


def _sourced(study: Study):
    from vetanalysis.scenarios.stock_flow_inputs import load_inputs

    return load_inputs(study.plan).known_by(study.known_by).rows


@in_years_of_study
def account(study: Study, run: Scenarios, which: str = "trained") -> Shown:
    """The account of one rate under both labour-force concepts, in persons and points; median and 80 % range."""
    import pandas as pd

    lang = study.lang
    part, persons, points = (
        Text("Thành phần", "Part"), Text("người", "persons"), Text("điểm %", "points"),
    )  # fmt: skip
    rows = []
    rates = {concept: both[which] for concept, both in run.flow.by_concept.items()}
    for name in next(iter(rates.values())).points:
        row = {part.get(lang): _PARTS[name].get(lang)}
        for concept, rate in rates.items():
            row[f"{concept}, {persons.get(lang)}"] = _spread(rate.parts.get(name), 0, lang)
            row[f"{concept}, {points.get(lang)}"] = _spread(rate.points[name], 2, lang)
        rows.append(row)
    return Shown(pd.DataFrame(rows))


@in_years_of_study
def accounts(study: Study, run: Scenarios) -> list[Shown | Image | Markdown]:
    """For each rate the account: table, figure and what 1,000 more learners add; empty where it could not run."""
    if run.flow is None:
        return []
    shown: list[Shown | Image | Markdown] = []
    for rate in run.flow.by_concept[run.flow.concept].values():
        both = [(concept, rates[rate.which]) for concept, rates in run.flow.by_concept.items()]
        shown.append(account(study, run, rate.which))
        if rate.target is not None:
            shown.append(waterfall_picture(study, run, rate))
        shown.append(_say(study, (words.effect(run.flow, rate_of, concept) for concept, rate_of in both)))
    return shown


@in_years_of_study
def waterfall_picture(study: Study, run: Scenarios, rate: RateFlow) -> Image:
    """From the rate at the start of the year to the one at its end, with its description."""
    return shown_picture(effects.waterfall_picture(run, rate), study.lang)


@in_years_of_study
def table(study: Study, run: Scenarios, target: Target) -> Shown:
    """The scenarios of one target beside the base, from the series and from the flow of learners."""
    import pandas as pd

    lang = study.lang
    heads = (
        Text("Phương án", "Scenario"), Text("Cách tính", "Computed from"), Text("Trung vị", "Median"),
        Text("Khoảng 80%", "80% range"), Text("So với gốc", "Against base"), Text("Xác suất đạt", "Chance"),
        Text("Xác suất so với gốc", "Chance against base"), Text("Đầu vào", "Inputs"),
    )  # fmt: skip
    found = [*run.about(target.id, PROJECTION), *run.about(target.id, FLOW)]
    rows = [_row(run, one, _evidence(study, one), lang) for one in found]
    return Shown(pd.DataFrame(rows, columns=[text.get(lang) for text in heads]))


def _evidence(study: Study, one: Outcome) -> str:
    """The grade the probability is rounded by: that of the assessment, weak for the account of learners."""
    return study.assessment(one.target.id).evidence if one.stage == PROJECTION else "weak"


def _row(run: Scenarios, one: Outcome, evidence: str, lang: str) -> tuple[str, ...]:
    measure, base = one.target.measure, run.base_of(one)
    stage = (
        Text("chuỗi số liệu", "series")
        if one.stage == PROJECTION
        else Text("dòng người học", "flow of learners")
    )
    concept = f" ({one.concept})" if one.concept else ""
    is_base = one.scenario == BASE
    return (
        run.label(one.scenario).get(lang),
        stage.get(lang) + concept,
        about(one.median, measure, lang),
        from_to(one.lower_80, one.upper_80, measure, lang),
        "" if is_base else told.moved_by(base, one).get(lang),
        printed_probability(one.probability, evidence).replace(" %", "%"),
        "" if is_base else told.chance_moved(base, one).get(lang),
        ASSUMED.get(lang) if one.assumed else (_INVENTED if one.illustrative else _REAL).get(lang),
    )


_REAL = Text("số liệu", "figures")
_INVENTED = Text("MINH HỌA", "ILLUSTRATIVE")


@in_years_of_study
def differences(study: Study, run: Scenarios, target: Target) -> Markdown:
    """The table in words: the strongest scenario, each of them against the base, the straight line's steps."""
    one = study.assessment(target.id)
    said: list[Said | None] = []
    for stage in (PROJECTION, FLOW):
        evidence = one.evidence if stage == PROJECTION else "weak"
        said.append(told.strongest_scenario(run, target.id, stage, evidence))
        said += [
            told.difference(run, outcome, evidence)
            for outcome in run.about(target.id, stage)
            if outcome.scenario not in (BASE, "straight_line")
        ]
    if any(outcome.scenario == "straight_line" for outcome in run.about(target.id)):
        said.append(told.straight_line(one))
    return _say(study, said, as_list=True)


@in_years_of_study
def left_out(study: Study, run: Scenarios) -> Markdown:
    """What was not run and why."""
    said = told.left_out(run)
    return _say(study, said or [told.all_run(run)], as_list=True)


@in_years_of_study
def what_matters(study: Study, run: Scenarios) -> tuple[Sensitivity, ...]:
    """What moves each target: rates on their series and on the account of learners, people on the year's counts.

    A target is left out where it is not projected or where only one thing could move it.
    """
    found = []
    for one in study.of("trained_rate", "certified_rate"):
        try:
            found.append(sensitivity.of_projection(study, one))
        except NotAssessable:
            continue
    if run.flow is not None:
        rates = run.flow.by_concept[run.flow.concept].values()
        found += [sensitivity.of_flow(study, rate.target) for rate in rates if rate.target is not None]
    for one in study.assessments:
        if isinstance(one, PeopleAssessment):
            with contextlib.suppress(NotAssessable):
                found.append(sensitivity.of_people(study, one))
    return tuple(one for one in found if len(one.moved) > 1)


@in_years_of_study
def tornado_picture(study: Study, one: Sensitivity) -> Image:
    """The tornado of one outcome, with its description."""
    return shown_picture(effects.tornado_picture(one), study.lang)


@in_years_of_study
def reading(study: Study, one: Sensitivity) -> Markdown:
    """The tornado in a sentence."""
    return _say(study, [told.what_matters(one)])


def _say(study: Study, said: Iterable[Said | None], *, as_list: bool = False) -> Markdown:
    return say([spoken(each, study.lang) for each in said], as_list=as_list)


def _value(value: float, measure: str, lang: str) -> str:
    if measure == "percent":
        return numbers.percent(100 * value, lang)
    return ("−" if value < 0 else "") + numbers.number(abs(numbers.rounded(value)), lang, 0)


def _spread(one: Summary | None, digits: int, lang: str) -> str:
    if one is None:
        return ""
    mid, low, high = (_signed(value, digits, lang) for value in (one.median, one.lower_80, one.upper_80))
    return f"{mid} ({low}; {high})"


def _signed(value: float, digits: int, lang: str) -> str:
    return ("−" if value < 0 else "") + numbers.number(abs(value), lang, digits)
