"""What notebooks show: the same tables, figures and sentences as the documents, as objects Jupyter displays.

study = vetanalysis.open_study("lang-son-2023", "2023-start")
show.answer(study)                       the headline of every target
show.picture(study, study.assessments[0])   its figure
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.blocks import Paragraph, Picture, Said, Sentence, Text
from vetanalysis.language.cells import printed, worded
from vetanalysis.language.numbers import in_years_of_study, period_name, quantity
from vetanalysis.narrative import count, evidence, record, targets
from vetanalysis.narrative.tables import COLUMNS, row_of
from vetanalysis.observations.series import Point, cited, definition, source_texts
from vetanalysis.show.laid_out import html_table
from vetanalysis.study import Study

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import Image, Markdown


@dataclass(frozen=True)
class Shown:
    """A table for reading: whole in a page and as text, whatever the width of the screen. `.frame` is the data."""

    frame: pd.DataFrame

    def _repr_html_(self) -> str:
        return html_table(self.frame)

    def __repr__(self) -> str:
        return self.frame.to_string(index=False)

    def __len__(self) -> int:
        return len(self.frame)


def say(sentences: Iterable[Sentence | None], *, as_list: bool = False) -> Markdown:
    """Sentences as one paragraph, or as a list; those that do not apply (None) are left out."""
    from IPython.display import Markdown

    texts = [_inert(sentence.text) for sentence in sentences if sentence is not None]
    return Markdown("\n".join(f"- {text}" for text in texts) if as_list else " ".join(texts))


def say_of(study: Study, said: Iterable[Said | Sentence | None], *, as_list: bool = False) -> Markdown:
    """`say` in the language of a study and in its plan's own words."""
    told = worded(Paragraph(tuple(said)), study.lang, study.plan.words)
    return say(told.sentences, as_list=as_list)


@in_years_of_study
def answer(study: Study, assessments: Sequence[Assessment] | None = None) -> Markdown:
    """The headline of each target: will it be reached, with which probability and range, or why not assessed."""
    chosen = study.assessments if assessments is None else assessments
    return say_of(study, (targets.headline(one) for one in chosen), as_list=True)


@in_years_of_study
def table(study: Study, assessments: Sequence[Assessment] | None = None) -> Shown:
    """The targets as a table in the study's language: goal, latest figure, projection, chance, evidence."""
    import pandas as pd

    chosen = study.assessments if assessments is None else assessments
    words = study.plan.words
    rows = [[printed(cell, study.lang, words) for cell in row_of(one)] for one in chosen]
    return Shown(pd.DataFrame(rows, columns=[text.get(study.lang) for text in COLUMNS]))


@in_years_of_study
def picture(study: Study, one: Assessment) -> Image:
    """The fan chart of a target, with its description for readers who cannot see it."""
    from vetanalysis.figures.pictures import picture_of

    return shown_picture(picture_of(one), study.lang)


def shown_picture(one: Picture, lang: str) -> Image:
    """A picture with its description for who cannot see it."""
    from IPython.display import Image

    from vetanalysis.figures.pictures import drawn

    figure = drawn(one, lang)
    return Image(figure.png, width=756, alt=figure.alt)


@in_years_of_study
def reading(study: Study, one: Assessment) -> Markdown:
    """What the figure means for the target: latest figure, change, gap, pace needed, for an 80 % chance, and the
    first year it is in reach."""
    only_now = (
        not one.points and isinstance(one, PeopleAssessment) and one.so_far is not None
    )  # the year's count is all there is
    return say_of(
        study,
        (
            targets.headline(one),
            None if only_now else targets.latest_figure(one, _sources()),
            None if only_now else targets.change_since(one),
            count.counted_to(one),
            targets.gap(one),
            count.late_known(one),
            count.required_against_seen(one),
            count.paces_elsewhere(one),
            count.for_80(one),
            targets.first_passage(one),
        ),
    )


