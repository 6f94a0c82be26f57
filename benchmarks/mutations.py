"""Small changes to a module: where one can be made, of what kind, and the module's text with it.

A comparison is moved by one step (`<` and `<=`) or turned (`==` and `!=`), an operation is replaced by its neighbour,
`and` by `or`, a number by the next, what is returned by None, a bound of a slice is left out, `not` and conditions are
turned. Left alone: texts, annotations, decorators, what only the type checker reads, and what stands in f-strings.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

KINDS = ("comparison", "operation", "and/or", "not", "constant", "return", "slice", "condition")

_COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_OPERATED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_LONGEST = 90  # characters of a change that are shown


@dataclass(frozen=True)
class Change:
    """One change: `lines` it stands on (from, to), `statement` the first line of its statement, `text` the module's
    text with it, `shown` what became what."""

    kind: str
    lines: tuple[int, int]
    statement: int
    shown: str
    text: str
    inside_function: bool


def changes(source: str) -> list[Change]:
    """Every change that can be made to a module, in the order of its text."""
    tree = ast.parse(source)
    found = [
        _change(source, kind, old, new, statement, inside)
        for statement, node, inside in _nodes(tree)
        for kind, old, new in _turned(node)
    ]
    return sorted(found, key=lambda change: (change.lines, change.shown))


def _nodes(tree: ast.Module) -> Iterator[tuple[int, ast.AST, bool]]:
    """Every node that may be changed, the first line of its statement and whether a call runs it."""
    waiting: list[tuple[ast.AST, int, bool]] = [(tree, 1, False)]
    while waiting:
        node, statement, inside = waiting.pop()
        if isinstance(node, ast.JoinedStr) or _for_types(node):
            continue
        if isinstance(node, ast.stmt):
            statement = node.lineno
        yield statement, node, inside
        below: list[tuple[ast.AST, bool]] = []
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "bases", "keywords") and isinstance(
                node, ast.FunctionDef | ast.ClassDef | ast.AnnAssign | ast.arg
            ):
                continue
            runs = inside or (name == "body" and isinstance(node, ast.FunctionDef | ast.Lambda))
            parts = value if isinstance(value, list) else [value]
            below += [(part, runs) for part in parts if isinstance(part, ast.AST)]
        waiting += [(part, statement, runs) for part, runs in below]


def _for_types(node: ast.AST) -> bool:
    """Whether only the type checker reads it: `if TYPE_CHECKING`, a name for a type."""
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and len(node.targets) == 1:
        names = [part for part in ast.walk(node.value) if isinstance(part, ast.Name)]
        return isinstance(node.value.op, ast.BitOr) and all(name.id[:1].isupper() for name in names)
    return False


def _turned(node: ast.AST) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """The changes that begin at one node: kind, the expression and what takes its place."""
    if isinstance(node, ast.Compare):
        for number, op in enumerate(node.ops):
            new = copy.deepcopy(node)
            new.ops[number] = _COMPARED[type(op)]()
            yield "comparison", node, new
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATED and not _of_text(node):
        yield "operation", node, ast.BinOp(node.left, _OPERATED[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield "and/or", node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", node, node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int, float):
        value = node.value
        yield "constant", node, ast.Constant(not value if isinstance(value, bool) else value + 1)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return", node.value, ast.Constant(None)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        for bound in ("lower", "upper"):
            if getattr(node.slice, bound) is not None:
                new = copy.deepcopy(node)
                setattr(new.slice, bound, None)
                yield "slice", node, new
    elif isinstance(node, ast.If | ast.IfExp):
        yield from _conditions(node.test)
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield from _conditions(test)


def _conditions(test: ast.expr) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """A condition turned; a single comparison or `not` is changed by its own kind."""
    if not isinstance(test, ast.Compare) and not (
        isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    ):
        yield "condition", test, ast.UnaryOp(ast.Not(), test)


def _of_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _change(
    source: str, kind: str, old: ast.expr, new: ast.expr, statement: int, inside_function: bool
) -> Change:
    raw, starts = source.encode(), [0]
    for line in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    begin = starts[old.lineno - 1] + old.col_offset
    end = starts[old.end_lineno - 1] + old.end_col_offset
    written = ast.unparse(ast.fix_missing_locations(ast.Expression(new)))
    text = (raw[:begin] + f"({written})".encode() + raw[end:]).decode()
    shown = f"{_short(ast.unparse(old))} -> {_short(written)}"
    return Change(kind, (old.lineno, old.end_lineno), statement, shown, text, inside_function)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
