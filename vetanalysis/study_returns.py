"""What a study's returns are read from, and when what they hold was last due."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vetanalysis.language.numbers import in_years_of_study
from vetanalysis.observations.tidy import tidy_files
from vetanalysis.paths import data_root
from vetanalysis.periods import cutoffs
from vetanalysis.plan.catalogue import catalogue

if TYPE_CHECKING:
    from vetanalysis.study import Study

_ALSO_DUE = {"Q1": (), "H1": ("H",), "9M": (), "FY": ("H", "Y")}


@in_years_of_study
def when_due(study: Study, indicator: str) -> Study:
    """The same question at the latest cut-off, not after the study's, at which an indicator was due; else unchanged.

    Employment after training is reported at six months and at the end of the year: at nine months it is read at six.
    """
    known_here = catalogue(study.plan)
    due = set(known_here[indicator].periods) if indicator in known_here else set()
    asked = [
        one for one in cutoffs(study.as_of.year) if one <= study.as_of and due & {"Q", *_ALSO_DUE[one.code]}
    ]
    return study.at(asked[-1]) if asked else study


@in_years_of_study
def ledger(study: Study, returns: str | Path | None = "default") -> object:
    """The ledger of returns behind the study; None where there are none and for tidy files, which nobody sends in."""
    from vetanalysis.returns.ledger import load_ledger

    if not isinstance(returns, str | Path) or returns == "none":
        return None
    if returns != "default" and tidy_files(Path(returns)):
        return None
    if returns == "default" and not (data_root() / "returns" / study.plan.name).is_dir():
        return None
    return load_ledger(study.plan, returns, study.known_by or None)
