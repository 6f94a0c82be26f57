"""The parts of a new plan as someone states them in a few words: targets, levels, years, units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vetanalysis.errors import WrongCall
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan.files import COLUMNS
from vetanalysis.text import Text, same

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LEVELS = {
    "elementary": Text("Sơ cấp", "Elementary"),
    "intermediate": Text("Trung cấp", "Intermediate"),
    "college": Text("Cao đẳng", "College"),
    "short_course": Text("Đào tạo dưới 3 tháng", "Courses under three months"),
}
UNITS_EXAMPLE = "code,name,name_en,kind,parent,valid_from,valid_to"
TARGET_EXAMPLE = '"trained_rate>=65%", "people_enrolled>=13500" or "dropout_rate<=4%@2027-FY"'

_TARGET = re.compile(
    r"\s*(?P<indicator>[a-z][a-z0-9_]*)\s*(?:=\s*(?P<words>[^<>=]*[^<>=\s])\s*)?(?P<operator>>=|<=)\s*(?P<value>\d+(?:\.\d+)?)\s*(?P<percent>%?)\s*"
    r"(?:@\s*(?P<period>[\w-]+))?\s*(?::\s*(?P<base>[\w-]*))?\s*(?::\s*(?P<concept>[\w-]*))?\s*"
)


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A training level; `counted`: inside the plan's head count."""

    id: str
    name: Text
    counted: bool


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target as stated on one line, with the texts a plan needs about it."""

    id: str
    indicator: str
    operator: str
    value: str
    measure: str
    period: str
    base: str
    concept: str
    label: Text
    levels: tuple[str, ...]
    unnamed: bool = False  # its label is the indicator's id, until somebody writes a better one

    @property
    def counts(self) -> str:
        """What a head count counts, where the indicator says it."""
        return {"people_enrolled": "enrolled", "people_graduated": "graduated"}.get(self.indicator, "")

    @property
    def sentence(self) -> Text:
        """The target in words, until the wording of the document stands there."""
        unit = Text("%", " %") if self.measure == "percent" else Text(" người", " persons")
        least = self.operator == ">="
        return Text(
            f"{self.label.vi} đạt {'ít nhất' if least else 'không quá'} {self.value}{unit.vi}",
            f"{self.label.en}: at {'least' if least else 'most'} {self.value}{unit.en}",
        )

    @property
    def reading(self) -> Text:
        """How the target is read: taken literally."""
        if self.measure == "percent":
            return Text(
                "hiểu đúng như văn bản; tỷ lệ theo mẫu số và khái niệm ghi ở trên",
                "read as written; a rate on the base and concept stated above",
            )
        return Text(
            "hiểu đúng như văn bản; đếm lũy kế từ đầu năm", "read as written; counted since the year began"
        )

    @property
    def judged_on(self) -> Text:
        """The figure that decides."""
        return Text("số liệu của cả năm", "the figure of the whole year")


def parse_target(
    given: str, last_year: int, levels: Sequence[NewLevel], labels: dict[str, Text]
) -> NewTarget:
    """`"dropout_rate<=4%@2027-FY:base:concept"` as a target; what follows the number may be left out.

    An indicator the package does not know is named as in `"apprentice_share=Tỷ lệ học nghề|Apprentices>=40%"`.
    The period is the end of `last_year` unless given. `labels`: names of known indicators by id.
    """
    match = _TARGET.fullmatch(given)
    if match is None:
        raise WrongCall(
            Text(
                f"không hiểu chỉ tiêu {given!r}; viết như {TARGET_EXAMPLE}",
                f"target {given!r} is not understood; write it like {TARGET_EXAMPLE}",
            )
        )
    period = str(parse_cutoff(match["period"])) if match["period"] else f"{last_year}-FY"
    percent = match["percent"] == "%"
    name = match["indicator"]
    vi, _, en = (part.strip() for part in (match["words"] or "").partition("|"))
    return NewTarget(
        id=name,
        indicator=name,
        operator=match["operator"],
        value=match["value"],
        measure="percent" if percent else "persons",
        period=period,
        base=match["base"] or "",
        concept=match["concept"] or "",
        label=Text(vi, en or vi) if vi else labels.get(name, same(name.replace("_", " "))),
        levels=() if percent else tuple(level.id for level in levels if level.counted),
        unnamed=not vi and name not in labels,
    )


def parse_level(given: str) -> NewLevel:
    """`elementary`, `bridge=Cầu nối|Bridging course` or, outside the head count, `-short_course`."""
    counted = not given.startswith("-")
    name, _, words = given.removeprefix("-").partition("=")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise WrongCall(
            Text(
                f"trình độ {given!r}: mã chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới",
                f"level {given!r}: the id takes lower-case letters, digits and underscores",
            )
        )
    vi, _, en = words.partition("|")
    known = LEVELS.get(name, same(name))
    return NewLevel(name, Text(vi.strip() or known.vi, en.strip() or vi.strip() or known.en), counted)


def parse_years(given: str) -> tuple[int, int]:
    """`2026` or `2026-2028` as first and last plan year."""
    match = re.fullmatch(r"(\d{4})(?:\s*[-:]\s*(\d{4}))?", given.strip())
    if match is None:
        raise WrongCall(
            Text(
                f"năm {given!r}: viết một năm như 2026, hoặc năm đầu và năm cuối như 2026-2028",
                f"years {given!r}: write one year like 2026, or the first and the last like 2026-2028",
            )
        )
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise WrongCall(
            Text(
                f"năm {given!r}: năm cuối đứng trước năm đầu; viết {last}-{first}",
                f"years {given!r}: the last year comes before the first; write {last}-{first}",
            )
        )
    return first, last


def read_units(path: Path, place: str, place_name: Text) -> pd.DataFrame:
    """A table of units as units.csv wants it: the place first, then the rows of `path` with blanks filled.

    Obligatory columns: code, name. Without a kind a unit directly below the place is a district and one below
    another unit a commune; without a parent it stands below the place. Further columns are kept.
    """
    from vetanalysis.reference_tables import read_csv

    given = read_csv(path)
    lacking = [name for name in ("code", "name") if name not in given.columns]
    if lacking:
        raise WrongCall(
            Text(
                f"đơn vị: {path} thiếu cột {', '.join(lacking)}; dòng đầu có thể là {UNITS_EXAMPLE}",
                f"units: {path} has no column {' and '.join(lacking)}; its first line may be {UNITS_EXAMPLE}",
            )
        )
    columns = [*COLUMNS["units"], *(name for name in given.columns if name not in COLUMNS["units"])]
    frame = given.reindex(columns=columns, fill_value="").astype("str")
    frame = frame.apply(lambda column: column.str.strip())
    frame["short_name"] = frame["short_name"].where(frame["short_name"] != "", frame["name"])
    below = (frame["parent"] == "") & (frame["code"] != place)
    frame["parent"] = frame["parent"].mask(below, place)
    usual = (frame["parent"] == place).map({True: "district", False: "commune"})
    frame["kind"] = frame["kind"].where(frame["kind"] != "", usual)
    if place in set(frame["code"]):
        return frame
    top = dict.fromkeys(columns, "") | {"code": place, "name": place_name.vi, "short_name": place_name.vi}
    top |= {"name_en": place_name.en, "kind": "province"}
    return pd.concat([pd.DataFrame([top]), frame], ignore_index=True).astype("str")


def with_own_ids(targets: Sequence[NewTarget], *, two_years: bool = False) -> list[NewTarget]:
    """Targets on the same indicator get ids and names of their own: by their period, else by number.

    `two_years`: plan years reach into a second calendar year and are named by both, "2025-2026".
    """
    from dataclasses import replace

    found: list[NewTarget] = []
    for target in targets:
        several = sum(one.indicator == target.indicator for one in targets) > 1
        when = target.period.removesuffix("-FY")
        name = f"{target.indicator}_{when.replace('-', '_').lower()}" if several else target.id
        year = int(when[:4])
        told = f"{year}-{year + 1}{when[4:]}" if two_years else when
        label = (
            Text(f"{target.label.vi} ({told})", f"{target.label.en} ({told})") if several else target.label
        )
        taken = {one.id for one in found}
        number = 2
        base = name
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        found.append(replace(target, id=name, label=label))
    return found
