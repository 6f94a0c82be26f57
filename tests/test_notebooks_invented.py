"""Every notebook's cells run and show something at the cut-offs of three plans that differ from those that ship."""

import pytest
from invented import schools, unemployment, vaccinations
from notebooks_at_cutoffs import chosen, faults_at, opened

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
def test_every_notebook_at_its_cutoffs(name, monkeypatch, tmp_path):
    written = INVENTED[name].write(tmp_path)
    first = opened(str(written.folder), str(written.data), monkeypatch)
    untitled = TRAINING if name == "vaccinations" else ()
    assert len(written.cutoffs) == (39 if name == "vaccinations" else 5)
    langs = written.languages[::-1]
    assert faults_at(first, str(written.data), chosen(first, written.cutoffs), langs, untitled) == []
