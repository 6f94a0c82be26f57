"""Learners of every institution through the four years: who enrols when, who graduates, who leaves.

One quarter after the other, level by level. Half the numbers are chance, drawn from one seeded generator. New
enrolments follow the school calendar: college and intermediate learners come from August to November,
elementary and short courses are spread over the year, fewer around the lunar new year and in the two years
of the
epidemic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tests.illustrative_year.network import COUNTED, ENROLLED, GROUPS, LEVELS, SCALE_2020, YEARS, School

#: Part of a year's new enrolments in each of the four windows (15/12 to 14/3, to 14/6, to 14/9, to 14/12).
SEASON = {
    "college": (0.01, 0.03, 0.52, 0.44),
    "intermediate": (0.03, 0.06, 0.52, 0.39),
    "elementary": (0.15, 0.28, 0.27, 0.30),
    "short_course": (0.14, 0.31, 0.28, 0.27),
}
#: What the epidemic did to a window of spread courses, relative to an ordinary one.
EPIDEMIC = {2020: (0.7, 0.55, 1.2, 1.25), 2021: (1.05, 0.85, 0.75, 1.3)}
#: Part of those in training who graduate in each window.
GRADUATION = {
    "college": (0.01, 0.12, 0.22, 0.03),
    "intermediate": (0.02, 0.2, 0.26, 0.04),
    "elementary": (0.5, 0.55, 0.6, 0.62),
    "short_course": (0.85, 0.9, 0.9, 0.93),
}
DROP_OUT = {"college": 0.018, "intermediate": 0.027, "elementary": 0.012, "short_course": 0.004}
#: Learners at the start of 2020 for each learner enrolled in a year, before scaling to the published scale.
STOCK_AT_START = {"college": 1.9, "intermediate": 1.3, "elementary": 0.33, "short_course": 0.1}
SPREAD = ("elementary", "short_course")
BREAKDOWNS = ("female", "rural", *GROUPS)
FOLLOWED, EMPLOYED = 0.82, 0.84


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one unit: `quarter` 1 to 4 is the cut-off; `value` counts since the year began, or
    is the stock."""

    unit: str
    year: int
    quarter: int
    indicator: str
    value: float
    level: str = ""
    breakdown: str = ""
    trade: str = ""
    fund_source: str = ""
    channel: str = ""
    measure: str = "persons"
    basis: str = "cumulative"


def spread(total: int, weights: np.ndarray) -> np.ndarray:
    """Whole numbers in proportion to the weights that add up to `total` exactly (largest remainders)."""
    if total == 0 or weights.sum() == 0:
        return np.zeros(len(weights), dtype=int)
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - whole.sum()]] += 1
    return whole


def simulate(network: tuple[School, ...], rng: np.random.Generator) -> list[Figure]:
    """Figures of every institution, year, quarter and breakdown."""
    yearly = _enrolled_by_year(network, rng)
    stock = _start_stocks(network, yearly)
    figures: list[Figure] = []
    for school in network:
        for year in YEARS:
            new = {level: _by_quarter(yearly[school.code, year, level], level, year, rng) for level in LEVELS}
            of_levels = [
                one for level in LEVELS for one in _level(school, year, level, new[level], stock, rng)
            ]
            figures += of_levels
            figures += _trades(school, year, sum(new.values()), of_levels, rng)
    return figures


def _enrolled_by_year(
    network: tuple[School, ...], rng: np.random.Generator
) -> dict[tuple[str, int, str], int]:
    """New enrolments of a year by institution and level; the counted levels meet the total of the year
    exactly."""
    found: dict[tuple[str, int, str], int] = {}
    habit = {school.code: rng.normal(0, 0.05) for school in network}
    keys = [(school, level) for school in network for level in COUNTED]
    quota = np.array([school.quota[level] for school, level in keys], dtype=float)
    for year in YEARS:
        mean, spread_of = ENROLLED[year]
        total = round(mean * (1 + rng.normal(0, spread_of))) if spread_of else mean
        luck = np.array([np.exp(habit[school.code] + rng.normal(0, 0.06)) for school, _ in keys])
        for (school, level), value in zip(keys, spread(total, quota * luck), strict=True):
            found[school.code, year, level] = int(value)
        for school in network:
            short = school.quota["short_course"] * mean / 13500
            found[school.code, year, "short_course"] = round(short * np.exp(rng.normal(0, 0.12)))
    return found


def _start_stocks(
    network: tuple[School, ...], yearly: dict[tuple[str, int, str], int]
) -> dict[tuple[str, str], int]:
    keys = [(school.code, level) for school in network for level in LEVELS]
    raw = np.array([STOCK_AT_START[level] * yearly[code, YEARS[0], level] for code, level in keys])
    enrolled = sum(yearly[code, YEARS[0], level] for code, level in keys)
    there = max(SCALE_2020 - enrolled, 0)  # nobody where many schools enrol more than the province has
    return dict(zip(keys, map(int, spread(there, raw)), strict=True))


