"""A notebook in one language: its prose is stored in Vietnamese, in English among the metadata of each cell.

A stored notebook reads as a page where nothing is run. Whoever takes a copy, and every run, has one language and not
the other. Cells tagged `lesson` (what to change and run again, a question) are for readers: no report has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

STORED = "vi"  # of a stored notebook and its outputs
OTHER = "en"  # the key of a cell's metadata: its text by lines
LESSON = "lesson"


def in_language(notebook: Mapping[str, Any], lang: str, *, lessons: bool = True) -> Any:
    """A copy of a notebook (as nbformat reads it) with prose in one language; a plan's own language has it in English.

    In English its parameters say so, and it has no outputs, since those that are stored are in Vietnamese. `lessons`:
    with the cells that are for readers.
    """
    made: Any = deepcopy(notebook)
    cells = [one for one in made["cells"] if lessons or LESSON not in one["metadata"].get("tags", ())]
    for cell in cells:
        other = cell["metadata"].pop(OTHER, None)
        if lang == STORED:
            continue
        if other is not None:
            cell["source"] = "\n".join(other)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        if "parameters" in cell["metadata"].get("tags", ()):
            said = re.sub(
                rf'^lang = "{STORED}"', f'lang = "{OTHER}"', "".join(cell["source"]), flags=re.MULTILINE
            )
            cell["source"] = said
    made["cells"] = cells
    return made
