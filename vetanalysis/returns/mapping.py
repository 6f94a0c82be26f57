"""The mapping file: it says once how a foreign layout maps to indicators.

A YAML file, one entry per sheet layout:

    name: Biểu 02 của Phòng LĐTBXH
    unit: "183"                # optional; otherwise the title, the rows or the file name say it
    period: 2023-9M            # optional
    basis: cumulative          # optional
    sheets:
      - sheet: Bieu 2          # matched without marks and case; "*" is every sheet
        first_row: 8           # first row of figures (from 1); last_row optional
        label: B               # the column with the names
        labels:                # optional: what a row label stands for
          Sơ cấp: {level: elementary}
        columns:
          D: {indicator: people_enrolled, measure: persons}
          E: {indicator: people_enrolled, sex: female, measure: persons}
        ignore: [F, G]

A mapping that is wrong raises `DataRefused` with everything that is wrong in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from vetanalysis.blocks import Text
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.returns.names import fold
from vetanalysis.returns.ooxml import column_number

if TYPE_CHECKING:
    from vetanalysis.plan import Plan


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Meaning(_Record):
    """What a column or a row label stands for, in the columns of the observations; empty says nothing."""

    indicator: str = ""
    level: str = ""
    sex: str = ""
    group: str = ""
    residence: str = ""
    trade: str = ""
    fund_source: str = ""
    channel: str = ""
    measure: str = ""
    basis: str = ""
    period: str = ""
    unit: str = ""

    def given(self) -> dict[str, str]:
        """Only what is said."""
        return {name: value for name, value in self.model_dump().items() if value}


class SheetMapping(_Record):
    """How one sheet is laid out; letters of columns, rows counted from 1."""

    sheet: str = "*"
    first_row: int = Field(ge=1)
    last_row: int | None = Field(default=None, ge=1)
    label: str = "A"
    labels: dict[str, Meaning] = Field(default_factory=dict)
    columns: dict[str, Meaning]
    ignore: tuple[str, ...] = ()

    @field_validator("columns", "ignore", "label")
    @classmethod
    def _letters(cls, value: Any) -> Any:
        for name in [value] if isinstance(value, str) else value:
            if not (name.isascii() and name.isalpha() and len(name) <= 3):
                raise ValueError(f"{name!r} is not a column letter")
        return value

    def column_meanings(self) -> dict[int, dict[str, str]]:
        """Meanings by column counted from 0."""
        return {column_number(name): meaning.given() for name, meaning in self.columns.items()}

    def fits(self, name: str) -> bool:
        """Whether this entry is for the sheet of that name."""
        return self.sheet == "*" or fold(self.sheet) == fold(name)


class Mapping(_Record):
    """A checked mapping file."""

    name: str = ""
    unit: str = ""
    period: str = ""
    basis: str = ""
    sheets: tuple[SheetMapping, ...] = Field(min_length=1)

    def sheet(self, name: str) -> SheetMapping | None:
        """The entry for a sheet, or None."""
        return next((one for one in self.sheets if one.fits(name)), None)


def load_mapping(path: str | Path, plan: Plan | None = None) -> Mapping:
    """Read and check a mapping file; with a plan also that its indicators and units exist there.

    Raises WrongCall when the file cannot be read, DataRefused with all findings when what it says is wrong.
    """
    path = Path(path)
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WrongCall(f"mapping file {path}: {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataRefused(
            [_wrong(path, "", str(error).replace("\n", " ")[:200], "tệp không đọc được")]
        ) from error
    try:
        mapping = Mapping.model_validate(raw)
    except ValidationError as error:
        raise DataRefused(
            [
                _wrong(path, ".".join(map(str, one["loc"])), one["msg"], "mục này không đúng quy cách")
                for one in error.errors()
            ]
        ) from error
    wrong = _unknown(mapping, plan) if plan is not None else []
    if wrong:
        raise DataRefused([_wrong(path, place, text.en, text.vi) for place, text in wrong])
    return mapping


def _wrong(path: Path, place: str, text: str, vi: str) -> Finding:
    remedy = Text("sửa tệp ánh xạ", "correct the mapping file")
    return Finding("error", path.name, place, "mapping-file", Text(vi, text), remedy)


def _no_unit(code: str, plan: Plan) -> Text:
    return Text(f"kế hoạch không có đơn vị {code}", f"no unit {code} in plan {plan.name}")


def _unknown(mapping: Mapping, plan: Plan) -> list[tuple[str, Text]]:
    indicators, units = set(plan.indicators["id"]), set(plan.units["code"])
    wrong = []
    if mapping.unit and mapping.unit not in units:
        wrong.append(("unit", _no_unit(mapping.unit, plan)))
    for number, sheet in enumerate(mapping.sheets):
        for kind, meanings in (("columns", sheet.columns), ("labels", sheet.labels)):
            for name, meaning in meanings.items():
                place = f"sheets.{number}.{kind}.{name}"
                if meaning.indicator and meaning.indicator not in indicators:
                    name = meaning.indicator
                    what = Text(
                        f"kế hoạch không có chỉ tiêu {name}", f"no indicator {name} in plan {plan.name}"
                    )
                    wrong.append((place, what))
                if meaning.unit and meaning.unit not in units:
                    wrong.append((place, _no_unit(meaning.unit, plan)))
    return wrong
