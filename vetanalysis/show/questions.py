"""What an analyst asks of a study, each question one call: what if, which unit, since when, how fast, where else.

study = vetanalysis.open_study("lang-son-2023-example", "2023-9M")
vetanalysis.what_if(study, people=500, by="2023-FY")
vetanalysis.units(study, "people_enrolled").frame

Every call gives an `Answer`. A name that is not there (target, unit, indicator, place, cut-off) is refused with the
nearest one; a figure that is not known is missing and never zero.
"""

from __future__ import annotations

import math
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.assessment.histories import PROVINCE
from vetanalysis.assessment.targets import assess_count, assess_goal, assess_target, assessment_table
from vetanalysis.blocks import LANGUAGES, Paragraph, Picture, Said, Sentence, Table, Text
from vetanalysis.checks import nearest
from vetanalysis.errors import WrongCall
from vetanalysis.figures.pictures import drawn
from vetanalysis.language.cells import worded
from vetanalysis.language.lines import Words
from vetanalysis.language.numbers import in_words_of_study, of_plan
from vetanalysis.narrative import shown_questions as told
from vetanalysis.narrative.shown_scenarios import every_outcome
from vetanalysis.narrative.shown_targets import mark
from vetanalysis.observations.published import load_published
from vetanalysis.observations.series import Piece, pieces
from vetanalysis.observations.table import load_indicators, place_names
from vetanalysis.periods import Cutoff, cutoffs, parse_cutoff
from vetanalysis.plan.read import unknown_name
from vetanalysis.progress import watched
from vetanalysis.report import document_of
from vetanalysis.returns.names import fold
from vetanalysis.scenarios.moves import Move, more_people
from vetanalysis.scenarios.what_if import PROJECTION, LeftOut, Scenario, Scenarios, in_time, run_scenarios
from vetanalysis.show.answers import Shown, shown_table
from vetanalysis.study import Study, check_language, open_study

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.blocks import Document, Figure
    from vetanalysis.forecast.projection import Projection
    from vetanalysis.plan import Target

ASKED = "asked"  # the scenario of a question
PARTS = ("female", "male", "rural", "urban")


@dataclass(frozen=True, repr=False)
class Answer:
    """An answer that shows itself in a notebook: a sentence, the table behind it, a picture where there is one.

    `frame`: the same as tidy data, numbers unrounded, a row for each thing asked about. `sentence`: in the language of
    the study, built from these numbers. `table`: as it is read. `picture`: None where the table says it all; `.png`
    are its bytes.
    """

    frame: pd.DataFrame
    sentence: str
    table: Shown
    picture: Figure | None = None

    def to_excel(self, path: str | Path) -> Path:
        """Write the table to an .xlsx file and return its path; WrongCall for another kind of file."""
        return self.table.to_excel(path)

    def __repr__(self) -> str:
        return f"{self.sentence}\n{self.table!r}" if len(self) else self.sentence

    def __len__(self) -> int:
        return len(self.frame)

    def _repr_html_(self) -> str:
        said = f"<p>{escape(self.sentence)}</p>\n" + (self.table._repr_html_() if len(self) else "")
        if self.picture is None:
            return said
        data = b64encode(self.picture.png).decode("ascii")
        image = f'<img src="data:image/png;base64,{data}" width="756" alt="{escape(self.picture.alt)}">\n'
        return image + said


def _answer(
    frame: pd.DataFrame, said: Sequence[Said | Sentence | None], table: Table, lang: str, words: Words | None = None, *,
    picture: Picture | None = None, illustrative: bool = False,
) -> Answer:  # fmt: skip
    """What was found, worded; `illustrative`: whether invented figures are among it."""
    sentence = worded(Paragraph(tuple(one for one in said if one is not None)), lang, words).text
    seen = shown_table(worded(table, lang, words))
    if illustrative:
        seen = replace(seen, mark=worded(mark(), lang, words).text)
    image = None if picture is None else drawn(worded(picture, lang, words), lang)
    return Answer(frame, sentence, seen, image)


