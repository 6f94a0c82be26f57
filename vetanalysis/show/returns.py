"""What the notebook of returns shows: what came, what is missing, what is wrong, whom to phone.

ledger = show_returns.ledger(study)              the returns of the plan as known on the study's day
show_returns.overview(study, ledger)             the answer in a few sentences

The study's unit is the place itself (every unit), or a unit with those under it. Words that units typed are shown
and never obeyed. Without returns (`ledger` is None) the overview says so and everything else shows nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Said, Text, same
from vetanalysis.documents.package import inert
from vetanalysis.figures.style import ILLUSTRATIVE
from vetanalysis.figures.units import received_picture
from vetanalysis.language import numbers
from vetanalysis.language.filters import capital, known
from vetanalysis.language.numbers import in_years_of_study
from vetanalysis.narrative import returns as words
from vetanalysis.narrative import scope
from vetanalysis.returns.matrix import STATES, periods_of, whole
from vetanalysis.show import indicators as show_indicators
from vetanalysis.show.answers import Shown, say_of, shown_picture
from vetanalysis.study import Study

if TYPE_CHECKING:
    from IPython.display import Image, Markdown

    from vetanalysis.returns.ledger import Ledger

_UNIT, _PERIOD, _FILE = Text("Đơn vị", "Unit"), Text("Kỳ", "Period"), Text("Tệp", "File")
_SHEET, _CELL, _REMEDY = Text("Trang tính", "Sheet"), Text("Ô", "Cell"), Text("Cách xử lý", "What to do")
_TASK, _RULE = Text("Nhiệm vụ", "Task"), Text("Quy tắc", "Rule")
_WRITTEN = {
    "difficulties": Text("Khó khăn, vướng mắc", "Difficulties"),
    "causes": Text("Nguyên nhân", "Causes"),
    "proposals": Text("Đề xuất, kiến nghị", "Proposals"),
}
_CHANGES = {
    "added": Text("thêm", "added"),
    "removed": Text("bỏ", "removed"),
    "changed": Text("sửa", "changed"),
}
_NOTHING_WRONG = Text("Không có lỗi hay cảnh báo nào.", "No error and no warning.")
_NOBODY = Text("Không cần gọi đơn vị nào.", "Nobody needs to be phoned.")
_NOTHING_WRITTEN = Text("Chưa có đơn vị nào giải trình.", "No unit has written any explanation.")
_SEXES = {"female": Text("nữ", "women"), "male": Text("nam", "men")}
_BREAKDOWNS = ("level", "sex", "group", "residence", "trade", "fund_source", "channel")


@dataclass(frozen=True)
class Told(Shown):
    """A table of what units sent, marked where it is invented."""

    mark: str = ""

    def _repr_html_(self) -> str:
        table = super()._repr_html_()
        return f"<p><strong>{self.mark}</strong></p>\n{table}" if self.mark else table

    def __repr__(self) -> str:
        return f"{self.mark}\n{super().__repr__()}" if self.mark else super().__repr__()


@in_years_of_study
def ledger(study: Study, returns: str | None = "default") -> Ledger | None:
    """The returns behind the study as known on its day; None where none are kept or they are left out."""
    return show_indicators.ledger(study, returns)


@in_years_of_study
def overview(study: Study, ledger: Ledger | None, returns: str | None = "default") -> Markdown:
    """What came, what is missing, what was found, whom to phone; or that there are no returns."""
    if ledger is None:
        return say_of(study, [words.no_returns(left_out=returns in (None, "none"))])
    told = scope.arrivals(study, ledger)
    if not told.due:
        return say_of(study, [words.nothing_due(str(study.as_of))])
    said = [words.arrived(told), words.outstanding(told), *_covered(study, ledger)]
    said.append(words.found(**scope.count_findings(study, ledger)))
    return _marked_list(study, ledger, [*said, _to_phone(study, ledger)])


def _needs_returns(show: Callable) -> Callable:
    """Shows nothing where there are no returns: the overview has said so."""

    @wraps(show)
    def shown(study: Study, ledger: Ledger | None) -> object:
        return None if ledger is None else show(study, ledger)

    return shown


@in_years_of_study
@_needs_returns
def matrix(study: Study, ledger: Ledger) -> Told | Markdown | None:
    """Units and periods of the year up to the cut-off: in time, late and by how much, corrected, sent back, missing."""
    frame, lang = scope.matrix(study, ledger), study.lang
    periods = [str(one) for one in periods_of(study.as_of)]
    rows = []
    for unit, part in frame.groupby("unit", sort=False):
        cells = {row.period: _state(row, lang) for row in part.itertuples(index=False)}
        rows.append((unit, _name(study, unit), *(cells.get(one, "") for one in periods)))
    heads = (Text("Mã", "Code"), _UNIT, *(same(numbers.short_period(one, lang)) for one in periods))
    return _table(study, ledger, heads, rows)


@in_years_of_study
@_needs_returns
def coverage(study: Study, ledger: Ledger) -> Told | Markdown | None:
    """Per period: units that reported among those that must, and the part of the quotas they hold."""
    lang = study.lang
    rows = [
        (
            numbers.short_period(row["period"], lang),
            f"{row['units_reported']}/{row['units_due']}",
            _share(row["units_percent"], lang),
            f"{_amount(row['quota_reported'], lang)}/{_amount(row['quota_due'], lang)}"
            if row["quota_due"]
            else "",
            _share(row["quota_percent"], lang),
        )
        for row in scope.coverage(study, ledger)
    ]
    heads = (
        _PERIOD, Text("Đơn vị đã báo cáo", "Units reported"), Text("% đơn vị", "% of units"),
        Text("Chỉ tiêu của các đơn vị đó (người)", "Quotas of those units (people)"), Text("% chỉ tiêu", "% of quotas"),
    )  # fmt: skip
    return _table(study, ledger, heads, rows)


@in_years_of_study
@_needs_returns
def picture(study: Study, ledger: Ledger) -> Image | Markdown | None:
    """How many returns had come by each day around the deadline; nothing to draw for a single unit."""
    one = received_picture(
        scope.arrivals(study, ledger), scope.matrix(study, ledger), illustrative=scope.invented(study, ledger)
    )
    return None if one is None else shown_picture(one, study.lang)


@in_years_of_study
@_needs_returns
def picture_said(study: Study, ledger: Ledger) -> Markdown:
    """Each period of the year in a sentence: who was in time, who late, who is missing."""
    told = [scope.arrivals(study, ledger, one) for one in periods_of(study.as_of)]
    said: list[Said | None] = []
    for one in told:
        said += [words.arrived(one), words.outstanding(one)] if one.due else []
    return _marked_list(study, ledger, said)


@in_years_of_study
@_needs_returns
def findings(study: Study, ledger: Ledger) -> Told | Markdown | None:
    """Errors, then warnings, of the year's files up to the cut-off that no later file settled."""
    lang = study.lang
    rows = [
        (
            capital(Said(f"check.severity.{one['severity']}").get(lang).lower()), _name(study, one["unit"]),
            one["file"], one["sheet"], one["cell"],
            capital(one[f"found_{lang}"]), capital(one[f"remedy_{lang}"]), one["rule"],
        )
        for one in scope.open_findings(study, ledger) if one["severity"] != "info"
    ]  # fmt: skip
    what = Text("Phát hiện", "What was found")
    heads = (Text("Mức", "Severity"), _UNIT, _FILE, _SHEET, _CELL, what, _REMEDY, _RULE)
    return _table(study, ledger, heads, rows, _NOTHING_WRONG)


