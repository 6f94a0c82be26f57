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
from vetanalysis.blocks import Picture, Sentence, Text
from vetanalysis.language import names
from vetanalysis.language.numbers import in_years_of_study, period_name, quantity
from vetanalysis.language.render import spoken
from vetanalysis.narrative import count, evidence, record, targets
from vetanalysis.narrative.tables import COLUMNS, row_of
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


@in_years_of_study
def answer(study: Study, assessments: Sequence[Assessment] | None = None) -> Markdown:
    """The headline of each target: will it be reached, with which probability and range, or why not assessed."""
    chosen = study.assessments if assessments is None else assessments
    return say((targets.headline(one, study.lang) for one in chosen), as_list=True)


@in_years_of_study
def table(study: Study, assessments: Sequence[Assessment] | None = None) -> Shown:
    """The targets as a table in the study's language: goal, latest figure, projection, chance, evidence."""
    import pandas as pd

    chosen = study.assessments if assessments is None else assessments
    rows = [row_of(one, study.lang) for one in chosen]
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
    lang = study.lang
    only_now = (
        not one.points and isinstance(one, PeopleAssessment) and one.so_far is not None
    )  # the year's count is all there is
    return say(
        (
            targets.headline(one, lang),
            None if only_now else targets.latest_figure(one, lang, _sources()),
            None if only_now else targets.change_since(one, lang),
            spoken(count.counted_to(one), lang),
            targets.gap(one, lang),
            spoken(count.late_known(one), lang),
            count.required_against_seen(one, lang),
            count.paces_elsewhere(one, lang),
            count.for_80(one, lang),
            targets.first_passage(one, lang),
        )
    )


@in_years_of_study
def trust(study: Study, one: Assessment) -> Markdown:
    """How far the answer can be trusted: evidence, what is prior, how it moves with the prior, what such statements
    were worth before, what other rules say."""
    lang = study.lang
    return say(
        (
            evidence.grade(one, lang),
            targets.mostly_prior(one, lang),
            evidence.prior_sensitivity(one, lang),
            evidence.true_level(one, lang),
            record.past_statements(one, study.plan.name, lang, study.known_by),
            targets.both_reached(one, lang),
            spoken(count.fallen(one), lang),
            spoken(count.corrections(one), lang),
            targets.uncertain_figures(one, lang, _sources()),
            evidence.other_rules(one, lang),
            targets.illustrative(one, lang),
            targets.unverified_target(one, lang),
        ),
        as_list=True,
    )


@in_years_of_study
def neighbours(study: Study, one: Assessment) -> Markdown:
    """Figures on other definitions, shown beside the target and never in its place, and how the target is read."""
    lang = study.lang
    said = [evidence.neighbour(one, other, lang, _sources()) for other in one.beside]
    effect = one.definition_effect if isinstance(one, RateAssessment) else None
    if effect is not None and one.target.base == "labour_force":
        said.append(evidence.definition_effect(one, effect, lang, _sources()))
    return say([*said, targets.reading(one, lang)], as_list=True)


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
            names.definition(point.base, point.concept, lang, base_printed=point.base_printed),
            names.MATURITY[point.status].get(lang),
            names.CERTAINTY[point.certainty].get(lang) if point.certainty in names.CERTAINTY else "",
            names.source(point.source, texts, lang),
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


def _sources() -> dict[str, Text]:
    from vetanalysis.observations.reference import load_sources

    return names.source_texts(load_sources())


def _inert(text: str) -> str:
    """Text that Markdown shows as it is written, whatever a return held."""
    for sign in "\\`*_{}[]<>#|$":
        text = text.replace(sign, "\\" + sign)
    return text
