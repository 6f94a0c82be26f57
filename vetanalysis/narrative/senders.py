"""Words about one quantity that two kinds of senders report: who says what, whether they agree."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vetanalysis.documents.model import Sentence
from vetanalysis.narrative import numbers
from vetanalysis.narrative.sentence import inside, listed, say
from vetanalysis.plan import Plan
from vetanalysis.text import Text

ALIKE = 1e-6  # part of a value that is rounding and no difference
_KINDS = {
    "own": Text("báo cáo chung của cả địa bàn", "the place's own report"),
    "district": Text("các huyện, thành phố", "districts"),
    "institution": Text("các cơ sở giáo dục nghề nghiệp", "institutions"),
    "districts_and_provincial": Text("huyện và cơ sở cấp tỉnh", "districts and provincial institutions"),
}


def sender(plan: Plan, code: str, lang: str) -> str:
    """How a kind of senders or a single body is called."""
    if code in _KINDS:
        return _KINDS[code].get(lang)
    unit = plan.unit(code)
    short = unit.short_name or unit.name
    return short if lang == "vi" else unit.name_en or short


def compared(table: pd.DataFrame, labels: Mapping[str, Text], as_of: str, lang: str) -> Sentence:
    """How many quantities have two senders, which agree, which differ, which cannot be held against each other yet.

    `table`: as `indicators.reconcile.reconciliation` gives it. Senders of whom some have not reported are no
    contradiction: their sums are partial.
    """
    since = numbers.up_to(as_of, lang)
    if table.empty:
        text = Text(
            f"{since}, có 0 chỉ tiêu được từ hai nơi trở lên cùng báo cáo.",
            f"{since}, 0 quantities are reported by two kinds of senders.",
        )
        return say("senders", lang, text, quantities=0)
    partial, agree, differ = [], [], []
    for name, rows in table.groupby("indicator", sort=False):
        size = rows["value"].abs().max()
        if (rows["reported"] < rows["expected"]).any():
            partial.append(str(name))
        elif (rows["difference"].abs() <= ALIKE * size).all():
            agree.append(str(name))
        else:
            differ.append(str(name))
    told = {"vi": [], "en": []}
    for la in told:
        if agree:
            told[la].append(
                Text(
                    f"{len(agree)} chỉ tiêu khớp nhau",
                    f"{len(agree)} {'agrees' if len(agree) == 1 else 'agree'}",
                ).get(la)
            )
        if differ:
            which = listed([inside(labels[name].get(la)) for name in differ], la)
            told[la].append(
                Text(
                    f"{len(differ)} chỉ tiêu khác nhau ({which})",
                    f"{len(differ)} {'differs' if len(differ) == 1 else 'differ'} ({which})",
                ).get(la)
            )
        if partial:
            told[la].append(
                Text(
                    f"{len(partial)} chỉ tiêu chưa so được vì còn đơn vị chưa báo cáo",
                    f"{len(partial)} cannot be compared yet, as some units have not reported",
                ).get(la)
            )
    total = len(partial) + len(agree) + len(differ)
    warning = Text("", "")
    if differ:
        warning = Text(
            "; khác nhau có thể do phạm vi mỗi nơi tính khác nhau, cần hỏi cả hai nơi trước khi dùng",
            "; senders may count different things, so ask both before the figures are used",
        )
    text = Text(
        f"{since}, {total} chỉ tiêu có từ hai nơi gửi trở lên và không được cộng vào nhau: "
        f"{', '.join(told['vi'])}{warning.vi}.",
        f"{since}, {total} quantities have two or more senders, which are never added: "
        f"{', '.join(told['en'])}{warning.en}.",
    )
    return say(
        "senders",
        lang,
        text,
        quantities=total,
        agree=tuple(agree),
        differ=tuple(differ),
        partial=tuple(partial),
    )
