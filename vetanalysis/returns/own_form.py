"""Reading our own form, in whatever state people left it.

The hidden sheets `_form`, `_cells` and `_texts` say which figure stands in which cell. Before an address is
trusted, the labels of its sheet are compared with those of the blank form; where rows or columns were
inserted or deleted, or the hidden sheets are gone, the cells are found again by their labels and headers.
Cells that are printed or worked out are never read; where they say something else than they should, it is
told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeVar

from vetanalysis.blocks import Said
from vetanalysis.checks import is_number
from vetanalysis.errors import VetanalysisError
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.returns.draft import Draft, is_total
from vetanalysis.returns.form_book import (
    CELL_COLUMNS,
    CELLS_SHEET,
    FORM_SHEET,
    MORE_COLUMNS,
    TEXT_COLUMNS,
    TEXTS_SHEET,
)
from vetanalysis.returns.form_sheets import FIRST_ROW, HEAD_ROW, LETTER_ROW, Agreement, Formula, Sheet
from vetanalysis.returns.form_words import FormWords, chosen, kept
from vetanalysis.returns.grid import Grid, Workbook, text_of
from vetanalysis.returns.key import Key, Place, address, place_of
from vetanalysis.returns.names import fold
from vetanalysis.returns.template import FORM_VERSION, sheets_of
from vetanalysis.returns.typed_numbers import VALUE, ZERO, parse_number

What = TypeVar("What")
_HEAD, _FIRST = (
    slice(HEAD_ROW - 1, LETTER_ROW),
    FIRST_ROW - 1,
)  # the header and the first row of figures, from 0
_EXPLANATIONS = ("difficulties", "causes", "proposals", "progress")
TYPED_OVER = "typed-over"


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
    several_periods = any(key.period for _, _, key in layout.cells)  # of a past year: tables of its own
    blank = {} if several_periods else _blank_sheets(plan, about, say)
    same_version = about.get("form_version", FORM_VERSION) == FORM_VERSION
    labels = {name: sheet.labels for name, sheet in blank.items() if sheet.labels and same_version}
    here = _sheets_here(book, {sheet for sheet, *_ in (*layout.cells, *layout.texts)}, blank)
    altered = {name for name in labels if name in here and not _intact(here[name], labels[name])}
    lost = any(book.grid(name) is None for name in (CELLS_SHEET, TEXTS_SHEET))
    printed = _layout_of(blank, say) if blank else layout
    if same_version and not altered and not lost and set(layout.cells) != set(printed.cells):
        draft.note("form-altered", Said("returns.form.hidden_changed"), book.grid(CELLS_SHEET))
        layout = printed
    if altered or lost:
        layout = printed
        for name in sorted(altered) or [book.grids[0].name if book.grids else ""]:
            what = "returns.form.changed" if altered else "returns.form.hidden_deleted"
            draft.note("form-altered", Said(what), here.get(name) or book.grid(name))
    _read_texts(here, layout, draft)
    _read_figures(here, layout, {} if altered or lost else blank, draft)
    if labels and not altered and not lost:
        _note_typed_over(here, blank.values(), draft)
    if not several_periods:
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


def _blank_sheets(plan: Plan, about: Mapping[str, str], say: FormWords) -> dict[str, Sheet]:
    """The sheets of the blank form by name; none where the plan has no such unit or period."""
    try:
        sheets = sheets_of(plan, plan.unit(about["unit"]), parse_cutoff(about["period"]), say)
    except VetanalysisError:
        return {}
    return {sheet.name: sheet for sheet in sheets}


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


def _intact(grid: Grid, labels: Sequence[str]) -> bool:
    """Whether labels stand where they belong and no column was inserted or deleted (the row of letters)."""
    if any(fold(str(grid.at(_FIRST + n, 0))) != fold(label) for n, label in enumerate(labels)):
        return False
    letters = [str(grid.at(_FIRST - 1, c)).strip() for c in range(grid.width)]
    while letters and not letters[-1]:
        letters.pop()
    return letters[:1] == ["A"] and all(letters) and len(letters) > 1 and _running(letters)


def _running(letters: list[str]) -> bool:
    numbers = [one.partition("=")[0] for one in letters]
    digits = [int(float(one)) for one in numbers if one.replace(".0", "").isdigit()]
    return digits == list(range(1, len(digits) + 1))


def _moves(grid: Grid, blank: list[list[str]]) -> tuple[dict[int, int], dict[int, int]]:
    """Rows and columns of the blank form to those of the sheet, matched in order by what stands there."""
    before = [fold(row[0]) if row else "" for row in blank]
    width = max((len(row) for row in blank), default=0)
    best: tuple[int, dict[int, int]] = (-1, {})
    for column in range(min(4, grid.width)):
        rows = _match(before, [fold(str(grid.at(r, column))) for r in range(len(grid.rows))])
        if len(rows) > best[0]:
            best = (len(rows), rows)
    rows = best[1]
    wanted = [" ".join(fold(row[c]) for row in blank[_HEAD] if c < len(row)) for c in range(width)]
    top = [rows.get(r) for r in range(4, 7)]
    start = next((r for r in top if r is not None), 4)
    here = [" ".join(fold(str(grid.at(r, c))) for r in range(start, start + 3)) for c in range(grid.width)]
    columns = _match(wanted, here) or {c: c for c in range(width)}
    return rows, columns


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
    here: Mapping[str, Grid], layout: Layout, listed: tuple[tuple[str, str, What], ...], draft: Draft
) -> Iterator[tuple[Grid, Place, What]]:
    """Where each listed cell stands now; sheets and cells that are gone are findings."""
    by_sheet: dict[str, list[tuple[str, What]]] = {}
    for sheet, cell, what in listed:
        by_sheet.setdefault(sheet, []).append((cell, what))
    documents, cover = layout.say("sheet.documents"), layout.say("sheet.cover")
    for name, ones in by_sheet.items():
        told: set[int] = set()
        grid = here.get(name)
        if grid is None:
            draft.note("form-sheet-missing", Said("returns.form.sheet_missing", page=name))
            continue
        moved = _moves(grid, layout.blanks[name]) if name in layout.blanks else None
        for cell, what in ones:
            place = place_of(cell)
            if place is None:
                draft.note("form-altered", Said("returns.form.no_address", cell=cell[:20]), grid)
                continue
            if moved is not None and not (name == documents and place[0] >= _FIRST):
                row, column = moved[0].get(place[0]), moved[1].get(place[1])
                if row is None or (column is None and name != cover):
                    if place[0] not in told:
                        told.add(place[0])
                        draft.note("not-understood", _lost(layout.blanks[name], place), grid, cell)
                    continue
                place = (row, place[1] if column is None else column)
            yield grid, place, what


def _lost(blank: list[list[str]], place: Place) -> Said:
    """A row of the form that is gone (or a column, where its row still stands)."""
    label = " ".join(blank[place[0]][0].split())[:60] if place[0] < len(blank) and blank[place[0]] else ""
    return Said("returns.form.row_lost", row=place[0] + 1, label=label)


def _say_added(book: Workbook, known: Iterable[Grid], draft: Draft) -> None:
    """Sheets with figures that somebody added to the form: told, because nothing of them is counted."""
    names = {grid.name for grid in known}
    for grid in book.grids:
        if grid.hidden or grid.name in names:
            continue
        if any(is_number(value) for row in grid.rows for value in row):
            draft.note("not-understood", Said("returns.form.sheet_added"), grid)


def _read_figures(here: Mapping[str, Grid], layout: Layout, blank: Mapping[str, Sheet], draft: Draft) -> None:
    """Read every listed figure. `blank`: the sheets in their printed layout."""
    seen: dict[str, tuple[Grid, dict[Place, float | None]]] = {}
    for grid, place, key in _places(here, layout, layout.cells, draft):
        if place in grid.structure.formulas and place not in grid.structure.unstored:
            draft.note("formula-in-entry", Said("returns.form.formula_in_entry"), grid, place)
        value = draft.figure(grid, place, key.under(Key(unit=draft.unit, period=draft.period))._asdict())
        seen.setdefault(grid.name, (grid, {}))[1][place] = value
    if any(key.period for _, _, key in layout.cells):
        return  # the form for past years stacks several tables on a sheet; its totals are formulas
    totals = {fold(layout.say(f"row.{one}")) for one in ("total", "counted_levels")}
    printed = {here[name].name: sheet for name, sheet in blank.items() if name in here}
    for grid, values in seen.values():
        _look_at_totals(grid, values, totals, draft)
        sheet = printed.get(grid.name)
        _look_beside(grid, values, {(r - 1, c - 1) for r, c in sheet.cells} if sheet else set(), draft)


def _look_beside(
    grid: Grid, values: Mapping[Place, float | None], printed: Collection[Place], draft: Draft
) -> None:
    """A number right of the table or below it stands where the form asks for none: it is not counted, and told.

    `printed`: the places of the form in its printed layout.
    """
    heads = [
        c for c in range(grid.width) if any(grid.at(row, c) != "" for row in range(*_HEAD.indices(_FIRST)))
    ]
    right = max([*heads, *(column for _, column in values)])
    below, first = max(row for row, _ in values), min(row for row, _ in values)
    columns = {column for _, column in values}
    for row in range(first, len(grid.rows)):
        nameless = not any(isinstance(one, str) and one for one in grid.rows[row])
        for column, stated in enumerate(grid.rows[row]):
            beyond = column > right or (row > below and column not in columns and (printed or nameless))
            figure = _figure(stated) if beyond and (row, column) not in printed else None
            if figure is not None:
                draft.note(
                    "not-understood", Said("returns.form.outside_entries", value=figure), grid, (row, column)
                )


def _figure(cell: object) -> float | None:
    """The number that a cell holds, also as text; None for anything else."""
    number = parse_number(cell)
    return number.value if number.state in (VALUE, ZERO) else None


def _look_at_totals(
    grid: Grid, values: Mapping[Place, float | None], totals: Collection[str], draft: Draft
) -> None:
    """Totals against the figures above them; a number typed where the form asks for none is not understood.

    `totals`: the folded labels of totals in the language of the form, beside those that any table may have.
    """
    columns = {column for _, column in values}
    first, before = min(row for row, _ in values), 0
    for row in range(first, len(grid.rows)):
        if any((row, column) in values for column in columns):
            continue
        label = str(grid.at(row, 0))
        total = is_total(label) or fold(label) in totals
        for column in sorted(columns):
            stated = grid.at(row, column)
            if not is_number(stated):
                continue
            above = {r: v for (r, c), v in values.items() if c == column and r < row and v is not None}
            sums = [sum(above.values()), sum(v for r, v in above.items() if r > before)]
            if not total:
                what = Said("returns.form.outside_entries", value=stated)
                draft.note("not-understood", what, grid, (row, column))
            elif above and not any(abs(one - stated) < 0.5 for one in sums):
                named = {"row": " ".join(label.split()), "column": _heading(grid, first, column)}
                what = Said("returns.subtotal.of", **named, stated=stated, sum=sums[0])
                draft.note("subtotal-mismatch", what, grid, (row, column))
        before = row if total else before


def _heading(grid: Grid, first: int, column: int) -> str:
    """What stands lowest above a column's figures, apart from the numbers of columns."""
    above = (" ".join(str(grid.at(row, column) or "").split()) for row in range(first - 1, -1, -1))
    return next((words for words in above if any(letter.isalpha() for letter in words)), "")


