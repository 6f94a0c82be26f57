"""Next year's plan from this year's, for `new-plan --from`: what is carried over, moved on, and left to decide."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import yaml

from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.cli.new_plan_folder import MARK, building, in_both, to_decide, write_table
from vetanalysis.hashes import plan_folders
from vetanalysis.language import numbers
from vetanalysis.periods import Calendar, Cutoff, window
from vetanalysis.plan import Plan, load_plan
from vetanalysis.plan.files import LANGUAGE_FILES, OPTIONAL_TABLES, PlanFiles, read_plan_files
from vetanalysis.plan.shapes import SHAPES_FILE
from vetanalysis.scenarios.stock_flow_inputs import FILE as ASSUMPTIONS

# What holds for one year only. The rest is carried as it stands.
LEFT_OUT = ("extends", "follows", "corrections", "notes", "issuing_text")
BLANK = ("number", "date")
_MOVED_ON = ("targets", "ambiguities")  # parts whose texts move on with the years
LOOKED_AT = ("title", "number", "follows", "citations", "targets", "bodies", "report_signatory")


def write_next_plan(folder: Path, source: str | Path, years: tuple[int, int] | None = None) -> list[str]:
    """Write a plan for `years` (default: the years after those of `source`); returns what is to be decided.

    Carried: calendar, levels, groups, bodies, tasks, signatories, units with their validity dates and where they lie,
    indicators and with them the forms, the crosswalk, the plan's own words, what was assumed of every year. Units that
    the crosswalk names as successors are added. Targets keep their values with certainty "unverified" until someone
    decides them, what is said of them moves on with the years; quotas wait for their values, those of units gone by
    then in the rows of their successors. The new plan follows the old one, whose quotas and returns stay where they
    are and are read there.
    """
    old = load_plan(source)
    files = read_plan_files(old.folder, lambda name: load_plan(name).folder)
    own = own_years(old)
    first, last = years or (old.years[1] + 1, old.years[1] + 1 + (own[1] - own[0]))
    later_on = _Later.of(old.calendar, own, last - own[1])
    content, units = _content(files, old, own, (first, last), later_on), with_successors(old)
    later = first > old.years[1]
    asked, gone = _of_units_there(files.quotas, old, window(Cutoff(first, "FY"), old.calendar)[0])
    quotas = _open_quotas(asked if later else asked.iloc[:0], own, (first, last))
    assumptions, dated = _assumptions(old)
    with building(folder) as place:
        (place / "plan.yaml").write_text(_text(content, old), encoding="utf-8")
        write_table(units, place / "units.csv")
        write_table(quotas, place / "quotas.csv")
        write_table(files.indicators, place / "indicators.csv")
        for table in OPTIONAL_TABLES:
            if len(getattr(files, table)):
                write_table(getattr(files, table), place / f"{table}.csv")
        if len(assumptions):
            write_table(assumptions, place / ASSUMPTIONS)
        drawn = set(units.loc[units["code"].isin(old.shapes.of if old.shapes else ()), "kind"])
        new = units.iloc[len(old.units) :]  # a new unit has no shape yet
        for path in _carried_files(old.folder, shapes=not drawn & set(new["kind"])):
            shutil.copyfile(path, place / path.name)
    return [
        *to_decide(folder),
        *_left_behind(quotas, gone if later else (), assumptions, dated),
        *_old_years(folder, old.years[1], (first, last), later_on),
        *_idle(load_plan(folder)),
    ]


def _carried_files(folder: Path, *, shapes: bool) -> list[Path]:
    """Words and shapes of a plan, its own before those of the plans it extends; shapes, where no unit is new."""
    found: dict[str, Path] = {}
    for each in plan_folders(folder):
        for path in sorted([*each.glob("words.yaml"), *each.glob(LANGUAGE_FILES), *each.glob(SHAPES_FILE)]):
            found.setdefault(path.name, path)
    return [path for name, path in found.items() if shapes or name != SHAPES_FILE]


def _open_quotas(quotas: pd.DataFrame, old: tuple[int, int], new: tuple[int, int]) -> pd.DataFrame:
    """A row without a value for each quota of the old years, moved to the new ones: none until somebody fills it in.

    The last year stands for the last, the one before for the one before, the first for all that have none.
    """
    years = range(new[0], new[1] + 1)
    of = {year: min(max(year - new[1] + old[1], old[0]), old[1]) for year in years}
    found = [quotas[quotas["period"].str.startswith(f"{of[year]}-")] for year in years]
    moved = [
        rows.assign(period=[f"{year}{period[4:]}" for period in rows["period"]], value="", source="")
        for year, rows in zip(years, found, strict=True)
    ]
    return pd.concat(moved, ignore_index=True)


def _of_units_there(quotas: pd.DataFrame, old: Plan, begins: date) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows of units that are there when the plan begins: of one that went over whole into another that one's.

    Then the names of the units whose rows are left out, as they are gone and no unit stands for them.
    """
    whole = old.crosswalk[(old.crosswalk["share"] == 1) & (old.crosswalk["valid_from"] <= begins.isoformat())]
    into = {
        unit: successor
        for unit, successor in zip(whole["unit"], whole["successor"], strict=True)
        if successor
    }
    there = set(old.units_on(begins)["code"]) | ({*into.values()} - {*into})

    def now(unit: str) -> str:
        seen = {unit}
        while unit not in there and into.get(unit, unit) not in seen:
            unit = into[unit]
            seen.add(unit)
        return unit

    moved = quotas.assign(unit=quotas["unit"].map(now))
    stays = moved["unit"].isin(there)
    names = dict(zip(old.units["code"], old.units["name"], strict=True))
    gone = tuple(str(names.get(unit, unit)) for unit in quotas.loc[~stays, "unit"].drop_duplicates())
    return moved[stays].drop_duplicates(["unit", "level", "period", "indicator"]), gone


