"""What the documentation tells is true: its Python runs, its commands run, its set-up lines are well formed.

Python blocks of one page are run one after another in one namespace. `vetanalysis` lines are run through the command
line in an empty folder; PLAN and <...> in them are placeholders and such lines are parsed only, as are set-up blocks.
"""

import ast
import io
import itertools
import re
import shlex
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import nbformat
import pytest
from opened import opened

from vetanalysis.cli.main import OF_VERB, main, parser
from vetanalysis.narrative.report import sentences
from vetanalysis.plan import load_plan
from vetanalysis.report import document_of
from vetanalysis.returns.read import read_return

ROOT = Path(__file__).resolve().parent.parent
MAINTAINERS = ROOT / "vetanalysis" / "README.md"
PAGES = [
    *(ROOT / name for name in (
        "README.md", "tests/README.md", "benchmarks/README.md", "data/plans/README.md", "data/published/README.md",
        "data/returns/README.md", "vetanalysis/cli/README.md", "vetanalysis/pipeline/README.md",
    )),
    MAINTAINERS, *sorted((ROOT / "notebooks").glob("*.ipynb")),
]  # fmt: skip
PAGES_IN_MARKDOWN = [page for page in PAGES if page.suffix == ".md"]
FOLDERS_BESIDE = ("data", "tests", "benchmarks", "notebooks", "reports", ".ci")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SETUP = ("make", "conda", "pip", "git", "python", "cd")
LONG = ("report", "track-record", "template", "check", "completion")  # parsed here; their own tests run them
PLACEHOLDER = re.compile(r"\bPLAN\b|\bREPORT\b|\bFILE\b|<[^>]+>|\.\.\.")
EXAMPLES_IN_DOCSTRINGS = ("one.value", "figures_2026-01-15.csv")


def short(page):
    return page.relative_to(ROOT).as_posix()


def text_of(path):
    """The Markdown of a page; of a notebook all its Markdown cells."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def blocks(path):
    return FENCE.findall(text_of(path))


def commands(path):
    """Every `vetanalysis ...` line of a page, in blocks and in back-ticks, without repetition."""
    text = text_of(path)
    found = [line.strip() for _, body in FENCE.findall(text) for line in body.splitlines()]
    found += re.findall(r"`(vetanalysis [^`]+)`", FENCE.sub("", text))
    lines = [re.sub(r"^(\$ |python -m )", "", line) for line in found]
    return list(dict.fromkeys(line for line in lines if line.startswith("vetanalysis ")))


ALL_COMMANDS = list(dict.fromkeys(line for page in PAGES for line in commands(page)))
PYTHON = [page for page in PAGES if any(kind == "python" for kind, _ in blocks(page))]


@pytest.mark.parametrize("page", PYTHON, ids=short)
def test_python_blocks_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = {}
    for kind, body in blocks(page):
        if kind == "python":
            exec(compile(body, page.name, "exec"), namespace)


@pytest.mark.parametrize("line", ALL_COMMANDS)
def test_commands_run(line, tmp_path, monkeypatch):
    words = shlex.split(line.split(" #")[0])[1:]
    if words[0] == "VERB":
        return
    if PLACEHOLDER.search(line) or len(words) == 1:
        assert words[0] in {*OF_VERB, "new-plan", "notebooks"}
        return
    parser().parse_args(words)
    if words[0] in LONG:
        return
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    said = io.StringIO()
    with redirect_stdout(said):
        code = main(words)
    assert code == 0, said.getvalue()
    assert said.getvalue().strip()


def test_there_is_something_to_run():
    assert len(ALL_COMMANDS) > 5
    assert ROOT / "README.md" in PYTHON


@pytest.mark.parametrize("page", PAGES_IN_MARKDOWN, ids=short)
def test_what_a_page_links_to_is_there(page):
    linked = [
        name for name in re.findall(r"\]\(([^)#\s]+)", FENCE.sub("", text_of(page))) if "://" not in name
    ]
    assert [name for name in linked if not (page.parent / name).exists()] == []


def test_the_first_page_leads_to_every_page():
    first = text_of(ROOT / "README.md")
    told = [page for page in PAGES_IN_MARKDOWN[1:] if f"({page.relative_to(ROOT).as_posix()})" not in first]
    assert told == []


@pytest.mark.parametrize("page", PAGES_IN_MARKDOWN, ids=short)
def test_set_up_blocks_are_well_formed(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for kind, body in blocks(page):
        if kind != "sh":
            continue
        for line in filter(None, (part.split("#")[0].strip() for part in body.splitlines())):
            words = shlex.split(line)
            first = Path(words[0]).name
            assert first in (*SETUP, "vetanalysis", "run", "pytest", "ruff", "mypy"), line
            if first == "make":
                assert words[1] in targets, line


@pytest.mark.parametrize("page", PAGES_IN_MARKDOWN, ids=short)
def test_make_targets_named_in_the_text_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", text_of(page)))
    assert named <= targets


def test_help_has_examples_that_parse():
    """The examples printed by `--help` of the whole and of each verb."""
    from vetanalysis.language.lines import plain

    for name, calls in OF_VERB.items():
        assert all(call.startswith(f"vetanalysis {name} ") for call in calls)
    printed = [plain(f"cli.help.{name}", "en") for name in ("examples", "examples.new_plan")]
    for text in (*printed, *("\n".join(calls) for calls in OF_VERB.values())):
        joined = text.replace("\\\n", " ")
        lines = [line.strip() for line in joined.splitlines() if line.strip().startswith("vetanalysis ")]
        assert lines
        for line in lines:
            parser().parse_args(shlex.split(line)[1:])


def rows_under(heading):
    """The rows of all tables under a heading of the maintainers' page, as cells, without the heads."""
    part = MAINTAINERS.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = re.sub(r"^\|.*\n\|[-|]+\|\n", "", part, flags=re.MULTILINE).splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def quoted(text):
    return re.findall(r"`([^`]+)`", text)


