"""A plan folder by `new-plan` and what a user then types into its files."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vetanalysis.cli.main import main


@dataclass(frozen=True, slots=True)
class Written:
    """A plan folder, its figures (`--returns`), every cut-off at which it can be asked, its languages."""

    folder: Path
    data: Path
    cutoffs: tuple[str, ...]
    languages: tuple[str, ...] = ("vi", "en")


def new_plan(folder: Path, options: Sequence[str], units: pd.DataFrame | None = None) -> None:
    """Run the command; `units` is handed over as a file beside the folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    call = ["new-plan", str(folder), *options]
    if units is not None:
        path = folder.parent / f"{folder.name}-units.csv"
        units.to_csv(path, index=False)
        call += ["--units", str(path)]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(call)
    assert code == 0, said.getvalue()


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Replace texts that stand in the file exactly once each."""
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, f"{path.name}: {before!r} stands there {text.count(before)} times"
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def in_sentences(folder: Path, title: dict[str, str], place: dict[str, str]) -> None:
    """How the plan's title and its place stand inside a sentence, with their articles, by language."""
    path = folder / "plan.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for key, texts in (("title", title), ("  name", place)):
        (at,) = (number for number, line in enumerate(lines) if line.startswith(f"{key}:"))
        lines.insert(at + 1, f"{key}_in: {json.dumps(texts, ensure_ascii=False)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def target_line(text: str, target: str, key: str) -> str:
    """The line of a key within one target of plan.yaml, to be replaced by `edit` together with the lines above it."""
    start = text.index(f'  - id: "{target}"')
    ends = text.index(f"    {key}:", start)
    return text[start : text.index("\n", ends)]
