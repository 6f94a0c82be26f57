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
_UNCHANGED = ("annotation", "returns", "decorator_list", "bases", "keywords")
_LONGEST = 90  # characters of a change that are shown


@dataclass(frozen=True)
class Change:
    """One change: the `line` it begins on, `text` the module's text with it, `shown` what became what.

    `told_by`: the lines that run when it matters: its own; of a constant those that read it, of a default those of the
    function. Empty where that is not known.
    """

    kind: str
    line: int
    shown: str
    text: str
    told_by: frozenset[int]


def changes(source: str) -> list[Change]:
    """Every change that can be made to a module, in the order of its text."""
    found = [
        _change(source, kind, old, new, told_by)
        for node, told_by in _nodes(ast.parse(source))
        for kind, old, new in _turned(node)
    ]
    return sorted(found, key=lambda change: (change.line, change.shown))


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, frozenset[int]]]:
    """Every node that may be changed, and the lines that run when it matters."""
    readers: dict[str, set[int]] = {}
    for name in (node for node in ast.walk(tree) if isinstance(node, ast.Name)):
        if isinstance(name.ctx, ast.Load):
            readers.setdefault(name.id, set()).add(name.lineno)
    waiting: list[tuple[ast.AST, set[int], bool]] = [(tree, set(), False)]
    while waiting:
        node, lines, inside = waiting.pop()
        if isinstance(node, ast.JoinedStr) or _for_types(node):
            continue
        if inside and isinstance(node, ast.stmt):
            lines = {node.lineno}
        elif not inside and isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            lines = set().union(*(readers.get(one.id, ()) for one in targets if isinstance(one, ast.Name)))
        own = set(range(node.lineno, node.end_lineno + 1)) if inside and isinstance(node, ast.expr) else set()
        yield node, frozenset(lines | own)
        for name, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AnnAssign | ast.arg)
                and name in _UNCHANGED
            ):
                continue
            if isinstance(node, ast.FunctionDef):
                body = set(range(node.body[0].lineno, node.end_lineno + 1))
                waiting += [(part, body, name == "body") for part in parts if isinstance(part, ast.AST)]
            else:
                waiting += [(part, lines, inside) for part in parts if isinstance(part, ast.AST)]


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


def _change(source: str, kind: str, old: ast.expr, new: ast.expr, told_by: frozenset[int]) -> Change:
    raw, starts = source.encode(), [0]
    for line in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    begin = starts[old.lineno - 1] + old.col_offset
    end = starts[old.end_lineno - 1] + old.end_col_offset
    written = ast.unparse(ast.fix_missing_locations(ast.Expression(new)))
    text = (raw[:begin] + f"({written})".encode() + raw[end:]).decode()
    shown = f"{_short(ast.unparse(old))} -> {_short(written)}"
    return Change(kind, old.lineno, shown, text, told_by)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