@in_words_of_study
def what_if(
    study: Study, *, people: float = 0, points: float = 0, pace: float = 0, by: str = "", target: str = ""
) -> Answer:
    """Each target with more people, with a higher rate or at another pace, beside the base.

    `people`: persons counted by the cut-off `by` on top of whatever else comes; the whole distribution of the year
    moves by that number, never below what is counted already. They are people of `target`, else of the plan's first
    head count; what they bring to another count (who graduates, who drops out) nobody knows, and that is said.
    `points`: percentage points added to a rate at its target's date; `pace`: percentage points a year from its latest
    figure. All are signed. `by`: a cut-off after the study's, empty for each target's own date; a target due before it,
    or on people of other years, stays at its base. `target`: one target's id, empty for all. Where the plan has the
    inputs, what the learners do to the rates is told too, as assumed. `frame`: as `run_scenarios(...).table`, rows
    `base` and `asked`; what could not be run is named.
    WrongCall without any change, for an unknown target or a `by` that is over.

    >>> import vetanalysis as va
    >>> study = va.open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> more = va.what_if(study, people=500, by="2023-FY", target="people_enrolled").frame
    >>> more[["scenario", "median_change"]].to_dict("records")
    [{'scenario': 'base', 'median_change': 0.0}, {'scenario': 'asked', 'median_change': 500.0}]
    """
    changes = {"people": people, "points": points, "pace": pace}
    for name, size in changes.items():
        _check_number(name, size)
    if not any(changes.values()):
        raise WrongCall(Said("questions.call.no_change"))
    if points and pace:
        raise WrongCall(Said("questions.call.two_changes"))
    until = _coming(study, by) if by else None
    if target:
        study.plan.target(target)
    label = told.change(people, points, pace, by)
    moves = _moves(study, people, points, pace, until, target)
    run = run_scenarios(study, (Scenario(ASKED, label, tuple(moves)),))
    run = _only(run, target, people, until)
    frame = run.table
    said = told.what_if(run, people=people, rates=bool(points or pace))
    invented = bool(frame["illustrative"].any()) if len(frame) else False
    return _answer(frame, said, every_outcome(run), study.lang, study.plan.words, illustrative=invented)


def _moves(
    study: Study, people: float, points: float, pace: float, until: Cutoff | None, target: str
) -> list[Move]:
    """The moves of a question; people who come after the study's year are none of its account."""
    this_year = until is None or until.year == study.as_of.year
    found = more_people(study.plan, people, study.as_of.year if this_year else None, target) if people else []
    if points:
        found.append(Move("rate", "add", points))
    if pace:
        found.append(Move("rate", "faster", pace))
    return found


def _only(run: Scenarios, target: str, people: float, until: Cutoff | None) -> Scenarios:
    """The outcomes of one target or all, without those that the change comes too late for."""
    outcomes, late = [], []
    for one in run.outcomes:
        if until is None or in_time(one.target, until, one.stage):
            outcomes.append(one)
        else:
            reason = Said("questions.too_late", by=str(until), period=one.target.period)
            late.append(LeftOut(one.scenario, one.stage, one.target, reason))
    moved = {one.key for one in outcomes}
    kept = [one for one in run.base if one.key in moved or one.stage == PROJECTION]
    left = [*run.left_out, *late]
    return replace(
        run,
        base=tuple(one for one in kept if target in ("", one.target.id)),
        outcomes=tuple(one for one in outcomes if target in ("", one.target.id)),
        left_out=tuple(one for one in left if not target or one.target is None or one.target.id == target),
    )


