"""Why a row of the table has no figure, or what must be known beside the figure it has."""

from __future__ import annotations

from vetanalysis.blocks import Text
from vetanalysis.language.numbers import number, percent, short_period

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
    few_vi, few_en = (", ".join(one.get(lang) for one in names[:5]) for lang in ("vi", "en"))
    more = len(names) - 5
    vi = f"thiếu {lacks}/{expected} đơn vị: {few_vi}" + (f" và {more} đơn vị khác" if more > 0 else "")
    en = f"lacks {lacks} of {expected} units: {few_en}" + (f" and {more} more" if more > 0 else "")
    return Text(vi, en)


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
