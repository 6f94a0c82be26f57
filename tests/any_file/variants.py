"""Variants of our own forms and of foreign tables, drawn with a fixed seed, each with its true reading."""

from __future__ import annotations

import csv
import random
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import vetanalysis.returns
from tests.any_file.layouts import LAYOUTS
from tests.any_file.paper import Error, Figure, Formula, Known, Paper, old_workbook, table, texts, workbook
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.plan import Plan
from vetanalysis.returns.key import place_of
from vetanalysis.returns.template import build_form

SEED = 20230915
NAME = "183__2023-09-15"


class Variant(NamedTuple):
    """One file: its name, its bytes, what is true of it and what was done to it."""

    name: str
    data: bytes
    known: Known
    changes: tuple[str, ...]


def variants(plan: Plan, numbers: Iterable[int], seed: int = SEED) -> Iterator[Variant]:
    """The variants of a seed with these numbers; one in six is of our own form."""
    bases = [make() for make in LAYOUTS]
    names = [make.__name__ for make in LAYOUTS]
    form = own_form(plan)
    for number in numbers:
        rng = random.Random(f"{seed}-{number}")
        which = rng.randrange(len(bases))
        known, base = (form, "own_form") if number % 6 == 5 else (bases[which], names[which])
        known = known.copy()
        done = [base]
        for change in rng.sample(CHANGES, rng.choice((1, 1, 2, 3))):
            change(known, rng)
            done.append(change.__name__)
        yield _file(known, rng, done)


def _file(known: Known, rng: random.Random, done: list[str]) -> Variant:
    if len(known.papers) == 1 and rng.random() < 0.25:
        paper = known.papers[0]
        encoding = rng.choice(("utf-8", "utf-8-sig", "utf-16", "cp1258"))
        mark = rng.choice(",;\t")
        try:
            data = table(paper, encoding, mark)
        except UnicodeEncodeError:
            data, encoding = table(paper, "utf-8-sig", mark), "utf-8-sig"
        known.rename(paper, NAME)
        return Variant(f"{NAME}.csv", data, known, (*done, f"csv {encoding} {mark!r}"))
    plain = not any(
        isinstance(cell, Formula | Error) for paper in known.papers for cell in paper.cells.values()
    )
    if plain and rng.random() < 0.1:
        return Variant(f"{NAME}.xls", old_workbook(known.papers), known, (*done, "xls"))
    data = workbook(known.papers)
    if rng.random() < 0.1:
        data, how = _damaged(data, rng)
        done = [*done, how]
    return Variant(f"{NAME}.xlsx", data, known, tuple(done))


def _damaged(data: bytes, rng: random.Random) -> tuple[bytes, str]:
    if rng.random() < 0.4:
        at = rng.randrange(1, len(data))
        return data[:at], f"cut at {at}"
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[
        at + 1 :
    ], f"a bit of byte {at} turned"


@cache
def own_form(plan: Plan) -> Known:
    """The form of a district with every cell filled in, as plain sheets; parts stay below their totals."""
    form = build_form(plan, "183", "2023-9M")
    known = Known()
    for sheet in form.book:
        hidden = sheet.sheet_state != "visible"
        paper = Paper(sheet.title, hidden=hidden)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and not str(cell.value).startswith("="):
                    paper.cells[cell.row - 1, cell.column - 1] = cell.value
        known.papers.append(paper)
    papers = {paper.name: paper for paper in known.papers}
    for (sheet, ref), key in form.cells.items():
        place = place_of(ref) or (0, 0)
        parts = frozenset((name, getattr(key, name)) for name in BREAKDOWNS if getattr(key, name))
        value = 200 - 30 * len(parts) - sum(map(ord, "".join(sorted(one for _, one in parts)))) % 11
        value = min(value, 90) if key.measure == "percent" else value
        papers[sheet].cells[place] = value
        known.figures[sheet, place] = Figure(
            "183", key.period or "2023-9M", key.indicator, value, key.measure, key.basis, parts
        )
    return known


# What people do to a workbook


def lines_above(known: Known, rng: random.Random) -> None:
    """Rows inserted at the top of a sheet."""
    by = rng.randint(1, 4)
    known.move(rng.choice(known.visible()), lambda row, column: (row + by, column))


def column_before(known: Known, rng: random.Random) -> None:
    """An empty column inserted at the left."""
    known.move(rng.choice(known.visible()), lambda row, column: (row, column + 1))


