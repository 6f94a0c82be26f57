"""Where every printed figure comes from: from a sentence or a cell of a table to the rows of figures it rests on.

`origins_of` looks every number of a document up among what the study holds: figures as they came, lines of the table
of indicators, targets and quotas of the plan, assessments, what was received. An origin says how the number came
about: "read" (it stands there), "sum" (it is the sum of the rows), "computed" (worked out of the rows), "counted" (so
many of them), "stated" (the plan says so), "rule" (the program does), "said" (by an earlier report or by the record).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from math import inf, isclose, isfinite
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.issued import statement_of
from vetanalysis.assessment.rates import PACE_INDICATOR
from vetanalysis.assessment.record import NAME as RECORD
from vetanalysis.indicators.network import Network, network
from vetanalysis.indicators.placed import OfLine
from vetanalysis.indicators.tally import DIMENSIONS
from vetanalysis.periods import Cutoff, cutoffs, parse_cutoff, previous
from vetanalysis.pipeline.cited import LINE_VALUES, Figure, Figures, Row, inputs_of_all, key_of, lines_in
from vetanalysis.pipeline.printed import Number, every_number, printed_numbers
from vetanalysis.plan.catalogue import Entry, catalogue

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.blocks import Document
    from vetanalysis.study import Study

_RECEIVED = (
    "due", "received", "late", "came", "there", "units", "documents", "findings", "share_of_plan", "days",
)  # fmt: skip
_OF_RETURNS = (
    "reporting", "coverage", "plan_documents", "clear_up", "finding_count", "asked_before",
    "table.not_reported", "table.progress", "table.findings", "table.to_clear",
)  # fmt: skip
_WITHIN = "narrative/outlook.py"  # says how many working days bodies are given
_OF_PROJECTION = ("probability", "median", "lower_80", "upper_80", "extra_for_80", "target_for_80")
_ADDED = ("level", "fund_source", "channel")  # parts that make up the whole; groups overlap
_PROJECTED = ("about", "about_bare", "spread", "chance", "usual")  # kinds of cells that rest on all years
_OF_ALL_YEARS = ("usual", "soon")  # facts that do
_COMPARED = (  # with quotas of the year or with years before
    "in_season", "units_behind", "levels_behind", "by_year_end", "explain", "asked_of_units",
    "table.behind", "table.years",
)  # fmt: skip
_OF_PLAN = ("targets", "total", "weak", "awaited", "not_forecast", "not_assessed", "limits")
_ELSEWHERE = ("share_slower", "paces", "share")


def origins_of(study: Study, told: Document) -> dict[str, Any]:
    """`figures`: by sentence, and by table as `table.ID`, each number as [name, value, origin]; `origins`; `rows`.

    Once for all languages of a study and unit.

    `told`: the document before it is worded. An origin names its rows by their place in `rows`; a figure without one
    has the origin "". A number of the table of indicators carries its place there (`OfLine`); of any other the
    sentence, the labels beside it and its value say what it is, and never a figure of another unit.
    """
    return study.part("origins", study.as_of, study.unit.code, of=lambda: _origins_of(study, told))  # type: ignore[no-any-return]


def _origins_of(study: Study, told: Document) -> dict[str, Any]:
    book = _Book(study)
    figures = {}
    for name, numbers in printed_numbers(told):
        named = {part for one in numbers for part in one.path.split(".")} & set(book.entries)
        subject = [name, *name.split("."), *named]
        lines = _of_rows(numbers) if name == "table.indicators" else {}
        found = [
            (one.path, float(one.value), book.origin(one, subject, lines.get(_row(name, one.path), "")))
            for one in numbers
        ]
        for row in dict.fromkeys(_row(name, path) for path, _, origin in found if not origin):
            beside = [origin for path, _, origin in found if origin and _row(name, path) == row]
            merged = book.merged(row, beside)  # worked out of the other figures of its row or sentence
            found = [
                (path, value, origin or (merged if _row(name, path) == row else ""))
                for path, value, origin in found
            ]
        figures[name] = found
    return {"figures": figures, "origins": book.used, "rows": list(book.rows)}


def _row(name: str, path: str) -> str:
    """The row of a table in which a number stands; a sentence as a whole."""
    return f"{name}.{path.partition('.')[0]}" if name.startswith("table.") else name


def _of_rows(numbers: Iterable[Number]) -> dict[str, str]:
    """By row of the table of indicators whose line it tells: where the other numbers of the row are looked for."""
    lines = ((one.path, one.value.at[1]) for one in numbers if isinstance(one.value, OfLine))
    return {_row("table.indicators", path): indicator for path, indicator in lines}


class _Book:
    """All that a study's numbers can come from, and what of it a document used."""

    def __init__(self, study: Study) -> None:
        self.study, self.plan, self.cutoff = study, study.plan, study.as_of
        self.entries: dict[str, Entry] = self._shared("entries", lambda: catalogue(study.plan))
        self.net: Network = self._shared("network", lambda: network(study.plan, study.as_of))
        self.used: dict[str, dict[str, Any]] = {}
        self.rows: dict[tuple[str, ...], int] = {}
        self.figures: Figures = study.part("figures as cited", of=lambda: Figures(study))
        self._of_targets: dict[str, list[Figure]] = {}
        self._parts_read: dict[str, set[str]] = {}

    def origin(self, number: Number, subject: list[str], of_row: str = "") -> str:
        """The name of the origin of a number; "" where none is known. `of_row`: the indicator that its row is of."""
        value, beside, name = number.value, number.beside, number.path.rpartition(".")[2]
        if isinstance(value, OfLine):
            return self._of_line(value.at)
        sentence = subject[0].rpartition(".")[2]
        if subject[0] == "table.changed":
            return ""  # what was printed: of the rows of what is there now
        if sentence == "track_record":
            return self._put("record", "said", [(RECORD,)])
        if name == "within":
            return self._put("days_given", "rule", [(_WITHIN,)])
        if sentence == "elsewhere" and name in _ELSEWHERE:
            return self._elsewhere()
        if (
            subject[0].startswith(("task-", "earlier_points"))
            or name in _RECEIVED
            or subject[0] in _OF_RETURNS
        ):
            return self._received(subject[0])
        own = next((one for one in self.assessments if one in subject), "") or next(
            (self._labels[word] for word in beside if word in self._labels), ""
        )
        found = (
            self._line(value, {name}, self.study.unit.code, beside) if own and name in self.entries else ""
        )
        if own:
            return found or self._of_target(own, value, beside)
        if sentence == "data_limits" or (name in _OF_PLAN and not of_row):
            return self._put("plan.targets", "counted", [("plan.yaml", "targets")])
        if name == "count" and not {sentence, subject[0]}.intersection(_COMPARED):
            return self._received(subject[0])  # units and what they sent
        unit = next((self._codes[word] for word in (*beside, name) if word in self._codes), "")
        people = next((one for one in self.assessments.values() if one.kind == "people"), None)
        projected = number.kind in _PROJECTED or name in (*_OF_PROJECTION, *_OF_ALL_YEARS)
        if people is not None and (projected or sentence in _COMPARED or subject[0] in _COMPARED):
            unit = self.net.place if name == "common" else unit or self.study.unit.code
            return self._of_people(people, unit, projected=projected)
        ids = {name, *subject, of_row} & set(self.entries)
        found = self._line(value, ids, unit or self.study.unit.code, beside)
        if found:
            return found
        asked = [at for at, one in self.assessments.items() if not ids or one.target.indicator in ids]
        target = next((one for one in asked if key_of(value) in self._leaves[one]), "")
        if target:
            return self._of_target(target, value, beside)
        of_people = unit or name in {level.id for level in self.plan.levels} or of_row in self._people
        if people is not None and of_people:
            return self._of_people(people, unit or self.study.unit.code, projected=False)
        if float(value).is_integer() and self.study.period is not None:
            return self._received(subject[0])
        return ""

    def merged(self, name: str, origins: list[str]) -> str:
        """The origin of what is worked out of figures with these origins; "" where there are none."""
        rows = {at: None for origin in origins for at in self.used[origin]["rows"]}
        every = list(self.rows)
        return self._put(f"computed.{name}", "computed", [every[at] for at in rows])

    @cached_property
    def _labels(self) -> dict[str, str]:
        """By what a target is called its id."""
        return {one.target.label.vi: name for name, one in self.assessments.items()}

    @cached_property
    def _codes(self) -> dict[str, str]:
        """By code and name of a unit its code."""
        return self._shared("codes", self._called)  # type: ignore[no-any-return]

    def _called(self) -> dict[str, str]:
        names = self.plan.short_names()
        called = {names[code].vi: code for code in self.net.kind if code in names}
        return called | {code: code for code in self.net.kind}

    def _shared(self, name: str, of: Callable[[], Any]) -> Any:
        """What is the same in the books of all units, worked out once."""
        return self.study.part("as cited", self.cutoff, name, of=of)

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
        return {
            name: {key_of(value) for value in every_number(one)} for name, one in self.assessments.items()
        }

    def _of_target(self, name: str, value: float, beside: Collection[str]) -> str:
        one = self.assessments[name]
        if key_of(value) == key_of(float(one.target.value)):
            return self._put(f"plan.{name}", "stated", [("plan.yaml", f"targets, {name}")])
        rows = self._rows_of_target(one)
        same = [row for row in rows if one.kind != "people" and row.key == key_of(value)]
        same = [row for row in same if row.period in beside] or same
        if len(same) == 1:
            return self._put(
                f"read.{name}.{same[0].period}.{key_of(value)}", "read", self.figures.cited(same)
            )
        if not isinstance(one.probability, float) or key_of(value) not in self._leaves[name]:
            said = self._said_before(name, value)
            if said:
                return said
        made = [getattr(one, field, None) for field in _OF_PROJECTION]
        projected = one.projection is not None and key_of(value) in {
            key_of(figure) for figure in made if isinstance(figure, float)
        }
        if one.kind != "rate":
            return self._of_people(one, one.unit, projected=projected)
        seen = {(point.period, key_of(point.value)) for point in one.points}
        used = [row for row in rows if (row.period, row.key) in seen] or rows
        how = "projected" if projected else "computed"
        return self._put(f"{how}.{name}", how, self.figures.cited(used))

    def _of_people(self, one: Assessment, unit: str, *, projected: bool = True) -> str:
        """What people are counted in a unit and those below it, and their quotas; for a projection of all years."""
        name = f"{'projected' if projected else 'computed'}.{one.target.id}.{unit}"
        if name in self.used:
            return name
        rows = self._shared(name, of=lambda: self._cited_people(one.target.indicator, unit, projected))
        return self._put(name, name.partition(".")[0], rows)

    def _cited_people(self, indicator: str, unit: str, projected: bool) -> list[Row]:
        parts = self._parts(unit)
        rows = [row for row in self.figures.among({indicator}, parts) if row.total]
        quotas = self.figures.quotas(indicator, parts)
        if not projected:
            years = {str(self.cutoff.year), str(self.cutoff.year - 1)}
            rows = [row for row in rows if row.period[:4] in years]
            quotas = [row for row in quotas if row[3][:4] in years]
        return [*self.figures.cited(rows), *quotas]

    def _elsewhere(self) -> str:
        rows = [row for row in self.figures.among({PACE_INDICATOR}) if row.total]
        return self._put(f"elsewhere.{PACE_INDICATOR}", "counted", self.figures.cited(rows))

    def _said_before(self, name: str, value: float) -> str:
        issued = self.study.last_issued
        made = None if issued is not None else self.study.last_made
        for kind, folder, report, file in (
            ("issued", "issued", issued, issued and issued.file), ("made", "reports", made, made and made.name),
        ):  # fmt: skip
            said = [every_number(one) for one in report.statements if one.target == name] if report else []
            if key_of(value) in {key_of(one) for leaves in said for one in leaves}:
                return self._put(f"{kind}.{file}", "said", [(folder, str(file))])
        if issued is None and made is None and self.cutoff.months and self.study.period is not None:
            last = self.study.last
            for earlier in last.assessments:
                leaves = {key_of(one) for one in every_number(statement_of(earlier))}
                if earlier.target.id == name and key_of(value) in leaves:
                    return self._put(
                        f"last.{name}", "computed", self.figures.cited(self._last._rows_of_target(earlier))
                    )
        return ""

    @cached_property
    def _last(self) -> _Book:
        return _Book(self.study.last)

    def _rows_of_target(self, one: Assessment) -> list[Figure]:
        """The figures of a target, and of what stands beside it; of the place also those sent for it."""
        if one.target.id not in self._of_targets:
            ids = {one.target.indicator, *(other.indicator for other in one.beside)}
            senders = self.net.of_kind("body") if one.unit == self.net.place else ()
            units = self._parts(one.unit) if one.kind == "people" else {one.unit, *senders}
            self._of_targets[one.target.id] = [row for row in self.figures.among(ids, units) if row.total]
        return self._of_targets[one.target.id]

    def _parts(self, unit: str) -> set[str]:
        """A unit and all that stand under it."""
        if unit not in self._parts_read:
            below = (self._parts(one) for one in self.net.children(unit))
            self._parts_read[unit] = {unit}.union(*below)
        return self._parts_read[unit]

    # lines of the table of indicators

    def _lines_of(self, unit: str) -> dict[tuple[str, ...], dict[str, Any]]:
        return self._shared(f"lines {unit}", of=lambda: self._read_lines(unit))  # type: ignore[no-any-return]

    def _read_lines(self, unit: str) -> dict[tuple[str, ...], dict[str, Any]]:
        """The lines of a unit in the table of indicators, as `lines_in` gives them."""
        period = self.study.period
        frames = (*(() if period is None else (period.earlier, period.older)), self.study.lines)
        return {key: line for one in frames if one is not None for key, line in lines_in(one, unit)}

    def _line_at(self, at: tuple[str, ...]) -> dict[str, Any]:
        """The line that a number of the table of indicators stands in, be it that of an earlier cut-off of the year."""
        line = self._lines_of(at[0]).get(at[:-1])
        earlier = (one for one in cutoffs(self.cutoff.year, self.plan.calendar) if one < self.cutoff)
        frames = () if line else (self.study.at(one).lines_of_place for one in earlier)
        return line or next(line for one in frames for key, line in lines_in(one, at[0]) if key == at[:-1])

    def _line(self, value: float, indicators: set[str], unit: str, beside: Collection[str]) -> str:
        """The line of a unit that holds a number not taken from it: of these indicators, where any is named.

        Else a whole line of a target, worked out of one or of quotas, or one whose label stands beside the number:
        among all lines any small number is found. Of several one so labelled, then of now, running, people, whole.
        """
        found: list[tuple[tuple[object, ...], int, tuple[str, ...]]] = []
        numbers = self._shared(f"numbers {unit}", of=lambda: self._numbers_in(unit))
        near = 2e-9 * abs(value)
        first = bisect_left(numbers, (value - near,))
        for number, order, at, column in numbers[first : bisect_right(numbers, (value + near, inf))]:
            line = self._lines_of(unit)[at]
            labelled, parts = line["label_vi"] in beside, sum(map(bool, at[4:]))
            unnamed = labelled or (not parts and (line["id"] in self._leading or line["way"] == "quotas"))
            if isclose(number, value, rel_tol=1e-9) and (line["id"] in indicators if indicators else unnamed):
                when = at[2] == str(self.cutoff), at[3] != "period"
                rank = (labelled, *when, line["id"] in self._people, -parts, column == "value")
                found.append((rank, -order, (*at, column)))
        return self._of_line(max(found)[2]) if found else ""

    def _numbers_in(self, unit: str) -> list[tuple[float, int, tuple[str, ...], str]]:
        """The numbers in the lines of a unit from the lowest up, with their order there, line and column."""
        lines = self._lines_of(unit).items()
        places = ((line[column], at, column) for at, line in lines for column in LINE_VALUES)
        held = (one for one in places if isinstance(one[0], float) and isfinite(one[0]))
        return sorted((number, order, at, column) for order, (number, at, column) in enumerate(held))

    def _of_line(self, at: tuple[str, ...]) -> str:
        """The origin of a number of the table of indicators: which line, `at`, and its column."""
        name, column = ".".join(("line", *filter(None, at))), at[-1]
        if name in self.used:
            return name if self.used[name]["rows"] else ""
        line = self._line_at(at)
        if line["sources"] == "ledger" or column in ("reported", "expected", "coverage"):
            return self._received(name)
        return self._put(name, *self._shared(name, of=lambda: self._cited_line(line, column)))

    def _cited_line(self, line: Mapping[str, Any], column: str) -> tuple[str, list[tuple[str, ...]]]:
        """How a number of a line came about, and its rows."""
        if column == "plan_value" or "quotas" in (line["way"], line["sources"].partition(".")[0]):
            return "stated", self._planned(line)
        ids = (line["id"], *(one for one in self._people if one != line["id"]))
        rows = next((rows for one in ids if (rows := self._rows_of_line({**line, "id": one}, column))), [])
        cited: list[tuple[str, ...]] = list(self.figures.cited(rows))
        if rows and column == "value" and key_of(sum(row.value for row in rows)) == key_of(line["value"]):
            return "sum" if len(rows) > 1 else "read", cited
        cited = cited or ([(str(line["sources"]),)] if line["sources"] else [])
        with_quota = column == "percent_of_plan" or not rows
        planned = self._planned(line) if with_quota and line["unit"] in self.net.kind else []
        return "computed", [*cited, *planned]

    def _rows_of_line(self, line: Mapping[str, Any], column: str) -> list[Figure]:
        now = parse_cutoff(str(line["period"])) if line["period"] else self.cutoff
        meant = [now]
        if "last_year" in column:
            meant.append(Cutoff(now.year - 1, now.code))
        if "previous" in column or line["basis"] == "period":
            meant.append(previous(now.end, self.plan.calendar))
        periods = {str(one.end) for one in meant} | {str(now)}
        tops = line["tops"] if line["unit"] == self.net.place else {line["unit"]}
        units = {one for top in tops or {line["unit"]} for one in self._parts(top)}
        mine = [
            row
            for row in self.figures.among(self._inputs(line["id"]), units)
            if row.period in periods and self._is_of(row, line)
        ]
        whole = {row[:3] for row in mine if not any(row.split)}
        if not any(line[name] for name in DIMENSIONS):  # parts are added up where no total is reported
            mine = [row for row in mine if not any(row.split) or row[:3] not in whole]
        sent = {row.unit for row in mine} & tops
        if not sent:
            return mine
        silent = {part for top in tops - sent for part in self._parts(top)}
        return [row for row in mine if row.unit in sent or row.unit in silent]

    def _is_of(self, row: Figure, line: Mapping[str, Any]) -> bool:
        """Whether a figure has the breakdown of a line, or one whose parts add up to what the line says of all."""
        counted = self._counted.get(line["id"])
        for name, part in zip(DIMENSIONS, row.split, strict=True):
            if part != line[name] and (line[name] or name not in _ADDED):
                return False
            if name == "level" and part != line[name] and counted is not None and part not in counted:
                return False
        return True

    @cached_property
    def _people(self) -> list[str]:
        """The indicators of people that targets count; what is still missing or given as quotas is of these."""
        return [one.indicator for one in self.plan.targets if not one.is_rate]

    @cached_property
    def _leading(self) -> set[str]:
        """The indicators of the targets and those worked out of them: numbers that name no indicator are of these."""
        derived = {name for name, one in self.entries.items() if one.kind == "derived"}
        return derived.union(one.indicator for one in self.plan.targets)

    @cached_property
    def _counted(self) -> dict[str, tuple[str, ...]]:
        """By indicator the levels that its target counts."""
        return {one.indicator: self.plan.levels_of(one) for one in self.plan.targets}

    def _inputs(self, indicator: str) -> set[str]:
        """An indicator and those that it is worked out from."""
        every = self._shared("inputs", of=lambda: inputs_of_all(self.plan, self.entries))
        return every.get(indicator, {indicator})  # type: ignore[no-any-return]

    def _planned(self, line: Mapping[str, Any]) -> list[Row]:
        """What the plan says of a line: the unit's own quota, else those below it and, of the place, its targets."""
        year = (str(line["period"]) or str(self.cutoff))[:4]
        parts = self._parts(line["unit"])
        ids = (
            [line["id"]]
            if line["id"] not in self.entries or self.figures.quotas(line["id"], parts)
            else self._people
        )
        quotas = [row for one in ids for row in self.figures.quotas(one, parts)]
        quotas = [row for row in quotas if row[3][:4] == year and line["level"] in ("", row[2])]
        own = [row for row in quotas if row[1] == line["unit"] and row[2] == line["level"]]
        if own or line["unit"] != self.net.place or line["level"]:
            return own or quotas
        stated = [
            ("plan.yaml", f"targets, {one.id}") for one in self.plan.targets if one.indicator == line["id"]
        ]
        return [*stated, *quotas]

    # what was received

    def _received(self, subject: str) -> str:
        period = self.study.period
        if period is None:
            return self._put("plan.targets", "counted", [("plan.yaml", "targets")])
        if subject.startswith("task-"):
            task = subject.split(".")[0]
            mine = period.explanations[period.explanations["ref"] == task]
            return self._put(f"received.{task}", "counted", [(str(one),) for one in mine["source"]])
        files = [(str(one),) for one in period.matrix["file"].tolist() if one]
        nobody = [("units.csv",)]  # who must report, where nobody has
        return self._put("received", "counted", files or nobody)
