"""What the words of a foreign table say: the label of a row, the head of a column, the lines above it.

A label is the sender's result only where nothing in it says otherwise: a plan, a comparison, another period are read
for what they are (`ASIDE`: what a return does not give) or, where that is not certain, told (`UNCLEAR`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.periods import parse_cutoff
from vetanalysis.returns.above import SENSES
from vetanalysis.returns.draft import RATES, Context, is_total, periods_in, read_period
from vetanalysis.returns.lists import by_unit
from vetanalysis.returns.names import fold
from vetanalysis.returns.units_of_measure import one_of

ASIDE = frozenset({"plan", "previous", "derived", "ahead"})
UNCLEAR = frozenset({"need", "negated", "other", "unclear", "several"})
_NO_RESULT = ("need", "negated", "other")
_BEFORE_RESULTS = ("share", "derived", "same_period", "previous")  # "thực hiện cùng kỳ" is of the year before
_SAYS_NOTHING = ("told", "body", "trade")
_ONE_VALUE = ("indicator", *BREAKDOWNS)
_ONE_MONTH = re.compile(r"\b(?<!den )(?<!het )thang (?:\d{1,2}|nay|bao cao)\b")
_WHOLE_YEAR = re.compile(  # not "cả nam và nữ"
    r"\b(?:ca nam(?! (?:va )?nu\b)|12 thang|het nam|(?:uoc|du kien|den)(?: \w+){0,3} cuoi nam)\b"
    r"|\bden (?:het )?(?:ngay )?31 12\b"
)
_LENGTH = re.compile(  # "Sơ cấp (từ 3 đến 12 tháng)", "có việc làm trong vòng 12 tháng"
    r"\b(?:từ \d\d?(?: tháng)?|\d ?[-–]|(?:đến|tới)(?: dưới)?|dưới|trên) ?\d\d? tháng\b(?! (?:đầu|năm))"
    r"|\b\d\d? tháng trở (?:lên|xuống)\b|\b(?:trong 12|(?:trong vòng|sau) \d\d?) tháng\b(?! (?:đầu|năm))",
    re.IGNORECASE,
)
_BARE_MONTHS = re.compile(r"\b\d\d? thang\b(?! (?:dau|nam|(?:19|20)\d\d))")
_ESTIMATED = re.compile(r"\b(?:uoc|du kien)\b")
_SENDER = re.compile(r"^(?:đơn vị(?: báo cáo)?|tên đơn vị)\s*:\s*", re.IGNORECASE)
_SCHOOL = re.compile(r"\b(?:trường|trung tâm) (?:cao đẳng|trung cấp|CĐ|TC)\b", re.IGNORECASE)  # no level
_DECISION = re.compile(
    r"\b(?:quyet dinh|thong tu|nghi quyet|nghi dinh|cong van|ke hoach so(?= ?\d)|\d+ (?:kh|qd|bc|nq|cv|tb))\b"
)
# What a title says of another time: "Kết quả năm 2023, phương hướng quý I năm 2024", "9 tháng so với năm 2022"
_AHEAD = re.compile(
    r"\b(?<!thuc hien )(?:phuong huong|nhiem vu|du kien|so voi|so sanh|ke hoach (?=nam|quy|\d)).*"
)
_WITHOUT = re.compile(
    r"(?<!\w)(?:không|chưa) (?:kể|tính|bao gồm|gồm)(?!\w)(?: cả| đến)?([^)\],;]*)", re.IGNORECASE
)
_NUMBER_OF = re.compile(r"^chỉ tiêu(?: số)? \d+\s*[:.\-)]?\s*", re.IGNORECASE)
_NUMBER = re.compile(
    r"\b\d\d? tháng(?: đầu năm)?\b|\d|^\W*(?:tổng )?(?:số(?: lượng| tiền| vốn)?|kinh phí|giá trị)(?!\w)",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(r"^\s*((?:19|20)\d\d)(?:\.0)?\s*$")
_NUMBERING = re.compile(r"^[\s\-+•*\d.)]+")
Now = tuple[str, bool]  # the period of a table, and whether it is a quarter alone


def units_alike(labels: Iterable[str], context: Context, sender: str = "") -> dict[str, str]:
    """The units of names that several go by: that below the `sender`, or where most names of a table are of one kind.

    "Xã Tân Thành" is that of the district that reports. "Lạng Sơn" among districts is the city, not the province; not
    where another row names the city in full.
    """
    kinds, parents = by_unit(context.plan, "kind"), by_unit(context.plan, "parent")
    bare = {_NUMBERING.sub("", label) for label in labels}
    named = {name: context.names.find(name) for name in bare if name}
    own = {name: [code for code in some if parents[code] == sender] for name, some in named.items()}
    below = {name: some[0] for name, some in own.items() if len(some) == 1 and len(named[name]) > 1}
    return _of_one_kind(bare, kinds, context) | below


def _of_one_kind(bare: Iterable[str], kinds: Mapping[str, str], context: Context) -> dict[str, str]:
    codes = {name: context.names.short(name) for name in bare if name}
    counted = Counter(kind for some in codes.values() for kind in {kinds[code] for code in some})
    usual = counted.most_common(2)
    if not usual or (len(usual) == 2 and usual[0][1] == usual[1][1]):
        return {}
    taken = {code for some in codes.values() for code in some if len(some) == 1}
    alike = {name: {code for code in some if kinds[code] == usual[0][0]} for name, some in codes.items()}
    return {name: min(some) for name, some in alike.items() if len(some) == 1 and not some & taken}


def row_meaning(
    label: str, context: Context, now: Now, alike: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What a row label says: a unit, or the words of an indicator, a level, a group ..., and of when they are.

    `alike`: see `units_alike`. A body that the plan does not know ("Hội Phụ nữ huyện") says nothing: no word of its
    name is meant.
    """
    label = _NUMBER_OF.sub(
        "", left_out(label, context)[0]
    )  # "Chỉ tiêu 1: Số người tuyển mới" is one of a list
    bare = _NUMBERING.sub("", label)
    unit = (alike or {}).get(bare) or context.unit_in(bare) or context.unit_in(label)
    if unit:
        return {"unit": unit}
    if names_body(bare, context):
        return {}
    said = said_in(label, context)
    trade = next(context.labels.parts(bare), None) == ("role", "trade")
    if trade and not said.keys() & {"indicator", *BREAKDOWNS}:
        return {"role": "trade"}  # "Nghề may công nghiệp", not "Nghề trình độ sơ cấp"
    role = said.pop("role", "")
    if role == "plan" and _DECISION.search(fold(label)):
        role = ""  # "theo Kế hoạch số 12/KH-UBND"
    begins = next(context.labels.parts(bare), None) == ("role", role)
    if role == "plan" and (not begins or ("role", "actual") in context.labels.hits(label)):
        role = "unclear"  # "đạt 80% kế hoạch"
    if role == "derived" and re.search(r"\(|\d ?%", label):
        role = "unclear"  # "Tuyển mới (so với cùng kỳ tăng 5%)"
    if role == "share" and not context.is_rate(said.get("indicator", "")):
        return {}  # a share of something is not the thing
    if role in ("actual", *ASIDE, *UNCLEAR):
        said["role"] = role
    if said.get("basis") == "stock" or (said.get("basis") == "period" and "quy" not in fold(label).split()):
        del said["basis"]  # "trong kỳ" is the period of the report, whatever that is
    if _ESTIMATED.search(fold(label)) and not context.labels.covers(label):
        said["status"] = "estimate"
    return said | _when(label, {**said, "role": role}, now, context)


