"""A reminder letter for every unit that has not sent a usable return: what is missing, what was wrong and where.

The page that documents every rule: `python -m vetanalysis.cli.forms` prints it.

`data/returns/RULES.md` is this page; a test holds the two together.

The parsers of the verbs `check` and `template`; what they do is imported when they run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vetanalysis.blocks import Column, Document, Paragraph, Sentence, Table, Text
from vetanalysis.errors import Finding
from vetanalysis.language.numbers import period_name, short_date
from vetanalysis.narrative.opening import ILLUSTRATIVE, head, signatory, signature
from vetanalysis.periods import Cutoff
from vetanalysis.returns.checks import illustrative_plan
from vetanalysis.returns.findings import rules
from vetanalysis.returns.ledger import in_order
from vetanalysis.returns.matrix import whole

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.plan import Plan
    from vetanalysis.returns.ledger import Ledger


_BLANK = " " * 8
_ERRORS_SHOWN = 40


def write_reminders(
    plan: Plan, ledger: Ledger, as_of: str | Cutoff, folder: str | Path, lang: str = "vi"
) -> list[Path]:
    """Write `<unit>.docx` for every unit in the phone list and return the paths; nobody to remind, no file."""
    from vetanalysis.documents.word import write_word

    letters = reminder_letters(plan, ledger, as_of, lang)
    return [write_word(letter, Path(folder) / f"{unit}.docx") for unit, letter in letters.items()]


def reminder_letters(
    plan: Plan, ledger: Ledger, as_of: str | Cutoff, lang: str = "vi"
) -> dict[str, Document]:
    """The letters by unit, in the order of the phone list; one letter per unit for all its periods."""
    cutoff = plan.check_cutoff(as_of)
    rows = ledger.chase(cutoff)
    return {
        unit: _letter(plan, ledger, cutoff, part, lang) for unit, part in rows.groupby("unit", sort=False)
    }


def _letter(plan: Plan, ledger: Ledger, cutoff: Cutoff, rows: pd.DataFrame, lang: str) -> Document:
    unit = plan.unit(rows["unit"].iloc[0])
    name = unit.label.get(lang)
    periods = ", ".join(period_name(period, lang) for period in rows["period"])
    subject = Text(f"V/v gửi báo cáo {periods}", f"Return for {periods}").get(lang)
    top = head(plan, cutoff, plan.place.code, lang)
    signs = signatory(plan, cutoff)
    symbol = signs.symbol.removeprefix("BC-") if signs else ""
    number = Text(f"Số:{_BLANK}/{symbol}", f"No.:{_BLANK}/{symbol}").get(lang)
    blocks: list[object] = [_paragraph("basis", _basis(plan, lang))]
    for row in rows.itertuples(index=False):
        blocks.append(_paragraph(f"{row.need}-{row.period}", _state(row, name, ledger.known_by, lang)))
        errors = _errors(ledger, row)
        if errors:
            blocks.append(_table(errors, row.period, lang))
    blocks.append(_paragraph("request", _request(name, rows, lang)))
    blocks.append(_paragraph("how", _how(lang)))
    return Document(
        lang=lang,
        title=subject,
        head=type(top)(
            parent_body=top.parent_body, issuing_body=top.issuing_body, number_line=number,
            place_date=top.place_date, kind="", subject=subject, addressee=(name,),
            national_title=top.national_title, motto=top.motto,
        ),
        blocks=tuple(blocks),
        signature=signature(plan, cutoff, lang),
        illustrative=illustrative_plan(plan),
        banner=ILLUSTRATIVE.get(lang) if illustrative_plan(plan) else "",
        meta={"plan": plan.name, "as_of": str(cutoff), "unit": unit.code},
    )  # fmt: skip


def _paragraph(name: str, text: str) -> Paragraph:
    return Paragraph((Sentence(f"reminder.{name}", text),))


def _basis(plan: Plan, lang: str) -> str:
    title = plan.title.get(lang)
    return Text(
        f"Theo {title}, các đơn vị gửi báo cáo định kỳ để tổng hợp chung toàn tỉnh.",
        f"Under the {title}, units report at fixed dates so that the figures can be put together.",
    ).get(lang)


def _state(row: object, name: str, known_by: str, lang: str) -> str:
    period, due = period_name(row.period, lang), short_date(row.deadline, lang)
    until = Text(
        f"Tính đến ngày {short_date(known_by, 'vi')}" if known_by else "Đến nay",
        f"As of {short_date(known_by, 'en')}" if known_by else "So far",
    ).get(lang)
    days = whole(row.days_late)
    late = Text(f", quá hạn {days} ngày", f", {days} days ago").get(lang) if days else ""
    if row.need == "missing":
        said = Text(
            f"{until}, báo cáo {period} của {name} chưa được nhận; hạn gửi là ngày {due}{late}.",
            f"{until} the return of {name} for {period} has not been received; it was due on {due}{late}.",
        )
    elif row.need == "refused":
        said = Text(
            f"Báo cáo {period} của {name} đã nhận nhưng có {row.errors} lỗi nên chưa tổng hợp được; "
            f"hạn gửi là ngày {due}{late}. Các lỗi ghi trong bảng dưới đây.",
            f"The return of {name} for {period} was received but holds {row.errors} errors and cannot be used; "
            f"it was due on {due}{late}. The table lists the errors.",
        )
    else:
        said = Text(
            f"Báo cáo {period} gửi lại của {name} có {row.errors} lỗi; số liệu của bản gửi trước vẫn được dùng. "
            "Các lỗi ghi trong bảng dưới đây.",
            f"The return that {name} sent again for {period} holds {row.errors} errors; the figures sent before "
            "stay in use. The table lists the errors.",
        )
    return said.get(lang)


def _errors(ledger: Ledger, row: object) -> list[Finding]:
    versions = [one for one in ledger.of(row.unit, row.period) if one.reading.file == row.file]
    return list(in_order(one for version in versions for one in version.findings if one.severity == "error"))


def _table(errors: list[Finding], period: str, lang: str) -> Table:
    labels = (
        (Text("Trang tính", "Sheet"), 1.4), (Text("Ô", "Cell"), 0.7), (Text("Nội dung lỗi", "What was found"), 4.0),
        (Text("Cách sửa", "What to do"), 3.2),
    )  # fmt: skip
    rows = tuple(
        (one.sheet or "-", one.place or "-", one.found.get(lang), one.remedy.get(lang))
        for one in errors[:_ERRORS_SHOWN]
    )
    more = len(errors) - len(rows)
    note = (Text(f"Còn {more} lỗi khác.", f"{more} more errors.").get(lang),) if more > 0 else ()
    title = Text(
        f"Lỗi trong báo cáo {period_name(period, 'vi')}",
        f"Errors in the return for {period_name(period, 'en')}",
    )
    columns = tuple(Column(label.get(lang), align="left", width=width) for label, width in labels)
    return Table(f"errors-{period}", title.get(lang), columns, rows, note)


def _request(name: str, rows: pd.DataFrame, lang: str) -> str:
    again = (rows["need"] != "missing").all()
    what = Text(
        "gửi lại báo cáo đã sửa" if again else "gửi báo cáo",
        "send the corrected return" if again else "send it",
    )
    return Text(
        f"Đề nghị {name} {what.vi} theo biểu mẫu đã gửi trước ngày{_BLANK}tháng{_BLANK}.",
        f"{name} is asked to {what.en} on the form provided by{_BLANK}{_BLANK}.",
    ).get(lang)


def _how(lang: str) -> str:
    return Text(
        "Không có phát sinh thì ghi 0; chưa có số liệu thì để trống. Khó khăn, vướng mắc nêu ở trang Giải trình "
        "của biểu.",
        "Write 0 where nothing happened and leave blank what is not yet known. Difficulties go on the sheet "
        "Giải trình of the form.",
    ).get(lang)


_THEMES = {
    "file": ("Tệp / The file", "Look at one file; an error refuses it."),
    "figures": ("Số liệu / Its figures", "Look at the figures of one file; an error refuses it."),
    "together": (
        "Nhiều tệp / Several files",
        "Hold files against each other, earlier periods and the plan; they never refuse a file.",
    ),
}
_INTRO = """# Rules of the returns