def row_between(known: Known, rng: random.Random) -> None:
    """An empty row inserted somewhere."""
    paper = rng.choice(known.visible())
    at = rng.randrange(1, max(paper.size[0], 2))
    known.move(paper, lambda row, column: (row + (row >= at), column))


def notes_below(known: Known, rng: random.Random) -> None:
    """Notes and signatures below the table."""
    paper = rng.choice(known.visible())
    row = paper.size[0] + rng.randint(0, 2)
    for text in rng.sample(
        ("Ghi chú: số liệu đến ngày 14/9/2023", "Nguồn: phòng LĐTBXH", "1. Chưa gồm 12 lớp đang mở.",
         "NGƯỜI LẬP BIỂU", "- Huyện Cao Lộc chưa gồm số quý I"), 2,
    ):  # fmt: skip
        paper.cells[row, rng.randint(0, 1)] = text
        row += 1


def stray_number(known: Known, rng: random.Random) -> None:
    """A number right of the table, far below it or above it, which nobody can know."""
    paper = _with_figures(known, rng)
    height, width = paper.size
    row = _row_of_figures(known, paper, rng)
    places = (row, width), (row, width + 1), (height + 1, width - 1), (height + 18, width - 1), (0, width - 1)
    place = rng.choice(places)
    if place[0] == 0:
        known.move(paper, lambda r, column: (r + 1, column))
    paper.cells[place] = rng.randint(2, 400)
    known.unreadable.add((paper.name, place))


def other_name(known: Known, rng: random.Random) -> None:
    """A sheet renamed."""
    paper = rng.choice(known.visible())
    known.rename(paper, rng.choice(("Sheet1", "Bieu 02", "TH 9T", "Kết quả (2)", "183")))


def rows_hidden(known: Known, rng: random.Random) -> None:
    """Rows hidden; they are read and said."""
    paper = rng.choice(known.visible())
    paper.hidden_rows |= set(rng.sample(range(paper.size[0]), min(2, paper.size[0])))


def hidden_copy(known: Known, rng: random.Random) -> None:
    """A hidden sheet with other figures, which must not count."""
    paper = _with_figures(known, rng)
    cells = {at: one + 3 if isinstance(one, int | float) else one for at, one in paper.cells.items()}
    known.papers.append(Paper("Bản nháp", cells, list(paper.merged), hidden=True))


def copy_of_a_sheet(known: Known, rng: random.Random) -> None:
    """The same sheet twice."""
    paper = _with_figures(known, rng)
    name = f"{paper.name} (2)"
    known.papers.append(Paper(name, dict(paper.cells), list(paper.merged)))
    known.figures |= {(name, at): one for (sheet, at), one in known.figures.items() if sheet == paper.name}
    known.unreadable |= {(name, at) for sheet, at in known.unreadable if sheet == paper.name}


def notation(known: Known, rng: random.Random) -> None:
    """Figures typed as text in the ways people type them."""
    for (sheet, place), one in rng.sample(sorted(known.figures.items(), key=str), min(6, len(known.figures))):
        paper = _paper(known, sheet)
        value = paper.cells.get(place)
        if isinstance(value, int) and (sheet, place) not in known.unreadable:
            ways = [str(value), f" {value} ", f"{value},0", float(value), f"'{value}"]
            if one.measure == "persons" and one.value == value:
                ways += [f"{value} người", f"{value} ng."]
            paper.cells[place] = rng.choice(ways)


def thousands(known: Known, rng: random.Random) -> None:
    """Counts in the thousands, with the marks people put between."""
    for (sheet, place), one in rng.sample(sorted(known.figures.items(), key=str), min(4, len(known.figures))):
        paper = _paper(known, sheet)
        value = paper.cells.get(place)
        if isinstance(value, int) and one.value == value and (sheet, place) not in known.unreadable:
            value = value * 31 + 1000
            known.figures[sheet, place] = one._replace(value=value)
            grouped = f"{value:,}"
            paper.cells[place] = rng.choice(
                (
                    value,
                    grouped.replace(",", "."),
                    grouped.replace(",", " "),
                    grouped,
                    f"{value}.0",
                    float(value),
                )
            )


