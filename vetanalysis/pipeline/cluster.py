"""The same jobs on a Dask cluster: workers on shared storage, each with its own warm kernels.

A worker that dies gives its job to another; the report is put in place only when it is complete, so that
running a job twice does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.errors import VetanalysisError, WrongCall
from vetanalysis.hashes import program_hash
from vetanalysis.paths import reports_at
from vetanalysis.pipeline.jobs import Job, Outcome

if TYPE_CHECKING:
    from distributed import Client

CONNECT_TIMEOUT = 10  # seconds to wait for the scheduler, and for a first worker
RETRIES = 2  # how often a job is given to another worker when its worker dies


class ClusterUnfit(VetanalysisError):
    """A scheduler or workers that the reports cannot be sent to."""


def run_on_cluster(jobs: Sequence[Job], address: str) -> Iterator[Outcome]:
    """Run jobs on the workers of the scheduler at `address`; outcomes come as they end.

    `ClusterUnfit` before any job starts where the scheduler does not answer, has no worker, or a worker has several
    threads or another version of the package; WrongCall where the extra `cluster` is not installed.
    """
    try:
        from distributed import Client
    except ImportError:
        raise WrongCall(Said("pipeline.no_distributed")) from None
    from vetanalysis.pipeline.run import run_jobs

    try:
        client = Client(address, timeout=CONNECT_TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterUnfit(Said("pipeline.no_scheduler", address=address, error=str(error))) from error
    try:
        _check_workers(client, address)
        work = partial(run_elsewhere, program=program_hash(), run=uuid4().hex)
        executor = client.get_executor(pure=False, retries=RETRIES)
        try:
            yield from run_jobs(jobs, executor=executor, run=work)
        finally:
            executor.shutdown(wait=False)  # before the client: it needs the client's loop
    finally:
        client.close()


def _check_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_TIMEOUT)
    except TimeoutError:
        raise ClusterUnfit(Said("pipeline.no_worker", address=address)) from None
    try:
        found = client.run(program_hash)
    except Exception as error:
        raise ClusterUnfit(Said("pipeline.worker_cannot", address=address, error=str(error))) from error
    # kernels and folders are chosen for a whole process
    if several := sorted(worker for worker, threads in client.nthreads().items() if threads > 1):
        raise ClusterUnfit(Said("pipeline.worker_threads", workers=several))
    other = sorted(worker for worker, program in found.items() if program != program_hash())
    if other:
        raise ClusterUnfit(Said("pipeline.worker_other", workers=other))


def run_elsewhere(job: Job, program: str, run: str) -> list[Outcome]:
    """Run one job in a worker process, with kernels forked from a server that the worker keeps for all jobs of a `run`.

    The server, or the worker itself where it may not fork, prepares the study of a run's first job for its others. What
    a worker does it does one after the other: other workers keep the other cores busy.
    """
    from vetanalysis.pipeline.prepare import prepare
    from vetanalysis.pipeline.run import run_job
    from vetanalysis.pipeline.server import in_fork, warm_kernels
    from vetanalysis.pipeline.store import run_folder

    if program_hash() != program:
        other = "this worker has another version of the package: install the same one there"
        return [Outcome(one, "failed", 0.0, other) for one in job.reports]
    first = job.reports[0]
    asked = replace(first, unit="", lang=LANGUAGES[0]).parameters()  # the same for all jobs of a run
    with (
        reports_at(first.reports),
        run_folder(),
        warm_kernels(prepare=asked, state=run, keep=True) as forked,
    ):
        if not forked:
            in_fork(prepare, asked)
        return run_job(job, side_by_side=False)
