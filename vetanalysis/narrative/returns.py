"""Sentences about the returns: who has reported and when, how much of the plan that is, what was found, whom to ask.

The facts come from the ledger of returns; names of units are worded by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vetanalysis.blocks import LANGUAGES, Sentence, Text
from vetanalysis.language import numbers
from vetanalysis.narrative.sentence import first_of, known, listed, say

NAMES_SHOWN = 5
_OTHERS = Text("đơn vị khác", "others")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How the returns of one period came in.

    `names`: every unit that must report, already worded. `on_time`: how many came by their deadline; `late`:
    (unit, days after its deadline); `undated`: how many came on an unknown day. `missing`, `refused` and `not_due`:
    the units without a usable return, by reason. `deadlines`: the ISO days on which returns were due; `until`:
    the ISO day on which this is seen, "" for everything that came.
    """

    period: str
    names: tuple[str, ...]
    on_time: int = 0
    late: tuple[tuple[str, int], ...] = ()
    undated: int = 0
    missing: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    not_due: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    until: str = ""

    @property
    def due(self) -> int:
        """How many units must report."""
        return len(self.names)

    @property
    def received(self) -> int:
        """How many usable returns came."""
        return self.on_time + len(self.late) + self.undated


def arrived(one: Arrivals, lang: str) -> Sentence:
    """How many returns came, in time or late and by how much; a single unit is called by its name."""
    if one.due == 1:
        text = _single(one, lang)
    elif not one.received:
        text = _none(one)
    else:
        text = _several(one, lang)
    facts = {"due": one.due, "received": one.received, "on_time": one.on_time, "late": dict(one.late)}
    return say(f"returns.{one.period}.arrived", lang, _seen(one, text), **facts)


def outstanding(one: Arrivals, lang: str) -> Sentence | None:
    """The units whose return is missing or was sent back; None when all is there, or with a single unit."""
    if one.due <= 1 or not one.received or not (one.missing or one.refused):
        return None
    period = numbers.short_period(one.period, lang)
    parts = []
    if one.missing:
        parts.append(Text("chưa gửi", "not received from").get(lang) + f": {some(one.missing, lang)}")
    if one.refused:
        words = Text("phải gửi lại vì có lỗi", "to be sent again because of errors")
        parts.append(f"{words.get(lang)}: {some(one.refused, lang)}")
    said = "; ".join(parts)
    text = Text(f"báo cáo {period} {said}.", f"returns {period} {said}.")
    facts = {"missing": len(one.missing), "refused": len(one.refused)}
    return say(f"returns.{one.period}.outstanding", lang, text, **facts)


def covered(row: Mapping[str, float], lang: str) -> Sentence | None:
    """The part of the quotas that has reported (a row of the ledger's coverage); None without quotas or reports."""
    due, told = row["quota_due"], row["quota_reported"]
    if not known(due) or not due or not told:
        return None
    share, all_of_it = numbers.percent(row["quota_percent"], lang), round(told) == round(due)
    total = numbers.people(due, lang)
    if all_of_it:
        text = Text(
            f"các đơn vị đã báo cáo được giao toàn bộ {total} của chỉ tiêu.",
            f"the units that reported hold the whole quota of {total}.",
        )
    else:
        part = numbers.number(told, lang, 0)
        text = Text(
            f"các đơn vị đã báo cáo được giao {part} trong số {total} của chỉ tiêu ({share}).",
            f"the units that reported hold {part} of the {total} of the quotas ({share}).",
        )
    return say(f"returns.{row['period']}.covered", lang, text, quota_due=due, quota_reported=told)


