"""The `report` verb: from what was asked for to reports in their places and the answer on screen.

What is due is decided from hashes before anything heavy is imported, so that a run with nothing to do ends at
once.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from vetanalysis.beside import begun_in_fork
from vetanalysis.hashes import read_json, write_json
from vetanalysis.language.lines import plain
from vetanalysis.paths import reports_at, reports_root
from vetanalysis.pipeline.due import KEPT, RUN, Decision, decide, settle, units_with_quota
from vetanalysis.pipeline.jobs import Outcome, Report, jobs_of, reports_of
from vetanalysis.pipeline.record import results_of
from vetanalysis.pipeline.run import Progress
from vetanalysis.pipeline.server import forget, in_fork, make_ready, warm_kernels
from vetanalysis.pipeline.store import only_run, recover, run_folder
from vetanalysis.pipeline.what_if import is_due, link_page, page_beside, write_page

if TYPE_CHECKING:
    from vetanalysis.plan import Plan


def report(arguments: Namespace, langs: Sequence[str]) -> int:
    """Run what the command line asked for; 0 when every report is in its place, 1 when one failed."""
    log = getattr(arguments, "log", None)
    progress = Progress(arguments.quiet, Path(log) if log else None)
    out = (Path(arguments.out) if arguments.out else reports_root()).absolute()
    try:
        with _terminated_like_interrupted(), reports_at(out):
            if getattr(arguments, "brief", False):
                return _brief(arguments, langs, out, progress)
            if getattr(arguments, "what_if", False):
                return _what_if(arguments, langs, out, progress)
            reports, every = _first_look(arguments, langs, out)
            if reports:
                with only_run(out):
                    _put_back(out, progress.say)
                    decisions = decide(reports)
                    if all(one.state == KEPT for one in decisions) and not _page_due(reports, every):
                        return _nothing_due(decisions, out, arguments, progress)
            try:
                return _report(arguments, langs, out, progress)
            finally:
                forget()
    finally:
        progress.close()


def _first_look(arguments: Namespace, langs: Sequence[str], out: Path) -> tuple[list[Report], list[str]]:
    """The reports as far as they can be told without reading the plan, none where none exists that could be kept; and
    every unit that a run of all makes a report of.
    """
    plan, as_of = str(arguments.plan), str(arguments.as_of)
    owing = units_with_quota(plan)
    if not owing or not (out / Path(plan).name / as_of).is_dir():
        return [], owing
    units = list(arguments.unit) or (owing if arguments.all_units else owing[:1])
    return reports_of(plan, as_of, units, langs, out, _options(arguments), owing[0]), owing


def _page_due(reports: Sequence[Report], every: Sequence[str]) -> bool:
    """Whether the run makes the what-if page: it is of all units, or the page is there, and its inputs changed."""
    wanted = {one.unit for one in reports}.issuperset(every) or page_beside(reports[0]).is_file()
    return wanted and is_due(reports[0])


def _line(name: str, **facts: object) -> str:
    return plain(f"cli.report.{name}", "en", **facts)


def _options(arguments: Namespace) -> dict[str, object]:
    return {name: getattr(arguments, name) for name in ("returns", "published", "known_by", "seed", "pdf")}


def _nothing_due(decisions: Sequence[Decision], out: Path, arguments: Namespace, progress: Progress) -> int:
    if not (out / "index.html").is_file() and not getattr(arguments, "dry_run", False):
        _index(out)
    for one in decisions:
        progress.say(_line("kept", report=one.report.label))
    if not getattr(arguments, "dry_run", False):
        _answers([one.report for one in decisions], progress.say)
    progress.say(_line("nothing", count=len(decisions), index=out / "index.html"))
    return 0


def _report(arguments: Namespace, langs: Sequence[str], out: Path, progress: Progress) -> int:
    if getattr(arguments, "dry_run", False):
        return _dry_run(arguments, langs, out, progress)
    here = not getattr(arguments, "scheduler", "")
    fork = here and not arguments.plain_kernels
    (question, *_) = reports_of(
        str(arguments.plan), str(arguments.as_of), [""], langs, out, _options(arguments), ""
    )
    with (
        only_run(out),
        run_folder(),
        warm_kernels(fork, prepare=question.parameters()),  # prepared beside what follows
    ):
        ask = partial(_asked_for, arguments, langs, out)
        alone = fork and threading.active_count() == 1
        asked = (begun_in_fork(ask) if alone else ask)()  # that fork alone loads what reads plans
        for doubt in asked.doubts:
            progress.say(doubt)
        reports = asked.reports
        _put_back(out, progress.say)
        decisions = decide(reports)
        _check_notebooks(decisions)
        # what is wrong with the data is told before any report is begun
        in_fork(make_ready, reports[0].parameters(), here)
        decisions = settle(decisions, partial(in_fork, results_of), arguments.jobs)
        due = [one for one in decisions if one.state == RUN]
        progress.say(_line("making", count=len(due), plan=asked.plan, as_of=reports[0].as_of))
        for one in decisions:
            if one.state == KEPT:
                progress.say(_line("kept", report=one.report.label))
        outcomes = [Outcome(one.report, "kept") for one in decisions if one.state == KEPT]
        pages: list[Future[Path]] = []
        with ThreadPoolExecutor(1) as beside:

            def begin_page() -> None:  # beside the last notebooks, which mostly wait
                if asked.page_due and not pages:
                    pages.append(beside.submit(in_fork, write_page, reports[0]))

            with contextlib.closing(_run(due, arguments, begin_page)) as running:
                outcomes += progress.follow(running, len(due))
            begin_page()
        _put_back(out, progress.say)  # what a worker that died elsewhere left
        _record(outcomes, out / Path(reports[0].place).parents[1])
        try:
            for page in pages:
                progress.say(f"  {page.result()}")
            link_page(reports[0], asked.place)
        finally:
            _index(out)
    _answers(reports, progress.say)
    for outcome in outcomes:
        if outcome.state == "done":
            progress.say(f"  {Path(outcome.report.place) / 'report.docx'}")
    progress.say(f"  {out / 'index.html'}")
    return _ended(outcomes, progress)


class _Asked(NamedTuple):
    """The name and the place of the plan asked for, what is doubtful in it, and what is to be made of it."""

    plan: str
    place: str
    doubts: list[str]
    reports: list[Report]
    page_due: bool


def _asked_for(arguments: Namespace, langs: Sequence[str], out: Path) -> _Asked:
    """The reports asked for, and whether the what-if page is due; what cannot be asked is refused here."""
    from vetanalysis.documents.pdf import libreoffice
    from vetanalysis.plan import load_plan

    plan = load_plan(arguments.plan)
    doubts, place = [doubt.line("en") for doubt in plan.warnings], plan.place.code
    as_of, units = str(plan.check_cutoff(arguments.as_of)), _units(arguments, plan)
    reports = reports_of(str(arguments.plan), as_of, units, langs, out, _options(arguments), place)
    dry, elsewhere = getattr(arguments, "dry_run", False), getattr(arguments, "scheduler", "")
    if arguments.pdf and not (dry or elsewhere):
        libreoffice()  # told before any report is begun
    return _Asked(plan.name, place, doubts, reports, _page_due(reports, _all_units(plan)))


def _units(arguments: Namespace, plan: Plan) -> list[str]:
    """The units asked for, each once; the plan's place where none is named."""
    place = plan.place.code
    units = [plan.unit(code).code for code in arguments.unit] or [place]
    return _all_units(plan) if arguments.all_units else list(dict.fromkeys(units))


