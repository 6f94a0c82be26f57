"""What one run computes for all its reports is computed once: kept in the run's own folder, gone when the run ends.

A run of reports names a folder in the environment variable VETANALYSIS_RUN_FOLDER; there the figures read, the
assessments and the pictures of a unit are found by the next notebook, language or format that needs them. Each is
kept under everything it depends on: the parameters, the program, and the state of the files it was read from. Without
the variable everything is computed where it is needed, with the same result: a second truth is never kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

VARIABLE = "VETANALYSIS_RUN_FOLDER"
_UNREADABLE = (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError)
PATIENCE = 20  # seconds to wait for another process that computes the same
Value = TypeVar("Value")
_WITHIN: ContextVar[tuple[object, ...]] = ContextVar("within", default=())


def run_folder() -> Path | None:
    """The folder of the run this process works for; None outside a run."""
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named) if named and Path(named).is_dir() else None


@contextlib.contextmanager
def remembering(folder: Path) -> Iterator[None]:
    """Name `folder` as the run's own for this process and those it starts."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = before


def remembered(kind: str, key: Iterable[object], compute: Callable[[], Value]) -> Value:
    """`compute()`, or what it gave earlier in this run for the same `key`; what cannot be kept is no error."""
    path = _place(kind, key)
    if path is None:
        return compute()
    with contextlib.suppress(*_UNREADABLE):
        return pickle.loads(path.read_bytes())
    with _one_at_a_time(path):
        with contextlib.suppress(*_UNREADABLE):
            return pickle.loads(path.read_bytes())
        value = compute()
        _keep(value, path)
    return value


def is_remembered(kind: str, key: Iterable[object]) -> bool:
    """Whether this run holds the value of `key` already."""
    path = _place(kind, key)
    return path is not None and path.exists()


def _place(kind: str, key: Iterable[object]) -> Path | None:
    folder = run_folder()
    if folder is None:
        return None
    from vetanalysis.hashes import program_hash

    name = hashlib.sha256("\0".join([program_hash(), *map(str, key)]).encode("utf-8")).hexdigest()[:32]
    return folder / f"{kind}-{name}.pickle"


@contextlib.contextmanager
def within(*key: object) -> Iterator[None]:
    """Inside this block `remembered_within` keeps what depends on `key` alone; without a key it keeps nothing."""
    before = _WITHIN.set(key)
    try:
        yield
    finally:
        _WITHIN.reset(before)


def remembered_within(kind: str, key: Iterable[object], compute: Callable[[], Value]) -> Value:
    """`remembered` for a part of what the caller named in `within`; computed outside such a block."""
    around = _WITHIN.get()
    return remembered(kind, (*around, *key), compute) if around else compute()


def remembered_each(
    kind: str, key: Iterable[object], one: Hashable, compute: Callable[[], Mapping[Hashable, Value]]
) -> Value:
    """One of many values that are computed together and kept apart, so that who needs one does not read them all."""
    whole = tuple(key)
    path = _place(kind, (*whole, one))
    if path is None:
        return compute()[one]
    with contextlib.suppress(*_UNREADABLE):
        return pickle.loads(path.read_bytes())
    with _one_at_a_time(_place(kind, whole) or path):
        with contextlib.suppress(*_UNREADABLE):
            return pickle.loads(path.read_bytes())
        values = compute()
        for name, value in values.items():
            _keep(value, _place(kind, (*whole, name)) or path)
    return values[one]


def remembered_each_within(
    kind: str, key: Iterable[object], one: Hashable, compute: Callable[[], Mapping[Hashable, Value]]
) -> Value:
    """`remembered_each` for a part of what the caller named in `within`; computed outside such a block."""
    around = _WITHIN.get()
    return remembered_each(kind, (*around, *key), one, compute) if around else compute()[one]


def _keep(value: Any, path: Path) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        part.write_bytes(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
        part.replace(path)
    except (OSError, pickle.PicklingError, AttributeError, TypeError):
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Wait while another process computes the same; one that died or takes long is not waited for."""
    lock = path.with_suffix(".lock")
    until = time.monotonic() + PATIENCE
    mine = False
    while not mine and time.monotonic() < until:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            mine = True
        except FileExistsError:
            if path.exists():
                break
            time.sleep(0.02)
        except OSError:
            break  # a full disk: everybody computes
    try:
        yield
    finally:
        if mine:
            with contextlib.suppress(OSError):
                lock.unlink(missing_ok=True)


_UNDRAWN = ContextVar("undrawn", default=False)


@contextlib.contextmanager
def undrawn() -> Iterator[None]:
    """Inside this block documents are made without their pictures, to compare what they say."""
    before = _UNDRAWN.set(True)
    try:
        yield
    finally:
        _UNDRAWN.reset(before)


def is_undrawn() -> bool:
    """Whether pictures are left out."""
    return _UNDRAWN.get()


def state_of(roots: Iterable[Path | None]) -> str:
    """Name, size and time of every file under `roots`, as one digest: what was kept for another state is not found."""
    from vetanalysis.hashes import files_under

    digest = hashlib.sha256()
    for root in roots:
        for file in files_under(root) if root is not None and root.exists() else ():
            with contextlib.suppress(OSError):
                stat = file.stat()
                digest.update(f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def content_digest(value: Any) -> str:
    """SHA-256 of what an assessment or any such record says, the same in every process that computes it."""
    digest = hashlib.sha256()
    _feed(value, digest.update, set())
    return digest.hexdigest()


def _feed(value: Any, put: Callable[[bytes], None], above: set[int]) -> None:
    """Every part of a value in order: its type's name, then its content; a value inside itself once."""
    put(f"<{type(value).__name__}>".encode())
    if value is None or isinstance(value, str | int | float | bool):
        put(repr(value).encode("utf-8"))
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
    elif isinstance(value, dict):
        for key, item in value.items():
            _feed(key, put, above)
            _feed(item, put, above)
    elif hasattr(value, "__dataclass_fields__"):
        names = [
            name for name in value.__dataclass_fields__ if name != "png"
        ]  # bytes of a picture: see its words
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