def unreadable(known: Known, rng: random.Random) -> None:
    """Cells that look like figures and are none, or are not certain."""
    for at in rng.sample(sorted(known.figures, key=str), min(3, len(known.figures))):
        paper = _paper(known, at[0])
        paper.cells[at[1]] = rng.choice(
            ("1O", "≥10", "10-12", "12/15", "l5", "khoảng chục", "5 hoặc 6", date(2023, 9, 12), Error("#REF!"),
             Formula("SUM(A1:A3)"), Formula("12+8"), "9" * 40, "12.34.5", "1e400", "12 lớp, 300 người")
        )  # fmt: skip
        del known.figures[at]
        known.unreadable.add(at)


def left_blank(known: Known, rng: random.Random) -> None:
    """Figures not given: missing, never zero."""
    for at in rng.sample(sorted(known.figures, key=str), min(4, max(len(known.figures) - 1, 0))):
        paper = _paper(known, at[0])
        mark = rng.choice(("", "-", "x", "...", "chưa có số liệu"))
        if mark:
            paper.cells[at[1]] = mark
        else:
            paper.cells.pop(at[1], None)
        del known.figures[at]
        known.unreadable.discard(at)


def old_font(known: Known, rng: random.Random) -> None:
    """Words in the code of an old font."""
    charset, font = rng.choice((("tcvn3", ".VnTime"), ("vni", "VNI-Times")))
    paper = rng.choice(known.visible())
    for place, text in list(texts(paper)):
        paper.cells[place] = encoded(text, charset)
        if rng.random() < 0.9:
            paper.fonts[place] = font


def decomposed(known: Known, rng: random.Random) -> None:
    """Words with their marks apart, or with odd spaces."""
    paper = rng.choice(known.visible())
    spaced = rng.random() < 0.5
    for place, text in list(texts(paper)):
        paper.cells[place] = text.replace(" ", "\u00a0 ") if spaced else unicodedata.normalize("NFD", text)


def capitals(known: Known, rng: random.Random) -> None:
    """Words in capitals."""
    paper = rng.choice(known.visible())
    for place, text in list(texts(paper)):
        paper.cells[place] = text.upper()


def without_marks(known: Known, rng: random.Random) -> None:
    """Words typed without marks."""
    paper = rng.choice(known.visible())
    for place, text in list(texts(paper)):
        plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
        paper.cells[place] = "".join(one for one in plain if not unicodedata.combining(one))


def word_deleted(known: Known, rng: random.Random) -> None:
    """A cell with words emptied: a head, a title, a name."""
    paper = _with_figures(known, rng)
    words = [place for place, _ in texts(paper) if (paper.name, place) not in known.figures]
    if words:
        paper.cells.pop(rng.choice(words))


def row_twice(known: Known, rng: random.Random) -> None:
    """A row pasted again below itself."""
    paper = _with_figures(known, rng)
    row = _row_of_figures(known, paper, rng)
    known.move(paper, lambda r, column: (r + (r > row), column))
    for column in range(paper.size[1]):
        if (row, column) in paper.cells:
            paper.cells[row + 1, column] = paper.cells[row, column]
        if (paper.name, (row, column)) in known.figures:
            known.figures[paper.name, (row + 1, column)] = known.figures[paper.name, (row, column)]
        if (paper.name, (row, column)) in known.unreadable:
            known.unreadable.add((paper.name, (row + 1, column)))


CHANGES: tuple[Callable[[Known, random.Random], None], ...] = (
    lines_above, column_before, row_between, notes_below, stray_number, other_name, rows_hidden, hidden_copy,
    copy_of_a_sheet, notation, thousands, unreadable, left_blank, old_font, decomposed, capitals, without_marks,
    word_deleted, row_twice,
)  # fmt: skip


def _paper(known: Known, name: str) -> Paper:
    return next(paper for paper in known.papers if paper.name == name)


def _with_figures(known: Known, rng: random.Random) -> Paper:
    return _paper(known, rng.choice(sorted({sheet for sheet, _ in {*known.figures, *known.unreadable}})))


def _row_of_figures(known: Known, paper: Paper, rng: random.Random) -> int:
    return rng.choice(
        sorted(place[0] for name, place in {*known.figures, *known.unreadable} if name == paper.name)
    )


@cache
def _letters(charset: str) -> dict[str, str]:
    path = Path(vetanalysis.returns.__file__).with_name("legacy_charsets.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["letter"]: row["legacy"] for row in csv.DictReader(lines) if row["charset"] == charset}


def encoded(text: str, charset: str) -> str:
    """A text as it is stored in an old font."""
    letters = _letters(charset)
    return "".join(
        letters.get(one, letters.get(one.lower(), one)) for one in unicodedata.normalize("NFC", text)
    )