def _all_units(plan: Plan) -> list[str]:
    """The plan's place and every unit with a quota, each once."""
    return list(dict.fromkeys([plan.place.code, *plan.quotas["unit"].tolist()]))


def _what_if(arguments: Namespace, langs: Sequence[str], out: Path, progress: Progress) -> int:
    """The what-if page of the plan and cut-off alone; the list of reports then links it."""
    from vetanalysis.plan import load_plan

    plan = load_plan(arguments.plan)
    as_of, place = str(plan.check_cutoff(arguments.as_of)), plan.place.code
    options = {**_options(arguments), "pdf": False}
    (report, *_) = reports_of(str(arguments.plan), as_of, [place], langs[:1], out, options, place)
    page, due = page_beside(report), is_due(report)
    if getattr(arguments, "dry_run", False):
        progress.say(_line("dry_run.due" if due else "dry_run.kept", report=page))
        return 0
    if not due:
        progress.say(_line("kept", report=page))
        return 0
    with only_run(out):
        progress.say(f"  {write_page(report)}")
        link_page(report, place)
        if (out / "index.html").is_file():
            _index(out)
    return 0


def _brief(arguments: Namespace, langs: Sequence[str], out: Path, progress: Progress) -> int:
    """One page and a message of each unit, beside its reports; the message of the first unit is printed."""
    from vetanalysis.documents.pdf import libreoffice
    from vetanalysis.pipeline.brief import write_brief
    from vetanalysis.study import open_study

    if arguments.pdf:
        libreoffice()  # told before anything is written
    study = open_study(
        arguments.plan,
        arguments.as_of,
        returns=arguments.returns,
        published=arguments.published,
        known_by=arguments.known_by,
        seed=arguments.seed,
    )
    with only_run(out):
        for number, unit in enumerate(_units(arguments, study.plan)):
            folder = out / study.plan.name / str(study.as_of) / unit / "brief"
            for lang in langs:
                made = write_brief(study.at(unit=unit, lang=lang), folder, arguments.pdf)
                if number == 0:
                    progress.say(f"\n{made[-1].read_text(encoding='utf-8').rstrip()}")
                for path in made:
                    progress.say(f"  {path}")
    return 0


