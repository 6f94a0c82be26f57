"""What can be wrong with data or a call, each told as an instruction.

A `Finding` is one thing wrong at one place. Problems of a file are collected and shown together;
the exceptions below carry them. Exit codes: 1 data refused or a job failed, 2 a wrong call.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vetanalysis.blocks import LANGUAGES, Said, Text, same

SEVERITIES = ("error", "warning", "info")


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
        severity = Said(f"findings.severity.{self.severity}").get(lang)
        return f"{severity}: {where}: {self.found.get(lang)}. {self.remedy.get(lang)} [{self.rule}]"


class VetanalysisError(Exception):
    """Base of every error the package raises on purpose, with what is wrong in one or in both languages.

    As text it is English; `told(lang)` gives either language, English where there is no other.
    """

    exit_code = 1

    def __init__(self, message: str | Text | Said = "") -> None:
        super().__init__(message)
        self._message = same(message) if isinstance(message, str) else message

    @property
    def message(self) -> Text | Said:
        """What is wrong and what to do, to stand in what another says."""
        return self._message

    def told(self, lang: str) -> str:
        """What is wrong and what to do, in "vi" or "en"."""
        return self._message.get(lang)

    def __str__(self) -> str:
        return self.told("en")

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback: what is wrong and what to do, in both languages."""
        return list(dict.fromkeys(f"{type(self).__name__}: {self.told(lang)}" for lang in LANGUAGES))


class WrongCall(VetanalysisError):
    """An unknown plan, unit, option, parameter or period: the call must change, not the data."""

    exit_code = 2


class FindingsError(VetanalysisError):
    """Data refused; `findings` holds everything that is wrong, not only the first."""

    def __init__(self, findings: Iterable[Finding], heading: str | Text | Said = "") -> None:
        super().__init__(heading)
        self.findings = tuple(findings)
        self.args = (self.findings, heading)

    def told(self, lang: str) -> str:
        """The heading, where there is one, and every finding on a line of its own."""
        heading = super().told(lang)
        return "\n".join([*([heading] if heading else []), *(one.line(lang) for one in self.findings)])


class PlanInvalid(FindingsError):
    """A plan folder that cannot be used."""


class DataRefused(FindingsError):
    """Figures that cannot be used."""


class NotAssessable(VetanalysisError):
    """A projection that the figures do not allow; `reason` says why in both languages."""

    def __init__(self, reason: Text | Said) -> None:
        self.reason = reason
        super().__init__(reason)
