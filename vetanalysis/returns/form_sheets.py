"""The form's sheets as cells: what stands where, how it looks, what it holds, its formulas with their values. Writing
and reading both follow them.

A table of figures, the cover, explanations, commune quotas and own documents become a `Sheet` each; `form_book` writes
it to a file, `own_form` finds in a file what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from vetanalysis.returns.form_layout import Column, Table
from vetanalysis.returns.form_words import FormWords
from vetanalysis.returns.key import Key, letters, place_of
from vetanalysis.returns.lists import WHOLE

#: Title block, two header rows, the row of column letters; figures begin below.
HEAD_ROW, LETTER_ROW, FIRST_ROW = 5, 7, 8
_HOW_TO = ("yellow", "cumulative", "zero", "groups", "people", "measure", "send")
EXPLAINED = ("progress", "difficulties", "causes", "proposals")
DOCUMENT = ("document_type", "document_number", "document_date", "document_title")
DOCUMENT_LINES = 8
_TITLE = ("unit", "title", "period", "warning")  # the looks of the lines above every table
Words = Mapping[tuple[str, str], str | float]


@dataclass(frozen=True, slots=True)
class Formula:
    """A sum of cells minus other cells, or 100 x the one over the other; empty while nothing is filled in.

    References are cell addresses, with a sheet in quotes where it is another one. Written as a formula every
    spreadsheet program understands, and computed here too, so that the stored value is right.
    """

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    ratio: bool = False

    def text(self) -> str:
        """The formula as it stands in the cell."""
        plus, minus = ",".join(_ranges(self.plus)), ",".join(_ranges(self.minus))
        if self.ratio:
            return f'=IF(OR(COUNT({plus})=0,SUM({minus})=0),"",100*SUM({plus})/SUM({minus}))'
        if not self.minus:
            return f'=IF(COUNT({plus})=0,"",SUM({plus}))'
        return f'=IF(OR(COUNT({plus})=0,COUNT({minus})=0),"",SUM({plus})-SUM({minus}))'

    def value(self, numbers: Mapping[str, float]) -> float | str:
        """The result for the numbers given by address; an address without a number counts as empty."""
        plus = [numbers[ref] for ref in self.plus if ref in numbers]
        minus = [numbers[ref] for ref in self.minus if ref in numbers]
        if not plus or (self.minus and not minus):
            return ""
        if self.ratio:
            return 100 * sum(plus) / sum(minus) if sum(minus) else ""
        return sum(plus) - sum(minus)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A check in words: the sum of cells against one cell.

    The answers: nothing given, no whole to hold it against, both agree, they differ.
    """

    parts: tuple[str, ...]
    whole: str
    none: str
    no_whole: str
    agrees: str
    differs: str

    def text(self) -> str:
        """The formula as it stands in the cell."""
        parts = ",".join(_ranges(self.parts))
        return (
            f'=IF(COUNT({parts})=0,"{self.none}",IF(COUNT({self.whole})=0,"{self.no_whole}",'
            f'IF(SUM({parts})={self.whole},"{self.agrees}","{self.differs}")))'
        )

    def value(self, numbers: Mapping[str, float]) -> str:
        """The word the formula gives."""
        parts = [numbers[ref] for ref in self.parts if ref in numbers]
        if not parts:
            return self.none
        if self.whole not in numbers:
            return self.no_whole
        return self.agrees if sum(parts) == numbers[self.whole] else self.differs


def _ranges(refs: tuple[str, ...]) -> list[str]:
    """Neighbouring cells of one column joined into a range: C7, C8, C9 is C7:C9."""
    groups: list[list[str]] = []
    for ref in refs:
        place = place_of(ref)
        if place and groups and place_of(groups[-1][-1]) == (place[0] - 1, place[1]):
            groups[-1].append(ref)
        else:
            groups.append([ref])
    return [group[0] if len(group) == 1 else f"{group[0]}:{group[-1]}" for group in groups]


