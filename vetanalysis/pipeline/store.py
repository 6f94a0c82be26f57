"""Putting a finished folder in its place, so that a reader sees the old report or the new one, never half.

A report is written to `<place>.new-<pid>` beside its place. When it is complete the old folder is moved to
`<place>.old`, the new one takes its name and the old one goes. A run that dies in between leaves names that
`recover` understands: the next run puts the last good report back and removes what was never finished.

The list of the index page (`entries_under`) is read from the manifests of the reports that are in their
places.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vetanalysis.blocks import Said, Text
from vetanalysis.documents.index import IndexEntry, IndexFile, IndexTarget
from vetanalysis.errors import VetanalysisError
from vetanalysis.hashes import read_json
from vetanalysis.language.chances import closed_up, status_words
from vetanalysis.paths import shared_at
from vetanalysis.pipeline import what_if

LOCK_NAME = ".running"


class Busy(VetanalysisError):
    """Another run is writing to the same reports folder."""


@contextlib.contextmanager
def staged(place: Path) -> Iterator[Path]:
    """A folder to write a report into; on success it becomes `place`, on an error `place` stays as it was.

    After an error what was written is kept as `<place>.failed` for inspection, in the place of an earlier
    failure; the error is raised again.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f"{place.name}.new-{os.getpid()}")
    failed = place.with_name(f"{place.name}.failed")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        yield new
    except Exception:
        shutil.rmtree(failed, ignore_errors=True)
        with contextlib.suppress(OSError):
            new.rename(failed)
        raise
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    _on_disk(new)
    old = place.with_name(f"{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(failed, ignore_errors=True)


def _on_disk(folder: Path) -> None:
    """Wait until a folder's files are on the disk: a power cut after the exchange must not leave them empty."""
    for file in folder.iterdir():
        if file.is_file():
            with file.open("rb+") as opened:
                os.fsync(opened.fileno())


def recover(root: Path) -> list[Path]:
    """Finish or undo what an interrupted run left under `root`; returns the places that were put back."""
    restored = []
    for old in sorted(root.rglob("*.old")):
        place = old.with_name(old.name.removesuffix(".old"))
        if old.is_dir() and not place.exists():
            old.rename(place)
            restored.append(place)
        elif old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
    for new in sorted(root.rglob("*.new-*")):
        if new.is_dir():
            shutil.rmtree(new, ignore_errors=True)
    return restored


class NotWritable(VetanalysisError):
    """The reports folder cannot be written."""


class NotPrivate(VetanalysisError):
    """Others may write where a run keeps what its processes share."""


@contextlib.contextmanager
def run_folder() -> Iterator[Path]:
    """A folder for what the processes of one run share (`paths.shared_folder`).

    It lies outside the reports, where others may write. `NotPrivate` where the system's folder of temporary files gives
    one that is not this user's alone.
    """
    folder = Path(tempfile.mkdtemp(prefix="vetanalysis-"))
    try:
        check_private(folder)
        with shared_at(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_private(folder: Path) -> None:
    """`NotPrivate` unless the folder is this user's and nobody else may enter it; passes where no owner is known."""
    if not hasattr(os, "getuid"):
        return
    held = folder.lstat()
    if not stat.S_ISDIR(held.st_mode) or held.st_uid != os.getuid() or held.st_mode & 0o077:
        raise NotPrivate(Said("pipeline.not_private", folder=str(folder)))


@contextlib.contextmanager
def only_run(root: Path) -> Iterator[None]:
    """Hold the reports folder for one run; `Busy` when a living process holds it, a dead one's hold is taken over.

    `NotWritable` where the folder cannot be made or written.
    """
    lock, new = root / LOCK_NAME, not root.exists()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with os.fdopen(_take(root, lock), "w", encoding="ascii") as file:
            file.write(str(os.getpid()))
    except OSError as error:
        with contextlib.suppress(OSError):
            lock.unlink(missing_ok=True)  # a full disk: nobody holds the folder
        why = str(error.strerror or error)
        raise NotWritable(Said("pipeline.not_writable", folder=str(root), why=why)) from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        if new:
            with contextlib.suppress(OSError):
                root.rmdir()  # where nothing was made


def _take(root: Path, lock: Path) -> int:
    for _ in range(3):
        try:
            return os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            holder = _holder(lock)
            if holder and _alive(holder, lock):
                raise Busy(Said("pipeline.busy", folder=str(root), process=holder)) from None
            lock.unlink(missing_ok=True)
    raise Busy(Said("pipeline.taken", folder=str(root)))


def _holder(lock: Path) -> int | None:
    """The process that holds the folder; one that is just taking it gets a second to write its number."""
    for _ in range(10):
        try:
            if said := lock.read_text(encoding="ascii"):
                return int(said)
        except (OSError, ValueError):
            return None
        time.sleep(0.1)
    return None


def _alive(pid: int, lock: Path) -> bool:
    """Whether the process lives and is the one that wrote the hold: numbers are given again after a restart."""
    import psutil  # comes with ipykernel; os.kill(pid, 0) would end the process on Windows

    try:
        return psutil.Process(pid).create_time() <= lock.stat().st_mtime + 2
    except (psutil.Error, OSError):
        return False


FORMS = {"report.docx": "Word", "report.html": "HTML", "report.pdf": "PDF", "report.xlsx": "Excel"}


def entries_under(root: Path) -> list[IndexEntry]:
    """One entry per plan, cut-off and unit with a finished report; folders without a readable manifest are left out."""
    by_unit: dict[Path, dict[str, dict[str, Any]]] = {}
    for path in sorted(root.glob("*/*/*/*/manifest.json")):
        manifest = read_json(path)
        if manifest is not None and re.fullmatch("[a-z]{2,3}", path.parent.name):
            by_unit.setdefault(path.parent.parent, {})[path.parent.name] = manifest
    return [_entry(root, folder, manifests) for folder, manifests in by_unit.items()]


def _entry(root: Path, folder: Path, manifests: dict[str, dict[str, Any]]) -> IndexEntry:
    first = next(iter(manifests.values()))
    about, page = first["about"], folder.parent / what_if.NAME
    return IndexEntry(
        plan=about["plan"],
        plan_title=Text(**about["plan_title"]),
        period=about["as_of"],
        period_label=Text(**about["period_name"]),
        unit=about["unit"],
        unit_name=Text(**about["unit_name"]),
        targets=tuple(_target(one) for one in first["answers"] if one.get("applies", True)),
        files=tuple(_files(root, folder, manifests)),
        illustrative=about["illustrative"],
        what_if=page.relative_to(root).as_posix() if about.get("place") and page.is_file() else "",
    )


def _target(answer: dict[str, Any]) -> IndexTarget:
    past = Text(**answer["past"]) if answer.get("past") else ""  # as reports of earlier versions hold it
    said = status_words(answer["status"], answer["probability"], past)
    told = Text(closed_up(said.vi, "vi"), closed_up(said.en))
    words = Text(**answer["verdict"]) if answer.get("verdict") else told  # so do these
    number, chance = (Text(**answer[name]) if answer.get(name) else None for name in ("number", "chance"))
    label, probability = Text(**answer["label"]), answer["probability"]
    return IndexTarget(answer["target"], label, answer["status"], words, probability, number, chance)


def _files(root: Path, folder: Path, manifests: dict[str, dict[str, Any]]) -> Iterator[IndexFile]:
    for lang in manifests:
        for name, label in FORMS.items():
            path = folder / lang / name
            if path.is_file():
                yield IndexFile(path.relative_to(root).as_posix(), label, lang)
