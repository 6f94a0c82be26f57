"""What an installed package needs outside the repository, and what it must not need: a shell, fork, a code page."""

import email
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from vetanalysis.paths import absolute, data_root, in_checkout, notebooks_root

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def run(*call, cwd, **more):
    env = {**os.environ, "PYTHONUTF8": "0", "OMP_NUM_THREADS": "1", **more}
    return subprocess.run(
        [sys.executable, *call],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_package_imports_where_there_is_no_fork(tmp_path):
    """As on Windows: neither the modules of POSIX nor its calls and signals are there when a module is loaded."""
    program = (
        "import sys\n"
        "for name in ('fcntl', 'resource', 'pwd', 'grp', 'termios', 'pty', 'tty'): sys.modules[name] = None\n"
        "import os, signal\n"
        "for name in ('fork', 'forkpty', 'register_at_fork', 'getuid', 'getpgid', 'killpg', 'setsid'):\n"
        "    if hasattr(os, name): delattr(os, name)\n"
        "for name in ('SIGKILL', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGCHLD'):\n"
        "    if hasattr(signal, name): delattr(signal, name)\n"
        "import pkgutil, vetanalysis, vetanalysis.cli.main\n"
        "for one in pkgutil.walk_packages(vetanalysis.__path__, 'vetanalysis.'):\n"
        "    if not one.name.endswith(('__main__', '.preload')): __import__(one.name)\n"
        "for name in vetanalysis.__all__: getattr(vetanalysis, name)\n"
        "vetanalysis.cli.main.parser()\n"
        "print('imported')\n"
    )
    done = run("-c", program, cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert done.stdout.strip() == "imported", done.stderr


def test_in_the_repository_its_own_folders_are_used():
    assert in_checkout()
    assert notebooks_root() == ROOT / "notebooks"
    assert data_root() == ROOT / "data" or "VETANALYSIS_DATA" in os.environ


def test_words_stay_words_and_paths_become_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "figures.csv").write_text("", encoding="utf-8")
    (tmp_path / "none").mkdir()
    assert absolute("figures.csv") == str(tmp_path.resolve() / "figures.csv")
    assert absolute("lang-son-2023") == "lang-son-2023"
    assert absolute("none") == "none"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The repository as somebody has it who worked in it: with what an editor leaves beside the notebooks."""
    place = tmp_path_factory.mktemp("source") / "repository"
    left_out = shutil.ignore_patterns(
        ".*cache", ".git", ".venv", ".hypothesis", "__pycache__", "reports", "lab"
    )
    shutil.copytree(ROOT, place, ignore=left_out)
    for folder in ("notebooks", "vetanalysis", "data/plans/lang-son-2023"):
        (place / folder / ".ipynb_checkpoints").mkdir()
        (place / folder / ".ipynb_checkpoints" / "x-checkpoint.ipynb").write_text("{}", encoding="utf-8")
    return place


def build(source, kind, place):
    done = run("-m", "hatchling", "build", "-t", kind, "-d", str(place), cwd=source)
    assert done.returncode == 0, done.stderr
    return next(Path(place).glob("vetanalysis-*"))


@pytest.fixture(scope="module")
def installed(source, tmp_path_factory):
    place = tmp_path_factory.mktemp("built")
    with zipfile.ZipFile(build(source, "wheel", place)) as wheel:
        wheel.extractall(place / "site")
    return place / "site"


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed")
class TestBuilt:
    """The wheel, installed into an empty folder and used from another one."""

    def used(self, installed, *call, cwd):
        done = run("-m", "vetanalysis", *call, cwd=cwd, PYTHONPATH=str(installed), VETANALYSIS_DATA="")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def test_it_brings_plans_figures_and_notebooks(self, installed):
        package = installed / "vetanalysis"
        assert (package / "_data" / "plans" / "lang-son-2023" / "plan.yaml").is_file()
        assert (package / "_data" / "published" / "sources.csv").is_file()
        assert (package / "_notebooks" / "report.ipynb").is_file()
        assert (package / "templates" / "plan.yaml.j2").is_file()
        assert (package / "py.typed").is_file()
        assert (package / "__init__.pyi").is_file()
        returns = package / "_data" / "returns" / "lang-son-2023-example"
        assert len(list(returns.rglob("*.xlsx"))) == len(
            list((ROOT / "data/returns/lang-son-2023-example").rglob("*.xlsx"))
        )
        assert not list(installed.rglob("*checkpoint*"))

    def test_its_metadata_say_what_it_is_and_no_licence(self, installed):
        (told,) = installed.glob("*.dist-info/METADATA")
        about = email.message_from_string(told.read_text(encoding="utf-8"))
        assert (about["Name"], about["Version"]) == ("vetanalysis", PROJECT["project"]["version"])
        assert about["Summary"]
        assert about["Keywords"]
        assert about["Requires-Python"] == ">=3.11"
        assert "Typing :: Typed" in about.get_all("Classifier")
        assert about.get_payload().startswith("# vetanalysis")
        assert not [name for name in about if name.startswith("License")]

    def test_the_example_year_is_there(self, installed, tmp_path):
        """Returns are read where nothing of the repository is, and what is signed is kept where somebody finds it."""
        program = (
            "from vetanalysis import load_plan\n"
            "from vetanalysis.assessment.issued import folder_of\n"
            "from vetanalysis.returns.ledger import load_ledger\n"
            "of_one = load_ledger(load_plan('lang-son-2023-example'), units=['186'])\n"
            "print(len(of_one.versions), of_one.has_errors, folder_of('x'))\n"
        )
        done = run("-c", program, cwd=tmp_path, PYTHONPATH=str(installed), VETANALYSIS_DATA="")
        assert done.stdout.split() == ["6", "False", str(tmp_path / "issued" / "x")], done.stderr

    def test_it_answers_from_elsewhere(self, installed, tmp_path):
        here = run(
            "-m",
            "vetanalysis",
            "assess",
            "lang-son-2023",
            "--as-of",
            "2023-start",
            "--returns",
            "none",
            cwd=ROOT,
        )
        call = ["assess", "lang-son-2023", "--as-of", "2023-start", "--returns", "none"]
        assert self.used(installed, *call, cwd=tmp_path) == here.stdout

    def test_the_notebooks_can_be_taken_out(self, installed, tmp_path):
        told = self.used(installed, "notebooks", "mine", cwd=tmp_path)
        copies = sorted((tmp_path / "mine").glob("*.ipynb"))
        assert [path.name for path in copies] == sorted(
            path.name for path in (ROOT / "notebooks").glob("*.ipynb")
        )
        assert told.splitlines()[0].startswith("mine: ")

    def test_a_new_plan_is_written_and_judged(self, installed, tmp_path):
        call = ["--place", "X", "--place-name", "Vùng X", "--years", "2026", "--target", "trained_rate>=65%"]
        self.used(installed, "new-plan", "mine", *call, cwd=tmp_path)
        assert "Vùng X" in self.used(installed, "assess", "mine", "--as-of", "2026-start", cwd=tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed")
def test_the_sdist_holds_what_a_wheel_needs(source, tmp_path):
    made = build(source, "sdist", tmp_path)
    with tarfile.open(made) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    wanted = {"pyproject.toml", "README.md", "notebooks/report.ipynb", "data/published/sources.csv"}
    assert wanted <= names
    assert any(name.startswith("data/returns/lang-son-2023-example/2023-9M/") for name in names)
    assert not [name for name in names if "checkpoint" in name]
    assert made.stat().st_size < 8_000_000
