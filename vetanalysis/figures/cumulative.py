"""People trained since the year began: this year's path beside past years' paths, and where it may end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, in_its_measure
from vetanalysis.blocks import Cell, Picture, Said
from vetanalysis.figures.captions import cited_once, counted_axis, target_alt, target_label, title_of
from vetanalysis.figures.places import LINE, Box, Frame, Place, spread
from vetanalysis.figures.style import (
    BLUE,
    FACT,
    FAN,
    INK,
    SOFT,
    TARGET,
    TEXT_SIZE,
    Chart,
    amount,
    before_figure,
    dress,
    note,
    note_at_the_end,
    note_target,
    number_axis,
    projected,
    target_lines,
)
from vetanalysis.figures.values import Value, Values, projected_values
from vetanalysis.indicators.derived import people_indicator, plan_values
from vetanalysis.language.filters import known
from vetanalysis.language.numbers import year_tick
from vetanalysis.periods import CUMULATIVE, YEARS_BESIDE, Calendar, parse_cutoff

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vetanalysis.forecast.projection import Projection
    from vetanalysis.study import Study


_BLOCK = 0.3  # of the axes: how far what is told on the left reaches
_SAME = "●"  # the mark of past years at the same point
_OVER = Place((-4, 6), "right", "bottom")
_AT_POINT = (_OVER, Place((6, -8), "left", "top"))
_AT_LAST = tuple(Place((-4, up), "right", "bottom") for up in (2, 6, 10, 18, 24))
_UNDER_LAST = tuple(Place((6, down), "left", "top") for down in (-8, -16))
_LINE_MM = 5.1  # a line of words
_WITH_TITLE_MM, _BARE_MM = 41.0, 27.0  # of a figure's height: what stands over and under its axes


@dataclass(frozen=True, slots=True, kw_only=True)
class Cumulative(Chart):
    """`past`: year -> cumulative counts at the end of each step of the calendar, quarter or month (NaN where unknown).

    `current`: the same for the steps reported so far (NaN: not reported). `projection`: of the whole
    year, in counts, or of the year to the cut-off `until`. `worded`: what a source says before the count of a step
    ("nearly "). `alike`: what years before had counted at the same point in
    the units that have reported now, where that is not what `past` holds.
    """

    year: int
    current: Mapping[int, float]
    past: Mapping[int, Mapping[int, float]] = field(default_factory=dict)
    projection: Projection | None = None
    worded: Mapping[int, Said | str] = field(default_factory=dict)
    alike: Mapping[int, float] | None = None
    until: str = "FY"
    calendar: Calendar = Calendar()  # noqa: RUF009 - it is frozen

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Past years thin and grey, this year black, the projection a fan to the end of the year.

        A step without figure leaves a gap: lines join neighbouring steps only. What earlier years had counted at the
        same point stands beside what this year has.
        """
        steps = self.calendar.steps
        until = CUMULATIVE[self.until] * steps // 12
        for year, path in sorted(self.past.items()):
            _draw_path(ax, path, steps, color=SOFT, linewidth=1.0, zorder=2, gid=f"past-{year}")
        counted = _known(self.current)
        _draw_path(ax, self.current, steps, color=FACT, linewidth=2.2, zorder=5, marker="o",
                   markersize=6 if steps == 4 else 4, gid=f"year-{self.year}")  # fmt: skip
        last = max(counted.items(), default=(0, 0.0))  # at the start of the year nobody has been counted
        ax.set_xlim(-0.025 * steps, steps * (1.16 if len(year_tick(self.year)) == 4 else 1.24))
        ax.set_ylim(0, self._top(last[0]))
        ax.set_xticks(range(steps + 1), [_tick(self.calendar, step).get(lang) for step in range(steps + 1)])
        if steps == 12:
            ax.set_xlabel(Said("figures.month.axis").get(lang), color=INK)
        number_axis(ax.yaxis, lang)
        ax.set_ylabel(self.axis, color=INK)
        shown = self.projection if last[0] < until else None
        key = "" if shown is None else Said("figures.cumulative.key").get(lang)
        end = "" if shown is None else _range_words(shown, lang, self.target)
        frame = Frame.of(ax, self, lang, key, end)
        if shown is not None:
            _draw_projection(ax, shown, last, until)
            note_at_the_end(ax, end, float(np.ravel(shown.median)[-1]), frame.size[1])
            low, high = (float(np.ravel(side)[-1]) for side in shown.interval(0.95))
            frame.add_area((last[0], until), (last[1], low), (last[1], high))
        for path in (*self.past.values(), self.current):
            for step, value in _known(path).items():
                before = {0: 0.0, **_known(path)}.get(step - 1)
                frame.add_line([(step, value)] if before is None else [(step - 1, before), (step, value)])
        self._name_ends(ax, frame)
        beside = self._tell_same_point(ax, last, lang, frame) if counted else []
        if self.target is not None:
            self._draw_target(ax, self.target, beside, frame, lang)
        self._name_points(ax, counted, last[0], frame, lang)
        return dress(ax, self, lang, key)

    def values_shown(self) -> Values:
        """A row for each step of the year, a column for each year, for where it may end and for what is asked for."""
        head, paths = Said("figures.values.counted"), {**self.past, self.year: self.current}
        steps = range(1, self.calendar.steps + 1)
        rows = {step: _tick(self.calendar, step, "figures.values.month") for step in steps}
        made = [
            Value(rows[step], year_tick(year), Cell(value, "count"), (step, value))
            for step in steps
            for year, path in sorted(paths.items())
            if known(value := path.get(step))
        ]
        counted = _known(self.current)
        last = max(counted, default=0)
        if self.alike is not None and last:
            made += [
                Value(
                    rows[last],
                    Said("figures.values.alike", year=year_tick(year)),
                    Cell(value, "count"),
                    (last, value),
                )
                for year, value in sorted(self.alike.items())
            ]
        until = CUMULATIVE[self.until] * self.calendar.steps // 12
        if self.projection is not None and last < until:
            low, high = (float(np.ravel(side)[-1]) for side in self.projection.interval(0.8))
            median = float(np.ravel(self.projection.median)[-1])
            made += projected_values(rows[until], median, (low, high), "", until, self.target)
        if self.target is not None:
            made.append(Value(rows[until], Said("figures.values.target"), Cell(self.target, "count")))
        return Values(head, tuple(made))

    def _top(self, step: int) -> float:
        """How high the axis reaches: above all that is drawn, and so that no line runs into the words on the left."""
        paths = [_known(path) for path in (*self.past.values(), self.current)]
        shown = [value for path in paths for value in path.values()] + [self.target or 0.0]
        if self.projection is not None:
            shown.append(float(np.ravel(self.projection.interval(0.95)[1])[-1]))
        left = [
            value for path in paths for at, value in path.items() if at <= _BLOCK * 1.1 * self.calendar.steps
        ]
        lines = 2 + len(self.at_point(step))
        free = 1 - (lines + 1.5) * self._line_share  # a label stands above the line
        return max(max(shown) * 1.12, max(left, default=0.0) / max(free, 0.35)) or 1.0

    @property
    def _line_share(self) -> float:
        """A line of words, of the axes' height."""
        return _LINE_MM / (self.tall - (_WITH_TITLE_MM if self.title else _BARE_MM))

    def _draw_target(self, ax: Axes, target: float, beside: Sequence[Box], frame: Frame, lang: str) -> None:
        """The target's line to the end of the year and its words, clear of what is told on the left."""
        (left, right), level = ax.get_xlim(), frame.at(0, target)[1]

        def since(low: float, high: float, gap: float) -> float:
            """Where one may begin at these heights, of the axes' width."""
            there = [box[2] for box in beside if box[1] < high and low < box[3]]
            return (max(there) * 1.05 + gap) / frame.size[0] if there else 0.0

        begins = left + since(level - 2, level + 2, 4) * (right - left)
        ends = self.calendar.steps
        ax.plot([begins, ends], [target, target], color=TARGET, linewidth=1.4, zorder=1.5, gid="target")
        frame.add_target(target, begins, ends)
        label, at = self.target_label or amount(target, lang), max(_BLOCK, since(level, level + 2 * LINE, 4))
        until = (ends - left) / (right - left)  # the years stand behind it
        note_target(ax, label, at, target, until, frame.size[0])
        words = target_lines(ax, label, at, until, frame.size[0])
        over = Place((0, 3), "left", "bottom")
        frame.words.append(frame.box(words, left + at * (right - left), target, over))

    def _name_points(
        self, ax: Axes, counted: Mapping[int, float], last: int, frame: Frame, lang: str
    ) -> None:
        """What each quarter had counted, at its point; at the last one, told on the left already, the year."""
        for step, value in counted.items():
            if step == last == self.calendar.steps or (step != last and self.calendar.steps != 4):
                continue
            words = year_tick(self.year) if step == last else self._worded(step, value, lang)
            lower = any(_known(path).get(step, value) < value for path in self.past.values())
            places = (_AT_LAST if lower else _AT_LAST + _UNDER_LAST) if step == last else _AT_POINT
            _, place = frame.best(step, value, [(words, one) for one in places])
            box = frame.words.pop()
            if frame.is_free(box):
                frame.words.append(box)
                look = {"fontweight": "bold"} if step == last else {}
                gid = "year-label" if step == last else "fact-label"
                note(ax, words, (step, value), place.offset, gid, ha=place.across, va=place.up, **look)

    def at_point(self, step: int) -> list[tuple[int, float]]:
        """The three years before with what each had counted at `step`, latest first."""
        if self.alike is not None:
            return sorted(self.alike.items(), reverse=True)
        before = sorted((year for year in self.past if year < self.year), reverse=True)[:YEARS_BESIDE]
        counted = ((year, _known(self.past[year]).get(step)) for year in before)
        return [(year, value) for year, value in counted if value is not None]

    def _worded(self, step: int, value: float, lang: str) -> str:
        """A count as its source words it."""
        return before_figure(self.worded.get(step, ""), lang) + amount(value, lang)

    def _tell_same_point(self, ax: Axes, last: tuple[int, float], lang: str, frame: Frame) -> list[Box]:
        """This year's count over those of the years before at the same point, each marked on its line.

        Of the words as many as keep clear of the lines; returns where they stand.
        """
        step, past = last[0], self.at_point(last[0])
        reach = max(value for _, value in (last, *past))
        ax.vlines(step, 0, reach, SOFT, (0, (1, 2)), linewidth=0.8, zorder=1, gid="same-point")
        for year, count in past:
            ax.plot([step], [count], marker="o", markersize=4, color=SOFT, zorder=4, gid=f"same-point-{year}")
        left, top = ax.get_xlim()[0], ax.get_ylim()[1]
        for lines in self._told(last, past, lang):
            places = [
                Place((0.015 * frame.size[0], -2 - at * LINE), "left", "top") for at in range(len(lines))
            ]
            boxes = [frame.box(one[0], left, top, place) for one, place in zip(lines, places, strict=True)]
            if all(frame.is_free(box) for box in boxes):
                break
        for (words, look), place in zip(lines, places, strict=True):
            note(ax, words, (0.015, 1), (0, place.offset[1]), "same-point-label", va="top", ha="left",
                 xycoords="axes fraction", **look)  # fmt: skip
        frame.words += boxes
        return boxes

    def _told(self, last: tuple[int, float], past: Sequence[tuple[int, float]], lang: str) -> list[list[Any]]:
        """What may be told of the same point, the most first, in lines with their looks: at last this year's count."""
        step, bold, soft = last[0], {"fontweight": "bold"}, {"color": SOFT}
        quarters = self.calendar.steps == 4
        head = _tick(self.calendar, step) if quarters else Said("figures.month.of", month=step)
        short = Said("figures.same_point", period=str(self.calendar.cutoff(self.year, step)))
        count = self._worded(*last, lang)
        before = [(f"{_SAME} {year_tick(year)}: {amount(value, lang)}", soft) for year, value in past]
        whole = [(head.get(lang), soft), (f"{year_tick(self.year)}: {count}", bold), *before]
        one = f"{short.get(lang)}: {count}", bold
        return [whole, *([one, *before[:kept]] for kept in range(len(before), -1, -1))]

    def _name_ends(self, ax: Axes, frame: Frame) -> None:
        """Years at the right ends of their lines; where they would print over each other they move apart as far as
        they must, each with a line that leads to its end."""
        steps = self.calendar.steps
        ends = [
            (_known(path).get(steps), year) for year, path in {**self.past, self.year: self.current}.items()
        ]
        named = sorted((value, year) for value, year in ends if value is not None)
        per_point = ax.get_ylim()[1] / frame.size[1]
        gap = 0.95 * TEXT_SIZE * per_point
        places = spread([value for value, _ in named], gap, gap / 2, ax.get_ylim()[1])
        moved = any(
            abs(place - value) > 2 * per_point for place, (value, _) in zip(places, named, strict=True)
        )
        at = steps * (1.045 if moved else 1.015)
        for (value, year), place in zip(named, places, strict=True):
            if moved:
                ax.plot([steps * 1.004, at * 0.996], [value, place], color=SOFT, linewidth=0.6, zorder=4,
                        gid=f"leader-{year}")  # fmt: skip
            look = {"fontweight": "bold"} if year == self.year else {"color": SOFT}
            gid = "year-label" if year == self.year else "past-label"
            note(ax, year_tick(year), (at, place), (0, 0), gid, ha="left", va="center", **look)
            frame.words.append(frame.box(year_tick(year), at, place, Place((0, 0), "left", "center")))


