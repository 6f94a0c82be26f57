"""What a notebook shows of quantities that two kinds of senders report: side by side, and whether they agree.

senders.table(study)
senders.said(study)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.indicators.network import reconciliation
from vetanalysis.language import numbers
from vetanalysis.language.numbers import in_years_of_study
from vetanalysis.narrative import tasks as words
from vetanalysis.narrative.tables import ILLUSTRATIVE
from vetanalysis.plan.catalogue import catalogue
from vetanalysis.show.answers import Shown, say_of
from vetanalysis.show.gaps import ONE_UNIT
from vetanalysis.study import Study

if TYPE_CHECKING:
    from IPython.display import Markdown

_HEADS = (
    Text("Chỉ tiêu", "Indicator"), Text("Nơi gửi", "Sender"), Text("Giá trị", "Value"),
    Text("Đã báo cáo", "Reported"), Text("Chênh lệch", "Difference"), Text("Được dùng", "Used"),
)  # fmt: skip
_YES = Text("có", "yes")


@in_years_of_study
def table(study: Study) -> Shown | Markdown:
    """Each quantity with every kind of sender: value, how many of them reported, difference to the one that is used.

    Nothing where no quantity has two senders and for a single unit; `said` tells why.
    """
    from IPython.display import Markdown

    found = _found(study)
    if found is None or found.empty:
        return Markdown("")
    lang, entries = study.lang, catalogue(study.plan)
    rows = [
        [
            entries[row.indicator].label.get(lang),
            words.sender(study.plan, row.sender).get(lang),
            numbers.number(row.value, lang),
            Text(f"{row.reported} trên {row.expected}", f"{row.reported} of {row.expected}").get(lang),
            "" if row.taken else numbers.number(row.difference, lang),
            _YES.get(lang) if row.taken else "",
        ]
        for row in found.itertuples()
    ]
    return Shown(pd.DataFrame(rows, columns=[head.get(lang) for head in _HEADS]))


@in_years_of_study
def said(study: Study) -> Markdown:
    """How many agree, which differ, which cannot be compared yet."""
    from IPython.display import Markdown

    found = _found(study)
    if found is None:
        return Markdown(f"*{ONE_UNIT.get(study.lang)}*")
    labels = {name: one.label for name, one in catalogue(study.plan).items()}
    told = say_of(study, [words.compared(found, labels, str(study.as_of))])
    invented = len(found) and study.observations["illustrative"].any()
    return Markdown(f"**{ILLUSTRATIVE.get(study.lang)}**\n\n{told.data}") if invented else told


def _found(study: Study) -> pd.DataFrame | None:
    """Who says what for the place; None where the study is of one unit."""
    if study.unit.code != study.plan.place.code:
        return None
    return reconciliation(study.plan, study.observations, study.as_of)
