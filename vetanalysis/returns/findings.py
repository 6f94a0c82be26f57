"""Findings of the returns: the rules they belong to (`rules.yaml`) and the words in which figures are named.

Every rule has a name, a severity and a remedy, and can be switched off by its name. An error refuses the file it is
found in, but for the rules that hold files against each other: a file cannot be at fault for what another one says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Text, same
from vetanalysis.errors import Finding, VetanalysisError, WrongCall
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.periods import parse_day
from vetanalysis.returns.lists import CHANNELS, TRADES, measure_word

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

_READABLE = 1e15


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `about`: "reading", "file", "figures" or "together"; `holds`: what must hold, None for reading.

    `applied`: whether it is applied unless told otherwise.
    """

    id: str
    about: str
    severity: str
    remedy: Text
    holds: Text | None = None
    applied: bool = True


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its name, in the order of the page that documents them."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    said = yaml.load(Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8"), loader)
    return {name: _rule(name, **one) for name, one in said.items()}


def _rule(
    name: str,
    about: str,
    severity: str,
    remedy: dict[str, str],
    holds: dict[str, str] | None = None,
    applied: bool = True,
) -> Rule:
    return Rule(name, about, severity, Text(**remedy), Text(**holds) if holds else None, applied)


def finding_of(
    rule: str, file: str, place: str, what: Text, *, sheet: str = "", severity: str = ""
) -> Finding:
    """A finding of a rule at a place of a file; `severity` only where it differs from the rule's own."""
    one = rules()[rule]
    return Finding(severity or one.severity, file, place, rule, what, one.remedy, sheet)


def switched_off(without: Collection[str] = ()) -> frozenset[str]:
    """The names of the rules not applied: those off by default and those named; WrongCall for an unknown name."""
    unknown = sorted(set(without) - set(rules()))
    if unknown:
        raise WrongCall(f"no rule {', '.join(unknown)}; rules are {', '.join(sorted(rules()))}")
    return frozenset(without) | {one.id for one in rules().values() if not one.applied}


_OWN = {
    ("sex", "female"): Text("nữ", "women"),
    ("sex", "male"): Text("nam", "men"),
    ("residence", "rural"): Text("lao động nông thôn", "rural"),
    ("residence", "urban"): Text("lao động thành thị", "urban"),
    ("trade", "farm"): Text(TRADES["farm"], "Farming"),
    ("trade", "industry"): Text(TRADES["industry"], "Industry and construction"),
    ("trade", "services"): Text(TRADES["services"], "Services"),
    ("trade", "driving"): Text(TRADES["driving"], "Driving"),
    ("channel", "print"): Text(CHANNELS["print"], "Print"),
    ("channel", "broadcast"): Text(CHANNELS["broadcast"], "Radio and television"),
    ("channel", "online"): Text(CHANNELS["online"], "Web sites"),
    ("channel", "social"): Text(CHANNELS["social"], "Social networks"),
    ("channel", "commune_radio"): Text(CHANNELS["commune_radio"], "Commune radio"),
    ("indicator", "people_in_training_start"): Text("Số người đang học đầu năm", "People in training at the start"),
    ("indicator", "lower_secondary_leavers"): Text("Học sinh tốt nghiệp THCS", "Leavers of lower secondary school"),
    ("indicator", "lower_secondary_to_vet"): Text("Học sinh tốt nghiệp THCS vào học GDNN",
                                                  "Leavers of lower secondary school who entered vocational training"),
    ("indicator", "upper_secondary_leavers"): Text("Học sinh tốt nghiệp THPT", "Leavers of upper secondary school"),
    ("indicator", "upper_secondary_to_vet"): Text("Học sinh tốt nghiệp THPT vào học GDNN",
                                                  "Leavers of upper secondary school who entered vocational training"),
}  # fmt: skip


@dataclass(frozen=True)
class QuantityWords:
    """Labels by (column of the observations, id). What has no label is shown by its id."""

    labels: Mapping[tuple[str, str], Text] = field(default_factory=lambda: _OWN)

    def one(self, column: str, value: str) -> Text:
        """The label of one id: `one("level", "elementary")` is "Sơ cấp"."""
        return self.labels.get((column, value), same(value))

    def quantity(self, row: Any) -> Text:
        """An indicator with its breakdowns; `row` has the columns as attributes (a key, a row of a frame):
        "Số người tuyển mới (Sơ cấp, nữ)"."""
        name = self.one("indicator", str(row.indicator))
        parts = [
            self.one(column, str(value)) for column in BREAKDOWNS if (value := getattr(row, column, "") or "")
        ]
        if not parts:
            return name
        return Text(
            f"{name.vi} ({', '.join(part.vi for part in parts)})",
            f"{name.en} ({', '.join(part.en for part in parts)})",
        )


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


def shown(value: float, lang: str) -> str:
    """A figure in a finding, in the notation of `lang`: at most two decimals, no trailing zeros.

    Only what no count can be (a million of a million and more) has an exponent.
    """
    from vetanalysis.language.numbers import number

    return number(value, lang) if abs(value) < _READABLE else f"{value:g}"


def measure_text(measure: str) -> Text:
    """A unit of measure in words: "triệu đồng" and "million dong"."""
    return Text(
        measure_word(measure), measure.split("|")[0].replace("_", " ") if measure != "percent" else "%"
    )


def period_text(period: str) -> Text:
    """A period as it is read; a text that is none stays as it is."""
    from vetanalysis.language.numbers import period_name

    try:
        return Text(period_name(period, "vi"), period_name(period, "en"))
    except VetanalysisError:
        return same(period)


def day_text(day: str) -> Text:
    """An ISO day as it is read: "14/06/2023" and "14 June 2023"; a text that is none stays as it is."""
    from vetanalysis.language.numbers import short_date

    return Text(short_date(day, "vi"), short_date(day, "en")) if parse_day(day) else same(day)


def place_text(source: str) -> Text:
    """Where a figure stands, from its source `file!sheet!cell`: "ô D9 trang Lũy kế theo quý, tệp 188__...xlsx"."""
    file, _, rest = source.partition("!")
    sheet, _, cell = rest.rpartition("!")
    vi = ", ".join(
        filter(None, (f"ô {cell}" if cell else "", f"trang {sheet}" if sheet else "", f"tệp {file}"))
    )
    en = ", ".join(
        filter(None, (f"cell {cell}" if cell else "", f"sheet {sheet}" if sheet else "", f"file {file}"))
    )
    return Text(vi, en)
