"""Reading one return: our own form in any state, a foreign workbook, or a plain table of observations.

`read_return` gives one `Reading` per file. It raises nothing but the package's own errors (a wrong mapping
file); whatever is wrong with the return itself is a finding, and what was understood is still there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from vetanalysis.blocks import Said
from vetanalysis.errors import VetanalysisError, WrongCall
from vetanalysis.language.numbers import of_plan
from vetanalysis.observations.checks import OBLIGATORY
from vetanalysis.periods import cutoffs, parse_cutoff
from vetanalysis.plan import Plan, Unit
from vetanalysis.returns.draft import Context, Draft, context_of, periods_in, read_period, read_window
from vetanalysis.returns.files import injects
from vetanalysis.returns.findings import period_words
from vetanalysis.returns.foreign import read_sheet, read_tidy
from vetanalysis.returns.form_book import CELLS_SHEET
from vetanalysis.returns.form_sheets import FIRST_ROW
from vetanalysis.returns.form_words import FormWords, written_in
from vetanalysis.returns.grid import Grid, Workbook, read_cells, text_of
from vetanalysis.returns.key import Place, address
from vetanalysis.returns.lists import by_unit
from vetanalysis.returns.mapping import Mapping, load_mapping
from vetanalysis.returns.names import compose, fold
from vetanalysis.returns.own_form import about_form, read_form
from vetanalysis.returns.readings import Reading, columns_of, missing_columns

_SENDER = re.compile(
    r"^(?:đơn vị(?: báo cáo)?(?! tính)|tên đơn vị|cơ sở|ubnd|[uủ][yỷ] ban nhân dân|cơ quan)\s*:?\s*",
    re.IGNORECASE,
)
_LETTERHEAD = re.compile(r"^(?:ubnd|[uủ][yỷ] ban nhân dân)\b", re.IGNORECASE)
_BODY = re.compile(
    r"^(?:ubnd|[uủ][yỷ] ban nhân dân|sở|phòng|ban|trường|trung tâm|chi cục|thanh tra)\b", re.IGNORECASE
)
_CODE_IN_NAME = re.compile(r"^([A-Za-z0-9.-]+?)(?:__.*)?$")
_SEEN_ROWS = 24  # rows from the top in which the lines of a title or of the cover stand
_ILLUSTRATIVE = re.compile(r"\bso lieu minh hoa\b|\billustrative\b")


def read_return(path: str | Path, plan: Plan, mapping: Mapping | str | Path | None = None) -> Reading:
    """Read one file sent by a unit.

    `mapping`: how a foreign layout maps to indicators (a file or a loaded one); without it headers and labels
    are read by their words. Never raises for what is wrong with the return; a wrong mapping file raises
    DataRefused or WrongCall.
    """
    if isinstance(mapping, (str, Path)):
        mapping = load_mapping(mapping, plan)
    book = read_cells(path)
    draft = Draft(book.file)
    if book.kind:
        try:
            with of_plan(plan):
                understand(book, plan, draft, mapping)
        except Exception as error:
            what = Said("returns.layout_not_understood", reason=type(error).__name__)
            draft.note("not-understood", what, severity="error")
    return _finished(book, draft)


def _finished(book: Workbook, draft: Draft) -> Reading:
    nothing = not (draft.rows or draft.missing or draft.explanations)
    if book.kind and nothing and not any(one.severity == "error" for one in draft.findings):
        draft.note("nothing-read", Said("returns.nothing_read"))
    return Reading(
        file=book.file,
        sha256=book.sha256,
        unit=draft.unit,
        period=draft.period,
        window=draft.window,
        basis=draft.basis,
        columns=columns_of(draft.rows),
        missing=missing_columns(draft.missing),
        explanations=tuple(draft.explanations),
        contacts=draft.contacts,
        commune_quotas=tuple(draft.commune_quotas),
        documents=tuple(_documents(draft)),
        findings=(*book.findings, *draft.findings),
        illustrative=draft.illustrative,
        own_form=draft.own_form,
    )


def _documents(draft: Draft) -> Iterator[dict[str, str]]:
    """The documents that say more than their kind, which the form may bring filled in."""
    for one in draft.documents.values():
        if one.keys() - {"unit", "source", "type"}:
            yield {name: one.get(name, "") for name in ("unit", "type", "number", "date", "title", "source")}


def understand(book: Workbook, plan: Plan, draft: Draft, mapping: Mapping | None = None) -> None:
    """What the sheets of a file say, into the draft: a table of observations, our own form, or foreign tables."""
    _note_hidden(book, draft)
    _note_injected(book, draft)
    context = context_of(plan)
    about = about_form(book)
    if about is None and mapping is None:
        first = book.grids[0] if book.grids else Grid("")
        header = [fold(str(cell)).replace(" ", "_") for cell in (first.rows[0] if first.rows else ())]
        if set(OBLIGATORY) <= set(header):
            read_tidy(first, plan, draft)
            _say_rows(draft)
            return
    _say_head(book, context, mapping, about, draft)
    if about is None and mapping is None:
        about = _about_bare(book, plan, draft)
    if about is not None:
        _read_own(book, about, plan, draft)
    else:
        _read_foreign(book, context, mapping, draft)


def _about_bare(book: Workbook, plan: Plan, draft: Draft) -> dict[str, str] | None:
    """What the hidden sheet of a form said, where somebody deleted it; None for what is no form."""
    titles = (
        cell for grid in book.grids for row in grid.rows[:_SEEN_ROWS] for cell in row if isinstance(cell, str)
    )
    lang, past = written_in((grid.name for grid in book.grids), titles, draft.period[:4])
    if not lang:
        return None
    return {
        "form": "vetanalysis", "plan": plan.name, "unit": draft.unit, "lang": lang, "past": "true" if past else "",
        "period": f"{draft.period[:4]}-FY" if past else draft.period,
        "illustrative": "true" if draft.illustrative else "false",
    }  # fmt: skip


def _read_own(book: Workbook, about: dict[str, str], plan: Plan, draft: Draft) -> None:
    draft.own_form = True
    other = about.get("plan", plan.name)
    if other in {one.name for one in plan.before}:
        now = _of_this_year(book, about, plan, draft)
        if not now:
            return
        about = {**about, "period": now, "window_start": "", "window_end": ""}
    elif other != plan.name and not (other.startswith(plan.name) or plan.name.startswith(other)):
        draft.note("form-plan", Said("returns.form.other_plan", plan=other))
        return
    if not _known(about.get("unit", ""), about.get("period", ""), plan, draft):
        return
    _note_reused(book, about, plan, draft)
    draft.unit, draft.period, draft.alone = about["unit"], about["period"], False
    draft.illustrative = about.get("illustrative") == "true"
    draft.basis = about.get("basis", "cumulative")
    if about.get("window_start") and about.get("window_end"):
        draft.window = about["window_start"], about["window_end"]
    read_form(book, about, plan, draft)


def _of_this_year(book: Workbook, about: dict[str, str], plan: Plan, draft: Draft) -> str:
    """The period of this plan that all titles of a form of a year before name, noted; "" with what to do where none is.

    Only then is it certain that this year's figures were written over last year's: each sheet with figures says its
    period in the line for it, that one alone, and above its table nothing says another.
    """
    say, plan_before = FormWords(about.get("lang", "vi")), about["plan"]
    hidden, periods = period_words(about.get("period", "")), _periods_named(plan, say)
    seen = [one for one in _seen_lines(book, say) if one[0] == "period"]
    codes = sorted({code for _, words, *_ in seen for code in periods(words)})
    now = next((one for one in codes if plan.years[0] <= int(one[:4]) <= plan.years[1]), "")
    above = [one for one in _above_figures(book) if periods(one[1])]
    titled = {grid.name for _, _, grid, _ in seen}
    without = [("", "", one, "") for one in _with_figures(book) if one.name not in titled]
    other = next((one for one in (*seen, *above, *without) if periods(one[1]) != {now}), None)
    if seen and now and other is None and not about.get("past"):
        what = Said("returns.form.year_before_read", plan=plan_before, hidden=hidden, now=period_words(now))
        draft.note("form-plan", what, *seen[0][2:], severity="warning")
        return now
    words = other[1][:80] if other else ""
    what = Said("returns.form.year_before", plan=plan_before, hidden=hidden, seen=words, some=bool(now))
    draft.note("form-plan", what, *(other[2:] if other else ()))
    return ""


def _periods_named(plan: Plan, say: FormWords) -> Callable[[str], set[str]]:
    """What tells the periods that words name: those read anywhere, else those a form of these plans says."""
    years = range(min(one.years[0] for one in (plan, *plan.before)), plan.years[1] + 1)
    every = (str(one) for year in years for one in cutoffs(year, plan.calendar))
    printed = {say("period", cutoff=one).lower(): one for one in every}
    longest = sorted(map(re.escape, printed), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w/.-])(?:{'|'.join(longest)})(?![\w/-])")

    def named(words: str) -> set[str]:
        found = {code for code, _ in periods_in([words])}
        return found or {printed[one] for one in pattern.findall(words.lower())}

    return named


def _with_figures(book: Workbook) -> list[Grid]:
    """The sheets in which the hidden one of the cells says that figures stand; without it all that are seen."""
    cells = book.grid(CELLS_SHEET)
    names = (
        {grid.name for grid in book.grids} if cells is None else {str(row[0]) for row in cells.rows if row}
    )
    return [grid for grid in book.grids if not grid.hidden and grid.name in names]


def _above_figures(book: Workbook) -> Iterator[tuple[str, str, Grid, Place]]:
    """The words above the tables of figures, as `_seen_lines` gives those of lines."""
    for grid in _with_figures(book):
        for r, row in enumerate(grid.rows[: FIRST_ROW - 1]):
            yield from (
                ("period", compose(cell), grid, (r, c)) for c, cell in enumerate(row) if isinstance(cell, str)
            )


def _read_foreign(book: Workbook, context: Context, mapping: Mapping | None, draft: Draft) -> None:
    if draft.period:
        try:
            context.plan.check_cutoff(parse_cutoff(draft.period))
        except WrongCall as error:
            what = Said("returns.period_outside", period=period_words(draft.period), why=str(error))
            draft.note("period-other", what)
            return
    if mapping is not None and mapping.basis:
        draft.basis = mapping.basis
    titled: set[str] = set()
    for grid in book.grids:
        entry = mapping.sheet(grid.name) if mapping else None
        if grid.hidden or (mapping and entry is None):
            continue
        titled |= read_sheet(grid, context, draft, entry)
    for step in draft.at_the_end:
        step()
    if titled and draft.period not in titled:
        draft.period = min(titled)  # what its tables say, whatever the folder
    stated = {str(row["unit"]) for row in draft.rows}
    if not draft.unit and len(stated) == 1:
        draft.unit = stated.pop()
    if not draft.unit and not stated:
        draft.note("unit-missing", Said("returns.no_unit_named"))
    if not draft.period and not draft.rows:
        draft.note("period-missing", Said("returns.no_period_named"))
    bases = {str(row["basis"]) for row in draft.rows} - {"stock"}
    draft.basis = draft.basis or (bases.pop() if len(bases) == 1 else "")


def _known(unit: str, period: str, plan: Plan, draft: Draft) -> bool:
    """Whether the unit and period a form names exist in the plan; otherwise findings say so."""
    good = unit in by_unit(plan, "name")
    if not good:
        rule = "unit-unknown" if unit else "unit-missing"
        draft.note(rule, Said("returns.unit_code", code=unit), severity="error")
    try:
        plan.check_cutoff(parse_cutoff(period))
    except VetanalysisError as error:
        good = False
        rule = "period-other" if period else "period-missing"
        draft.note(rule, Said("returns.period_unusable", period=period, why=str(error)))
    return good


def _say_rows(draft: Draft) -> None:
    units, periods = ({str(row[name]) for row in draft.rows} for name in ("unit", "period"))
    draft.unit = units.pop() if len(units) == 1 else ""
    draft.period = periods.pop() if len(periods) == 1 else ""
    draft.illustrative = bool(draft.rows) and all(row.get("illustrative") for row in draft.rows)


def _say_head(
    book: Workbook, context: Context, mapping: Mapping | None, about: dict[str, str] | None, draft: Draft
) -> None:
    """Unit, period and window from the mapping, the title blocks, the sheet names and the file's own name."""
    titles: list[str] = []
    for row in (row for grid in book.grids if not grid.hidden for row in grid.rows[:12]):
        texts = [cell for cell in row if isinstance(cell, str) and cell]
        titles += [*texts, *([" ".join(texts)] if len(texts) == 2 else [])]
    draft.window = read_window(titles)
    draft.illustrative = any(_ILLUSTRATIVE.search(fold(text)) for text in titles)
    if about is not None:
        return
    stem = book.path.stem
    places = [*titles, *(grid.name for grid in book.grids), stem, book.path.parent.name]
    period = read_period(places)
    if mapping is not None and mapping.period:
        period = mapping.period, False
    if period:
        draft.period, draft.alone = period
    draft.unit = (mapping.unit if mapping else "") or _sender(titles, stem, book, context)