def found(errors: int, warnings: int, notes: int, settled: int, elsewhere: int, lang: str) -> Sentence:
    """What the checks found and is still open, what a later file settled, what lies in other years' files."""
    counted = [
        Text(f"{count} {vi}", _many(count, en))
        for count, vi, en in (
            (errors, "lỗi", "error"),
            (warnings, "cảnh báo", "warning"),
            (notes, "lưu ý", "note"),
        )
        if count
    ]
    if errors or warnings:
        vi, en = (listed([one.get(lang) for one in counted], lang) for lang in LANGUAGES)
        text = Text(f"kiểm tra thấy {vi} cần xem.", f"the checks found {en} to look at.")
    elif notes:
        text = Text(
            f"kiểm tra không thấy lỗi hay cảnh báo nào; có {notes} lưu ý.",
            f"the checks found no error and no warning; {_many(notes, 'note')}.",
        )
    else:
        text = Text("kiểm tra không thấy vấn đề gì.", "the checks found nothing.")
    told = [text]
    if settled:
        told.append(
            Text(
                f"{settled} phát hiện khác nằm trong tệp đã có bản gửi lại thay thế.",
                f"{_many(settled, 'other finding')} {'is' if settled == 1 else 'are'} in files that a later one "
                "replaced.",
            )
        )
    if elsewhere:
        told.append(
            Text(
                f"Ngoài ra có {elsewhere} lỗi, cảnh báo ở tệp của kỳ khác.",
                f"{_many(elsewhere, 'more error or warning', 'more errors or warnings')} in files of other periods.",
            )
        )
    whole = Text(" ".join(one.vi for one in told), " ".join(one.en for one in told))
    facts = {"errors": errors, "warnings": warnings, "notes": notes, "settled": settled}
    return say("returns.found", lang, whole, **facts)


def to_phone(units: Sequence[str], lang: str) -> Sentence:
    """How many units must be phoned, and which."""
    if not units:
        return say(
            "returns.phone", lang, Text("không cần gọi đơn vị nào.", "nobody needs to be phoned."), units=0
        )
    names = some(units, lang)
    count = len(units)
    verb = "is" if count == 1 else "are"
    text = Text(f"cần gọi {count} đơn vị: {names}.", f"{_many(count, 'unit')} {verb} to be phoned: {names}.")
    return say("returns.phone", lang, text, units=count)


def corrected(name: str, period: str, files: int, changed: int, lang: str) -> Sentence:
    """A unit sent more than one file for a period: how many figures differ between the last two."""
    when = numbers.period_name(period, lang)
    if changed:
        tail = Text(f"{changed} số liệu thay đổi", f"{_many(changed, 'figure')} changed")
    else:
        tail = Text("không có số liệu nào thay đổi", "no figure changed")
    text = Text(
        f"{name} gửi {files} tệp cho {when}; giữa hai tệp đọc được sau cùng {tail.vi}.",
        f"{name} sent {files} files for {when}; between the last two that can be read, {tail.en}.",
    )
    return say(f"returns.{period}.corrected", lang, text, files=files, changed=changed)


def nothing_sent_again(lang: str) -> Sentence:
    """No unit sent a period more than once."""
    text = Text("không có đơn vị nào gửi lại báo cáo.", "no unit has sent a return again.")
    return say("returns.corrected.none", lang, text)


def no_returns(lang: str, left_out: bool = False) -> Sentence:
    """There are no returns to speak of: none were ever received for the plan, or they were left out on request."""
    if left_out:
        text = Text(
            "báo cáo của các đơn vị được để ngoài theo yêu cầu.", "the units' returns were left out as asked."
        )
    else:
        text = Text(
            "chưa nhận báo cáo nào của các đơn vị cho kế hoạch này: phân tích chỉ dựa trên số liệu đã công bố.",
            "no unit's return has been received for this plan: the analyses rest on published figures alone.",
        )
    return say("returns.none", lang, text)


def nothing_due(period: str, lang: str) -> Sentence:
    """No unit has to report at this cut-off."""
    when = numbers.period_name(period, lang)
    text = Text(f"{when} không có đơn vị nào phải gửi báo cáo.", f"at {when}, no unit has to report.")
    if not period.endswith("start"):
        text = Text(f"không có đơn vị nào phải báo cáo {when}.", f"no unit has to report for {when}.")
    return say(f"returns.{period}.nothing_due", lang, text)


def some(names: Sequence[str], lang: str) -> str:
    """Names in a list, the first few when there are many: "a, b và 12 đơn vị khác"."""
    if len(names) <= NAMES_SHOWN + 1:
        return listed(list(names), lang)
    return listed(first_of(names, NAMES_SHOWN, lang, _OTHERS), lang)


def days_late(days: int, lang: str) -> str:
    """ "11 ngày", "1 day", "11 days"."""
    return Text(f"{days} ngày", _many(days, "day")).get(lang)


