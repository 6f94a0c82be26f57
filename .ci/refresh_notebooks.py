"""Runs every notebook with its defaults and stores the outputs of the cells that carry results.

nbval compares those outputs in the test run; all other cells are kept without any, so that a change of the
notebooks is small to read. Run it (`make notebooks`) after a change that moves a result on purpose, and look at
the diff.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from vetanalysis.pipeline.kernels import warm_kernels

CHECKED = "nbval-check-output"
FOLDER = Path(__file__).resolve().parent.parent / "notebooks"


def refresh(path: Path) -> None:
    """Execute one notebook in its folder and write it back with the outputs of its checked cells only."""
    notebook = nbformat.read(path, as_version=4)
    config = Config(KernelManager={"transport_encryption": "auto"})
    NotebookClient(notebook, kernel_name="python3", timeout=300, config=config).execute(cwd=str(path.parent))
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code" and CHECKED not in cell.metadata.get("tags", []):
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


if __name__ == "__main__":
    chosen = [Path(name).stem for name in sys.argv[1:]]
    with warm_kernels():
        for path in sorted(FOLDER.glob("*.ipynb")):
            if not chosen or path.stem in chosen:
                print(f"running {path.name}", flush=True)
                refresh(path)
