"""Every notebook runs in a kernel, forked from a process that has opened the plan, and draws its pictures.

At one cut-off of a plan by month, and of a plan by quarter with tiers those that draw its units; every plan's cells run
without kernels elsewhere. The stored notebooks run in plain kernels, on the illustrative year.
"""

import time

import cells_of_notebooks as cells
import nbformat
import pytest
from invented import schools
from notebooks_at_cutoffs import OF_ONE_PLAN

from vetanalysis.pipeline.execute import execute
from vetanalysis.pipeline.jobs import Report
from vetanalysis.pipeline.server import can_fork, warm_kernels
from vetanalysis.pipeline.store import run_folder

INVENTED = {"colleges": schools}
AT = {"vinh-long-2022": "2022-M08", "colleges": "2025-9M"}
OF = {
    "vinh-long-2022": tuple(name for name in cells.NAMES if name not in ("6_track_record", *OF_ONE_PLAN)),
    "colleges": ("2_indicators", "4_people_trained", "5_scenarios", "report"),
}
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not can_fork(), reason="processes cannot be forked here")]


@pytest.mark.parametrize("name", AT)
def test_every_notebook_runs(name, tmp_path):
    written = INVENTED[name].write(tmp_path) if name in INVENTED else None
    where = (str(written.folder), str(written.data)) if written else (name, "default")
    report = Report(where[0], AT[name], "", "en", "", returns=where[1])
    said = []
    with run_folder(), warm_kernels(prepare=report.parameters()):
        for notebook in OF[name]:
            source = cells.NOTEBOOKS / f"{notebook}.ipynb"
            run = nbformat.read(execute(source, report, tmp_path, time.monotonic() + 300), as_version=4)
            outputs = [one for cell in run.cells for one in cell.get("outputs", ())]
            said += [(notebook, one.text) for one in outputs if one.get("name") == "stderr"]
    assert said == []
