"""Reading what people write as text: YAML with limits and the line of each key, tables of comma-separated cells.

Every reader raises `DataRefused` with one finding for what cannot be read, whatever is in the file; its rule begins
with `kind` ("plan-yaml", "mapping-encoding"). Texts are composed Unicode (NFC).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from vetanalysis.blocks import Said
from vetanalysis.checks import given_twice, not_utf8, refused
from vetanalysis.errors import DataRefused, WrongCall

MAX_TEXT = 8 * 2**20
_DEEPEST = 40
_MOST_PARTS = 200_000  # keys and values, each alias counted with all that it stands for
_LONGEST_NUMBER = 40


class _PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without surprises: days stay text, and only true and false are booleans."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _word in ("true", "false"):
    _PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(f"^{_word}$"), [_word[0]])


def read_text(path: Path, file: str, kind: str) -> str:
    """The text of a file in UTF-8, with or without mark; `file`: its name as the reader knows it."""
    try:
        size = path.stat().st_size
        if size > MAX_TEXT:
            raise refused(file, "", f"{kind}-too-large", "findings.text_too_large", megabytes=size >> 20)
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataRefused([not_utf8(file, error, f"{kind}-encoding")]) from error
    except FileNotFoundError:
        raise WrongCall(Said("calls.no_file", path=str(path))) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise refused(file, "", f"{kind}-unreadable", "findings.unreadable", why=why) from error
    return unicodedata.normalize("NFC", text)


def read_rows(path: Path, file: str, kind: str) -> list[list[str]]:
    """The rows of a table as text, the header first, cells without spaces around them; empty rows are left out.

    No column of the header stands twice. WrongCall for a file that is not there.
    """
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(read_text(path, file, kind), newline="")):
            row = [cell.strip() for cell in cells]
            if any(row):
                rows.append(row)
    except csv.Error as error:
        place = f"row {len(rows) + 1}"
        raise refused(file, place, f"{kind}-table", "findings.table_unreadable", said=str(error)) from error
    if twice := given_twice(name for name in (rows[0] if rows else ()) if name):
        raise refused(file, "row 1", f"{kind}-table", "findings.column_twice", names=tuple(twice))
    return rows


def read_yaml(path: Path, file: str, kind: str) -> tuple[Any, list[tuple[str, int, bool]]]:
    """What a YAML file holds, and (key path, line, whether the key stood before) of every key and item of a list.

    Aliases are allowed as far as they do not make the file larger than a file may be; one that holds itself is refused.
    """
    text = read_text(path, file, kind)
    try:
        _check_depth(text)
        loader = _PlainLoader(text)
        node = loader.get_single_node()
        if node is None:
            return None, []
        _check_parts(node, {})
        lines = list(_walk(node, ""))
        return loader.construct_document(node), lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise refused(file, place, f"{kind}-yaml", "plan.yaml", problem=problem) from error
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        OverflowError,
    ) as error:  # of a tag: !!int x
        raise refused(file, "", f"{kind}-yaml", "plan.yaml", problem=str(error)[:200]) from error


def _check_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_PlainLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise _wrong(event, f"more than {_DEEPEST} levels deep")


def _check_parts(node: yaml.Node, sizes: dict[int, int]) -> int:
    """How many parts a node has with its aliases written out; refuses too many, a circle, and far too long a number."""
    if id(node) in sizes:
        if not sizes[id(node)]:
            raise _wrong(node, "an alias that holds itself")
        return sizes[id(node)]
    sizes[id(node)] = 0
    parts = 1
    if isinstance(node, yaml.MappingNode):
        parts += sum(_check_parts(key, sizes) + _check_parts(value, sizes) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        parts += sum(_check_parts(item, sizes) for item in node.value)
    elif node.tag.endswith((":int", ":float")) and len(node.value) > _LONGEST_NUMBER:
        raise _wrong(node, f"a number of {len(node.value)} digits")
    if parts > _MOST_PARTS:
        raise _wrong(node, f"aliases that stand for more than {_MOST_PARTS} keys and values")
    sizes[id(node)] = parts
    return parts


def _wrong(where: yaml.Node | yaml.Event, problem: str) -> yaml.YAMLError:
    return yaml.composer.ComposerError(None, None, problem, where.start_mark)


def _walk(node: yaml.Node, path: str) -> Iterator[tuple[str, int, bool]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            named = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            name = f"{path}.{named}" if path else named
            yield name, key.start_mark.line + 1, named in seen
            seen.add(named)
            yield from _walk(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            name = f"{path}[{number}]"
            yield name, item.start_mark.line + 1, False
            yield from _walk(item, name)
