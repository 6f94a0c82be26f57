"""Notebooks' cells at the cut-offs of a plan, in this process, and what a reader of them would stumble over.

A plan is opened once for all its notebooks and cut-offs, and no picture is drawn: a cut-off then costs its assessments,
its table of indicators and the report before it, one to six seconds of the processor for all notebooks.
"""

import cells_of_notebooks as cells

from vetanalysis import load_plan, open_study, study
from vetanalysis.figures import pictures
from vetanalysis.track.record import track_record

# They show the same at every cut-off of a plan.
OF_THE_PLAN = ("6_track_record", "7_methods", "9_new_plan")
# They ask by name for targets and units of the plan they name.
OF_ONE_PLAN = ("10_gallery",)
OF_A_CUTOFF = tuple(name for name in cells.NAMES if name not in (*OF_THE_PLAN, *OF_ONE_PLAN))
MONTHS = ("M01", "H1", "FY")
BLANK = b"\x89PNG\r\n\x1a\n"


def opened(plan, returns, monkeypatch):
    """A plan's study, where notebooks find it; its track record is of its own units and last years, by quick methods.

    The whole one, which is the same for all plans of a country, stands in the stored notebook.
    """
    first = open_study(plan, f"{load_plan(plan).years[1]}-start", returns=returns)
    figures = first.observations
    figures = figures[figures["unit"].isin([first.plan.place.code, *first.plan.units["code"]])]
    late = figures["period"].str[:4].astype(int) >= first.plan.years[1] - 2
    figures = figures[late | (figures["measure"] == "percent")]
    first.part("record", of=lambda: track_record(first.plan, figures, returns=first.returns, slow=False))
    monkeypatch.setitem(study.PREPARED, study.question_key(plan, returns, "default", "", 1), first)
    monkeypatch.setattr(pictures.Kept, "of", lambda self, picture: BLANK)
    return first


def chosen(first, when):
    """Every cut-off of a year by quarter in which returns come; of others those at which figures differ in kind.

    Of published figures alone the start, the first quarter and the end; of a year by month those that end a part of it
    and two more; of several years by month the starts and one month of each, early, amidst and last in turn.
    """
    if len(when) > 13:
        month = {as_of[:4]: MONTHS[number % 3] for number, as_of in enumerate(when[::13])}
        return [as_of for as_of in when if as_of[5:] in ("start", month[as_of[:4]])]
    if len(when) == 13:
        return [as_of for as_of in when if as_of[5:] in ("start", "M01", "H1", "M08", "9M", "FY")]
    return when if first.received else [as_of for as_of in when if as_of[5:] in ("start", "Q1", "FY")]


def faults_at(first, returns, when, langs, untitled=()):
    """The faults of every notebook at these cut-offs, in the languages in turn; of those of the plan once.

    `first`: what `opened` gives; `untitled`: words that no heading of what is said of a cut-off may hold.
    """
    plan = str(first.plan.folder) if returns != "default" else first.plan.name
    found = []
    for number, as_of in enumerate(when):
        for name in (*OF_A_CUTOFF, *(() if number else OF_THE_PLAN)):
            words = untitled if name in OF_A_CUTOFF and name not in ("0_start_here", "8_new_quarter") else ()
            found += faults(plan, returns, as_of, name, langs[number % len(langs)], words)
    return found


def faults(plan, returns, as_of, name, lang, untitled=()):
    """An error, a heading over nothing, a warning, a path, a word that no heading may hold."""
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
