"""The verbs about reports that were made: `trace` says what a sentence rests on, `seal` keeps a signed one, `verify`
looks through all that were kept.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from vetanalysis.blocks import Said
from vetanalysis.checks import nearest
from vetanalysis.errors import WrongCall
from vetanalysis.hashes import read_json
from vetanalysis.paths import reports_root
from vetanalysis.pipeline.record import FIGURES


def seal(arguments: argparse.Namespace, langs: Sequence[str]) -> int:
    """Keep the signed file and print the hashes that the office's register takes."""
    from vetanalysis.pipeline.seal import seal as keep
    from vetanalysis.plan import load_plan

    line = keep(
        arguments.file,
        load_plan(arguments.plan),
        arguments.as_of,
        arguments.unit,
        arguments.on,
        arguments.reports or reports_root(),
        today=date.today(),
    )
    said = Said("issued.sealed", file=line.file, sha=line.sha256, number=line.number, seal=line.seal)
    print("\n\n".join(said.get(lang) for lang in langs))
    return 0


def verify(arguments: argparse.Namespace, langs: Sequence[str]) -> int:
    """Print what is changed, missing or unlisted; 1 where anything is, 0 where the record is whole."""
    from vetanalysis.assessment.issued import folder_of
    from vetanalysis.pipeline.seal import verify as look
    from vetanalysis.plan import load_plan

    plan = load_plan(arguments.plan).name
    lines, wrong = look(plan)
    for lang in langs:
        for one in wrong:
            print(one.line(lang), file=sys.stderr)
        if wrong:
            print(Said("issued.broken", plan=plan, count=len(wrong)).get(lang))
        elif lines:
            print(Said("issued.whole", plan=plan, count=len(lines)).get(lang))
        else:
            print(Said("issued.none", plan=plan, folder=str(folder_of(plan))).get(lang))
        if lines:
            print(Said("issued.register", seal=lines[-1].seal, on=lines[-1].on).get(lang))
    return 1 if wrong else 0


FEW = 8  # rows printed of each origin unless all are asked for


def trace(report: Path, sentence: str, lang: str, *, every: bool = False) -> int:
    """Print the chain of every sentence that is meant: its text, its figures, the rows each comes from."""
    folder = report if report.is_dir() else report.parent
    held = read_json(folder / FIGURES)
    manifest = read_json(folder / "manifest.json")
    if held is None or manifest is None or not {"figures", "origins", "rows", "sentences"} <= set(held):
        raise WrongCall(Said("trace.no_report", place=str(report)))
    parts = ["\n".join(_chain(name, held, manifest, lang, every)) for name in _meant(sentence, held)]
    print("\n\n".join(parts))
    return 0


def _meant(given: str, held: dict[str, Any]) -> list[str]:
    names = list(dict.fromkeys([*held["sentences"], *held["figures"]]))
    if given in names:
        return [given]
    words = " ".join(unicodedata.normalize("NFC", given).casefold().split())
    found = [name for name, text in held["sentences"].items() if words and words in text.casefold()]
    if found:
        return found
    near = nearest(given, names)
    raise WrongCall(Said("trace.no_sentence", given=given, near=(near,) if near else tuple(names)))


def _chain(
    name: str, held: dict[str, Any], manifest: dict[str, Any], lang: str, every: bool
) -> Iterator[str]:
    yield f"{name}: {held['sentences'].get(name, '')}".rstrip()
    shown: set[str] = set()
    for figure, value, origin in held["figures"].get(name, ()):
        came = held["origins"].get(origin)
        if came is None:
            yield f"  {figure} = {value:.10g}: {Said('trace.unknown').get(lang)}"
            continue
        how = Said(f"trace.{came['how']}", rows=len(came["rows"])).get(lang)
        yield f"  {figure} = {value:.10g}: {how} [{origin}]"
        if origin in shown:
            continue
        shown.add(origin)
        rows = came["rows"] if every else came["rows"][:FEW]
        for at in rows:
            yield f"    {_cited(held['rows'][at], manifest)}"
        if len(rows) < len(came["rows"]):
            yield f"    {Said('trace.more', count=len(came['rows']) - len(rows)).get(lang)}"


def _cited(row: list[str], manifest: dict[str, Any]) -> str:
    """A row with where it lies, and the hash of its file among the inputs."""
    file, mark, place = row[0].partition("!")
    inputs = manifest.get("inputs", {})
    name = next((one for one in inputs if one.endswith(f"/{file}")), file)
    sha = f"sha256 {inputs[name][:12]}" if name in inputs else ""
    return "  ".join(filter(None, [f"{name}{mark}{place}", *row[1:], sha]))
