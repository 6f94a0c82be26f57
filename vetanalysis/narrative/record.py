"""Sentences and tables about past statements: what they were worth and how often they came true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.assessment.assessment import Assessment
from vetanalysis.assessment.evidence import ICD203
from vetanalysis.assessment.record import about as stored_about
from vetanalysis.assessment.record import statement_band, statement_record
from vetanalysis.blocks import Column, Said, Table
from vetanalysis.narrative import evidence
from vetanalysis.periods import CUMULATIVE
from vetanalysis.track.sealed import sealed_scores

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target
    from vetanalysis.track.months import ToldYear
    from vetanalysis.track.record import TrackRecord

SIGN_LEVEL = 0.05  # under it corrections are said to lean one way
MISSING = "-"  # in the tables: not known, or nothing to compare
_BANDS = tuple(band.status for band in ICD203)


def past_statements(one: Assessment, plan: Plan, known_by: str = "") -> Said | None:
    """How often statements with the words of this assessment came true, from the stored record.

    None where nothing was stated as likely or unlikely, where no record is stored for this plan's people, where its
    place does not lie in Viet Nam, whose provinces' rates the record holds, or where it rests on figures that were not
    known by `known_by` (ISO day).
    """
    if one.status not in _BANDS or one.probability is None or (one.kind == "rate" and not plan.in_viet_nam):
        return None
    found = statement_record(one.status, one.kind, plan.name, known_by=known_by)
    if found is None:
        return None
    what = stored_about(one.kind, plan.name)
    words = Said("targets.verdict", status=one.status, probability=None, past="")
    return evidence.track_record(
        words, *found, f"{_until(one.kind, what)}-FY", about=subject(one.kind, what),
        band=statement_band(one.status, one.kind, plan.name, known_by=known_by), name=f"{one.target.id}.track_record",
        civil=one.kind == "rate",
    )  # fmt: skip


def _until(kind: str, what: Mapping[str, Any]) -> int:
    return int(what["until"]) if kind == "rate" else int(what["years"][-1])


def subject(kind: str, what: Mapping[str, Any]) -> Said:
    """What the statements of a record were about, as it stands inside a sentence."""
    if kind == "rate":
        return Said(
            "record.about.rate", first=what["first_origin"], last=what["last_origin"],
            provinces=what["provinces"],
        )  # fmt: skip
    first, last = what["years"][0], what["years"][-1]
    return Said("record.about.people", first=first, last=last, illustrative=what.get("illustrative", False))


def reading_of_words(record: TrackRecord, kind: str) -> Said:
    """Whether the words were too bold, too timid or held, word by word against the binomial band."""
    rows = record.reliability[(record.reliability["kind"] == kind) & (record.reliability["said"] > 0)]
    total, came = int(rows["said"].sum()), int(rows["came"].sum())
    name = f"track_record.{kind}.words"
    if not total:
        return Said("record.none_due", id=name, said=0, came=0)
    more, fewer = (
        tuple(Said("record.word", status=status) for status in rows.loc[beyond, "status"])
        for beyond in (rows["share"] > rows["high"], rows["share"] < rows["low"])
    )
    return Said(
        "record.words", id=name, said=total, came=came, more=more, fewer=fewer, beyond=bool(more or fewer),
        more_words=Said("record.words.more", words=more) if more else "",
        fewer_words=Said("record.words.fewer", words=fewer) if fewer else "",
    )  # fmt: skip


def reading_of_coverage(record: TrackRecord) -> Said:
    """How often the 80 and 95 % ranges of the rates held what came, and whether that lies in the band."""
    rates = record.coverage[record.coverage["kind"] == "rate"]
    rows = rates[rates["horizon"] == 0]
    if rows.empty:
        return Said("record.coverage.none", id="track_record.coverage")
    by_level = rows.set_index("level")
    eighty, ninety = by_level.loc[0.8], by_level.loc[0.95]
    each = rates[rates["horizon"] > 0]
    return Said(
        "record.coverage", id="track_record.coverage", cases=int(eighty["cases"]),
        inside_80=float(eighty["share"]), inside_95=float(ninety["share"]),
        outside=int((~each["within"].astype(bool)).sum()), independent=int(eighty["independent"]),
        shares=len(each),
    )  # fmt: skip


def reading_of_skill(record: TrackRecord) -> Said:
    """Our error against the last value and drift, and the skill of the probabilities."""
    if record.rates.empty:
        return Said("record.skill.none", id="track_record.skill")
    whole = record.rates[record.rates["horizon"] == 0].set_index("method")
    row = whole.loc["ours"]

    def ratio(name: str) -> Said:
        return Said("record.with_error", value=row[name], error=row[f"{name}_se"])

    best = whole.loc[whole["places"] == row["places"], "brier"].idxmin()  # methods that saw every place
    return Said(
        "record.skill", id="track_record.skill", best=best,
        **{name: float(row[name]) for name in row.index if pd.notna(row[name])},
        ours=Said("record.method.ours"), last_value=ratio("against_last_value"), drift=ratio("against_drift"),
        brier_ratio=ratio("brier_skill"), hindsight=ratio("hindsight_skill"),
        best_method=Said(f"record.method.{best}"),
    )  # fmt: skip


def reading_of_year(record: TrackRecord, place: str) -> Said:
    """What was said of the place's people and what came, and how far the middle was off."""
    mine = record.in_year[record.in_year["unit"] == place]
    due, not_due = mine[mine["came"].notna()], mine[mine["came"].isna()]
    if mine.empty:
        return Said("record.year.none", id="track_record.year")
    inside = int(((due["outcome"] >= due["lower_80"]) & (due["outcome"] <= due["upper_80"])).sum())
    right = int(((due["probability"] >= 0.5) == due["came"].astype(bool)).sum())
    return Said(
        "record.year", id="track_record.year", due=len(due), inside_80=inside, right=right, open=len(not_due)
    )