@in_years_of_study
def trust(study: Study, one: Assessment) -> Markdown:
    """How far the answer can be trusted: evidence, what is prior, how it moves with the prior, what such statements
    were worth before, what other rules say."""
    return say_of(
        study,
        (
            evidence.grade(one),
            targets.mostly_prior(one),
            evidence.prior_sensitivity(one),
            evidence.true_level(one),
            record.past_statements(one, study.plan.name, study.known_by),
            targets.both_reached(one),
            count.fallen(one),
            count.corrections(one),
            targets.uncertain_figures(one, _sources()),
            evidence.other_rules(one),
            targets.illustrative(one),
            targets.unverified_target(one),
        ),
        as_list=True,
    )


@in_years_of_study
def neighbours(study: Study, one: Assessment) -> Markdown:
    """Figures on other definitions, shown beside the target and never in its place, and how the target is read."""
    said = [evidence.neighbour(one, other, _sources()) for other in one.beside]
    effect = one.definition_effect if isinstance(one, RateAssessment) else None
    if effect is not None and one.target.base == "labour_force":
        said.append(evidence.definition_effect(one, effect, _sources()))
    return say_of(study, [*said, targets.reading(one)], as_list=True)


@in_years_of_study
def figures(study: Study, one: Assessment) -> Shown:
    """Every figure a target was judged on, with base, concept, maturity, certainty, source and the day it was known."""
    import pandas as pd

    lang, measure = study.lang, one.target.measure
    heads = (
        Text("Kỳ", "Period"), Text("Giá trị", "Value"), Text("Khái niệm", "Definition"), Text("Loại số", "Status"),
        Text("Độ tin cậy", "Certainty"), Text("Nguồn", "Source"), Text("Biết từ ngày", "Known since"),
    )  # fmt: skip
    texts = _sources()
    rows = [
        (
            period_name(point.period, lang),
            quantity(point.value, measure, lang),
            ", ".join(
                printed(one, lang)
                for one in definition(point.base, point.concept, base_printed=point.base_printed)
            ),
            Said(f"names.maturity.{point.status}").get(lang),
            Said(f"names.certainty.{point.certainty}").get(lang) if point.certainty else "",
            cited(point.source, texts).get(lang),
            point.vintage,
        )
        for point in one.points
    ]
    return Shown(pd.DataFrame(rows, columns=[text.get(lang) for text in heads]))


@in_years_of_study
def document(study: Study) -> None:
    """Display the whole report, block by block, as it stands in the Word file."""
    from IPython.display import display

    from vetanalysis.report import document_of

    for block in document_of(study).blocks:
        display(_block(block))


def _block(block: object) -> Markdown | Image | Shown:
    """One block of a document as something Jupyter shows."""
    import pandas as pd
    from IPython.display import Image, Markdown

    from vetanalysis.blocks import Figure, Heading, OfficePlace, Paragraph, Table

    match block:
        case Heading():
            return Markdown(f"{'#' * (block.level + 1)} {_inert(block.text)}")
        case Paragraph():
            text = _inert(block.text)
            return Markdown({"list": f"- {text}", "note": f"*{text}*"}.get(block.kind, text))
        case Table():
            return Shown(pd.DataFrame(list(block.rows), columns=[column.label for column in block.columns]))
        case Figure():
            return Image(block.png, width=756, alt=block.alt)
        case OfficePlace():
            return Markdown("\n".join(f"> {_inert(line)}" for line in (f"[{block.prompt}]", *block.words)))
    raise TypeError(f"a document holds no {type(block).__name__}")


def _definition(point: Point) -> tuple[Said | str, ...]:
    return definition(point.base, point.concept, base_printed=point.base_printed)


def _sources() -> dict[str, Text]:
    from vetanalysis.observations.reference import load_sources

    return source_texts(load_sources())


def _inert(text: str) -> str:
    """Text that Markdown shows as it is written, whatever a return held."""
    for sign in "\\`*_{}[]<>#|$":
        text = text.replace(sign, "\\" + sign)
    return text
