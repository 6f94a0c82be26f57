"""What a run consists of, and what each report is made from, as plain data for another process or machine.

What a report is made from is read by content with the standard library alone, so that whether anything is due
is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vetanalysis import paths
from vetanalysis.assessment.issued import issued_reports, last_issued, last_made, made_of, printed_before
from vetanalysis.hashes import (
    SEED,
    content_digest,
    digest_of,
    folders_before,
    hashes_under,
    known_hash,
    plan_folder,
    plan_folders,
    program_hash,
    versions,
)
from vetanalysis.periods import Cutoff, parse_cutoff

WITH_DOCUMENT = "report"  # the notebook that shows the document
NOTEBOOKS = ("3_trained_rate", "4_people_trained", WITH_DOCUMENT)
OF_A_UNIT = (WITH_DOCUMENT,)  # what is asked of a unit are people: its sheet says all there is


@dataclass(frozen=True, slots=True)
class Report:
    """One unit's report in one language: the notebooks to run and the folder they end in."""

    plan: str  # a folder or a name under data/plans
    as_of: str
    unit: str
    lang: str
    place: str  # folder of the finished report
    returns: str = "default"  # "default", "none" or a path
    published: str = "default"
    known_by: str = ""  # ISO day; empty: everything that is known
    seed: int = SEED
    pdf: bool = False  # also a PDF of the Word file
    notebooks: tuple[str, ...] = NOTEBOOKS
    is_place: bool = True  # its unit is the plan's own place, whose report rests on all returns

    @property
    def label(self) -> str:
        """`lang-son-2023 2023-start 20 vi`."""
        return f"{self.plan_name} {self.as_of} {self.unit} {self.lang}"

    @property
    def plan_name(self) -> str:
        """The plan's name, also where the plan was given as a folder."""
        return Path(self.plan).name

    @property
    def reports(self) -> Path:
        """The folder of the reports of all plans."""
        return Path(*Path(self.place).parts[:-4])

    @property
    def handed_on(self) -> Path | None:
        """Where what was worked out for its documents is stored for its notebooks; None outside a run."""
        folder = paths.shared_folder()
        return folder / f"{self.unit}-{self.lang}.pickle" if folder else None

    def parameters(self) -> dict[str, Any]:
        """The values for a notebook's parameters cell: plain JSON types, ASCII codes."""
        return {
            "plan": self.plan,
            "as_of": self.as_of,
            "unit": self.unit,
            "lang": self.lang,
            "returns": self.returns,
            "published": self.published,
            "known_by": self.known_by,
            "seed": self.seed,
        }


@dataclass(frozen=True, slots=True)
class Job:
    """One unit: its reports in the languages asked for, made together and kept each by itself."""

    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a report ended: "done", "kept" (nothing changed) or "failed" with one line that says where and why."""

    report: Report
    state: str
    seconds: float = 0.0
    message: str = ""


def reports_of(
    plan: str,
    as_of: str,
    units: Sequence[str],
    langs: Sequence[str],
    out: Path,
    options: Mapping[str, Any],
    place: str,
) -> list[Report]:
    """One report per unit and language; `out` is the reports folder of all plans, `place` the plan's own unit."""
    name = Path(plan).name
    return [
        Report(
            plan=plan,
            as_of=as_of,
            unit=unit,
            lang=lang,
            place=str(out / name / as_of / unit / lang),
            notebooks=NOTEBOOKS if unit == place else OF_A_UNIT,
            is_place=unit == place,
            **options,
        )
        for unit in units
        for lang in langs
    ]


def jobs_of(reports: Iterable[Report]) -> list[Job]:
    """One job per unit, in the order of the reports."""
    by_unit: dict[str, list[Report]] = {}
    for one in reports:
        by_unit.setdefault(one.unit, []).append(one)
    return [Job(tuple(found)) for found in by_unit.values()]


Seen = dict[Path, dict[str, str]]  # the hashes of the files of folders, as they were at one moment

# Notebooks that show more of the returns than their unit's own: run again when any return changed.
READ_ALL_RETURNS = frozenset({"1_returns", "2_indicators"})


