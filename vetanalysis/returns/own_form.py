"""Reading our own form, in whatever state people left it.

The hidden sheets `_form`, `_cells` and `_texts` say which figure stands in which cell. Before an address is
trusted, the labels of its sheet are compared with those of the blank form; where rows or columns were
inserted or deleted, or the hidden sheets are gone, the cells are found again by their labels and headers.
Cells that are printed or worked out are never read; where they say something else than they should, it is
told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TypeVar

from vetanalysis.blocks import Said
from vetanalysis.checks import is_number
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.returns.draft import Draft, context_of
from vetanalysis.returns.form_around import (
    WORDS_CHANGED,
    Moved,
    heads_at,
    heads_of,
    look_around,
    printed_heads,
    standing,
)
from vetanalysis.returns.form_book import (
    CELL_COLUMNS,
    CELLS_SHEET,
    FORM_SHEET,
    MORE_COLUMNS,
    TEXT_COLUMNS,
    TEXTS_SHEET,
)
from vetanalysis.returns.form_layout import history_name
from vetanalysis.returns.form_sheets import FIRST_ROW, HEAD_ROW, LETTER_ROW, Agreement, Formula, Sheet
from vetanalysis.returns.form_words import FormWords, chosen, kept
from vetanalysis.returns.grid import Grid, Workbook, text_of
from vetanalysis.returns.key import Key, Place, address, place_of
from vetanalysis.returns.names import fold
from vetanalysis.returns.template import history_sheet, sheets_of
from vetanalysis.returns.typed_numbers import VALUE, ZERO

What = TypeVar("What")
_HEAD, _FIRST = (
    slice(HEAD_ROW - 1, LETTER_ROW),
    FIRST_ROW - 1,
)  # the header and the first row of figures, from 0
_EXPLANATIONS = ("difficulties", "causes", "proposals", "progress")


@dataclass(frozen=True)
class Layout:
    """Where everything stands in a form, and the labels that prove it.

    `cells`: sheet, cell and which figure; `texts`: sheet, cell and which words (kind and what they are about).
    `blanks`: the words of the blank form by sheet, where cells must be found by them.
    """

    say: FormWords
    cells: tuple[tuple[str, str, Key], ...]
    texts: tuple[tuple[str, str, tuple[str, str]], ...]
    blanks: Mapping[str, list[list[str]]] = field(default_factory=dict)


def about_form(book: Workbook) -> dict[str, str] | None:
    """The keys of `_form` when the workbook says it is our form; None otherwise."""
    grid = book.grid(FORM_SHEET)
    if grid is None:
        return None
    about = {str(row[0]).strip(): str(row[1]).strip() for row in grid.rows[:100] if len(row) > 1}
    return about if about.get("form") == "vetanalysis" else None


def read_form(book: Workbook, about: dict[str, str], plan: Plan, draft: Draft) -> None:
    """All figures and texts of a form into the draft, which knows its unit and period; `about`: the keys of `_form`."""
    say = FormWords(about.get("lang", "vi"))
    draft.lang = say.notation
    layout = _listed_layout(book, say)
    blank = _blank_sheets(book, layout, plan, about, say)
    here = _sheets_here(book, {sheet for sheet, *_ in (*layout.cells, *layout.texts)}, blank)
    altered = {
        name
        for name, sheet in blank.items()
        if sheet.labels and name in here and not _intact(here[name], sheet)
    }
    lost = any(book.grid(name) is None for name in (CELLS_SHEET, TEXTS_SHEET))
    printed = _layout_of(blank, say)
    if not altered and not lost and set(layout.cells) != set(printed.cells):
        draft.note("form-altered", Said("returns.form.hidden_changed"), book.grid(CELLS_SHEET))
        layout = printed
    if altered or lost:
        layout = printed
        for name in sorted(altered) or [book.grids[0].name if book.grids else ""]:
            what = "returns.form.changed" if altered else "returns.form.hidden_deleted"
            draft.note("form-altered", Said(what), here.get(name) or book.grid(name))
    moves = {name: _moves(here[name], words) for name, words in layout.blanks.items() if name in here}
    _read_texts(here, layout, moves, draft)
    _read_figures(here, layout, moves, draft)
    look_around(standing(here, blank.values(), moves), context_of(plan).words, draft)
    _say_added(book, here.values(), draft)


def _sheets_here(book: Workbook, listed: Collection[str], blank: Mapping[str, Sheet]) -> dict[str, Grid]:
    """The sheets of the form that are there by the name they have in it: one that bears another has its title."""
    folded = {fold(grid.name): grid for grid in book.grids}
    titled = {fold(str(grid.at(1, 0))): grid for grid in book.grids if not grid.hidden and grid.rows}
    here = {}
    for name in {*listed, *blank}:
        title = fold(str(blank[name].cells[2, 1].value)) if name in blank else "-"
        grid = book.grid(name) or folded.get(fold(name)) or titled.get(title)
        if grid is not None:
            here[name] = grid
    return here


def _blank_sheets(
    book: Workbook, listed: Layout, plan: Plan, about: Mapping[str, str], say: FormWords
) -> dict[str, Sheet]:
    """The sheets of the blank form by name: of a past year where the file holds its sheet or figures of its periods."""
    unit, cutoff = plan.unit(about["unit"]), parse_cutoff(about["period"])
    named = about.get("past") or book.grid(history_name(plan, say)) is not None
    if named or any(key.period for _, _, key in listed.cells):
        past = history_sheet(plan, unit, cutoff.year, say)
        return {past.name: past}
    return {sheet.name: sheet for sheet in sheets_of(plan, unit, cutoff, say)}


def _layout_of(blank: Mapping[str, Sheet], say: FormWords) -> Layout:
    """The layout of the blank form with its words, for finding cells again."""
    every = [
        (sheet.name, address((row - 1, column - 1)), cell)
        for sheet in blank.values()
        for (row, column), cell in sheet.cells.items()
    ]
    return Layout(
        say,
        tuple((name, ref, cell.key) for name, ref, cell in every if cell.key is not None),
        tuple((name, ref, cell.asked) for name, ref, cell in every if cell.asked is not None),
        {name: _words_of(sheet) for name, sheet in blank.items()},
    )


def _words_of(sheet: Sheet) -> list[list[str]]:
    """What is printed in each cell of a sheet, row by row; a formula is no words."""
    rows, columns = (max(at[axis] for at in sheet.cells) for axis in (0, 1))
    words = [[""] * columns for _ in range(rows)]
    for (row, column), cell in sheet.cells.items():
        if cell.value is not None and not isinstance(cell.value, Formula | Agreement):
            words[row - 1][column - 1] = str(cell.value)
    return words


def _listed_layout(book: Workbook, say: FormWords) -> Layout:
    """The layout as the hidden sheets list it."""
    named = (*CELL_COLUMNS[2:], *MORE_COLUMNS)
    cells = _listed(book, CELLS_SHEET, CELL_COLUMNS)
    texts = _listed(book, TEXTS_SHEET, TEXT_COLUMNS)
    return Layout(
        say,
        tuple(
            (one["sheet"], one["cell"], Key(**{name: one.get(name, "") for name in named})) for one in cells
        ),
        tuple((one["sheet"], one["cell"], (one["kind"], one["ref"])) for one in texts),
    )


def _listed(book: Workbook, sheet: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    grid = book.grid(sheet)
    if grid is None or not grid.rows or tuple(map(str, grid.rows[0][: len(columns)])) != columns:
        return []
    names = [str(name) for name in grid.rows[0]]
    return [
        {name: text_of(value) for name, value in zip(names, row, strict=False)}
        for row in grid.rows[1:]
        if row[0]
    ]


def _intact(grid: Grid, sheet: Sheet) -> bool:
    """Whether labels and heads stand where they belong and no column was inserted or deleted (the row of letters)."""
    if any(fold(str(grid.at(_FIRST + n, 0))) != fold(label) for n, label in enumerate(sheet.labels)):
        return False
    heads = printed_heads(sheet)
    if any(
        one != head and one in heads for one, head in zip(heads_at(grid, HEAD_ROW - 1), heads, strict=False)
    ):
        return False
    letters = [str(grid.at(_FIRST - 1, c)).strip() for c in range(grid.width)]
    while letters and not letters[-1]:
        letters.pop()
    return letters[:1] == ["A"] and all(letters) and len(letters) > 1 and _running(letters)


def _running(letters: list[str]) -> bool:
    numbers = [one.partition("=")[0] for one in letters]
    digits = [int(float(one)) for one in numbers if one.replace(".0", "").isdigit()]
    return digits == list(range(1, len(digits) + 1))


def _moves(grid: Grid, blank: list[list[str]]) -> Moved:
    """Rows and columns of the blank form to those of the sheet, matched in order by what stands there."""
    before = [fold(row[0]) if row else "" for row in blank]
    heads = {label for label, row in zip(before, blank, strict=True) if not any(row[1:])}
    again = {label for label in before if before.count(label) > 1}
    best: tuple[int, dict[int, int]] = (-1, {})
    for column in range(min(4, grid.width)):
        after = [fold(str(grid.at(r, column))) for r in range(len(grid.rows))]
        rows = _match(_told_apart(before, heads, again), _told_apart(after, heads, again))
        if len(rows) > best[0]:
            best = (len(rows), rows)
    rows = best[1]
    tops = [rows[r] - r for r in range(HEAD_ROW - 1, LETTER_ROW) if r in rows]
    columns = _match(
        heads_of(*blank[HEAD_ROW - 1 : HEAD_ROW + 1]), heads_at(grid, HEAD_ROW - 1 + (tops or [0])[0])
    )
    return rows, columns or {c: c for c in range(len(blank[0]))}


def _told_apart(labels: list[str], heads: Collection[str], again: Collection[str]) -> list[str]:
    """Labels that stand in several blocks of a sheet (`again`) with the head of their block behind them."""
    told, head = [], ""
    for label in labels:
        head = label if label in heads else head
        told.append(f"{label} {head}" if label and label in again else label)
    return told


def _match(before: list[str], after: list[str]) -> dict[int, int]:
    """Places in `before` to those in `after`: in order first, then what stands once in both, wherever it went."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found = {
        block.a + n: block.b + n
        for block in matcher.get_matching_blocks()
        for n in range(block.size)
        if before[block.a + n]
    }
    taken = set(found.values())
    for place, text in enumerate(before):
        if text and place not in found and before.count(text) == 1 == after.count(text):
            where = after.index(text)
            if where not in taken:
                found[place] = where
    return found


