"""Where the data lies, so that nothing depends on the current directory; how a file is put in its place."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

DATA_VARIABLE = "VETANALYSIS_DATA"
REPORTS_VARIABLE = "VETANALYSIS_REPORTS"
SHARED_VARIABLE = "VETANALYSIS_SHARED"
PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent
_SIGN = "[-\u2010-\u2015._ ]"  # between the numbers of a day: hyphens and dashes, points, low lines, spaces
_DAYS = tuple(
    re.compile(rf"\s*{pattern}(?!\d)")
    for pattern in (
        rf"(?P<year>\d{{4}}){_SIGN}(?P<month>\d\d?){_SIGN}(?P<day>\d\d?)",
        rf"(?P<day>\d\d?){_SIGN}(?P<month>\d\d?){_SIGN}(?P<year>\d{{4}})",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>(?:19|20)\d\d)",
    )
)


def data_root() -> Path:
    """The `data` folder: what the environment variable VETANALYSIS_DATA names, else the one of the checkout, else
    the copies of plans and published figures that came with an installed package.

    The folder need not exist; whoever reads from it says what is missing.
    """
    named = os.environ.get(DATA_VARIABLE, "").strip()
    return Path(named) if named else _beside_or_within("data")


def plans_root() -> Path:
    """The folder that holds one folder per plan."""
    return data_root() / "plans"


def returns_root(plan: str) -> Path:
    """The folder of the returns that came for a plan, by its name; it need not exist."""
    return data_root() / "returns" / plan


def is_returns_root(path: Path | str, plan: str) -> bool:
    """Whether a path, however it is written, is the folder of the returns of a plan."""
    return Path(path).resolve() == returns_root(plan).resolve()


def notebooks_root() -> Path:
    """The folder of the notebooks: the one of the checkout, else the copies that came with the package."""
    return _beside_or_within("notebooks")


def reports_root() -> Path:
    """Where reports go unless told otherwise: `reports` of the checkout, else of the current folder."""
    return (CHECKOUT if in_checkout() else Path.cwd()) / "reports"


def issued_root() -> Path:
    """Where signed reports are kept: `issued` of the data folder, of an installed package of the current folder."""
    named = os.environ.get(DATA_VARIABLE, "").strip()
    return (data_root() if named or in_checkout() else Path.cwd()) / "issued"


def earlier_reports() -> Path | None:
    """The folder of reports of the run that this process belongs to: its earlier reports are quoted; None outside one.

    A run names it in the environment variable VETANALYSIS_REPORTS, which its kernels inherit.
    """
    return _of_run(REPORTS_VARIABLE)


@contextlib.contextmanager
def reports_at(folder: Path) -> Iterator[None]:
    """Within it `earlier_reports` is this folder, here and in every process that is started."""
    with _named(REPORTS_VARIABLE, folder):
        yield


def shared_folder() -> Path | None:
    """The folder for what the processes of a run share, such as their pictures; None outside one.

    A run names it in the environment variable VETANALYSIS_SHARED, which its kernels inherit.
    """
    return _of_run(SHARED_VARIABLE)


@contextlib.contextmanager
def shared_at(folder: Path) -> Iterator[None]:
    """Within it `shared_folder` is this folder, here and in every process that is started."""
    with _named(SHARED_VARIABLE, folder):
        yield


def _of_run(variable: str) -> Path | None:
    named = os.environ.get(variable, "").strip()
    return Path(named) if named else None


@contextlib.contextmanager
def _named(variable: str, folder: Path) -> Iterator[None]:
    before = os.environ.get(variable)
    os.environ[variable] = str(folder)
    try:
        yield
    finally:
        os.environ.pop(variable, None)  # of two that overlap in threads the other may have taken it
        if before is not None:
            os.environ[variable] = before


def in_checkout() -> bool:
    """Whether the package lies in its repository, and not in an environment's site-packages."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "data").is_dir()


def absolute(given: str) -> str:
    """A path that exists as an absolute one; a name, or a word like "default", as it is."""
    path = Path(given)
    return str(path.resolve()) if given not in ("default", "none") and path.exists() else given


def _beside_or_within(name: str) -> Path:
    within = PACKAGE / f"_{name}"
    return CHECKOUT / name if in_checkout() or not within.is_dir() else within


def legible(path: str | Path) -> str:
    """A path as text that every output can hold: bytes that are no UTF-8 as the escapes that stand for them."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def sender_and_day(file: str | Path) -> tuple[str, str]:
    """The unit and the ISO day that the name of a return says: "178" and "2023-09-15" of `178__2023-09-15.xlsx`.

    The unit stands before `__`, the day behind it; whatever follows the day is the sender's own. Without a day that can
    be read and is one the day is "".
    """
    unit, *said = Path(file).stem.split("__")
    return unit.strip(), next(filter(None, map(_written_day, said)), "")


def _written_day(text: str) -> str:
    """The day that begins a text as people write it, as an ISO day; "" where none does.

    2023-9-5, 2023_09_05, 20230905; the day comes first where the year stands last: 5.9.2023, 05092023.
    """
    for found in filter(None, (pattern.match(text) for pattern in _DAYS)):
        with contextlib.suppress(ValueError):
            return date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat()
    return ""


def write_whole(data: bytes, path: str | Path) -> Path:
    """Write `data` to `path` in one step, so that a reader never sees half a file; folders are made.

    OSError with the path where it cannot be: what stood there stays, nothing half-written is left.
    """
    path = Path(path)
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    return path
