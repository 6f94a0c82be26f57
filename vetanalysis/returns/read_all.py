"""Reading a whole folder of returns, in one process or several, and the cache of what was read before.

One small file per return, named by everything the result depends on: the bytes of the return, its name, the
plan as loaded, the mapping file beside it, the rules left out and the program itself. Another byte anywhere
is another name, so nothing stale can be found; what cannot be read back is read anew. Deleting the cache
loses nothing. The cache lies in the user's cache folder (environment variable VETANALYSIS_CACHE: another
folder, or "off"), one for all returns, so that a copy of a folder is not read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from vetanalysis import beside
from vetanalysis.blocks import Said, Text
from vetanalysis.errors import DataRefused, Finding
from vetanalysis.hashes import digest_of, program_hash
from vetanalysis.paths import legible
from vetanalysis.plan import Plan
from vetanalysis.progress import quiet, watched
from vetanalysis.returns.checks import check_file, cumulative
from vetanalysis.returns.files import MAX_FILE, Received
from vetanalysis.returns.mapping import Mapping as MappingFile
from vetanalysis.returns.mapping import load_mapping
from vetanalysis.returns.read import read_return
from vetanalysis.returns.readings import Reading
from vetanalysis.returns.whose import own_part

CACHE_VARIABLE = "VETANALYSIS_CACHE"
_TABLES = ("columns", "missing")  # of a reading, by column
UNUSED = 14 * 86_400  # seconds: what nobody asked for so long before the newest reading is cleared
#: From this many files on starting processes costs less than it saves (about two seconds each).
WORTH_PROCESSES = 120
WORTH_A_FORK = 24  # from this many files on half of them are read in one, where `beside` forks


@dataclass(frozen=True)
class Cache:
    """Stored readings; `folder` None stores nothing."""

    folder: Path | None

    def get(self, key: str) -> Reading | None:
        """The stored reading, or None; anything damaged counts as not there."""
        if self.folder is None or not key:
            return None
        try:
            reading = _decoded(json.loads(zlib.decompress((self.folder / key).read_bytes())))
        except (OSError, ValueError, LookupError, TypeError, zlib.error):
            return None
        with contextlib.suppress(OSError):  # asked for now
            os.utime(self.folder / key)
        return reading

    def put(self, key: str, reading: Reading) -> None:
        """Store a reading; a cache that cannot be written is no error."""
        if self.folder is None or not key:
            return
        data = zlib.compress(json.dumps(_encoded(reading), ensure_ascii=False).encode("utf-8"), 1)
        part = self.folder / f"{key}.{os.getpid()}.part"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # contacts are in it
            part.write_bytes(data)
            part.replace(self.folder / key)
        except OSError:
            part.unlink(missing_ok=True)

    def clear_unused(self) -> None:
        """Drop what was last asked for long before the newest reading."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):  # another process clears, too
            times = {file: file.stat().st_mtime for file in self.folder.iterdir() if file.is_file()}
            newest = max(times.values(), default=0.0)
            for file, time in times.items():
                if time < newest - UNUSED:
                    file.unlink(missing_ok=True)


def stored_readings() -> Cache:
    """The cache in the user's cache folder, or where the environment says."""
    root = _root()
    return Cache(None if root is None else root / "vetanalysis" / "readings")


def _root() -> Path | None:
    named = os.environ.get(CACHE_VARIABLE, "").strip()
    if named.lower() in ("off", "none", "0"):
        return None
    if named:
        return Path(named)
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if base:
        return Path(base)
    try:
        return Path.home() / ".cache"
    except RuntimeError:
        return None


def key_of(found: Received, plan: Plan, without: Collection[str] = ()) -> str:
    """The name under which the reading of a file is stored; "" where it cannot or should not be."""
    try:
        if not found.path.is_file() or found.path.stat().st_size > MAX_FILE:
            return ""
        data = found.path.read_bytes()
        mappings = [path.read_bytes() for path in _mapping_files(found)]
    except OSError:
        return ""
    contents = [hashlib.sha256(part).hexdigest() for part in (data, *mappings)]
    named = found.file, legible(found.path.name), legible(found.path.parent.name)
    said = *named, found.unit, found.period, found.day, found.belongs
    return digest_of([contents, said, plan_version(plan), program_version(), sorted(without)])


@lru_cache(maxsize=8)
def plan_version(plan: Plan) -> str:
    """A hash of everything a plan says, whatever folders it came from."""
    apart = {"units", "quotas", "indicators", "crosswalk", "tiles", "shapes", "folder"}
    digest = hashlib.sha256(plan.model_dump_json(exclude=apart).encode("utf-8"))
    for frame in (plan.units, plan.quotas, plan.indicators, plan.crosswalk):
        digest.update(frame.to_csv(index=False).encode("utf-8"))
    return digest.hexdigest()


@cache
def program_version() -> str:
    """What reads and checks: a hash of the whole program, since words and a plan's checks lie elsewhere, and the
    versions of the libraries it reads with.
    """
    from importlib import metadata

    return "/".join([program_hash(), *map(metadata.version, ("python-calamine", "pandas", "pydantic"))])


def _encoded(reading: Reading) -> dict[str, Any]:
    plain = {one.name: getattr(reading, one.name) for one in fields(Reading)}
    plain |= {table: {name: _packed(values) for name, values in plain[table].items()} for table in _TABLES}
    plain["findings"] = [
        {one.name: _plain(getattr(finding, one.name)) for one in fields(Finding)}
        for finding in reading.findings
    ]
    return plain