def _assumptions(old: Plan) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """What is assumed of every year, marked as assumed; then the inputs of one day before the old year, left out."""
    found = [one / ASSUMPTIONS for one in plan_folders(old.folder) if (one / ASSUMPTIONS).is_file()]
    if not found:
        return pd.DataFrame(), ()
    rows = pd.concat([pd.read_csv(one, dtype=str, keep_default_na=False) for one in found], ignore_index=True)
    rows = rows.drop_duplicates(["input", "level", "concept"])
    dated = rows["input"].str.endswith("_before")
    carried, said = rows[~dated].reset_index(drop=True), Said("new_plan.carried_assumption", title=old.title)
    earlier = [Said("new_plan.carried_assumption", title=one.title) for one in old.before]
    for lang in LANGUAGES:
        again, column = {one.get(lang) for one in earlier}, f"note_{lang}"
        carried[column] = [
            "; ".join([*(one for one in note.split("; ") if one and one not in again), said.get(lang)])
            for note in carried[column]
        ]
    return carried.assign(assumed="true"), tuple(rows.loc[dated, "input"].drop_duplicates())


def _left_behind(
    quotas: pd.DataFrame, gone: tuple[str, ...], assumptions: pd.DataFrame, dated: tuple[str, ...]
) -> Iterator[str]:
    """What is open or stays with the old plan but stands in no marked line."""
    if len(quotas):
        yield in_both("open_quotas", count=len(quotas))
    if gone:
        yield in_both("quotas_of_gone", units=gone)
    if len(assumptions):
        yield in_both("assumptions", file=ASSUMPTIONS, count=len(assumptions))
    if dated:
        yield in_both("assumptions.dated", file=ASSUMPTIONS, inputs=dated)


def with_successors(plan: Plan) -> pd.DataFrame:
    """The plan's units, and those the crosswalk names as successors, as they stand in units.csv."""
    units = plan.units
    cross = plan.crosswalk
    known = set(zip(units["code"], units["valid_from"], strict=True)) | {(code, "") for code in units["code"]}
    rows = []
    for row in cross[cross["successor"] != ""].drop_duplicates(["successor", "valid_from"]).itertuples():
        still = units[
            (units["code"] == row.successor)
            & ((units["valid_to"] == "") | (units["valid_to"] >= row.valid_from))
        ]
        if (row.successor, row.valid_from) in known or len(still):
            continue
        before = units[units["code"] == row.unit]
        kind = before["kind"].iloc[0] if len(before) else "commune"
        rows.append(
            {
                "code": row.successor, "name": row.successor_name, "short_name": row.successor_name, "kind": kind,
                "parent": plan.place.code, "valid_from": row.valid_from, "source": row.source,
            }
        )  # fmt: skip
    if not rows:
        return units
    columns = list(units.columns)
    return pd.concat([units, pd.DataFrame(rows).reindex(columns=columns, fill_value="")], ignore_index=True)


