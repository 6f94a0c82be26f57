"""What a year comes to from what is counted so far: a pool of methods, each as far as its evidence goes.

- The seasonal ensemble (`seasonal.py`) reads past years of quarters and the present one. It leads from one complete
  year on.
- The share usually counted by now, with what the totals of earlier years or a plan let expect (`usual_share.py`):
  alone where no year of quarters is known, beside the ensemble with one or two of them or where plans have a record.
- Two rules of thumb, last year's share and the chain ladder (`nowcast.py`), with a range from their own past
  errors, beside one or two years: the more of the year is counted, the more they count.

The pool averages quantiles on the log scale (`pooled`; Vincent 1912, Ratcliff 1979): methods that read the same figures
err together, and a range between theirs holds what it says where their linear pool is too wide. A plan is another
opinion: where it has a record draws of both methods stand side by side (a linear pool). The weights (`Weights`) rest
on the past, the month and the size of the unit, not on the newest count. Every member is a rising function of that
count, draw by draw: one person more reported never lowers the chance of a target. The draws are even points moved by
the seed (`even_draws.py`) and not by the figures, so that nothing else moves between two counts.
A count far below what is usual by then loses what it lacks and not the rest of the year (`_lifted`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from vetanalysis.blocks import Said
from vetanalysis.errors import NotAssessable
from vetanalysis.forecast.even_draws import even_levels, even_order, even_t
from vetanalysis.forecast.expected_total import NU0, Expectation, count_expectation, expectations
from vetanalysis.forecast.seasonal import draw_pieces
from vetanalysis.forecast.usual_share import (
    Spreads,
    UsualShare,
    beforehand,
    beta_share,
    chance_of_count,
    chance_of_course,
    least_usual,
    usual_share,
    usual_shares,
)
from vetanalysis.forecast.year_input import YearInput

MOST_YEARS = 10  # of history that the seasonal ensemble reads
ENOUGH_YEARS = 3  # of quarters, from which on it is the whole answer
# Chosen on one half of the series (`benchmarks/short_years.py`), beside one year of quarters:
SHARE_EARLY = 0.8  # weight of the share model before anything is counted
SHARE_SIZE = 150.0  # people a year of a unit whose ups and downs are half counting
RULES_LATE = 0.25  # weight of the rules of thumb at the end of the year
NARROWER = 0.2  # by how much ranges are narrowed, which are too wide with so little known
RULE_SD = {3: 0.055, 6: 0.035, 9: 0.02}  # of the log of total / what a rule said, by the month; prior


@dataclass(frozen=True, slots=True)
class Weights:
    """The parts that the methods have in the answer, 1 together, and what the width of its range is multiplied by."""

    ensemble: float
    share: float
    rules: float
    width: float = 1.0

    @classmethod
    def of(cls, month: int, complete_years: int, people: float = np.inf, attained: int = 0) -> Weights:
        """After `month` months, with so many years of quarters, for a unit of about so many `people` a year.

        Beside one or two years the share model's part falls with the square of the part of the year to come and is at
        least S / (S + people), S = `SHARE_SIZE` over the years; the rules' part rises with the square of the part gone
        by. With three years the ensemble is better alone.
        Where the year has a plan and past years have theirs (`attained` counts them) the ensemble has a third more with
        each year and the share model, which knows the plan, keeps at least half; from two such years on two thirds: a
        plan with a record forecasts better than the unit's own ups and downs wherever plans steer the numbers.
        """
        if not complete_years:
            return cls(0.0, 1.0, 0.0)
        if attained:
            ensemble = min(complete_years / 3, 1.0) / (1 + min(attained, 2))
            return cls(ensemble, 1 - ensemble, 0.0)
        little = 1 / complete_years if complete_years < ENOUGH_YEARS else 0.0
        large = 1 - SHARE_SIZE * little / (SHARE_SIZE * little + people)
        others = large * (1 - SHARE_EARLY * (1 - month / 12) ** 2 * little)
        rules = others * RULES_LATE * (month / 12) ** 2 * little
        return cls(others - rules, 1 - others, rules, 1 - large * NARROWER * little**2)


def pooled(parts: Sequence[tuple[float, np.ndarray]], width: float = 1.0) -> np.ndarray:
    """Totals (N,) rising: the weighted mean of the logarithms of the parts' draws (N,), each in rising order.

    `width`: what the distance from the median is multiplied by on that scale. A draw counts as at least a hundredth of
    its part's median. One part alone stays as it is.
    """
    if len(parts) == 1 and width == 1:
        return parts[0][1]
    whole = sum(weight for weight, _ in parts)
    logs = sum(weight / whole * _logs(draws) for weight, draws in parts)
    middle = np.median(logs)
    return np.exp(middle + width * (logs - middle))


def _logs(draws: np.ndarray) -> np.ndarray:
    return np.log(np.sort(np.maximum(draws, np.median(draws) / 100)))


def draws_of_total(
    figures: YearInput, counts: Sequence[float], size: int, seed: int, prior: float
) -> tuple[list[np.ndarray], float]:
    """Draws (size,) of the year's total in an order of the seed, with each of `counts` in the place of the newest one.

    With them the part of the answer that was learned elsewhere, by the first of the counts. `prior` scales the spread
    of the prior. NotAssessable where nothing says what a whole year comes to.
    """
    if figures.step == figures.steps:
        return [np.full(size, count) for count in counts], 0.0
    first = _Known.of(figures, prior)
    known = [first.at(count) for count in counts]
    read = [one.lifted() for one in known]
    years = [0 if one.empty(at) else figures.complete_years for one, at in zip(known, read, strict=True)]
    weights = [
        Weights.of(figures.month, of, one.people, one.attained) for of, one in zip(years, known, strict=True)
    ]
    alike = [at for at, weight in zip(read, weights, strict=True) if weight.ensemble]
    ensemble = max(weight.ensemble for weight in weights)
    by_ensemble = round(size * ensemble) if first.attained else size
    drawn = iter(_by_ensemble(figures, alike, by_ensemble, seed, prior) if alike else ())
    order = even_order(seed, size)
    totals = [
        _joined(one, at, weight, next(drawn) if weight.ensemble else None, size)[order]
        for one, at, weight in zip(known, read, weights, strict=True)
    ]
    own = NU0 / (NU0 + max(4 * figures.complete_years - 1, 0))
    share = weights[0].share
    return totals, share * first.learned + (1 - share) * own


def _joined(
    known: _Known, read: YearInput, weights: Weights, by_ensemble: np.ndarray | None, size: int
) -> np.ndarray:
    """Totals (size,) of all methods together, from what the ensemble says and the others."""
    figures = known.figures
    parts = [] if by_ensemble is None else [(weights.ensemble, by_ensemble)]
    rest = size - len(by_ensemble) if known.attained and by_ensemble is not None else size
    if weights.share:
        parts.append((weights.share, known.by_share(read, rest)))
    if weights.rules and (rules := known.rules(read)):
        parts += [(weights.rules / len(rules), rule.draws(read.counted, size)) for rule in rules]
    of_parts = [draws for _, draws in parts]
    totals = np.concatenate(of_parts) if rest < size else pooled(parts, weights.width)
    totals = totals - (read.counted - figures.counted)
    return np.maximum(np.round(totals) if figures.whole_numbers else totals, figures.counted)


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A rule of thumb: the total is the count over `share`; log errors t(`nu`) with `spread`."""

    share: float
    spread: float
    nu: float

    def draws(self, counted: float, size: int) -> np.ndarray:
        """Totals at even levels; the spread is that of what is left, which no count undercuts."""
        errors = even_t(self.nu, size) * self.spread / (1 - self.share)
        return counted + counted * (1 / self.share - 1) * np.exp(np.clip(errors, -6.0, 6.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What the past tells of the year: `expected` of its total, by past year counts by now, their errors and totals.

    `by_count`: whether nothing but the newest count says what to expect. `kept`: answers that do not depend on it.
    """

    figures: YearInput
    prior: float
    expected: Expectation
    attained: int
    totals: np.ndarray
    any_total: bool
    by_count: bool
    kept: dict[tuple[object, ...], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, figures: YearInput, prior: float) -> _Known:
        known = np.isfinite(figures.totals) & (figures.totals > 0)
        totals, plans = figures.totals[known], figures.plans[known]
        expected = expectations(
            figures.year, figures.years[known], totals, figures.plan, plans, prior, figures.whole_numbers
        )
        by_count = expected is None
        if expected is None and figures.counted:
            expected = count_expectation(figures.month, figures.counted)
        if expected is None:
            raise NotAssessable(Said("forecast.no_whole_year", years=[str(year) for year in figures.years]))
        attained = 0 if figures.plan is None else int(np.isfinite(plans).sum())
        return cls(figures, prior, expected, attained, known, bool(known.any()), by_count)

    def at(self, count: float) -> _Known:
        """The same with another newest count."""
        if count == self.figures.counted:
            return self
        current = self.figures.current.copy()
        current[self.figures.step - 1] = count
        figures = replace(self.figures, current=current)
        return _Known.of(figures, self.prior) if self.by_count else replace(self, figures=figures)

    def once(self, *asked: Any, of: Callable[..., Any]) -> Any:
        """What `of` gives for what is asked (a name, then its arguments), worked out once for all newest counts."""
        if asked not in self.kept:
            self.kept[asked] = of(*asked[1:])
        return self.kept[asked]

    def shares(self, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the past years in which both are known: counts by the end of `step`, totals, and interpolated variance."""
        return self.once("shares", step, of=self._shares)

    def _shares(self, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        counted, between = (values[self.totals] for values in self.figures.by_step(step))
        both = np.isfinite(counted)
        return counted[both], self.figures.totals[self.totals][both], between[both]

    def usual(self, step: int) -> UsualShare:
        """The share usually counted by the end of `step`."""
        return self.once("usual", step, of=self._usual)

    def _usual(self, step: int) -> UsualShare:
        counted, totals, between = self.shares(step)
        figures = self.figures
        return usual_share(
            step * 12 // figures.steps,
            counted,
            totals,
            self.prior,
            figures.whole_numbers,
            between,
            self.people,
            self.growth,
        )

    @property
    def people(self) -> float:
        """About how many people the year is expected to come to; no limit where the figures are no people."""
        counts = self.figures.whole_numbers
        return float(np.exp(self.expected.weight @ self.expected.centre)) if counts else np.inf

    @property
    def growth(self) -> float:
        """By how much a year the log of the total is expected to rise from the last one known; 0 where none is."""
        if not self.any_total:
            return 0.0
        last = np.flatnonzero(self.totals)[-1]
        rise = self.expected.weight @ self.expected.centre - np.log(self.figures.totals[last])
        return float(rise) / float(self.figures.year - self.figures.years[last])

    @property
    def learned(self) -> float:
        """The part of the share model that was learned elsewhere."""
        own = self.expected.known + (0.5 if self.any_total else 0.0)
        return NU0 / (NU0 + own + (len(self.shares(self.figures.step)[0]) if self.figures.step else 0))

    def lifted(self) -> YearInput:
        """The figures, every count of the year at least the lowest usual one by then.

        What a total read from them holds too much is the difference of the newest counts; one person more counted is
        then one person more in every total, so that fewer people never make a target likelier.
        """
        current, least = self.figures.current.copy(), 0.0
        for at in np.flatnonzero(np.isfinite(current)):
            usual = self.once("least", int(at) + 1, float(current[at]), of=self._least)
            current[at] = least = max(usual, least)
        cumulative = self.figures.cumulative.copy()
        for row in np.flatnonzero(~np.isfinite(self.figures.totals)):
            cumulative[row] = self._filled(cumulative[row])
        return replace(self.figures, current=self._filled(current), cumulative=cumulative)

    def _least(self, step: int, count: float) -> float:
        before = self.once("before", of=lambda: beforehand(self.expected, self.figures.whole_numbers))
        return least_usual(before, count, self.usual(step))

    def _filled(self, row: np.ndarray) -> np.ndarray:
        """A year's counts (steps,), one missing at the quarter's end before the last in usual proportion to it."""
        known = np.flatnonzero(np.isfinite(row))
        ends = np.cumsum(self.figures.lengths) * self.figures.steps // 12 - 1
        last = int(known[-1]) if len(known) else 0
        earlier = ends[ends < last]
        if not len(earlier) or np.isfinite(row[earlier[-1]]):
            return row
        before = int(earlier[-1])
        (counts, totals, _), (later, totals_later, _) = self.shares(before + 1), self.shares(last + 1)
        if not len(counts) or not (later > 0).any():
            return row
        part = min(float((counts / totals).mean() / (later / totals_later).mean()), 1.0)
        given = max(row[last] * part, np.nanmax(np.append(row[:before], 0.0)))
        filled = row.copy()
        filled[before] = round(given) if self.figures.whole_numbers else given
        return filled

    def empty(self, read: YearInput) -> bool:
        """Whether a piece of the year counted so far is empty, of which no logarithm can be taken."""
        return bool((read.pieces[-1] == 0).any())

    def rules(self, read: YearInput) -> tuple[_Rule, ...]:
        """Last year's share and the chain ladder with the spread of their errors; one year makes both the same."""
        if not read.step:
            return ()
        counted, totals, _ = self.shares(read.step)
        inside = (counted > 0) & (counted < totals)
        counted, totals = counted[inside], totals[inside]
        if not len(counted):
            return ()
        prior = float(np.interp(read.month, list(RULE_SD), list(RULE_SD.values()))) * self.prior
        shares = {"last": counted / totals, "ladder": np.cumsum(counted) / np.cumsum(totals)}
        found = []
        for past in shares.values() if len(counted) > 1 else [shares["last"]]:
            errors = np.log(past[:-1] * totals[1:] / counted[1:])
            nu = NU0 + len(errors)
            squares = NU0 * prior**2 + (errors**2).sum()
            found.append(_Rule(float(past[-1]), float(np.sqrt(squares / nu)), nu))
        return tuple(found)

    def by_share(self, read: YearInput, size: int) -> np.ndarray:
        """Totals at even levels by the share usually counted by now."""
        figures, levels = self.figures, even_levels(size)
        if not read.step:
            return beta_share(self.expected, counts=figures.whole_numbers).quantile(levels)
        if self.attained or not self.any_total:
            shares: Spreads = ((1.0, self.usual(read.step)),)
        else:
            shares = self.weighed(read)
        ends = np.round(np.cumsum([weight for weight, _ in shares]) * size).astype(int)
        numbers = np.diff(ends, prepend=0)
        return np.concatenate(
            [
                beta_share(self.expected, read.counted, share, figures.whole_numbers).quantile(
                    even_levels(number)
                )
                for number, (_, share) in zip(numbers, shares, strict=True)
            ]
        )

    def weighed(self, read: YearInput) -> Spreads:
        """The usual share with several spreads, weighed by the past and by the counts before the newest one."""
        shares = self.once("spreads", read.step, of=self._spreads)
        earlier = np.flatnonzero(np.isfinite(self.figures.current[: read.step - 1]))
        if not len(earlier):
            return shares
        steps, counts = tuple((earlier + 1).tolist()), tuple(read.current[earlier].tolist())
        chances = self.once("chances", steps, counts, of=self._chances)
        if len(chances) != len(shares) or not sum(chances) > 0:
            return shares
        weights = np.array([weight for weight, _ in shares]) * chances
        weights /= weights.sum()
        return tuple((float(weight), share) for weight, (_, share) in zip(weights, shares, strict=True))

    def _spreads(self, step: int) -> Spreads:
        """The usual share with several spreads, weighed by the past."""
        figures = self.figures
        month, shares = step * 12 // figures.steps, self.shares(step)
        return usual_shares(month, *shares, self.prior, figures.whole_numbers, self.people, self.growth)

    def _chances(self, steps: tuple[int, ...], counts: tuple[float, ...]) -> list[float]:
        """How likely the counts at the ends of these steps were, by each of the spreads."""
        months = [step * 12 // self.figures.steps for step in steps]
        return [
            chance_of_count(self.expected, counts[-1], share, self.figures.whole_numbers)
            * (1.0 if share.known else chance_of_course(counts, months, share))
            for _, share in self.once("spreads", steps[-1], of=self._spreads)
        ]


def _by_ensemble(
    figures: YearInput, read: Sequence[YearInput], size: int, seed: int, prior: float
) -> list[np.ndarray]:
    """Totals by the seasonal ensemble for readings of the figures that differ in the newest counts alone."""
    first = read[0]
    filled = int(np.isfinite(first.current).sum() - np.isfinite(figures.current).sum())
    pieces = len(first.lengths)
    keep = first.years > first.year - 1 - MOST_YEARS
    rows = np.array([np.vstack([one.pieces[:-1][keep], one.pieces[-1:]]) for one in read])
    years = np.append(first.years[keep], first.year)
    positions = (years - years[0])[:, None] * pieces + np.arange(pieces)
    coming = tuple(int(p) for p in positions[-1, -(-first.month // 3) :])
    reported = int(positions[-1, 0]) + pieces - len(coming)
    newest = reported - 1 - filled if first.step else None
    seen = np.isfinite(rows[0]) & (rows[0] > 0)
    drawn = draw_pieces(
        rows[:, seen], tuple(int(p) for p in positions[seen]), coming, size, seed,
        newest=newest, prior=prior, lengths=first.lengths, counts=first.whole_numbers,
    )  # fmt: skip
    months = np.array(first.lengths)[-len(coming) :] / 3
    return [one.counted + (amounts * months).sum(axis=1) for one, amounts in zip(read, drawn, strict=True)]
