"""Dots and commas in numbers as text: what "13.500", "57,2" and "1.234,5" may mean, by one rule for every table."""

from __future__ import annotations

import re
from typing import Any

_PLAIN = re.compile(r"[-+]?\d+(?:[eE][-+]?\d+|\.\d*[eE][-+]?\d+)?")
_WRITTEN = re.compile(r"([-+\u2212]?)(\d[\d.,]*(?:[ \u00a0\u202f'\u2019]\d{3}[\d.,]*)*)")
_SPACES = re.compile(r"[ \u00a0\u202f'\u2019]")
#: Measures whose figures never reach thousands: three digits behind a mark are decimals.
DECIMAL_MEASURES = ("percent", "percentage_points")


def readings(digits: str) -> tuple[float, ...]:
    """What digits with dots and commas may mean: one number, two ("13.500": as decimal, as whole) or none."""
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return (float(digits),)
    if dots and commas:
        last = max(digits.rfind("."), digits.rfind(","))
        group = "," if digits[last] == "." else "."
        whole, fraction = digits[:last], digits[last + 1 :]
        if digits[last] in whole or not grouped(whole.split(group)):
            return ()
        return (float(whole.replace(group, "") + "." + fraction),)
    parts = digits.split("." if dots else ",")
    if len(parts) > 2:
        return (float("".join(parts)),) if grouped(parts) else ()
    as_decimal, as_whole = float(".".join(parts)), float("".join(parts))
    return (as_decimal, as_whole) if grouped(parts) else (as_decimal,)


def grouped(parts: list[str]) -> bool:
    """Whether the parts are groups of thousands: 1 to 3 digits without leading zero, then threes."""
    first, *rest = parts
    return 1 <= len(first) <= 3 and not first.startswith("0") and all(len(part) == 3 for part in rest)


def numbers_in(cell: Any, measure: str) -> tuple[float, ...]:
    """What a cell of a tidy table means: one number, two where it can be read in two ways, none where it is no number.

    `cell`: a number is itself; text is read by `readings`. Percentages are never in the thousands, so that
    "57.125" with the `measure` percent is one number; the same text for people is 57.125 or 57,125.
    """
    if not isinstance(cell, str):
        try:
            return (float(cell),)
        except (TypeError, ValueError):
            return ()
    text = cell.strip()
    if _PLAIN.fullmatch(text):
        return (float(text),)
    match = _WRITTEN.fullmatch(text)
    if not match:
        return ()
    sign = -1.0 if match[1] in ("-", "\u2212") else 1.0
    spaced = _SPACES.split(match[2])
    if len(spaced) > 1 and not grouped([*spaced[:-1], re.split("[.,]", spaced[-1])[0]]):
        return ()
    found = readings("".join(spaced)) if not text.endswith((".", ",")) else ()
    if len(found) == 2 and (len(spaced) > 1 or measure in DECIMAL_MEASURES):
        found = found[:1]
    return tuple(sign * one for one in found)
