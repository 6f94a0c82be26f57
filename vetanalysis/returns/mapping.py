"""How a sheet that is not ours is laid out, said once in a mapping file.

The mapping file is YAML, one entry per sheet layout:

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

Without one the table is looked for (`layouts`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, field_validator

from vetanalysis.blocks import Said
from vetanalysis.errors import DataRefused, Finding
from vetanalysis.plan import Plan
from vetanalysis.returns.key import Key, column_number
from vetanalysis.returns.names import fold
from vetanalysis.text_files import read_yaml


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_Fields = create_model("_Fields", __base__=_Record, **dict.fromkeys(Key._fields, (str, "")))  # type: ignore[call-overload]


class Meaning(_Fields):  # type: ignore[misc, valid-type]
    """What a column or a row label stands for: any field of a `Key`."""

    def given(self) -> dict[str, str]:
        """Only what is said."""
        return self.model_dump(exclude_defaults=True)  # type: ignore[no-any-return]


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

    Raises WrongCall for a file that is not there, DataRefused with all findings where it cannot be read or says
    something wrong.
    """
    path = Path(path)
    raw, _ = read_yaml(path, path.name, "mapping")
    try:
        mapping = Mapping.model_validate(raw)
    except ValidationError as error:
        raise DataRefused(
            [
                _wrong(path, ".".join(map(str, one["loc"])), Said("returns.mapping.entry", why=one["msg"]))
                for one in error.errors()
            ]
        ) from error
    wrong = _unknown(mapping, plan) if plan is not None else []
    if wrong:
        raise DataRefused([_wrong(path, place, what) for place, what in wrong])
    return mapping


def _wrong(path: Path, place: str, what: Said) -> Finding:
    return Finding("error", path.name, place, "mapping-file", what, Said("returns.mapping.do"))


def _unknown(mapping: Mapping, plan: Plan) -> list[tuple[str, Said]]:
    """Places of the file with an indicator or a unit that the plan does not have."""
    known = {"indicator": set(plan.indicators["id"]), "unit": set(plan.units["code"])}
    named = [("unit", "unit", mapping.unit)] if mapping.unit else []
    for number, sheet in enumerate(mapping.sheets):
        for kind, meanings in (("columns", sheet.columns), ("labels", sheet.labels)):
            for name, meaning in meanings.items():
                place = f"sheets.{number}.{kind}.{name}"
                named += [(place, what, value) for what, value in meaning.given().items() if what in known]
    return [
        (place, Said(f"returns.mapping.{what}", name=value, plan=plan.name))
        for place, what, value in named
        if value not in known[what]
    ]