def _sender(titles: list[str], stem: str, book: Workbook, context: Context) -> str:
    """The unit that a line names as the sender, a letterhead, a sheet's name or the file's; "" where none does.

    Of a letterhead the body beneath is the sender; the place itself is none where a body that nobody knows is.
    """
    named = [text for text in titles if _SENDER.match(text) and not _LETTERHEAD.match(text)]
    for at, text in enumerate(titles):
        if _LETTERHEAD.match(text):
            after = (
                one for one in titles[at + 1 : at + 4] if not one.startswith(text)
            )  # but for its own row joined
            beneath = [one for one in after if _BODY.match(one)][:1]
            of_place = context.names.find(_LETTERHEAD.sub("", text)) == (context.plan.place.code,)
            named += beneath if of_place and beneath else [*beneath, text]
    for text in (*named, *(grid.name for grid in book.grids)):
        found = context.names.find(_SENDER.sub("", text)) or context.names.find(text)
        if len(found) == 1:
            return found[0]
    code = _CODE_IN_NAME.match(stem)
    if code and code.group(1) in by_unit(context.plan, "name"):
        return code.group(1)
    found = context.names.find(re.sub(r"[_\d]+", " ", stem))
    return found[0] if len(found) == 1 else ""


def _note_hidden(book: Workbook, draft: Draft) -> None:
    for grid in book.grids:
        if grid.hidden and not grid.name.startswith("_"):
            draft.note("sheet-hidden", Said("returns.hidden_sheet", page=grid.name), grid)
        rows = sorted(
            r for r in grid.structure.hidden_rows if r < len(grid.rows) and any(v != "" for v in grid.rows[r])
        )
        columns = sorted(c for c in grid.structure.hidden_columns if c < grid.width)
        if (rows or columns) and not grid.hidden:
            what = Said("returns.hidden_parts", rows=len(rows), columns=len(columns))
            first = (rows[0] if rows else 0, columns[0] if columns else 0)
            draft.note("sheet-hidden", what, grid, address(first))


