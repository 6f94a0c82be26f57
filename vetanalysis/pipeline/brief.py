"""The short form of a report: one page as Word and HTML, and a message, without running a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vetanalysis.language.numbers import in_words_of_study
from vetanalysis.paths import write_whole

if TYPE_CHECKING:
    from vetanalysis.study import Study


@in_words_of_study
def write_brief(study: Study, folder: Path, pdf: bool = False) -> list[Path]:
    """Write `brief.<lang>.docx`, `.html`, where asked for `.pdf`, and `message.<lang>.txt`; returns their paths."""
    from vetanalysis.documents.brief import message_of, page_of
    from vetanalysis.documents.html import write_html
    from vetanalysis.documents.pdf import write_pdf
    from vetanalysis.documents.word import write_word
    from vetanalysis.report import document_of, told_of

    told, lang = page_of(told_of(study)), study.lang
    document = document_of(study, told)
    made = [
        write_word(document, folder / f"brief.{lang}.docx"),
        write_html(document, folder / f"brief.{lang}.html"),
    ]
    if pdf:
        made.append(write_pdf(made[0], folder / f"brief.{lang}.pdf"))
    message = message_of(told, study.unit.label, lang, study.plan.words)
    return [*made, write_whole(f"{message}\n".encode(), folder / f"message.{lang}.txt")]