def own_years(plan: Plan) -> tuple[int, int]:
    """The years a plan is made for: those that its title names where its `years` begin earlier, to hold past figures.

    All of them where it follows another plan, in which the past stays, where the title names none, or where nothing is
    asked of one year alone: neither quotas nor a count, only rates by the last year.
    """
    first, last = plan.years
    by_year = len(plan.quotas) or any(one.counts and not one.since for one in plan.targets)
    if plan.follows or not by_year:
        return first, last
    named = {int(year) for year in re.findall(r"\b\d{4}\b", plan.title.vi)} & set(range(first, last + 1))
    return min(named, default=first), last


def _content(
    files: PlanFiles, old: Plan, own: tuple[int, int], years: tuple[int, int], later: _Later
) -> dict[str, Any]:
    kept = {key: value for key, value in files.raw.items() if key not in LEFT_OUT}
    kept |= {key: "" for key in BLANK if key in kept}
    kept["years"] = list(years)
    moved = dict(zip(map(str, own), map(str, years), strict=True))
    if old.calendar.year_starts != "01-01":  # a year is named by the calendar year it ends in, too
        moved[str(own[1] + 1)] = str(years[1] + 1)
    for name in {"title", "title_in"} & set(kept):
        kept[name] = {lang: _renamed(text, moved) for lang, text in kept[name].items()}
    if own[1] - own[0] == years[1] - years[0]:  # else nobody can say which year stands for which
        for name in {*_MOVED_ON} & set(kept):
            kept[name] = _told_later(kept[name], later)
    kept["targets"] = [_target(target, old, years) for target in kept["targets"]]
    if years[0] <= old.years[1]:
        return kept
    at = list(kept).index("years") + 1
    return dict([*list(kept.items())[:at], ("follows", old.asked_for), *list(kept.items())[at:]])


def _target(target: dict[str, Any], old: Plan, years: tuple[int, int]) -> dict[str, Any]:
    shift = years[1] - old.years[1]
    moved = {**target, "period": _shifted(target["period"], shift, years)}
    if target.get("milestones"):
        moved["milestones"] = [
            {**one, "period": _shifted(one["period"], shift, years)} for one in target["milestones"]
        ]
    said = Said("new_plan.carried_target", title=old.title)
    note = {"vi": said.vi, "en": said.en}
    return {**moved, "certainty": "unverified", "certainty_note": note}


def _shifted(period: Any, years_on: int, within: tuple[int, int]) -> Any:
    """A cut-off as many years on, within the new plan's years; of a total over several years both ends."""
    if isinstance(period, list):
        ends = [_shifted(one, years_on, within) for one in period]
        return ends if ends[0] != ends[1] else ends[1]
    year = min(max(int(period[:4]) + years_on, within[0]), within[1])
    return f"{year}{period[4:]}"