Every finding of `vetanalysis check` names its rule. An **error** refuses the file: its figures do not count and the
last good file of the unit stays in use. A **warning** asks for a look; an **info** is worth knowing. `--without RULE`
(or `load_ledger(..., without=[...])`) switches a rule off; all are on unless the table says otherwise.
What was found in a file that a later good one replaced is settled: it is kept, but `check` neither lists it nor fails.
This page is written by `python -m vetanalysis.cli.forms`.
"""


def rules_page() -> str:
    """The whole page as Markdown."""
    parts = [_INTRO]
    for theme, (title, says) in _THEMES.items():
        parts.append(f"## {title}\n\n{says}\n")
        head = ("Rule", "Severity", "On", "Phải đúng", "What must hold", "Cách xử lý", "What to do")
        rows = [
            (
                f"`{one.id}`",
                one.severity,
                "yes" if one.applied else "no",
                one.holds.vi,
                one.holds.en,
                one.remedy.vi,
                one.remedy.en,
            )
            for one in rules().values()
            if one.about == theme
        ]
        parts.append(_rules_table(head, rows))
    parts.append("## Đọc tệp / Reading\n\nWhat opening and understanding a file can find.\n")
    read = [
        (f"`{one.id}`", one.severity, one.remedy.vi, one.remedy.en)
        for one in rules().values()
        if one.about == "reading"
    ]
    parts.append(_rules_table(("Rule", "Severity", "Cách xử lý", "What to do"), read))
    return "\n".join(parts)


def _rules_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


if __name__ == "__main__":
    import sys

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(rules_page(), end="")


def add_verbs(verb: Callable[..., argparse.ArgumentParser], verbs: argparse._SubParsersAction) -> None:
    """Add the parsers of both verbs; `verb(verbs, name, text, run)` makes one with its PLAN."""
    one = verb(
        verbs, "check", "read the returns: who sent, what is wrong and where, whom to phone", _run_check
    )
    one.add_argument(
        "--as-of", required=True, metavar="CUTOFF", help="for instance 2023-Q1, 2023-9M, 2023-FY"
    )
    one.add_argument(
        "--returns", default="default", metavar="DIR", help="folder of returns (default: the plan's)"
    )
    one.add_argument(
        "--known-by", default="", metavar="DAY", help="ISO day: as the ledger stood that evening"
    )
    one.add_argument("--lang", default="vi", choices=("vi", "en"), help="language (default vi)")
    one.add_argument("--all", action="store_true", help="print notes and settled findings too")
    one.add_argument("--without", nargs="+", default=[], metavar="RULE", help="rules not applied")
    one.add_argument("--csv", type=Path, default=None, metavar="FILE", help="write all findings as a table")
    one.add_argument(
        "--reminders", type=Path, default=None, metavar="DIR", help="write a letter per unit to phone"
    )
    form = verb(verbs, "template", "write the forms to send out, one workbook per unit", _run_template)
    when = form.add_mutually_exclusive_group(required=True)
    when.add_argument("--period", metavar="CUTOFF", help="for instance 2023-Q1")
    when.add_argument(
        "--past-year", type=int, metavar="YEAR", help="a past year: its four cut-offs on one sheet"
    )
    form.add_argument(
        "--unit", nargs="+", default=[], metavar="CODE", help="units (default: all that must report)"
    )
    form.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="folder (default: forms/PLAN/PERIOD)"
    )


def _run_check(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.check import check

    return check(arguments, arguments.lang)


def _run_template(arguments: argparse.Namespace) -> int:
    from vetanalysis.cli.check import template

    return template(arguments)
