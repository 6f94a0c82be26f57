"""Reading the files of a plan folder as they stand: YAML with line numbers, tables as text, shapes, `extends`.

Nothing is judged here but whether a file can be read; `vetanalysis.plan.checks` judges what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.checks import finding, missing_columns
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.language.lines import PlanWords
from vetanalysis.language.own_words import OF_UNITS, check_language_words, check_words
from vetanalysis.periods import by_one_name
from vetanalysis.plan.shapes import Shapes, read_shapes
from vetanalysis.text_files import read_rows, read_yaml

PLAN_FILE = "plan.yaml"
WORDS_FILE = "words.yaml"  # lines of vetanalysis/language that the plan words otherwise
LANGUAGE_FILES = "words.*.yaml"  # the same lines in a language that the plan brings: words.de.yaml
COLUMNS = {
    "units": ("code", "name", "short_name", "name_en", "kind", "parent", "valid_from", "valid_to", "aliases"),
    "quotas": ("unit", "level", "period", "value", "source"),
    "indicators": (
        "row",
        "plan_ref",
        "id",
        "label_vi",
        "label_en",
        "measure",
        "direction",
        "sender",
        "periods",
        "formula_vi",
        "formula_en",
        "numerator",
        "denominator",
        "kind",
        "breakdowns",
        "narrative_only",
        "basis",
    ),
}
OPTIONAL_COLUMNS = {"quotas": ("indicator",)}  # for which count a quota is given
# Tables a plan may do without.
OPTIONAL_TABLES = {
    "crosswalk": ("unit", "successor", "successor_name", "valid_from", "share", "kind", "source", "note"),
    "tiles": ("code", "row", "column"),
}
# What makes a row the same row when a plan extends another: its own row then replaces the inherited one.
KEYS = {
    "units": ("code", "valid_from"),
    "quotas": ("unit", "level", "period", "indicator"),
    "indicators": ("row", "id"),
    "crosswalk": ("unit", "successor", "valid_from"),
    "tiles": ("code",),
}


@dataclass
class PlanFiles:
    """A plan folder as read: `raw` is the merged YAML, `lines` the line of each key of its own file.

    `words`: {"family.name": {"vi": ..., "en": ..., "de": ...}}, what the plan words otherwise, checked.
    """

    folder: Path
    raw: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    units: pd.DataFrame = field(default_factory=pd.DataFrame)
    quotas: pd.DataFrame = field(default_factory=pd.DataFrame)
    indicators: pd.DataFrame = field(default_factory=pd.DataFrame)
    crosswalk: pd.DataFrame = field(default_factory=pd.DataFrame)
    tiles: pd.DataFrame = field(default_factory=pd.DataFrame)
    shapes: Shapes | None = None
    words: PlanWords = field(default_factory=PlanWords)
    findings: list[Finding] = field(default_factory=list)

    def file(self, name: str = PLAN_FILE) -> str:
        """`folder/file`, as a reader knows it."""
        return f"{self.folder.name}/{name}"

    def place(self, path: str) -> str:
        """A key path with its line in plan.yaml, or that of the nearest key above it."""
        above = path
        while above and above not in self.lines:
            above = above[: max(above.rfind("."), above.rfind("["), 0)]
        line = self.lines.get(above)
        return f"{path} (line {line})" if line else path

    def error(
        self,
        path: str,
        rule: str,
        line: str,
        *,
        table: str = PLAN_FILE,
        severity: str = "error",
        remedy: Said | None = None,
        **facts: Any,
    ) -> Finding:
        """What is wrong at a key path of plan.yaml, or at a place of a table of the folder.

        `line` and its facts: what stands in `language/plan.yaml`, the remedy behind it unless another is given.
        """
        place = self.place(path) if table == PLAN_FILE else path
        return finding(
            self.file(table), place, rule, f"plan.{line}", severity=severity, remedy=remedy, **facts
        )


def read_plan_files(folder: Path, find: Callable[[str], Path], above: tuple[Path, ...] = ()) -> PlanFiles:
    """Everything in a plan folder, with what it extends merged in; problems are collected in `findings`."""
    files = PlanFiles(folder)
    files.raw, files.lines = _read_yaml(files, PLAN_FILE)
    _by_one_name(files.raw)
    files.words = _read_words(files)
    base = _read_base(files, find, (*above, folder))
    for table, columns in (COLUMNS | OPTIONAL_TABLES).items():
        optional = base is not None or table in OPTIONAL_TABLES
        own = _read_table(files, table, columns, optional=optional)
        if table == "quotas":
            own = own.assign(period=own["period"].map(by_one_name))
        setattr(files, table, _merge_tables(getattr(base, table), own, KEYS[table]) if base else own)
    files.shapes, found = read_shapes(folder)
    files.findings += found
    if base is not None:
        files.findings += base.findings
        files.raw = _merge(base.raw, files.raw)
        files.words = joined_words(base.words, files.words)
        files.shapes = files.shapes or base.shapes
    return files


def _by_one_name(raw: dict[str, Any]) -> None:
    """The cut-offs of targets and milestones under their first name, in place: `2025-M09` is `2025-9M`."""
    targets = _mappings(raw.get("targets"))
    stones = [stone for one in targets for stone in _mappings(one.get("milestones"))]
    for one in (*targets, *stones):
        if isinstance(one.get("period"), list):
            one["period"] = [by_one_name(period) for period in one["period"]]
        elif "period" in one:
            one["period"] = by_one_name(one["period"])


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _read_base(files: PlanFiles, find: Callable[[str], Path], chain: tuple[Path, ...]) -> PlanFiles | None:
    named = files.raw.get("extends")
    if not named:
        return None
    try:
        sibling = files.folder.parent / str(named)
        folder = sibling.resolve() if (sibling / PLAN_FILE).is_file() else find(str(named))
    except WrongCall as error:
        files.findings.append(
            files.error("extends", "plan-extends", "no_base", named=str(named), error=error.message)
        )
        return None
    if folder in chain:
        files.findings.append(files.error("extends", "plan-extends", "extends_circle", named=str(named)))
        return None
    return read_plan_files(folder, find, chain)


def joined_words(below: PlanWords, above: PlanWords) -> PlanWords:
    """Words laid over others, line by line and language by language."""
    words = PlanWords({key: {**below.get(key, {}), **above.get(key, {})} for key in below | above})
    words.languages = tuple(dict.fromkeys((*below.languages, *above.languages)))
    words.own_words = {**below.own_words, **above.own_words}
    return words


def _read_words(files: PlanFiles) -> PlanWords:
    """The plan's own words, those that cannot be used left out and told in the findings."""
    words = PlanWords()
    if (files.folder / WORDS_FILE).is_file():
        given, lines = _read_yaml(files, WORDS_FILE)
        wrong = _told(files, check_words(given, files.file(WORDS_FILE)), lines)
        if OF_UNITS not in wrong:
            words.own_words = given.pop(OF_UNITS, None) or {}
        for key, line in given.items():
            by_language = dict.fromkeys(LANGUAGES, line) if isinstance(line, str) else line
            if not wrong & {key, *(f"{key}.{lang}" for lang in LANGUAGES)} and isinstance(by_language, dict):
                words[key] = by_language
    for path in sorted(files.folder.glob(LANGUAGE_FILES)):
        lang = path.name.split(".")[1]
        given, lines = _read_yaml(files, path.name)
        wrong = _told(files, check_language_words(given, lang, files.file(path.name)), lines)
        own = PlanWords({key: {lang: line} for key, line in given.items() if key not in wrong})
        own.languages = (*LANGUAGES, lang)
        words = joined_words(words, own)
    return words


