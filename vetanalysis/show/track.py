"""What the notebook of the track record shows: tables, figures and sentences from one `TrackRecord`.

record = show_track.record(study)            projected again from every past year; a few seconds
show_track.words(study, record)              what the status words were worth
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.blocks import Said, Table
from vetanalysis.figures.reliability import reliability_picture
from vetanalysis.language.cells import worded
from vetanalysis.language.numbers import in_years_of_study
from vetanalysis.language.render import spoken
from vetanalysis.narrative import record as sentences
from vetanalysis.narrative.tables import ILLUSTRATIVE
from vetanalysis.show.answers import Shown, say, shown_picture
from vetanalysis.study import Study
from vetanalysis.track.record import TrackRecord, track_record

if TYPE_CHECKING:
    from IPython.display import Image, Markdown


@in_years_of_study
def record(study: Study, returns: Any = "default", *, slow: bool = True) -> TrackRecord:
    """The track record of the study's plan from the figures the study has read."""
    chosen = None if returns == "none" else returns
    return track_record(study.plan, study.observations, returns=chosen, slow=slow, seed=study.seed)


@in_years_of_study
def words(study: Study, found: TrackRecord, kind: str = "rate") -> Shown:
    """The status words: how often said, how often the target was reached."""
    return _shown(study, sentences.words_table(found, kind))


@in_years_of_study
def picture(study: Study, found: TrackRecord, kind: str = "rate") -> Image:
    """The reliability diagram: a point per status word, with its number of cases and interval."""
    return shown_picture(reliability_picture(found, kind), study.lang)


@in_years_of_study
def illustrative(study: Study, found: TrackRecord) -> Markdown:
    """The banner where the statements on people rest on invented figures, else nothing."""
    from IPython.display import Markdown

    return Markdown(f"**{ILLUSTRATIVE.get(study.lang)}**" if found.illustrative else "")


@in_years_of_study
def read_words(study: Study, found: TrackRecord, kind: str = "rate") -> Markdown:
    """Whether the words were too bold, too timid or held."""
    return _say(study, sentences.reading_of_words(found, kind))


@in_years_of_study
def coverage(study: Study, found: TrackRecord) -> Shown:
    """How often the ranges held what came, by years ahead, with the binomial band."""
    return _shown(study, sentences.coverage_table(found))


@in_years_of_study
def read_coverage(study: Study, found: TrackRecord) -> Markdown:
    """What the coverage means."""
    return _say(study, sentences.reading_of_coverage(found))


@in_years_of_study
def skill(study: Study, found: TrackRecord, *, by_horizon: bool = False) -> Shown:
    """The methods side by side."""
    return _shown(study, sentences.skill_table(found, by_horizon=by_horizon))


@in_years_of_study
def read_skill(study: Study, found: TrackRecord) -> Markdown:
    """Who was better and by how much."""
    return _say(study, sentences.reading_of_skill(found))


@in_years_of_study
def said_and_came(study: Study, found: TrackRecord) -> Shown:
    """What was said of the plan's people at each cut-off, and what came."""
    return _shown(study, sentences.said_and_came(found, study.plan.place.code))


@in_years_of_study
def read_year(study: Study, found: TrackRecord) -> Markdown:
    """What the statements within the year were worth, for the place and its units."""
    return _say(
        study,
        sentences.reading_of_year(found, study.plan.place.code),
        sentences.reading_of_words(found, "people") if len(found.in_year) else None,
        sentences.reading_of_people(found),
    )


@in_years_of_study
def by_cutoff(study: Study, found: TrackRecord) -> Shown:
    """Scores of the statements on plan and units at Q1, H1 and 9M."""
    return _shown(study, sentences.people_table(found))


@in_years_of_study
def revisions(study: Study, found: TrackRecord) -> Shown:
    """The figures that a later return corrected, first and latest."""
    return _shown(study, sentences.revisions_table(found, study.plan))


@in_years_of_study
def read_revisions(study: Study, found: TrackRecord) -> Markdown:
    """How many figures were corrected, by how much, and whether corrections lean one way; or that there are none."""
    said = sentences.reading_of_revisions(found)
    return _say(study, said or sentences.no_revisions())


@in_years_of_study
def notes(study: Study, found: TrackRecord) -> Markdown:
    """How the record was made and what it is not."""
    from IPython.display import Markdown

    return Markdown("\n".join(f"- {note.get(study.lang)}" for note in found.notes))


def _say(study: Study, *said: Said | None) -> Markdown:
    return say(spoken(each, study.lang) for each in said)


def _shown(study: Study, table: Table) -> Shown:
    told = worded(table, study.lang)
    return Shown(pd.DataFrame(told.rows, columns=[column.label for column in told.columns]))
