"""How a notebook shows what the package computes: handed in from above, asked for by what is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_shown: dict[str, Callable[[Any], Any]] = {}


def show_as(kind: str, display: Callable[[Any], Any]) -> None:
    """Take what a notebook gets for an object of this kind; the package does this when it is imported."""
    _shown[kind] = display


def displayed(kind: str, one: Any) -> Any:
    """What a notebook shows for one object; None, the plain text, where nothing was handed in."""
    display = _shown.get(kind)
    return None if display is None else display(one)
