"""The verb `trace`: from a sentence of a report, or a table, to the rows of figures it rests on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vetanalysis.blocks import Said
from vetanalysis.checks import nearest
from vetanalysis.errors import WrongCall
from vetanalysis.hashes import read_json
from vetanalysis.pipeline.record import FIGURES

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
