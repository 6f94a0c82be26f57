"""Where every printed figure comes from: from a sentence or a cell of a table to the rows of figures it rests on.

`origins_of` looks every number of a document up among what the study holds: figures as they came, lines of the table
of indicators, targets and quotas of the plan, assessments, what was received. An origin says how the number came
about: "read" (it stands there), "sum" (it is the sum of the rows), "computed" (worked out of the rows), "counted" (so
many of them), "stated" (the plan says so), "said" (by an earlier report or by the record of statements).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.assessment.issued import statement_of
from vetanalysis.assessment.record import NAME as RECORD
from vetanalysis.blocks import Appendix, Cell, Paragraph, Said, Table, Text
from vetanalysis.indicators.network import network
from vetanalysis.indicators.tally import DIMENSIONS
from vetanalysis.observations.checks import BREAKDOWNS, are_totals
from vetanalysis.periods import Cutoff, parse_cutoff, previous
from vetanalysis.plan.catalogue import catalogue

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.blocks import Document
    from vetanalysis.study import Study

_LINE_VALUES = (
    "value", "numerator", "denominator", "percent_of_plan", "coverage", "reported", "expected", "latest_value",
    "last_year_value", "index_last_year", "change_last_year", "previous_value", "change_previous", "plan_value",
)  # fmt: skip
_RECEIVED = ("due", "received", "late", "came", "units", "documents", "findings", "share_of_plan")
_OF_PROJECTION = ("probability", "median", "lower_80", "upper_80", "common", "share", "lower", "upper")
_OF_PLAN = ("targets", "total", "weak", "not_assessed", "count", "limits")


def origins_of(study: Study, told: Document) -> dict[str, Any]:
    """`figures`: by sentence, and by table as `table.ID`, each number as [name, value, origin]; `origins`; `rows`.

    `told`: the document before it is worded. An origin names its rows by their place in `rows`; a figure without one
    has the origin "".
    """
    book = _Book(study)
    figures = {}
    for name, numbers in _printed(told):
        named = {part for path, _, _ in numbers for part in path.split(".")} & set(book.entries)
        subject = [name, *name.split("."), *named]
        found = [(path, value, book.origin(path, value, subject, labels)) for path, value, labels in numbers]
        if name.startswith("table."):  # what a row works out of its other figures
            beside = {_row(path): origin for path, _, origin in found if origin}
            found = [(path, value, origin or beside.get(_row(path), "")) for path, value, origin in found]
        figures[name] = found
    return {"figures": figures, "origins": book.used, "rows": list(book.rows)}


Number = tuple[str, float, tuple[str, ...]]  # its name within, the value, the labels that stand beside it


def _printed(told: Document) -> Iterator[tuple[str, list[Number]]]:
    blocks: list[Any] = list(told.blocks)
    for appendix in told.appendices:
        blocks.extend(appendix.blocks if isinstance(appendix, Appendix) else ())
    for block in blocks:
        if isinstance(block, Paragraph):
            for said in block.sentences:
                if isinstance(said, Said) and said.id:
                    yield said.id, [(path, value, ()) for path, value in _numbers(said.facts)]
        elif isinstance(block, Table):
            yield f"table.{block.id}", list(_cells(block))


def _row(path: str) -> str:
    return path.partition(".")[0]


def _cells(table: Table) -> Iterator[Number]:
    for row, cells in enumerate(table.rows, start=1):
        labels = tuple(filter(None, (_label(cell) for cell in cells)))
        for column, cell in enumerate(cells):
            parts = (
                cell.facts if isinstance(cell, Said) else {"": cell.value} if isinstance(cell, Cell) else {}
            )
            if isinstance(cell, Cell) and isinstance(cell.words, Said):
                parts = {**parts, **cell.words.facts}
            for path, value in _numbers(parts):
                yield f"{row}.{column}{path and '.'}{path}", value, labels


def _label(cell: Any) -> str:
    if isinstance(cell, Cell):
        cell = cell.words if cell.words is not None else cell.value
    return cell if isinstance(cell, str) else cell.vi if isinstance(cell, Text) else ""


def _numbers(facts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, float]]:
    """Every number among the facts of a sentence and of what is said within it, by its path."""
    for name, value in facts.items():
        path = f"{above}.{name}".strip(".")
        if isinstance(value, Said):
            yield from _numbers(value.facts, path)
        elif isinstance(value, Cell):
            yield from _numbers({"": value.value}, path)
        elif isinstance(value, Mapping):
            yield from _numbers({str(key): one for key, one in value.items()}, path)
        elif isinstance(value, list | tuple):
            yield from _numbers({str(place): one for place, one in enumerate(value, start=1)}, path)
        elif _is_number(value):
            yield path, float(value)


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)
    return number and bool(np.isfinite(value))


def _key(value: float) -> str:
    return f"{value:.10g}"


class _Book:
    """All that a study's numbers can come from, and what of it a document used."""

    def __init__(self, study: Study) -> None:
        self.study, self.plan, self.cutoff = study, study.plan, study.as_of
        self.entries, self.net = catalogue(study.plan), network(study.plan, study.as_of)
        self.used: dict[str, dict[str, Any]] = {}
        self.rows: dict[tuple[str, ...], int] = {}
        self._of_targets: dict[str, pd.DataFrame] = {}
        self._quotas_read: dict[str, pd.DataFrame] = {}
        self._inputs_read: dict[str, pd.DataFrame] = {}

    def origin(self, path: str, value: float, subject: list[str], labels: tuple[str, ...]) -> str:
        """The name of the origin of a number; "" where none is known."""
        name = path.rpartition(".")[2]
        own = next((one for one in self.assessments if one in subject), "")
        if own:
            return self._of_target(own, value)
        meant = {name} & set(self.entries) or set(subject) & set(self.entries)
        if meant:
            found = self._line(value, meant, labels)
            if found:
                return found
        elif subject[0].startswith("task-"):
            return self._received(subject[0])
        if name in _RECEIVED:
            return self._received(subject[0])
        if name in _OF_PLAN:
            return self._put("plan.targets", "counted", [("plan.yaml", "targets")])
        found = self._line(value, set(), labels)
        if found:
            return found
        target = next((one for one, known in self._leaves.items() if _key(value) in known), "")
        if target:
            return self._of_target(target, value)
        people = next((one.target.id for one in self.assessments.values() if one.kind == "people"), "")
        if people and (name in _OF_PROJECTION or name in {level.id for level in self.plan.levels}):
            return self._of_target(people, value)
        if float(value).is_integer() and self.study.period is not None:
            return self._received(subject[0])
        return ""

    def _put(self, name: str, how: str, rows: Iterable[tuple[str, ...]]) -> str:
        if name not in self.used:
            places = [self.rows.setdefault(tuple(row), len(self.rows)) for row in rows]
            self.used[name] = {"how": how, "rows": places}
        return name if self.used[name]["rows"] else ""

    # assessments

    @cached_property
    def assessments(self) -> dict[str, Assessment]:
        return {one.target.id: one for one in self.study.assessments}

    @cached_property
    def _leaves(self) -> dict[str, set[str]]:
        """By target the numbers its assessment holds, and those of the last report on it."""
        return {name: {_key(value) for value in _leaves(one, 0)} for name, one in self.assessments.items()}

    def _of_target(self, name: str, value: float) -> str:
        one = self.assessments[name]
        if _key(value) == _key(float(one.target.value)):
            return self._put(f"plan.{name}", "stated", [("plan.yaml", f"targets, {name}")])
        found = self._line(value, {one.target.indicator}, ()) if one.kind == "people" else ""
        if found:
            return found
        rows = self._rows_of_target(one)
        same = rows[rows["key"] == _key(value)]
        if len(same):
            return self._put(f"read.{name}.{_key(value)}", "read", _cited(same))
        now = rows[(rows["period"] == str(self.cutoff)) & (rows["indicator"] == one.target.indicator)]
        if len(now) > 1 and _key(float(now["value"].sum())) == _key(value):
            return self._put(f"sum.{name}", "sum", _cited(now))
        if not isinstance(one.probability, float) or _key(value) not in self._leaves[name]:
            said = self._said_before(name, value)
            if said:
                return said
        quotas = [("quotas.csv", *map(str, row)) for row in self._quotas(one)]
        return self._put(f"computed.{name}", "computed", [*_cited(rows), *quotas])

    def _said_before(self, name: str, value: float) -> str:
        issued = self.study.last_issued
        if issued is not None:
            said = [_leaves(one, 0) for one in issued.statements if one.target == name]
            if _key(value) in {_key(one) for leaves in said for one in leaves}:
                return self._put(f"issued.{issued.file}", "said", [("issued", issued.file)])
        if issued is None and self.study.period is not None:
            last = self.study.last
            for earlier in last.assessments:
                leaves = {_key(one) for one in _leaves(statement_of(earlier), 0)}
                if earlier.target.id == name and _key(value) in leaves:
                    return self._put(f"last.{name}", "computed", _cited(self._last._rows_of_target(earlier)))
        return ""

    @cached_property
    def _last(self) -> _Book:
        return _Book(self.study.last)

    def _rows_of_target(self, one: Assessment) -> pd.DataFrame:
        if one.target.id in self._of_targets:
            return self._of_targets[one.target.id]
        beside = {other.indicator for other in one.beside}
        mine = self._of_indicators({one.target.indicator, *beside})
        units = self._parts(one.unit) if one.kind == "people" else {one.unit}
        self._of_targets[one.target.id] = mine[mine["unit"].isin(units) & mine["total"]]
        return self._of_targets[one.target.id]

    def _quotas(self, one: Assessment) -> Iterator[tuple[Any, ...]]:
        if one.kind == "people":
            mine = self._quotas_of(one.target.indicator)
            mine = mine[mine["unit"].isin(self._parts(one.unit))]
            yield from mine[["unit", "level", "period", "value"]].itertuples(index=False, name=None)

    def _parts(self, unit: str) -> set[str]:
        """A unit and all that stand under it."""
        found, waiting = {unit}, [unit]
        while waiting:
            below = [one for one in self.net.children(waiting.pop()) if one not in found]
            found.update(below)
            waiting.extend(below)
        return found

    @cached_property
    def _obs(self) -> dict[str, pd.DataFrame]:
        """The figures by indicator, with `key` of the value, how the row is `cited`, and whether it is a `total`."""
        obs = self.study.observations
        finer = [name for name in BREAKDOWNS if name not in DIMENSIONS]  # of these no line has any
        obs = obs[obs["value"].notna() & (obs[finer] == "").all(axis=1)]
        keys = [_key(value) for value in obs["value"]]
        splits = [
            " ".join(filter(None, parts)) for parts in zip(*(obs[name] for name in DIMENSIONS), strict=True)
        ]
        cited = list(
            zip(obs["source"], obs["unit"], obs["period"], obs["indicator"], splits, keys, strict=True)
        )
        obs = obs.assign(key=keys, cited=cited, total=are_totals(obs, but=("level",)))
        needed = obs[["unit", "period", "indicator", *DIMENSIONS, "value", "key", "cited", "total"]]
        return {str(name): rows for name, rows in needed.groupby("indicator")}

    def _of_indicators(self, ids: Iterable[str]) -> pd.DataFrame:
        found = [self._obs[one] for one in sorted(ids) if one in self._obs]
        return pd.concat(found) if found else next(iter(self._obs.values())).iloc[:0]

    # lines of the table of indicators

    @cached_property
    def _lines(self) -> pd.DataFrame:
        """The lines of the table, with `tops`: the units added up for a line of the place, where any were."""
        period = self.study.period
        tables = [self.study.lines, *([] if period is None or period.older is None else [period.older])]
        tops = ({name: one.members for name, one in table.attrs["ways"].items()} for table in tables)
        told = (table.assign(tops=table["id"].map(ways)) for table, ways in zip(tables, tops, strict=True))
        return pd.concat(told, ignore_index=True)

    @cached_property
    def _by_value(self) -> dict[str, dict[str, list[tuple[int, str]]]]:
        """By value and unit the lines, and their columns, that hold it."""
        found: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
        units = self._lines["unit"].tolist()
        for column in _LINE_VALUES:
            values = pd.to_numeric(self._lines[column], errors="coerce")
            for at, value in values[values.notna()].items():
                found[_key(float(value))][units[at]].append((at, column))
                if column == "coverage":
                    found[_key(100 * float(value))][units[at]].append((at, column))
        return found

    def _line(self, value: float, indicators: set[str], labels: tuple[str, ...]) -> str:
        """The line that holds a number: of these indicators, where any is named, and that of the labels beside it."""
        units = self._by_value.get(_key(value), {})
        beside = [code for code in units if {code, self._names.get(code)} & set(labels)]
        first = [*beside, *(one for one in (self.study.unit.code,) if one in units)] or list(units)
        found = [one for code in first for one in units[code]]
        if indicators & set(self.entries):
            found = [one for one in found if self._ids[one[0]] in indicators]
        if not found:
            return ""
        at, column = max(found, key=lambda one: self._likeness(one[0], one[1], labels))
        return self._of_line(at, column)

    def _likeness(self, at: int, column: str, labels: tuple[str, ...]) -> tuple[bool, bool, int]:
        return self._labels[at] in labels, column == "value", self._whole[at]

    @cached_property
    def _ids(self) -> list[str]:
        return self._lines["id"].tolist()

    @cached_property
    def _labels(self) -> list[str]:
        return self._lines["label_vi"].tolist()

    @cached_property
    def _whole(self) -> list[int]:
        return (self._lines[list(DIMENSIONS)] == "").sum(axis=1).tolist()

    @cached_property
    def _names(self) -> dict[str, str]:
        return {code: name.vi for code, name in self.plan.short_names().items()}

    def _of_line(self, at: int, column: str) -> str:
        line = self._lines.loc[at]
        split = ".".join(str(line[name]) for name in DIMENSIONS if line[name])
        name = ".".join(
            filter(None, ("line", line["unit"], line["id"], line["period"], split, line["basis"], column))
        )
        if name in self.used:
            return name if self.used[name]["rows"] else ""
        if line["sources"] == "ledger" or column in ("reported", "expected", "coverage"):
            return self._received(name)
        if column == "plan_value" or line["way"] == "quotas":
            return self._put(name, "stated", self._planned(line))
        rows = self._rows_of_line(line, column)
        same = rows[rows["key"] == _key(float(line[column]))]
        if column == "value" and len(rows) > 1 and _key(float(rows["value"].sum())) == _key(line["value"]):
            return self._put(name, "sum", _cited(rows))
        if column == "value" and len(rows) == len(same) == 1:
            return self._put(name, "read", _cited(same))
        cited = _cited(rows) or ([(str(line["sources"]),)] if line["sources"] else [])
        planned = self._planned(line) if column == "percent_of_plan" else []
        return self._put(name, "computed", [*cited, *planned])

    def _rows_of_line(self, line: pd.Series, column: str) -> pd.DataFrame:
        now = parse_cutoff(str(line["period"])) if line["period"] else self.cutoff
        periods = [now]
        if "last_year" in column:
            periods.append(Cutoff(now.year - 1, now.code))
        if "previous" in column or line["basis"] == "period":
            periods.append(previous(now.end, self.plan.calendar))
        obs = self._inputs_of(line["id"])
        obs = obs[obs["period"].isin({str(one.end) for one in periods} | {str(now)})]
        added = line["tops"] if isinstance(line["tops"], tuple) else ()
        tops = set(added) if line["unit"] == self.net.place else {line["unit"]}
        units = {one for top in tops or {line["unit"]} for one in self._parts(top)}
        meant = obs["unit"].isin(units)
        for name in DIMENSIONS:
            if line[name] or name != "level":
                meant &= obs[name] == line[name]
            elif line["id"] in self._counted:
                meant &= obs[name].isin({"", *self._counted[line["id"]]})
        mine = obs[meant]
        own = mine[mine["unit"].isin(tops)]
        silent = {part for top in tops - set(own["unit"]) for part in self._parts(top)}
        return pd.concat([own, mine[mine["unit"].isin(silent)]]) if len(own) else mine

    @cached_property
    def _counted(self) -> dict[str, tuple[str, ...]]:
        """By indicator the levels that its target counts."""
        return {one.indicator: self.plan.levels_of(one) for one in self.plan.targets}

    def _inputs_of(self, indicator: str) -> pd.DataFrame:
        """The figures of an indicator and of those it is worked out from."""
        if indicator not in self._inputs_read:
            self._inputs_read[indicator] = self._of_indicators(self._inputs(indicator))
        return self._inputs_read[indicator]

    def _inputs(self, indicator: str, depth: int = 0) -> set[str]:
        entry = self.entries.get(indicator)
        row = self.plan.indicators[self.plan.indicators["id"] == indicator]
        named = {*(entry.parts if entry else ()), *row["numerator"], *row["denominator"]} & set(self.entries)
        below = {one for part in named - {indicator} if depth < 3 for one in self._inputs(part, depth + 1)}
        return {indicator} | below

    def _quotas_of(self, indicator: str) -> pd.DataFrame:
        if indicator not in self._quotas_read:
            self._quotas_read[indicator] = self.plan.quotas_of(indicator)
        return self._quotas_read[indicator]

    def _planned(self, line: pd.Series) -> list[tuple[str, ...]]:
        quotas = self._quotas_of(line["id"])
        mine = quotas[quotas["unit"].isin(self._parts(line["unit"]))]
        mine = mine[(mine["level"] == line["level"]) | (line["level"] == "")]
        rows = [
            ("quotas.csv", *map(str, row))
            for row in mine[["unit", "level", "period", "value"]].itertuples(index=False, name=None)
        ]
        stated = [
            ("plan.yaml", f"targets, {one.id}") for one in self.plan.targets if one.indicator == line["id"]
        ]
        return stated + rows

    # what was received

    def _received(self, subject: str) -> str:
        period = self.study.period
        if period is None:
            return self._put("record", "said", [(RECORD,)])
        if subject.startswith("task-"):
            task = subject.split(".")[0]
            mine = period.explanations[period.explanations["ref"] == task]
            return self._put(f"received.{task}", "counted", [(str(one),) for one in mine["source"]])
        files = [(str(one),) for one in period.matrix["file"] if one]
        return self._put("received", "counted", files)


def _leaves(value: Any, depth: int) -> Iterator[float]:
    """Every number that a record holds, however deep."""
    if _is_number(value):
        yield float(value)
    elif depth > 5 or value is None or isinstance(value, str | Text | Said):
        return
    elif isinstance(value, pd.DataFrame):
        for column in value.select_dtypes("number"):
            yield from (float(one) for one in value[column] if np.isfinite(one))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _leaves(one, depth + 1)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one, depth + 1)
    elif is_dataclass(value):
        for one in fields(value):
            if one.name not in ("projection", "path", "calendar"):
                yield from _leaves(getattr(value, one.name), depth + 1)


def _cited(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Rows of figures as they are cited: source, unit, period, indicator, breakdown, value."""
    return list(rows["cited"])
