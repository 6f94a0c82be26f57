"""Every notebook's cells run and show something at every cut-off of the last year of each plan that ships."""

import pytest
from notebooks_at_cutoffs import faults_at, opened

from vetanalysis.paths import data_root
from vetanalysis.periods import cutoffs

SHIPPED = sorted(path.parent.name for path in (data_root() / "plans").glob("*/plan.yaml"))
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", SHIPPED)
def test_every_notebook_at_every_cutoff(name, monkeypatch):
    first = opened(name, "default", monkeypatch)
    when = [str(one) for one in cutoffs(first.plan.years[1], first.plan.calendar, start=True)]
    assert len(when) in (5, 13)
    assert faults_at(first, "default", when, ("vi", "en")) == []
