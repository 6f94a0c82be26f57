"""Reports that were issued: what each said of the plan's targets, as it was sealed, and whether the record is whole.

`data/issued/<plan>/issued.jsonl` holds one line for each signed report, beside the signed files. Every line holds
the seal of the line before it and ends with its own, a hash of all that it says. `pipeline.seal` writes them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.checks import finding, is_number, not_utf8
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.hashes import plain, read_json
from vetanalysis.paths import issued_root
from vetanalysis.periods import Cutoff, parse_cutoff, parse_day

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Assessment

NAME = "issued.jsonl"
RULE = "seal-record"
_TEXTS = ("file", "sha256", "plan", "as_of", "unit", "lang", "on", "before", "seal")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a report said of one target. Values in the target's measure, `probability` a share; None: it said nothing.

    `projected`: the judgement rests on a projection and not on a figure that is there already.
    """

    target: str
    period: str
    goal: float | None  # None: the unit was given none
    status: str
    evidence: str
    projected: bool
    illustrative: bool
    probability: float | None
    median: float | None
    lower_80: float | None
    upper_80: float | None
    gap: float | None


@dataclass(frozen=True, slots=True)
class Issued:
    """One line of the record: a signed file (`sha256` of its bytes), what it is of, and what its report said.

    `number` counts from 1; `on`: the ISO day of issue; `before`: the seal of the line before, "" in the first.
    """

    number: int
    file: str
    sha256: str
    plan: str
    as_of: str
    unit: str
    lang: str
    on: str
    statements: tuple[Statement, ...]
    before: str
    seal: str = ""

    def line(self) -> str:
        """The line as it stands in the record, without its end; the seal is worked out anew."""
        record = plain({name: value for name, value in asdict(self).items() if name != "seal"})
        return _written({**record, "seal": seal_of(record)})


def statement_of(one: Assessment) -> Statement:
    """What an assessment says, as it is kept with a report."""
    return Statement(
        target=one.target.id,
        period=one.target.period,
        goal=float(one.target.value) if one.target.has_value else None,
        status=one.status,
        evidence=one.evidence,
        projected=one.projection is not None,
        illustrative=one.illustrative,
        **{name: getattr(one, name) for name in _NUMBERS},
    )


def statements_in(record: Any) -> tuple[Statement, ...]:
    """Statements as a manifest or a line of the record holds them; ValueError for anything else."""
    if not isinstance(record, list):
        raise ValueError("statements")
    return tuple(_statement(one) for one in record)


def folder_of(plan: str) -> Path:
    """Where the issued reports of a plan (its name or its folder) lie; it need not exist."""
    return issued_root() / Path(plan).name


def seal_of(record: Mapping[str, Any]) -> str:
    """SHA-256 of what a line says, without its own seal."""
    return hashlib.sha256(_written(record).encode("utf-8")).hexdigest()


def issued_reports(plan: str, known_by: str = "") -> tuple[Issued, ...]:
    """The reports of a plan that were issued, in the order of the record; up to the ISO day `known_by`, where given.

    DataRefused with every line that was damaged, changed, removed or put in.
    """
    found, wrong = read_record(folder_of(plan) / NAME)
    if wrong:
        raise DataRefused(wrong)
    return tuple(one for one in found if not known_by or one.on <= known_by)


def last_issued(reports: Iterable[Issued], unit: str, as_of: str) -> Issued | None:
    """The last report of a unit on a cut-off before `as_of`; of several on that cut-off the one issued last."""
    now = parse_cutoff(as_of)
    return max(
        (one for one in reports if one.unit == unit and parse_cutoff(one.as_of) < now),
        key=_time,
        default=None,
    )


@dataclass(frozen=True, slots=True)
class Made:
    """What a report said that was made and not sealed; `name`: its folder below the reports, without its language.

    `sentences`: the facts of its sentences by their ids, as its manifest holds them. `known_by`: the ISO day up to
    which it read, "" where it read everything.
    """

    name: str
    as_of: str
    statements: tuple[Statement, ...]
    sentences: Mapping[str, Any] = field(default_factory=dict)
    known_by: str = ""

    def told(self, sentence: str, fact: str) -> Any:
        """A fact of one of its sentences; None where it has none."""
        facts = self.sentences.get(sentence)
        return facts.get(fact) if isinstance(facts, Mapping) else None


def last_made(reports: Path, plan: str, unit: str, as_of: str, known_by: str = "") -> Made | None:
    """The report of a unit on the last earlier cut-off of the same year that lies in a folder of reports.

    With `known_by`, an ISO day, only one that read nothing known later. None where there is none, or none to be read.
    """
    now = parse_cutoff(as_of)
    for cutoff in sorted(_cutoffs_under(reports / plan), reverse=True):
        if cutoff.year == now.year and cutoff < now:
            made = made_of(reports, plan, unit, cutoff, known_by)
            if made is not None:
                return made
    return None


