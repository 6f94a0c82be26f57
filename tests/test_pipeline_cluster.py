"""The same jobs on a Dask cluster started by hand, one worker killed in the middle."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]


def _port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _dask(*words):
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


@pytest.fixture
def cluster(tmp_path):
    """Address of a scheduler with two workers of one thread each, and the two worker commands."""
    address = f"tcp://127.0.0.1:{_port()}"
    port = address.rpartition(":")[2]
    started = [_dask("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")]
    started += [
        _dask(
            "worker",
            address,
            "--nthreads",
            "1",
            "--no-dashboard",
            "--local-directory",
            str(tmp_path / f"w{number}"),
        )
        for number in (1, 2)
    ]
    below = []
    try:
        from distributed import Client

        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, started[1:]
    finally:
        for one in started:
            below += psutil.Process(one.pid).children(recursive=True) if one.poll() is None else []
            one.terminate()
        psutil.wait_procs(below, timeout=10)
        for one in below:
            if one.is_running():
                one.kill()
        for one in started:
            one.wait(timeout=20)


def test_a_killed_worker_s_reports_are_made_elsewhere(cluster, tmp_path, capsys):
    from vetanalysis.cli.main import main

    address, workers = cluster
    out, over, killed = tmp_path / "out", threading.Event(), []

    def kill_one():
        while not over.wait(0.05):
            held = [path for path in out.rglob("*.new-*") if path.is_dir()]
            mine = {one.pid for each in workers for one in psutil.Process(each.pid).children(recursive=True)}
            for path in held:
                pid = int(path.name.rpartition("-")[2])
                if pid in mine:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                    return

    killer = threading.Thread(target=kill_one)
    killer.start()
    asked = ["report", "lang-son-2023", "--as-of", "2023-start", "--returns", "none", "--out", str(out)]
    code = main([*asked, "--scheduler", address])
    over.set()
    killer.join()
    said = capsys.readouterr()
    assert code == 0, said.err
    assert killed, "a worker was killed while it made a report"
    assert "2 made, 0 kept, 0 failed." in said.out
    place = Path(out) / "lang-son-2023" / "2023-start" / "20"
    assert sorted(path.name for path in place.iterdir()) == ["en", "vi"], "nothing of the dead worker stays"
    for lang in ("vi", "en"):
        assert json.loads((place / lang / "manifest.json").read_text(encoding="utf-8"))["answers"]


def test_a_worker_of_several_threads_is_refused_before_any_job(tmp_path):
    from distributed import LocalCluster

    from vetanalysis.pipeline import cluster
    from vetanalysis.pipeline.jobs import Job, Report

    job = Job((Report("p", "2023-start", "20", "vi", str(tmp_path / "x")),))
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as found,
        pytest.raises(cluster.ClusterUnfit, match="--nthreads 1"),
    ):
        list(cluster.run_on_cluster([job], found.scheduler_address))
    assert list(tmp_path.iterdir()) == []