def _places(
    here: Mapping[str, Grid],
    layout: Layout,
    listed: tuple[tuple[str, str, What], ...],
    moves: Mapping[str, Moved],
    draft: Draft,
) -> Iterator[tuple[Grid, Place, What]]:
    """Where each listed cell stands now; sheets and cells that are gone are findings."""
    by_sheet: dict[str, list[tuple[str, What]]] = {}
    for sheet, cell, what in listed:
        by_sheet.setdefault(sheet, []).append((cell, what))
    documents, cover = layout.say("sheet.documents"), layout.say("sheet.cover")
    for name, ones in by_sheet.items():
        told: set[Place] = set()
        grid = here.get(name)
        if grid is None:
            draft.note("form-sheet-missing", Said("returns.form.sheet_missing", page=name))
            continue
        moved = moves.get(name)
        for cell, what in ones:
            place = place_of(cell)
            if place is None:
                draft.note("form-altered", Said("returns.form.no_address", cell=cell[:20]), grid)
                continue
            if moved is not None and not (name == documents and place[0] >= _FIRST):
                row, column = moved[0].get(place[0]), moved[1].get(place[1])
                if row is None or (column is None and name != cover):
                    lost = (0, place[0]) if row is None else (1, place[1])
                    if lost not in told:
                        told.add(lost)
                        _note_lost(
                            grid, layout.blanks[name], place, row is None, isinstance(what, Key), draft
                        )
                    continue
                place = (row, place[1] if column is None else column)
            yield grid, place, what


