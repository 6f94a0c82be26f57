"""The inputs of the stock-and-flow account, each a distribution with its source and date, or marked as assumed.

They stand in `assumptions.csv` of the plan's folder; a plan that extends another takes over its rows and may
replace them. Percent and persons in the file, shares and persons in the records.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.text import Text

if TYPE_CHECKING:
    pass

FILE = "assumptions.csv"
COLUMNS = (
    "input", "level", "concept", "distribution", "value", "ess", "sd", "measure", "source", "date", "assumed",
    "note_vi", "note_en",
)  # fmt: skip
DRAWS = 20_000
CONCEPTS = ("ICLS-13", "ICLS-19")


@dataclass(frozen=True, slots=True)
class Kind:
    """What an input is: its name, its measure, whether it differs by level or by labour-force concept."""

    label: Text
    measure: str
    by: str = ""  # "level", "concept" or ""
    signed: bool = False


KINDS: dict[str, Kind] = {
    "labour_force_before": Kind(
        Text("lực lượng lao động đầu năm", "labour force at the start"), "persons", "concept"
    ),
    "labour_force_change": Kind(
        Text("biến động lực lượng lao động", "change of the labour force"), "persons", "concept", signed=True
    ),
    "trained_rate_before": Kind(
        Text("tỷ lệ qua đào tạo đầu năm", "trained rate at the start"), "percent", "concept"
    ),
    "certified_rate_before": Kind(
        Text("tỷ lệ có bằng, chứng chỉ đầu năm", "certified rate at the start"), "percent", "concept"
    ),
    "completion": Kind(Text("tỷ lệ hoàn thành khóa học", "completion"), "percent", "level"),
    "retrained": Kind(
        Text("tỷ lệ người học đã có bằng, chứng chỉ", "learners already certified"), "percent", "level"
    ),
    "upskilled": Kind(
        Text("tỷ lệ người học đã qua đào tạo, chưa có bằng", "learners trained without certificate"),
        "percent", "level",
    ),
    "resident": Kind(Text("tỷ lệ ở lại tỉnh", "residence in the province"), "percent", "level"),
    "participation": Kind(Text("tỷ lệ tham gia lực lượng lao động", "participation"), "percent", "level"),
    "exits_certified": Kind(
        Text("tỷ lệ rời lực lượng, nhóm có bằng", "exits of the certified"), "percent"
    ),
    "exits_uncertified": Kind(
        Text("tỷ lệ rời lực lượng, nhóm không bằng", "exits of the trained without certificate"), "percent"
    ),
    "migration_certified": Kind(
        Text("di cư thuần, nhóm có bằng", "net migration of the certified"), "persons", signed=True
    ),
    "migration_uncertified": Kind(
        Text("di cư thuần, nhóm không bằng", "net migration of the trained without certificate"),
        "persons", signed=True,
    ),
    "other_certified": Kind(
        Text("tốt nghiệp đại học và nguồn khác có bằng", "university and other certified graduates"), "persons"
    ),
    "other_uncertified": Kind(
        Text("nguồn khác không bằng (kèm nghề, tại chỗ)", "others trained without certificate"), "persons"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """One input: beta (share; `spread` is the effective sample size), normal (`spread` is the sd) or fixed."""

    name: str
    level: str
    concept: str
    distribution: str
    mean: float
    spread: float
    source: str = ""
    date: str = ""  # ISO day the source is known from, or the assumption was made
    assumed: bool = True
    note: Text | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """(input, level, concept): what makes it one input."""
        return self.name, self.level, self.concept

    @property
    def kind(self) -> Kind:
        """What it is."""
        return KINDS[self.name]

    def draws(self, size: int, seed: int) -> np.ndarray:
        """`size` draws, read-only; the same seed gives the same, whatever the other inputs are."""
        return _draws(replace(self, note=None, source="", date="", assumed=True), size, seed)

    def quantile(self, q: float) -> float:
        """The value not passed with probability `q`."""
        if self.distribution == "fixed" or self.spread == 0:
            return self.mean
        if self.distribution == "normal":
            return NormalDist(self.mean, self.spread).inv_cdf(q)
        from scipy.special import betaincinv

        return float(betaincinv(self.mean * self.spread, (1 - self.mean) * self.spread, q))

    def held(self, value: float) -> Input:
        """The same input held at one value."""
        return replace(self, distribution="fixed", mean=value, spread=0.0)


@lru_cache(maxsize=256)
def _draws(one: Input, size: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng([seed, zlib.crc32("|".join(one.key).encode())])
    if one.distribution == "beta" and 0 < one.mean < 1:
        values = rng.beta(one.mean * one.spread, (1 - one.mean) * one.spread, size)
    elif one.distribution == "normal":
        values = rng.normal(one.mean, one.spread, size)
        if not one.kind.signed:
            values = np.maximum(values, 0.0)
    else:
        values = np.full(size, one.mean)
    values.flags.writeable = False
    return values


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a plan; `file` is where they stand."""

    rows: tuple[Input, ...]
    file: str = FILE

    def find(self, name: str, level: str = "", concept: str = "") -> Input | None:
        """The input for a level and concept, or the one for all levels or concepts, or None."""
        by_key = {row.key: row for row in self.rows}
        for key in ((name, level, concept), (name, level, ""), (name, "", concept), (name, "", "")):
            if key in by_key:
                return by_key[key]
        return None

    def with_row(self, row: Input) -> Inputs:
        """A copy in which `row` stands in place of the input with its key."""
        return Inputs((*(one for one in self.rows if one.key != row.key), row), self.file)

    def known_by(self, day: str) -> Inputs:
        """Those known by an ISO day; "" keeps all, an undated one is left out otherwise."""
        return Inputs(tuple(one for one in self.rows if not day or (one.date and one.date <= day)), self.file)