def names_body(label: str, context: Context) -> bool:
    """Whether a label begins as the name of a body does ("Trung tâm ...", "Hội ...")."""
    return next(context.labels.parts(_NUMBERING.sub("", label)), None) == ("role", "body")


def columns_of_trades(headers: Mapping[int, list[str]], context: Context) -> set[int]:
    """The columns that have trades for their head ("Nghề đào tạo")."""
    heads = {column: next(context.labels.parts(head[-1]), None) for column, head in headers.items() if head}
    return {column for column, first in heads.items() if first == ("role", "trade")}


def names_of_trades(names: Iterable[str], context: Context, now: Now) -> Iterator[str]:
    """Those of the names in such columns that are of trades: they say nothing else ("Hàn"), and are no totals."""
    told = (name for name in names if name and not is_total(name))
    return (name for name in told if row_meaning(name, context, now).keys() <= {"role"})


def left_out(label: str, context: Context) -> tuple[str, str]:
    """A label without what it says is left out ("không kể liên kết"), and that: what is counted is still its thing.

    Not where a part is left out that figures are asked of ("không kể dưới 3 tháng"): the rest is then no whole.
    """
    found = _WITHOUT.search(label)
    parts = found and [name for name, _ in context.labels.hits(found[1]) if name not in ("role", "measure")]
    if not found or parts or not found[1].strip():
        return label, ""
    return label.replace(found[0], "").replace("()", "").strip(" ,;"), found[0].strip()


def is_ahead(named: str, period: str) -> bool:
    """Whether a period ends after that of the return: what is said of it is no result yet."""
    return bool(named and period) and parse_cutoff(named).end > parse_cutoff(period).end


