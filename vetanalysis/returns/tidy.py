"""A plain table of observations: columns unit, period, indicator, value and whatever else is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vetanalysis.blocks import Text
from vetanalysis.observations.checks import ALLOWED, COLUMNS, OPTIONAL, PERIOD
from vetanalysis.returns.cells import Grid
from vetanalysis.returns.draft import Draft
from vetanalysis.returns.ooxml import letters

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

_COLUMNS = frozenset(COLUMNS) - frozenset(OPTIONAL)  # a school's return holds no survey figures
_BREAKS = _COLUMNS - {"value", "illustrative", "source"}


def read_tidy(grid: Grid, header: list[str], plan: Plan, draft: Draft) -> None:
    """Rows of a plain table into the draft; a row that cannot be used is refused with its reason, others stay.

    What a row does not say: `measure` and `basis` are those the plan gives the indicator, `status` is
    provisional. Columns that are not among those of the observations are listed.
    """
    places = {name: column for column, name in enumerate(header) if name in _COLUMNS}
    for column, name in enumerate(header):
        if name and name not in _COLUMNS:
            draft.unknown_columns.append(f"{grid.name}!{letters(column)}: {name}")
            what = Text(f"cột chưa biết: {name[:60]}", f"unknown column: {name[:60]}")
            draft.note("column-unknown", what, grid, f"{letters(column)}1")
    units = set(plan.units["code"])
    usual = plan.indicators.drop_duplicates("id").set_index("id")[["measure", "basis"]].to_dict("index")
    for number in range(1, len(grid.rows)):
        texts = {name: _text(grid.at(number, column)) for name, column in places.items() if name in _BREAKS}
        if not any(texts.values()):
            continue
        reason = _reason(texts, units, usual)
        if reason:
            draft.note("row-refused", reason, grid, f"A{number + 1}")
            continue
        known = usual[texts["indicator"]]
        texts["measure"] = texts.get("measure") or known["measure"].split("|")[0]
        texts["basis"] = texts.get("basis") or (
            "period" if texts["period"][-2:] in ("Q2", "Q3", "Q4") else known["basis"]
        )
        texts["status"] = texts.get("status") or "provisional"
        illustrative = _text(grid.at(number, places["illustrative"])) if "illustrative" in places else ""
        draft.figure(
            grid, (number, places["value"]), {**texts, "illustrative": illustrative.lower() in ("true", "1")}
        )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _reason(texts: dict[str, str], units: set[str], usual: dict[str, dict[str, str]]) -> Text | None:
    if texts["unit"] not in units:
        unit = texts["unit"][:40]
        return Text(f"không có đơn vị “{unit}”", f'no unit "{unit}" in the plan')
    if texts["indicator"] not in usual:
        name = texts["indicator"][:60]
        return Text(f"không có chỉ tiêu “{name}”", f'no indicator "{name}" in the plan')
    if not re.fullmatch(PERIOD, texts["period"]):
        period = texts["period"][:20]
        return Text(
            f"kỳ “{period}” không đúng dạng 2023-9M", f'the period "{period}" is not of the form 2023-9M'
        )
    for name, allowed in ALLOWED.items():
        if name != "illustrative" and texts.get(name) and texts[name] not in allowed:
            value = texts[name][:30]
            return Text(f"{name} “{value}” không hợp lệ", f'{name} "{value}" is none of {", ".join(allowed)}')
    return None
