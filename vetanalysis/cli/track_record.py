"""The verb `track-record`: the tables in the terminal, and the stored table of the package."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from vetanalysis.blocks import Said, Table
from vetanalysis.language.cells import worded
from vetanalysis.language.numbers import of_plan
from vetanalysis.language.render import sentence
from vetanalysis.narrative.tables import ILLUSTRATIVE, columns
from vetanalysis.plan import Plan
from vetanalysis.track.record import TrackRecord


def run(arguments: argparse.Namespace, langs: Sequence[str]) -> int:
    """Print the record of a plan in each language; with `--store` write the package's table."""
    from vetanalysis.assessment.issued import issued_reports
    from vetanalysis.loading import load_observations
    from vetanalysis.plan import load_plan
    from vetanalysis.track.record import EVERY, track_record

    plan = load_plan(arguments.plan)
    returns = None if arguments.returns == "none" else arguments.returns
    published = None if arguments.published == "none" else arguments.published
    obs = load_observations(plan, returns=returns, published=published)
    every = arguments.every or (1 if arguments.store else EVERY)
    issued = issued_reports(plan.name)
    record = track_record(plan, obs, returns=returns, every=every, issued=issued, seed=arguments.seed)
    with of_plan(plan):
        print("\n\n".join(text_of(record, plan, lang) for lang in langs))
    if arguments.store:
        from vetanalysis.track.record import store

        print(store(record, plan.name, arguments.date), file=sys.stderr)
    return 0


def text_of(record: TrackRecord, plan: Plan, lang: str) -> str:
    """The whole record as text: each table followed by its sentence."""
    from vetanalysis.narrative import record as said

    parts = [Said("cli.record.plan", title=plan.title, plan=plan.name).get(lang)]
    if record.about["statements"]:
        parts += [
            _part("words", lang, said.words_table(record, "rate"), said.reading_of_words(record, "rate")),
            _part("coverage", lang, said.coverage_table(record), said.reading_of_coverage(record)),
            _part("skill", lang, said.skill_table(record), said.reading_of_skill(record)),
        ]
    if record.published is not None:
        parts.append(
            _part("published", lang, said.published_table(record), said.reading_of_published(record))
        )
    if len(record.in_year):
        if record.illustrative:
            parts.append(ILLUSTRATIVE.get(lang))
        place = plan.place.code
        scores, corrected = said.people_table(record), said.reading_of_revisions(record)
        parts += [
            _part("said", lang, said.said_and_came(record, place), said.reading_of_year(record, place)),
            _part(
                "people", lang, said.words_table(record, "people"), said.reading_of_words(record, "people")
            ),
            _part("scores", lang, scores, said.reading_of_people(record), corrected),
        ]
    if len(record.sealed):
        parts.append(_part("sealed", lang, said.sealed_table(record, plan), said.reading_of_sealed(record)))
    notes = [f"- {note.get(lang)}" for note in record.notes]
    parts.append("\n".join([Said("cli.record.notes").get(lang), *notes]))
    return "\n\n".join(parts)


def _part(title: str, lang: str, table: Table, *said: Said | None) -> str:
    told = worded(table, lang)
    lines = columns([[column.label for column in told.columns], *told.rows]) if told.rows else []
    sentences = [sentence(each, lang) for each in said if each is not None]
    return "\n".join([Said(f"cli.record.{title}").get(lang), *lines, *sentences])