@in_words_of_study
def units(study: Study, target: str, part: str = "") -> Answer:
    """Where every unit of the place stands on one target: done, its quota, the year before, its pace, its chance.

    `frame`, a row a unit that has a quota or a figure, in the plan's order: `unit`, `name`, `kind`; `done`, `quota`,
    `same_period` in the target's measure; `share` and `of_same_period` in percent; `pace_needed` per quarter or month
    that is left (of a rate points a year) and `pace_seen`; `median`, `lower_80`, `upper_80`, `probability`, `status`;
    `gap`: percentage points to the level of all units together (of a rate: to the place's own); `reason` why there is
    no chance. Missing where a unit has not reported; a rate is the one in the table of indicators. `part`: a sex, group
    or residence ("female", "poor", "rural"); then `part` and `part_share` are its people and their percent of all.
    WrongCall for an unknown target or part.

    >>> import vetanalysis as va
    >>> study = va.open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> len(va.units(study, "people_enrolled").frame)
    0
    """
    goal = study.plan.target(target)
    whole = study.at(unit=study.plan.place.code).assessment(target)
    counts = goal.measure != "percent"
    found = study.part("units", study.as_of, target, of=lambda: _judged(study, goal))
    frame = told.units_frame(study, whole, found)
    said = [told.units_said(study, whole, frame)]
    if part:
        parts = (*PARTS, *(group.id for group in study.plan.groups))
        if part not in parts or not counts:
            raise _unknown("part", part, list(parts) if counts else [])
        frame = told.with_part(study, frame, goal, part)
        said = [told.part_said(study, frame, part)]
    table = told.units_table(study, whole, frame, part)
    invented = any(one.illustrative for one in found.values())
    return _answer(frame, said, table, study.lang, study.plan.words, illustrative=invented)


def _judged(study: Study, goal: Target) -> dict[str, Assessment]:
    """The assessment of one target for each unit of `units`; of counts alone, where it is on people."""
    codes = told.units_of(study, goal)
    each = watched(codes, len(codes))
    if goal.measure != "percent":
        return {code: assess_count(study.figures, goal, code) for code in each}
    return {code: study.at(unit=code).assessment(goal.id) for code in each}


@in_words_of_study
def over_time(study: Study, target: str) -> Answer:
    """The statement on one target at every cut-off of its years up to the study's, from the figures known today.

    `frame`: a row a cut-off with the columns of `vetanalysis.assess` and `so_far`, what the year had counted.
    WrongCall for an unknown target.

    >>> import vetanalysis as va
    >>> study = va.open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> va.over_time(study, "trained_rate").frame[["as_of", "status"]].to_dict("records")
    [{'as_of': '2023-start', 'status': 'unlikely'}]
    """
    goal = study.plan.target(target)
    last = min(study.as_of, max(parse_cutoff(goal.period), Cutoff(study.plan.years[0], "start")))
    years = range(max(min(goal.first_year, last.year), study.plan.years[0]), last.year + 1)
    when = [one for year in years for one in cutoffs(year, study.plan.calendar, start=year == years[0])]
    asked = [one for one in when if one <= last]
    views = (study.at(one) for one in watched(asked, len(asked)))
    found = [assess_target(one.figures, goal, one.unit.code) for one in views]
    frame = assessment_table(found).assign(so_far=[told.so_far(one) for one in found])
    said, table = (told.over_time_said(found),), told.over_time_table(found)
    invented = any(one.illustrative for one in found)
    return _answer(frame, said, table, study.lang, study.plan.words, illustrative=invented)


@in_words_of_study
def pace(study: Study, target: str, value: float | None = None, by: str = "") -> Answer:
    """How fast it would have to go to a value by a date of one's own, how fast it went, and the chance of it.

    `value`: in the target's measure (percent, persons), None for the target's own; `by`: a cut-off after the study's,
    also beyond the plan's years, empty for the target's. `frame`, one row: the columns of `vetanalysis.assess` for this
    goal; `pace_required` and `pace_seen` are percentage points a year of a rate, (value - latest) / years, and people
    in each quarter or month that is left of a count. WrongCall for an unknown target, a percentage outside 0 to 100 or
    a date that is over.

    >>> import vetanalysis as va
    >>> study = va.open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> va.pace(study, "trained_rate", value=65, by="2025-FY").frame["pace_required"].round(2).tolist()
    [1.95]
    """
    goal = study.plan.target(target)
    changed: dict[str, Any] = {}
    if value is not None:
        _check_number("value", value)
        if goal.measure == "percent" and not 0 <= value <= 100:
            raise WrongCall(Said("questions.call.percent", given=repr(value)))
        changed["value"] = float(value)
    if by:
        changed["period"] = str(_coming(study, by))
    one = study.assessment(target)
    if changed:
        one = assess_goal(study.figures, goal.model_copy(update=changed), study.unit.code)
    frame = assessment_table([one])
    said, table = (told.pace_said(one),), told.pace_table(one)
    return _answer(frame, said, table, study.lang, study.plan.words, illustrative=one.illustrative)