def _note_lost(
    grid: Grid, blank: list[list[str]], place: Place, of_row: bool, figures: bool, draft: Draft
) -> None:
    """Note a row of the form that is gone, or a column: an error where it holds `figures`."""
    row, column = place
    if of_row:
        label = " ".join(blank[row][0].split())[:60] if row < len(blank) and blank[row] else ""
        draft.note("not-understood", Said("returns.form.row_lost", row=row + 1, label=label), grid, place)
        return
    lines = (HEAD_ROW, HEAD_ROW - 1)
    line = next((one for one in lines if blank[one][column : column + 1] not in ([], [""])), HEAD_ROW)
    what = Said(
        "returns.form.column_lost", printed=" ".join("".join(blank[line][column : column + 1]).split())
    )
    draft.note(WORDS_CHANGED, what, grid, (line, column), severity="error" if figures else "warning")


def _say_added(book: Workbook, known: Iterable[Grid], draft: Draft) -> None:
    """Sheets with figures that somebody added to the form: told, because nothing of them is counted."""
    names = {grid.name for grid in known}
    for grid in book.grids:
        if grid.hidden or grid.name in names:
            continue
        if any(is_number(value) for row in grid.rows for value in row):
            draft.note("not-understood", Said("returns.form.sheet_added"), grid)


