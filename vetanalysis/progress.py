"""How far a long computation is: a bar in a terminal, in a notebook one that leaves nothing behind.

It comes after two seconds, so that whatever is quicker shows none. Nothing is shown where nobody looks: where the
output goes into a file or another program, where a runner executes a notebook, or within `quiet`.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

Thing = TypeVar("Thing")

AFTER = 2.0  # seconds
_FORM = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}]"
_HIDDEN = False  # while there is a bar, or none is wanted


def watched(work: Iterable[Thing], total: int) -> Iterator[Thing]:
    """Pass `work` on, with a bar that moves with each of its `total` things."""
    with bar(total) as shown:
        for one in work:
            yield one
            if shown is not None:
                shown.update()


@contextlib.contextmanager
def bar(total: int, *, after: float | None = None, leave: bool = False) -> Iterator[Any]:
    """A bar (tqdm's) that comes after so many seconds; none (None) where nobody looks or there is one already."""
    place = None if _HIDDEN else _place()
    if place is None:
        yield None
        return
    from tqdm import tqdm

    look: dict[str, Any] = {"bar_format": _FORM, "mininterval": 0.5, "smoothing": 0.1}
    look |= {"dynamic_ncols": True} if place is sys.stderr else {"ncols": 60}
    delay = AFTER if after is None else after
    with quiet(), tqdm(total=total, file=place, delay=delay, leave=leave, **look) as shown:
        yield shown


@contextlib.contextmanager
def quiet(asked: bool = True) -> Iterator[None]:
    """Within it no bar comes."""
    global _HIDDEN
    before, _HIDDEN = _HIDDEN, _HIDDEN or asked
    try:
        yield
    finally:
        _HIDDEN = before


def _place() -> Any:
    """Where somebody sees a bar: the terminal, the cell of a notebook that a person runs, or nowhere (None)."""
    if sys.stderr.isatty():
        return sys.stderr
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    kernel = getattr(shell, "kernel", None)
    return _Cell() if getattr(kernel, "_allow_stdin", False) else None  # a runner cannot be asked anything


class _Cell:
    """The output of a cell as a place to write a bar to; what is empty at the end leaves an empty output."""

    encoding = "utf-8"  # tqdm draws with blocks then

    def __init__(self) -> None:
        self._handle: Any = None

    def write(self, text: str) -> None:
        """Show the line in place of the one before."""
        from IPython.display import display

        line = text.strip()
        data = {"text/plain": line, "text/html": f"<pre>{line}</pre>" if line else ""}
        if self._handle is not None:
            self._handle.update(data, raw=True)
        elif line:
            self._handle = display(data, raw=True, display_id=True)

    def flush(self) -> None:
        """Nothing waits."""
