"""The formulas of the form: what stands in the cell, and the value it has, computed here too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """A sum of cells minus other cells, or 100 x the one over the other; empty while nothing is filled in.

    References are cell addresses, with a sheet in quotes where it is another one. Written as a formula every
    spreadsheet program understands, and computed here too, so that the stored value is right.
    """

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    ratio: bool = False

    def text(self) -> str:
        """The formula as it stands in the cell."""
        plus, minus = ",".join(_ranges(self.plus)), ",".join(_ranges(self.minus))
        if self.ratio:
            return f'=IF(OR(COUNT({plus})=0,SUM({minus})=0),"",100*SUM({plus})/SUM({minus}))'
        if not self.minus:
            return f'=IF(COUNT({plus})=0,"",SUM({plus}))'
        return f'=IF(OR(COUNT({plus})=0,COUNT({minus})=0),"",SUM({plus})-SUM({minus}))'

    def value(self, numbers: Mapping[str, float]) -> float | str:
        """The result for the numbers given by address; an address without a number counts as empty."""
        plus = [numbers[ref] for ref in self.plus if ref in numbers]
        minus = [numbers[ref] for ref in self.minus if ref in numbers]
        if not plus or (self.minus and not minus):
            return ""
        if self.ratio:
            return 100 * sum(plus) / sum(minus) if sum(minus) else ""
        return sum(plus) - sum(minus)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A check in words: the sum of cells against one cell.

    The answers: nothing given, no whole to hold it against, both agree, they differ.
    """

    parts: tuple[str, ...]
    whole: str
    none: str
    no_whole: str
    agrees: str
    differs: str

    def text(self) -> str:
        """The formula as it stands in the cell."""
        parts = ",".join(_ranges(self.parts))
        return (
            f'=IF(COUNT({parts})=0,"{self.none}",IF(COUNT({self.whole})=0,"{self.no_whole}",'
            f'IF(SUM({parts})={self.whole},"{self.agrees}","{self.differs}")))'
        )

    def value(self, numbers: Mapping[str, float]) -> str:
        """The word the formula gives."""
        parts = [numbers[ref] for ref in self.parts if ref in numbers]
        if not parts:
            return self.none
        if self.whole not in numbers:
            return self.no_whole
        return self.agrees if sum(parts) == numbers[self.whole] else self.differs


def _ranges(refs: tuple[str, ...]) -> list[str]:
    """Neighbouring cells of one column joined into a range: C7, C8, C9 is C7:C9."""
    groups: list[list[str]] = []
    for ref in refs:
        if groups and _follows(groups[-1][-1], ref):
            groups[-1].append(ref)
        else:
            groups.append([ref])
    return [group[0] if len(group) == 1 else f"{group[0]}:{group[-1]}" for group in groups]


def _follows(first: str, second: str) -> bool:
    if "!" in first or "!" in second:
        return False
    split = [(ref.rstrip("0123456789"), int(ref[len(ref.rstrip("0123456789")) :])) for ref in (first, second)]
    return split[0][0] == split[1][0] and split[0][1] + 1 == split[1][1]
