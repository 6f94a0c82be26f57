"""What a notebook shows of targets and of the track record: answers, readings, trust, scores.

The first functions are what all blocks for notebooks have in common. A block that is None shows nothing; a
tuple of paragraphs stands together; a mark before a table belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import Cell, Column, Paragraph, Picture, Said, Sentence, Table, Text
from vetanalysis.figures.reliability import reliability_picture
from vetanalysis.language.filters import known
from vetanalysis.narrative import count, evidence, rates, record, targets
from vetanalysis.narrative import record as sentences
from vetanalysis.narrative.tables import COLUMNS, row_of
from vetanalysis.observations.series import Point, cited, definition, source_texts
from vetanalysis.observations.table import RETURNS
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import Plan, load_plan
from vetanalysis.track.months import ToldYear, told_year
from vetanalysis.track.record import TrackRecord

if TYPE_CHECKING:
    from vetanalysis.plan import Target
    from vetanalysis.study import Study

REAL_YEAR = "vinh-long-2022"  # the plan whose year was told month by month


def table(name: str, heads: Sequence[Said | Text | str], rows: Iterable[Sequence[Any]]) -> Table:
    """A table with these heads; a head that is a string names a line of `language/notebooks.yaml`."""
    labels = (Said(f"notebooks.{head}") if isinstance(head, str) else head for head in heads)
    columns = tuple(Column(label) for label in labels)
    return Table(name, "", columns, tuple(tuple(row) for row in rows))


def listed(*said: Said | Sentence | None) -> Paragraph:
    """Sentences as a list; those that do not apply (None) are left out."""
    return Paragraph(tuple(one for one in said if one is not None), "list")


def together(*said: Said | Sentence | None) -> Paragraph:
    """Sentences as one paragraph; those that do not apply (None) are left out."""
    return Paragraph(tuple(one for one in said if one is not None))


def aside(words: Said) -> Paragraph:
    """What stands where there is nothing else to show."""
    return Paragraph((words,), "note")


def nothing() -> Paragraph:
    """That there is nothing to compare or draw."""
    return aside(Said("notebooks.nothing"))


def no_target() -> Paragraph:
    """That the plan has no target of the kind asked for."""
    return aside(Said("notebooks.no_target"))


def mark(line: str = "notebooks.illustrative") -> Paragraph:
    """That what stands beside it rests on invented figures."""
    return Paragraph((Said(line),), "mark")


def answers(assessments: Sequence[Assessment]) -> Paragraph:
    """The headline of each target."""
    if not assessments:
        return no_target()
    return listed(*(targets.headline(one) for one in assessments))


def table_of(assessments: Sequence[Assessment]) -> Table | Paragraph:
    """A row per target, as the command line prints it."""
    if not assessments:
        return no_target()
    return table("targets", COLUMNS, [row_of(one) for one in assessments])


def reading(one: Assessment) -> Paragraph:
    """What the figure means for the target: latest figure, change, gap, pace needed, when it is first in reach."""
    # with no figure but the year's count, that count is all there is to say
    only_now = not one.points and isinstance(one, PeopleAssessment) and one.so_far is not None
    return together(
        targets.headline(one),
        rates.published(one),
        None if only_now else targets.latest_figure(one, _sources()),
        None if only_now else targets.change_since(one),
        count.counted_to(one),
        targets.gap(one),
        count.late_known(one),
        count.required_against_seen(one),
        count.paces_elsewhere(one),
        count.for_80(one),
        evidence.first_passage(one),
    )


def trust(one: Assessment, plan: Plan, known_by: str) -> Paragraph:
    """How far the answer can be trusted: evidence, what is prior, past statements, other rules, what is invented."""
    return listed(
        evidence.grade(one),
        evidence.mostly_prior(one),
        evidence.prior_sensitivity(one),
        evidence.true_level(one),
        record.past_statements(one, plan, known_by),
        rates.published_record(one),
        evidence.both_reached(one),
        count.fallen(one),
        count.two_totals(one),
        count.corrections(one),
        evidence.earlier_figures(one, _sources()),
        evidence.other_rules(one),
        evidence.illustrative(one),
        evidence.unverified_target(one),
    )


def neighbours(one: Assessment) -> Paragraph:
    """Figures on other definitions, beside the target and never in its place, and how the target is read."""
    said = [evidence.neighbour(one, other, _sources()) for other in one.beside]
    effect = evidence.effect_on(one)
    if effect is not None:
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
            Said(f"names.maturity.{point.maturity(one.target.measure)}"),
            Said(f"names.certainty.{point.certainty}") if point.certainty else "",
            cited(point.source, sources),
            point.vintage,
        )
        for point in (*one.points, *_of_the_year(one))
    ]
    heads = (
        "period", "figure.value", "figure.definition", "figure.status", "figure.certainty", "source", "known_since",
    )  # fmt: skip
    return table("figures", heads, rows)


def _of_the_year(one: Assessment) -> tuple[Point, ...]:
    """The running totals of a year that is not over, as they were published or as its units returned them."""
    if not isinstance(one, PeopleAssessment) or one.is_judged or one.target.since:
        return ()
    if one.published_counts:
        return one.published_counts
    year = parse_cutoff(one.counted_to).year
    counts = {step: value for step, value in one.cumulative.get(year, {}).items() if known(value)}
    counts |= {one.calendar.steps_at(parse_cutoff(one.counted_to)): one.so_far} if known(one.so_far) else {}
    return tuple(
        Point(
            str(one.calendar.cutoff(year, step)), year, float(value), "provisional", RETURNS, "",
            illustrative=one.illustrative,
        )
        for step, value in sorted(counts.items()) if step
    )  # fmt: skip


def _sources() -> Mapping[str, Text]:
    from vetanalysis.observations.table import load_sources

    return source_texts(load_sources())


def words(study: Study, record: TrackRecord, kind: str = "rate") -> Table:
    """The status words: how often said, how often the target was reached."""
    return sentences.words_table(record, kind)


def picture(study: Study, record: TrackRecord, kind: str = "rate") -> Picture:
    """The reliability diagram: a point per status word, with its number of cases and interval."""
    return reliability_picture(record, kind)


def illustrative(study: Study, record: TrackRecord) -> Paragraph:
    """The banner where the statements on people rest on invented figures, else nothing."""
    return mark() if record.illustrative else together()


def words_said(study: Study, record: TrackRecord, kind: str = "rate") -> Paragraph:
    """Whether the words were too bold, too timid or held."""
    return together(sentences.reading_of_words(record, kind))


def coverage(study: Study, record: TrackRecord) -> Table:
    """How often the ranges held what came, by years ahead, with the binomial band."""
    return sentences.coverage_table(record)


def coverage_said(study: Study, record: TrackRecord) -> Paragraph:
    """What the coverage means."""
    return together(sentences.reading_of_coverage(record))


def skill(study: Study, record: TrackRecord, *, by_horizon: bool = False) -> Table:
    """The methods side by side."""
    return sentences.skill_table(record, by_horizon=by_horizon)


def skill_said(study: Study, record: TrackRecord) -> Paragraph:
    """Who was better and by how much."""
    return together(sentences.reading_of_skill(record))


def said_and_came(study: Study, record: TrackRecord) -> Table:
    """What was said of the plan's people at each cut-off, and what came."""
    return sentences.said_and_came(record, study.plan.place.code)


