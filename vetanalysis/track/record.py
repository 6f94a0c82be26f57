"""The track record of a plan's kind of statements: `track_record` computes it, `store` keeps it.

From what was projected and what came to tables: scores by method, coverage, words, PIT. What is stored is
read by `assessment.record`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.assessment.published_outcome import OutcomeRecord, announced_pairs, outcome_record
from vetanalysis.assessment.record import NAME, stored
from vetanalysis.blocks import Said
from vetanalysis.checks import check_whole_number
from vetanalysis.hashes import SEED
from vetanalysis.loading import received_of
from vetanalysis.observations.checks import check_observations_given
from vetanalysis.observations.published import load_announced
from vetanalysis.plan.read import check_plan_given
from vetanalysis.track.methods import QUICK, SLOW
from vetanalysis.track.rolling import (
    COVERAGES,
    FEWEST,
    Rolled,
    binomial_band,
    brier_score,
    independent_cases,
    pit_histogram,
    pit_spread,
    rates_table,
    reliability,
    roll,
    skill_score,
    spread_over,
)
from vetanalysis.track.sealed import sealed_statements
from vetanalysis.track.statements import COLUMNS, in_year, known_then, revisions

if TYPE_CHECKING:
    from vetanalysis.assessment.issued import Issued
    from vetanalysis.plan import Plan, Target
    from vetanalysis.returns.ledger import Ledger


OURS = "ours"
_SAME = ["place", "origin", "horizon"]
RATE_COLUMNS = (
    "method", "horizon", "cases", "places", "crps", "against_last_value", "against_last_value_se", "against_drift",
    "against_drift_se", "brier", "brier_skill", "brier_skill_se",
    "hindsight_skill", "hindsight_skill_se", "inside_50", "inside_80", "inside_95",
)  # fmt: skip
COVERAGE_COLUMNS = (
    "kind", "horizon", "level", "cases", "inside", "share", "low", "high", "within", "error", "independent",
)  # fmt: skip


def rate_scores(rolled: Rolled) -> pd.DataFrame:
    """One row per method and horizon (0: all horizons), in `RATE_COLUMNS`.

    `crps` in percentage points; `against_...`: CRPS as a ratio to that method's on the same tasks, below 1 is
    better. `brier`: over all steps. `brier_skill`: for targets beyond the last figure, against the frequency with which
    they were reached at the same horizon. `hindsight_skill`: for all targets, against the frequency at the same horizon
    and step; it is known only afterwards, which makes it a hard reference. `_se`: whole years drawn anew.
    The CAGR rule says yes or no and has no range.
    """
    if rolled.forecasts.empty:
        return pd.DataFrame(columns=list(RATE_COLUMNS))
    rows = []
    for method in dict.fromkeys(rolled.statements["method"]):
        for horizon in (*sorted(rolled.statements["horizon"].unique()), 0):
            said = _at(rolled.statements, method, horizon)
            made = _at(rolled.forecasts, method, horizon)
            row = {"method": method, "horizon": int(horizon), "places": said["place"].nunique()}
            row |= {"cases": len(said.drop_duplicates(_SAME)), **_brier(said)}
            if len(made):
                row |= _crps(made, rolled.forecasts)
            rows.append(row)
    return pd.DataFrame(rows).reindex(columns=list(RATE_COLUMNS))


def _at(frame: pd.DataFrame, method: str, horizon: int) -> pd.DataFrame:
    chosen = frame[frame["method"] == method]
    return chosen if horizon == 0 else chosen[chosen["horizon"] == horizon]


def _brier(said: pd.DataFrame) -> dict[str, float]:
    row = {"brier": float(brier_score(said["came"], said["probability"]).mean())}
    beyond = said[said["step"] > 0]
    for name, part, keys in (
        ("brier_skill", beyond, ["horizon"]),
        ("hindsight_skill", said, ["horizon", "step"]),
    ):
        came = part["came"].to_numpy(dtype=float)
        usual = part.groupby(keys)["came"].transform("mean").to_numpy(dtype=float)
        own, base = brier_score(came, part["probability"].to_numpy()), brier_score(came, usual)
        row[name] = skill_score(float(own.sum()), float(base.sum()))
        years = part["year"].to_numpy()
        row[f"{name}_se"] = spread_over(years, np.column_stack([own, base]), lambda s: 1 - s[0] / s[1])
    return row


def _crps(made: pd.DataFrame, everyone: pd.DataFrame) -> dict[str, float]:
    row = {"crps": float(made["crps"].mean())}
    for other in ("last_value", "drift"):
        theirs = everyone.loc[everyone["method"] == other, [*_SAME, "crps"]]
        both = made.merge(theirs, on=_SAME, suffixes=("", "_other"))
        pair = both[["crps", "crps_other"]].to_numpy()
        if len(pair):
            row[f"against_{other}"] = float(pair[:, 0].sum() / pair[:, 1].sum())
            row[f"against_{other}_se"] = spread_over(both["year"].to_numpy(), pair, lambda s: s[0] / s[1])
    for level in COVERAGES:
        row[f"inside_{100 * level:.0f}"] = float(made[f"inside_{100 * level:.0f}"].mean())
    return row


def rate_coverage(rolled: Rolled) -> pd.DataFrame:
    """How often our ranges held what came, by horizon (0: all) and level, in `COVERAGE_COLUMNS`.

    `low`, `high`: the binomial band of independent cases; `within`: whether the share lies in it. `error`: standard
    error of the share when whole years are drawn anew; `independent`: to how many independent cases that amounts.
    """
    if rolled.forecasts.empty:
        return pd.DataFrame(columns=list(COVERAGE_COLUMNS))
    rows = []
    for horizon in (*sorted(rolled.forecasts["horizon"].unique()), 0):
        made = _at(rolled.forecasts, OURS, horizon)
        for level in COVERAGES:
            inside = made[f"inside_{100 * level:.0f}"].to_numpy(dtype=float)
            rows.append(coverage_row("rate", int(horizon), level, inside, made["year"].to_numpy()))
    return pd.DataFrame(rows, columns=list(COVERAGE_COLUMNS))


def coverage_row(kind: str, horizon: int, level: float, inside: np.ndarray, years: np.ndarray) -> tuple:
    """One row in `COVERAGE_COLUMNS`; `inside` (N,) 0 or 1, `years` (N,) in which it was decided."""
    cases, share = len(inside), float(inside.mean()) if len(inside) else np.nan
    low, high = binomial_band(level, cases)
    error = spread_over(years, np.column_stack([inside, np.ones(cases)]), lambda s: s[0] / s[1])
    within = bool(low <= share <= high)
    alone = independent_cases(cases, level, error)
    return (kind, horizon, level, cases, int(inside.sum()), share, low, high, within, error, alone)


def rate_reliability(rolled: Rolled) -> pd.DataFrame:
    """`rolling.reliability` of our statements about rates, with column `kind`."""
    if rolled.statements.empty:
        return reliability(np.empty(0), np.empty(0, dtype=bool)).assign(kind="rate")
    said = _at(rolled.statements, OURS, 0)
    return reliability(said["probability"].to_numpy(), said["came"].to_numpy()).assign(kind="rate")


INDICATOR = "certified_rate"  # the only rate published yearly for every province
EVERY = 8  # the slow methods see every so many-th place unless told otherwise
PEOPLE_COLUMNS = (
    "cutoff", "statements", "years", "off_percent", "last_share_off_percent", "inside_80", "brier", "brier_skill",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class TrackRecord:
    """How good such statements were.

    `rates`: scores by method and horizon (`rate_scores`). `reliability`: by kind ("rate", "people") and status
    word: said, came, share, stated, and the binomial band. `coverage`: by kind, horizon and level. `pit`: Series,
    outcomes by tenth of their own distribution. `in_year`: what was said of the plan's people and what came
    (`statements.in_year`). `people`: scores of those by cut-off. `revisions`: figures that later returns corrected.
    `sealed`: what signed reports said beside the replay (`sealed.sealed_statements`). `published`: what the statements
    on the figure to be published were worth on announced targets; None for a place outside Viet Nam.
    `about`: indicator, places, first and last origin, number of statements. `notes`: what the record is and is not.
    """

    rates: pd.DataFrame
    reliability: pd.DataFrame
    coverage: pd.DataFrame
    pit: pd.Series
    in_year: pd.DataFrame
    people: pd.DataFrame
    revisions: pd.DataFrame
    sealed: pd.DataFrame
    published: OutcomeRecord | None
    about: Mapping[str, Any]
    notes: tuple[Said, ...]
    rolled: Rolled = field(repr=False)

    @property
    def illustrative(self) -> bool:
        """Whether the part on people rests on invented figures."""
        return bool(len(self.in_year)) and bool(self.in_year["illustrative"].any())

    def statement_record(self, status: str, kind: str = "rate") -> tuple[int, int]:
        """How many past statements had this status and in how many of them the target was reached; (0, 0) for none."""
        row = self.reliability
        row = row[(row["kind"] == kind) & (row["status"] == status)]
        return (int(row["said"].iloc[0]), int(row["came"].iloc[0])) if len(row) else (0, 0)


def track_record(
    plan: Plan,
    obs: pd.DataFrame,
    *,
    indicator: str = INDICATOR,
    returns: Any = "default",
    slow: bool = True,
    every: int = EVERY,
    issued: Sequence[Issued] = (),
    known_by: str = "",
    seed: int = SEED,
) -> TrackRecord:
    """How good projections made like today's were in the past.

    Yearly rates: from every past year with 4 figures or more, for provinces and country in `obs`, one to three
    years ahead, beside the last value, drift, the CAGR rule and, with `slow`, statsmodels' ETS and Theta on every
    `every`-th place. People: what would have been said of the plan at Q1, H1 and 9M of each year with returns, and what
    came. `returns`: where the returns of `obs` came from, for what was known on past days; None leaves that out.
    `issued`: the signed reports of the plan (`assessment.issued.issued_reports`), scored beside the replay. `known_by`:
    the ISO day of `obs`, after which no return is read.

    Nothing later than an origin or cut-off is read for a projection. Deterministic; ten seconds or so. Raises WrongCall
    for anything but a plan and a frame of observations. Scores: CRPS and Brier (Gneiting & Raftery 2007, Journal of
    the American Statistical Association 102).

    >>> import vetanalysis as va
    >>> plan = va.load_plan("lang-son-2023")
    >>> obs = va.load_observations(plan, returns=None)
    >>> record = track_record(plan, obs[obs["unit"] == "20"], returns=None, slow=False)
    >>> record.about["statements"], record.statement_record("likely")
    (60, (17, 11))
    """
    check_plan_given(plan)
    check_observations_given(obs)
    check_whole_number("every", every, 1)
    check_whole_number("seed", seed, 0)
    table = rates_table(obs, indicator)
    methods = {**QUICK, **(SLOW if slow else {})}
    rolled = (
        Rolled(pd.DataFrame(), pd.DataFrame()) if table.empty else roll(table, methods=methods, every=every)
    )
    ledger = received_of(plan, returns, known_by)
    said = _people(plan, obs, returns, ledger, known_by, seed)
    parts = [rate_reliability(rolled), _people_reliability(said)]
    covered = [rate_coverage(rolled), _people_coverage(said)]
    about = {**_about(indicator, table, rolled), "people_known": _known_since(plan, obs, said)}
    return TrackRecord(
        rates=rate_scores(rolled),
        reliability=pd.concat(parts, ignore_index=True),
        coverage=pd.concat([part for part in covered if len(part)] or covered[:1], ignore_index=True),
        pit=_pit(rolled),
        in_year=said,
        people=people_scores(said),
        revisions=revisions(ledger, {target.indicator for target in _counted(plan, obs)}),
        sealed=sealed_statements(plan, obs, issued, said, seed),
        published=outcome_record(announced_pairs(load_announced(), obs)) if plan.in_viet_nam else None,
        about=about,
        notes=_notes(about, said, every if slow else 0),
        rolled=rolled,
    )


def _counted(plan: Plan, obs: pd.DataFrame) -> list[Target]:
    """The targets on people of which there are figures."""
    there = set(obs["indicator"])
    return [
        target
        for target in plan.targets
        if not target.is_rate and not target.since and target.indicator in there
    ]


def _people(
    plan: Plan, obs: pd.DataFrame, returns: Any, ledger: Ledger | None, known_by: str, seed: int
) -> pd.DataFrame:
    targets = _counted(plan, obs)
    year_of = {target.id: int(target.period[:4]) for target in targets}
    known = {year: known_then(plan, returns, year, ledger, known_by) for year in set(year_of.values())}
    parts = [in_year(plan, obs, target, known=known[year_of[target.id]], seed=seed) for target in targets]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))


def _known_since(plan: Plan, obs: pd.DataFrame, said: pd.DataFrame) -> str:
    """The day on which the last figure behind the statements that came due was known."""
    years = {str(year) for year in _due(said)["year"]} if len(said) else set()
    rows = obs[obs["period"].str[:4].isin(years) & obs["indicator"].isin({t.indicator for t in plan.targets})]
    return str(rows["vintage"].max()) if len(rows) else ""


def _due(said: pd.DataFrame) -> pd.DataFrame:
    """Statements with a probability whose year has come to its end."""
    return said[said["came"].notna()]


def _people_reliability(said: pd.DataFrame) -> pd.DataFrame:
    due = _due(said)
    return reliability(due["probability"].to_numpy(dtype=float), due["came"].to_numpy(dtype=bool)).assign(
        kind="people"
    )


def _people_coverage(said: pd.DataFrame) -> pd.DataFrame:
    due = _due(said)
    if due.empty:
        return pd.DataFrame(columns=list(COVERAGE_COLUMNS))
    inside = ((due["outcome"] >= due["lower_80"]) & (due["outcome"] <= due["upper_80"])).to_numpy(dtype=float)
    rows = [coverage_row("people", 0, 0.8, inside, due["year"].to_numpy())]
    return pd.DataFrame(rows, columns=list(COVERAGE_COLUMNS))


def people_scores(said: pd.DataFrame) -> pd.DataFrame:
    """By cut-off, in `PEOPLE_COLUMNS`: how far the median and last year's share were off (mean absolute percent of the
    outcome, the same statements), how often the 80 % range held it, Brier score and skill against the frequency."""
    due = _due(said)
    rows = []
    for cutoff, part in due.groupby("cutoff", sort=False):
        both = part[part["last_share"].notna() & (part["outcome"] > 0)]
        outcome = both["outcome"].to_numpy(dtype=float)
        came = part["came"].to_numpy(dtype=float)
        score = float(brier_score(came, part["probability"].to_numpy(dtype=float)).mean())
        inside = (part["outcome"] >= part["lower_80"]) & (part["outcome"] <= part["upper_80"])
        rows.append(
            {
                "cutoff": cutoff,
                "statements": len(part),
                "years": part["year"].nunique(),
                "off_percent": _off(both["median"], outcome),
                "last_share_off_percent": _off(both["last_share"], outcome),
                "inside_80": float(inside.mean()),
                "brier": score,
                "brier_skill": skill_score(
                    score, float(brier_score(came, np.full(len(came), came.mean())).mean())
                ),
            }
        )
    return pd.DataFrame(rows, columns=list(PEOPLE_COLUMNS))


def _off(values: pd.Series, outcome: np.ndarray) -> float:
    return (
        float(np.mean(100 * np.abs(values.to_numpy(dtype=float) / outcome - 1))) if len(outcome) else np.nan
    )


def _pit(rolled: Rolled) -> pd.Series:
    mine = rolled.forecasts[rolled.forecasts["method"] == OURS]["pit"] if len(rolled.forecasts) else []
    counts = pd.Series(pit_histogram(np.asarray(mine, dtype=float)), index=np.arange(1, 11), name="outcomes")
    counts.attrs["spread"] = pit_spread(np.asarray(mine, dtype=float))
    return counts


def _about(indicator: str, table: pd.DataFrame, rolled: Rolled) -> dict[str, Any]:
    if rolled.statements.empty:
        return {"indicator": indicator, "places": 0, "statements": 0}
    mine = rolled.statements[rolled.statements["method"] == OURS]
    units = {name[0] for name in table.columns}
    return {
        "indicator": indicator,
        "base": table.columns[0][1],
        "provinces": sum(unit.isdigit() for unit in units),
        "places": mine["place"].nunique(),
        "first_origin": int(mine["origin"].min()),
        "last_origin": int(mine["origin"].max()),
        "until": int(mine["year"].max()),
        "known": table.attrs["known"],
        "forecasts": len(mine.drop_duplicates(["place", "origin", "horizon"])),
        "statements": len(mine),
    }


def _notes(about: Mapping[str, Any], said: pd.DataFrame, every: int) -> tuple[Said, ...]:
    notes = [Said("record.note.no_series")]
    if about["statements"]:
        notes = [
            Said("record.note.origins", fewest=FEWEST),
            Said("record.note.as_published"),
            Said("record.note.prior"),
        ]
        if every > 1:
            notes.append(Said("record.note.every", every=every))
    if said.empty:
        return (*notes, Said("record.note.no_returns"))
    notes.append(Said("record.note.first_year", year=int(said["year"].min())))
    if (said["basis"] == "replayed").any():
        notes.append(Said("record.note.replayed"))
    return tuple(notes)


def store(record: TrackRecord, plan: str, day: str, path: Path | None = None) -> Path:
    """Write the record to the package's table (or `path`); other plans' parts stay. Returns the file written."""
    target = Path(str(files("vetanalysis.assessment").joinpath(NAME))) if path is None else path
    before = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else {}
    kinds = {kind: rows.drop(columns="kind") for kind, rows in record.reliability.groupby("kind")}
    people = dict(before.get("people", {}))
    if len(record.in_year) and record.in_year["came"].notna().any():
        due = record.in_year[record.in_year["came"].notna()]
        people[plan] = {
            "about": {
                "years": sorted({int(year) for year in due["year"]}),
                "units": int(due["unit"].nunique()),
                "statements": len(due),
                "illustrative": bool(due["illustrative"].any()),
                "known": record.about["people_known"],
            },
            "reliability": _rows(kinds["people"]),
            "coverage": _rows(record.coverage[record.coverage["kind"] == "people"].drop(columns="kind")),
            "scores": _rows(record.people),
        }
    rates = before.get("rates", {})
    if record.about["statements"]:
        rates = {
            "about": {key: value for key, value in record.about.items() if key != "people_known"},
            "reliability": _rows(kinds["rate"]),
            "coverage": _rows(record.coverage[record.coverage["kind"] == "rate"].drop(columns="kind")),
            "scores": _rows(record.rates),
        }
    content = {
        "made": day,
        "how": "vetanalysis track-record PLAN --store --date DAY",
        "rates": rates,
        "people": people,
    }
    target.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    stored.cache_clear()
    return target


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 4)
    return value
