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


def pytest_collection_modifyitems(items):
    """The dear files first (notebooks, whole runs of the command), so that no worker is left with one at the end."""
    dear = {item.path for item in items if item.get_closest_marker("slow") or item.path.suffix == ".ipynb"}
    items.sort(key=lambda item: item.path not in dear)


def pytest_collection_finish():
    """What was imported and collected stays and is not looked through again."""
    gc.collect()
    gc.freeze()