def _plain(value: Any) -> Any:
    """Words and the facts behind them as JSON holds them; `_words` takes them back."""
    if isinstance(value, Said):
        return {"key": value.key, "facts": {name: _plain(fact) for name, fact in value.facts.items()}}
    if isinstance(value, Text):
        return {"vi": value.vi, "en": value.en}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _words(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_words(one) for one in plain)
    if not isinstance(plain, dict):
        return plain
    if "key" not in plain:
        return Text(**plain)
    return Said(plain["key"], **{name: _words(fact) for name, fact in plain["facts"].items()})


def _packed(values: Sequence[Any]) -> Any:
    """A column as JSON holds it: of words that come again each once, and for every row which of them."""
    if not all(isinstance(one, str) for one in values) or len(set(values)) == len(values):
        return values
    places = {word: place for place, word in enumerate(dict.fromkeys(values))}
    return {"words": list(places), "rows": [places[one] for one in values]}


def _unpacked(packed: Any) -> list[Any]:
    """A column as it was, with each word once in memory."""
    if isinstance(packed, list):
        return packed
    words = [*map(sys.intern, packed["words"])]
    return [words[row] for row in packed["rows"]]


def _decoded(plain: Mapping[str, Any]) -> Reading:
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()
    }
    for table in _TABLES:
        given[table] = {name: _unpacked(values) for name, values in plain[table].items()}
        if len({len(values) for values in given[table].values()}) > 1:
            raise ValueError("columns of different lengths")
    findings = ({name: _words(value) for name, value in one.items()} for one in plain["findings"])
    return Reading(**{**given, "findings": tuple(Finding(**one) for one in findings)})


def reading_of(found: Received, plan: Plan, without: Collection[str] = ()) -> Reading:
    """Open, read and check one file; never raises for what is wrong with it."""
    mapping, problems = _mapping(found, plan)
    read = read_return(found.path, plan, mapping)
    own = own_part(found, read, plan)
    folder, sources = found.file.rpartition("/")[0], own.columns["source"]
    findings = (
        *problems,
        *(replace(one, file=found.file) for one in (*read.findings, *check_file(found, read, plan))),
    )
    return replace(
        own,
        file=found.file,
        unit=found.unit or read.unit,
        period=found.period or cumulative(read.period),
        received=found.day,
        columns={**own.columns, "source": [f"{folder}/{one}" for one in sources] if folder else sources},
        findings=tuple(one for one in findings if one.rule not in without),
    )


def _mapping(found: Received, plan: Plan) -> tuple[MappingFile | None, tuple[Finding, ...]]:
    """The mapping for this unit, where there is one; a wrong one is told by findings."""
    for path in _mapping_files(found):
        try:
            return load_mapping(path, plan), ()
        except DataRefused as error:
            return None, error.findings
    return None, ()


def _mapping_files(found: Received) -> list[Path]:
    """The mapping files for the unit: `<unit>.yaml` beside the file, which counts, or one folder up."""
    beside = found.path.parent
    paths = [folder / f"{found.unit}.yaml" for folder in (beside, beside.parent)] if found.unit else []
    return [path for path in paths if path.is_file()]


def read_all(
    found: Sequence[Received],
    plan: Plan,
    cache: Cache,
    without: Collection[str] = (),
    *,
    jobs: int | None = None,
) -> list[Reading]:
    """The readings of files, in their order; `jobs`: processes, None decides."""
    if beside.FORKS and jobs is None and len(found) >= WORTH_A_FORK:
        half = len(found) // 2
        first = beside.begun(
            quiet()(lambda: read_all(found[:half], plan, cache, without, jobs=1))
        )  # one bar is enough
        rest = read_all(found[half:], plan, cache, without, jobs=1)
        return [*first(), *rest]
    keys = [key_of(one, plan, without) for one in found]
    readings = [cache.get(key) for key in keys]
    pending = [number for number, reading in enumerate(readings) if reading is None]
    if pending:
        left, jobs = [found[number] for number in pending], _jobs(jobs, len(pending))
        work = watched(_read(left, plan, tuple(sorted(without)), jobs), len(pending))
        for number, reading in zip(pending, work, strict=True):
            readings[number] = reading
            if reading.sha256:
                cache.put(keys[number], reading)
        cache.clear_unused()
    return [one for one in readings if one is not None]


def _jobs(asked: int | None, files: int) -> int:
    if asked is not None:
        return max(1, asked)
    main = sys.modules.get("__main__")
    spec = getattr(main, "__spec__", None)
    # A script without a guard around its main part would be run again by every process.
    safe = not hasattr(main, "__file__") or (spec is not None and spec.name.startswith("vetanalysis"))
    return min(os.cpu_count() or 1, 4) if safe and files >= WORTH_PROCESSES else 1


def _read(found: list[Received], plan: Plan, without: tuple[str, ...], jobs: int) -> Iterator[Reading]:
    done = 0
    if jobs > 1:
        try:
            import multiprocessing

            context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
            with ProcessPoolExecutor(jobs, context, _start, (plan, without)) as pool:
                for reading in pool.map(_one, found, chunksize=8):
                    done += 1
                    yield reading
        except (BrokenProcessPool, OSError):
            pass  # a process was killed: the rest is read here
    for one in found[done:]:
        yield reading_of(one, plan, without)


_GIVEN: dict[str, object] = {}


def _start(plan: Plan, without: tuple[str, ...]) -> None:
    _GIVEN.update(plan=plan, without=without)


def _one(found: Received) -> Reading:
    return reading_of(found, _GIVEN["plan"], _GIVEN["without"])  # type: ignore[arg-type]