def _when(label: str, said: Mapping[str, str], now: Now, context: Context) -> dict[str, str]:
    """The period that a row label names besides that of its table; unclear for a bare year that is another one."""
    period, alone = now
    text = _BARE_MONTHS.sub(" ", fold(label))  # "sơ cấp từ 3 đến 12 tháng" is a length
    if _ONE_MONTH.search(text):
        return {"role": "unclear"}
    named = read_period([text], period[:4])
    if not named and _WHOLE_YEAR.search(text) and not context.labels.covers(label):
        named = f"{period[:4]}-FY", False  # "Tuyển mới, ước cả năm"
    if named and _is_for_its_year(said, named[0], period):
        return {}
    if said["role"] == "same_period":
        year = named[0][:4] if named else str(int(period[:4] or 1) - 1)
        return {"period": year + period[4:], "alone": "1" if alone else ""} if period else {"role": "unclear"}
    if not named:
        return {}
    if _bare_year(named, [text]) and period[5:] != "FY":
        own = {"role": "ahead"} if _ESTIMATED.search(text) else {}  # "Ước tuyển mới năm 2023" at nine months
        return own if named[0][:4] == period[:4] else {"role": "unclear"}
    if is_ahead(named[0], period):
        return {"role": "ahead"}
    return {"period": named[0], "alone": "1" if named[1] else ""}


def head_meaning(header: list[str], context: Context, year: str) -> dict[str, str]:
    """What the lines of a head say of its column, with its role; the lowest is the most particular."""
    meaning: dict[str, str] = {}
    header = [_YEAR_ALONE.sub(r"năm \1", left_out(text, context)[0]) for text in header]
    for text in reversed(header):
        said = said_in(text, context, meaning)
        if unit := context.unit_in(text):
            said = {"role": "whole"} if is_total(text) else {"unit": unit}
        if said.get("role") in UNCLEAR or meaning.get("role") == "whole":
            meaning["role"] = said.get("role", "whole")
        for name, value in said.items():
            meaning.setdefault(name, value)
        if _ESTIMATED.search(fold(text)):
            meaning["status"] = "estimate"
    if _ONE_MONTH.search(fold(" ".join(header))):
        meaning["role"] = "unclear"
    header = [_LENGTH.sub(" ", text) for text in header]
    whole = any(_names_whole_year(text, context) for text in header)
    period = read_period(header, year) or ((f"{year}-FY", False) if whole and year else None)
    if period and not _is_for_its_year(meaning, period[0], year):
        meaning["period"], meaning["alone"] = period[0], "1" if period[1] else ""
    return meaning


def _names_whole_year(text: str, context: Context) -> bool:
    """Whether a line of a head names the whole year; its months may be a length where it names an indicator ("có việc
    làm trong 12 tháng")."""
    folded = fold(text)
    if "indicator" in context.words.read(text):
        folded = _BARE_MONTHS.sub(" ", folded)
    return bool(_WHOLE_YEAR.search(folded))


def _is_for_its_year(said: Mapping[str, str], named: str, period: str) -> bool:
    """Whether a year is that for which an amount was assigned, which is known before the year is over."""
    return said.get("indicator") == "budget_assigned" and named == f"{period[:4]}-FY"


def title_meaning(titles: list[str], sheet: str, context: Context, period: str) -> dict[str, str]:
    """What the lines above a table, the nearest first, and the name of its sheet say of all its figures.

    `period`: that of the return, meant where a line names it beside others ("6 tháng 2022 và 6 tháng 2023").
    """
    meaning: dict[str, str] = {}
    for text in (*reversed(titles), sheet):
        said = list(context.words.hits("" if context.names.find(text) else _SCHOOL.sub(" ", text)))
        if units := one_of(value for one, value in said if one == "measure"):
            meaning.setdefault("measure", units)
        for name in ("indicator", "basis", "level"):
            if len(values := {value for one, value in said if one == name}) == 1:
                meaning.setdefault(name, *values)
        if "lao dong nong thon" in fold(text) and not context.names.find(text):
            meaning.setdefault("residence", "rural")
        if unit := context.unit_in(_SENDER.sub("", text) if _SENDER.match(text) else ""):
            meaning.setdefault("unit", unit)
    stated = [text for text in (*titles, sheet) if not _DECISION.search(fold(text))]
    for text in (*reversed(stated[:-1]), *stated[-1:]):
        if role := _role_of_title(text, context):
            meaning.setdefault("role", role)
        if _is_estimate(text, context):
            meaning["status"] = "estimate"
    named = [*periods_in(_AHEAD.sub("", fold(text)) for text in stated)]
    alike = [one for one in named if one == (period, named[0][1])] or named
    own = alike and _bare_year(alike[0], stated) and alike[0][0][:4] == period[:4]
    if alike and not (
        own and meaning.get("status") != "estimate"
    ):  # "Ước thực hiện năm 2023" is of all of it
        meaning["period"], meaning["alone"] = alike[0][0], "1" if alike[0][1] else ""
    return meaning


