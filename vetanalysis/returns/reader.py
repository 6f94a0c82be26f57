"""Reading a return: our own form in any state, a foreign workbook, or a plain table of observations.

`read_return` gives one frozen `ReturnFile` per file. It raises nothing but the package's own errors (a wrong mapping
file); whatever is wrong with the return itself is a finding, and what was understood is still there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding, VetanalysisError, WrongCall
from vetanalysis.observations.checks import OBLIGATORY
from vetanalysis.periods import parse_cutoff
from vetanalysis.returns.cells import Grid, Workbook, read_cells
from vetanalysis.returns.draft import Draft, frame_of
from vetanalysis.returns.form import FormContent, about_form, frames_of, read_form
from vetanalysis.returns.layout import Context, read_sheet
from vetanalysis.returns.mapping import Mapping, load_mapping
from vetanalysis.returns.names import NameBook, fold, name_book
from vetanalysis.returns.ooxml import address
from vetanalysis.returns.quantity_words import period_text
from vetanalysis.returns.safety import injects
from vetanalysis.returns.tidy import read_tidy
from vetanalysis.returns.wording import Vocabulary, read_period, read_window, vocabulary

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

_SENDER = re.compile(r"^(?:đơn vị(?: báo cáo)?|tên đơn vị|cơ sở|ubnd|cơ quan)\s*:?\s*", re.IGNORECASE)
_CODE_IN_NAME = re.compile(r"^([A-Za-z0-9.-]+?)(?:__.*)?$")
_ILLUSTRATIVE = re.compile(r"\bso lieu minh hoa\b|\billustrative\b")


@dataclass(frozen=True)
class ReturnFile:
    """One file as received and understood.

    `unit`, `period` (a cut-off such as "2023-9M"), `window` (first and last ISO day) are None where the file does
    not say; `basis` is what the file declares. `observations`: figures in the columns of the observations,
    `vintage` empty (the ledger knows when the file came). `missing`: figures asked for and not given, with the
    mark that stood there. `explanations`: unit, period, ref, kind (difficulties, causes, proposals, progress), text,
    source. `contacts`: name and phone of the person to call, the only personal data kept. `unknown_columns`
    and `unknown_names`: what no rule and no mapping explains.
    """

    path: Path
    file: str
    sha256: str
    unit: str | None
    period: str | None
    window: tuple[str, str] | None
    basis: str
    observations: pd.DataFrame
    missing: pd.DataFrame
    explanations: pd.DataFrame
    contacts: Mapped[str, str]
    commune_quotas: pd.DataFrame
    documents: pd.DataFrame
    findings: tuple[Finding, ...]
    unknown_columns: tuple[str, ...] = ()
    unknown_names: tuple[str, ...] = ()
    illustrative: bool = False
    own_form: bool = False

    @property
    def refused(self) -> bool:
        """Whether any finding is an error."""
        return any(one.severity == "error" for one in self.findings)


@dataclass
class _Head:
    """Unit, period and window of a file, as far as known."""

    unit: str = ""
    period: str = ""
    alone: bool = False
    window: tuple[str, str] | None = None
    basis: str = ""
    illustrative: bool = False
    own_form: bool = False
    content: FormContent = field(default_factory=lambda: FormContent({}))


def read_return(path: str | Path, plan: Plan, mapping: Mapping | str | Path | None = None) -> ReturnFile:
    """Read one file sent by a unit.

    `mapping`: how a foreign layout maps to indicators (a file or a loaded one); without it headers and labels
    are read by their words. Never raises for what is wrong with the return; a wrong mapping file raises
    DataRefused or WrongCall.
    """
    if isinstance(mapping, (str, Path)):
        mapping = load_mapping(mapping, plan)
    book = read_cells(path)
    draft, head = Draft(book.file), _Head()
    if book.kind:
        try:
            _read(book, plan, mapping, draft, head)
        except (
            ValueError,
            KeyError,
            IndexError,
            TypeError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ) as error:
            reason = type(error).__name__
            what = Text("không hiểu cấu trúc tệp", f"the layout is not understood ({reason})")
            draft.note("not-understood", what, severity="error")
    return _finished(book, draft, head)


def _finished(book: Workbook, draft: Draft, head: _Head) -> ReturnFile:
    nothing = not (draft.rows or draft.missing or head.content.explanations)
    if book.kind and nothing and not any(one.severity == "error" for one in draft.findings):
        draft.note("nothing-read", Text("không đọc được số liệu nào", "no figures were read"))
    return ReturnFile(
        path=book.path, file=book.file, sha256=book.sha256,
        unit=head.unit or None, period=head.period or None, window=head.window, basis=head.basis,
        observations=draft.observations(), missing=draft.missing_frame(), contacts=dict(head.content.contacts),
        findings=(*book.findings, *draft.findings), unknown_columns=tuple(draft.unknown_columns),
        unknown_names=tuple(draft.unknown_names), illustrative=head.illustrative, own_form=head.own_form,
        **frames_of(head.content),
    )  # fmt: skip


def _read(book: Workbook, plan: Plan, mapping: Mapping | None, draft: Draft, head: _Head) -> None:
    _note_hidden(book, draft)
    _note_injected(book, draft)
    words, names = _lexicon(plan)
    about = about_form(book)
    if about is None and mapping is None:
        first = book.grids[0] if book.grids else Grid("")
        header = [fold(str(cell)).replace(" ", "_") for cell in (first.rows[0] if first.rows else ())]
        if set(OBLIGATORY) <= set(header):
            read_tidy(first, header, plan, draft)
            _head_of_rows(draft, head)
            return
    _say_head(book, plan, mapping, names, about, head)
    if about is None and mapping is None and _looks_like_form(book):
        about = {"form": "vetanalysis", "plan": plan.name, "unit": head.unit, "period": head.period,
                 "illustrative": "true" if head.illustrative else "false"}  # fmt: skip
    if about is not None:
        _read_own(book, about, plan, draft, head)
    else:
        _read_foreign(book, plan, mapping, words, names, draft, head)


def _read_own(book: Workbook, about: dict[str, str], plan: Plan, draft: Draft, head: _Head) -> None:
    head.own_form = True
    other = about.get("plan", plan.name)
    if other != plan.name and not (other.startswith(plan.name) or plan.name.startswith(other)):
        what = Text(f"biểu của kế hoạch khác: {other}", f"the form of another plan: {other}")
        draft.note("form-plan", what)
        return
    if not _known(about.get("unit", ""), about.get("period", ""), plan, draft):
        return
    head.unit, head.period, head.alone = about["unit"], about["period"], False
    head.illustrative = about.get("illustrative") == "true"
    head.basis = about.get("basis", "cumulative")
    if about.get("window_start") and about.get("window_end"):
        head.window = about["window_start"], about["window_end"]
    head.content = read_form(book, about, plan, draft)


def _read_foreign(
    book: Workbook,
    plan: Plan,
    mapping: Mapping | None,
    words: Vocabulary,
    names: NameBook,
    draft: Draft,
    head: _Head,
) -> None:
    if head.period:
        try:
            plan.check_cutoff(parse_cutoff(head.period))
        except WrongCall as error:
            words_of_period = period_text(head.period).vi
            draft.note("period-other", Text(f"{words_of_period} không thuộc kế hoạch", str(error)))
            return
    context = Context(
        plan, words, names, head.unit, head.period, head.alone,
        {"status": "provisional", "illustrative": head.illustrative},
    )  # fmt: skip
    if mapping is not None and mapping.basis:
        head.basis = mapping.basis
    for grid in book.grids:
        entry = mapping.sheet(grid.name) if mapping else None
        if grid.hidden or (mapping and entry is None):
            continue
        read_sheet(grid, context, draft, entry)
    stated = {str(row["unit"]) for row in draft.rows}
    if not head.unit and len(stated) == 1:
        head.unit = stated.pop()
    if not head.unit and not stated:
        draft.note("unit-missing", Text("không rõ đơn vị báo cáo", "the reporting unit is not named"))
    if not head.period and not draft.rows:
        draft.note("period-missing", Text("không rõ kỳ báo cáo", "the period is not named"))
    bases = {str(row["basis"]) for row in draft.rows} - {"stock"}
    head.basis = head.basis or (bases.pop() if len(bases) == 1 else "")


def _known(unit: str, period: str, plan: Plan, draft: Draft) -> bool:
    """Whether the unit and period a form names exist in the plan; otherwise findings say so."""
    good = True
    if unit not in set(plan.units["code"]):
        good = False
        rule = "unit-unknown" if unit else "unit-missing"
        what = Text(f"mã đơn vị “{unit}” không có trong kế hoạch", f'no unit "{unit}" in the plan')
        draft.note(rule, what, severity="error")
    try:
        plan.check_cutoff(parse_cutoff(period))
    except VetanalysisError as error:
        good = False
        rule = "period-other" if period else "period-missing"
        draft.note(rule, Text(f"kỳ báo cáo “{period}” không dùng được", str(error)))
    return good


@lru_cache(maxsize=8)
def _lexicon(plan: Plan) -> tuple[Vocabulary, NameBook]:
    return vocabulary(plan), name_book(plan.units)


def _head_of_rows(draft: Draft, head: _Head) -> None:
    units, periods = ({str(row[name]) for row in draft.rows} for name in ("unit", "period"))
    head.unit = units.pop() if len(units) == 1 else ""
    head.period = periods.pop() if len(periods) == 1 else ""
    head.illustrative = bool(draft.rows) and all(row.get("illustrative") for row in draft.rows)


def _looks_like_form(book: Workbook) -> bool:
    from vetanalysis.returns.form_layout import FLOWS

    ours = {fold(name) for name, _ in FLOWS.values()} | {"thong tin", "nhiem vu", "giai trinh", "kinh phi"}
    return len(ours & {fold(grid.name) for grid in book.grids}) >= 2


def _say_head(
    book: Workbook,
    plan: Plan,
    mapping: Mapping | None,
    names: NameBook,
    about: dict[str, str] | None,
    head: _Head,
) -> None:
    """Unit, period and window from the mapping, the title blocks, the sheet names and the file's own name."""
    titles: list[str] = []
    for row in (row for grid in book.grids if not grid.hidden for row in grid.rows[:12]):
        texts = [cell for cell in row if isinstance(cell, str) and cell]
        titles += [*texts, *([" ".join(texts)] if len(texts) == 2 else [])]
    head.window = read_window(titles)
    head.illustrative = any(_ILLUSTRATIVE.search(fold(text)) for text in titles)
    if about is not None:
        return
    stem = book.path.stem
    places = [*titles, *(grid.name for grid in book.grids), stem, book.path.parent.name]
    period = read_period(places)
    if mapping is not None and mapping.period:
        period = mapping.period, False
    if period:
        head.period, head.alone = period
    head.unit = (mapping.unit if mapping else "") or _sender(titles, stem, book, plan, names)