def made_of(reports: Path, plan: str, unit: str, cutoff: Cutoff, known_by: str = "") -> Made | None:
    """The report of a unit on one cut-off in a folder of reports, as `last_made` says."""
    for _, manifest in _manifests(reports / plan / str(cutoff) / unit, known_by):
        with contextlib.suppress(ValueError, TypeError, KeyError):
            said = statements_in(manifest["statements"])
            if said:  # a reminder says nothing of targets
                held = manifest.get("sentences")
                sentences = held if isinstance(held, dict) else {}
                read_to = manifest.get("parameters", {}).get("known_by", "")
                return Made(f"{plan}/{cutoff}/{unit}", str(cutoff), said, sentences, read_to)
    return None


def printed_before(
    reports: Path, plan: str, unit: str, as_of: str, known_by: str = ""
) -> dict[str, dict[tuple[str, str, str], float]]:
    """The unit's own whole figures that its reports on earlier cut-offs of the same year printed, by cut-off.

    Each by indicator, period and basis, as the reports that lie in a folder of reports say where their figures come
    from. With `known_by`, an ISO day, only those that read nothing known later.
    """
    now, found = parse_cutoff(as_of), {}
    for cutoff in sorted(_cutoffs_under(reports / plan)):
        if cutoff.year == now.year and cutoff < now:
            for folder, _ in _manifests(reports / plan / str(cutoff) / unit, known_by):
                if told := _printed_in(folder / "figures.json", f"line.{unit}."):
                    found[str(cutoff)] = told
    return found


def _printed_in(path: Path, line: str) -> dict[tuple[str, str, str], float]:
    """The figures of a report whose origin is a whole `line`; {} where the file is not there or is no such file."""
    told = {}
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        for numbers in (read_json(path) or {}).get("figures", {}).values():
            for _, value, origin in numbers:
                at = origin.removeprefix(line).split(".")
                if origin.startswith(line) and at[3:] == ["value"]:
                    told[at[0], at[1], at[2]] = float(value)
    return told


def _manifests(folder: Path, known_by: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The reports below a folder, one a language, with what their manifests hold; those that read to a day at most."""
    for path in sorted(folder.glob("*/manifest.json")):
        manifest = read_json(path) or {}
        read_to = manifest.get("parameters", {}).get("known_by", "")
        if not known_by or (read_to and read_to <= known_by):
            yield path.parent, manifest


def _cutoffs_under(folder: Path) -> list[Cutoff]:
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(WrongCall):
            found.append(parse_cutoff(path.name))
    return found


def that_stand(reports: Iterable[Issued]) -> list[Issued]:
    """Of each unit and cut-off the report that was issued last, in the order of the record."""
    return list({(one.unit, one.as_of): one for one in sorted(reports, key=_time)}.values())


def _time(one: Issued) -> tuple[Cutoff, str, int]:
    return parse_cutoff(one.as_of), one.on, one.number


def read_record(path: Path) -> tuple[list[Issued], list[Finding]]:
    """The lines of a record that can be read, and what is wrong with it; nothing where there is no record."""
    if not path.is_file():
        return [], []
    name = f"{path.parent.name}/{path.name}"
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        return [], [not_utf8(name, error, RULE)]
    found: list[Issued] = []
    wrong: list[Finding] = []
    number, seal = 1, ""
    for row, text in enumerate((line.removesuffix("\r") for line in lines), start=1):
        if not text and row == len(lines):
            break
        try:
            one = _issued(json.loads(text))
        except (ValueError, TypeError, KeyError, RecursionError, WrongCall):
            wrong.append(finding(name, f"row {row}", RULE, "issued.unreadable"))
            number, seal = number + 1, "?"
            continue
        if one.line() != text:
            wrong.append(finding(name, f"row {row}", RULE, "issued.line_changed", report=one.file))
        elif one.number != number or (seal != "?" and one.before != seal):
            wrong.append(
                finding(name, f"row {row}", RULE, "issued.chain", number=one.number, expected=number)
            )
        found.append(one)
        number, seal = one.number + 1, one.seal
    return found, wrong


_NUMBERS = ("probability", "median", "lower_80", "upper_80", "gap")
_GIVEN = (*_NUMBERS, "goal")


def _written(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _issued(record: dict[str, Any]) -> Issued:
    given = {one.name: record[one.name] for one in fields(Issued)}
    if not all(isinstance(given[name], str) for name in _TEXTS) or type(given["number"]) is not int:
        raise ValueError("a text or a number is something else")
    if parse_day(given["on"]) is None or Path(given["file"]).name != given["file"]:
        raise ValueError("no day, or no name of a file")
    parse_cutoff(given["as_of"])
    return Issued(**{**given, "statements": statements_in(given["statements"])})


def _statement(record: dict[str, Any]) -> Statement:
    given = {one.name: record[one.name] for one in fields(Statement)}
    numbers = all(given[name] is None or is_number(given[name]) for name in _GIVEN)
    if not numbers:
        raise ValueError("a number is something else")
    if not all(isinstance(given[name], str) for name in ("target", "period", "status", "evidence")):
        raise ValueError("a text is something else")
    if not all(isinstance(given[name], bool) for name in ("projected", "illustrative")):
        raise ValueError("yes or no is something else")
    return Statement(**given)