def _known(path: Mapping[int, float]) -> dict[int, float]:
    return {int(q): float(v) for q, v in sorted(path.items()) if v is not None and not isnan(v)}


def _tick(calendar: Calendar, step: int, month: str = "figures.month") -> Said:
    """A step as it stands under the figure: a quarter by name, a month by its number, or as the line `month` has it."""
    if calendar.steps == 4:
        return Said(f"figures.quarter.{step}")
    return Said(month, month=step)  # 0: where the year begins


def _draw_path(ax: Axes, path: Mapping[int, float], steps: int, **look) -> None:
    """The path from zero at the start of the year; unknown steps are holes, not zeros and not bridges."""
    counted = {0: 0.0, **_known(path)}
    ax.plot(range(steps + 1), [counted.get(step, np.nan) for step in range(steps + 1)], **look)


def _range_words(projection: Projection, lang: str, goal: float | None) -> str:
    """What is projected, as it stands at its end."""
    low, high = (float(np.ravel(side)[-1]) for side in projection.interval(0.8))
    median = projected(float(np.ravel(projection.median)[-1]), lang, goal=goal)
    told = {"median": median, "lower": projected(low, lang), "upper": projected(high, lang)}
    return Said("figures.range", **told).get(lang)


def _draw_projection(ax: Axes, projection: Projection, last: tuple[int, float], until: int) -> None:
    step, value = last
    median = float(np.ravel(projection.median)[-1])
    for coverage in sorted(FAN, reverse=True):
        low, high = (float(np.ravel(side)[-1]) for side in projection.interval(coverage))
        ax.fill_between([step, until], [value, low], [value, high], color=FAN[coverage], linewidth=0, zorder=1,
                        gid=f"range-{coverage:g}")  # fmt: skip
    ax.plot([step, until], [value, median], color=BLUE, linestyle="--", linewidth=1.6, zorder=4, gid="median")
    ax.plot(
        [until], [median], color=BLUE, marker="D", markersize=5, linestyle="none", zorder=7, gid="median-end"
    )