def published(indicator: str, place: str = "") -> pd.DataFrame:
    """The published figures of one indicator: whole years, no breakdown, newest vintage; a row a place and year.

    `place`: a code or name of `data/published/places.csv`, marks and capitals do not matter; empty: every place.
    Columns `place`, `name`, `year`, `value`, `measure`, `base`, `concept`, `publisher`, `status`, `source`, `vintage`;
    figures on different definitions are rows apart, never one series. WrongCall for an unknown indicator or place, with
    the nearest, and where nothing was published.

    >>> published("certified_rate", "Cao Bang").query("year == 2015")["value"].tolist()
    [19.1]
    """
    return _figures(indicator, [place] if place else [])[0]


def compare(
    indicator: str, places: Sequence[str] = (), plans: Sequence[str | Study] = (), *, lang: str = "vi"
) -> Answer:
    """Places side by side by their published figures, or plans by what is said of their targets on one indicator.

    `places`: codes or names as in `published`, empty for every province; the picture has a panel a place, on one
    scale, and no line crosses a change of definition. `plans`: opened studies at their own cut-off, or names, each
    opened at the start of its last year. `frame`: of places as `published`; of plans the columns of
    `vetanalysis.assess` with `plan` and `unit`. WrongCall for a name that is not known or has no figure.

    >>> import vetanalysis as va
    >>> va.compare("certified_rate", places=["Lang Son", "Cao Bang"], lang="en").frame["place"].unique().tolist()
    ['20', '04']
    """
    check_language(lang, LANGUAGES)
    if plans:
        return _of_plans(indicator, [plans] if isinstance(plans, str) else plans, lang)
    asked = [places] if isinstance(places, str) else places
    frame, found = _figures(indicator, asked, provinces=True)
    names = place_names()
    label = _label(indicator)
    picture = told.places_picture(str(frame["measure"].iloc[0]), label, found, names)
    said, table = told.places_said(label, frame, names), told.places_table(frame, names)
    return _answer(frame, said, table, lang, picture=picture)


def _of_plans(indicator: str, plans: Sequence[str | Study], lang: str) -> Answer:
    opened = [one if isinstance(one, Study) else _at_start(one) for one in plans]
    known = sorted({target.indicator for one in opened for target in one.plan.targets})
    found = [(one, judged) for one in opened for judged in one.of(indicator)]
    if not found:
        raise _unknown("indicator", indicator, known)
    frame = assessment_table([judged for _, judged in found])
    frame.insert(0, "plan", [one.plan.name for one, _ in found])
    frame.insert(1, "unit", [one.unit.code for one, _ in found])
    invented = any(judged.illustrative for _, judged in found)
    with of_plan(found[0][0].plan):
        said, table = told.plans_said(found, lang), told.plans_table(found)
        return _answer(frame, said, table, lang, illustrative=invented)


def _at_start(plan: str) -> Study:
    from vetanalysis.plan import load_plan

    read = load_plan(plan)
    return open_study(read, f"{read.years[1]}-start")


