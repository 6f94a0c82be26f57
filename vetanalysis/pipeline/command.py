"""The `report` verb: from what was asked for to reports in their places and the answer on screen."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from vetanalysis.paths import reports_root
from vetanalysis.pipeline.jobs import Job, Outcome, report_jobs
from vetanalysis.pipeline.run import report_progress, run_jobs
from vetanalysis.pipeline.store import only_run, recover
from vetanalysis.study import Study, open_study


def report(arguments: Namespace, langs: Sequence[str]) -> int:
    """Run what the command line asked for; 0 when every report was made, 1 when one failed."""
    say = (lambda line: None) if arguments.quiet else (lambda line: print(line, flush=True))
    study = _open(arguments, langs[0])
    units = _units(arguments, study)
    out = Path(arguments.out) if arguments.out else reports_root()
    options = {name: getattr(arguments, name) for name in ("returns", "published", "known_by", "seed")}
    jobs = report_jobs(str(arguments.plan), str(study.as_of), units, langs, out, options)
    with only_run(out):
        for place in recover(out):
            say(f"put back the last good report of an interrupted run: {place}")
        say(f"Making {len(jobs)} reports of {study.plan.name} as of {study.as_of}")
        outcomes = report_progress(
            run_jobs(jobs, workers=arguments.jobs, warm=not arguments.plain_kernels), len(jobs), say
        )
        _index(out)
    _answers(arguments, study, langs, say)
    for job in jobs:
        say(f"  {Path(job.place) / 'report.docx'}")
    say(f"  {out / 'index.html'}")
    return _ended(outcomes)


def _open(arguments: Namespace, lang: str) -> Study:
    return open_study(
        arguments.plan,
        arguments.as_of,
        lang=lang,
        returns=arguments.returns,
        published=arguments.published,
        known_by=arguments.known_by,
        seed=arguments.seed,
    )


def _units(arguments: Namespace, study: Study) -> list[str]:
    """The units asked for; each is checked before anything runs."""
    place = study.plan.place.code
    if arguments.all_units:
        owing = study.plan.quotas["unit"].drop_duplicates().tolist()
        return [place, *(code for code in owing if code != place)]
    return [study.plan.unit(code).code for code in arguments.unit] or [place]


def _answers(arguments: Namespace, study: Study, langs: Sequence[str], say) -> None:
    from vetanalysis.terminal import answer

    for lang in langs:
        say("")
        say(answer(study, lang))
    say("")


def _index(out: Path) -> None:
    from vetanalysis.documents.index import write_index
    from vetanalysis.pipeline.entries import entries_under

    write_index(entries_under(out), out / "index.html")


def _ended(outcomes: Sequence[Outcome]) -> int:
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    for outcome in failed:
        print(f"failed: {outcome.job.label}: {outcome.message}", file=sys.stderr)
        print(
            f"  kept for inspection: {outcome.job.place}.failed; the last good report stays", file=sys.stderr
        )
    return 1 if failed else 0


__all__ = ["Job", "report"]
