"""Runs the code cells of a notebook in this process and keeps what each of them shows, section by section."""

from __future__ import annotations

import ast
import contextlib
import io
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import IPython.display
import nbformat

from vetanalysis.pipeline.lessons import in_language

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
NAMES = tuple(path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb")))
# a kernel does not show these; what is left open is of whoever left it, whenever it is collected
HIDDEN = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


@dataclass
class Section:
    """A heading in one language and all that is shown below it; `code`: whether anything is run below it."""

    heading: str
    code: bool = False
    shown: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that can be read in it, its heading too; of a picture its description."""
        return "\n".join([self.heading, *map(text_of, self.shown)])

    @property
    def empty(self) -> bool:
        """Whether cells ran below the heading and nothing can be seen."""
        return self.code and not any(map(seen, self.shown))


def text_of(shown: Any) -> str:
    """What can be read of a thing a cell shows, in every form in which a notebook may show it."""
    if isinstance(shown, IPython.display.Image):
        return shown.alt or ""
    if isinstance(shown, IPython.display.Markdown):
        return shown.data
    forms = [getattr(shown, name)() for name in ("_repr_html_", "_repr_markdown_") if hasattr(shown, name)]
    return "\n".join([repr(shown), *filter(None, forms)])


def seen(shown: Any) -> bool:
    """Whether a reader sees anything of it: a table without a row, an empty list or text are nothing."""
    if shown is None:
        return False
    if isinstance(shown, IPython.display.Markdown):
        return bool(shown.data.strip())
    if getattr(shown, "sentence", ""):
        return True
    if hasattr(shown, "__len__"):
        return len(shown) > 0
    return True


def run(name: str, **parameters: Any) -> tuple[list[Section], list[str]]:
    """Every section of a notebook with what it shows for these parameters, and the warnings a reader would see."""
    stored = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    notebook = in_language(stored, parameters.get("lang", "vi"))
    sections, names = [Section("")], {"__name__": "__main__"}

    def show(*objects: Any, **_: Any) -> None:
        sections[-1].shown += objects

    said = io.StringIO()
    with (
        warnings.catch_warnings(record=True) as told,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        _displayed_by(show),
    ):
        warnings.simplefilter("always")
        for cell in notebook.cells:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type == "markdown":
                if cell.source.startswith("#"):
                    sections.append(Section(cell.source))
                continue
            opens = cell.id in ("parameters", "open")
            sections[-1].code |= not opens
            value = _run(cell.source, names, f"{name}: {cell.id}")
            if not opens and value is not None:
                show(value)
            if said.getvalue():
                show(said.getvalue())
                said.seek(0), said.truncate()
            if "parameters" in tags:
                names |= parameters
    seen_warnings = [str(one.message) for one in told if not issubclass(one.category, HIDDEN)]
    return sections, seen_warnings


@contextlib.contextmanager
def _displayed_by(show: Any) -> Any:
    usual = IPython.display.display
    IPython.display.display = show
    try:
        yield
    finally:
        IPython.display.display = usual


def _run(source: str, names: dict[str, Any], where: str) -> Any:
    """Run a cell; the value of its last line, if that is an expression, as a notebook would show it."""
    tree = ast.parse(source, where)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, where, "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), where, "eval"), names)