@in_years_of_study
@_needs_returns
def notes(study: Study, ledger: Ledger) -> Told | Markdown | None:
    """Notes counted by rule, with the first of each as an example."""
    lang = study.lang
    ones = [one for one in scope.open_findings(study, ledger) if one["severity"] == "info"]
    counts, first = Counter(one["rule"] for one in ones), {one["rule"]: one for one in reversed(ones)}
    rows = [
        (
            rule, count, f"{first[rule]['file']}: {first[rule][f'found_{lang}']}",
            capital(first[rule][f"remedy_{lang}"]),
        )
        for rule, count in counts.most_common()
    ]  # fmt: skip
    return _table(study, ledger, (_RULE, Text("Số lần", "Times"), Text("Ví dụ", "Example"), _REMEDY), rows)


@in_years_of_study
@_needs_returns
def phone(study: Study, ledger: Ledger) -> Told | Markdown | None:
    """Whom to phone and why: nothing received, errors, a correction that holds errors, or warnings to ask about."""
    lang = study.lang
    heads = (
        _UNIT, _PERIOD, Text("Cần", "Needed"), Text("Hạn gửi", "Due"), Text("Quá hạn (ngày)", "Days late"),
        Text("Người liên hệ", "Contact"), Text("Điện thoại", "Phone"),
    )  # fmt: skip
    rows = []
    for row in scope.chase(study, ledger).itertuples(index=False):
        need = Said(f"check.need.{row.need}").get(lang) + (f" ({row.errors})" if row.errors else "")
        days = str(whole(row.days_late) or "")
        due = numbers.short_date(row.deadline, lang)
        rows.append(
            (_name(study, row.unit), numbers.short_period(row.period, lang), need, due, days, row.contact, row.phone)
        )  # fmt: skip
    for (unit, period), count in scope.questions(study, ledger).items():
        need = Text(f"hỏi lại {count} cảnh báo", f"ask about {count} warning{'s' if count > 1 else ''}").get(
            lang
        )
        who = ledger.contact(unit)
        rows.append(
            (
                _name(study, unit), numbers.short_period(period, lang), need, "", "", who.get("name", ""),
                who.get("phone", ""),
            )
        )  # fmt: skip
    return _table(study, ledger, heads, rows, _NOBODY)


