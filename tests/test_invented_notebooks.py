"""Every notebook's cells, at the cut-offs of the plans that ship and of three invented ones, run and show something.

In this process each plan is opened once and no picture is drawn; a cut-off then costs its assessments, its table of
indicators and the report before it, 1 to 6 CPU seconds for all notebooks. All 59 cut-offs (39 of them the months of
three years) took 220 CPU seconds, those of the example with its workbooks 60 more. So a slice is run, the same
every time (`slice_of`): of a plan every second kind of cut-off, of one by month every fifth in changing years, and at
each of them half of the notebooks; two plans share a kind and its notebooks. `--every-cut-off` runs them all.

Through kernels, forked from a process that has opened the plan, every notebook runs once and draws its pictures: of the
smallest invented plan; of the others, 45 CPU seconds, with `--every-cut-off`. The stored notebooks run in kernels, too.
"""

import time

import cells_of_notebooks as cells
import nbformat
import pytest
from invented import schools, unemployment, vaccinations

from vetanalysis import load_plan, open_study, study
from vetanalysis.figures import pictures
from vetanalysis.periods import cutoffs, parse_cutoff
from vetanalysis.pipeline.execute import execute
from vetanalysis.pipeline.jobs import Report
from vetanalysis.pipeline.kernels import can_fork, warm_kernels
from vetanalysis.track.record import track_record

SHIPPED = ("lang-son-2023", "lang-son-2023-example", "viet-nam-2025")
INVENTED = {"colleges": schools, "unemployment": unemployment, "vaccinations": vaccinations}
PLANS = (
    "colleges",
    "lang-son-2023",
    "unemployment",
    "viet-nam-2025",
    "vaccinations",
    "lang-son-2023-example",
)
# They show the same at every cut-off of a plan.
OF_THE_PLAN = ("6_track_record", "7_methods", "9_new_plan")
# They ask by name for targets and units of the plan they name.
OF_ONE_PLAN = ("10_gallery",)
IN_KERNELS = {
    "viet-nam-2025": "2025-H1", "colleges": "2025-9M", "unemployment": "2026-Q1", "vaccinations": "2026-M05",
}  # fmt: skip
OF_A_CUTOFF = tuple(name for name in cells.NAMES if name not in (*OF_THE_PLAN, *OF_ONE_PLAN))
LONG_RECORD = ("colleges", "vaccinations")  # their record is made with `--every-cut-off` alone
BLANK = b"\x89PNG\r\n\x1a\n"
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