def plot(
    projection: Projection, history: pd.Series | None = None, target: float | None = None, *,
    direction: str = ">=", label: str = "", lang: str = "vi",
) -> Answer:  # fmt: skip
    """The fan of a projection of one's own, with the figures behind it and the chance of a target.

    `history`: a Series by year in the projection's unit (shares 0 to 1, or counts), missing years are gaps; `target`:
    in the same unit, held against the last period; `direction`: ">=" or "<=". Shares are drawn in percent. `frame`: a
    row a period with `median`, `lower_80`, `upper_80` and `probability` (NaN without a target).

    >>> import pandas as pd
    >>> import vetanalysis as va
    >>> rates = pd.Series({2018: 0.41, 2020: 0.45, 2021: 0.47})
    >>> made = va.plot(va.project_rate(rates, 2023), rates, 0.55, lang="en")
    >>> made.frame["period"].tolist(), made.picture.png[:4]
    ([2023], b'\\x89PNG')
    """
    check_language(lang, LANGUAGES)
    frame = told.projected_frame(projection, target, direction)
    table, said = (
        told.projected_table(frame, projection, target),
        told.projected_said(frame, projection, target),
    )
    picture = told.projected_picture(frame, projection, history, target, label)
    return _answer(frame, (said,), table, lang, picture=picture)


def document(study: Study) -> Document:
    """The study's report as data, worded and drawn: headings, paragraphs, tables and figures, in the order of reading.

    What Word, web page and workbook are written from (`blocks.Document`); `vetanalysis.show.document` displays it.

    >>> import vetanalysis as va
    >>> va.document(va.open_study("lang-son-2023", "2023-start", lang="en", returns="none")).lang
    'en'
    """
    return document_of(study)


def _figures(
    indicator: str, places: Sequence[str], *, provinces: bool = False
) -> tuple[pd.DataFrame, dict[str, tuple[Piece, ...]]]:
    """The published figures of these places as rows and as pieces; where none is named, of all that have any.

    `provinces`: then of provinces alone, not of regions and the country beside them.
    """
    known = load_indicators()
    if indicator not in known.index:
        raise _unknown("indicator", indicator, sorted(known.index))
    names, table = place_names(), load_published()
    table = table[table["indicator"] == indicator]
    have = [code for code in names if (table["unit"] == code).any()]
    every = [code for code in have if re.fullmatch(PROVINCE, code)] if provinces else have
    chosen = [_place(one, names) for one in places] or every
    found = {code: pieces(table, indicator, code) for code in dict.fromkeys(chosen)}
    found = {code: parts for code, parts in found.items() if parts or places}
    without = tuple(names[code] for code, parts in found.items() if not parts)
    if without or not found:
        facts: dict[str, Any] = {
            "indicator": indicator,
            "places": without,
            "have": tuple(names[code] for code in have),
        }
        raise WrongCall(Said("questions.call.not_published", **facts))
    rows = [
        (code, names[code].vi, point.year, point.value, known.loc[indicator, "measure"], part.base, part.concept,
         part.publisher, point.status, point.source, point.vintage)
        for code, parts in found.items() for part in parts for point in part.points
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(told.PUBLISHED)), found


def _place(given: str, names: dict[str, Text]) -> str:
    """The code of a place by its code or name."""
    by_name = {fold(name): code for code, text in names.items() for name in (text.vi, text.en)}
    if given in names:
        return given
    if fold(str(given)) in by_name:
        return by_name[fold(str(given))]
    close = nearest(fold(str(given)), by_name)
    near = names[by_name[close]].vi if close else None
    raise _unknown("place", given, [text.vi for text in names.values()], near)


def _unknown(kind: str, given: str, known: list[str], near: str | None = None) -> WrongCall:
    return unknown_name(Said(f"plan.kind.{kind}"), given, known, near)


def _label(indicator: str) -> Text:
    row = load_indicators().loc[indicator]
    return Text(row["meaning_vi"], row["meaning_en"])


def _coming(study: Study, by: str) -> Cutoff:
    """A cut-off of the plan's calendar that comes after the study's, in whichever year."""
    until = parse_cutoff(by)
    if not study.plan.calendar.has(until):
        study.plan.check_cutoff(until)
    if until <= study.as_of:
        raise WrongCall(Said("questions.call.over", by=str(until), as_of=str(study.as_of)))
    return until


def _check_number(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise WrongCall(Said("questions.call.number", name=name, given=repr(value)))