def files_of(name):
    """What a path of the maintainers' page stands for; a star stands for any name."""
    beside = name.split("/")[0] in FOLDERS_BESIDE or name in ("pyproject.toml", "Makefile")
    return sorted((ROOT if beside else MAINTAINERS.parent).glob(name))


def is_path(name):
    return bool(
        re.fullmatch(r"[\w./*-]+(/|\.(py|pyi|md|csv|yaml|json|geojson|j2|css|js|toml|ipynb|xlsx))", name)
    )


def test_every_path_of_the_maintainers_page_exists():
    named = [name for name in quoted(MAINTAINERS.read_text(encoding="utf-8")) if is_path(name)]
    assert len(named) > 120
    assert [name for name in named if not files_of(name)] == []


def test_rooms_stand_in_the_order_that_is_checked_with_all_their_modules():
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = said["tool"]["importlinter"]["contracts"]
    layers = [{name.strip() for name in layer.split(":")} for layer in reversed(contract["layers"])]
    rows = rows_under("The rooms")
    assert len(rows) == len(layers)
    package = MAINTAINERS.parent
    for (_, _, modules), layer in zip(rows, layers, strict=True):
        rooms = [name for name in layer if (package / name).is_dir()]
        if rooms:
            layer = {path.stem for path in (package / rooms[0]).glob("*.py")} - {"__init__"}
        assert sorted(quoted(modules)) == sorted(layer)


@pytest.mark.parametrize("heading", ["One figure, from a cell to a sentence", "Where to change what"])
def test_names_stand_in_the_files_named_beside_them(heading):
    rows = rows_under(heading)
    assert len(rows) > 10
    for row in rows:
        names = quoted(" ".join(row))
        told = [file for name in names if is_path(name) for file in files_of(name) if file.suffix != ".xlsx"]
        text = "".join(file.read_text(encoding="utf-8") for file in told if file.is_file())
        text += "".join(
            one.read_text(encoding="utf-8") for file in told if file.is_dir() for one in file.glob("*.py")
        )
        lacking = [
            name for name in names if re.fullmatch(r"[A-Za-z_][\w.]*", name) and not is_path(name)
            and not re.search(rf"\b{re.escape(name.removeprefix('study.'))}\b", text)
        ]  # fmt: skip
        assert lacking == [], row


def test_the_figure_that_is_followed_is_said_as_the_page_tells():
    plan = load_plan("lang-son-2023-example")
    example = ROOT / "data" / "returns" / plan.name / "2023-9M" / "178__2023-09-15.xlsx"
    found = read_return(example, plan).observations.set_index("source").loc[f"{example.name}!Tuyển mới!C8"]
    assert (found["indicator"], found["level"], found["value"]) == ("people_enrolled", "elementary", 84)
    sheet = document_of(opened(plan.name, "2023-9M", unit="178"))
    said = next(one for one in sentences(sheet) if one.id == "key.plan")
    assert said.facts["value"] == 84
    assert said.text in MAINTAINERS.read_text(encoding="utf-8")


def is_in_package(name, room):
    """Whether `a.b.c` is a module of the package, or stands in one; `room`: the folder of who speaks of it."""
    parts = name.removeprefix("vetanalysis.").split(".")
    for base, length in itertools.product((room, MAINTAINERS.parent), range(1, len(parts) + 1)):
        path = base.joinpath(*parts[:length])
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        rest = parts[length:]
        if file.is_file() and (not rest or re.search(rf"\b{rest[0]}\b", file.read_text(encoding="utf-8"))):
            return True
    return False


def test_modules_and_files_named_by_docstrings_of_modules_exist():
    package = MAINTAINERS.parent
    held = {path.name for folder in (package, ROOT / "data") for path in folder.rglob("*") if path.is_file()}
    named, lacking = 0, []
    for path in sorted(package.rglob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        for name in set(quoted(said)).difference(EXAMPLES_IN_DOCSTRINGS):
            if name.endswith(".py"):
                there = any((base / name).is_file() for base in (path.parent, package, ROOT))
            elif is_path(name) and "/" not in name:
                there = name in held
            elif re.fullmatch(r"[a-z_]\w*(\.\w+)+", name):
                there = is_in_package(name, path.parent)
            else:
                continue
            named += 1
            lacking += [] if there else [(path.name, name)]
    assert named > 20
    assert lacking == []


@pytest.mark.parametrize("page", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda page: page.stem)
def test_notebooks_keep_the_form(page):
    """One parameters cell in the agreed order, no function defined in a cell."""
    notebook = nbformat.read(page, as_version=4)
    given = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(given) == 1
    names = [line.split(" = ")[0] for line in given[0].source.splitlines() if " = " in line]
    assert names[:8] == ["plan", "as_of", "unit", "lang", "returns", "published", "known_by", "seed"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not re.search(r"^\s*def |lambda ", cell.source, re.MULTILINE), cell.source