def _sender(titles: list[str], stem: str, book: Workbook, plan: Plan, names: NameBook) -> str:
    named = [text for text in titles if _SENDER.match(text)]
    for text in (*named, *(grid.name for grid in book.grids)):
        found = names.find(_SENDER.sub("", text)) or names.find(text)
        if len(found) == 1:
            return found[0]
    code = _CODE_IN_NAME.match(stem)
    if code and code.group(1) in set(plan.units["code"]):
        return code.group(1)
    found = names.find(re.sub(r"[_\d]+", " ", stem))
    return found[0] if len(found) == 1 else ""


def _note_hidden(book: Workbook, draft: Draft) -> None:
    for grid in book.grids:
        if grid.hidden and not grid.name.startswith("_"):
            what = Text(
                f"trang ẩn “{grid.name}” không được đọc", f'the hidden sheet "{grid.name}" was not read'
            )
            draft.note("sheet-hidden", what, grid)
        rows = sorted(
            r for r in grid.structure.hidden_rows if r < len(grid.rows) and any(v != "" for v in grid.rows[r])
        )
        columns = sorted(c for c in grid.structure.hidden_columns if c < grid.width)
        if (rows or columns) and not grid.hidden:
            parts = [f"{len(rows)} dòng" if rows else "", f"{len(columns)} cột" if columns else ""]
            parts_en = [f"{len(rows)} rows" if rows else "", f"{len(columns)} columns" if columns else ""]
            what = Text(
                f"có {', '.join(filter(None, parts))} bị ẩn; vẫn được đọc",
                f"{', '.join(filter(None, parts_en))} hidden; they were read",
            )
            draft.note(
                "sheet-hidden", what, grid, address((rows[0] if rows else 0, columns[0] if columns else 0))
            )


def _note_injected(book: Workbook, draft: Draft) -> None:
    for grid in book.grids:
        for r, row in enumerate(grid.rows):
            for c, cell in enumerate(row):
                if (
                    isinstance(cell, str)
                    and cell[:1] in ("=", "+", "@", "-")
                    and len(cell) > 1
                    and injects(cell)
                ):
                    shown = cell[:60]
                    what = Text(f"chữ có dạng lệnh: {shown}", f"words in the form of a command: {shown}")
                    draft.note("formula-command", what, grid, (r, c))


__all__ = ["ReturnFile", "frame_of", "read_return"]