@in_years_of_study
@_needs_returns
def corrections_said(study: Study, ledger: Ledger) -> Markdown:
    """Which units sent a period again, and how many figures changed."""
    said = [
        words.corrected(scope.name_of(study, unit), period, files, len(changed))
        for unit, period, files, changed in scope.sent_again(study, ledger)
    ]
    return _marked_list(study, ledger, said or [words.nothing_sent_again()])


@in_years_of_study
@_needs_returns
def corrections(study: Study, ledger: Ledger) -> Told | Markdown | None:
    """Every figure that differs between the last two files of a unit and period."""
    lang, labels = study.lang, study.plan.indicators.drop_duplicates("id").set_index("id")
    rows = []
    for unit, period, _, changed in scope.sent_again(study, ledger):
        for row in changed.to_dict("records"):
            name = row["indicator"]
            label = labels.loc[name, f"label_{lang}"] if name in labels.index else name
            moved = row["difference"]
            rows.append(
                (
                    _name(study, unit), numbers.short_period(period, lang), label, _part(study, row),
                    _amount(row["before"], lang), _amount(row["after"], lang),
                    f"{'+' if known(moved) and moved > 0 else ''}{_amount(moved, lang)}",
                    _CHANGES[row["change"]].get(lang), row["source"].partition("!")[2].replace("!", ", "),
                )
            )  # fmt: skip
    heads = (
        _UNIT, _PERIOD, Text("Số liệu", "Figure"), Text("Chi tiết", "Part"), Text("Trước", "Before"),
        Text("Sau", "After"), Text("Chênh lệch", "Difference"), Text("Thay đổi", "Change"), _CELL,
    )  # fmt: skip
    return _table(study, ledger, heads, rows)


@in_years_of_study
@_needs_returns
def progress(study: Study, ledger: Ledger) -> Told | Markdown | None:
    """What the units said of each task, in their own words, with how many said so."""
    frame = scope.written(study, ledger, ["progress"])
    rows = []
    for task, name in _tasks(study).items():
        said = Counter(inert(text) for text in frame.loc[frame["ref"] == task, "text"])
        if said:
            rows.append((name, "; ".join(f"{text}: {count}" for text, count in said.most_common())))
    return _table(
        study, ledger, (_TASK, Text("Đơn vị tự đánh giá (số đơn vị)", "Units' own words (units)")), rows
    )


