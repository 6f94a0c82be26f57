"""Every notebook's cells run and show something at every cut-off of three plans that differ from those that ship."""

import pytest
from invented import schools, unemployment, vaccinations
from notebooks_at_cutoffs import faults_at, opened

INVENTED = {"colleges": schools, "unemployment": unemployment, "vaccinations": vaccinations}
TRAINING = (
    "train",
    "vocational",
    "enrol",
    "labour",
    "learner",
    "Viet Nam",
    "Lạng Sơn",
    "Lang Son",
)
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", INVENTED)
def test_every_notebook_at_every_cutoff(name, monkeypatch, tmp_path):
    """Of vaccinations, three years by month, some of each year's 13."""
    written = INVENTED[name].write(tmp_path)
    first = opened(str(written.folder), str(written.data), monkeypatch)
    untitled = TRAINING if name == "vaccinations" else ()
    assert len(written.cutoffs) == (39 if name == "vaccinations" else 5)
    langs = written.languages[::-1]
    assert faults_at(first, str(written.data), chosen(written.cutoffs), langs, untitled) == []


def chosen(cutoffs):
    """Every cut-off of a short plan; of a long one of each year the start, the first month and every sixth."""
    if len(cutoffs) < 20:
        return cutoffs
    return [as_of for as_of in cutoffs if as_of[5:] in ("start", "M01", "M06", "M12")]
