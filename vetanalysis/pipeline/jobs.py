"""What a run consists of, as plain data that can be sent to another process or machine.

What a report is made from, by content, with the standard library alone: whether anything is due is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from vetanalysis.hashes import (
    digest_of,
    file_hash,
    files_under,
    plan_folder,
    plan_folders,
    program_hash,
    versions,
)
from vetanalysis.paths import data_root, notebooks_root

NOTEBOOKS = ("3_trained_rate", "4_people_trained", "report")


@dataclass(frozen=True, slots=True)
class Job:
    """One unit's report in one language: the notebooks to run and the folder they end in."""

    plan: str  # a folder or a name under data/plans
    as_of: str
    unit: str
    lang: str
    place: str  # folder of the finished report
    returns: str = "default"  # "default", "none" or a path
    published: str = "default"
    known_by: str = ""  # ISO day; empty: everything that is known
    seed: int = 1
    pdf: bool = False  # also a PDF of the Word file
    notebooks: tuple[str, ...] = NOTEBOOKS

    @property
    def label(self) -> str:
        """`lang-son-2023 2023-start 20 vi`."""
        return f"{self.plan_name} {self.as_of} {self.unit} {self.lang}"

    @property
    def plan_name(self) -> str:
        """The plan's name, also where the plan was given as a folder."""
        return Path(self.plan).name

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
class Outcome:
    """How a job ended: "done", "kept" (nothing changed) or "failed" with one line that says where and why."""

    job: Job
    state: str
    seconds: float = 0.0
    message: str = ""


def report_jobs(
    plan: str,
    as_of: str,
    units: Sequence[str],
    langs: Sequence[str],
    out: Path,
    options: Mapping[str, Any],
    workers: int = 2,
) -> list[Job]:
    """One job per unit and language; `out` is the reports folder of all plans.

    Units come in the order given, `workers` at a time in each language in turn: what one language computed for a unit
    is then ready for the next.
    """
    name = Path(plan).name
    groups = [units[start : start + workers] for start in range(0, len(units), workers)]
    return [
        Job(
            plan=plan,
            as_of=as_of,
            unit=unit,
            lang=lang,
            place=str(out / name / as_of / unit / lang),
            **options,
        )
        for group in groups
        for lang in langs
        for unit in group
    ]


# Notebooks that show more of the returns than their unit's own: run again when any return changed.
READ_ALL_RETURNS = frozenset({"1_returns", "2_indicators"})


@dataclass
class Hashes:
    """SHA-256 of files, each read once; a file that is gone has an empty one."""

    known: dict[Path, str] = field(default_factory=dict)

    def of(self, file: Path) -> str:
        """The hash of one file."""
        if file not in self.known:
            try:
                stat = file.stat()
                self.known[file] = _hash_in_state(file, stat.st_size, stat.st_mtime_ns)
            except OSError:
                self.known[file] = ""
        return self.known[file]

    def under(self, root: Path, base: Path, prefix: str = "") -> dict[str, str]:
        """The hashes of a folder's files, keyed by their path below `base`."""
        return {f"{prefix}{file.relative_to(base).as_posix()}": self.of(file) for file in files_under(root)}


@lru_cache(maxsize=100_000)
def _hash_in_state(file: Path, size: int, time: int) -> str:
    """A file is read once by this process, and again when its size or time moved."""
    return file_hash(file)


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


def inputs_of(job: Job, place: bool, hashes: Hashes | None = None) -> Inputs:
    """The inputs of a job as they are now. `place`: its unit is the plan's own place, which reads all returns."""
    hashes = hashes or Hashes()
    files: dict[str, str] = {}
    for folder in plan_folders(plan_folder(job.plan)):
        files |= hashes.under(folder, folder.parent)
    published = data_root() / "published" if job.published == "default" else Path(job.published)
    if job.published != "none" and published.exists():
        files |= hashes.under(published, published.parent)
    for name in job.notebooks:
        path = notebooks_root() / f"{name}.ipynb"
        files[f"notebooks/{path.name}"] = hashes.of(path)
    root = returns_folder(job)
    returned = hashes.under(root, root.parent, "returns/") if root is not None else {}
    whole = place or bool(READ_ALL_RETURNS.intersection(job.notebooks))
    files |= {name: value for name, value in returned.items() if whole or _sender(name) == job.unit}
    return Inputs(job.parameters(), files, digest_of(returned), program_hash(), versions())


def returns_folder(job: Job) -> Path | None:
    """Where the job's returns lie; None where there are none."""
    if job.returns == "none":
        return None
    root = data_root() / "returns" / job.plan_name if job.returns == "default" else Path(job.returns)
    return root if root.exists() else None


def _sender(name: str) -> str:
    """The unit that a return's file name (or that of its mapping) says."""
    return name.rpartition("/")[2].partition("__")[0].partition(".")[0]


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
