"""The tidy table of figures: its columns, how parts are put together, missing against zero.

One row is one figure that knows its unit, period, definition, source and the earliest day on which it
was known. Files and frames carry percent (62); shares (0.62) live only inside the projections, and
`to_share` and `to_percent` are the only way between the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.observation_checks import (
    COLUMNS,
    as_text,
    check_observations,
    is_iso_day,
    only_errors,
)
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

__all__ = [
    "COLUMNS",
    "DTYPES",
    "check_observations",
    "combine",
    "empty_observations",
    "load_observations",
    "normalise",
    "only_known_by",
    "read_csv",
    "to_percent",
    "to_share",
]

DTYPES: Mapping[str, str] = {
    name: {"value": "float64", "illustrative": "bool"}.get(name, "str") for name in COLUMNS
}


def to_share(percent: Any) -> Any:
    """62 (percent) to 0.62 (share): a number, an array, a Series or a frame; missing stays missing."""
    return percent / 100.0


def to_percent(share: Any) -> Any:
    """0.62 (share) to 62 (percent): the inverse of `to_share`."""
    return share * 100.0


class LeftOut(tuple):
    """The rows a frame carries as left out. pandas copies what a frame carries with every step; this stays one."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> LeftOut:
        return self


def empty_observations() -> pd.DataFrame:
    """The table without a row: every column, with its type."""
    frame = pd.DataFrame({name: pd.Series(dtype=DTYPES[name]) for name in COLUMNS})
    frame.attrs["left_out"] = LeftOut()
    return frame


def normalise(frame: pd.DataFrame, plan: Plan | None = None) -> pd.DataFrame:
    """The same figures in all columns, in order, with their types: a checked frame in, a new frame out.

    Breakdowns that are absent mean "all" (""). `value`: a blank is missing (NaN), never zero.
    `measure`, where not given, is that of the indicator (`data/published/indicators.csv`, else the plan's
    own table, else what the name says); `basis` is "stock" for rates and stocks, "period" for a quarter
    alone, else "cumulative"; `status` is "provisional" (nothing said that it is final); `illustrative` is
    False. Unit codes are strings: 20 becomes "20", and with a plan a code that lost its leading zeros gets
    them back where one unit only fits.
    """
    text = {
        name: (
            as_text(frame[name]).reset_index(drop=True)
            if name in frame.columns
            else pd.Series([""] * len(frame), dtype="str")
        )
        for name in COLUMNS
    }
    result = pd.DataFrame(text, columns=list(COLUMNS))
    result["value"] = pd.to_numeric(result["value"].where(result["value"] != ""), errors="coerce").astype(
        "float64"
    )
    result["illustrative"] = result["illustrative"].str.lower() == "true"
    if plan is not None:
        result["unit"] = _with_zeros(result["unit"], plan)
    result["measure"] = _filled(result, "measure", plan)
    basis = _filled(result, "basis", plan)
    alone = (
        result["period"].str.fullmatch(r"\d{4}-Q[234]") & (result["basis"] == "") & (basis == "cumulative")
    )
    result["basis"] = basis.mask(alone, "period")
    result["status"] = result["status"].mask(result["status"] == "", "provisional")
    result = result.astype(dict(DTYPES))
    result.attrs["left_out"] = LeftOut(frame.attrs.get("left_out", ()))
    return result


def _with_zeros(unit: pd.Series, plan: Plan) -> pd.Series:
    codes = [str(code) for code in plan.units["code"]]
    bare: dict[str, list[str]] = {}
    for code in dict.fromkeys(codes):
        bare.setdefault(code.lstrip("0"), []).append(code)
    known = set(codes)
    repaired = {
        code: bare[code][0] for code in unit.unique() if code not in known and len(bare.get(code, ())) == 1
    }
    return unit.replace(repaired) if repaired else unit


