"""What a notebook shows of the track record: tables, sentences and a picture from one `TrackRecord`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.blocks import Paragraph, Picture, Said, Table
from vetanalysis.figures.reliability import reliability_picture
from vetanalysis.narrative import record as sentences
from vetanalysis.narrative.shown import listed, mark, together
from vetanalysis.track.record import TrackRecord

if TYPE_CHECKING:
    from vetanalysis.study import Study


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


def revisions(study: Study, record: TrackRecord) -> Table:
    """The figures that a later return corrected, first and latest."""
    return sentences.revisions_table(record, study.plan)


def revisions_said(study: Study, record: TrackRecord) -> Paragraph:
    """How many figures were corrected, by how much, and whether corrections lean one way; or that there are none."""
    said = sentences.reading_of_revisions(record)
    return together(said or sentences.no_revisions())


def notes(study: Study, record: TrackRecord) -> Paragraph:
    """How the record was made and what it is not."""
    return listed(*(Said("notebooks.as_said", words=note) for note in record.notes))


BLOCKS = (
    words, picture, illustrative, words_said, coverage, coverage_said, skill, skill_said, said_and_came, year_said,
    by_cutoff, revisions, revisions_said, notes,
)  # fmt: skip