def _run(
    due: Sequence[Decision], arguments: Namespace, written: Callable[[], None]
) -> Generator[Outcome, None, None]:
    """The outcomes of what is due; `written`: called when no documents are left to make here."""
    from vetanalysis.pipeline.run import run_jobs

    jobs = jobs_of(one.report for one in due)
    if not jobs:
        return
    address = getattr(arguments, "scheduler", "")
    if address:
        from vetanalysis.pipeline.cluster import run_on_cluster

        written()
        yield from run_on_cluster(jobs, address)
        return
    # in the block that chose the kernels
    yield from run_jobs(jobs, workers=arguments.jobs, warm=None, written=written)


def _check_notebooks(decisions: Sequence[Decision]) -> None:
    """Refuse notebooks that could not be given their parameters."""
    from vetanalysis.pipeline.execute import check_parameters

    reports = [one.report for one in decisions if one.state != KEPT]
    for name in dict.fromkeys(name for one in reports for name in one.notebooks):
        check_parameters(name, reports[0])


def _put_back(out: Path, say: Callable[[str], None]) -> None:
    for place in recover(out):
        say(_line("put_back", place=place))


def _dry_run(arguments: Namespace, langs: Sequence[str], out: Path, progress: Progress) -> int:
    """Say what would be made and why; nothing is written."""
    asked = _asked_for(arguments, langs, out)
    for doubt in asked.doubts:
        progress.say(doubt)
    reports = asked.reports
    make_ready(reports[0].parameters(), whole=False)
    if asked.page_due:
        progress.say(_line("dry_run.due", report=page_beside(reports[0])))
    decisions = settle(decide(reports), results_of)
    for one in decisions:
        line = "dry_run.due" if one.state == RUN else "dry_run.kept"
        progress.say(_line(line, report=one.report.label) + (f"  {one.why}" if one.why else ""))
    states = Counter(one.state for one in decisions)
    progress.say(_line("dry_run", due=states[RUN], kept=states[KEPT]))
    return 0


def _answers(reports: Sequence[Report], say: Callable[[str], None]) -> None:
    """The answer for the first unit, in each language, as its report's manifest holds it."""
    for report in reports:
        if report.unit == reports[0].unit:
            held = read_json(Path(report.place) / "manifest.json")
            if held is not None and "answer" in held:
                say("")
                say(held["answer"])
    say("")


def _index(out: Path) -> None:
    from vetanalysis.documents.index import write_index
    from vetanalysis.pipeline.store import entries_under

    write_index(entries_under(out), out / "index.html")


def _record(outcomes: Sequence[Outcome], folder: Path) -> None:
    """The manifest of the run: what became of every report asked for."""
    rows = [
        {"report": f"{one.report.unit}/{one.report.lang}", "state": one.state, "message": one.message,
         "seconds": round(one.seconds, 2)}
        for one in sorted(outcomes, key=lambda one: (one.report.unit, one.report.lang))
    ]  # fmt: skip
    with contextlib.suppress(OSError):
        write_json({"reports": rows}, folder / "run.json")


def _ended(outcomes: Sequence[Outcome], progress: Progress) -> int:
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    states = Counter(outcome.state for outcome in outcomes)
    progress.say(_line("ended", made=states["done"], kept=states["kept"], failed=len(failed)))
    for outcome in failed:
        progress.fail(_line("failed", report=outcome.report.label, why=outcome.message))
        progress.fail(_line("failed.kept", place=f"{outcome.report.place}.failed"))
    return 1 if failed else 0


@contextlib.contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """A run that is asked to end (SIGTERM) cleans up as after Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
