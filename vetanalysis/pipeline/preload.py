"""Imported once by the process that warm kernels are forked from. It only imports: nothing may start a thread."""

import os

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

import contextlib

with contextlib.suppress(ImportError):
    pass

import vetanalysis.judging
import vetanalysis.study  # noqa: F401
