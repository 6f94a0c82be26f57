# ruff: noqa: E402, F401
"""Imported once by the process that warm kernels are forked from: what they need, and the study they share.

Nothing here may start a thread: a fork has only the one that forked it.
"""

import gc

gc.disable()  # all that is made here stays

import contextlib
import encodings.utf_8_sig
import faulthandler
import json
import os
import signal
import sqlite3
import sys

asked = os.environ.pop("VETANALYSIS_PREPARE", "")
before = signal.getsignal(signal.SIGINT)
if asked:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends this process

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # nobody debugs these kernels: 16 MB less

import numpy.random
import pandas

import vetanalysis.observations.published
import vetanalysis.returns.ledger
from vetanalysis.hashes import program_hash
from vetanalysis.pipeline.prepare import begin_for_forks

program_hash()  # of the code as imported here, for every fork
end = begin_for_forks(json.loads(asked)) if asked else None

with contextlib.suppress(ImportError):
    import argcomplete
    import ipykernel.debugger
    import ipykernel.kernelapp
    import IPython.core.completerlib
    import IPython.core.debugger
    import IPython.core.logger
    import IPython.core.magics.ast_mod
    import IPython.core.magics.execution
    import IPython.core.oinspect
    import IPython.extensions.storemagic
    import matplotlib.backends.backend_agg
    import matplotlib.patheffects
    import matplotlib.pyplot
    import matplotlib_inline.backend_inline
    import PIL.Image
    import psutil
    import tornado.platform.asyncio
    import zmq.utils.garbage

    PIL.Image.preinit()

import pandas.core.methods.to_dict
import pandas.io.formats.html
import pandas.io.formats.string
import scipy.special

import vetanalysis.assessment.flows
import vetanalysis.assessment.people
import vetanalysis.assessment.people_projected
import vetanalysis.assessment.rates
import vetanalysis.assessment.targets
import vetanalysis.documents.html
import vetanalysis.documents.word
import vetanalysis.figures.pictures
import vetanalysis.forecast.nested
import vetanalysis.forecast.rate
import vetanalysis.indicators.table
import vetanalysis.narrative.report
import vetanalysis.observations.crosswalk
import vetanalysis.plan.catalogue
import vetanalysis.report
import vetanalysis.show

if end is not None:
    end()
    signal.signal(signal.SIGINT, before)

gc.freeze()  # a fork that never looks through what was made here never copies it
gc.enable()
