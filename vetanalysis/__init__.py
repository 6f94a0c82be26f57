"""Will a vocational education and training plan reach its targets?

Everything public is reachable from here and loaded when first used, so that importing the package stays
cheap.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

from vetanalysis import blocks
from vetanalysis.blocks import show_as

__version__ = "0.1.0"


def _public() -> dict[str, str]:
    """The module of each public name, as the stub beside this file imports it; `show` is a module itself."""
    stub = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    imports = [line for line in stub.body if isinstance(line, ast.ImportFrom)]
    return {one.name: str(line.module) for line in imports for one in line.names if one.name != "show"}


_PUBLIC = _public()
__all__ = ["__version__", *sorted(_PUBLIC)]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that defines it, or the module of displays."""
    if name == "show":
        return import_module("vetanalysis.show")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'vetanalysis' has no attribute {name!r}")
    value = getattr(import_module(_PUBLIC[name]), name)
    if not isinstance(value, type):
        _in_one_line(value)
    globals()[name] = value
    return value


def _in_one_line(function: Any) -> None:
    """Let a call print on one line: names and defaults; what each is stands in the docstring."""
    from inspect import Parameter, Signature, signature

    made = signature(function)
    plain = [one.replace(annotation=Parameter.empty) for one in made.parameters.values()]
    function.__signature__ = made.replace(parameters=plain, return_annotation=Signature.empty)


def _before_import(name: str) -> Any:
    """What notebooks call the package and its displays, for a completer that is asked before they are imported."""
    if name == "va":
        return import_module("vetanalysis")
    if name == "show":
        return import_module("vetanalysis.show")
    raise ImportError(name)


def _picture(projection: Any) -> bytes:
    """A projection as a small figure; what draws it is loaded with the first one."""
    from vetanalysis.figures.style import glance_png

    return glance_png(projection)


def _answers(study: Any) -> str:
    """The answers of a study as a list in Markdown; what words them is loaded with the first one."""
    from vetanalysis.show.answers import answer

    return str(answer(study).data)


show_as("projection", _picture)
show_as("study", _answers)


def _render(said: blocks.Said, lang: str) -> str:
    """The words of a sentence; what makes them is loaded with the first one."""
    from vetanalysis.language.render import render

    blocks.worded_by(render)
    return render(said, lang)


blocks.worded_by(_render)


def __dir__() -> list[str]:
    """What tab completion offers: the public names and the module of displays."""
    return sorted([*__all__, "show"])
