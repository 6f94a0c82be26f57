"""What a report was made from: inputs by content, parameters, versions, and the figures behind every sentence."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

VERSIONS_OF = ("pandas", "numpy", "scipy", "statsmodels", "matplotlib", "papermill", "python-docx")


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree_hashes(root: Path, base: Path | None = None) -> dict[str, str]:
    """Hash of every file under `root` (or of `root` itself), keyed by its path relative to `base`, sorted."""
    base = base or root.parent
    files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file())
    return {file.relative_to(base).as_posix(): file_hash(file) for file in files}


def versions() -> dict[str, str]:
    """Versions of this package, Python and the libraries that shape the numbers."""
    import vetanalysis

    known = {"vetanalysis": vetanalysis.__version__, "python": platform.python_version()}
    return known | {name: metadata.version(name) for name in VERSIONS_OF}


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


def write_json(value: Any, path: Path) -> None:
    """Write `value` as sorted, indented UTF-8 JSON ending in a newline."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
