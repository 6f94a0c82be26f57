"""What a run consists of, as plain data that can be sent to another process or machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
