"""Every notebook's cells run and show something at the cut-offs of the last year of each plan that ships."""

import pytest
from notebooks_at_cutoffs import chosen, faults_at, opened

from vetanalysis.paths import data_root
from vetanalysis.periods import cutoffs

SHIPPED = sorted(path.parent.name for path in (data_root() / "plans").glob("*/plan.yaml"))
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", SHIPPED)
def test_every_notebook_at_its_cutoffs(name, monkeypatch):
    first = opened(name, "default", monkeypatch)
    when = [str(one) for one in cutoffs(first.plan.years[1], first.plan.calendar, start=True)]
    assert len(when) in (5, 13)
    assert faults_at(first, "default", chosen(first, when), ("vi", "en")) == []