class _Later(NamedTuple):
    """Texts with their years moved on: `days` of the calendar as they are written, and the `years` named alone."""

    days: Mapping[str, str]
    years: Mapping[str, str]

    @classmethod
    def of(cls, calendar: Calendar, own: tuple[int, int], years_on: int) -> _Later:
        """Of the first and last days of the old years; of these years and the one after, when figures come out."""
        years = range(own[0], own[1] + 2)
        days: dict[str, str] = {}
        for year in years[:-1]:
            then, now = (window(Cutoff(one, "FY"), calendar) for one in (year, year + years_on))
            for lang in LANGUAGES:
                for written in (numbers.short_date, numbers.date):
                    days |= {written(a, lang): written(b, lang) for a, b in zip(then, now, strict=True)}
        return cls(days, {str(year): str(year + years_on) for year in years})

    def __call__(self, text: str) -> str:
        """Any other day stands as it is, and so do the numbers of documents and years from one to another."""
        known = "|".join(map(re.escape, sorted(self.days, key=len, reverse=True)))
        day = r"\d{1,2}([/.-])\d{1,2}\1\d{4}|\d{4} ?[-–] ?\d{4}|\d{1,2} [A-Z][a-z]+ \d{4}|\d{1,2} \w+ \d{1,2} \w+ \d{4}"
        fixed = rf"\b(?:{day})\b|\d+/\d{{4}}/"
        return re.sub(rf"{known}|{fixed}|\b\d{{4}}\b(?!/)", self._moved, text)

    def _moved(self, found: re.Match[str]) -> str:
        return self.days.get(found[0]) or self.years.get(found[0], found[0])


def _told_later(part: Any, later: _Later) -> Any:
    """A part of a plan with its texts in both languages, and the ids that name a year, moved on."""
    if isinstance(part, list):
        return [_told_later(one, later) for one in part]
    if not isinstance(part, dict):
        return part
    words = part.keys() <= set(LANGUAGES)
    return {
        key: later(value) if isinstance(value, str) and (words or key == "id") else _told_later(value, later)
        for key, value in part.items()
    }


def _renamed(text: str, years: Mapping[str, str]) -> str:
    return re.sub(r"\b\d{4}\b", lambda found: years.get(found[0], found[0]), text)


class _Dumper(yaml.SafeDumper):
    """YAML without aliases, so that every place can be read and changed by itself."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(content: dict[str, Any], old: Plan) -> str:
    """The plan as YAML, a comment in front of each part that must be looked at, values of targets marked."""
    lines = [_comment("head", old), _comment("head.marked", old), ""]
    for key, value in content.items():
        if key in LOOKED_AT:
            lines.append(_comment(f"head.{key}", old))
        dumped = yaml.dump({key: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
        lines += [_marked(line, key) for line in dumped.rstrip().splitlines()]
        lines.append("")
    return "\n".join(lines)


def _comment(line: str, old: Plan) -> str:
    return "# " + in_both(line, mark=MARK, old=old.name)


def _marked(line: str, key: str) -> str:
    wanted = key == "targets" and re.match(r"(- |  |  - )\s*(value|legal_ref|legal_text):", line)
    return f"{line}  # {MARK}" if wanted else line


def _old_years(folder: Path, old: int, new: tuple[int, int], later: _Later) -> Iterator[str]:
    """The lines that still say the old year, and those in which the year after it was moved on, which may be fixed."""
    if new[0] <= old <= new[1]:
        return
    numbered, on, within, part = list[str](), list[str](), "", ""
    before, after = str(old + 1), later.years.get(str(old + 1), "")
    moved = re.compile("|".join(map(re.escape, later.days.values())))
    for number, line in enumerate((folder / "plan.yaml").read_text(encoding="utf-8").splitlines(), start=1):
        indent = re.match(r" *", line)[0]  # type: ignore[index]
        if within and len(indent) >= len(within):
            continue  # where a target was taken from is the old plan
        within = f"{indent} " if line.strip() == "certainty_note:" else ""
        part = line.partition(":")[0] if line[:1].isalpha() else part
        if part in _MOVED_ON and after and re.search(rf"\b{after}\b", moved.sub("", line)):
            on.append(str(number))
        if re.search(rf"\b{old}\b", moved.sub("", line)) and not line.startswith(("#", "follows:")):
            numbered.append(str(number))
    if numbered:
        yield in_both("old_years", lines=numbered, year=old)
    if on:
        yield in_both("later_years", lines=on, before=before, year=after)


def _idle(plan: Plan) -> Iterator[str]:
    """Bodies that stand for a kind of unit of which none exists any more when the plan begins."""
    begins = window(Cutoff(plan.years[0], "FY"), plan.calendar)[0]
    kinds = set(plan.units_on(begins)["kind"])
    for body in plan.bodies:
        if body.unit_kind and body.unit_kind not in kinds:
            yield in_both("idle_body", body=body.code, kind=body.unit_kind, day=str(begins))
