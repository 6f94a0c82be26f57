"""What the answers to an analyst's questions say and show: their sentences, tables and frames."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.assessment.evidence import band_of
from vetanalysis.blocks import Cell, Picture, Said, Sentence, Table, Text
from vetanalysis.figures import facets
from vetanalysis.figures.facets import Panel
from vetanalysis.figures.fan import Fan, FanPiece
from vetanalysis.indicators.gaps import group_names, shares_of_people
from vetanalysis.indicators.tiers import tiers_of
from vetanalysis.language.filters import known
from vetanalysis.language.numbers import of_plan
from vetanalysis.language.render import spoken
from vetanalysis.narrative import scenarios, targets
from vetanalysis.narrative.shown_targets import table
from vetanalysis.narrative.tables import COLUMNS, chance_of, newest, row_of
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.series import Piece, Point, cited, definition, source_texts
from vetanalysis.observations.table import load_sources
from vetanalysis.periods import Cutoff, cutoff_day, parse_cutoff
from vetanalysis.scenarios.what_if import PROJECTION, Scenarios

if TYPE_CHECKING:
    from vetanalysis.assessment.record import Past
    from vetanalysis.forecast.projection import Projection
    from vetanalysis.plan import Target
    from vetanalysis.study import Study

_FURTHEST = 3  # units named as furthest behind
PUBLISHED = (
    "place", "name", "year", "value", "measure", "base", "concept", "publisher", "status", "source", "vintage",
)  # fmt: skip


def change(people: float, points: float, pace: float, by: str) -> Said:
    """What is changed, as the scenario is called."""
    sizes = {"people": people, "points": points, "pace": pace}
    parts = tuple(
        Said(f"questions.{'more' if size > 0 else 'fewer'}.{name}", size=abs(size))
        for name, size in sizes.items()
        if size
    )
    return Said("questions.change", parts=parts, by=by or None)


def what_if(run: Scenarios, *, people: float, rates: bool) -> list[Said]:
    """Each outcome against its base, what is assumed of who or what is added, and what was not run."""
    said = [scenarios.difference(run, one) for one in run.outcomes if _in_force(run, one.concept, one.stage)]
    if people and said:
        said.append(assumed_of_people(people, Said("questions.people", size=abs(people))))
    if rates and said:
        said.append(Said("questions.assumed.rate"))
    return said + scenarios.left_out(run, account_told=False)


def assumed_of_people(people: float, worded: Said | str) -> Said:
    """What is assumed of people who come on top (or, where `people` is negative, stay away); `worded`: how many."""
    return Said("questions.assumed.people", people=worded) if people > 0 else Said("questions.assumed.fewer")


def _in_force(run: Scenarios, concept: str, stage: str) -> bool:
    return stage == PROJECTION or run.flow is None or concept == run.flow.concept


def units_of(study: Study, target: Target) -> list[str]:
    """The units with a quota of the target's years, and those directly under the place with a figure, in order.

    Who speaks for others' people is none; quotas are of people only.
    """
    place, obs = study.plan.place.code, study.observations
    years = {f"{year}-FY" for year in range(target.first_year, int(target.period[:4]) + 1)}
    quotas = study.plan.quotas_of(target.indicator) if target.measure == "persons" else study.plan.quotas[:0]
    given = {*quotas.loc[quotas["period"].isin(years), "unit"]} - {place}
    told, tiers = (
        {*obs.loc[(obs["indicator"] == target.indicator) & obs["value"].notna(), "unit"]},
        tiers_of(study.plan),
    )
    under = {code for code in told if tiers.parent.get(code) == place and not tiers.speaks_for_others(code)}
    there = study.plan.units_on(cutoff_day(study.as_of, study.plan.calendar))["code"]
    return [code for code in dict.fromkeys(there) if code in given | under]


def units_frame(study: Study, whole: Assessment, found: Mapping[str, Assessment]) -> pd.DataFrame:
    """A row a unit; see `vetanalysis.units`."""
    plan, counts, added_up = study.plan, whole.target.measure != "percent", whole.kind == "people"
    begun = Cutoff(whole.target.first_year, "start")
    gone = plan.calendar.steps_between(begun, parse_cutoff(whole.counted_to))
    rows = []
    for code, one in found.items():
        done = so_far(one) if counts else _rate(study, whole.target, code)
        quota = one.target.value if one.target.has_value else math.nan
        before = one.same_period if isinstance(one, PeopleAssessment) else None
        before = math.nan if before is None or math.isnan(done) else before
        unit = plan.unit(code, on=cutoff_day(study.as_of, plan.calendar))
        rows.append(
            {
                "unit": code, "name": unit.label.get(study.lang), "kind": unit.kind, "done": done, "quota": quota,
                "share": 100 * done / quota if counts and quota > 0 else math.nan, "same_period": before,
                "of_same_period": 100 * done / before if before > 0 else math.nan,
                "pace_needed": _number(one.pace_required),
                "pace_seen": (done / gone if gone > 0 else math.nan) if added_up else _number(one.pace_seen),
                "median": _number(one.median), "lower_80": _number(one.lower_80), "upper_80": _number(one.upper_80),
                "probability": _number(one.probability), "status": one.status,
                "reason": one.reason.get(study.lang) if one.reason else "",
            }
        )  # fmt: skip
    columns = list(rows[0]) if rows else _UNITS
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.astype({name: float for name in columns if name not in _WORDS})
    gap = (
        frame["share"] - level_of_all(study, frame) if counts else frame["done"] - _rate(study, whole.target)
    )
    frame.insert(columns.index("reason"), "gap", gap)
    return frame


_WORDS = ("unit", "name", "kind", "status", "reason")
_UNITS = [
    "unit", "name", "kind", "done", "quota", "share", "same_period", "of_same_period", "pace_needed", "pace_seen",
    "median", "lower_80", "upper_80", "probability", "status", "reason",
]  # fmt: skip


def _rate(study: Study, target: Target, unit: str = "") -> float:
    """A rate as the table of indicators has it, of a unit or the place; NaN where it has none."""
    lines = study.lines
    mine = lines[(lines["id"] == target.indicator) & (lines["unit"] == (unit or study.plan.place.code))]
    return _number(next(iter(mine.loc[are_totals(mine), "value"]), None))


def with_part(study: Study, frame: pd.DataFrame, target: Target, part: str) -> pd.DataFrame:
    """The frame with the people of a sex, group or residence, and their percent of all in the same table."""
    lines = study.lines[study.lines["id"] == target.indicator]
    shares = [shares_of_people(study.plan, lines, target.indicator, code) for code in frame["unit"]]
    for name, column in (("part", "value"), ("part_share", "percent")):
        frame[name] = [_number(one[column].get(part)) for one in shares]
    return frame


def part_said(study: Study, frame: pd.DataFrame, part: str) -> Said:
    """Between which units the share of a part lies."""
    (name,) = group_names(study.plan, [part])
    told = frame.dropna(subset=["part_share"]).sort_values("part_share", kind="stable")
    if told.empty:
        return Said("questions.part.none", part=name)
    ends = [
        Said("questions.units.one", name=study.plan.unit(code).short, value=value)
        for code, value in zip(told["unit"], told["part_share"], strict=True)
    ]
    return Said("questions.part", part=name, count=len(told), low=ends[0], high=ends[-1])


def level_of_all(study: Study, frame: pd.DataFrame) -> float:
    """Done of the quotas, in percent, of the units directly under the place that have both; NaN without any."""
    tiers = tiers_of(study.plan)
    top = frame[frame["unit"].map(tiers.parent.get) == tiers.place].dropna(subset=["share"])
    return 100 * top["done"].sum() / top["quota"].sum() if len(top) else math.nan


def units_said(study: Study, whole: Assessment, frame: pd.DataFrame) -> Said:
    """How many have a figure, the level of all, and who is furthest behind."""
    if frame.empty:
        return Said("questions.units.nobody", what=whole.target.label)
    told = frame.dropna(subset=["done"])
    facts: dict[str, Any] = {"as_of": str(study.as_of), "what": whole.target.label, "count": len(frame)}
    sign = 1 if whole.target.operator == ">=" else -1
    last = told.assign(behind=sign * told["gap"]).dropna(subset=["gap"])
    last = last[last["behind"] < 0].nsmallest(_FURTHEST, "behind")
    if last.empty:
        return Said("questions.units.none", told=len(told), **facts)
    of_quotas = whole.target.measure != "percent"
    column = "share" if of_quotas else "done"
    behind = tuple(
        Said("questions.units.one", name=study.plan.unit(row.unit).short, value=getattr(row, column))
        for row in last.itertuples()
    )
    level = last.iloc[0][column] - last.iloc[0]["gap"]
    return Said("questions.units", told=len(told), level=level, behind=behind, of_quotas=of_quotas, **facts)


def units_table(study: Study, whole: Assessment, frame: pd.DataFrame, part: str = "") -> Table:
    """The frame as it is read, a `part` of its people behind the count."""
    measure, names = whole.target.measure, study.plan.short_names()
    if part:
        (name,) = group_names(study.plan, [part])
        heads = ["unit", *_heads("done"), name, Said("questions.column.part_share")]
        return table("units", heads, [
            (names[row.unit], Cell(row.done, "count"), Cell(row.part, "count"), Cell(row.part_share, "decimal"))
            for row in frame.itertuples()
        ])  # fmt: skip
    held = study.figures.not_held(whole.kind)
    rows = [
        (
            names[row.unit], Cell(row.done, "figure", measure), Cell(row.quota, "figure", measure),
            Cell(row.share, "decimal"), Cell(row.of_same_period, "decimal"), Cell(row.pace_needed, "figure", measure),
            Cell(row.pace_seen, "figure", measure), _chance(row.probability, held), Cell(row.gap, "decimal"),
        )
        for row in frame.itertuples()
    ]  # fmt: skip
    return table("units", ["unit", *_heads(*_COLUMNS)], rows)


def _chance(probability: float, held: Mapping[str, Past]) -> Cell:
    past = held.get(band_of(probability).status) if known(probability) else None
    return chance_of(probability, past) if past else Cell(probability, "chance")


_COLUMNS = ("done", "quota", "share", "of_same_period", "pace_needed", "pace_seen", "chance", "gap")


def so_far(one: Assessment) -> float:
    """What a count has reached by its cut-off, NaN where nobody has reported; of a rate its latest figure."""
    if isinstance(one, PeopleAssessment):
        if one.is_judged and one.latest is not None:
            return one.latest.value
        return _number(one.so_far if one.received else None)
    point = newest(one)
    return _number(point.value if point else None)


def over_time_said(found: Sequence[Assessment]) -> Said:
    """The chance at every cut-off, and how the projection moved from the first that has one to the last."""
    target = found[-1].target
    steps = tuple(
        Said("questions.over_time.at", as_of=one.as_of, probability=one.probability) for one in found
    )
    middles = [one.median for one in found if one.median is not None]
    facts: dict[str, Any] = {"first": None, "last": None}
    if len(middles) > 1:
        facts = {"first": middles[0], "last": middles[-1]}
    return Said(
        "questions.over_time",
        what=target.label,
        target=target.value,
        measure=target.measure,
        steps=steps,
        **facts,
    )


def over_time_table(found: Sequence[Assessment]) -> Table:
    """A row a cut-off: counted, projected with its range, chance, word, evidence."""
    return table("over_time", ("period", *COLUMNS[2:]), [_at(one) for one in found])


def _at(one: Assessment) -> tuple[Any, ...]:
    return (Cell(one.as_of, "period"), *row_of(one)[2:])


def pace_said(one: Assessment) -> Said:
    """The pace it takes and the pace seen, with the chance; or why there is none; of a past period what came."""
    if one.is_judged:
        return targets.headline(one)
    target = one.target
    newest = one.newest
    facts: dict[str, Any] = {
        "what": target.label, "target": target.value, "measure": target.measure, "period": target.period,
        "probability": one.probability, "reason": one.reason, "seen": one.pace_seen, "required": one.pace_required,
        "latest": newest[0] if newest else None, "since": newest[1] if newest else None,
    }  # fmt: skip
    if one.pace_required is None:
        return Said("questions.pace.none", **facts)
    sign = 1 if target.operator == ">=" else -1
    if one.kind != "people":
        passed = sign * one.pace_required <= 0
        point = targets.newest(one)
        facts["within"] = ""
        if point is not None and newest is not None and parse_cutoff(point.period) > parse_cutoff(newest[1]):
            facts["within"] = Said(
                "questions.pace.within", value=point.value, target=target.value, measure=target.measure,
                period=point.period, distance=targets.distance(one, point.value),
            )  # fmt: skip
        if not passed and newest is not None and not newest[1].endswith("-FY"):  # no whole year to go by
            needed = target.value - newest[0]
            return Said("questions.pace.rest", **facts, needed=abs(needed), rises=needed > 0)
        return Said("questions.pace.passed" if passed else "questions.pace.rate", **facts)
    step = one.calendar.step if isinstance(one, PeopleAssessment) else ""
    return Said(f"questions.pace.{'people' if sign > 0 else 'limit'}", step=step, **facts)


def pace_table(one: Assessment) -> Table:
    """The goal as a row among the targets, with the pace it takes and the pace seen."""
    heads = [*COLUMNS, *_heads("pace_needed", "pace_seen")]
    measure = one.target.measure
    paces = (Cell(one.pace_required, "figure", measure), Cell(one.pace_seen, "figure", measure))
    return table("pace", heads, [(*row_of(one), *paces)])


def places_picture(
    measure: str, label: Text, found: Mapping[str, Sequence[Piece]], names: Mapping[str, Text]
) -> Picture:
    """A panel a place; a gap in the line where the definition changes or begins anew."""
    panels, sources = [], []
    for code, parts in found.items():
        x: list[float] = []
        values: list[float] = []
        for part in parts:
            if x:
                x, values = [*x, x[-1]], [*values, math.nan]
            x += [float(point.year) for point in part.points]
            values += [point.value for point in part.points]
            sources += [point.source for point in part.points]
        panels.append(Panel(names[code], x, values))
    return facets.places_picture(label, measure, panels, tuple(dict.fromkeys(sources)))


def places_said(label: Text, frame: pd.DataFrame, names: Mapping[str, Text]) -> list[Said]:
    """Who is highest and lowest in the last year and definition that most places have, and who is not in it."""
    size = frame.groupby(["year", "base", "concept", "publisher"])["place"].nunique()
    year, base, concept, publisher = size[size == size.max()].index.max()
    alike = frame[
        (frame["year"] == year) & (frame["base"] == base) & (frame["concept"] == concept)
        & (frame["publisher"] == publisher)
    ]  # fmt: skip
    high, low = alike.loc[alike["value"].idxmax()], alike.loc[alike["value"].idxmin()]
    facts: dict[str, Any] = {"what": label, "year": int(year), "measure": str(high["measure"])}
    if len(alike) == 1:
        return [Said("questions.places.one", name=names[high["place"]], value=float(high["value"]), **facts)]
    return [
        Said(
            "questions.places", count=len(alike), all=frame["place"].nunique(), highest=names[high["place"]],
            high=float(high["value"]), lowest=names[low["place"]], low=float(low["value"]), **facts,
        )
    ]  # fmt: skip


def places_table(frame: pd.DataFrame, names: Mapping[str, Text]) -> Table:
    """The newest figure of every place, with its definition and its first one on the same."""
    rows, sources = [], source_texts(load_sources())
    for code, own in frame.groupby("place", sort=False):
        last = own.loc[own["year"].idxmax()]
        alike = own[(own["base"] == last["base"]) & (own["concept"] == last["concept"])]
        first = alike.loc[alike["year"].idxmin()]
        rows.append(
            (
                names[str(code)], Cell(last["value"], "amount", last["measure"]), str(last["year"]),
                Cell(first["value"], "amount", first["measure"]), str(first["year"]),
                Said("notebooks.parts", parts=definition(last["base"], last["concept"])),
                cited(last["source"], sources),
            )
        )  # fmt: skip
    return table("places", [*_heads(*_PLACES), "source"], rows)


_PLACES = ("place", "latest", "year", "first", "year", "definition")


def plans_said(found: Sequence[tuple[Study, Assessment]], lang: str) -> list[Sentence | None]:
    """The headline of each target after the plan's name, in its plan's own years and words."""
    told = []
    for study, one in found:
        with of_plan(study.plan):
            words = Said("questions.plan", plan=study.plan.title, words=targets.headline(one))
            told.append(spoken(words, lang, study.plan.words))
    return told


def plans_table(found: Sequence[tuple[Study, Assessment]]) -> Table:
    """The targets of the plans as rows under each other."""
    heads = [*_heads("plan"), "period", *COLUMNS]
    rows = [(study.plan.title, Cell(one.as_of, "period"), *row_of(one)) for study, one in found]
    return table("plans", heads, rows)


def projected_frame(projection: Projection, target: float | None, direction: str) -> pd.DataFrame:
    """A row a period: median, 80 % range, chance of the target (NaN without one)."""
    low, high = projection.interval(0.8)
    chance = math.nan if target is None else projection.probability(target, direction)
    columns = {"median": projection.median, "lower_80": low, "upper_80": high, "probability": chance}
    return pd.DataFrame({"period": list(projection.periods), **{
        name: list(value) if isinstance(value, pd.Series) else [value] * len(projection.periods)
        for name, value in columns.items()
    }})  # fmt: skip


def _scale(projection: Projection) -> tuple[float, str]:
    """From the projection's unit to what is read: percent of shares, counts as they are."""
    ends = pd.Series([*pd.Series(projection.quantile(0.025)), *pd.Series(projection.quantile(0.975))])
    return (100.0, "percent") if ends.between(0, 1).all() else (1.0, "persons")


