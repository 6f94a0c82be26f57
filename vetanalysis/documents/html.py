"""A report, or an executed notebook, as one HTML file: no outside link, for telephone, screen and paper."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Document, Figure, Heading, OfficePlace, Paragraph, Said, Table
from vetanalysis.documents.columns import header_spans, least_ems, lies_across
from vetanalysis.documents.foreign import pieces
from vetanalysis.documents.package import inert
from vetanalysis.documents.word_page import text_width_mm
from vetanalysis.paths import write_whole

if TYPE_CHECKING:
    import jinja2
    from nbconvert import HTMLExporter

TEMPLATES = Path(__file__).parent / "templates"
_PLAIN_TAGS = (
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "em", "strong", "b", "i", "sub", "sup", "a", "abbr"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
)
_WORDS = ("to", "table", "figure", "office", "contents", "appendix", "data")
_MOST_CARDS = 8  # rows: a table this short becomes cards on a telephone
_TEXT_EM = 48  # letters' sizes: how wide the text of a page is on a screen
_FEW_COLUMNS = 3  # so many stand side by side on a telephone
_BLOCKS = (Heading, Paragraph, OfficePlace, Table, Figure)


def write_html(document: Document, path: str | Path) -> Path:
    """Write `document` as one self-contained page to `path` and return it; same document, same bytes."""
    return write_whole(html_text(document).encode("utf-8"), path)


def html_text(document: Document) -> str:
    """The page of `document` as text."""
    count = _Count()
    blocks = count.items(document.blocks)
    appendices = [
        SimpleNamespace(
            id=f"appendix-{index}",
            number=one.number,
            title=one.title,
            attached_to=one.attached_to,
            blocks=count.items(one.blocks),
        )
        for index, one in enumerate(document.appendices, start=1)
    ]
    lang = document.lang
    appendix_label = Said("documents.appendix").get(lang)
    contents = [
        SimpleNamespace(id=item.id, text=item.block.text)
        for item in blocks
        if item.kind == "Heading" and item.block.level == 1
    ] + [
        SimpleNamespace(id=one.id, text=f"{f'{appendix_label} {one.number}'.strip()}. {one.title}")
        for one in appendices
    ]
    return page(
        "report.html.j2",
        lang=lang,
        style="report.css",
        title=inert(document.title),
        banner=inert(document.banner) if document.illustrative else "",
        head=document.head,
        blocks=blocks,
        signature=document.signature,
        appendices=appendices,
        contents=contents,
        words={name: Said(f"documents.{name}").get(lang) for name in _WORDS},
    )


def page(template: str, *, lang: str, style: str, **values: Any) -> str:
    """One of our templates filled in, with base.css and `style` (both under templates) inside the page."""
    sheets = [(TEMPLATES / name).read_text(encoding="utf-8").strip() for name in ("base.css", style)]
    made = _environment().get_template(template)
    return made.render(lang=lang, skip=Said("documents.skip").get(lang), style="\n".join(sheets), **values)


class _Count:
    """Numbers tables, figures and headings in the order of reading, as the Word file does."""

    def __init__(self) -> None:
        self.numbers = {"Table": 0, "Figure": 0, "Heading": 0}

    def items(self, blocks) -> list[SimpleNamespace]:
        found = []
        for block in blocks:
            if not isinstance(block, _BLOCKS):
                raise TypeError(f"a document holds no {type(block).__name__}")
            kind = type(block).__name__
            if kind in self.numbers:
                self.numbers[kind] += 1
            number = self.numbers.get(kind, 0)
            found.append(SimpleNamespace(kind=kind, block=block, number=number, id=f"part-{number}"))
        return found


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters.update(
        inert=inert,
        shown=jinja2.pass_context(_shown),
        marks=_marks,
        base64=lambda data: base64.b64encode(data).decode("ascii"),
        anchor=lambda name, number, kind: (
            f"{kind}-{number}-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        ),
        grouped=lambda table: any(column.group for column in table.columns),
        spans=header_spans,
        ems=least_ems,
        form=_form,
        card_labels=_card_labels,
        row_head=_row_head,
        undashed=lambda text: re.sub(r"^\s*-\s+", "", inert(text)),
    )
    return made


def _shown(context: Mapping[str, Any], text: object) -> str:
    """Inert text, words of another language than the page's marked; room left for the clerk keeps its width.

    A page folds spaces that stand together.
    """
    import markupsafe

    made = markupsafe.Markup()
    for piece, spoken in pieces(inert(text), context["lang"]):
        kept = re.sub(r" {2,}", lambda spaces: "\u00a0" * len(spaces.group()), piece)
        made += markupsafe.Markup('<span lang="{}">{}</span>').format(spoken, kept) if spoken else kept
    return made


def _marks(figure: Figure) -> list[SimpleNamespace]:
    """The values that one can point at, with their places in percent of the picture; `late`: in its right half."""
    from vetanalysis.figures.values import places_in  # with it all of pandas

    places = places_in(figure.png)
    return [
        SimpleNamespace(left=f"{100 * x:g}", top=f"{100 * y:g}", late=x > 0.5, words=words)
        for (x, y), words in zip(places, figure.pointed_at, strict=bool(places))
    ]


def _form(table: Table) -> str:
    """How a table is shown: `wide` printed on a page on its side, `broad` beyond the text on a screen, as `cards`.

    Cards: row by row on a telephone, where it is short.
    """
    wide = lies_across(table, text_width_mm(landscape=False))
    cards = len(table.rows) <= _MOST_CARDS and len(table.columns) > _FEW_COLUMNS
    broad = sum(least_ems(table)) > _TEXT_EM
    return " ".join(name for name, holds in (("wide", wide), ("broad", broad), ("cards", cards)) if holds)


def _card_labels(table: Table) -> list[str]:
    """What stands before every cell of a card: the head of its column behind the head it shares with others."""
    columns = table.columns
    return [f"{column.group}: {column.heading}" if column.group else column.heading for column in columns]


def _row_head(table: Table) -> int:
    """The column that names the row: the first one aligned left; a numbered column in front is no name."""
    return next((i for i, column in enumerate(table.columns) if column.align == "left"), -1)


def _plain_markup(element: str | bytes) -> str:
    """Text and tables as they are, everything else escaped; nbconvert's own list lets no heading pass."""
    import bleach  # comes with nbconvert

    text = element.decode("utf-8") if isinstance(element, bytes) else str(element)
    return bleach.clean(
        text, tags=set(_PLAIN_TAGS), attributes={"*": ["class", "id", "scope"], "a": ["href"]}
    )


def notebook_html(executed_notebook_path: str | Path, title: str, lang: str) -> str:
    """An executed notebook as one self-contained page: text and results, inputs hidden, nothing loaded.

    `executed_notebook_path` is the .ipynb after its run in `lang`. Only plain text and table markup passes: a page that
    is passed on by mail must not run anything.
    """
    body, _ = _exporter(threading.get_ident()).from_filename(str(executed_notebook_path))
    body = re.sub(r"<script\b.*?</script>", "", body, flags=re.S | re.I)
    return page("notebook.html.j2", lang=lang, style="notebook.css", title=inert(title), banner="", body=body)


@lru_cache(maxsize=16)
def _exporter(thread: int) -> HTMLExporter:
    """One exporter per thread: making it takes longer than a page, and it keeps what it works on."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    config = Config()
    config.HTMLExporter.exclude_input = True
    config.HTMLExporter.exclude_input_prompt = True
    config.HTMLExporter.exclude_output_prompt = True
    config.HTMLExporter.embed_images = True
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {"clean_html": _plain_markup}
    return HTMLExporter(template_name="basic", config=config)