class Cell(NamedTuple):
    """One cell: its words, number or formula, the style it has, and what a person fills in there.

    `key`: the figure, `asked`: the words (kind, what they are about). `across`, `down`: how many cells it is merged
    over, 0 where it is not. `as_text`: shown as typed.
    """

    value: str | float | Formula | Agreement | Any = None
    look: str = ""
    key: Key | None = None
    asked: tuple[str, str] | None = None
    across: int = 0
    down: int = 0
    as_text: bool = False


@dataclass(slots=True)
class Sheet:
    """One sheet: cells by (row, column) counted from 1, in the order in which they are written.

    `labels`: of the rows, from the first row of figures on, where they prove that nobody moved them. `lists`: ranges
    with the answers to choose from, `numbers`: cells that take numbers only (whole ones, up to most). `header`: its
    last row, repeated on every page. `high`: on how many pages it is printed.
    """

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    lists: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    numbers: list[tuple[list[str], bool, int | None]] = field(default_factory=list)
    freeze: str = ""
    header: int = 0
    high: int = 0

    def put(self, row: int, column: int, value: Any = None, look: str = "", **more: Any) -> None:
        """Set a cell."""
        self.cells[row, column] = Cell(value, look, **more)

    def head(self, heading: Heading, title: str, last: int) -> None:
        """Unit, title, period and, where it applies, the words that the figures are invented."""
        texts = (heading.unit, title, heading.period, heading.warning)
        for number, (text, look) in enumerate(zip(texts, _TITLE, strict=True), start=1):
            self.put(number, 1, text, look, across=last)
        self.heights[2] = 22

    def plain_head(self, heads: Sequence[str], widths: Sequence[float], of_columns: str = "ABCDE") -> None:
        """A header of one line over columns with letters."""
        for place, (head, width, letter) in enumerate(zip(heads, widths, of_columns, strict=False), start=1):
            self.put(HEAD_ROW, place, head, "head", down=2)
            self.put(HEAD_ROW + 1, place, None, "head")
            self.put(LETTER_ROW, place, letter, "letter")
            self.widths[place] = width


@dataclass(frozen=True, slots=True)
class Heading:
    """The lines above every table."""

    unit: str
    period: str
    warning: str = ""


def address(row: int, column: int) -> str:
    """The address of a cell, both counted from 1."""
    return f"{letters(column - 1)}{row}"


def ref_at(row: int, column: int) -> str:
    """The address of the cell at the row-th row and column-th column of a table, both counted from 0."""
    return address(FIRST_ROW + row, column + 2)


def table_sheet(
    table: Table,
    heading: Heading,
    say: FormWords,
    *,
    tables: Sequence[Table] = (),
    figures: Mapping[Key, float] | None = None,
    previous: Mapping[Key, float] | None = None,
    quotas: Mapping[Key, float] | None = None,
) -> Sheet:
    """One table: title block, merged header, letters, rows, notes.

    `figures`, `previous` and `quotas` give values by key; what they do not hold stays empty (missing is not zero).
    `tables` are the tables of the whole form, to which the balance of stocks and flows refers.
    """
    sheet = Sheet(table.sheet, labels=tuple(row.label for row in table.rows))
    last = len(table.columns) + 1
    sheet.head(heading, table.title, last)
    _head(sheet, table)
    given = {"input": figures or {}, "previous": previous or {}, "quota": quotas or {}}
    for number, row in enumerate(table.rows):
        at = FIRST_ROW + number
        if row.heading:
            sheet.put(at, 1, row.label, "heading", across=last)
            continue
        sheet.put(at, 1, row.label, "label_total" if row.total else "label")
        for place, column in enumerate(table.columns):
            sheet.cells[at, place + 2] = _cell(table, number, place, given.get(column.role, {}), tables)
        sheet.heights[at] = 19 if len(row.label) <= table.stub_width else 33
    _limits(sheet)
    for number, note in enumerate(table.notes, start=FIRST_ROW + len(table.rows) + 1):
        sheet.put(number, 1, say("note", note=note), "note", across=last)
        sheet.heights[number] = 30
    widths = (table.stub_width, *(column.width for column in table.columns))
    sheet.widths = dict(enumerate(widths, start=1))
    sheet.freeze, sheet.header = f"B{FIRST_ROW}", LETTER_ROW
    return sheet


