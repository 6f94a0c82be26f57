"""What the notebook of the track record shows: tables, figures and sentences from one `TrackRecord`.

record = show_track.record(study)            projected again from every past year; a few seconds
show_track.words(study, record)              what the status words were worth
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.language import numbers
from vetanalysis.language.numbers import in_years_of_study
from vetanalysis.narrative import record as sentences
from vetanalysis.narrative.record import subject
from vetanalysis.narrative.sentence import capital, likelihood
from vetanalysis.narrative.tables import ILLUSTRATIVE
from vetanalysis.show.answers import Shown, say
from vetanalysis.study import Study
from vetanalysis.track import statements
from vetanalysis.track.record import TrackRecord, track_record

if TYPE_CHECKING:
    from IPython.display import Image, Markdown

_FEWEST = 5  # statements a point of the picture needs; the table has them all
_TITLE = Text(
    "“{words}”: {came} trên {said} lần chỉ tiêu đã đạt",
    "“{words}”: the target was reached {came} of {said} times",
)
_LEFT_OUT = Text("Mức nêu dưới 5 lần không vẽ.", "Words said fewer than 5 times are not drawn.")
_ALT = Text("Mỗi điểm là một nhận định: {points}.", "Each point is a status word: {points}.")


@in_years_of_study
def record(study: Study, returns: Any = "default", *, slow: bool = True) -> TrackRecord:
    """The track record of the study's plan from the figures the study has read."""
    chosen = None if returns == "none" else returns
    return track_record(study.plan, study.observations, returns=chosen, slow=slow, seed=study.seed)


@in_years_of_study
def words(study: Study, found: TrackRecord, kind: str = "rate") -> Shown:
    """The status words: how often said, how often the target was reached."""
    return _shown(statements.words_table(found, kind, study.lang))


@in_years_of_study
def picture(study: Study, found: TrackRecord, kind: str = "rate") -> Image:
    """The reliability diagram: a point per status word, with its number of cases and interval."""
    from IPython.display import Image

    from vetanalysis.figures import Reliability, ReliabilityBin, draw_png, reliability

    lang = study.lang
    rows = found.reliability[(found.reliability["kind"] == kind) & (found.reliability["said"] >= _FEWEST)]
    bins = tuple(ReliabilityBin(float(row.stated), int(row.said), int(row.came)) for row in rows.itertuples())
    source = subject(kind, found.about).get(lang) if kind == "rate" and bins else ""
    drawn = Reliability(
        _title(rows, lang),
        bins,
        " ".join(
            part
            for part in (source[:1].upper() + source[1:] + "." * bool(source), _LEFT_OUT.get(lang))
            if part
        ),
        found.illustrative and kind == "people",
    )
    told = "; ".join(" / ".join((row[0], row[3])) for row in statements.words_table(found, kind, lang).rows)
    return Image(draw_png(reliability, drawn, lang), width=756, alt=_ALT.get(lang).format(points=told))


def _title(rows: pd.DataFrame, lang: str) -> str:
    """What the word said most often was worth."""
    if rows.empty:
        return sentences.NONE_DUE.get(lang)
    most = rows.loc[rows["said"].idxmax()]
    count = {name: numbers.number(most[name], lang, 0) for name in ("said", "came")}
    return capital(_TITLE.get(lang).format(words=likelihood(most["status"], lang), **count))


@in_years_of_study
def illustrative(study: Study, found: TrackRecord) -> Markdown:
    """The banner where the statements on people rest on invented figures, else nothing."""
    from IPython.display import Markdown

    return Markdown(f"**{ILLUSTRATIVE.get(study.lang)}**" if found.illustrative else "")


@in_years_of_study
def read_words(study: Study, found: TrackRecord, kind: str = "rate") -> Markdown:
    """Whether the words were too bold, too timid or held."""
    return say((sentences.reading_of_words(found, kind, study.lang),))


@in_years_of_study
def coverage(study: Study, found: TrackRecord) -> Shown:
    """How often the ranges held what came, by years ahead, with the binomial band."""
    return _shown(statements.coverage_table(found, study.lang))


@in_years_of_study
def read_coverage(study: Study, found: TrackRecord) -> Markdown:
    """What the coverage means."""
    return say((sentences.reading_of_coverage(found, study.lang),))


@in_years_of_study
def skill(study: Study, found: TrackRecord, *, by_horizon: bool = False) -> Shown:
    """The methods side by side."""
    return _shown(statements.skill_table(found, study.lang, by_horizon=by_horizon))


@in_years_of_study
def read_skill(study: Study, found: TrackRecord) -> Markdown:
    """Who was better and by how much."""
    return say((sentences.reading_of_skill(found, study.lang),))


@in_years_of_study
def said_and_came(study: Study, found: TrackRecord) -> Shown:
    """What was said of the plan's people at each cut-off, and what came."""
    return _shown(statements.said_and_came(found, study.plan.place.code, study.lang))


@in_years_of_study
def read_year(study: Study, found: TrackRecord) -> Markdown:
    """What the statements within the year were worth, for the place and its units."""
    lang = study.lang
    return say(
        (
            sentences.reading_of_year(found, study.plan.place.code, lang),
            sentences.reading_of_words(found, "people", lang) if len(found.in_year) else None,
            sentences.reading_of_people(found, lang),
        )
    )


@in_years_of_study
def by_cutoff(study: Study, found: TrackRecord) -> Shown:
    """Scores of the statements on plan and units at Q1, H1 and 9M."""
    return _shown(statements.people_table(found, study.lang))


@in_years_of_study
def revisions(study: Study, found: TrackRecord) -> Shown:
    """The figures that a later return corrected, first and latest."""
    return _shown(statements.revisions_table(found, study.plan, study.lang))


@in_years_of_study
def read_revisions(study: Study, found: TrackRecord) -> Markdown:
    """How many figures were corrected, by how much, and whether corrections lean one way; or that there are none."""
    said = sentences.reading_of_revisions(found, study.lang)
    return say((said or sentences.no_revisions(study.lang),))


@in_years_of_study
def notes(study: Study, found: TrackRecord) -> Markdown:
    """How the record was made and what it is not."""
    from IPython.display import Markdown

    return Markdown("\n".join(f"- {note.get(study.lang)}" for note in found.notes))


def _shown(table: statements.Worded) -> Shown:
    return Shown(pd.DataFrame(table.rows, columns=table.heads))