def year_said(study: Study, record: TrackRecord) -> Paragraph:
    """What the statements within the year were worth, for the place and its units."""
    return together(
        sentences.reading_of_year(record, study.plan.place.code),
        sentences.reading_of_words(record, "people") if len(record.in_year) else None,
        sentences.reading_of_people(record),
    )


def by_cutoff(study: Study, record: TrackRecord) -> Table:
    """Scores of the statements on plan and units at Q1, H1 and 9M."""
    return sentences.people_table(record)


def published(study: Study, record: TrackRecord) -> Table:
    """What both statements on a figure to be published were worth on announced targets."""
    return sentences.published_table(record)


def published_said(study: Study, record: TrackRecord) -> Paragraph:
    """How often such figures equal their targets, and whether the second statement beat the others' share."""
    return together(sentences.reading_of_published(record))


def months(study: Study, record: TrackRecord) -> Table | Paragraph:
    """A real year: what was said each time a count was published, and the last count found."""
    year, target = _told_year(study)
    return nothing() if year is None else sentences.months_table(year, target)


def months_said(study: Study, record: TrackRecord) -> Paragraph:
    """What its rows read, and how many ranges reach beyond the last count."""
    year, _ = _told_year(study)
    return nothing() if year is None else together(sentences.reading_of_months(year))


def _told_year(study: Study) -> tuple[ToldYear | None, Target]:
    plan = load_plan(REAL_YEAR)
    target = next(target for target in plan.targets if target.measure == "persons")
    return study.part("told_year", of=lambda: told_year(plan, target, study.known_by)), target


def revisions(study: Study, record: TrackRecord) -> Table:
    """The figures that a later return corrected, first and latest."""
    return sentences.revisions_table(record, study.plan)


def revisions_said(study: Study, record: TrackRecord) -> Paragraph:
    """How many figures were corrected, by how much, and whether corrections lean one way; or that there are none."""
    said = sentences.reading_of_revisions(record)
    return together(said or sentences.no_revisions())


def sealed(study: Study, record: TrackRecord) -> Table:
    """What signed reports said, what a replay says on the same cut-off, and what came."""
    return sentences.sealed_table(record, study.plan)


def sealed_said(study: Study, record: TrackRecord) -> Paragraph:
    """What those statements were worth, beside the replayed ones; or that there are none to score."""
    said = sentences.reading_of_sealed(record) if len(record.sealed) else None
    return together(said or sentences.no_sealed(len(study.issued)))


def notes(study: Study, record: TrackRecord) -> Paragraph:
    """How the record was made and what it is not."""
    return listed(*(Said("notebooks.as_said", words=note) for note in record.notes))


BLOCKS = (
    words, picture, illustrative, words_said, coverage, coverage_said, skill, skill_said, said_and_came, year_said,
    by_cutoff, published, published_said, months, months_said, revisions, revisions_said, sealed, sealed_said,
    notes,
)  # fmt: skip
