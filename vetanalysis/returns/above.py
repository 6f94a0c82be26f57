"""What the rows above say about the next one: its section, the unit and the indicator named last, parts of what.

"Trong đó: nữ" belongs to the row above it, "Sơ cấp" to the district named last, both to the section begun by a heading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.names import fold

_PART = re.compile(r"^(?:trong do|t d|chia ra|gom)\b")
DIVIDED = re.compile(r"^(?:phan|chia|theo)\b")
WHOSE = ("unit", "indicator")
#: In which sense a row is meant: as a plan, of another period.
SENSES = ("role", "period", "alone", "basis", "status")
NO_SECTION = frozenset({"sex", "group", "residence", "measure"})
Meaning = Mapping[str, str]


@dataclass
class Above:
    """What the rows above say about the next one.

    `told`: the parts of `whole` that "trong đó" named, which below a level that follows them (`level`) are of that.
    `section`: by the heading; `sense`: by a heading over several sections ("A. Kế hoạch"); `main`: the unit and the
    indicator named last, of which `outer` came first and stays; `whole`: the last row that is no part (`blank`: it has
    no figure); `dashed`: the last part set in with a dash; `within`: parts of `whole` are being listed; `unclear`: the
    last name was not understood, and nothing that leans on it is; `trade`: the last is a trade, left aside, of which
    women below it are; `lost`: the last heading was not understood; `added`: the section has had its total.
    """

    section: dict[str, str] = field(default_factory=dict)
    sense: dict[str, str] = field(default_factory=dict)
    main: dict[str, str] = field(default_factory=dict)
    outer: str = ""
    whole: dict[str, str] = field(default_factory=dict)
    blank: bool = False
    told: frozenset[tuple[tuple[str, str], ...]] = frozenset()
    level: dict[str, str] | None = None
    parts: frozenset[str] = frozenset()
    dashed: dict[str, str] | None = None
    within: bool = False
    unclear: bool = False
    trade: bool = False
    lost: bool = False
    headed: bool = False
    added: bool = False

    def heading(self, label: str, says: Meaning, counted: bool) -> None:
        """A row of a name without figures, which is no unit; `counted`: it is numbered as a section is, or stands above
        every unit."""
        said = {name: says[name] for name in says if name in ("indicator", *BREAKDOWNS, *SENSES)}
        if _PART.match(fold(label)) and not said:
            self.within = True
        elif is_part(label) or (
            said and said.keys() <= NO_SECTION and not counted and not said.keys() & self.section.keys()
        ):
            return  # a part nobody gave a figure for
        elif said and said.keys() <= set(SENSES):
            within = {} if self.sense else _without_sense(self.section)
            if "indicator" not in within:
                self.sense = said
            self.main = _without_sense(self.main)
            self._begin(within | said)
        elif "indicator" in said:
            self.main = {"unit": self.main["unit"]} if self.headed and "unit" in self.main else {}
            self._begin(self.sense | said)
        elif said:
            self.begin(said)
        elif DIVIDED.match(fold(label)):
            self._begin(self.section)
        elif self.section:
            self.lost = True

    def begin(self, said: Meaning) -> None:
        """A section of a level, a group ..., of the indicator that the section before is of."""
        kept = {name: self.section[name] for name in self.section if name in ("indicator", *SENSES)}
        self._begin(kept | dict(said))

    def _begin(self, section: dict[str, str]) -> None:
        self.section, self.whole, self.parts, self.dashed = (
            section,
            {**section, **self.main},
            frozenset(),
            None,
        )
        self.within = self.unclear = self.trade = self.lost = self.added = self.blank = False
        self.told, self.level = frozenset(), None

    def nameless(self, counted: bool) -> None:
        """A row whose name is gone: what leans on it is unclear, all its section where it is numbered as one."""
        self.unclear, self.lost = True, self.lost or counted

    def total(self, of_units: bool) -> dict[str, str] | None:
        """A total, what it means by itself: its parts are nobody's in a table of units."""
        kept = () if of_units else (self.outer, *SENSES)
        self.main = {name: self.main[name] for name in self.main if name in kept}
        lost, again = self.lost, self.added and bool(self.section)
        self._begin(self.section)
        self.unclear, self.lost, self.added = of_units, lost, True
        return None if lost or again else self.whole

    def under(self, label: str, says: Meaning, filled: bool) -> dict[str, str] | None:
        """What a row means where it stands; None where it may mean two things."""
        if self.lost:
            return None
        mark, of_which = label[:1], bool(_PART.match(fold(label)))
        if not of_which and mark not in "-+•" and says.keys() & set(WHOSE):
            return self._named(says, filled)
        if self.unclear or (self.trade and says.keys() <= NO_SECTION):
            return None
        self.trade = False
        if of_which:
            if self.blank or (self.dashed is not None and not self.within):
                return None  # of the last part, or of the whole?
            part = tuple(sorted(says.items()))
            of_level = self.level if part in self.told else None
            self.within, self.told = True, self.told | {part}
            self.dashed = {**(of_level or self.whole), **says}
            return self.dashed
        if mark == "+" and self.dashed is not None:
            return {**self.dashed, **says}
        if mark and mark in "-+•":
            self.dashed = {**self.whole, **says}
            return self.dashed
        if self.within and not (says.keys() & self.parts):
            self.level = {**self.whole, **says} if "level" in says else self.level
            return {**self.whole, **says}
        self.told, self.level = frozenset(), None
        self.whole, self.blank = {**self.section, **self.main, **says}, not filled
        self.parts, self.dashed, self.within = frozenset(says.keys() & set(BREAKDOWNS)), None, False
        return self.whole

    def _named(self, says: Meaning, filled: bool) -> dict[str, str]:
        kind = "unit" if "unit" in says else "indicator"
        self.outer = self.outer or kind
        inner = kind == "unit" and kind != self.outer  # a unit below an indicator, which may be planned
        kept = () if kind == self.outer else (self.outer, *(SENSES if inner else ()))
        main = {name: self.main[name] for name in kept if name in self.main}
        self.main = main | {name: says[name] for name in (*WHOSE, *SENSES) if name in says}
        section = self.section if kind == "unit" else {**_without_sense(self.section), **self.sense}
        self.whole = {**section, **self.main, **says}
        self.parts, self.dashed = frozenset(says.keys() & set(BREAKDOWNS)), None
        self.within, self.unclear, self.headed = False, False, kind == "unit" and not filled
        self.blank, self.told, self.level = False, frozenset(), None
        return self.whole


def _without_sense(said: Meaning) -> dict[str, str]:
    return {name: value for name, value in said.items() if name not in SENSES}


def is_part(label: str) -> bool:
    """Whether a label says that its row is a part of one above it."""
    return bool(_PART.match(fold(label)) or (label[:1] and label[:1] in "-+•"))
