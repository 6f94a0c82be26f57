"""The rules of checking: what each holds, how severe a breach is, whether it is on, and what to do about it.

Rules of theme "file" and "figures" look at one file alone; an error among them refuses the file. Rules of theme
"together" hold files against each other, against the plan and against earlier periods; they never refuse a file,
because a file cannot be at fault for what another one says. Every rule can be switched off by its name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.returns.rules import READING_RULES


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of checking. `on`: whether it is applied unless told otherwise; `says` is what must hold."""

    id: str
    theme: str
    severity: str
    says: Text
    remedy: Text
    on: bool = True


def _rule(
    id: str, theme: str, severity: str, says: tuple[str, str], remedy: tuple[str, str], on: bool = True
) -> Rule:
    return Rule(id, theme, severity, Text(*says), Text(*remedy), on)


RULES: tuple[Rule, ...] = (
    _rule("unit-differs", "file", "error",
          ("đơn vị ghi trong tệp là đơn vị ghi ở tên tệp", "the unit in the file is the one in its name"),
          ("đặt lại tên tệp hoặc sửa tên đơn vị trong biểu", "rename the file or correct the unit in the form")),
    _rule("period-differs", "file", "error",
          ("kỳ báo cáo trong tệp là kỳ của thư mục", "the period in the file is that of its folder"),
          ("chuyển tệp về đúng thư mục kỳ hoặc sửa kỳ trong biểu",
           "move the file to the folder of its period or correct the period in the form")),
    _rule("window-differs", "file", "error",
          ("thời gian tính số liệu là thời gian của kỳ theo kế hoạch",
           "the days counted are those of the period in the plan"),
          ("tính lại số liệu theo đúng thời gian của kỳ", "count again over the days of the period")),
    _rule("illustrative-in-real", "file", "error",
          ("không có số liệu minh họa trong kế hoạch thật", "no illustrative figures in a real plan"),
          ("đưa tệp ra khỏi thư mục này", "take the file out of this folder")),
    _rule("real-in-illustrative", "file", "error",
          ("không có số liệu thật trong kế hoạch minh họa", "no real figures in an illustrative plan"),
          ("chuyển tệp về thư mục của kế hoạch thật", "move the file to the folder of the real plan")),
    _rule("not-a-sender", "file", "warning",
          ("đơn vị gửi thuộc diện phải báo cáo kỳ này", "the sender is one of those that must report for the period"),
          ("kiểm tra đơn vị và kỳ; số liệu vẫn được tính", "check unit and period; the figures still count")),
    _rule("no-received-day", "file", "warning",
          ("tên tệp ghi ngày nhận", "the file name states the day it was received"),
          ("đặt tên tệp dạng 178__2023-09-20.xlsx", "name the file like 178__2023-09-20.xlsx")),
    _rule("received-early", "file", "warning",
          ("tệp nhận sau ngày chốt số liệu", "the file came after the last day counted"),
          ("hỏi lại: số liệu có thể chưa đủ kỳ hoặc là số ước", "ask: the figures may be incomplete or an estimate")),
    _rule("same-day", "file", "error",
          ("mỗi đơn vị và kỳ chỉ có một tệp khác nội dung trong một ngày",
           "a unit sends one content per period and day"),
          ("hỏi đơn vị tệp nào đúng rồi bỏ tệp kia hoặc sửa ngày nhận ở tên tệp; chưa tệp nào được tính",
           "ask which one is right and remove the other or correct the day in its name; neither counts until then")),
    _rule("same-content", "file", "warning",
          ("hai tệp không trùng hoàn toàn", "no two files are the same byte for byte"),
          ("bỏ bớt một tệp, hoặc kiểm tra có gửi nhầm tệp không",
           "remove one, or see whether the wrong file was sent")),
    _rule("negative", "figures", "error",
          ("số liệu không âm", "no figure is negative"),
          ("kiểm tra lại con số", "check the figure")),
    _rule("above-100-percent", "figures", "error",
          ("tỷ lệ không quá 100 %", "a rate is at most 100 %"),
          ("kiểm tra dấu thập phân", "check the decimal point")),
    _rule("not-whole", "figures", "warning",
          ("số người, số lớp là số nguyên", "people, classes and other counts are whole"),
          ("kiểm tra dấu phân cách và đơn vị tính", "check the separator and the unit of measure")),
    _rule("measures-mixed", "figures", "error",
          ("mỗi chỉ tiêu dùng một đơn vị tính, đúng đơn vị của kế hoạch",
           "one unit of measure per quantity, and the one the plan gives it"),
          ("ghi lại theo một đơn vị tính", "write all of it in one unit of measure")),
    _rule("enrolments-as-people", "figures", "error",
          ("lượt người không ghi vào chỗ số người", "enrolments (lượt) do not stand for people"),
          ("đếm số người: một người học nhiều lớp chỉ tính một lần",
           "count people: a person in several classes counts once")),
    _rule("same-figure-twice", "figures", "error",
          ("mỗi số liệu chỉ ghi một lần trong tệp", "a figure stands once in a file"),
          ("giữ một ô", "keep one cell")),
    _rule("part-above-whole", "figures", "error",
          ("bộ phận không lớn hơn tổng số (nữ, đối tượng, nông thôn so với tổng)",
           "a part is not above its whole (women, a group, rural people against the total)"),
          ("sửa bộ phận hoặc tổng số", "correct the part or the total")),
    _rule("certified-above-trained", "figures", "error",
          ("số có bằng, chứng chỉ không lớn hơn số qua đào tạo; có việc làm không lớn hơn số theo dõi, tốt nghiệp",
           "certified is not above trained; employed not above followed, followed not above graduated"),
          ("kiểm tra cả hai số", "check both figures")),
    _rule("parts-and-total", "figures", "warning",
          ("các phần cộng lại bằng tổng số (trình độ, giới tính, nghề)",
           "parts that do not overlap add up to the total (levels, sexes, trades)"),
          ("kiểm tra các phần và tổng số", "check the parts and the total")),
    _rule("groups-added", "figures", "warning",
          ("các đối tượng trùng nhau không được cộng thành tổng số",
           "overlapping groups are not added up to a total"),
          ("lập lại tổng số: đếm mỗi người một lần", "make the total again: count each person once")),
    _rule("stock-identity", "figures", "warning",
          ("đang học cuối kỳ = đang học đầu năm + tuyển mới - tốt nghiệp - thôi học",
           "in training at the end = at the start + new - graduated - dropped out"),
          ("kiểm tra bốn số, hoặc nêu lý do ở trang Giải trình",
           "check the four figures, or explain on the sheet Giải trình")),
    _rule("commune-quotas", "figures", "warning",
          ("chỉ tiêu giao cho các xã cộng lại bằng chỉ tiêu của huyện",
           "commune quotas add up to the district's quota"),
          ("điều chỉnh chỉ tiêu giao cho xã", "correct the quotas given to communes")),
    _rule("all-zero", "figures", "warning",
          ("không báo cáo toàn số 0 (không có thì ghi 0, chưa có thì để trống)",
           "not every figure is zero (nothing happened is 0, not yet known is blank)"),
          ("hỏi lại: không phát sinh hay chưa có số liệu?", "ask: did nothing happen, or is nothing known yet?")),
    _rule("not-reported", "figures", "info",
          ("mọi chỉ tiêu phải báo cáo đều có ít nhất một số", "every quantity owed has at least one figure"),
          ("hỏi lại các chỉ tiêu để trống; trống không được tính là 0",
           "ask for what is blank; blank is never counted as 0")),
    _rule("cumulative-falls", "together", "warning",
          ("số lũy kế không giảm so với kỳ trước trong năm", "a cumulative count does not fall within the year"),
          ("hỏi lại: kỳ này hay kỳ trước sai; nếu là sửa số cũ thì gửi lại kỳ trước",
           "ask which of the two is wrong; where the old one was, send that period again")),
    _rule("ten-times", "together", "warning",
          ("số liệu không gấp (hoặc bằng một phần) 10, 100, 1.000 lần kỳ trước hoặc cùng kỳ",
           "a figure is not ten, a hundred or a thousand times (or a fraction of) last time's or last year's"),
          ("kiểm tra dấu chấm, dấu phẩy và đơn vị tính", "check points, commas and the unit of measure")),
    _rule("no-longer-reported", "together", "warning",
          ("chỉ tiêu đã báo cáo kỳ trước vẫn được báo cáo kỳ này", "what was reported last time is reported again"),
          ("hỏi lại: để trống không phải là 0", "ask: blank is not zero")),
    _rule("start-stock", "together", "warning",
          ("đang học đầu năm bằng đang học cuối năm trước đã báo cáo",
           "in training at the start equals what was reported at the end of the year before"),
          ("thống nhất hai số", "make the two agree")),
    _rule("district-below-institutions", "together", "warning",
          ("số của huyện không nhỏ hơn tổng các cơ sở trực thuộc",
           "a district is not below the sum of its institutions"),
          ("bổ sung lớp còn thiếu vào số của huyện", "add the missing classes to the district's figure")),
    _rule("same-class", "together", "info",
          ("lớp do cả huyện và cơ sở trực thuộc báo cáo chỉ tính một lần",
           "a class told by a district and by an institution under it counts once"),
          ("chỉ cộng số của huyện; không cộng thêm số của cơ sở trực thuộc",
           "add the district's figure only, never its institutions' on top")),
    _rule("same-class-elsewhere", "together", "warning",
          ("huyện không báo cáo lớp của cơ sở trực thuộc tỉnh",
           "a district does not report classes of a provincial institution"),
          ("hỏi hai đơn vị lớp do ai mở; chỉ một đơn vị báo cáo",
           "ask who ran the class; only one of the two reports it")),
    _rule("far-above-quota", "together", "warning",
          ("số tuyển mới không quá ba lần chỉ tiêu năm", "new enrolments are not above three times the year's quota"),
          ("kiểm tra con số và chỉ tiêu", "check the figure and the quota")),
    _rule("quota-sum", "together", "warning",
          ("chỉ tiêu giao cho các đơn vị cộng lại bằng chỉ tiêu của kế hoạch",
           "the units' quotas add up to the plan's target"),
          ("điều chỉnh quotas.csv hoặc quyết định giao chỉ tiêu", "correct quotas.csv or the decision on quotas")),
)  # fmt: skip

BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}


def broken(
    rule_id: str, file: str, place: str, what: Text, *, sheet: str = "", severity: str = ""
) -> Finding:
    """A finding of one of `RULES`; `severity` only where it differs from the rule's own."""
    rule = BY_ID[rule_id]
    return Finding(severity or rule.severity, file, place, rule_id, what, rule.remedy, sheet)


def switched_off(without: Collection[str] = ()) -> frozenset[str]:
    """The names of the rules not applied: those off by default and those named; WrongCall for an unknown name."""
    known = {*BY_ID, *READING_RULES}
    unknown = sorted(set(without) - known)
    if unknown:
        raise WrongCall(f"no rule {', '.join(unknown)}; rules are {', '.join(sorted(known))}")
    return frozenset(without) | {rule.id for rule in RULES if not rule.on}