def _told(files: PlanFiles, found: list[Finding], lines: dict[str, int]) -> set[str]:
    """Findings about words, told with their lines; the keys that are wrong."""
    files.findings += [
        replace(one, place=f"{one.place} (line {lines[one.place]})") if one.place in lines else one
        for one in found
    ]
    return {one.place for one in found}


def _read_yaml(files: PlanFiles, name: str) -> tuple[dict[str, Any], dict[str, int]]:
    """A YAML file as a dictionary, and the line of each key; a syntax error becomes one finding with its line."""
    lines: dict[str, int] = {}
    try:
        content, keys = read_yaml(files.folder / name, files.file(name), "plan")
    except DataRefused as error:
        files.findings += error.findings
        return {}, lines
    if content is None and name.startswith("words."):
        return {}, lines
    if not isinstance(content, dict):
        files.findings.append(finding(files.file(name), "line 1", "plan-yaml", "plan.no_keys"))
        return {}, lines
    for path, line, repeated in keys:
        if repeated:
            place = f"{path} (line {line})"
            files.findings.append(
                finding(files.file(name), place, "plan-key-twice", "plan.key_twice", path=path)
            )
        lines.setdefault(path, line)
    return content, lines


def _read_table(files: PlanFiles, table: str, columns: tuple[str, ...], optional: bool) -> pd.DataFrame:
    """A table of the folder as text, NFC and stripped; a missing one is an error unless it is inherited."""
    name = f"{table}.csv"
    path = files.folder / name
    every = (*columns, *OPTIONAL_COLUMNS.get(table, ()))
    empty = pd.DataFrame({column: pd.Series(dtype="str") for column in every})
    if not path.is_file():
        if not optional:
            files.findings.append(
                files.error("", "plan-table", "no_table", table=name, name=name, columns=columns)
            )
        return empty
    try:
        rows = read_rows(path, files.file(name), "plan")
    except DataRefused as error:
        files.findings += error.findings
        return empty
    header = rows[0] if rows else []
    files.findings += missing_columns(files.file(name), header, columns, "plan-table")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) > len(header):
            files.findings.append(
                files.error(
                    f"row {number}", "plan-table", "too_many_cells", table=name, cells=len(row),
                    columns=len(header),
                )
            )  # fmt: skip
    padded = [(row + [""] * len(header))[: len(header)] for row in rows[1:]]
    frame = pd.DataFrame(padded, columns=header, dtype="str")
    for column in every:
        if column not in header:
            frame[column] = ""
    return frame if len(frame) else empty.reindex(columns=list(dict.fromkeys([*every, *header])))