def _filled(frame: pd.DataFrame, column: str, plan: Plan | None) -> pd.Series:
    blank = frame[column] == ""
    if not blank.any():
        return frame[column]
    from vetanalysis.published import load_indicators

    stated = load_indicators()[column].to_dict()
    if plan is not None and getattr(plan, "indicators", None) is not None:
        own = plan.indicators.drop_duplicates("id").set_index("id")[column]
        stated |= {name: word.split("|")[0] for name, word in own.items() if word and name not in stated}
    defaults = {}
    for name in frame.loc[blank, "indicator"].unique():
        rate = name.endswith(("_rate", "_share"))
        guess = {"measure": "percent" if rate else "persons", "basis": "stock" if rate else "cumulative"}[
            column
        ]
        defaults[name] = stated.get(name, guess)
    return frame[column].where(~blank, frame["indicator"].map(defaults)).astype("str")


def combine(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Parts one under another in the columns of the table; identical rows once; `left_out` lists joined."""
    parts = [part if _typed(part) else normalise(part) for part in frames]
    left_out = LeftOut(row for part in parts for row in part.attrs.get("left_out", ()))
    filled = [part.copy(deep=False) for part in parts if len(part)]
    for part in filled:
        part.attrs = {}  # the lists are joined here; pandas would compare them
    result = (
        pd.concat(filled, ignore_index=True).drop_duplicates(ignore_index=True)
        if filled
        else empty_observations()
    )
    result.attrs["left_out"] = left_out
    return result


def _typed(frame: pd.DataFrame) -> bool:
    return tuple(frame.columns) == COLUMNS and all(str(frame[name].dtype) == DTYPES[name] for name in COLUMNS)


def read_csv(path: Path) -> pd.DataFrame:
    """A CSV file as text, every cell as written; DataRefused names the file and what to do."""

    def refused(rule: str, found: Text, remedy: Text) -> DataRefused:
        return DataRefused([Finding("error", path.name, "", rule, found, remedy)])

    try:
        mark = _separator(path)
        table = pd.read_csv(
            path, dtype="str", keep_default_na=False, encoding="utf-8-sig", on_bad_lines="error", sep=mark
        )
        return table if mark == "," else _with_points(table)
    except FileNotFoundError:
        raise WrongCall(Text(f"{path}: không có tệp này", f"{path}: no such file")) from None
    except UnicodeDecodeError as error:
        raise refused(
            "not-utf-8",
            Text(
                f"tệp không phải UTF-8 (byte thứ {error.start})",
                f"the file is not UTF-8 (byte {error.start})",
            ),
            Text("Lưu lại ở dạng “CSV UTF-8”", 'Save it again as "CSV UTF-8"'),
        ) from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        said = str(error).strip().replace("\n", " ")
        raise refused(
            "unreadable-csv",
            Text(f"không đọc được tệp CSV ({said})", f"the CSV cannot be read ({said})"),
            Text(
                "Mỗi dòng phải đủ số cột; đặt ô có dấu phẩy trong ngoặc kép",
                "Give every line the same number of cells; quote cells that hold a comma",
            ),
        ) from None


def _separator(path: Path) -> str:
    """What divides the cells: a comma, or the semicolon or tab that Excel writes where the comma is for decimals."""
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        head = handle.readline()
    return max((",", ";", "\t"), key=head.count)


def _with_points(table: pd.DataFrame) -> pd.DataFrame:
    """A table that Excel divided by semicolons, its decimal commas as points; one that mixes both is left as it is."""
    if "value" not in table.columns:
        return table
    commas = table["value"].str.fullmatch(r"\s*\d+,\d{1,2}\s*")
    if not commas.any() or table["value"].str.contains(".", regex=False).any():
        return table
    return table.assign(value=table["value"].mask(commas, table["value"].str.replace(",", ".")))


def load_observations(
    plan: Plan,
    returns: Any = "default",
    published: Any = "default",
    known_by: str | None = None,
) -> pd.DataFrame:
    """Everything known for a plan, in `COLUMNS`.

    `returns`, `published`: "default" (the plan's folder of returned workbooks; `data/published`), None
    (leave out), a path, a list of paths, or a frame. Returns may be workbooks or tidy files (`vetanalysis.tidy.files`),
    a folder of tidy files is all its vintages. `known_by`: ISO day, inclusive, held against
    `vintage`: later figures are not read, figures whose day is unknown are left out and listed in
    `.attrs["left_out"]` (dicts with unit, period, indicator, value, source).
    Errors: DataRefused with all findings; WrongCall for a path that does not exist or a malformed day.
    """
    if known_by is not None and not is_iso_day(str(known_by)):
        raise WrongCall(
            Text(
                f'known_by "{known_by}" không phải một ngày; viết như 2023-02-01',
                f'known_by "{known_by}" is not a day: write it like 2023-02-01',
            )
        )
    parts = [*_published_parts(published), *_returned_parts(plan, returns, known_by)]
    return only_known_by(combine(parts), known_by)


def only_known_by(frame: pd.DataFrame, known_by: str | None) -> pd.DataFrame:
    """The figures proven to be known on that day (inclusive); None keeps all. See `load_observations`."""
    if known_by is None:
        return frame
    day = str(known_by)
    undated = frame["vintage"] == ""
    listed = frame.loc[undated, ["unit", "period", "indicator", "value", "source"]].to_dict("records")
    before = frame.attrs.get("left_out", ())
    kept = frame[~undated & (frame["vintage"] <= day)].reset_index(drop=True)
    kept.attrs["left_out"] = LeftOut((*before, *listed))
    return kept


def _each(given: Any, what: str) -> list[Path]:
    paths = [given] if isinstance(given, str | Path) else list(given)
    result = [Path(path) for path in paths]
    for path in result:
        if not path.exists():
            raise WrongCall(Text(f"{what}: không có {path}", f"{what}: {path} does not exist"))
    return result


def _published_parts(given: Any) -> list[pd.DataFrame]:
    from vetanalysis.published import load_published, load_published_file

    if given is None:
        return []
    if isinstance(given, pd.DataFrame):
        return [_checked(given, None)]
    if isinstance(given, str) and given == "default":
        return [load_published()]
    return [
        load_published(path) if path.is_dir() else load_published_file(path)
        for path in _each(given, "published")
    ]


def _returned_parts(plan: Plan, given: Any, known_by: str | None) -> list[pd.DataFrame]:
    if given is None:
        return []
    if isinstance(given, pd.DataFrame):
        return [_checked(given, plan)]
    if isinstance(given, str) and given == "default":
        from vetanalysis.paths import data_root

        folder = data_root() / "returns" / plan.name
        paths = [folder] if folder.is_dir() else []
    else:
        paths = _each(given, "returns")
    from vetanalysis.tidy.files import SUFFIXES, read_vintages, tidy_files

    parts, brought = [], []
    for path in paths:
        tidy = [path] if path.suffix.lower() in SUFFIXES and path.is_file() else tidy_files(path)
        brought += tidy
        if not tidy:
            from vetanalysis.returns.ledger import load_returns

            parts.append(load_returns(plan, path, known_by))
    return [*parts, read_vintages(brought, plan)] if brought else parts


def _checked(frame: pd.DataFrame, plan: Plan | None) -> pd.DataFrame:
    if _typed(frame):
        repaired = frame
    elif set(("unit", "period", "indicator", "value")) <= set(frame.columns):
        filled = normalise(frame, plan)
        repaired = frame.reset_index(drop=True).assign(unit=filled["unit"], measure=filled["measure"])
    else:
        repaired = frame
    errors = only_errors(check_observations(repaired, plan))
    if errors:
        raise DataRefused(errors)
    return frame.copy() if _typed(frame) else normalise(frame, plan)
