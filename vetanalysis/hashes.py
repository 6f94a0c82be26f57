"""What a report was made from: inputs by content, parameters, versions, and the figures behind every sentence."""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

VERSIONS_OF = ("pandas", "numpy", "scipy", "statsmodels", "matplotlib", "papermill", "python-docx")
_EXTENDS = re.compile(r"^extends:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files_under(root: Path) -> Iterator[Path]:
    """Every file under `root` (or `root` itself), sorted; hidden files and the locks of open workbooks are none."""
    if root.is_file():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield Path(folder, name)


def digest_of(value: Any) -> str:
    """SHA-256 of `value` as JSON: the same for equal content, whatever the order of its keys."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def plan_folder(plan: str | Path) -> Path:
    """The folder of a plan given as a folder or as a name under data/plans."""
    from vetanalysis.paths import plans_root

    return Path(plan) if (Path(plan) / "plan.yaml").is_file() else plans_root() / plan


def plan_folders(folder: Path) -> list[Path]:
    """The plan's folder and those of the plans it extends, nearest first; stops at one that is not there."""
    from vetanalysis.paths import plans_root

    found: list[Path] = []
    while folder not in found and (folder / "plan.yaml").is_file():
        found.append(folder)
        named = _EXTENDS.search((folder / "plan.yaml").read_text(encoding="utf-8", errors="replace"))
        if named is None:
            break
        beside = folder.parent / named[1]
        folder = beside if (beside / "plan.yaml").is_file() else plans_root() / named[1]
    return found


@cache
def program_hash() -> str:
    """SHA-256 over the package's own files: code, styles and tables that come with it."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parent
    for file in files_under(root):
        digest.update(f"{file.relative_to(root).as_posix()}\0{file_hash(file)}\n".encode())
    return digest.hexdigest()


@cache
def versions() -> dict[str, str]:
    """Versions of this package, Python and the libraries that shape the numbers."""
    installed = {name: metadata.version(name) for name in ("vetanalysis", *VERSIONS_OF)}
    return {"python": platform.python_version(), **installed}


def plain(value: Any) -> Any:
    """The value in JSON types: missing numbers become null, never 0; unknown types their text."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    return number if math.isfinite(number) else None


def read_json(path: Path) -> dict[str, Any] | None:
    """What a manifest holds; None where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write_json(value: Any, path: Path) -> None:
    """Write `value` as sorted, indented UTF-8 JSON ending in a newline."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def replace_json(value: Any, path: Path) -> None:
    """Like `write_json`, with the old file in place until the new one is complete."""
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        write_json(value, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
