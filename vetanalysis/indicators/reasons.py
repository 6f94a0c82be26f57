"""Which state each line of the table is in, why it has no figure, and what must be known beside the figure it has.

`reasons_for` finds the reason of every line; how each is worded in both languages stands below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text, same
from vetanalysis.indicators.gaps import SMALLEST
from vetanalysis.indicators.network import Network
from vetanalysis.indicators.resolve import Resolved
from vetanalysis.indicators.tally import Tally
from vetanalysis.language.numbers import number, percent, short_period
from vetanalysis.narrative.sentence import first_of, listed

if TYPE_CHECKING:
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan.catalogue import Entry

NOT_ASKED = Text(
    "loại đơn vị này không phải gửi chỉ tiêu này", "units of this kind do not send this indicator"
)
NOT_STARTED = Text(
    "đầu năm, chưa có kỳ nào được tính", "the year has just begun; nothing of it is counted yet"
)
NOT_REPORTED = Text("chưa có đơn vị nào báo cáo số này", "no unit has reported this figure")
NOT_SENT = Text("đơn vị chưa báo cáo số này", "the unit has not reported this figure")
NARRATIVE = Text("kế hoạch chỉ yêu cầu thuyết minh", "the plan asks for an account in words only")
NO_LEDGER = Text("chưa có sổ nhận báo cáo", "there is no ledger of returns")
NO_PLAN = Text("chưa giao chỉ tiêu", "no quota was set")
PLACE_ONLY = Text("chỉ tiêu này chỉ đặt cho toàn tỉnh", "this target is set for the whole province only")
NO_DOCUMENTS = Text(
    "chưa có danh mục văn bản triển khai của các đơn vị", "the units' own plan documents have not been listed"
)
NO_LAST_YEAR = Text(
    "chưa có số cùng kỳ năm trước", "there is no figure for the same period of the year before"
)
NO_PAST = Text(
    "chưa có năm trước nào đủ số theo quý để biết tỷ phần lũy kế cùng kỳ",
    "no past year has figures by quarter that show how much of a year is done by this date",
)
SMALL = Text(
    "dưới 10 người trong mẫu số nên không công bố tỷ lệ",
    "fewer than 10 people in the base: the rate is not shown",
)
CORRECTED = Text(
    "lũy kế giảm so với kỳ trước: số kỳ trước đã được sửa",
    "the running total fell: an earlier figure was corrected",
)
PROVINCIAL_ONLY = Text("cơ sở trực thuộc tỉnh", "institutions directly under the province")
WORKED_OUT = Text(
    "tính từ đầu năm + tuyển mới - tốt nghiệp - thôi học",
    "worked out: at the start + enrolled - graduated - dropped out",
)
YEAR_OVER = Text("đã hết năm, không còn quý nào", "the year is over; no quarter is left")

_OFTEN = {
    "Q": Text("hằng quý", "every quarter"),
    "H": Text("6 tháng và cả năm", "at six months and at the end of the year"),
    "Y": Text("cuối năm", "at the end of the year"),
}
_NAMED = 5  # units lacking that are named; the others are counted
_DUE_AT = {"Q": (1, 2, 3, 4), "H": (2, 4), "Y": (4,)}
_FROM_LEDGER = ("reports_on_time_share", "reports_received_share", "reports_corrected")
_FROM_QUOTAS = ("targets_assigned_total", "institution_target")
#: What each derived row is worked out from.
_FROM = {
    "trained_rate_gap": "trained_rate",
    "trained_rate_pace_required": "trained_rate",
    "certified_share_of_trained": "certified_rate",
    "plan_completion": "people_enrolled",
    "index_same_period": "people_enrolled",
    "full_year_projection": "people_enrolled",
    "people_still_needed": "people_enrolled",
    "people_needed_per_quarter": "people_enrolled",
}


class Line(NamedTuple):
    """What a reason is told from: one line of the table before it is finished."""

    unit: str
    indicator: str
    basis: str
    state: str
    reported: float
    expected: float
    place: float
    last_paired: float
    corrected: object
    why: object


@dataclass(frozen=True)
class Surroundings:
    """Everything a reason may need to look up; `have`: (unit, indicator) of lines with a value."""

    result: Resolved
    laid_out: Tally
    net: Network
    entries: dict[str, Entry]
    cutoff: Cutoff
    have: frozenset[tuple[str, str]]


def reasons_for(
    table: pd.DataFrame,
    result: Resolved,
    laid_out: Tally,
    net: Network,
    entries: dict[str, Entry],
    cutoff: Cutoff,
) -> pd.DataFrame:
    """The table with `state`, `why_vi`, `why_en`, `expected`, `reported` and `way` for every line."""
    at_place = table["unit"] == net.place
    missing = table["value"].isna()
    expected = table["indicator"].map(result.expected).where(at_place, 1).astype(float)
    expected = _of_districts(table, net, expected)
    reported = table["reported"].mask(missing & ~at_place, 0).fillna(0)
    small = ~missing & _small_base(table, entries)
    table = table.assign(
        expected=expected.where(expected >= reported, reported),
        reported=reported,
        way=table["indicator"].map(result.ways).where(at_place, "own").fillna(""),
        state=np.select([small, ~missing], ["suppressed", "computed"], "no_figure"),
        why=table.get("why"),
    )
    have = frozenset(zip(table.loc[~missing, "unit"], table.loc[~missing, "indicator"], strict=True))
    around = Surroundings(result, laid_out, net, entries, cutoff, have)
    lines = zip(*(table[name] for name in Line._fields), strict=True)
    told = [_told(Line(*values), around) for values in lines]
    return table.assign(
        state=[state for state, _ in told],
        why_vi=[why.vi for _, why in told],
        why_en=[why.en for _, why in told],
    )


def _of_districts(table: pd.DataFrame, net: Network, expected: pd.Series) -> pd.Series:
    """A district that is the sum of its institutions expects all of them."""
    children = {code: len(net.children(code)) for code in net.of_kind("district")}
    many = table["reported"].fillna(0) > 1
    return expected.mask(many & table["unit"].isin(list(children)), table["unit"].map(children))


def _small_base(table: pd.DataFrame, entries: dict[str, Entry]) -> pd.Series:
    """Rates on fewer people than are shown."""
    by_people = [
        name
        for name, one in entries.items()
        if one.parts and one.parts[1] in entries and entries[one.parts[1]].measure == "persons"
    ]
    return table["indicator"].isin(by_people) & (table["denominator"] < SMALLEST)


def _told(line: Line, around: Surroundings) -> tuple[str, Text]:
    if line.state == "suppressed":
        return line.state, SMALL
    if line.state == "computed":
        return line.state, _beside(line, around)
    if around.entries[line.indicator].narrative_only:
        return "narrative_only", NARRATIVE
    return "no_figure", _absent(line, around)


def _beside(line: Line, around: Surroundings) -> Text:
    """What must be known beside a figure that was computed."""
    said = [line.why] if isinstance(line.why, Text) and line.why.vi else []
    if line.reported < line.expected:
        missing = around.result.missing.get(line.indicator, ()) if line.unit == around.net.place else ()
        names = tuple(around.net.names.get(code, same(code)) for code in missing)
        said.append(partial(int(line.reported), int(line.expected), names))
    if line.basis == "stock" and line.place >= 0:
        period = around.laid_out.period(int(line.place))
        if period != _end(around.cutoff):
            said.append(older(period))
    if 0 < line.last_paired < line.reported:
        said.append(fewer_compared(int(line.last_paired), int(line.reported)))
    if line.corrected is True or line.corrected == 1:
        said.append(CORRECTED)
    return joined(said)


def _end(cutoff: Cutoff) -> str:
    return str(cutoff) if cutoff.quarters else f"{cutoff.year - 1}-FY"


def _absent(line: Line, around: Surroundings) -> Text:
    """Why there is no figure: the first reason that applies."""
    one, at_place = around.entries[line.indicator], line.unit == around.net.place
    special = _counted_or_derived(line, one, around)
    if special is not None:
        return special
    if not at_place and not _asked(line.unit, one, around.net):
        return NOT_ASKED
    left = around.laid_out.other.get((line.unit, line.indicator))
    if left is not None:
        return other_definition(left["base"], left["concept"], left["value"], left["period"])
    averaged = _not_averaged(one, around.result) if at_place else None
    if averaged is not None:
        return averaged
    if one.basis != "stock" and not around.cutoff.quarters:
        return NOT_STARTED
    if not any(around.cutoff.quarters in _DUE_AT[often] for often in one.periods):
        return not_due(one.periods)
    return NOT_REPORTED if at_place else NOT_SENT


def _counted_or_derived(line: Line, one: Entry, around: Surroundings) -> Text | None:
    """Reasons of rows that are counted from the ledger or the quotas, or worked out from another row."""
    at_place, quarters = line.unit == around.net.place, around.cutoff.quarters
    if one.id in _FROM_LEDGER:
        return NO_LEDGER if at_place else NOT_ASKED
    if one.id == "units_with_plan_share":
        return NO_DOCUMENTS if at_place else NOT_ASKED
    if one.id in _FROM_QUOTAS:
        return NO_PLAN
    if one.id not in _FROM:
        return None
    if one.basis == "cumulative" and not quarters:
        return NOT_STARTED
    if one.id in ("people_needed_per_quarter", "full_year_projection") and quarters == 4:
        return YEAR_OVER
    source = around.entries.get(_FROM[one.id])
    if (line.unit, _FROM[one.id]) not in around.have or one.id == "certified_share_of_trained":
        return needs(source.label) if source else NOT_REPORTED
    if one.id == "full_year_projection":
        return NO_PAST
    if one.id == "index_same_period":
        return NO_LAST_YEAR
    return PLACE_ONLY if one.basis == "stock" and not at_place else NO_PLAN


def _asked(unit: str, one: Entry, net: Network) -> bool:
    """Whether a unit sends an indicator, itself or through its institutions."""
    kind = net.kind.get(unit, "")
    wanted = {net.body_kinds.get(sender, "") for sender in one.senders} - {""}
    if unit in one.senders or kind in wanted or "all" in one.senders:
        return True
    return kind == "district" and "institution" in wanted


def _not_averaged(one: Entry, result: Resolved) -> Text | None:
    """Units told rates, and the place has none of its own."""
    if one.over_units not in ("ratio_of_sums", "not_aggregable") or one.measure != "percent":
        return None
    mine = result.figures[(result.figures["indicator"] == one.id) & result.figures["now"].notna()]
    if len(mine) < 2:
        return None
    return not_averaged(
        mine["unit"].nunique(), float(mine["now"].min()), float(mine["now"].max()), one.formula
    )


def not_due(periods: tuple[str, ...]) -> Text:
    """The indicator is not sent at this cut-off."""
    vi, en = (" / ".join(_OFTEN[one].get(lang) for one in periods if one in _OFTEN) for lang in ("vi", "en"))
    return Text(f"chưa đến kỳ báo cáo (gửi {vi})", f"not due at this cut-off (sent {en})")


def other_definition(base: str, concept: str, value: float, period: str) -> Text:
    """There are figures, but on another definition."""
    named = "/".join(part for part in (base, concept) if part)
    return Text(
        f"chỉ có số theo khái niệm khác ({named}): {number(value, 'vi')} ({short_period(period, 'vi')})",
        f"figures follow another definition only ({named}): {number(value, 'en')} ({short_period(period, 'en')})",
    )


def not_averaged(units: int, low: float, high: float, formula: Text) -> Text:
    """Units reported percentages; the parts that would give the province's are not there."""
    return Text(
        f"{units} đơn vị báo tỷ lệ (từ {percent(low, 'vi')} đến {percent(high, 'vi')}); tỷ lệ không được bình quân, "
        f"cần tử số và mẫu số ({formula.vi})",
        f"{units} units reported rates ({percent(low, 'en')} to {percent(high, 'en')}); rates are not averaged, the "
        f"parts are needed ({formula.en})",
    )


