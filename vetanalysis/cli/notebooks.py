"""The verb `notebooks`: copies of the notebooks to work in; what was changed there is never written over."""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.hashes import file_hash, files_under, read_json, write_json
from vetanalysis.paths import notebooks_root
from vetanalysis.pipeline.lessons import in_language

AS_COPIED = ".as_copied.json"  # in the folder of the copies: the hash of each file when it was copied


@dataclass(frozen=True)
class Copies:
    """What became of each file, by its path within the folder: copied (new, or newer than an untouched copy), or kept
    because it was changed there.
    """

    copied: tuple[str, ...]
    kept: tuple[str, ...]


def notebooks(arguments: argparse.Namespace) -> int:
    """Copy the notebooks and say what was copied and what was kept."""
    folder = arguments.folder
    made = copy_notebooks(folder, arguments.lang)
    said = [Said("cli.notebooks.copied", folder=str(folder), count=len(made.copied))]
    if made.kept:
        said.append(Said("cli.notebooks.kept", names=made.kept))
    print("\n".join(one.get(lang) for lang in reversed(LANGUAGES) for one in said))
    return 0


def copy_notebooks(folder: str | Path, lang: str = "vi") -> Copies:
    """Copy every notebook, in one language, and the pictures they show into `folder`, made where it is missing.

    A copy that nobody touched is renewed when the original has changed; one that was changed stays, and a file that was
    in the folder before counts as changed. Whoever deletes a copy gets it anew.
    """
    folder, source = Path(folder), notebooks_root()
    as_copied = read_json(folder / AS_COPIED) or {}
    copied, kept = [], []
    for original in list(files_under(source)):
        within = original.relative_to(source)
        name, copy, content = within.as_posix(), folder / within, _in_language(original, lang)
        wanted = hashlib.sha256(content).hexdigest()
        there = file_hash(copy) if copy.is_file() else ""
        if there not in ("", wanted, as_copied.get(name)):
            kept.append(name)
            continue
        if there != wanted:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
            copied.append(name)
        as_copied[name] = wanted
    folder.mkdir(parents=True, exist_ok=True)
    write_json(as_copied, folder / AS_COPIED)
    return Copies(tuple(copied), tuple(kept))


def _in_language(original: Path, lang: str) -> bytes:
    """What a copy holds: a notebook has one language, any other file is as it is."""
    content = original.read_bytes()
    if original.suffix != ".ipynb":
        return content
    notebook = in_language(json.loads(content), lang)
    return f"{json.dumps(notebook, ensure_ascii=False, indent=1)}\n".encode()
