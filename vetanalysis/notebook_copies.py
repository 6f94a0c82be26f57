"""The notebooks of the package as files of one's own: to open, change and run outside the repository."""

from __future__ import annotations

import shutil
from pathlib import Path

from vetanalysis.errors import WrongCall
from vetanalysis.paths import notebooks_root
from vetanalysis.text import Text


def copy_notebooks(folder: str | Path) -> list[Path]:
    """Copy every notebook into `folder` and return the copies; WrongCall where one of them is there already."""
    folder = Path(folder)
    sources = sorted(notebooks_root().glob("*.ipynb"))
    there = [path.name for path in sources if (folder / path.name).exists()]
    if there:
        names = ", ".join(there)
        raise WrongCall(
            Text(
                f"{folder} đã có {names}; chọn thư mục khác",
                f"{folder} holds {names} already; name another folder",
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(path, folder / path.name)) for path in sources]