def _merge(base: Any, own: Any) -> Any:
    """`own` laid over `base`: mappings by key, lists of items with an id by id, anything else replaced."""
    if isinstance(base, dict) and isinstance(own, dict):
        # how a name stands inside a sentence goes with the name: `title_in` with `title`
        base = {key: one for key, one in base.items() if key in own or key.removesuffix("_in") not in own}
        return {
            key: _merge(base[key], own[key]) if key in base and key in own else own.get(key, base.get(key))
            for key in [*base, *(key for key in own if key not in base)]
        }
    name = _item_key(base) if isinstance(base, list) and isinstance(own, list) else ""
    if name and _item_key(own) == name:
        merged = {item[name]: item for item in base}
        added: list[Any] = []
        for item in own:
            if item[name] in merged and not any(item[name] == one[name] for one in added):
                merged[item[name]] = _merge(merged[item[name]], item)
            else:
                added.append(item)
        return [*merged.values(), *added]
    return own


def _item_key(items: list[Any]) -> str:
    """`id` or `code` when every item of a list has one, else an empty string."""
    for name in ("id", "code"):
        if items and all(isinstance(item, dict) and isinstance(item.get(name), str) for item in items):
            return name
    return ""


def _merge_tables(base: pd.DataFrame, own: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    """Rows of `own` replace the rows of `base` with the same key and follow the rest."""
    if own.empty:
        return base
    mine = set(own[list(keys)].itertuples(index=False, name=None))
    kept = [row not in mine for row in base[list(keys)].itertuples(index=False, name=None)]
    return pd.concat([base[kept], own], ignore_index=True).fillna("")