def _note_injected(book: Workbook, draft: Draft) -> None:
    for grid in book.grids:
        for r, row in enumerate(grid.rows):
            for c, cell in enumerate(row):
                if isinstance(cell, str) and cell[:1] in ("=", "+", "@", "-") and injects(cell):
                    draft.note("formula-command", Said("returns.command", words=cell[:60]), grid, (r, c))


def _note_reused(book: Workbook, about: dict[str, str], plan: Plan, draft: Draft) -> None:
    """Note each of unit, period and plan that a visible line gives otherwise than the hidden sheet (`about`).

    Whoever copies a neighbour's form writes another name over the lines above the tables; the hidden sheet keeps the
    name it was made for, and nobody can say which of the two is meant.

    An error for a name, period or plan that is another one; a warning for a unit's name that the plan does not know.
    """
    told: set[str] = set()
    say, unit = FormWords(about.get("lang", "vi")), plan.unit(about["unit"])
    hidden = {
        "unit": Said("returns.unit", label=unit.label, code=unit.code), "plan": plan.name,
        "period": period_words(about["period"]),
    }  # fmt: skip
    for what, words, grid, place in _seen_lines(book, say):
        kind = "unit" if what == "code" else what
        severity = None if kind in told else _other(what, words, about, unit, plan, say)
        if severity is not None:
            told.add(kind)
            said = Said(f"returns.form.seen_{kind}", seen=words[:80], hidden=hidden[kind])
            draft.note("form-reused", said, grid, place, severity=severity)