def reading_of_people(record: TrackRecord) -> Said | None:
    """How far the middle of plan and units was off, beside last year's share; None without a known outcome."""
    if record.people.empty:
        return None
    rows = list(record.people.itertuples())
    cutoffs = tuple(
        Said(
            "record.people.cutoff", cutoff=_cutoff(row.cutoff), off=row.off_percent,
            last_share=row.last_share_off_percent,
        )
        for row in rows
    )  # fmt: skip
    off = {row.cutoff: float(row.off_percent) for row in rows}
    return Said("record.people", id="track_record.people", **off, cutoffs=cutoffs)


def reading_of_revisions(record: TrackRecord) -> Said | None:
    """How many figures later returns corrected, by how much and which way; None without returns."""
    facts = record.revisions.attrs
    if not facts.get("figures"):
        return None
    change = record.revisions["percent"].astype(float).abs()
    largest = float(change.max()) if len(change) else 0.0
    leaning = _leaning(facts["up"], facts["down"], facts["sign_p"])
    return Said(
        "record.revisions", id="track_record.revisions", **facts, largest_percent=largest, leaning=leaning
    )


def no_revisions() -> Said:
    """What is said where no return was read."""
    return Said("record.revisions.none", id="track_record.revisions", figures=0)


def _leaning(up: int, down: int, p: float) -> Said | str:
    """Whether corrections go one way more often than a fair coin would (sign test at 5 %)."""
    if not up + down:
        return ""
    case = "none" if p >= SIGN_LEVEL else "up" if up > down else "down"
    shown = Said("record.three" if p < 0.1 else "record.two", value=p)
    return Said(f"record.leaning.{case}", up=up, down=down, p=shown)


# The tables of a record, without a language


def skill_table(record: TrackRecord, *, by_horizon: bool = False) -> Table:
    """Every method: error against the last value and drift, Brier and its skill, coverage."""
    chosen = record.rates if by_horizon else record.rates[record.rates["horizon"] == 0]
    heads = (
        "method", "horizon", "cases", "crps", "against_last_value", "against_drift", "brier", "brier_skill",
        "inside_80", "inside_95",
    )  # fmt: skip
    rows = [
        (
            Said(f"record.method.{row.method}"),
            _horizon(row.horizon),
            _number("whole", row.cases),
            _number("two", row.crps),
            _with_error(row.against_last_value, row.against_last_value_se),
            _with_error(row.against_drift, row.against_drift_se),
            _number("three", row.brier),
            _with_error(row.brier_skill, row.brier_skill_se),
            _share(row.inside_80),
            _share(row.inside_95),
        )
        for row in chosen.itertuples()
    ]
    return _table("skill", heads, rows)


def coverage_table(record: TrackRecord) -> Table:
    """How often the ranges held what came, with the binomial band."""
    chosen = record.coverage[record.coverage["kind"] == "rate"]
    rows = [
        (
            _horizon(row.horizon),
            Said("record.share.whole", value=100 * row.level),
            _number("whole", row.cases),
            _share(row.share),
            _band(row),
            Said("record.within" if row.within else "record.beyond"),
            _number("whole", row.independent),
        )
        for row in chosen.itertuples()
    ]
    heads = ("horizon", "range", "cases", "held", "band", "within", "independent")
    return _table("coverage", heads, rows)