def _head(sheet: Sheet, table: Table) -> None:
    sheet.plain_head([table.stub], [table.stub_width], "A")
    start = 2
    for over, group in groupby(table.columns, key=lambda column: column.over):
        columns = list(group)
        for place, column in enumerate(columns, start=start):
            text = headed(column.head, column.unit)
            if over:
                first = place == start
                sheet.put(
                    HEAD_ROW, place, over if first else None, "head", across=len(columns) if first else 1
                )
            else:
                sheet.put(HEAD_ROW, place, text, "head", down=2)
            sheet.put(HEAD_ROW + 1, place, text if over else None, "head")
        start += len(columns)
    for place, letter in enumerate(_letters(table.columns), start=2):
        sheet.put(LETTER_ROW, place, letter, "letter")
    sheet.heights[HEAD_ROW + 1] = 62


def headed(head: str, unit: str) -> str:
    """The head of a column with its unit of measure below."""
    return f"{head}\n({unit})" if unit else head


def _letters(columns: Sequence[Column]) -> Iterator[str]:
    """The row of column letters: B for the unit of measure, numbers for figures, and how a formula is made."""
    numbers: dict[str, str] = {}
    for column in columns:
        if column.role == "unit":
            yield "B"
            continue
        numbers[column.id] = str(len(numbers) + 1)
        plus, minus = ([numbers.get(one, "") for one in part] for part in (column.plus, column.minus))
        sign = {
            "plus": f"={'+'.join(plus)}-{'-'.join(minus)}",
            "ratio": f"=100*{'+'.join(plus)}/{'+'.join(minus)}",
        }
        yield numbers[column.id] + (sign.get(column.role, "") if all((*plus, *minus)) else "")


def _cell(table: Table, number: int, place: int, given: Mapping[Key, float], tables: Sequence[Table]) -> Cell:
    row, column = table.rows[number], table.columns[place]
    if column.role == "unit":
        return Cell(row.unit, "word")
    key = table.key_of(row, column)
    fraction = "_fraction" if column.role == "ratio" or key.measure not in (*WHOLE, "") else ""
    formula = formula_at(table, number, place, tables)
    if formula is not None:
        return Cell(formula, ("total" if row.total else "given") + fraction)
    value = given.get(Key(level=key.level) if column.role == "quota" else key)
    shown = None if value is None else value if fraction else round(value)
    open_cell = column.role == "input"
    return Cell(shown, ("input" if open_cell else "given") + fraction, key=key if open_cell else None)


def formula_at(table: Table, number: int, place: int, tables: Sequence[Table]) -> Formula | None:
    """The formula of a cell of a table (row and column counted from 0); None for one that is filled in or printed."""
    row, column = table.rows[number], table.columns[place]
    if column.role in ("plus", "ratio"):
        plus, minus = (
            [_ref(one, table, number, tables) for one in part] for part in (column.plus, column.minus)
        )
        if None in (*plus, *minus):
            return None
        return Formula(tuple(filter(None, plus)), tuple(filter(None, minus)), column.role == "ratio")
    if row.total and not (column.role == "quota" and row.beyond_quota):
        above = {one.label: index for index, one in enumerate(table.rows[:number])}
        return Formula(tuple(ref_at(above[label], place) for label in row.total))
    return None