@dataclass(frozen=True)
class Inputs:
    """Everything a report depends on. `files`: hash by name; `returns`: one digest over all returns of the plan."""

    parameters: dict[str, Any]
    files: dict[str, str]
    returns: str
    program: str
    versions: dict[str, str]

    def record(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {
            "parameters": self.parameters,
            "inputs": self.files,
            "returns": self.returns,
            "program": self.program,
            "versions": self.versions,
        }


def inputs_of(report: Report, seen: Seen | None = None) -> Inputs:
    """The inputs of a report as they are now; of the returns the unit's own, for the plan's place all.

    `seen`: the folders read so far for other reports at this same moment, filled here; None reads each anew.
    """
    seen = {} if seen is None else seen

    def under(root: Path, prefix: str = "") -> dict[str, str]:
        if root not in seen:
            seen[root] = hashes_under(root, prefix)
        return seen[root]

    files: dict[str, str] = {}
    own = plan_folder(report.plan)
    for folder in (own, *folders_before(own)):
        for each in plan_folders(folder):
            files |= under(each)
    published = paths.data_root() / "published" if report.published == "default" else Path(report.published)
    if report.published != "none" and published.exists():
        files |= under(published)
    for name in report.notebooks:
        path = paths.notebooks_root() / f"{name}.ipynb"
        files[f"notebooks/{path.name}"] = known_hash(path)
    returned: dict[str, str] = {}
    for root in returns_folders(report):
        returned |= under(root, "returns/")
    whole = report.is_place or bool(READ_ALL_RETURNS.intersection(report.notebooks))
    issued = last_issued(issued_reports(report.plan_name, report.known_by), report.unit, report.as_of)
    if issued is not None:
        files[f"issued/{issued.file}"] = issued.seal  # what it said is quoted
    made = last_made(report.reports, report.plan_name, report.unit, report.as_of, report.known_by)
    if issued is None and made is not None:
        files[f"reports/{made.name}"] = content_digest(made.statements)  # and so is this
    if report.is_place:  # and what earlier reports printed is held against what is there now
        printed = printed_before(report.reports, report.plan_name, report.unit, report.as_of, report.known_by)
        files |= {f"reports/{name}/figures.json": content_digest(told) for name, told in printed.items()}
    files |= _of_year_before(report, [report.plan_name, *(one.name for one in folders_before(own))])
    files |= {
        name: value
        for name, value in returned.items()
        if whole or (report.unit in name and paths.sender_and_day(name)[0] == report.unit)
    }
    return Inputs(report.parameters(), files, digest_of(returned), program_hash(), versions())


def _of_year_before(report: Report, plans: Sequence[str]) -> dict[str, str]:
    """What the last reports on the year before said, of the plan or of those before: it is quoted, too."""
    cutoff, found = Cutoff(parse_cutoff(report.as_of).year - 1, "FY"), {}
    for plan in plans:
        for one in issued_reports(plan, report.known_by):
            if (one.unit, one.as_of) == (report.unit, str(cutoff)):
                found[f"issued/{one.file}"] = one.seal
        made = made_of(report.reports, plan, report.unit, cutoff, report.known_by)
        if made is not None:
            found[f"reports/{made.name}"] = content_digest([made.statements, dict(made.sentences)])
    return found


def returns_folders(report: Report) -> list[Path]:
    """Where the report's returns lie, those of the plans that its plan follows too; [] without any."""
    if report.returns == "none":
        return []
    roots = [Path(report.returns)]
    if report.returns == "default" or paths.is_returns_root(report.returns, report.plan_name):
        before = folders_before(plan_folder(report.plan))
        roots = [paths.returns_root(name) for name in (report.plan_name, *(one.name for one in before))]
    return [root for root in roots if root.exists()]


def changes(before: dict[str, Any], now: Inputs) -> str:
    """What changed since a manifest was written, in a few words; empty when nothing did (returns of others: `due`)."""
    for name, value in now.parameters.items():
        if before.get("parameters", {}).get(name) != value:
            return f"{name} is now {value!r}"
    for name, value in now.versions.items():
        if (old := before.get("versions", {}).get(name)) != value:
            return f"{name} {old} is now {value}"
    if before.get("program") != now.program:
        return "the package changed"
    old_files = before.get("inputs", {})
    moved = [name for name, value in now.files.items() if old_files.get(name) != value]
    gone = [name for name in old_files if name not in now.files]
    if not moved and not gone:
        return ""
    first = (
        f"{moved[0]} {'changed' if moved[0] in old_files else 'is new'}" if moved else f"{gone[0]} is gone"
    )
    more = len(moved) + len(gone) - 1
    return f"{first}, and {more} more" if more else first