def _by_quarter(total: int, level: str, year: int, rng: np.random.Generator) -> np.ndarray:
    season = np.array(SEASON[level])
    if level in ("elementary", "short_course"):
        season = season * np.array(EPIDEMIC.get(year, (1, 1, 1, 1)))
    return spread(total, rng.dirichlet(80 * season / season.sum()))


def _level(
    school: School,
    year: int,
    level: str,
    new: np.ndarray,
    stock: dict[tuple[str, str], int],
    rng: np.random.Generator,
) -> Iterator[Figure]:
    """A year of one level: at the end of every quarter stock = stock before + new - graduated - dropped
    out."""
    if not school.quota[level]:
        return
    now = stock[school.code, level]
    for quarter in (1, 2, 3, 4):
        yield Figure(school.code, year, quarter, "people_in_training_start", now, level, basis="stock")
    graduated, left, stocks = [], [], []
    for quarter, arrived in enumerate(map(int, new)):
        share = min(0.98, GRADUATION[level][quarter] * np.exp(rng.normal(0, 0.08)))
        graduated.append(int(rng.binomial(now + (arrived // 3 if level in SPREAD else 0), share)))
        left.append(int(rng.binomial(max(now - graduated[-1], 0), DROP_OUT[level])))
        now += arrived - graduated[-1] - left[-1]
        stocks.append(now)
    stock[school.code, level] = now
    for indicator, flow in (
        ("people_enrolled", list(map(int, new))), ("people_graduated", graduated),
        ("people_dropped_out", left),
    ):  # fmt: skip
        yield from _flow(school, year, indicator, level, "", flow)
        for name in BREAKDOWNS:
            part = [int(rng.binomial(number, school.shares[name])) for number in flow]
            yield from _flow(school, year, indicator, level, name, part)
    for quarter, number in enumerate(stocks, start=1):
        yield Figure(school.code, year, quarter, "people_in_training", number, level, basis="stock")
        for name in BREAKDOWNS:
            part = round(number * school.shares[name])
            yield Figure(school.code, year, quarter, "people_in_training", part, level, name, basis="stock")
    followed = [int(rng.binomial(number, FOLLOWED)) for number in graduated]
    employed = [int(rng.binomial(number, EMPLOYED)) for number in followed]
    women = [int(rng.binomial(number, school.shares["female"])) for number in employed]
    yield from _flow(school, year, "graduates_followed", level, "", followed)
    yield from _flow(school, year, "graduates_employed", level, "", employed)
    yield from _flow(school, year, "graduates_employed", level, "female", women)


def _flow(
    school: School, year: int, indicator: str, level: str, breakdown: str, flow: list[int], trade: str = ""
) -> Iterator[Figure]:
    for quarter, value in enumerate(np.cumsum(flow), start=1):
        yield Figure(school.code, year, quarter, indicator, int(value), level, breakdown, trade)


def _trades(
    school: School, year: int, new: np.ndarray, of_levels: Sequence[Figure], rng: np.random.Generator
) -> Iterator[Figure]:
    """New enrolments of all levels by trade, with women and rural people, as many as `of_levels` has."""
    weights = np.array(list(school.trades.values()))
    drawn = np.array([rng.multinomial(int(number), weights / weights.sum()) for number in new])
    names = ("female", "rural")
    parts = np.array(
        [
            [rng.binomial(drawn[:, place], school.shares[name]) for name in names]
            for place in range(len(weights))
        ]
    )
    for number, name in enumerate(names):
        for quarter, people in enumerate(_over_levels(of_levels, name)):
            _add_up(parts[:, number, quarter], drawn[quarter], people)
    for place, trade in enumerate(school.trades):
        yield from _flow(school, year, "people_enrolled", "", "", drawn[:, place].tolist(), trade)
        for number, name in enumerate(names):
            yield from _flow(school, year, "people_enrolled", "", name, parts[place, number].tolist(), trade)


def _over_levels(figures: Sequence[Figure], name: str) -> np.ndarray:
    """Newly enrolled of a breakdown in each window, all levels together."""
    so_far = np.zeros(4, dtype=int)
    for one in figures:
        if (one.indicator, one.breakdown) == ("people_enrolled", name):
            so_far[one.quarter - 1] += int(one.value)
    return np.diff(so_far, prepend=0)


def _add_up(parts: np.ndarray, wholes: np.ndarray, total: int) -> None:
    """Parts moved by one at a time, the largest down or the one with most room up, until they add up to a total."""
    while parts.sum() > total:
        parts[parts.argmax()] -= 1
    while parts.sum() < total:
        parts[(wholes - parts).argmax()] += 1
