"""Holds the package's source against its lines of words: `python .ci/check_words.py`.

Prints file and line of every key that no file of words has, then the lines of words that nobody names. Exit code 1
where a key is unknown; a line that nobody names is told only, since some names are put together when they are said.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "vetanalysis"
sys.path.insert(0, str(PACKAGE.parent))

from vetanalysis.language.lines import families, is_line, lines_of  # noqa: E402

_KINDS = re.compile(r"name\('(\w+)'\)")  # what codes are called, in a line: {{code|name('method')}}


def main() -> int:
    """Print what is wrong; 1 where a key is unknown."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    unknown = [
        f"{path.relative_to(PACKAGE.parent)}:{line}: no line {key!r}"
        for path, tree in trees.items()
        for line, key in keys_of(tree)
        if not is_line(key)
    ]
    for told in [*unknown, *unnamed(list(trees.values()))]:
        print(told)
    return 1 if unknown else 0


def keys_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every line that a module names as it stands, with the source line: of a Said, of a plain line, of a finding."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [text for one in node.args if (text := _text(one)) is not None]
        own_remedy = any(one.arg in ("remedy", None) for one in node.keywords)
        wanted: list[str] = []
        if name in ("Said", "plain") and node.args and _text(node.args[0]) is not None:
            wanted = texts[:1]
        elif name in ("finding", "refused"):
            lines = [text for text in texts if is_line(text) or text.startswith("plan.")]
            wanted = lines + ([] if own_remedy else [f"{line}.do" for line in lines])
        elif name == "error" and len(node.args) > 2 and (text := _text(node.args[2])) is not None:
            line = f"plan.{text}"
            wanted = [line, *([] if own_remedy and line == "plan.unknown" else [f"{line}.do"])]
        yield from ((node.lineno, key) for key in wanted)


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def unnamed(trees: list[ast.Module]) -> Iterator[str]:
    """The lines of words whose name stands nowhere in the source, whole or as an f-string would make it."""
    texts: set[str] = set()
    forms: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.JoinedStr):
            forms.add("".join(re.escape(_text(part) or "") or "(.*)" for part in node.values))
        elif (text := _text(node)) is not None:
            texts.add(text)
    shapes = [re.compile(form) for form in sorted(forms) if re.search(r"\w|\\", form.replace("(.*)", ""))]
    kinds = texts | set(
        _KINDS.findall("".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.yaml")))
    )
    for family in (one for one in families() if one != "plain"):  # its lines are those of other families
        source = (PACKAGE / "language" / f"{family}.yaml").read_text(encoding="utf-8").splitlines()
        for name in lines_of(family):
            if family == "names" and name.partition(".")[0] in kinds:  # codes come from data, too
                continue
            key = f"{family}.{name}"
            if not {name, key, name.removesuffix(".do"), key.removesuffix(".do")}.isdisjoint(texts):
                continue
            if _made(key, texts, shapes):
                continue
            place = next((n for n, line in enumerate(source, 1) if line.startswith(f"{name}:")), 1)
            yield f"vetanalysis/language/{family}.yaml:{place}: nobody names {key}"


def _made(key: str, texts: set[str], shapes: list[re.Pattern[str]], deep: int = 3) -> bool:
    """Whether an f-string of the source makes the key; one that gives little of it, of parts that are there, too."""
    if key in texts:
        return True
    for shape in shapes if deep else ():
        if found := shape.fullmatch(key):
            given = len(re.findall(r"\w+", shape.pattern.replace("(.*)", "")))
            if given > 1 or all(_made(part, texts, shapes, deep - 1) for part in found.groups()):
                return True
    return False


if __name__ == "__main__":
    sys.exit(main())
