"""From the ledger of returns to the figure of how they came in, with its words for who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.figures import Received, ReceivedPeriod, draw_png
from vetanalysis.figures import received as draw_received
from vetanalysis.narrative import numbers
from vetanalysis.narrative.returns import Arrivals
from vetanalysis.periods import Cutoff, parse_day
from vetanalysis.pictures.indicators import Drawn
from vetanalysis.returns.ledger_matrix import REPORTED, periods_of
from vetanalysis.returns_scope import arrivals, invented, matrix
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.returns.ledger import Ledger
    from vetanalysis.study import Study


def received_over_time(study: Study, ledger: Ledger) -> Drawn | None:
    """How many returns had come by each day around the deadline; None where there is no more than one unit."""
    lang, told = study.lang, arrivals(study, ledger)
    if told.due < 2:
        return None
    past = [one for one in periods_of(study.as_of) if one != study.as_of]
    title = _title(told, lang)
    data = Received(
        title=title,
        current=_period(study, ledger, study.as_of),
        past=tuple(_period(study, ledger, one) for one in past),
        late=tuple((days, name) for name, days in told.late),
        source=_source(study, ledger),
        illustrative=invented(study, ledger),
    )
    late = "; ".join(f"{name}: +{days}" for name, days in told.late)
    return Drawn(draw_png(draw_received, data, lang, 170, 95), f"{title}. {late}." if late else f"{title}.")


def _period(study: Study, ledger: Ledger, period: Cutoff) -> ReceivedPeriod:
    rows = matrix(study, ledger)
    rows = rows[rows["period"] == str(period)]
    came = rows[rows["state"].isin(REPORTED)]
    pairs = [
        (parse_day(due), parse_day(first))
        for due, first in zip(came["deadline"], came["first_received"], strict=True)
    ]
    days = tuple(sorted((first - due).days for due, first in pairs if due and first))
    return ReceivedPeriod(numbers.short_period(period, study.lang), len(rows), days)


def _title(one: Arrivals, lang: str) -> str:
    period = numbers.short_period(one.period, lang)
    parts = [
        Text(f"{one.on_time}/{one.due} đơn vị gửi đúng hạn", f"{one.on_time} of {one.due} units on time")
    ]
    if one.late:
        parts.append(Text(f"{len(one.late)} muộn", f"{len(one.late)} late"))
    if one.missing:
        parts.append(Text(f"{len(one.missing)} chưa gửi", f"{len(one.missing)} missing"))
    if one.refused:
        parts.append(Text(f"{len(one.refused)} phải gửi lại", f"{len(one.refused)} sent back"))
    told = ", ".join(part.get(lang) for part in parts)
    return Text(f"Báo cáo {period}: {told}", f"Returns {period}: {told}").get(lang)


def _source(study: Study, ledger: Ledger) -> str:
    if ledger.known_by:
        day = numbers.short_date(ledger.known_by, study.lang)
        return Text(f"Sổ theo dõi báo cáo, đến hết ngày {day}", f"Ledger of returns, as known on {day}").get(
            study.lang
        )
    return Text(
        "Sổ theo dõi báo cáo, ngày nhận ghi ở tên tệp", "Ledger of returns; days as in file names"
    ).get(study.lang)
