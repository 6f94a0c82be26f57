"""What a person sees while reports are made: a line for each, a bar with the time that is left, a log for later."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from vetanalysis.errors import WrongCall
from vetanalysis.pipeline.jobs import Outcome


class Progress:
    """Says lines on stdout (not when quiet) and in the log with their time; failures always also on stderr."""

    def __init__(self, quiet: bool = False, log: Path | None = None) -> None:
        self._quiet = quiet
        self._bar: Any = None
        self._log = None
        if log is not None:
            try:
                log.parent.mkdir(parents=True, exist_ok=True)
                self._log = log.open("a", encoding="utf-8", newline="\n")
            except OSError as error:
                raise WrongCall(f"--log {log}: cannot be written ({error.strerror or error})") from error

    def say(self, line: str) -> None:
        """One line for the reader and the log."""
        self._write(line)
        if not self._quiet:
            if self._bar is None:
                print(line, flush=True)
            else:
                self._bar.write(line, file=sys.stdout)

    def fail(self, line: str) -> None:
        """One line about what went wrong, also when quiet."""
        self._write(line)
        print(line, file=sys.stderr, flush=True)

    def _write(self, line: str) -> None:
        if self._log is not None:
            for part in line.splitlines() or [""]:
                print(f"{datetime.now():%Y-%m-%d %H:%M:%S} {part}".rstrip(), file=self._log, flush=True)

    def follow(self, outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        """Pass outcomes on, each with its line; a bar on stderr where that is a terminal."""
        with self._shown(total) as bar:
            for number, outcome in enumerate(outcomes, start=1):
                line = f"[{number}/{total}] {outcome.state:6} {outcome.job.label}  {outcome.seconds:.1f} s"
                self.say(f"{line}  {outcome.message}".rstrip())
                if bar is not None:
                    bar.update()
                yield outcome

    @contextlib.contextmanager
    def _shown(self, total: int) -> Iterator[Any]:
        if self._quiet or not sys.stderr.isatty():
            yield None
            return
        from tqdm import tqdm

        with tqdm(
            total=total, unit="report", file=sys.stderr, dynamic_ncols=True, smoothing=0.1
        ) as self._bar:
            yield self._bar
        self._bar = None

    def close(self) -> None:
        """Close the log."""
        if self._log is not None:
            self._log.close()
