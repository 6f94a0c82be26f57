"""The verbs `seal` and `verify`: a signed report becomes a record, and the record is looked through."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from vetanalysis.blocks import Said
from vetanalysis.paths import reports_root


def seal(arguments: argparse.Namespace, langs: Sequence[str]) -> int:
    """Keep the signed file and print the hashes that the office's register takes."""
    from vetanalysis.pipeline.seal import seal as keep
    from vetanalysis.plan import load_plan

    line = keep(
        arguments.file,
        load_plan(arguments.plan),
        arguments.as_of,
        arguments.unit,
        arguments.on,
        arguments.reports or reports_root(),
    )
    said = Said("issued.sealed", file=line.file, sha=line.sha256, number=line.number, seal=line.seal)
    print("\n\n".join(said.get(lang) for lang in langs))
    return 0


def verify(arguments: argparse.Namespace, langs: Sequence[str]) -> int:
    """Print what is changed, missing or unlisted; 1 where anything is, 0 where the record is whole."""
    from vetanalysis.assessment.issued import folder_of
    from vetanalysis.pipeline.seal import verify as look
    from vetanalysis.plan import load_plan

    plan = load_plan(arguments.plan).name
    lines, wrong = look(plan)
    for lang in langs:
        for one in wrong:
            print(one.line(lang), file=sys.stderr)
        if wrong:
            print(Said("issued.broken", plan=plan, count=len(wrong)).get(lang))
        elif lines:
            print(Said("issued.whole", plan=plan, count=len(lines)).get(lang))
        else:
            print(Said("issued.none", plan=plan, folder=str(folder_of(plan))).get(lang))
        if lines:
            print(Said("issued.register", seal=lines[-1].seal, on=lines[-1].on).get(lang))
    return 1 if wrong else 0
