"""The faults themselves: what a person did to a form before sending it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.illustrative_year.deliveries import COUNTED_TWICE, WRONG_TOTAL
from tests.illustrative_year.tcvn3 import font_for, to_tcvn3
from vetanalysis.returns.form_book import FONT as FORM_FONT
from vetanalysis.returns.form_book import Form
from vetanalysis.returns.form_sheets import Formula
from vetanalysis.returns.key import Key

_HIDDEN = "hidden"


def count_twice(figures: Mapping[Key, float]) -> dict[Key, float]:
    """The first version of the corrected return: one elementary class stands there twice."""
    key = Key("people_enrolled", level="elementary", measure="persons", basis="cumulative")
    return {**figures, key: figures[key] + COUNTED_TWICE}


def spoil_total(form: Form) -> None:
    """A total typed over its formula on the sheet of new enrolments, off by a class."""
    totals = [
        (sheet, ref, formula)
        for (sheet, ref), formula in form.formulas.items()
        if isinstance(formula, Formula)
        and sheet == "Tuyển mới"
        and not formula.minus
        and len(formula.plus) > 3
    ]
    sheet, ref, _ = next(one for one in totals if one[1].startswith("C"))
    form.overwrite(sheet, ref, float(form.results()[sheet, ref]) + WRONG_TOTAL[2])


def retype_in_old_font(form: Form) -> None:
    """Every visible word in TCVN3 codes and the font .VnTime, as from an office that never changed over."""
    from copy import copy

    for sheet in form.book.worksheets:
        if sheet.sheet_state == _HIDDEN:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "s":
                    font = copy(cell.font)
                    font.name = font_for(cell.value) if font.name == FORM_FONT else font.name
                    cell.value, cell.font = to_tcvn3(cell.value), font
                    cell.data_type = "s"