def words_table(record: TrackRecord, kind: str) -> Table:
    """What each status word was worth; words never said are left out."""
    chosen = record.reliability[(record.reliability["kind"] == kind) & (record.reliability["said"] > 0)]
    rows = [
        (
            Said("record.word", status=row.status),
            _number("whole", row.said),
            _number("whole", row.came),
            _share(row.share),
            _share(row.stated),
            _band(row),
        )
        for row in chosen.itertuples()
    ]
    return _table("words", ("statement", "said", "came_true", "share", "stated", "band"), rows)


def said_and_came(record: TrackRecord, place: str) -> Table:
    """What was said of the place's people at each cut-off and what came."""
    mine = record.in_year[record.in_year["unit"] == place]
    heads = (
        "cutoff", "figures", "plan", "counted", "projection", "chance", "statement", "came", "reached",
    )  # fmt: skip
    return _table("said_and_came", heads, [_statement(row) for row in mine.itertuples()])


def _statement(row: Any) -> tuple[Said | str, ...]:
    unknown = row.came is None or pd.isna(row.came)
    low, middle, high = (_people(value) for value in (row.lower_80, row.median, row.upper_80))
    return (
        Said("record.short_period", period=f"{row.year}-{row.cutoff}"),
        Said(f"record.{row.basis}"),
        _people(row.plan),
        _people(row.counted),
        Said("record.range", median=middle, low=low, high=high),
        Said("record.bare_chance", probability=row.probability) if row.status in _BANDS else MISSING,
        Said("record.stated_word", status=row.status, probability=row.probability),
        _people(row.outcome),
        Said("record.not_due" if unknown else "record.reached" if row.came else "record.missed"),
    )


def people_table(record: TrackRecord) -> Table:
    """Scores of the statements on plan and units, by cut-off."""
    rows = [
        (
            _cutoff(row.cutoff),
            str(row.statements),
            str(row.years),
            Said("record.share", value=row.off_percent),
            Said("record.share", value=row.last_share_off_percent),
            _share(row.inside_80),
            _number("three", row.brier),
            _number("two", row.brier_skill),
        )
        for row in record.people.itertuples()
    ]
    heads = ("cutoff", "statements", "years", "off", "last_share_off", "inside_80", "brier", "brier_skill")
    return _table("people", heads, rows)


def sealed_table(record: TrackRecord, plan: Plan) -> Table:
    """What signed reports said, what a replay says on the same cut-off, and what came."""
    labels = {target.id: target.label for target in plan.targets}
    rows = [
        (
            Said("record.short_period", period=row.as_of),
            Said("record.day", on=row.on),
            plan.unit(row.unit).short,
            labels[row.target],
            Said("record.printed_chance", probability=row.probability, evidence=row.evidence),
            Said("record.printed_chance", probability=row.replayed, evidence=row.evidence)
            if pd.notna(row.replayed)
            else MISSING,
            Said("record.stated_word", status=row.status, probability=row.probability),
            Said("record.amount", value=row.outcome, measure=row.measure)
            if pd.notna(row.outcome)
            else MISSING,
            Said("record.not_due" if row.came is None else "record.reached" if row.came else "record.missed"),
        )
        for row in record.sealed.itertuples()
    ]
    heads = ("cutoff", "signed", "unit", "target", "chance", "replayed", "statement", "came", "reached")
    return _table("sealed", heads, rows)


def reading_of_sealed(record: TrackRecord) -> Said:
    """How many sealed statements came due, what they were worth, and what the replayed ones were."""
    facts = sealed_scores(record.sealed)
    beside = Said("record.sealed.beside", **facts) if facts["both"] else ""
    line = "record.sealed" if facts["due"] else "record.sealed.open"
    return Said(line, id="track_record.sealed", **facts, beside=beside)


def no_sealed(reports: int) -> Said:
    """What is said where no signed statement can be scored; `reports`: how many are signed."""
    line = "record.sealed.unscored" if reports else "record.sealed.none"
    return Said(line, id="track_record.sealed", reports=reports)


