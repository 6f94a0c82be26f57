"""The repository keeps its own promises: one dependency list, notebooks that any runner can run, plain language."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from vetanalysis.pipeline.lessons import in_language

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
STANDARD = ["plan", "as_of", "unit", "lang", "returns", "published", "known_by", "seed"]


def _requirements() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return dict(_split(line) for line in project["dependencies"] + extras["explore"] + extras["test"])


def _split(requirement: str) -> tuple[str, str]:
    name = re.match(r"[A-Za-z0-9_.-]+", requirement)[0]
    return name.lower(), requirement[len(name) :].strip()


def test_conda_gets_the_same_packages_and_bounds():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = dict(_split(line) for line in listed if isinstance(line, str))
    assert conda.pop("python") == ">=3.11"
    conda.pop("pip")
    assert conda == _requirements()
    assert {"pip": ["-e ."]} in listed


def test_every_requirement_is_pinned_and_the_pin_is_inside_its_bound():
    from packaging.requirements import Requirement

    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    pins = {name.lower().replace("_", "-"): version for name, version in pins.items()}
    for name, bound in _requirements().items():
        assert Requirement(name + bound).specifier.contains(pins[name]), name
    assert not [line for line in lines if "@" in line or "://" in line]


def test_the_package_says_the_version_it_is_released_as():
    import vetanalysis

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert vetanalysis.__version__ == project["version"]


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, vetanalysis; print([m for m in ('pandas', 'matplotlib', 'statsmodels') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_are_the_agreed_ones():
    import vetanalysis

    assert set(vetanalysis.__all__) >= {
        "load_plan", "load_observations", "assess", "project_rate", "project_rates", "project_nested",
        "project_year_total", "project_year_totals", "open_study",
    }  # fmt: skip
    for name in vetanalysis.__all__:
        assert getattr(vetanalysis, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'projekt'"):
        vetanalysis.projekt  # noqa: B018


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_and_reads(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert len(tagged) == 1
    names = re.findall(r"^(\w+)(?:: \w+)? =", "".join(tagged[0]["source"]), flags=re.M)
    assert names == STANDARD
    for cell in code:
        source = "".join(cell["source"])
        assert not re.search(r"^\s*(def|class) ", source, flags=re.M)
        assert len(source.splitlines()) <= 12


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_text_of_a_notebook_exists_in_both_languages(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    vi, en = (in_language(notebook, lang)["cells"] for lang in ("vi", "en"))
    texts = [one for one in vi if one["cell_type"] == "markdown"]
    assert texts, "a notebook reads as a document"
    pairs = [
        ("".join(one["source"]), other["source"]) for one, other in zip(vi, en, strict=True) if one in texts
    ]
    assert all(one.strip() and other.strip() and one != other for one, other in pairs)
    assert all(re.findall(r"^#+", one) == re.findall(r"^#+", other) for one, other in pairs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_reads_and_ends_with_a_question(path):
    """Headings are questions, pictures are stored small, and the last cell is a question that says where to look."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[-1]["source"]).startswith("## Câu hỏi")
    assert "Trả lời:" in "".join(cells[-1]["source"])
    assert path.stat().st_size < 500_000
    outputs = [one.get("data", {}) for cell in cells for one in cell.get("outputs", ())]
    stored = ["".join(data["image/png"]) for data in outputs if "image/png" in data]
    assert all(len(png) < 100_000 for png in stored)
    called = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert bool(stored) == bool(re.search(r"picture|matters|show\.document|heatmap", called))


def test_the_readme_names_both_commands_first():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", text, flags=re.S)
    assert blocks[0].split("\n")[:2] == ["make report", "make test"]


def test_no_public_name_is_hidden_by_a_module_of_the_same_name():
    import vetanalysis

    modules = {path.stem for path in (ROOT / "vetanalysis").glob("*") if path.suffix in ("", ".py")}
    assert set(vetanalysis.__all__) & modules == set()