def _ref(column: str, table: Table, number: int, tables: Sequence[Table]) -> str | None:
    """Where a column that a formula names stands in a row: `id` in this table, `table!id` in another; None: nowhere."""
    name, _, id = column.rpartition("!")
    if not name:
        place = table.place_of(id)
        return None if place is None else ref_at(number, place)
    other = next((one for one in tables if one.id == name), None)
    place = other.place_of(id) if other else None
    return None if other is None or place is None else f"'{other.sheet}'!{ref_at(number, place)}"


def _limits(sheet: Sheet) -> None:
    """Only numbers where figures are filled in: whole ones of people, up to 100 of percentages."""
    measures = {address(*at): cell.key.measure for at, cell in sheet.cells.items() if cell.key}
    whole = [ref for ref, measure in measures.items() if measure in WHOLE]
    percent = [ref for ref, measure in measures.items() if measure == "percent"]
    others = [ref for ref in measures if ref not in {*whole, *percent}]
    sheet.numbers += [(whole, True, None), (percent, False, 100), (others, False, None)]


def contact_lines(sheet: Sheet, rows: int, words: Words, say: FormWords) -> None:
    """Below a table: whom to phone."""
    lines = (("contact.name", "contact_name"), ("contact.phone", "contact_phone"))
    for number, (line, kind) in enumerate(lines, start=FIRST_ROW + rows + 1):
        sheet.put(number, 1, say(line), "label")
        _asked(sheet, number, kind, str(words.get((kind, ""), "")), across=5)
        sheet.heights[number] = 20


def _asked(sheet: Sheet, row: int, kind: str, text: str, across: int) -> None:
    """Words to fill in beside their label."""
    sheet.put(row, 2, text, "input_text", asked=(kind, ""), across=across, as_text=True)
    for place in range(3, 2 + across):
        sheet.put(row, place, None, "input_text")


def cover_sheet(
    heading: Heading,
    facts: Sequence[tuple[str, str]],
    listed: Sequence[tuple[str, str]],
    is_district: bool,
    words: Words,
    say: FormWords,
) -> Sheet:
    """What the form is about, who filled it in, which tables it holds and how to fill them in."""
    sheet = Sheet(say("sheet.cover"), high=1)
    sheet.head(heading, say("title.cover"), 4)
    row = HEAD_ROW + 1
    for label, text in facts:
        sheet.put(row, 1, label, "label")
        sheet.put(row, 2, text, "given_text", across=3)
        for place in (3, 4):
            sheet.put(row, place, None, "given_text")
        sheet.heights[row] = 20 if len(text) < 90 else 36
        row += 1
    for label, kind, start in (
        ("contact.name", "contact_name", ""),
        ("contact.phone", "contact_phone", ""),
        ("status", "figures_status", say("figures_status.provisional")),
    ):
        text = str(words.get((kind, ""), start))
        sheet.put(row, 1, say(label), "label")
        _asked(sheet, row, kind, text, across=3)
        sheet.heights[row] = 20 if len(text) < 90 else 36
        row += 1
    sheet.lists.append((f"B{row - 1}", say.choices("figures_status")))
    tables = [say("row.part_of", label=name, part=title) for name, title in listed]
    row = _section(sheet, row + 1, say("section.sheets"), tables)
    how = [say(f"how.{one}") for one in (*_HOW_TO, *(["district"] if is_district else []))]
    row = _section(sheet, row + 1, say("section.how"), how)
    for place, line in ((1, "signature.author"), (4, "signature.head")):
        sheet.put(row + 1, place, say(line), "sign")
    sheet.heights[row + 1] = 36
    sheet.widths = {1: 38, 2: 40, 3: 18, 4: 36}
    return sheet


def _section(sheet: Sheet, row: int, title: str, lines: Sequence[str]) -> int:
    sheet.put(row, 1, title, "bold")
    for number, text in enumerate(lines, start=row + 1):
        sheet.put(number, 1, f"{number - row}. {text}", "plain", across=4)
        sheet.heights[number] = 17 if len(text) < 118 else 33
    return row + len(lines) + 1


