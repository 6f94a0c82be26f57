"""Which reports are due: those whose inputs changed since they were made. Everything else is kept."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vetanalysis.hashes import plan_folder, plan_folders, read_json, replace_json
from vetanalysis.pipeline.jobs import Hashes, Inputs, Job, changes, inputs_of

RUN, KEPT, PERHAPS = "run", "kept", "perhaps"


@dataclass(frozen=True)
class Decision:
    """What becomes of a job. `state`: "run", "kept", or "perhaps": returns of others changed, its figures decide."""

    job: Job
    state: str
    why: str = ""


def decide(jobs: Iterable[Job]) -> list[Decision]:
    """Compare each job's inputs with the manifest of its report; no figure is read for it."""
    hashes = Hashes()
    return [_decide(job, hashes) for job in jobs]


def _decide(job: Job, hashes: Hashes) -> Decision:
    place = Path(job.place)
    before = read_json(place / "manifest.json")
    if before is None:
        return Decision(
            job, RUN, "there is no report yet" if not place.exists() else "the report has no manifest"
        )
    if missing := next((name for name in before.get("files", ["?"]) if not (place / name).is_file()), ""):
        return Decision(job, RUN, f"{missing} is missing")
    if job.pdf and not (place / "report.pdf").is_file():
        return Decision(job, RUN, "there is no PDF yet")
    now = inputs_of(job, before.get("about", {}).get("place", True), hashes)
    if why := changes(before, now):
        return Decision(job, RUN, why)
    if before.get("returns") != now.returns:
        return Decision(job, PERHAPS, "returns of other units changed")
    return Decision(job, KEPT)


def settle(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Decide what was left open: a report that would say the same as before is kept.

    Its manifest then tells which returns it was held against, so that the next run need not look again. What one
    language says decides for the other where both were made from the same returns.
    """
    found: dict[tuple[str, str], bool] = {}
    for one in decisions:
        if one.state != PERHAPS:
            yield one
            continue
        path = Path(one.job.place) / "manifest.json"
        before = read_json(path) or {}
        key = (one.job.unit, str(before.get("returns")))
        if key not in found:
            found[key] = before.get("result") == _result(one.job)
        if found[key]:
            _held_against(path, before, inputs_of(one.job, False))
            yield replace(one, state=KEPT)
        else:
            yield replace(one, state=RUN, why="returns changed figures it shows")


def _result(job: Job) -> str:
    from vetanalysis.pipeline.record import result_digest
    from vetanalysis.report import study_of

    return result_digest(study_of(job.parameters()))


def _held_against(path: Path, before: dict[str, Any], now: Inputs) -> None:
    try:
        replace_json({**before, "returns": now.returns}, path)
    except OSError:
        return  # the next run looks again


def units_with_quota(plan: str) -> list[str]:
    """The plan's place and every unit with a quota, from the tables alone: a first look before the plan is read."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    folders = plan_folders(plan_folder(plan))
    place, units = "", []
    for folder in reversed(folders):
        try:
            said = yaml.load((folder / "plan.yaml").read_text(encoding="utf-8"), Loader=loader) or {}
            place = str((said.get("place") or {}).get("code", place))
            with (folder / "quotas.csv").open(encoding="utf-8-sig", newline="") as table:
                units += [row["unit"] for row in csv.DictReader(table) if row.get("unit")]
        except (OSError, ValueError, KeyError, AttributeError, yaml.YAMLError):
            continue
    return list(dict.fromkeys([place, *units]))
