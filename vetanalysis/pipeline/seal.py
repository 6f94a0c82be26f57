"""A report as signed becomes a record: `seal` keeps the file and what it said, `verify` looks whether all is whole."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from vetanalysis.assessment.issued import (
    NAME,
    RULE,
    Issued,
    folder_of,
    read_record,
    statements_in,
)
from vetanalysis.blocks import Said
from vetanalysis.checks import finding
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.hashes import file_hash, read_json
from vetanalysis.periods import cutoff_day, parse_day
from vetanalysis.pipeline.store import NotWritable, only_run
from vetanalysis.plan import Plan
from vetanalysis.returns.files import BROKEN_ZIP

_MARK = re.compile(r"report: ([0-9a-f]{64}); plan: (.+?); as_of: (\S+?); unit: (\S+?); lang: (\S+?);")
_DESCRIPTION = re.compile(r"<dc:description[^>]*>([^<]*)<")
_MOST = 1 << 20  # bytes of a Word file's properties that are read


@dataclass(frozen=True)
class _Made:
    """Which report a Word file was made as; `result` is the digest in its manifest."""

    plan: str
    as_of: str
    unit: str
    lang: str
    result: str

    def __str__(self) -> str:
        return f"{self.plan} {self.as_of} {self.unit}"


def seal(file: Path, plan: Plan, as_of: str, unit: str, on: str, reports: Path, *, today: date) -> Issued:
    """Keep a signed Word file and the statements of the report it was made from; returns its line of the record.

    `on`: the ISO day of issue, `today` at the latest. The statements are those of the manifest.json beside the file,
    or in the folder of reports, that belongs to the file. Raises WrongCall for a file that is no Word file, was made
    for something else, has no manifest or was sealed already, and for a day outside the possible ones; DataRefused for
    a damaged record.
    """
    cutoff = plan.check_cutoff(as_of)
    end = cutoff_day(cutoff, plan.calendar)
    code = plan.unit(unit or plan.place.code, on=end).code
    day = parse_day(on)
    if day is None:
        raise WrongCall(Said("issued.no_day", given=on))
    if day > today:
        raise WrongCall(Said("issued.day_ahead", day=on))
    if day < end:
        raise WrongCall(Said("issued.day_early", day=on, as_of=str(cutoff), end=end.isoformat()))
    made, manifest = _made_from(file, _Made(plan.name, str(cutoff), code, "", ""), reports)
    folder, sha = folder_of(plan.name), file_hash(file)
    with _held(folder):
        before, wrong = read_record(folder / NAME)
        if wrong:
            raise DataRefused(wrong)
        if same := next((one for one in before if one.sha256 == sha), None):
            raise WrongCall(
                Said("issued.twice", file=file.name, on=same.on, number=same.number, kept=same.file)
            )
        line = Issued(
            number=len(before) + 1,
            file=f"{cutoff}__{code}__{on}__{made.lang}__{sha[:8]}.docx",
            sha256=sha,
            plan=plan.name,
            as_of=str(cutoff),
            unit=code,
            lang=made.lang,
            on=on,
            statements=statements_in(manifest["statements"]),
            before=before[-1].seal if before else "",
        )
        _keep(file, folder / line.file)
        with (folder / NAME).open("ab") as record:
            record.write(f"{line.line()}\n".encode())
            record.flush()
            os.fsync(record.fileno())
    return read_record(folder / NAME)[0][-1]


def verify(plan: str) -> tuple[list[Issued], list[Finding]]:
    """The record of a plan's issued reports, and everything that is changed, missing or unlisted in its folder."""
    folder = folder_of(plan)
    lines, wrong = read_record(folder / NAME)
    return lines, [*wrong, *_files(folder, lines)]


def _files(folder: Path, lines: list[Issued]) -> Iterator[Finding]:
    for one in lines:
        where, kept = f"row {one.number}", folder / one.file
        if one.plan != folder.name:
            yield finding(f"{folder.name}/{NAME}", where, RULE, "issued.other_plan", plan=one.plan)
        if not kept.is_file():
            yield finding(one.file, where, RULE, "issued.file_missing", on=one.on)
        elif (now := file_hash(kept)) != one.sha256:
            yield finding(
                one.file,
                where,
                RULE,
                "issued.file_changed",
                on=one.on,
                given=now[:12],
                sealed=one.sha256[:12],
            )
    listed = {NAME, *(one.file for one in lines)}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in listed and not path.name.startswith("."):
            yield finding(path.name, "", RULE, "issued.file_unlisted")


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    try:
        with only_run(folder):
            yield
    except NotWritable as error:
        why = str(error.__cause__)
        raise NotWritable(Said("issued.not_writable", folder=str(folder), why=why)) from error


def _keep(file: Path, place: Path) -> None:
    part = place.with_name(f".{place.name}.part")
    shutil.copyfile(file, part)
    with part.open("rb+") as opened:
        os.fsync(opened.fileno())
    part.replace(place)


def _made_from(file: Path, asked: _Made, reports: Path) -> tuple[_Made, dict[str, Any]]:
    """Which report a Word file is, and that report's manifest; WrongCall where it is another, or none can be told."""
    mark = _mark_of(file)
    if mark is not None and str(mark) != str(asked):
        raise WrongCall(Said("issued.made_for", file=file.name, made=str(mark), asked=str(asked)))
    beside = _manifest(file.with_name("manifest.json"))
    if mark is None:
        if beside is None:
            raise WrongCall(Said("issued.no_mark", file=file.name))
        made, manifest = beside
        if str(made) != str(asked):
            raise WrongCall(Said("issued.made_for", file=file.name, made=str(made), asked=str(asked)))
        return made, manifest
    place = reports / mark.plan / mark.as_of / mark.unit / mark.lang / "manifest.json"
    for found in (beside, _manifest(place)):
        if found is not None and replace(found[0], lang=mark.lang) == mark:
            return mark, found[1]
    raise WrongCall(Said("issued.no_manifest", file=file.name, where=str(place)))


def _manifest(path: Path) -> tuple[_Made, dict[str, Any]] | None:
    """What a manifest is of, and all it holds; None where it is no manifest of a report with statements."""
    held = read_json(path)
    try:
        if held is None or not statements_in(held["statements"]):
            return None
        about, given = held["about"], held["parameters"]
        return _Made(about["plan"], about["as_of"], about["unit"], given["lang"], held["result"]), held
    except (KeyError, TypeError, ValueError):
        return None


def _mark_of(file: Path) -> _Made | None:
    """What a Word file says it was made as; None where it says nothing. WrongCall where it is no Word file."""
    if not file.is_file():
        raise WrongCall(Said("issued.no_file", file=str(file)))
    try:
        with zipfile.ZipFile(file) as package:
            names = set(package.namelist())
            if "word/document.xml" not in names or package.testzip() is not None:
                raise WrongCall(Said("issued.no_word", file=file.name))
            with package.open("docProps/core.xml") as part:
                text = part.read(_MOST).decode("utf-8", errors="replace")
    except KeyError:
        return None
    except PermissionError:
        raise  # told with its path
    except (*BROKEN_ZIP, zipfile.LargeZipFile):
        raise WrongCall(Said("issued.no_word", file=file.name)) from None
    said = _DESCRIPTION.search(text)
    mark = _MARK.match(said[1]) if said else None
    return _Made(mark[2], mark[3], mark[4], mark[5], mark[1]) if mark else None