def explanations_sheet(
    heading: Heading, tasks: Sequence[tuple[str, str]], words: Words, say: FormWords
) -> Sheet:
    """Per task: how far it is, difficulties, causes, proposals."""
    sheet = Sheet(say("sheet.explanations"), labels=tuple(label for _, label in tasks[:-1]))
    sheet.head(heading, say("title.explanations"), 5)
    sheet.plain_head([say(f"column.{one}") for one in ("task", *EXPLAINED)], (44, 18, 38, 38, 38))
    for number, (ref, label) in enumerate(tasks, start=FIRST_ROW):
        sheet.put(number, 1, label, "label")
        for place, kind in enumerate(EXPLAINED, start=2):
            text = str(words.get((kind, ref), ""))
            sheet.put(number, place, text, "input_text", asked=(kind, ref), as_text=True)
        sheet.heights[number] = 62
    sheet.lists.append((f"B{FIRST_ROW}:B{FIRST_ROW + len(tasks) - 1}", say.choices("progress")))
    sheet.header = LETTER_ROW
    return sheet


def communes_sheet(
    heading: Heading, communes: Sequence[tuple[str, str]], quota: float | None, words: Words, say: FormWords
) -> Sheet:
    """The district's quota by commune; its sum is held against the district's quota."""
    sheet = Sheet(say("sheet.communes"), labels=tuple(name for _, name in communes))
    sheet.head(heading, say("title.communes"), 3)
    quota_head = headed(say("column.quota"), say.measure("persons"))
    sheet.plain_head((say("column.commune"), say("column.code"), quota_head), (40, 14, 20), "AB1")
    last = FIRST_ROW + len(communes) - 1
    for number, (code, name) in enumerate(communes, start=FIRST_ROW):
        sheet.put(number, 1, name, "label")
        sheet.put(number, 2, code, "word")
        value = words.get(("commune_quota", code))
        typed = None if value is None else int(value)
        sheet.put(number, 3, typed, "input", asked=("commune_quota", code))
    refs = tuple(f"C{number}" for number in range(FIRST_ROW, last + 1))
    sheet.numbers.append(([f"C{FIRST_ROW}:C{last}"], True, None))
    answers = (say(f"agreement.{one}") for one in ("none", "no_quota", "agrees", "differs"))
    checks: tuple[tuple[str, Any], ...] = (
        ("total", Formula(refs)),
        ("given_quota", None if quota is None else round(quota)),
        ("difference", Formula((f"C{last + 1}",), (f"C{last + 2}",))),
        ("agreement", Agreement(refs, f"C{last + 2}", *answers)),
    )
    for number, (label, value) in enumerate(checks, start=last + 1):
        sheet.put(number, 1, say(f"row.{label}"), "label_total")
        sheet.put(number, 2, None, "word")
        sheet.put(number, 3, value, "total")
    sheet.freeze, sheet.header = f"A{FIRST_ROW}", LETTER_ROW
    return sheet


def documents_sheet(heading: Heading, words: Words, say: FormWords) -> Sheet:
    """The body's own plan documents: kind, number, date, title. The text key is the line, counted from 1."""
    sheet = Sheet(say("sheet.documents"))
    sheet.head(heading, say("title.documents"), 4)
    sheet.plain_head([say(f"column.{one}") for one in DOCUMENT], (22, 24, 16, 80))
    for line in range(1, DOCUMENT_LINES + 1):
        number = FIRST_ROW + line - 1
        for place, kind in enumerate(DOCUMENT, start=1):
            value: Any = words.get((kind, str(line)), "")
            look = "input_day" if kind == "document_date" else "input_text"
            number_only = kind == "document_number"
            sheet.put(number, place, value or None, look, asked=(kind, str(line)), as_text=number_only)
        sheet.heights[number] = 32
    sheet.lists.append((f"A{FIRST_ROW}:A{FIRST_ROW + DOCUMENT_LINES - 1}", say.choices("document_type")))
    sheet.header = LETTER_ROW
    return sheet