def has_path(one: Assessment) -> TypeGuard[PeopleAssessment]:
    """Whether the year's people are counted, so that their path says more than past years' totals."""
    if not isinstance(one, PeopleAssessment):
        return False
    return bool(one.cumulative) and (known(one.so_far) or bool(_known(_of_this_year(one))))


def _of_this_year(one: PeopleAssessment) -> Mapping[int, float]:
    return one.cumulative.get(parse_cutoff(one.counted_to).year, {})


def last_counted(one: PeopleAssessment) -> str:
    """The last cut-off of the year at which anything is counted."""
    step = max(_known(_of_this_year(one)))
    return str(one.calendar.cutoff(parse_cutoff(one.counted_to).year, step))


def path_of(one: PeopleAssessment) -> Cumulative:
    """This year's people so far beside past years, and where the year may end.

    The step of the cut-off holds what was reported for it; units without a report are counted under the figure.
    """
    target = one.target
    cutoff = parse_cutoff(one.counted_to)
    years = {int(year): dict(path) for year, path in one.cumulative.items()}
    current = years.pop(cutoff.year, {})
    if one.so_far is not None and known(one.so_far):
        current[one.calendar.steps_at(cutoff)] = float(one.so_far)
    received, due = one.received, one.due
    source = Said("figures.source.returns", as_of=one.counted_to)
    if one.sources:
        source = Said("figures.source", sources=cited_once(one.sources))
    elif due is not None and received != due:
        source = Said("figures.source.some_returns", as_of=one.counted_to, received=received, due=due)
    alike = None
    if (
        received != due
    ):  # years before hold units that are missing now: only the comparison over the same ones is told
        held = one.same_period if one.compared is None else None
        alike = {cutoff.year - 1: float(held)} if known(held) and held else {}
    return Cumulative(
        alike=alike,
        title=title_of(one),
        axis=Said("figures.cumulative.axis", axis=counted_axis(target.measure)),
        year=cutoff.year,
        current=current,
        past=years,
        worded={
            one.calendar.steps_at(parse_cutoff(point.period)): point.worded for point in one.published_counts
        },
        projection=None if one.is_judged else one.projection,
        until=parse_cutoff(target.period).code,
        calendar=one.calendar,
        target=target.value if target.has_value else None,
        target_label=target_label(one),
        source=source,
        illustrative=one.illustrative,
    )