def _read_figures(here: Mapping[str, Grid], layout: Layout, moves: Mapping[str, Moved], draft: Draft) -> None:
    """Read every listed figure, but for one merged over the cells of several."""
    listed = [*_places(here, layout, layout.cells, moves, draft)]
    asked = {(grid.name, *place) for grid, place, _ in listed}
    for grid, place, key in listed:
        rows, columns = grid.merged.get(place, ((), ()))
        if (
            sum((grid.name, row, column) in asked for row in rows for column in columns) > 1
            and grid.at(*place) != ""
        ):
            draft.merged(grid, place)
            continue
        if place in grid.structure.formulas and place not in grid.structure.unstored:
            draft.note("formula-in-entry", Said("returns.form.formula_in_entry"), grid, place)
        draft.figure(grid, place, key.under(Key(unit=draft.unit, period=draft.period))._asdict())


def _read_texts(here: Mapping[str, Grid], layout: Layout, moves: Mapping[str, Moved], draft: Draft) -> None:
    for grid, place, (kind, ref) in _places(here, layout, layout.texts, moves, draft):
        source = draft.source(grid, place)
        if kind == "commune_quota":
            number = draft.number(grid, place, "persons")
            if number is not None and number.state in (VALUE, ZERO):
                draft.commune_quotas.append(
                    {"unit": draft.unit, "commune": ref, "period": f"{draft.period[:4]}-FY",
                     "value": number.value, "source": source}
                )  # fmt: skip
            continue
        words = text_of(grid.at(*place)) if kind == "contact_phone" else draft.text(grid, place)
        if not words or words.lower() in ("-", "..", "x"):
            continue
        if kind in _EXPLANATIONS:
            draft.explanations.append(
                {"unit": draft.unit, "period": draft.period, "ref": ref, "kind": kind,
                 "text": kept(kind, words), "source": source}
            )  # fmt: skip
        elif kind in ("contact_name", "contact_phone"):
            draft.contacts[kind.removeprefix("contact_")] = words
        elif kind.startswith("document_"):
            line = draft.documents.setdefault(ref, {"unit": draft.unit, "source": source})
            line[kind.removeprefix("document_")] = words[:10] if kind.endswith("date") else kept(kind, words)
        elif kind == "figures_status":
            draft.status = chosen("figures_status", words) or "provisional"
        else:
            draft.note("not-understood", Said("returns.form.unknown_kind", kind=kind), grid, address(place))
