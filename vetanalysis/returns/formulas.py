"""Formulas of a sheet: which refer to themselves or reach outside, what simple ones without a value give.

Only SUM, ROUND, MAX, MIN, AVERAGE, COUNT and arithmetic over cells of the same sheet are calculated; anything
else is left without a value. Nothing is handed to a spreadsheet program.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping

from vetanalysis.returns.key import Place, place_of

MAX_DEPTH = 64
MAX_RANGE = 20_000
MAX_EDGES = 200_000

_REFERENCE = re.compile(r"(?<![\w!'\]])(\$?[A-Z]{1,3}\$?\d{1,7})(?::(\$?[A-Z]{1,3}\$?\d{1,7}))?(?![\w(!])")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<ref>\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?)(?![\w(])"
    r"|(?P<name>[A-Z]+)\(|(?P<sign>[-+*/(),%]))"
)
_OTHER_BOOK = re.compile(r"\[[^\]]+\]")


class CannotCalculate(Exception):
    """Internal: a formula outside what is calculated here."""


def links_to_other_file(formula: str) -> bool:
    """Whether the formula takes a value from another workbook: `[1]Sheet1!A1`."""
    return bool(_OTHER_BOOK.search(formula))


def _box(first: str, last: str | None) -> tuple[int, int, int, int] | None:
    start, end = place_of(first), place_of(last or first)
    if start is None or end is None:
        return None
    return min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


def cyclic(formulas: Mapping[Place, str]) -> set[Place]:
    """Places whose formula refers to itself, directly or through other formulas of the sheet."""
    by_column: dict[int, list[int]] = {}
    for row, column in sorted(formulas):
        by_column.setdefault(column, []).append(row)
    edges: dict[Place, list[Place]] = {}
    counted = 0
    for place, text in formulas.items():
        targets = edges.setdefault(place, [])
        for first, last in _REFERENCE.findall(text.upper()):
            box = _box(first, last)
            if box is None:
                continue
            for column in by_column if box[3] - box[1] > 50 else range(box[1], box[3] + 1):
                rows = by_column.get(column, [])
                if box[1] <= column <= box[3]:
                    inside = rows[bisect_left(rows, box[0]) : bisect_right(rows, box[2])]
                    targets.extend((row, column) for row in inside)
                    counted += len(inside)
            if counted > MAX_EDGES:
                return set()
    return _on_cycles(edges)


def _on_cycles(edges: Mapping[Place, list[Place]]) -> set[Place]:
    """Members of cycles: strip, again and again, what nothing refers to or what refers to nothing."""
    left = {place: set(targets) for place, targets in edges.items()}
    incoming: dict[Place, set[Place]] = {place: set() for place in edges}
    for place, targets in left.items():
        for target in targets:
            incoming[target].add(place)
    for forward, backward in ((left, incoming), (incoming, left)):
        ready = [place for place in forward if not forward[place]]
        while ready:
            place = ready.pop()
            for source in backward.pop(place, ()):
                if source in forward:
                    forward[source].discard(place)
                    if not forward[source]:
                        ready.append(source)
            forward.pop(place, None)
    return set(left) & set(incoming)


class Calculator:
    """Values of formulas without a stored one; `value_at(place)` gives what a cell holds, "" for nothing."""

    def __init__(
        self, formulas: Mapping[Place, str], unstored: set[Place], value_at: Callable[[Place], object]
    ) -> None:
        self.formulas, self.unstored, self.value_at = formulas, unstored, value_at
        self.known: dict[Place, float] = {}

    def value(self, place: Place, depth: int = 0) -> float:
        """The value of the formula at `place`; CannotCalculate where it is not simple or too deep."""
        if place not in self.known:
            if depth > MAX_DEPTH:
                raise CannotCalculate("depth")
            reader = _Reader(self.formulas[place], lambda target: self.cell(target, depth + 1))
            self.known[place] = reader.whole()
        return self.known[place]

    def cell(self, place: Place, depth: int) -> float | None:
        """A cell as a number: empty is None, text does not count."""
        if place in self.unstored:
            return self.value(place, depth)
        value = self.value_at(place)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        if value in ("", None):
            return None
        raise CannotCalculate("text")


class _Reader:
    """Recursive descent over one formula."""

    def __init__(self, text: str, cell: Callable[[Place], float | None]) -> None:
        self.cell = cell
        self.tokens: list[tuple[str, str]] = []
        text, at = text.upper().lstrip("="), 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if not match or len(self.tokens) > 500:
                raise CannotCalculate(text[:40])
            self.tokens.append((str(match.lastgroup), match.group(str(match.lastgroup))))
            at = match.end()
        self.at = self.depth = 0

    def whole(self) -> float:
        result = self.sum()
        if self.at != len(self.tokens):
            raise CannotCalculate("rest")
        return result

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def take(self, sign: str) -> None:
        if self.peek() != ("sign", sign):
            raise CannotCalculate(sign)
        self.at += 1

    def sum(self) -> float:
        self.depth += 1
        if self.depth > 40:
            raise CannotCalculate("depth")
        result = self.product()
        while self.peek() in (("sign", "+"), ("sign", "-")):
            plus = self.peek()[1] == "+"
            self.at += 1
            right = self.product()
            result = result + right if plus else result - right
        self.depth -= 1
        return result

    def product(self) -> float:
        result = self.signed()
        while self.peek() in (("sign", "*"), ("sign", "/")):
            times = self.peek()[1] == "*"
            self.at += 1
            right = self.signed()
            if not times and right == 0:
                raise CannotCalculate("division by zero")
            result = result * right if times else result / right
        return result

    def signed(self) -> float:
        sign = 1.0
        while self.peek() in (("sign", "+"), ("sign", "-")):
            sign = -sign if self.peek()[1] == "-" else sign
            self.at += 1
        result = sign * self.atom()
        while self.peek() == ("sign", "%"):
            self.at += 1
            result /= 100
        return result

    def atom(self) -> float:
        kind, text = self.peek()
        self.at += 1
        if kind == "number":
            return float(text)
        if kind == "ref" and ":" not in text:
            return self.cell(place_of(text) or (0, 0)) or 0.0
        if kind == "name":
            return self.call(text)
        if (kind, text) == ("sign", "("):
            result = self.sum()
            self.take(")")
            return result
        raise CannotCalculate(text)

    def call(self, name: str) -> float:
        arguments = [self.argument()]
        while self.peek() == ("sign", ","):
            self.at += 1
            arguments.append(self.argument())
        self.take(")")
        values = [value for values in arguments for value in values if value is not None]
        if name == "ROUND" and len(arguments) == 2 and len(values) == 2 and abs(values[1]) < 16:
            return round(values[0], int(values[1]))
        if name in ("SUM", "COUNT"):
            return sum(values) if name == "SUM" else float(len(values))
        if name in ("MAX", "MIN", "AVERAGE") and values:
            if name == "AVERAGE":
                return sum(values) / len(values)
            return max(values) if name == "MAX" else min(values)
        raise CannotCalculate(name)

    def argument(self) -> list[float | None]:
        kind, text = self.peek()
        if kind == "ref" and ":" in text:
            self.at += 1
            box = _box(*text.split(":"))
            if box is None or (box[2] - box[0] + 1) * (box[3] - box[1] + 1) > MAX_RANGE:
                raise CannotCalculate(text)
            return [
                self.cell((row, column))
                for row in range(box[0], box[2] + 1)
                for column in range(box[1], box[3] + 1)
            ]
        if kind == "ref" and self.tokens[self.at + 1 : self.at + 2] in ([("sign", ",")], [("sign", ")")]):
            self.at += 1
            return [self.cell(place_of(text) or (0, 0))]
        return [self.sum()]
