"""Hashes of content: of files, of the program, of what a question is asked of, of what an answer says.

They tell whether two things are the same, whatever process computed them. What a manifest of a report holds
is made plain, read and written here, too.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from vetanalysis.paths import legible, write_whole

VERSIONS_OF = ("pandas", "numpy", "scipy", "statsmodels", "matplotlib", "papermill", "python-docx")
SEED = 1  # of the simulated draws, where a question names none
_NAMED = {
    key: re.compile(rf"^{key}:[ \t]*[\"']?([^\"'#\n]+?)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
    for key in ("extends", "follows")
}


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def known_hash(file: str | Path) -> str:
    """The hash of a file, read once by this process and again when its size or time moved; "" where it is gone."""
    try:
        stat = os.stat(file)
        return _hash_in_state(str(file), stat.st_size, stat.st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=100_000)
def _hash_in_state(file: str, size: int, time: int) -> str:
    return file_hash(Path(file))


def hashes_under(root: Path, prefix: str = "") -> dict[str, str]:
    """The hashes of a folder's files, keyed by `prefix`, the folder's name and their path in it."""
    base = len(str(root.parent / "x")) - 1
    return {f"{prefix}{legible(file[base:]).replace(os.sep, '/')}": known_hash(file) for file in _files(root)}


def folders_hash(roots: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of every file under `roots`; one that does not exist has none."""
    digest = hashlib.sha256()
    for root in roots:
        digest.update(f"{legible(root)}\n".encode())
        for file in _files(root) if root.exists() else ():
            digest.update(f"{legible(file)}\0{known_hash(file)}\n".encode())
    return digest.hexdigest()


def files_under(root: Path) -> Iterator[Path]:
    """Every file under `root` (or `root` itself), sorted; hidden files and the locks of open workbooks are none."""
    return map(Path, _files(root))


def _files(root: Path) -> Iterator[str]:
    """`files_under` as plain text: a report looks at those of all units."""
    if root.is_file():
        yield str(root)
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield os.path.join(folder, name)


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
    found: list[Path] = []
    at: Path | None = folder
    while at is not None and at not in found and (at / "plan.yaml").is_file():
        found.append(at)
        at = _named(at, "extends")
    return found


def folders_before(folder: Path) -> list[Path]:
    """The folders of the plans that a plan follows, the year before first; each once, whatever is written there."""
    found: list[Path] = []
    at: Path | None = folder
    while at is not None:
        at = next((one for each in plan_folders(at) if (one := _named(each, "follows"))), None)
        if at is None or at in (*found, folder) or not (at / "plan.yaml").is_file():
            break
        found.append(at)
    return found


def _named(folder: Path, key: str) -> Path | None:
    """The folder of the plan that plan.yaml names under a key: beside it, else under data/plans."""
    from vetanalysis.paths import plans_root

    named = _NAMED[key].search((folder / "plan.yaml").read_text(encoding="utf-8", errors="replace"))
    if named is None:
        return None
    beside = folder.parent / named[1]
    return beside if (beside / "plan.yaml").is_file() else plans_root() / named[1]


@cache
def program_hash() -> str:
    """SHA-256 over the package's own files: code, styles and tables that come with it."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parent
    for file in files_under(root):
        digest.update(f"{file.relative_to(root).as_posix()}\0{file_hash(file)}\n".encode())
    return digest.hexdigest()


def content_digest(value: Any) -> str:
    """SHA-256 of what an assessment, a document or any such record says, the same in every process that computes it."""
    digest = hashlib.sha256()
    _feed(value, digest.update, set())
    return digest.hexdigest()


def _feed(value: Any, put: Callable[[bytes], None], above: set[int]) -> None:
    """Every part of a value in order: its type's name, then its content; a value inside itself once."""
    put(f"<{type(value).__name__}>".encode())
    if value is None or isinstance(value, str | int | float | bool):
        put(repr(value).encode("utf-8"))
        return
    if isinstance(value, bytes):
        put(value)
        return
    if id(value) in above:
        return
    above = above | {id(value)}
    if hasattr(value, "to_frame") or hasattr(value, "itertuples"):  # an index, a series, a frame
        _feed_table(value, put)
    elif hasattr(value, "tobytes"):  # an array or a number of numpy
        put(str(value.shape).encode() + value.tobytes())
    elif hasattr(value, "model_dump_json"):
        _feed_fields(value, list(type(value).model_fields), put, above)
    elif isinstance(value, list | tuple):
        for item in value:
            _feed(item, put, above)
    elif isinstance(value, set | frozenset):
        _feed(sorted(value, key=repr), put, above)
    elif isinstance(value, dict):
        for key, item in value.items():
            _feed(key, put, above)
            _feed(item, put, above)
    elif hasattr(value, "__dataclass_fields__"):
        names = [name for name in value.__dataclass_fields__ if not name.startswith("_")]  # the rest follows
        _feed_fields(value, names, put, above)
    elif hasattr(value, "func"):  # a function with some of its arguments given
        _feed((value.func.__qualname__, list(value.args), dict(value.keywords)), put, above)
    elif not callable(value):
        _feed_fields(value, sorted(getattr(value, "__dict__", {})), put, above)


def _feed_table(value: Any, put: Callable[[bytes], None]) -> None:
    """Columns with their names and, but for an index itself, the rows' names: numbers as bytes, the rest as text."""
    if hasattr(value, "itertuples"):
        columns = [value.iloc[:, place] for place in range(value.shape[1])]
        put(repr(list(value.columns)).encode("utf-8"))
    else:
        columns = [value]
        put(repr(getattr(value, "names", value.name)).encode("utf-8"))
    if hasattr(value, "iloc"):
        _feed_table(value.index, put)
    for column in columns:
        values = column.to_numpy()
        numbers = values.dtype.kind in "bifu"
        put(f"<{values.dtype}>".encode())
        put(values.tobytes() if numbers else repr(values.tolist()).encode("utf-8"))


def _feed_fields(value: Any, names: list[str], put: Callable[[bytes], None], above: set[int]) -> None:
    for name in names:
        put(name.encode())
        _feed(getattr(value, name), put, above)


@cache
def versions() -> dict[str, str]:
    """Versions of this package, Python and the libraries that shape the numbers."""
    installed = {name: metadata.version(name) for name in ("vetanalysis", *VERSIONS_OF)}
    return {"python": platform.python_version(), **installed}


_PLAIN = frozenset((str, int, bool, type(None)))  # most of what is written


def plain(value: Any) -> Any:
    """The value in JSON types: missing numbers become null, never 0; unknown types their text."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        if isinstance(value, list | tuple) and _PLAIN.issuperset(map(type, value)):
            return value  # of tens of thousands of rows none is copied
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


def write_json(value: Any, path: Path, indent: int | None = 1) -> None:
    """Write `value` as sorted UTF-8 JSON, indented or on one line; the old file stays until the new one is complete."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=indent, sort_keys=True)
    write_whole((text + "\n").encode("utf-8"), path)
