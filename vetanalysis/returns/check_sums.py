"""Checks of the figures of one file against each other: parts and wholes, overlapping groups, stocks and flows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.figures_of_file import Figure, Figures, Key
from vetanalysis.returns.quantity_words import shown

#: A part and the whole it can never exceed, by quantity.
WITHIN = (
    ("certified_rate", "trained_rate"),
    ("certified_workers", "trained_workers"),
    ("trained_workers", "labour_force"),
    ("graduates_followed", "people_graduated"),
    ("graduates_employed", "graduates_followed"),
    ("job_placements", "job_referrals"),
    ("lower_secondary_to_vet", "lower_secondary_leavers"),
    ("upper_secondary_to_vet", "upper_secondary_leavers"),
)
#: Not strictly within: those followed may have graduated the year before.
_LOOSE = ("graduates_followed",)
#: Parts that do not overlap, so that all of them together are the whole. Groups overlap and are not among them.
EXCLUSIVE = ("level", "sex", "residence", "trade", "fund_source", "channel")
_WHOLE_SETS = {"sex": frozenset(("female", "male")), "residence": frozenset(("urban", "rural"))}
_TOLERANCE = 0.5


def part_above_whole(figures: Figures) -> Iterator[Finding]:
    """Women, a group, rural people, a trade above the total they belong to, at every level."""
    for key, one in figures.by_key.items():
        for name in BREAKDOWNS:
            if not getattr(key, name):
                continue
            whole = figures.whole(key, **{name: ""})
            if (
                whole is not None
                and whole.measure == one.measure != "percent"
                and one.value > whole.value + 1e-9
            ):
                what = _above(figures, one, whole, Text("tổng số", "the total"))
                yield figures.broken("part-above-whole", one, what)


def certified_above_trained(figures: Figures) -> Iterator[Finding]:
    """A quantity that is part of another one, above it (`WITHIN`), at every breakdown both have."""
    wholes = dict.fromkeys(part for part, _ in WITHIN)
    for key, one in figures.by_key.items():
        if key.indicator not in wholes:
            continue
        for part, whole_name in WITHIN:
            whole = figures.whole(key, indicator=whole_name) if part == key.indicator else None
            if whole is not None and whole.measure == one.measure and one.value > whole.value + 1e-9:
                what = _above(figures, one, whole, figures.words.one("indicator", whole_name))
                severity = "warning" if part in _LOOSE else ""
                yield figures.broken("certified-above-trained", one, what, severity=severity)


def parts_and_total(figures: Figures) -> Iterator[Finding]:
    """Levels, both sexes, trades that do not add up to the total that is stated, or not to each other."""
    for block, rows in figures.blocks():
        if any(one.measure == "percent" for one in rows.values()):
            continue
        sums: dict[str, tuple[float, Figure]] = {}
        for name in EXCLUSIVE:
            parts = [one for key, one in rows.items() if getattr(key, name) and _only(key, name)]
            given = {getattr(one.key, name) for one in parts}
            if len(parts) < 2 or (name in _WHOLE_SETS and given != _WHOLE_SETS[name]):
                continue
            sums[name] = (sum(one.value for one in parts), parts[0])
            whole = rows.get(block)
            if whole is not None and abs(sums[name][0] - whole.value) > _TOLERANCE:
                yield _mismatch(figures, whole, name, sums[name][0], whole.value)
        if block not in rows and {"level", "trade"} <= set(sums):
            levels, trades = sums["level"], sums["trade"]
            if abs(levels[0] - trades[0]) > _TOLERANCE:
                name = figures.words.one("indicator", block.indicator)
                what = Text(
                    f"{name.vi}: các trình độ cộng lại {shown(levels[0], 'vi')}, các nghề {shown(trades[0], 'vi')}",
                    f"{name.en}: levels add up to {shown(levels[0], 'en')}, trades to {shown(trades[0], 'en')}",
                )
                yield figures.broken("parts-and-total", trades[1], what)


def groups_added(figures: Figures) -> Iterator[Finding]:
    """Totals that are exactly the sums of groups that overlap, wherever groups are given: somebody added them.

    A small total may equal such a sum by chance; two of at least thirty people, or one of a hundred, hardly.
    """
    for _, rows in figures.blocks():
        sums: dict[Key, list[float]] = {}
        for key, one in rows.items():
            if key.group and one.value > 0 and one.measure != "percent":
                sums.setdefault(key._replace(group=""), []).append(one.value)
        wholes = [(rows[key], parts) for key, parts in sums.items() if key in rows and len(parts) > 1]
        added = [one for one, parts in wholes if abs(sum(parts) - one.value) < 1e-9]
        alone = len(wholes) == 1 and not wholes[0][0].key.level and wholes[0][0].value >= 100
        many = sum(one.value >= 30 for one in added) > 1
        if len(added) == len(wholes) and (many or alone):
            for one in added:
                name = figures.named(one.key)
                what = Text(
                    f"{name.vi}: tổng số {shown(one.value, 'vi')} đúng bằng tổng các đối tượng trùng nhau",
                    f"{name.en}: the total {shown(one.value, 'en')} is the sum of groups that overlap",
                )
                yield figures.broken("groups-added", one, what)


def stock_identity(figures: Figures) -> Iterator[Finding]:
    """In training at the end = at the start + new - graduated - dropped out, by level, where all five are given."""
    for key, end in figures.by_key.items():
        if key.indicator != "people_in_training" or any(key[4:]):
            continue
        start, new, done, left = (
            figures.whole(key, indicator=name)
            for name in (
                "people_in_training_start",
                "people_enrolled",
                "people_graduated",
                "people_dropped_out",
            )
        )
        if start is None or new is None or done is None or left is None:
            continue
        expected = start.value + new.value - done.value - left.value
        if abs(expected - end.value) > _TOLERANCE:
            name = figures.named(key)
            sums = {
                lang: f"{shown(start.value, lang)} + {shown(new.value, lang)} - {shown(done.value, lang)} - "
                f"{shown(left.value, lang)} = {shown(expected, lang)}"
                for lang in ("vi", "en")
            }
            what = Text(
                f"{name.vi} ghi {shown(end.value, 'vi')}, tính ra {sums['vi']}",
                f"{name.en} is {shown(end.value, 'en')}; {sums['en']}",
            )
            yield figures.broken("stock-identity", end, what)


def _only(key: Key, name: str) -> bool:
    """Whether a key is broken down by `name` alone."""
    return all(not getattr(key, other) for other in BREAKDOWNS if other != name)


def _above(figures: Figures, part: Figure, whole: Figure, limit: Text) -> Text:
    name = figures.named(part.key)
    return Text(
        f"{name.vi} là {shown(part.value, 'vi')}, lớn hơn {limit.vi} {shown(whole.value, 'vi')} ({_cell(whole)})",
        f"{name.en} is {shown(part.value, 'en')}, above {limit.en} {shown(whole.value, 'en')} ({_cell(whole)})",
    )


def _cell(figure: Figure) -> str:
    return figure.source.rpartition("!")[2] or "-"


def _mismatch(figures: Figures, whole: Figure, name: str, parts: float, total: float) -> Finding:
    words: dict[str, Any] = {
        "level": Text("các trình độ", "levels"), "sex": Text("nam và nữ", "men and women"),
        "residence": Text("thành thị và nông thôn", "urban and rural"), "trade": Text("các nghề", "trades"),
        "fund_source": Text("các nguồn", "sources of money"), "channel": Text("các kênh", "channels"),
    }  # fmt: skip
    word = words[name]
    label = figures.named(whole.key)
    what = Text(
        f"{label.vi}: tổng số ghi {shown(total, 'vi')}, {word.vi} cộng lại {shown(parts, 'vi')}",
        f"{label.en}: the total is {shown(total, 'en')}, {word.en} add up to {shown(parts, 'en')}",
    )
    return figures.broken("parts-and-total", whole, what)


SUM_CHECKS: tuple[Callable[[Figures], Iterator[Finding]], ...] = (
    part_above_whole, certified_above_trained, parts_and_total, groups_added, stock_identity,
)  # fmt: skip
