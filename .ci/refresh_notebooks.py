"""Executes every notebook, or those named, in its folder and stores its outputs.

Stored are the outputs of cells tagged `nbval-check-output`, which `make test` compares, and those that hold a picture,
made small, so that a notebook can be read where nothing is run. Every other cell is kept without any, so that a change
of the notebooks is small to read. Run it (`make notebooks`) after a change that moves a result on purpose, and look at
the diff.
"""

import base64
import io
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image
from traitlets.config import Config

from vetanalysis.pipeline.server import warm_kernels

CHECKED = "nbval-check-output"
FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
WIDTH, COLOURS = 756, 64  # px and tints of a stored picture
IN_TEXT = re.compile(r"(?<=data:image/png;base64,)[A-Za-z0-9+/=]+")


def refresh(path: Path) -> None:
    """Execute one notebook in its folder and write it back with the outputs that are stored."""
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
        if cell.cell_type == "code" and not is_stored(cell):
            cell.outputs, cell.execution_count = [], None
        for data in (one.data for one in cell.get("outputs", ()) if "data" in one):
            if "image/png" in data:
                data["image/png"] = small(data["image/png"])
            if "text/html" in data:
                data["text/html"] = IN_TEXT.sub(lambda found: small(found.group()), data["text/html"])
    nbformat.write(notebook, path)


def is_stored(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell's outputs are compared, or hold a picture that is no box to choose with."""
    kinds = {kind for one in cell.outputs for kind in one.get("data", {})}
    shown = "image/png" in kinds and not any("widget" in kind for kind in kinds)
    return shown or CHECKED in cell.metadata.get("tags", [])


def small(png: str) -> str:
    """A picture (base64) as wide as the text beside it, in the tints it needs."""
    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    if image.width > WIDTH:
        image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    made = io.BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        made, "png", optimize=True
    )
    return base64.b64encode(made.getvalue()).decode("ascii")


if __name__ == "__main__":
    chosen = [Path(name).stem for name in sys.argv[1:]]
    with warm_kernels():
        for path in sorted(FOLDER.glob("*.ipynb")):
            if not chosen or path.stem in chosen:
                print(f"running {path.name}", flush=True)
                refresh(path)
