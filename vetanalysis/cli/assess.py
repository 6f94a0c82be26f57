"""The verb `assess`: the answer to read, or as data for another program."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from vetanalysis.blocks import Said
from vetanalysis.cli.terminal import paint
from vetanalysis.loading import returned_paths
from vetanalysis.narrative.tables import answer
from vetanalysis.paths import returns_root
from vetanalysis.study import Study, open_study


def assess(arguments: argparse.Namespace, langs: Sequence[str]) -> int:
    """Print the answer in each language, or the frame of `vetanalysis.assess`; what is doubtful goes to stderr."""
    study = open_study(
        arguments.plan,
        arguments.as_of,
        unit=arguments.unit,
        lang=langs[0],
        returns=arguments.returns,
        published=arguments.published,
        known_by=arguments.known_by,
        seed=arguments.seed,
    )
    lang = "en" if "en" in langs else langs[0]
    for one in study.plan.warnings:
        print(one.line(lang), file=sys.stderr)
    if (
        arguments.returns == "default"
        and study.as_of.code != "start"
        and not any(returned_paths(study.plan, "default"))
    ):
        folder = str(returns_root(study.plan.name))
        print(Said("cli.no_returns", folder=folder).get(lang), file=sys.stderr)
    if arguments.format == "table":
        print("\n\n".join(answer(study, lang, paint) for lang in langs))
    else:
        print(_as_data(study, arguments.format))
    return 0


def _as_data(study: Study, form: str) -> str:
    """A row a target with the columns of `vetanalysis.assess`, unrounded; a missing value is an empty cell or null."""
    frame = study.table
    if form == "csv":
        return frame.to_csv(index=False, lineterminator="\n").rstrip("\n")
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return json.dumps(rows, ensure_ascii=False, indent=1)
