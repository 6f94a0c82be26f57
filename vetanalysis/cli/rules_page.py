"""The page that documents every rule: `python -m vetanalysis.cli.rules_page` prints it.

`data/returns/RULES.md` is this page; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence

from vetanalysis.blocks import LANGUAGES
from vetanalysis.language.lines import plain
from vetanalysis.returns.findings import Rule, rules

_THEMES = ("file", "figures", "together")


def rules_page() -> str:
    """The whole page as Markdown."""
    parts = [_line("intro") + "\n"]
    rule, severity, on = (_line(f"head.{name}") for name in ("rule", "severity", "on"))
    holds, remedy, example = (_in_both(f"head.{name}") for name in ("holds", "remedy", "example"))
    for theme in _THEMES:
        parts.append(_opening(theme))
        rows = [
            (
                f"`{one.id}`",
                one.severity,
                _line("head.on.yes" if one.applied else "head.on.no"),
                one.holds.vi if one.holds else "",
                one.holds.en if one.holds else "",
                one.remedy.vi,
                one.remedy.en,
                *_example(one),
            )
            for one in rules().values()
            if one.about == theme and one.holds is not None
        ]
        parts.append(_rules_table((rule, severity, on, *holds, *remedy, *example), rows))
    parts.append(_opening("reading"))
    read = [
        (f"`{one.id}`", one.severity, one.remedy.vi, one.remedy.en, *_example(one))
        for one in rules().values()
        if one.about == "reading"
    ]
    parts.append(_rules_table((rule, severity, *remedy, *example), read))
    return "\n".join(parts)


def _example(rule: Rule) -> tuple[str, ...]:
    """What stood in a file and what the rule says of it, in each language."""
    stood, says = rule.example
    return tuple(f"{stood.get(lang)} → {says.get(lang)}" for lang in LANGUAGES)


def _line(name: str) -> str:
    return plain(f"cli.rules.{name}", "en")


def _in_both(name: str) -> list[str]:
    return [plain(f"cli.rules.{name}", lang) for lang in LANGUAGES]


def _opening(theme: str) -> str:
    return f"## {' / '.join(_in_both(theme))}\n\n{_line(f'{theme}.says')}\n"


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