def _bare_year(named: Now, texts: Iterable[str]) -> bool:
    """Whether texts name no more of a period than its year."""
    return named[0].endswith("FY") and not named[1] and not any(map(_WHOLE_YEAR.search, map(fold, texts)))


def years_as_months(
    columns: Mapping[int, dict[str, str]], headers: Mapping[int, list[str]], now: Now
) -> dict[int, dict[str, str]]:
    """Columns of years alone ("Năm 2022 | Năm 2023") as the months that the title names, in each year.

    Not where another head names months, or none the year of the title: then the year before may be meant as a whole.
    Beside those months of another year ("9 tháng năm 2022") the year of the title is so many months of it.
    """
    dated = {
        column: (one["period"], bool(one["alone"]))
        for column, one in columns.items()
        if "period" in one and one.get("status") != "estimate"
    }
    years = {column for column, one in dated.items() if _bare_year(one, headers[column])}
    own = any(dated[column][0][:4] == now[0][:4] for column in years)
    of_title = all(dated[column][0][:4] == now[0][:4] for column in years)
    others = {dated[column][0] for column in dated.keys() - years}
    beside = all(one[5:] == now[0][5:] and one[:4] != now[0][:4] for one in others)
    if not own or not (years == dated.keys() or (of_title and beside)):
        return dict(columns)
    same = {
        column: {"period": dated[column][0][:5] + now[0][5:], "alone": "1" if now[1] else ""}
        for column in years
    }
    return {column: {**one, **same.get(column, {})} for column, one in columns.items()}


def _is_estimate(text: str, context: Context) -> bool:
    """Whether a line is of estimates alone: "Ước thực hiện 9 tháng", not "Kết quả 9 tháng, ước cả năm"."""
    found = _ESTIMATED.search(fold(text))
    before = found and " ".join(re.findall(r"[^\W_]+", text)[: len(fold(text)[: found.start()].split())])
    return before is not None and not (
        ("role", "actual") in context.words.hits(before) or read_period([before], "2000")
    )


def _role_of_title(text: str, context: Context) -> str:
    """Whether a line announces results or, before any indicator, a plan or a need; "" where it says neither."""
    roles = [value if name == "role" else name for name, value in context.labels.hits(text)]
    if {"actual", "told", "derived"} & set(roles):
        return "actual"
    first = next((one for one in roles if one in ("plan", "need", "indicator")), "indicator")
    begins = next(context.labels.parts(_NUMBERING.sub("", text)), None) == ("role", first)
    return first if first != "indicator" and (begins or "indicator" in roles) else ""


def said_in(text: str, context: Context, known: Iterable[str] = ()) -> dict[str, str]:
    """The fields named in a text, and its role: "several" where it names two values of one kind that is not known yet,
    or a whole and a part ("Tổng số / Nữ"); what is no result or compares before what is planned or done."""
    hits = [hit for hit in context.labels.hits(text) if hit[1] not in _SAYS_NOTHING]
    said: dict[str, str] = {}
    for name, value in hits:
        said.setdefault(name, value)
    measures = {value for name, value in hits if name == "measure"}
    if len(measures) > 1 and not measures & {*RATES}:
        said["measure"] = one_of(measures)
    roles = [value for name, value in hits if name == "role"]
    first = next((one for one in (*_NO_RESULT, *_BEFORE_RESULTS) if one in roles), said.get("role", ""))
    rate = context.is_rate(said.get("indicator", ""))
    if (first == "derived" and rate) or (first == "plan" and said.get("indicator") == "budget_assigned"):
        first = ""
    known = (*known, "indicator") if rate else known  # "tỷ lệ giải ngân so với kinh phí được giao"
    if first not in _NO_RESULT and (several(hits).difference(known) or _whole_and_part(text, context)):
        first = "several"
    return {name: value for name, value in said.items() if name != "role"} | (
        {"role": first} if first else {}
    )


def several(hits: list[tuple[str, str]]) -> set[str]:
    """The fields of which a text names more than one value."""
    return {
        field
        for field, value in hits
        if field in _ONE_VALUE and any(one == field and value != other for one, other in hits)
    }


def _whole_and_part(text: str, context: Context) -> bool:
    pieces = re.split(r"[/,;]", text)
    return any(map(is_total, pieces)) and any(
        context.words.read(one).keys() & set(BREAKDOWNS) for one in pieces if not is_total(one)
    )


def measure_alone(said: Mapping[str, str], texts: Iterable[str], context: Context) -> bool:
    """Whether texts say in which unit something is counted and nothing else that is known: "Số học viên nội trú"."""
    bare = (_NUMBER.sub(" ", left_out(text, context)[0]) for text in texts)
    return said.keys() - {"status"} == {"measure"} and not all(map(context.labels.covers, bare))


def only_senses(said: Mapping[str, str]) -> bool:
    """Whether words say when or in which sense, but not of what."""
    return not said.keys() - set(SENSES)
