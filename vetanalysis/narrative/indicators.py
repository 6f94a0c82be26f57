"""Sentences about indicators and about gaps between units, from lines of the table of indicators.

A line is a mapping of the table's columns. Gaps: what moved the place's share of its quotas, how far
districts lie apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.assessment.share_change import ShareChange
from vetanalysis.blocks import Said, Text
from vetanalysis.figures.heatmaps import Column, ends
from vetanalysis.indicators.derived import QuotaCheck
from vetanalysis.indicators.gaps import Spread
from vetanalysis.language.filters import UNITS_NAMED, known
from vetanalysis.language.lines import is_line

if TYPE_CHECKING:
    from vetanalysis.study import Study

Names = Mapping[str, Said | Text | str]


def label_of(line: Mapping[str, Any]) -> Text:
    """What the quantity of a line is called."""
    return Text(line["label_vi"], line["label_en"])


def called_in_report(line: Mapping[str, Any], closed: bool = False) -> Text | Said:
    """What a quantity is called in a report, where its form says more than a report has; `closed`: the year is over."""
    keys = [f"names.in_report.{line['id']}{end}" for end in (".closed" if closed else "", "")]
    return next((Said(key) for key in keys if is_line(key)), label_of(line))


def why_of(line: Mapping[str, Any]) -> Text:
    """What limits the figure of a line, or why there is none; empty words where nothing does."""
    return Text(line["why_vi"], line["why_en"])


def moved(change: ShareChange, names: Names) -> Said:
    """The place's share of its quotas against a year before, split into the units' own shares and their weights.

    `names`: how units are called, by code. Where nothing can be split the sentence says why.
    """
    cutoff = str(change.cutoff)
    if change.reason is not None:
        return Said("gaps.moved.none", id="share_change", cutoff=cutoff, units=0, why=change.reason)
    most = tuple(
        Said("gaps.moved.unit", unit=names.get(str(code), str(code)), moved=row["moved"])
        for code, row in change.units.head(UNITS_NAMED["share_change"]).iterrows()
    )
    return Said(
        "gaps.moved", id="share_change", cutoff=cutoff, units=len(change.units), now=change.now, before=change.before,
        rate=change.rate, composition=change.composition, most=most,
    )  # fmt: skip


def apart(change: ShareChange, names: Names) -> Said | None:
    """How far units of a kind lie apart in the share of their quotas, beside the year before; None before any count."""
    if change.alike.empty:
        return None
    now, then = change.apart, change.apart_before
    facts = {
        "cutoff": str(change.cutoff), "range": now.gap, "weighted_sd": now.weighted_sd, "units": now.units,
        "who": change.who,
    }  # fmt: skip
    if now.units < 2:
        return Said("gaps.apart.alone", id="districts_apart", **facts)
    low, high = str(change.alike.idxmin()), str(change.alike.idxmax())
    past: tuple[Said, ...] = ()
    if then.units >= 2 and known(then.gap):
        past = (Said("gaps.apart.past", range=then.gap, weighted_sd=then.weighted_sd),)
    return Said(
        "gaps.apart", id="districts_apart", **facts, past=past,
        least=names.get(low, low), least_done=change.alike.loc[low],
        most=names.get(high, high), most_done=change.alike.loc[high],
    )  # fmt: skip


def left_out(change: ShareChange, names: Names) -> Said | None:
    """Which units are not compared and why; None where none is left out or nothing is compared at all."""
    if not change.left_out or change.reason is not None:
        return None
    told = tuple(
        Said("gaps.left_out.unit", unit=names.get(code, code), why=why)
        for code, why in change.left_out.items()
    )
    return Said(
        "gaps.left_out", id="share_change_left_out", cutoff=str(change.cutoff), count=len(told), told=told,
        units=tuple(change.left_out),
    )  # fmt: skip


def standing(line: Mapping[str, Any]) -> Said:
    """One line: value, share of the plan, against the same period last year; or why there is none."""
    name = f"{line['unit']}.{line['id']}"
    words = {"label": label_of(line), "period": line["period"]}
    if line["state"] != "computed":
        return Said("indicators.standing.none", id=name, **words, why=why_of(line), state=line["state"])
    parts = [Said("indicators.value", value=line["value"], measure=line["measure"])]
    if known(line["percent_of_plan"]):
        parts.append(Said("indicators.of_plan", value=line["value"], plan=line["plan_value"]))
    if known(line["index_last_year"]):
        parts.append(Said("indicators.same_period", index=line["index_last_year"]))
    elif known(line["change_last_year"]):
        before = line["last_year_value"]
        after = before + line["change_last_year"]
        parts.append(Said("indicators.change", before=before, after=after, measure=line["measure"]))
    limits: list[Said | Text] = [why_of(line)] if line["why_vi"] else []
    if line["illustrative"]:
        limits.append(Said("indicators.illustrative"))
    figures = {"value": line["value"], "plan": line["plan_value"], "last_year": line["last_year_value"]}
    told = {"parts": tuple(parts), "limits": tuple(limits), **figures}
    month = month_alone(line)
    if month:
        return Said("indicators.standing.month", id=name, month=month, **words, **told)
    return Said("indicators.standing", id=name, **words, **told)


def month_alone(line: Mapping[str, Any]) -> int | None:
    """The number of the month that a line counts alone; its period is then written as that of the months up to it."""
    _, _, month = line["period"].partition("-M")
    return int(month) if month and line["basis"] == "period" else None


def coverage(line: Mapping[str, Any]) -> Said:
    """How many of the units behind a total have reported."""
    got, due = int(line["reported"]), int(line["expected"] if known(line["expected"]) else 0)
    share = 100 * got / due if due else None
    name = f"{line['unit']}.{line['id']}.coverage"
    return Said("indicators.coverage", id=name, label=label_of(line), reported=got, expected=due, share=share)


def counted_rows(states: Mapping[str, int], as_of: str) -> Said:
    """How many rows of the plan have a figure, and how many not, by reason."""
    without = tuple(
        Said(f"indicators.rows.{reason}", count=states[reason])
        for reason in ("no_figure", "narrative_only", "suppressed")
        if states.get(reason)
    )
    total, with_figure = sum(states.values()), states.get("computed", 0)
    return Said(
        "indicators.rows", id="rows", as_of=as_of, total=total, with_figure=with_figure, without=without, **states
    )  # fmt: skip


def quota_sum(check: QuotaCheck) -> Said:
    """Whether the quotas of districts and provincial institutions add up to the plan."""
    if check.total is None:
        case = "none"
    elif check.difference is None:
        case = "total"
    else:
        case = "agree" if check.agrees else "short" if check.difference < 0 else "above"
    return Said(
        f"indicators.quotas.{case}", id="quotas", target=check.target, total=check.total, difference=check.difference
    )  # fmt: skip


def ranking(lines: Sequence[Mapping[str, Any]], names: Mapping[str, Text]) -> Said | None:
    """The district that is furthest and the one that is least far with its quota; None without two of them."""
    done = sorted((line["percent_of_plan"], line["unit"]) for line in lines if known(line["percent_of_plan"]))
    if len(done) < 2:
        return None
    (low, last), (high, first) = done[0], done[-1]
    missing = len(lines) - len(done)
    return Said(
        "gaps.ranking",
        id="ranking",
        low=low,
        high=high,
        missing=missing,
        first=names[first],
        last=names[last],
    )


def side_by_side(study: Study, columns: Sequence[Column], left: Sequence[str]) -> list[Said]:
    """Between which units each indicator lies; the units (`left`) that the heat map leaves out."""
    said = [Said("gaps.heatmap", id=f"side_by_side.{one.id}", told=ends(study, one)) for one in columns]
    if left:
        names = tuple(study.plan.unit(code).short for code in left)
        said.append(Said("gaps.heatmap.left", id="not_drawn", left=len(left), names=names))
    return said


def gap_words(frame: pd.DataFrame, apart: Spread, label: Text | str, as_of: str, name: str = "gaps") -> Said:
    """How far units or groups lie apart on a rate, and which lie outside what chance allows."""
    facts = {"gap": apart.gap, "units": apart.units, "outside": int((frame["outside"] != "").sum())}
    words = {"label": label, "as_of": as_of}
    if apart.units < 2:
        return Said("gaps.rate.few", id=name, **words, **facts)
    beyond = {side: tuple(frame.loc[frame["outside"] == side, "name"]) for side in ("above", "below")}
    told = tuple(Said(f"gaps.rate.{side}", units=units) for side, units in beyond.items() if units)
    hidden = int(frame["suppressed"].sum())
    return Said(
        "gaps.rate", id=name, **words, **facts, told=told or (Said("gaps.rate.chance"),), hidden=hidden
    )


def shares(parts: pd.DataFrame, names: Names, name: str = "shares") -> Said:
    """Which part of the people belongs to each group; the parts overlap."""
    told = tuple(
        Said("indicators.shares.part", group=names.get(str(code), str(code)), percent=percent)
        for code, percent in parts["percent"].items()
        if known(percent)
    )
    if not told:
        return Said("indicators.shares.none", id=name)
    values = {str(code): float(value) for code, value in parts["percent"].items()}
    return Said("indicators.shares", id=name, told=told, **values)


def funds(
    assigned: float | None, disbursed: float | None, as_of: str, who: Said | Text | None = None,
    silent: Said | Text | None = None,
) -> Said:  # fmt: skip
    """Money assigned and disbursed since the year began; `who`: who reports it, None where that is not to be said.

    `silent`: who reports it at other times and has not this time.
    """
    facts: dict[str, Any] = {
        "assigned": assigned, "disbursed": disbursed, "as_of": as_of, "who": who, "silent": silent
    }  # fmt: skip
    if not (known(assigned) and known(disbursed)):
        return Said("funding.funds.incomplete", id="funds", **facts)
    return Said("funding.funds", id="funds", **facts, share=100 * disbursed / assigned if assigned else None)
