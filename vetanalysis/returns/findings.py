"""The rules that findings of the returns belong to (`rules.yaml`), and the words that name figures.

Every rule has a name, a severity and a remedy, and can be switched off by its name. An error refuses the file
it is found in, but for the rules that hold files against each other: a file cannot be at fault for what
another one says. What a rule means and what to do about a breach are lines of `language/rules.yaml`, what was
found of `language/returns.yaml`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from vetanalysis.blocks import Said, Text, same
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.language.lines import is_line
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.observations.listed import CHANNELS, TRADES
from vetanalysis.periods import find_cutoff, parse_day
from vetanalysis.plan import Plan
from vetanalysis.returns.key import sheet_and_cell


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `about`: "reading", "file", "figures" or "together"; `applied`: unless told otherwise."""

    id: str
    about: str
    severity: str
    applied: bool = True

    @property
    def holds(self) -> Said | None:
        """What must hold; None for rules of reading, which say for themselves what was found."""
        key = f"rules.{self.id}"
        return Said(key) if is_line(key) else None

    @property
    def remedy(self) -> Said:
        """What to do about a breach."""
        return Said(f"rules.{self.id}.do")

    @property
    def example(self) -> tuple[Said, Said]:
        """What stood in a file, and what the rule says of it."""
        return Said(f"rule_examples.{self.id}"), Said(f"rule_examples.{self.id}.says")


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its name, in the order of the page that documents them."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    said = yaml.load(Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8"), loader)
    return {name: Rule(name, **one) for name, one in said.items()}


def finding_of(
    rule: str, file: str, place: str, what: Said, *, sheet: str = "", severity: str = ""
) -> Finding:
    """A finding of a rule at a place of a file; `severity` only where it differs from the rule's own."""
    one = rules()[rule]
    return Finding(severity or one.severity, file, place, rule, what, one.remedy, sheet)


def finding_at(rule: str, source: str, what: Said, *, severity: str = "") -> Finding:
    """A finding of a rule at the cell a figure came from (`file!sheet!cell`)."""
    sheet, cell = sheet_and_cell(source)
    return finding_of(rule, source.split("!", 1)[0], cell, what, sheet=sheet, severity=severity)


def switched_off(without: Collection[str] = ()) -> frozenset[str]:
    """The names of the rules not applied: those off by default and those named; WrongCall for an unknown name."""
    unknown = sorted(set(without) - set(rules()))
    if unknown:
        raise WrongCall(f"no rule {', '.join(unknown)}; rules are {', '.join(sorted(rules()))}")
    return frozenset(without) | {one.id for one in rules().values() if not one.applied}


#: Words of ours for parts and quantities that no plan lists, by (column of the observations, id).
_OWN: Mapping[tuple[str, str], Said | Text] = {
    (column, code): Said(f"names.{column}.{code}")
    for column, codes in {
        "sex": ("female", "male"),
        "residence": ("rural", "urban"),
        "trade": TRADES,
        "channel": CHANNELS,
    }.items()
    for code in codes
} | {
    ("indicator", code): Said(f"names.asked.{code}")
    for code in (
        "people_in_training_start", "lower_secondary_leavers", "lower_secondary_to_vet", "upper_secondary_leavers",
        "upper_secondary_to_vet",
    )
}  # fmt: skip


@dataclass(frozen=True)
class QuantityWords:
    """Labels by (column of the observations, id). What has no label is shown by its id."""

    labels: Mapping[tuple[str, str], Said | Text] = field(default_factory=lambda: _OWN)

    def one(self, column: str, value: str) -> Said | Text:
        """The label of one id: `one("level", "elementary")` is "Sơ cấp"."""
        return self.labels.get((column, value), same(value))

    def quantity(self, row: Any) -> Said | Text:
        """An indicator with its breakdowns; `row` has the columns as attributes (a key, a row of a frame):
        "Số người tuyển mới (Sơ cấp, nữ)"."""
        name = self.one("indicator", str(row.indicator))
        parts = tuple(
            self.one(column, str(value)) for column in BREAKDOWNS if (value := getattr(row, column, "") or "")
        )
        return Said("returns.quantity", name=name, parts=parts) if parts else name


@lru_cache(maxsize=8)
def quantity_words(plan: Plan) -> QuantityWords:
    """The words of a plan: labels of its indicators, levels, groups and sources of money over the form's own."""
    labels = dict(_OWN)
    table = plan.indicators
    for name, vi, en in zip(table["id"], table["label_vi"], table["label_en"], strict=True):
        if isinstance(vi, str) and vi and ("indicator", name) not in labels:
            labels["indicator", name] = Text(vi, en if isinstance(en, str) and en else vi)
    labels |= {("level", one.id): one.name for one in plan.levels}
    labels |= {("group", one.id): one.name for one in plan.groups}
    labels |= {("fund_source", one.id): one.text for one in plan.funding_sources}
    return QuantityWords(labels)


def measure_words(measure: str) -> Said | Text:
    """A unit of measure as forms and findings write it; where two are allowed ("persons|thousand_persons") the first.

    Another than those we have words for stands by its code.
    """
    first = measure.split("|")[0]
    for kind in ("written_measure", "measure"):
        if is_line(key := f"names.{kind}.{first}"):
            return Said(key)
    size, _, thing = first.partition("_")
    if thing and is_line(key := f"names.written_size.{size}"):
        return Said(key, of=measure_words(thing))
    return Text(first, first.replace("_", " "))


def period_words(period: str) -> Said | str:
    """A period as it is read; a text that is none stays as it is."""
    return Said("returns.period", period=period) if find_cutoff(period) else period


def day_words(day: str) -> Said | str:
    """An ISO day as it is read: "14/06/2023" and "14 June 2023"; a text that is none stays as it is."""
    return Said("returns.day", day=day) if parse_day(day) else day


def place_words(source: str) -> Said:
    """Where a figure stands, from its source `file!sheet!cell`: "ô D9, trang Lũy kế theo quý, tệp 188__...xlsx"."""
    file, _, rest = source.partition("!")
    sheet, _, cell = rest.rpartition("!")
    return Said("returns.place", cell=cell, page=sheet, source=file)
