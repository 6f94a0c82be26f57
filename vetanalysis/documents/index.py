"""The page that lists all reports: opens from a folder, searches and sorts in the browser, loads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

from vetanalysis.blocks import Said, Text
from vetanalysis.documents.html import TEMPLATES, page
from vetanalysis.documents.package import inert
from vetanalysis.paths import write_whole
from vetanalysis.periods import parse_cutoff

TITLE = Said("documents.index.title")
_WORDS = (
    "search", "period", "all", "unit", "plan", "reports", "listed", "none", "empty", "absent", "how", "illustrative",
    "caption", "what_if",
)  # fmt: skip
# Shapes, so that status never rests on colour: methods of the status words.
SYMBOLS = {
    "reached": "■",
    "reached_provisional": "◧",
    "almost_certain": "▲▲▲",
    "very_likely": "▲▲",
    "likely": "▲",
    "even": "◆",
    "unlikely": "▽",
    "very_unlikely": "▽▽",
    "almost_no_chance": "▽▽▽",
    "not_reached": "□",
    "not_forecast": "◌",
    "not_assessed": "○",
}
_ORDER = {status: rank for rank, status in enumerate(reversed(SYMBOLS))}  # not assessed first, reached last


@dataclass(frozen=True, slots=True)
class IndexTarget:
    """How one target stands in a report: `status` as in `assess`, `words` with the range in brackets.

    `number`: what was reached, and its share of the plan; `chance`: the probability as printed; None for none.
    """

    id: str
    label: Text
    status: str
    words: Text
    probability: float | None = None
    number: Text | None = None
    chance: Text | None = None


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file of a report: `path` relative to the index page, with forward slashes; `lang` its code."""

    path: str
    label: str  # "Word", "HTML", "PDF", "Excel"
    lang: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One report: a unit at a cut-off of a plan, in all its languages and forms; `what_if`: the page beside it."""

    plan: str
    plan_title: Text
    period: str  # "2023-9M": sorts as written within a year by `order`
    period_label: Text
    unit: str
    unit_name: Text
    targets: tuple[IndexTarget, ...] = ()
    files: tuple[IndexFile, ...] = ()
    illustrative: bool = False
    what_if: str = ""  # path relative to the index page; empty: there is none
    order: str = ""  # what the period sorts by; empty: the cut-off in time


def write_index(entries: Iterable[IndexEntry], path: str | Path) -> Path:
    """Write the page that lists `entries` to `path` and return it; same entries, same bytes."""
    return write_whole(index_text(entries).encode("utf-8"), path)


def index_text(entries: Iterable[IndexEntry]) -> str:
    """The page as text: newest period first, then plan and code of the unit; works without its script too."""
    entries = sorted(entries, key=lambda one: (one.plan, len(one.unit), one.unit))
    entries.sort(key=_period_key, reverse=True)
    fullest = sorted(entries, key=lambda one: -len(one.targets))  # sets the order
    columns = list(dict.fromkeys((target.id, target.label) for entry in fullest for target in entry.targets))
    periods = dict.fromkeys((entry.period, entry.period_label) for entry in entries)
    return page(
        "index.html.j2",
        lang="vi",
        style="index.css",
        title=f"{TITLE.vi} / {TITLE.en}",
        banner="",
        heading=TITLE,
        words=SimpleNamespace(**{name: Said(f"documents.index.{name}") for name in _WORDS}),
        script=(TEMPLATES / "index.js").read_text(encoding="utf-8").strip(),
        columns=columns,
        periods=list(periods),
        rows=[_row(entry, columns) for entry in entries],
    )


def _period_key(entry: IndexEntry) -> str:
    cutoff = parse_cutoff(entry.period)
    return entry.order or f"{cutoff.year}-{2 * cutoff.months + cutoff.alone:02d}"


def _row(entry: IndexEntry, columns: Sequence[tuple[str, Text]]) -> SimpleNamespace:
    """`columns`: a target's id and label, as plans may ask for different things by one id."""
    targets = {(target.id, target.label): target for target in entry.targets}
    search = " ".join(
        inert(one)
        for one in (
            entry.unit,
            entry.unit_name.vi,
            entry.unit_name.en,
            entry.period,
            entry.period_label.vi,
            entry.period_label.en,
            entry.plan,
            entry.plan_title.vi,
            entry.plan_title.en,
        )
    )
    return SimpleNamespace(
        entry=entry,
        search=search,
        order=_period_key(entry),
        cells=[_cell(targets.get(key)) for key in columns],
        files=[
            SimpleNamespace(href=quote(one.path, safe="/"), label=one.label, lang=one.lang)
            for one in entry.files
        ],
        what_if=quote(entry.what_if, safe="/"),
    )


def _cell(target: IndexTarget | None) -> SimpleNamespace | None:
    """Symbol, words and what the column sorts by: likelier is higher, not assessed below all."""
    if target is None:
        return None
    chance = 0.0 if target.probability is None else target.probability
    rank = _ORDER.get(target.status, 0)
    return SimpleNamespace(
        symbol=SYMBOLS.get(target.status, ""),
        status=target.status,
        words=target.words,
        number=target.number,
        chance=target.chance,
        sort=f"{rank + chance:.6f}",
    )
