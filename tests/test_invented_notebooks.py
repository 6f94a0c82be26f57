"""Every notebook's cells, at the cut-offs of the plans that ship and of three invented ones, run and show something.

In this process, each plan opened once. Figures are worded everywhere and drawn at one cut-off of each invented plan.
"""

import cells_of_notebooks as cells
import pytest
from invented import schools, unemployment, vaccinations

from vetanalysis import open_study, study
from vetanalysis.figures import pictures
from vetanalysis.periods import cutoffs
from vetanalysis.track.record import track_record

SHIPPED = ("lang-son-2023", "lang-son-2023-example", "viet-nam-2025")
INVENTED = {"colleges": schools, "unemployment": unemployment, "vaccinations": vaccinations}
# They show the same at every cut-off of a plan; those of the plans that ship run with the notebooks themselves.
OF_THE_PLAN = ("6_track_record", "7_methods", "9_new_plan")
SOME_MONTHS = ("2025-start", "2025-M01", "2026-M05", "2027-FY")
BLANK = b"\x89PNG\r\n\x1a\n"
TRAINING = (
    "train",
    "vocational",
    "enrol",
    "labour",
    "learner",
    "district",
    "Viet Nam",
    "Lạng Sơn",
    "Lang Son",
)


@pytest.fixture
def undrawn(monkeypatch):
    """Figures have their words and no drawing."""
    monkeypatch.setattr(pictures.Kept, "of", lambda self, picture: BLANK)


@pytest.fixture
def opened(monkeypatch):
    """Opens a plan as notebooks find it, its track record made without the slow methods beside."""

    def of(plan, returns):
        first = open_study(plan, f"{study.load_plan(plan).years[1]}-start", returns=returns)
        first.part("record", of=lambda: track_record(first.plan, first.observations, returns=returns))
        key = study.question_key(plan, returns, "default", "", 1)
        monkeypatch.setitem(study.PREPARED, key, first)
        return first

    return of


def faults(plan, returns, as_of, name, lang):
    """What a reader of the notebook would stumble over: an error, a heading over nothing, a warning, a path."""
    where = f"{name} {as_of} {lang}"
    try:
        sections, warned = cells.run(name, plan=plan, returns=returns, as_of=as_of, lang=lang)
    except Exception as error:
        return [f"{where}: {type(error).__name__}: {error}"]
    empty = [f"{where}: nothing under {one.heading.splitlines()[0]!r}" for one in sections if one.empty]
    paths = [f"{where}: a path in {one.heading[:40]!r}" for one in sections if "site-packages" in one.text]
    return [*empty, *paths, *(f"{where}: warning {one}" for one in warned)]


def all_faults(plan, returns, when, langs):
    """The faults of all notebooks at these cut-offs, in the languages in turn; what is the plan's once."""
    found = []
    for number, as_of in enumerate(when):
        for name in cells.NAMES:
            if name not in OF_THE_PLAN or (number == 0 and plan not in SHIPPED):
                found += faults(plan, returns, as_of, name, langs[number % len(langs)])
    return found


@pytest.mark.parametrize("plan", ["lang-son-2023", "viet-nam-2025"])
def test_every_notebook_of_a_plan_that_ships(plan, opened, undrawn):
    """At every cut-off of its last year; the example, whose workbooks take long, stands in the notebooks themselves."""
    of = opened(plan, "default").plan
    when = [str(one) for one in cutoffs(of.years[1], of.calendar, start=True)]
    assert all_faults(plan, "default", when, ("vi", "en")) == []


@pytest.mark.parametrize("name", INVENTED)
def test_every_notebook_of_an_invented_plan(name, opened, undrawn, tmp_path):
    written = INVENTED[name].write(tmp_path)
    plan, returns = str(written.folder), str(written.data)
    opened(plan, returns)
    when = SOME_MONTHS if name == "vaccinations" else written.cutoffs
    assert all_faults(plan, returns, when, ("vi", "en")) == []


@pytest.mark.parametrize(("name", "as_of"), [("colleges", "2025-9M"), ("vaccinations", "2026-M05")])
def test_figures_are_drawn(name, as_of, opened, tmp_path):
    written = INVENTED[name].write(tmp_path)
    opened(str(written.folder), str(written.data))
    for notebook in ("2_indicators", "3_trained_rate", "4_people_trained"):
        assert faults(str(written.folder), str(written.data), as_of, notebook, "en") == []


@pytest.mark.parametrize("as_of", ["2026-M05"])
def test_no_heading_of_a_plan_of_vaccinations_speaks_of_training(as_of, opened, undrawn, tmp_path):
    written = vaccinations.write(tmp_path)
    plan, returns = str(written.folder), str(written.data)
    opened(plan, returns)
    for notebook in (
        "1_returns",
        "2_indicators",
        "3_trained_rate",
        "4_people_trained",
        "5_scenarios",
        "report",
    ):
        sections, _ = cells.run(notebook, plan=plan, returns=returns, as_of=as_of, lang="en")
        for one in sections:
            title = one.heading.partition("\n")[0].lower()
            assert not any(word.lower() in title for word in TRAINING), title