def _seen_lines(book: Workbook, say: FormWords) -> Iterator[tuple[str, str, Grid, Place]]:
    """The lines of titles ("Đơn vị báo cáo: ...") and those of the cover (a label, and its words beside it): what each
    is about ("unit", "code", "period" or "plan"), its words, and where they stand.
    """
    labels = {
        fold(say("fact.unit")): "unit", fold(say("column.code")): "code",
        fold(say("fact.period")): "period", fold(say("fact.plan")): "plan",
    }  # fmt: skip
    for grid in book.grids:
        cover = fold(grid.name) == fold(say("sheet.cover"))
        for r, row in enumerate(() if grid.hidden else grid.rows[:_SEEN_ROWS]):
            text = compose(str(row[0])) if row else ""
            label, colon, words = text.partition(":")
            about, beside = labels.get(fold(label), ""), not colon and cover and len(row) > 1
            words, place = compose(text_of(row[1]) if beside else words), (r, int(beside))
            if about and words:
                yield about, words, grid, place


def _other(
    what: str, words: str, about: dict[str, str], unit: Unit, plan: Plan, say: FormWords
) -> str | None:
    """The severity with which a line disagrees with the hidden sheet; None where it agrees or cannot be judged."""
    if what == "code":
        return "error" if words != about["unit"] and words in by_unit(plan, "name") else None
    if what == "unit":
        if fold(words) == fold(say.text(unit.label)):
            return None
        found = context_of(plan).names.find(words)
        return "warning" if not found else None if about["unit"] in found else "error"
    if what == "period":
        period = read_period([words])
        return "error" if period and period[0] != about["period"] else None
    if about.get("plan", plan.name) != plan.name:
        return None  # the form of a plan like this one, which is allowed
    title, number = fold(say.text(plan.title)), fold(plan.number or "")
    here = fold(words)
    return None if title in here or (number and number in here) else "error"