def slice_of(plan, when):
    """Cut-off -> its notebooks, those that show the same at every cut-off left out; `plan`: its name.

    Of four plans in a row the first and the third have the same cut-offs and each half of the notebooks.
    """
    kinds = list(dict.fromkeys(parse_cutoff(at).code for at in when))
    years, turn = sorted({parse_cutoff(at).year for at in when}), PLANS.index(plan)
    taken = kinds[1::5] if plan == "vaccinations" else kinds[turn % 2 :: 2]
    return {
        f"{years[number % len(years)]}-{code}": list(OF_A_CUTOFF[(number + turn // 2) % 2 :: 2])
        for number, code in enumerate(taken)
    }


@pytest.fixture
def every(request):
    """Whether all cut-offs are asked for."""
    return request.config.getoption("--every-cut-off")


@pytest.fixture
def opened(monkeypatch):
    """Opens a plan as notebooks find it; its track record, without the slow methods beside, is made when asked for."""

    def of(plan, returns):
        first = open_study(plan, f"{load_plan(plan).years[1]}-start", returns=returns)
        monkeypatch.setitem(study.PREPARED, study.question_key(plan, returns, "default", "", 1), first)
        return first

    return of


def faults(plan, returns, as_of, name, lang, untitled=()):
    """What a reader of the notebook would stumble over: an error, a heading over nothing, a warning, a path.

    `untitled`: words that no heading may hold.
    """
    where = f"{name} {as_of} {lang}"
    try:
        sections, warned = cells.run(name, plan=plan, returns=returns, as_of=as_of, lang=lang)
        read = [(one.heading.partition("\n")[0], one.text) for one in sections]
    except Exception as error:
        return [f"{where}: {type(error).__name__}: {error}"]
    empty = [f"{where}: nothing under {one.heading.splitlines()[0]!r}" for one in sections if one.empty]
    paths = [f"{where}: a path in {title!r}" for title, text in read if "site-packages" in text]
    strange = [
        f"{where}: {word} in {title!r}"
        for title, _ in read
        for word in untitled
        if word.lower() in title.lower()
    ]
    return [*empty, *paths, *strange, *(f"{where}: warning {one}" for one in warned)]


def all_faults(first, returns, chosen, langs, monkeypatch):
    """The faults of notebooks at the cut-offs chosen for them, in the languages in turn."""
    found, plan = [], first.plan
    path = str(plan.folder) if returns != "default" else plan.name
    untitled = TRAINING if plan.name == "vaccinations" else ()
    monkeypatch.setattr(pictures.Kept, "of", lambda self, picture: BLANK)
    for number, (as_of, names) in enumerate(chosen.items()):
        for name in names:
            if name == "6_track_record":
                first.part("record", of=lambda: quick_record(first))
            words = () if name in ("0_start_here", *OF_THE_PLAN, "8_new_quarter") else untitled
            found += faults(path, returns, as_of, name, langs[number % len(langs)], words)
    return found


def quick_record(first):
    """The track record of a study without the slow methods beside ours, which its stored notebook shows."""
    return track_record(first.plan, first.observations, returns=first.returns, slow=False)


def all_of(when):
    """Cut-off -> every notebook; what is the plan's once."""
    return {at: [*OF_A_CUTOFF, *(() if number else OF_THE_PLAN)] for number, at in enumerate(when)}


def test_the_slice_meets_every_notebook_plan_and_kind_of_cutoff(tmp_path):
    when = {name: INVENTED[name].write(tmp_path).cutoffs for name in INVENTED}
    quarters = ("start", "Q1", "H1", "9M", "FY")
    when |= {name: tuple(f"2025-{code}" for code in quarters) for name in SHIPPED}
    met = {
        (plan, at, name)
        for plan in PLANS
        for at, names in slice_of(plan, when[plan]).items()
        for name in names
    }
    assert {(plan, name) for plan, _, name in met} == {(plan, name) for plan in PLANS for name in OF_A_CUTOFF}
    ends = {
        (at.partition("-")[2], name)
        for plan, at, name in met
        if plan not in ("lang-son-2023-example", "vaccinations")
    }
    assert ends == {(code, name) for code in quarters for name in OF_A_CUTOFF}
    months = {(at.partition("-")[2], at[:4]) for plan, at, _ in met if plan == "vaccinations"}
    assert months == {("M01", "2025"), ("H1", "2026"), ("M11", "2027")}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_notebook_of_a_plan_that_ships(name, every, opened, monkeypatch):
    """In its last year."""
    if name == "lang-son-2023-example" and not every:
        pytest.skip("reading its workbooks takes long; its cells run as notebooks")
    first = opened(name, "default")
    when = [str(one) for one in cutoffs(first.plan.years[1], first.plan.calendar, start=True)]
    chosen = all_of(when) if every else slice_of(name, when)
    assert all_faults(first, "default", chosen, ("vi", "en"), monkeypatch) == []


def test_every_notebook_of_a_real_year_by_month(every, opened, monkeypatch):
    first = opened("vinh-long-2022", "default")
    when = [str(one) for one in cutoffs(2022, first.plan.calendar, start=True)]
    chosen = {"2022-M08": OF_A_CUTOFF[::2], "2022-M11": OF_A_CUTOFF[1::2]}
    assert all_faults(first, "default", all_of(when) if every else chosen, ("vi", "en"), monkeypatch) == []


@pytest.mark.parametrize("name", INVENTED)
def test_every_notebook_of_an_invented_plan(name, every, opened, monkeypatch, tmp_path):
    written = INVENTED[name].write(tmp_path)
    first = opened(str(written.folder), str(written.data))
    chosen = all_of(written.cutoffs) if every else slice_of(name, written.cutoffs)
    if not every and name not in LONG_RECORD:
        chosen[written.cutoffs[0]].append("6_track_record")
    assert all_faults(first, str(written.data), chosen, written.languages[::-1], monkeypatch) == []


@pytest.mark.skipif(not can_fork(), reason="processes cannot be forked here")
@pytest.mark.parametrize("name", IN_KERNELS)
def test_every_notebook_runs_in_a_kernel(name, every, tmp_path):
    if name != "unemployment" and not every:
        pytest.skip("45 CPU seconds more; run by --every-cut-off")
    written = INVENTED[name].write(tmp_path) if name in INVENTED else None
    where = (str(written.folder), str(written.data)) if written else (name, "default")
    report = Report(where[0], IN_KERNELS[name], "", "en", "", returns=where[1])
    said = []
    with warm_kernels(prepare=report.parameters()):
        for notebook in cells.NAMES:
            if notebook in ("6_track_record", *OF_ONE_PLAN):
                continue
            source = cells.NOTEBOOKS / f"{notebook}.ipynb"
            run = nbformat.read(execute(source, report, tmp_path, time.monotonic() + 300), as_version=4)
            outputs = [one for cell in run.cells for one in cell.get("outputs", ())]
            said += [(notebook, one.text) for one in outputs if one.get("name") == "stderr"]
    assert said == []
