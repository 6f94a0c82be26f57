"""Pictures drawn once for what they show: the same data in the same language are the same bytes wherever they stand."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from pathlib import Path

from vetanalysis.figures.style import Chart
from vetanalysis.hashes import content_digest
from vetanalysis.language.numbers import year_tick

MOST = 64  # pictures kept in memory


@dataclass(frozen=True, eq=False)
class Drawing:
    """A chart in one language, drawn when its bytes are first asked for.

    `words`: in what years it is worded (`language.numbers.years_of`), as where it was made.
    """

    chart: Chart
    lang: str
    dpi: int = 200
    words: Context = field(default_factory=copy_context)

    @property
    def png(self) -> bytes:
        """The picture as PNG: the same content gives the same bytes."""
        return KEPT.of(self)

    @property
    def key(self) -> str:
        """SHA-256 of everything the bytes depend on."""
        kind = type(self.chart)
        parts = (
            kind.__module__,
            kind.__qualname__,
            content_digest(self.chart),
            self.lang,
            self.words.copy().run(year_tick, 2000),
            str(self.dpi),
        )
        return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()

    def drawn(self) -> bytes:
        """The bytes, drawn now."""
        return self.words.copy().run(self.chart.png, self.lang, self.dpi)


@dataclass
class Kept:
    """Pictures by content: the latest in memory, all in `folder` where one is set (that of a run of reports)."""

    folder: Path | None = None
    memory: dict[str, bytes] = field(default_factory=dict)
    drawing: threading.Lock = field(default_factory=threading.Lock)  # matplotlib's settings are the process's

    def of(self, picture: Drawing) -> bytes:
        """The picture's bytes, drawn where nobody has yet."""
        key = picture.key
        png = self.memory.get(key) or self._stored(key)
        if not png:
            with self.drawing:
                png = picture.drawn()
            self._store(key, png)
        self.memory[key] = png
        while len(self.memory) > MOST:
            self.memory.pop(next(iter(self.memory)), None)
        return png

    def _stored(self, key: str) -> bytes:
        if self.folder is not None:
            with contextlib.suppress(OSError):
                return (self.folder / f"{key}.png").read_bytes()
        return b""

    def _store(self, key: str, png: bytes) -> None:
        """What cannot be stored is drawn again: no error."""
        if self.folder is None:
            return
        part = self.folder / f"{key}.{os.getpid()}-{threading.get_ident()}.part"
        with contextlib.suppress(OSError):
            part.write_bytes(png)
            part.replace(self.folder / f"{key}.png")


KEPT = Kept()