def _read_texts(here: Mapping[str, Grid], layout: Layout, draft: Draft) -> None:
    for grid, place, (kind, ref) in _places(here, layout, layout.texts, draft):
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


def _note_typed_over(here: Mapping[str, Grid], sheets: Iterable[Sheet], draft: Draft) -> None:
    """Note every protected cell beside figures of a form in its printed layout that says something else than it should.

    Columns that a formula fills are held against what the cells beside them give, the printed quota against the
    plan's. What was reported last time is printed too, and not looked at: the form does not keep what was printed.
    """
    for sheet in sheets:
        filled_in = {column for (_, column), cell in sheet.cells.items() if cell.key is not None}
        grid = here.get(sheet.name)
        if grid is None or not filled_in:
            continue
        numbers = {
            address((r - 1, c - 1)): value
            for r, c in sheet.cells
            if (value := _number_at(grid, r, c)) is not None
        }
        for (row, column), cell in sheet.cells.items():
            stated = numbers.get(address((row - 1, column - 1)))
            if stated is None or column in filled_in:
                continue
            should: Any = cell.value.value(numbers) if isinstance(cell.value, Formula) else cell.value
            if should is None or isinstance(should, str) or abs(stated - should) <= _tolerance(cell.value):
                continue
            heads = (sheet.cells[at, column].value for at in (HEAD_ROW + 1, HEAD_ROW))
            head = next(str(text) for text in heads if text).partition("\n")[0]
            what = Said("returns.form.typed_over", column=head, stated=stated, should=should)
            draft.note(TYPED_OVER, what, grid, (row - 1, column - 1))


def _tolerance(value: Any) -> float:
    """Of a percentage written with one decimal; counts may differ by half."""
    return 0.06 if isinstance(value, Formula) and value.ratio else 0.5


def _number_at(grid: Grid, row: int, column: int) -> float | None:
    value = grid.at(row - 1, column - 1)
    return float(value) if is_number(value) else None
