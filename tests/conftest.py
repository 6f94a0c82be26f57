"""What several tests need."""

import gc
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")

from hypothesis import settings

settings.register_profile(
    "steady", derandomize=True, deadline=None, max_examples=20
)  # the same examples on every run
settings.load_profile("steady")

# Modules, plans and frames live until the end: looking through them again and again took a tenth of the time.
gc.set_threshold(100_000, 20, 20)


READINGS = 2000  # stored at most before a run: every new one looks through the folder


def pytest_configure(config):
    """Readings of returns are stored beside those of the run before, not in the folder of whoever runs the tests."""
    if not hasattr(config, "cache"):
        return
    folder = config.cache.mkdir("returns")
    if not hasattr(config, "workerinput") and len(stored := [*folder.rglob("*")]) > READINGS:
        for one in stored:
            one.unlink() if one.is_file() else None
    os.environ["VETANALYSIS_CACHE"] = str(folder)


# By processor seconds of a whole run (100 to 15), most first; behind them other notebooks and files of slow tests.
DEAREST = (
    "test_notebooks_shipped", "test_notebooks_invented", "test_report_lengths", "test_report_command",
    "test_notebooks_in_kernels", "test_pipeline_runs", "test_pipeline_faults", "test_revised_figures",
    "test_pipeline_prepare", "test_track_record", "test_indicators", "test_invented_plans", "test_pipeline_cluster",
    "test_another_plan", "6_track_record", "test_any_file", "test_same_bytes",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """The dear files first, so that no worker is left with one at the end."""
    dear = {item.path for item in items if item.get_closest_marker("slow") or item.path.suffix == ".ipynb"}
    place = {name: number for number, name in enumerate(DEAREST)}
    items.sort(key=lambda item: place.get(item.path.stem, 90 if item.path in dear else 99))


def pytest_collection_finish():
    """What was imported and collected stays and is not looked through again."""
    gc.collect()
    gc.freeze()
