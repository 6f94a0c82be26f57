"""Which reports are due: those whose inputs changed since they were made. Everything else is kept."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vetanalysis.errors import VetanalysisError
from vetanalysis.hashes import plan_folder, plan_folders, read_json, write_json
from vetanalysis.pipeline.jobs import Report, Seen, changes, inputs_of

RUN, KEPT, PERHAPS = "run", "kept", "perhaps"


@dataclass(frozen=True)
class Decision:
    """What becomes of a report. `state`: "run", "kept", or "perhaps": returns of others changed, its figures decide."""

    report: Report
    state: str
    why: str = ""


def decide(reports: Iterable[Report]) -> list[Decision]:
    """Compare each report's inputs with the manifest it left; no figure is read for it."""
    seen: Seen = {}
    return [_decide(one, seen) for one in reports]


def _decide(report: Report, seen: Seen) -> Decision:
    place = Path(report.place)
    before = read_json(place / "manifest.json")
    if before is None:
        return Decision(
            report, RUN, "there is no report yet" if not place.exists() else "the report has no manifest"
        )
    if missing := next((name for name in before.get("files", ["?"]) if not (place / name).is_file()), ""):
        return Decision(report, RUN, f"{missing} is missing")
    if report.pdf and not (place / "report.pdf").is_file():
        return Decision(report, RUN, "there is no PDF yet")
    now = inputs_of(report, seen)
    if why := changes(before, now):
        return Decision(report, RUN, why)
    if before.get("returns") != now.returns:
        return Decision(report, PERHAPS, "returns of other units changed")
    return Decision(report, KEPT)


def settle(
    decisions: Sequence[Decision], results: Callable[[Sequence[Report]], list[str]], workers: int = 1
) -> list[Decision]:
    """Decide what was left open: a report that would say the same as before is kept.

    `results`: the digests of what reports would say now, asked by `workers` at a time. The manifest of a kept report
    then tells which returns it was held against, so that the next run need not look again. What one language says
    decides for the other where both were made from the same returns.
    """
    held = {
        one.report: read_json(Path(one.report.place) / "manifest.json") or {}
        for one in decisions
        if one.state == PERHAPS
    }
    asked: dict[tuple[str, str], Report] = {}
    for report, before in held.items():
        asked.setdefault(_made_from(report, before), report)
    parts = [part for first in range(workers) if (part := [*asked.values()][first::workers])]
    with ThreadPoolExecutor(max(1, len(parts))) as side:
        now = {
            report: said
            for part, told in zip(parts, side.map(results, parts), strict=True)
            for report, said in zip(part, told, strict=True)
        }
    same = {key: held[report].get("result") == now[report] for key, report in asked.items()}
    settled = []
    for one in decisions:
        if one.state == PERHAPS:
            before = held[one.report]
            if same[_made_from(one.report, before)]:
                _held_against(one.report, before)
                one = replace(one, state=KEPT)
            else:
                one = replace(one, state=RUN, why="returns changed figures it shows")
        settled.append(one)
    return settled


def _made_from(report: Report, before: dict[str, Any]) -> tuple[str, str]:
    """Reports of a unit that were made from the same returns, in whatever language, change together."""
    return report.unit, str(before.get("returns"))


def _held_against(report: Report, before: dict[str, Any]) -> None:
    now = {**before, "returns": inputs_of(report).returns}
    with contextlib.suppress(OSError):  # the next run looks again
        write_json(now, Path(report.place) / "manifest.json")


def units_with_quota(plan: str) -> list[str]:
    """The plan's place and every unit with a quota, from the tables alone: a first look before the plan is read."""
    from vetanalysis.text_files import read_rows, read_yaml

    folders = plan_folders(plan_folder(plan))
    place, units = "", []
    for folder in reversed(folders):
        try:
            said, _ = read_yaml(folder / "plan.yaml", "plan.yaml", "plan")
            place = str((said.get("place") or {}).get("code", place))
            header, *rows = read_rows(folder / "quotas.csv", "quotas.csv", "plan")
            at = header.index("unit")
            units += [row[at] for row in rows if row[at]]
        except (VetanalysisError, ValueError, AttributeError, IndexError):
            continue
    return list(dict.fromkeys([place, *units]))
