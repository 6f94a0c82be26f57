"""The verb `track-record`: the tables in the terminal, and the stored table of the package."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from vetanalysis.errors import WrongCall
from vetanalysis.narrative.answers_table import ILLUSTRATIVE, columns
from vetanalysis.narrative.plan_years import years_of
from vetanalysis.periods import parse_day
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.documents.model import Sentence
    from vetanalysis.plan import Plan
    from vetanalysis.track.record import TrackRecord

TITLES = {
    "words": Text("Nhận định về tỷ lệ đáng giá đến đâu", "What the words on rates were worth"),
    "coverage": Text("Khoảng dự báo có chứa số thực tế không", "Did the ranges hold what came"),
    "skill": Text("So với các cách làm khác", "Beside other methods"),
    "said": Text("Đã nói gì trong năm, kết quả ra sao", "What was said within the year, what came"),
    "people": Text("Nhận định về số người đáng giá đến đâu", "What the words on people were worth"),
    "scores": Text("Theo kỳ báo cáo, cả kế hoạch và từng đơn vị", "By cut-off, plan and units"),
    "notes": Text("Cách làm và giới hạn", "How it was made, and its limits"),
}


def run(arguments: argparse.Namespace, langs: list[str]) -> int:
    """Print the record of a plan in each language; with `--store` write the package's table."""
    from vetanalysis.loading import load_observations
    from vetanalysis.plan import load_plan
    from vetanalysis.track.record import EVERY, track_record

    if arguments.store and parse_day(arguments.date) is None:
        raise WrongCall(
            Text(
                f"--store cần ngày lập bảng: --date 2026-11-24, không phải {arguments.date!r}",
                f"--store needs the day it is made on: --date 2026-11-24, not {arguments.date!r}",
            )
        )
    if arguments.every is not None and arguments.every < 1:
        raise WrongCall(
            Text(
                f"--every {arguments.every}: dùng số từ 1 trở lên",
                f"--every {arguments.every}: use 1 or more",
            )
        )
    plan = load_plan(arguments.plan)
    returns = None if arguments.returns == "none" else arguments.returns
    published = None if arguments.published == "none" else arguments.published
    obs = load_observations(plan, returns=returns, published=published)
    every = arguments.every or (1 if arguments.store else EVERY)
    record = track_record(plan, obs, returns=returns, every=every, seed=arguments.seed)
    with years_of(plan.calendar):
        print("\n\n".join(text_of(record, plan, lang) for lang in langs))
    if arguments.store:
        from vetanalysis.track.storing import store

        print(store(record, plan.name, arguments.date), file=sys.stderr)
    return 0


def text_of(record: TrackRecord, plan: Plan, lang: str) -> str:
    """The whole record as text: each table followed by its sentence."""
    from vetanalysis.narrative import record as said
    from vetanalysis.track import worded

    parts = [f"{plan.title.get(lang)} ({plan.name})"]
    if record.about["statements"]:
        words = worded.words_table(record, "rate", lang)
        parts += [
            _part("words", lang, words, said.reading_of_words(record, "rate", lang)),
            _part(
                "coverage", lang, worded.coverage_table(record, lang), said.reading_of_coverage(record, lang)
            ),
            _part("skill", lang, worded.skill_table(record, lang), said.reading_of_skill(record, lang)),
        ]
    if len(record.in_year):
        if record.illustrative:
            parts.append(ILLUSTRATIVE.get(lang))
        place = plan.place.code
        statements = worded.said_and_came(record, place, lang)
        words = worded.words_table(record, "people", lang)
        corrected = said.reading_of_revisions(record, lang)
        scores = worded.people_table(record, lang)
        parts += [
            _part("said", lang, statements, said.reading_of_year(record, place, lang)),
            _part("people", lang, words, said.reading_of_words(record, "people", lang)),
            _part("scores", lang, scores, said.reading_of_people(record, lang), corrected),
        ]
    notes = [f"- {note.get(lang)}" for note in record.notes]
    parts.append("\n".join([TITLES["notes"].get(lang), *notes]))
    return "\n\n".join(parts)


def _part(title: str, lang: str, table: tuple, *sentences: Sentence | None) -> str:
    heads, rows = table
    lines = columns([heads, *rows]) if rows else []
    said = [sentence.text for sentence in sentences if sentence is not None]
    return "\n".join([TITLES[title].get(lang), *lines, *said])