def partial(reported: int, expected: int, names: tuple[Text, ...]) -> Text:
    """A sum that lacks units."""
    lacks = expected - reported
    few_vi, few_en = (_few([one.get(lang) for one in names], lang) for lang in ("vi", "en"))
    return Text(f"thiếu {lacks}/{expected} đơn vị: {few_vi}", f"lacks {lacks} of {expected} units: {few_en}")


def _few(names: list[str], lang: str) -> str:
    return listed(first_of(names, _NAMED, lang), lang) if len(names) > _NAMED else ", ".join(names)


def older(period: str) -> Text:
    """A level that was last reported earlier."""
    return Text(
        f"số của {short_period(period, 'vi')}, sau đó chưa có số mới",
        f"figure of {short_period(period, 'en')}, none later",
    )


def fewer_compared(paired: int, reported: int) -> Text:
    """The comparison with last year rests on fewer units than the sum."""
    return Text(
        f"so sánh với năm trước trên {paired}/{reported} đơn vị có đủ hai số",
        f"compared with the year before over the {paired} of {reported} units that have both figures",
    )


def needs(labels: Text) -> Text:
    """A figure that would be worked out from another which is missing."""
    return Text(f"chưa có số để tính: {labels.vi}", f"cannot be worked out without: {labels.en}")


