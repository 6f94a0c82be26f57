"""Where the data lies: one place that knows, so that nothing depends on the current directory."""

from __future__ import annotations

import os
from pathlib import Path

DATA_VARIABLE = "VETANALYSIS_DATA"


def data_root() -> Path:
    """The `data` folder: what the environment variable VETANALYSIS_DATA names, else the one of the checkout.

    The folder need not exist; whoever reads from it says what is missing.
    """
    named = os.environ.get(DATA_VARIABLE, "").strip()
    return Path(named) if named else Path(__file__).resolve().parent.parent / "data"


def plans_root() -> Path:
    """The folder that holds one folder per plan."""
    return data_root() / "plans"


def notebooks_root() -> Path:
    """The folder of the notebooks: the one of the checkout, else the copies that came with the package."""
    beside = Path(__file__).resolve().parent.parent / "notebooks"
    return beside if beside.is_dir() else Path(__file__).resolve().parent / "_notebooks"


def reports_root() -> Path:
    """Where reports go unless told otherwise: `reports` of the checkout, else of the current folder."""
    checkout = Path(__file__).resolve().parent.parent
    return checkout / "reports" if (checkout / "pyproject.toml").is_file() else Path.cwd() / "reports"
