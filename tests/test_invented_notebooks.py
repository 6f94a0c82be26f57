"""Every notebook's cells, at the cut-offs of the plans that ship and of three invented ones, run and show something.

In this process, each plan opened once. Two cut-offs of each plan, with `--every-cut-off` all of them. Figures are
worded everywhere and drawn at one cut-off of each invented plan.
"""

import cells_of_notebooks as cells
import pytest
from invented import schools, unemployment, vaccinations

from vetanalysis import load_plan, open_study, study
from vetanalysis.figures import pictures
from vetanalysis.periods import cutoffs
from vetanalysis.track.record import track_record

SHIPPED = ("lang-son-2023", "lang-son-2023-example", "viet-nam-2025")
INVENTED = {"colleges": schools, "unemployment": unemployment, "vaccinations": vaccinations}
# They show the same at every cut-off of a plan.
OF_THE_PLAN = ("6_track_record", "7_methods", "9_new_plan")
DRAWN = ("2025-9M", "2026-H1", "2026-M05")
LONG_RECORD = ("colleges", "vaccinations")  # made with `--every-cut-off` alone
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


def all_faults(first, returns, when, langs, monkeypatch, *, drawn=(), but=()):
    """The faults of all notebooks at these cut-offs, in the languages in turn; what is the plan's once."""
    found, plan = [], first.plan
    path = str(plan.folder) if returns != "default" else plan.name
    untitled = TRAINING if plan.name == "vaccinations" else ()
    for number, as_of in enumerate(when):
        with monkeypatch.context() as patched:
            if as_of not in drawn:
                patched.setattr(pictures.Kept, "of", lambda self, picture: BLANK)
            for name in cells.NAMES:
                if name in but or (name in OF_THE_PLAN and number):
                    continue
                if name == "6_track_record":
                    first.part(
                        "record", of=lambda: track_record(plan, first.observations, returns=first.returns)
                    )
                words = () if name in ("0_start_here", *OF_THE_PLAN, "8_new_quarter") else untitled
                found += faults(path, returns, as_of, name, langs[number % len(langs)], words)
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_every_notebook_of_a_plan_that_ships(name, every, opened, monkeypatch):
    """In its last year."""
    if name == "lang-son-2023-example" and not every:
        pytest.skip("reading its workbooks takes long; its cells run as notebooks")
    first = opened(name, "default")
    when = [str(one) for one in cutoffs(first.plan.years[1], first.plan.calendar, start=True)]
    when = when if every else when[2:3]
    but = () if every else OF_THE_PLAN  # run with the notebooks themselves
    assert all_faults(first, "default", when, ("vi", "en"), monkeypatch, but=but) == []


@pytest.mark.parametrize("name", INVENTED)
def test_every_notebook_of_an_invented_plan(name, every, opened, monkeypatch, tmp_path):
    written = INVENTED[name].write(tmp_path)
    first = opened(str(written.folder), str(written.data))
    when = (
        written.cutoffs if every else ([at for at in DRAWN if at in written.cutoffs] or written.cutoffs[1:2])
    )
    but = ("6_track_record",) if name in LONG_RECORD and not every else ()
    langs = written.languages[::-1] if every else written.languages[-1:]
    assert all_faults(first, str(written.data), when, langs, monkeypatch, drawn=DRAWN, but=but) == []
