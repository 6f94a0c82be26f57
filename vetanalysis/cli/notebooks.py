"""The verb `notebooks`: copies of the notebooks to work in; what was changed there is never written over."""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path

from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.hashes import file_hash, files_under, read_json, write_json
from vetanalysis.paths import notebooks_root

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
    made = copy_notebooks(folder)
    said = [Said("cli.notebooks.copied", folder=str(folder), count=len(made.copied))]
    if made.kept:
        said.append(Said("cli.notebooks.kept", names=made.kept))
    print("\n".join(one.get(lang) for lang in reversed(LANGUAGES) for one in said))
    return 0


def copy_notebooks(folder: str | Path) -> Copies:
    """Copy every notebook, and the pictures they show, into `folder`, which is made where it is missing.

    A copy that nobody touched is renewed when the original has changed; one that was changed stays, and a file that was
    in the folder before counts as changed. Whoever deletes a copy gets it anew.
    """
    folder, source = Path(folder), notebooks_root()
    as_copied = read_json(folder / AS_COPIED) or {}
    copied, kept = [], []
    for original in list(files_under(source)):
        within = original.relative_to(source)
        name, copy, wanted = within.as_posix(), folder / within, file_hash(original)
        there = file_hash(copy) if copy.is_file() else ""
        if there not in ("", wanted, as_copied.get(name)):
            kept.append(name)
            continue
        if there != wanted:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(original, copy)
            copied.append(name)
        as_copied[name] = wanted
    folder.mkdir(parents=True, exist_ok=True)
    write_json(as_copied, folder / AS_COPIED)
    return Copies(tuple(copied), tuple(kept))