@in_its_measure
def path_alt(one: PeopleAssessment, data: Cumulative) -> Said:
    """What the path shows, in words built from the same numbers."""
    steps = one.calendar.steps_at
    to_day = {steps(parse_cutoff(point.period)): point.to_day for point in one.published_counts}
    shown = tuple(
        Said(
            "figures.alt.of_period", period=str(data.calendar.cutoff(data.year, step)), value=value,
            worded=data.worded.get(step, ""), to_day=to_day.get(step, ""),
        )
        for step, value in sorted(data.current.items())
        if step and known(value)
    )  # fmt: skip
    parts = [Said("figures.alt", title=data.title), Said("figures.alt.total", figures=shown)]
    if one.projection is not None and known(one.median):
        ends: dict[str, Any] = {"lower": one.lower_80, "median": one.median, "upper": one.upper_80}
        parts.append(Said("figures.alt.estimated", goal=data.target, **ends))
    step = max((one for one, value in data.current.items() if known(value)), default=0)
    if past := _told_of_past(data, step):
        parts.append(Said("figures.alt.same_point", past=past))
    if one.target.has_value:
        parts.append(target_alt(one))
    return Said("figures.words", parts=tuple(parts))


def path_picture(study: Study, years: Mapping[int, Mapping[int, float]]) -> Picture | None:
    """A unit's running total beside past years'; None where nothing of the year is counted."""
    year = study.as_of.year
    current = years.get(year, {})
    if not any(known(value) for value in current.values()):
        return None
    goal = goals_of(study).get(study.unit.code)
    step = max(one for one, value in current.items() if known(value))
    title = Said("figures.cumulative.title", as_of=str(study.as_of), value=current[step], plan=goal)
    data = Cumulative(
        title=title,
        axis=Said("figures.cumulative.axis", axis=counted_axis(study.plan.counted_in)),
        year=year,
        current=current,
        past={one: path for one, path in years.items() if one < year},
        calendar=study.plan.calendar,
        target=goal,
        target_label="" if goal is None else Said("figures.plan", goal=goal),
        source=figures_since(study),
        illustrative=invented_people(study),
    )
    told = [Said("figures.alt", title=title)]
    if past := _told_of_past(data, step):
        told.append(Said("figures.alt.same_point", past=past))
    return Picture(f"path-{study.unit.code}", data, title, Said("figures.words", parts=tuple(told)))


def _told_of_past(data: Cumulative, step: int) -> tuple[Said, ...]:
    """What the years before had counted at the same point, in words."""
    return tuple(Said("figures.alt.past_year", year=year, value=value) for year, value in data.at_point(step))


def goals_of(study: Study) -> dict[str, float]:
    """The year's quotas of people, by unit; without those that have none."""
    plans = plan_values(study.plan, study.as_of.year)
    mine = plans[(plans["indicator"] == people_indicator(study.plan)) & (plans["level"] == "")]
    goals = zip(mine["unit"], mine["plan_value"].astype(float), strict=True)
    return {unit: goal for unit, goal in goals if known(goal)}


def figures_since(study: Study) -> Said:
    """Whose figures, and how far they go: the line under a figure of a notebook."""
    return Said("figures.figures_since", unit=study.unit.short, as_of=str(study.as_of))


def invented_people(study: Study) -> bool:
    """Whether any figure on people is invented."""
    frame = study.observations
    return bool(frame.loc[frame["indicator"] == people_indicator(study.plan), "illustrative"].any())