@in_years_of_study
@_needs_returns
def explanations(study: Study, ledger: Ledger) -> Told | Markdown | None:
    """Difficulties, causes and proposals as the units wrote them; units that wrote the same stand together."""
    tasks = _tasks(study)
    frame = scope.written(study, ledger, _WRITTEN)
    together: dict[tuple[str, ...], list[str]] = {}
    for (ref, unit), part in frame.groupby(["ref", "unit"], sort=False):
        by_kind = part.groupby("kind")["text"].agg(" ".join)
        key = (tasks.get(ref, ref), *(by_kind.get(kind, "") for kind in _WRITTEN))
        together.setdefault(key, []).append(_name(study, unit))
    order = list(tasks.values())
    rows = [(*key, ", ".join(units)) for key, units in together.items()]
    rows.sort(key=lambda row: order.index(row[0]) if row[0] in order else len(order))
    return _table(study, ledger, (_TASK, *_WRITTEN.values(), _UNIT), rows, _NOTHING_WRITTEN)


def _name(study: Study, code: str) -> str:
    return scope.name_of(study, code).get(study.lang)


def _covered(study: Study, ledger: Ledger) -> list[Said | None]:
    now = [row for row in scope.coverage(study, ledger) if row["period"] == str(study.as_of)]
    return [words.covered(row) for row in now]


def _to_phone(study: Study, ledger: Ledger) -> Said:
    codes = [*scope.chase(study, ledger)["unit"], *(unit for unit, _ in scope.questions(study, ledger))]
    return words.to_phone([scope.name_of(study, code) for code in dict.fromkeys(codes)])


def _tasks(study: Study) -> dict[str, str]:
    return {one.id: f"{one.number}. {one.label.get(study.lang)}" for one in study.plan.tasks}


def _part(study: Study, row: dict) -> str:
    """The breakdown of a figure in words; an id the plan does not name stays an id."""
    named = {one.id: one.name.get(study.lang) for one in (*study.plan.levels, *study.plan.groups)}
    named |= {code: text.get(study.lang) for code, text in _SEXES.items()}
    return ", ".join(named.get(row[one], row[one]) for one in _BREAKDOWNS if row[one])


def _state(row: object, lang: str) -> str:
    """A cell of the matrix: the state, days late, and the day of the file that counts."""
    said, days = STATES[row.state].get(lang), whole(row.days_late)
    if days and row.state in ("missing", "refused"):
        said += Text(f", quá hạn {days} ngày", f", {words.days_late(days).en} overdue").get(lang)
    elif days and row.state == "late":
        said += f" {words.days_late(days).get(lang)}"
    if row.received:
        year = row.period[:4]
        said += (
            f", {numbers.short_date(row.received, lang).removesuffix('/' + year).removesuffix(' ' + year)}"
        )
    if row.newer_refused and row.state != "refused":
        said += Text(" (bản mới có lỗi)", " (newer one has errors)").get(lang)
    return said


def _amount(value: float, lang: str) -> str:
    return numbers.number(value, lang) if known(value) else numbers.MISSING_CELL


def _share(value: float, lang: str) -> str:
    return numbers.percent(value, lang) if known(value) else ""


def _table(
    study: Study, ledger: Ledger, heads: Iterable[Text], rows: list[tuple], empty: Text | None = None
) -> Told | Markdown | None:
    """Rows as a table; without any row what `empty` says, or nothing."""
    from IPython.display import Markdown

    if not rows:
        return None if empty is None else Markdown(f"*{empty.get(study.lang)}*")
    cells = [[inert(cell) for cell in row] for row in rows]
    frame = pd.DataFrame(cells, columns=[head.get(study.lang) for head in heads])
    return Told(frame, ILLUSTRATIVE.get(study.lang) if scope.invented(study, ledger) else "")


def _marked_list(study: Study, ledger: Ledger, said: Iterable[Said | None]) -> Markdown:
    """Sentences as a list, with the mark of invented figures under it."""
    told = say_of(study, said, as_list=True)
    if scope.invented(study, ledger):
        told.data += f"\n\n**{ILLUSTRATIVE.get(study.lang)}**"
    return told
