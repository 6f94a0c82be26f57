"""The page that documents every rule: `python -m vetanalysis.cli.rules_page` prints it.

`data/returns/RULES.md` is this page; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence

from vetanalysis.returns.findings import rules

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
This page is written by `python -m vetanalysis.cli.rules_page`.
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
                one.holds.vi if one.holds else "",
                one.holds.en if one.holds else "",
                one.remedy.vi,
                one.remedy.en,
            )
            for one in rules().values()
            if one.about == theme and one.holds is not None
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


def _rules_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


if __name__ == "__main__":
    import sys

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(rules_page(), end="")