def projected_said(frame: pd.DataFrame, projection: Projection, target: float | None) -> Said:
    """The last period: where it may come to lie, and the chance of the target."""
    (scale, measure), last = _scale(projection), frame.to_dict("records")[-1]
    facts = {name: scale * last[name] for name in ("median", "lower_80", "upper_80")}
    if target is None:
        return Said("questions.projected", period=str(last["period"]), measure=measure, **facts)
    chance = last["probability"]
    return Said(
        "questions.projected.target", period=str(last["period"]), measure=measure, target=scale * target,
        probability=chance, **facts,
    )  # fmt: skip


def projected_table(frame: pd.DataFrame, projection: Projection, target: float | None) -> Table:
    """The frame as it is read."""
    scale, measure = _scale(projection)
    rows = [
        (
            str(row.period), Cell(scale * row.median, "about", measure),
            Said("notebooks.scenario.from_to", lower=scale * row.lower_80, upper=scale * row.upper_80, measure=measure),
            Cell(row.probability, "chance"),
        )
        for row in frame.itertuples()
    ]  # fmt: skip
    heads = ("period", "scenario.median", "scenario.range", "scenario.chance")
    return table("projected", heads, rows)


def projected_picture(
    frame: pd.DataFrame, projection: Projection, history: pd.Series | None, target: float | None, label: str
) -> Picture:
    """The fan with the figures before it and the target."""
    scale, measure = _scale(projection)
    given = pd.Series(dtype=float) if history is None else history.dropna()
    points = tuple(
        Point(f"{year}-FY", int(year), scale * float(value), "final", "", "") for year, value in given.items()
    )
    said = projected_said(frame, projection, target)
    goal = None if target is None else scale * target
    data = Fan(
        title=label or Said("questions.title", words=said),
        pieces=(FanPiece(points),) if points else (),
        projection=projection,
        target=goal,
        target_label="" if goal is None else Said("figures.target", goal=goal, measure=measure),
        target_year=int(str(projection.periods[-1])[:4]),
        measure=measure,
        scale=scale,
    )
    return Picture("projected", data, data.title, said)


def _heads(*names: str) -> list[Said | Text | str]:
    return [Said(f"questions.column.{name}") for name in names]


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