def published_table(record: TrackRecord) -> Table:
    """Both statements on announced targets beside the share of others that reached theirs; no place is named."""
    tested = record.published and record.published.tested
    rows: list[tuple[Said | str, ...]] = []
    if tested:
        for name, brier, held, width in (
            ("development", tested.brier_free, tested.held_free, tested.width_free),
            ("published", tested.brier, tested.held, tested.width),
            ("others", tested.base_rate, None, None),
        ):
            rows.append(
                (
                    Said(f"record.by.{name}"),
                    str(tested.scored),
                    _number("three", brier),
                    MISSING if held is None else _share(held),
                    MISSING if width is None else _number("two", width),
                )
            )
    return _table("published", ("statement", "targets", "brier", "inside_80", "width_80"), rows)


def reading_of_published(record: TrackRecord) -> Said:
    """How often the published figure equals its target, and whether the second statement beat the share of others."""
    found = record.published
    if found is None or found.tested is None:
        return Said("record.published.none", id="track_record.published")
    return Said(
        "record.published", id="track_record.published", pairs=found.pairs, met=found.met, equal=found.equal,
        comparable=found.comparable, by_chance=None if found.by_chance is None else 100 * found.by_chance,
        skill=found.tested.has_skill,
    )  # fmt: skip


def months_table(year: ToldYear, target: Target) -> Table:
    """What was said of a target each time a count was published, and the last count found."""
    last = _worded_count(year.last, year.approximate)
    aim = Said("record.amount", value=target.value, measure=target.measure)
    rows = [
        (
            Said("record.day", on=row.on),
            _worded_count(row.counted, row.approximate),
            Said("record.bare_chance", probability=row.probability),
            Said("record.range", **_to_the_hundred(median=row.median, low=row.lower_80, high=row.upper_80)),
            Said("record.stated_word", status=row.status, probability=row.probability),
            last,
        )
        for row in year.said.itertuples()
    ]
    columns = (
        *(Column(Said(f"record.head.{name}")) for name in ("known_by", "counted")),
        Column(Said("record.head.chance_of", aim=aim)),
        *(Column(Said(f"record.head.{name}")) for name in ("projection", "statement", "came_last")),
    )
    return Table(id="track_record.months", title="", columns=columns, rows=tuple(rows))


def reading_of_months(year: ToldYear) -> Said:
    """What each row read, and how many ranges reach beyond the last count."""
    return Said(
        "record.months", id="track_record.months", last=_worded_count(year.last, year.approximate), on=year.on,
        inside=year.reach_beyond, said=len(year.said),
    )  # fmt: skip


def _worded_count(value: float, approximate: str) -> Said:
    word = Said(f"names.approximate.{approximate}") if approximate else ""
    return Said("record.approximately", word=word, value=value)


def _to_the_hundred(**people: float) -> dict[str, Any]:
    """People as projected."""
    return {name: _people(round(value, -2)) for name, value in people.items()}


def revisions_table(record: TrackRecord, plan: Plan) -> Table:
    """Figures that a later return corrected."""
    levels = {level.id: level.name for level in plan.levels}
    rows = [
        (
            plan.unit(row.unit).short,
            Said("record.short_period", period=row.period),
            levels.get(row.level, row.level) or Said("record.all"),
            Said("record.whole", value=row.first),
            Said("record.whole", value=row.latest),
            Said("record.revised", value=row.revision, percent=row.percent),
        )
        for row in record.revisions.itertuples()
    ]
    return _table("revisions", ("unit", "period", "level", "first", "latest", "revision"), rows)


def _table(name: str, heads: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Table:
    columns = tuple(Column(Said(f"record.head.{head}")) for head in heads)
    return Table(id=f"track_record.{name}", title="", columns=columns, rows=tuple(rows))


def _horizon(years: int) -> Said | str:
    return Said("record.all") if years == 0 else str(years)


def _people(value: float) -> Said | str:
    return MISSING if pd.isna(value) else Said("record.whole", value=round(value))


def _number(line: str, value: float) -> Said | str:
    return MISSING if pd.isna(value) else Said(f"record.{line}", value=value)


def _with_error(value: float, error: float) -> Said | str:
    if pd.isna(value) or pd.isna(error) or error == 0:
        return _number("two", value)
    return Said("record.with_error", value=value, error=error)


def _share(value: float) -> Said | str:
    return MISSING if pd.isna(value) else Said("record.share", value=100 * value)


def _band(row: Any) -> Said:
    return Said("record.band", low=_share(row.low), high=_share(row.high))


def _cutoff(code: str) -> Said:
    """A cut-off within the year without its year: "quý I", "8 tháng"; "Q1", "8M"."""
    if code.startswith("M"):
        return Said("record.cutoff.month", months=CUMULATIVE[code])
    return Said(f"record.cutoff.{code}")