def past_shares(low: float, high: float, years: int) -> Text:
    """How the estimate of the full year was made."""
    return Text(
        f"theo tỷ phần lũy kế cùng kỳ của {years} năm trước; khoảng {number(low, 'vi', 0)} - {number(high, 'vi', 0)}",
        f"by the share done at this date in {years} past years; {number(low, 'en', 0)} to {number(high, 'en', 0)}",
    )


def quotas(total: float, target: float | None) -> Text:
    """Whether the quotas add up."""
    if target is None:
        return Text("cộng chỉ tiêu đã giao", "sum of the quotas assigned")
    left = total - target
    if left == 0:
        return Text("khớp với kế hoạch", "agrees with the plan")
    vi, en = number(abs(left), "vi", 0), number(abs(left), "en", 0)
    return (
        Text(f"giao vượt kế hoạch {vi}", f"{en} more than the plan were assigned")
        if left > 0
        else Text(f"còn {vi} chưa giao", f"{en} of the plan were not assigned")
    )


def stock_differs(difference: float) -> Text:
    """A reported stock against the identity."""
    vi, en = number(abs(difference), "vi", 0), number(abs(difference), "en", 0)
    if difference > 0:
        return Text(f"lệch cân đối: thừa {vi} người", f"{en} more than the identity of the stock gives")
    return Text(f"lệch cân đối: thiếu {vi} người", f"{en} fewer than the identity of the stock gives")


def stocks_differ(units: int) -> Text:
    """How many units' stocks disagree with their own flows."""
    return Text(
        f"{units} đơn vị lệch cân đối giữa số đang học và tuyển mới, tốt nghiệp, thôi học",
        f"in {units} {'unit' if units == 1 else 'units'} the stock disagrees with enrolled, graduated and dropped out",
    )


def joined(parts: list[Text]) -> Text:
    """Several reasons as one."""
    return Text("; ".join(one.vi for one in parts), "; ".join(one.en for one in parts))