def _single(one: Arrivals, lang: str) -> Text:
    name, (vi, en) = one.names[0], _period(one)
    if one.late:
        days = one.late[0][1]
        return Text(
            f"{name} đã gửi báo cáo {vi}, muộn {days} ngày.",
            f"{name} has sent its return for {en} {_many(days, 'day')} late.",
        )
    if one.on_time:
        return Text(f"{name} đã gửi báo cáo {vi} đúng hạn.", f"{name} has sent its return for {en} on time.")
    if one.undated:
        return Text(
            f"{name} đã gửi báo cáo {vi}, không rõ ngày nhận.",
            f"{name} has sent its return for {en}; the day is unknown.",
        )
    due = _deadline(one, lang)
    if one.refused:
        return Text(
            f"báo cáo {vi} của {name} có lỗi nên phải gửi lại{due}.",
            f"the return of {name} for {en} holds errors and must be sent again{due}.",
        )
    if one.not_due:
        return Text(f"{name} chưa đến hạn báo cáo {vi}{due}.", f"{name} need not report for {en} yet{due}.")
    return Text(f"{name} chưa gửi báo cáo {vi}{due}.", f"{name} has not sent its return for {en}{due}.")


def _none(one: Arrivals) -> Text:
    vi, en = _period(one)
    if len(one.not_due) == one.due:
        return Text(
            f"chưa đến hạn báo cáo {vi}; chưa đơn vị nào trong {one.due} đơn vị gửi.",
            f"returns for {en} are not due yet; none of the {one.due} units has sent one.",
        )
    back = len(one.refused)
    if back:
        return Text(
            f"chưa đơn vị nào trong {one.due} đơn vị có báo cáo {vi} dùng được; {back} báo cáo phải gửi lại vì có lỗi.",
            f"none of the {one.due} units has a usable return for {en}; {_many(back, 'return')} must be sent again.",
        )
    return Text(
        f"chưa đơn vị nào trong {one.due} đơn vị gửi báo cáo {vi}.",
        f"none of the {one.due} units has sent its return for {en}.",
    )


def _several(one: Arrivals, lang: str) -> Text:
    vi, en = _period(one)
    if one.received == one.due:
        whole = Text(
            f"cả {one.due} đơn vị đã gửi báo cáo {vi}", f"all {one.due} units have sent their return for {en}"
        )
    else:
        whole = Text(
            f"{one.received}/{one.due} đơn vị đã gửi báo cáo {vi}",
            f"{one.received} of {one.due} units have sent their return for {en}",
        )
    how = _in_time(one, lang)
    return Text(f"{whole.vi}{how.vi}.", f"{whole.en}{how.en}.")


def _in_time(one: Arrivals, lang: str) -> Text:
    if one.on_time == one.received:
        return Text(", tất cả đúng hạn", ", all on time")
    parts = [Text(f"{one.on_time} đúng hạn", f"{one.on_time} on time")] if one.on_time else []
    if len(one.late) == 1:
        name, days = one.late[0]
        parts.append(Text(f"1 muộn là {name} ({days} ngày)", f"1 late, {name} ({_many(days, 'day')})"))
    elif one.late:
        name, days = max(one.late, key=lambda unit: unit[1])
        count = len(one.late)
        parts.append(
            Text(
                f"{count} muộn, muộn nhất là {name} ({days} ngày)",
                f"{count} late, the latest {name} ({_many(days, 'day')})",
            )
        )
    if one.undated:
        parts.append(Text(f"{one.undated} không rõ ngày nhận", f"{one.undated} on an unknown day"))
    return Text(
        ": " + listed([part.vi for part in parts], "vi"), ": " + listed([part.en for part in parts], "en")
    )


def _seen(one: Arrivals, text: Text) -> Text:
    if not one.until:
        return text
    vi, en = numbers.short_date(one.until, "vi"), numbers.short_date(one.until, "en")
    return Text(f"đến hết ngày {vi}, {text.vi}", f"by {en}, {text.en}")


def _period(one: Arrivals) -> tuple[str, str]:
    return numbers.period_name(one.period, "vi"), numbers.period_name(one.period, "en")


def _deadline(one: Arrivals, lang: str) -> str:
    if not one.deadlines:
        return ""
    day = numbers.short_date(max(one.deadlines), lang)
    return Text(f"; hạn gửi là ngày {day}", f"; it {'is' if one.not_due else 'was'} due on {day}").get(lang)


def _many(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
