"""What a line of words may hold: text and `{{ expressions }}`, nothing that runs.

Allowed: names of facts, filters of `vetanalysis.language.filters`, numbers and strings, `a if x else b`,
comparisons, `and`, `or`, `not`, `in`, `~`, + - * / on numbers, `is none`, `is known`, and a part of a fact by
name or place (`one.value`, `range[0]`). Refused: blocks, loops, calls, assignments, powers, comments, names
that begin with an underscore, lines over `LONGEST` characters.
"""

from __future__ import annotations

from collections.abc import Collection

import jinja2
from jinja2 import nodes

LONGEST = 1200  # characters of a line
_DEEPEST = 25  # expressions within one another
TESTS = ("none", "known")

_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Concat, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.Neg, nodes.Tuple, nodes.Keyword,
)  # fmt: skip


class NotAllowed(Exception):
    """A line holds what a line of words may not hold; the message says what, in English."""


def is_text(line: str) -> bool:
    """Whether a line is text alone, which is said as it stands: most of the work of reading it can be left out."""
    return len(line) <= LONGEST and "{" not in line and "\r" not in line


def parsed(line: str, environment: jinja2.Environment) -> nodes.Template:
    """The line's parsed tree, checked; NotAllowed where it is none or holds more than words need."""
    if len(line) > LONGEST:
        raise NotAllowed(f"{len(line)} characters, at most {LONGEST} are allowed")
    for mark in ("{%", "{#"):
        if mark in line:
            raise NotAllowed(f"{mark} (only text and {{{{ expressions }}}})")
    try:
        tree = environment.parse(line)
    except jinja2.TemplateSyntaxError as error:
        raise NotAllowed(f"syntax: {error.message}") from None
    except RecursionError:
        raise NotAllowed("nested too deeply") from None
    _check(tree, environment.filters)
    return tree


def _check(node: nodes.Node, filters: Collection[str], depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise NotAllowed("nested too deeply")
    for child in node.iter_child_nodes():
        _check(child, filters, depth + 1)
    if isinstance(node, _PLAIN):
        return
    if isinstance(node, nodes.Name):
        _name(node.name)
    elif isinstance(node, nodes.Const):
        if not isinstance(node.value, str | int | float | bool | None):
            raise NotAllowed(f"constant {node.value!r}")
    elif isinstance(node, nodes.Getattr):
        _name(node.attr)
    elif isinstance(node, nodes.Getitem):
        place = node.arg.value if isinstance(node.arg, nodes.Const) else None
        if isinstance(place, str):
            _name(place)
        elif not isinstance(place, int):
            raise NotAllowed("a place in brackets that is neither a number nor a name")
    elif isinstance(node, nodes.Filter):
        if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise NotAllowed(f"filter {node.name} used as a block or with stars")
        if node.name not in filters:
            raise NotAllowed(f"unknown filter {node.name}")
    elif isinstance(node, nodes.Test):
        if node.name not in TESTS or node.args or node.kwargs:
            raise NotAllowed(f"test {node.name} (allowed: {', '.join(TESTS)})")
    else:
        raise NotAllowed(type(node).__name__.lower())


def _name(name: str) -> None:
    if name.startswith("_"):
        raise NotAllowed(f"a name that begins with an underscore: {name}")


def worded_joins(tree: nodes.Template) -> nodes.Template:
    """The tree with every part of a `~` worded in the line's language first, as what stands alone in `{{ }}` is."""
    for join in tree.find_all(nodes.Concat):
        join.nodes = [nodes.Filter(part, "word", [], [], None, None) for part in join.nodes]
    return tree
