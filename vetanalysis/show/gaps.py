"""What a notebook shows of gaps between units: what moved the place's share of its quotas, how far districts differ.

change = gaps.change(study)            None where the study is of one unit or the plan has no target on people
gaps.table(study, change)              the units that moved the place most
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.assessment.flows import flow_of
from vetanalysis.assessment.share_change import ShareChange, share_change
from vetanalysis.blocks import Text
from vetanalysis.language import numbers
from vetanalysis.language.numbers import in_years_of_study
from vetanalysis.narrative import indicators
from vetanalysis.narrative.tables import ILLUSTRATIVE
from vetanalysis.periods import parse_cutoff, same_last_year
from vetanalysis.show.answers import Shown, say_of
from vetanalysis.study import Study

if TYPE_CHECKING:
    from IPython.display import Markdown

    from vetanalysis.plan import Plan, Target

ONE_UNIT = Text(
    "Phần này so sánh giữa các đơn vị nên chỉ có khi xem cả địa bàn.",
    "This part compares units with each other and needs the whole place.",
)
_NO_TARGET = Text("Kế hoạch không có chỉ tiêu về số người.", "The plan has no target on people.")


@in_years_of_study
def change(study: Study) -> ShareChange | None:
    """The place's share of its quotas against a year before; None for one unit and without a target on people."""
    target = _target(study.plan, study.as_of.year)
    if target is None or study.unit.code != study.plan.place.code:
        return None
    return share_change(
        study.plan, flow_of(study.plan, study.observations, target, study.as_of, study.plan.place.code)
    )


@in_years_of_study
def table(study: Study, found: ShareChange | None) -> Shown | Markdown:
    """The three units that moved the place's share most: their shares, their weights, what each part added.

    Nothing where nothing is compared; `said` gives the reason.
    """
    from IPython.display import Markdown

    if found is None or found.reason is not None:
        return Markdown("")
    lang = study.lang
    now, before = (numbers.short_period(code, lang) for code in (found.cutoff, same_last_year(found.cutoff)))
    heads = (
        Text("Đơn vị", "Unit"), Text(f"% chỉ tiêu, {before}", f"% of quota, {before}"),
        Text(f"% chỉ tiêu, {now}", f"% of quota, {now}"), Text("Tỷ trọng năm trước", "Weight a year before"),
        Text("Tỷ trọng năm nay", "Weight now"), Text("Do tỷ lệ (điểm %)", "By its share (points)"),
        Text("Do tỷ trọng (điểm %)", "By its weight (points)"), Text("Cộng (điểm %)", "Together (points)"),
    )  # fmt: skip
    names = _names(study)
    rows = [
        [
            names.get(str(code), str(code)),
            *(numbers.percent(row[one], lang) for one in ("before", "now", "weight_before", "weight_now")),
            *(numbers.signed(row[one], lang) for one in ("rate", "composition", "moved")),
        ]
        for code, row in found.units.head(indicators.NAMED).iterrows()
    ]
    return Shown(pd.DataFrame(rows, columns=[head.get(lang) for head in heads]))


@in_years_of_study
def said(study: Study, found: ShareChange | None) -> Markdown:
    """What moved the place's share, how far districts lie apart, and who could not be compared; or why nothing is."""
    from IPython.display import Markdown

    lang = study.lang
    if found is None:
        one_unit = study.unit.code != study.plan.place.code
        return Markdown(f"*{(ONE_UNIT if one_unit else _NO_TARGET).get(lang)}*")
    names = _names(study)
    lines = say_of(
        study,
        (
            indicators.moved(found, names),
            indicators.apart(found, names),
            indicators.left_out(found, names),
        ),
        as_list=True,
    )
    return Markdown(f"**{ILLUSTRATIVE.get(lang)}**\n\n{lines.data}") if found.illustrative else lines


def _names(study: Study) -> dict[str, str]:
    return {code: name.get(study.lang) for code, name in study.plan.short_names().items()}


def _target(plan: Plan, year: int) -> Target | None:
    """The target on people of the year, else the plan's last one."""
    people = [one for one in plan.targets if one.measure == "persons"]
    return next(
        (one for one in people if parse_cutoff(one.period).year == year), people[-1] if people else None
    )
