"""What can be wrong with data or a call, each told as an instruction.

A `Finding` is one thing wrong at one place. Problems of a file are collected and shown together;
the exceptions below carry them. Exit codes: 1 data refused or a job failed, 2 a wrong call.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from vetanalysis.blocks import LANGUAGES, Said, Text, same

SEVERITIES = ("error", "warning", "info")
SEVERITY_WORDS = {
    "error": Text("lỗi", "error"),
    "warning": Text("cảnh báo", "warning"),
    "info": Text("lưu ý", "info"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one place.

    `severity`: "error" (the file or row does not count), "warning" (it counts, a person should look)
    or "info". `file` is a name as the reader knows it, `sheet` is empty where there is none, `place` is a
    cell ("C7"), a key ("targets[1].value") or a row and column ("row 12, value"). `rule` is the
    name of the rule in the documentation.
    """

    severity: str
    file: str
    place: str
    rule: str
    found: Text | Said
    remedy: Text | Said
    sheet: str = ""

    def line(self, lang: str = "en") -> str:
        """`severity: file, sheet, place: what was found. What to do [rule]`, in "vi" or "en"."""
        where = ", ".join(part for part in (self.file, self.sheet, self.place) if part)
        severity = SEVERITY_WORDS[self.severity].get(lang)
        return f"{severity}: {where}: {self.found.get(lang)}. {self.remedy.get(lang)} [{self.rule}]"


def near(word: str, known: Iterable[str]) -> Said:
    """What to write in place of an unknown word: the nearest of those known, else the first twelve."""
    words = sorted(known)
    found = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return (
        Said("findings.did_you_mean", near=found[0])
        if found
        else Said("findings.known", known=tuple(words[:12]))
    )


class VetanalysisError(Exception):
    """Base of every error the package raises on purpose, with what is wrong in one or in both languages.

    As text it is English; `told(lang)` gives either language, English where there is no other.
    """

    exit_code = 1

    def __init__(self, message: str | Text | Said = "") -> None:
        self._message = same(message) if isinstance(message, str) else message
        super().__init__(self._message.get("en"))

    def told(self, lang: str) -> str:
        """What is wrong and what to do, in "vi" or "en"."""
        return self._message.get(lang)


class WrongCall(VetanalysisError):
    """An unknown plan, unit, option, parameter or period: the call must change, not the data."""

    exit_code = 2


class FindingsError(VetanalysisError):
    """Data refused; `findings` holds everything that is wrong, not only the first."""

    def __init__(self, findings: Iterable[Finding], heading: str | Text | Said = "") -> None:
        self.findings = tuple(findings)
        head = same(heading) if isinstance(heading, str) else heading
        lines = {
            lang: [*filter(None, [head.get(lang)]), *(finding.line(lang) for finding in self.findings)]
            for lang in LANGUAGES
        }
        super().__init__(Text(*("\n".join(lines[lang]) for lang in LANGUAGES)))


class PlanInvalid(FindingsError):
    """A plan folder that cannot be used."""


class DataRefused(FindingsError):
    """Figures that cannot be used."""


class NotAssessable(VetanalysisError):
    """A projection that the figures do not allow; `reason` says why in both languages."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason)


class SeriesBreak(VetanalysisError):
    """A series was asked for across a change of base, concept or publisher."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason)
