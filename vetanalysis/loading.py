"""Everything known for a plan in one table, from returned workbooks, tidy files and published tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.observations.brought import read_brought
from vetanalysis.observations.checks import only_errors
from vetanalysis.observations.published import check_published_frame, load_published, load_published_file
from vetanalysis.observations.table import LeftOut, combine, only_known_by
from vetanalysis.observations.tidy import SUFFIXES, read_vintages, tidy_files
from vetanalysis.paths import returns_root
from vetanalysis.periods import parse_day

if TYPE_CHECKING:
    from vetanalysis.plan import Plan
    from vetanalysis.returns.ledger import Ledger


def load_observations(
    plan: Plan,
    returns: Any = "default",
    published: Any = "default",
    known_by: str | None = None,
) -> pd.DataFrame:
    """Everything known for a plan, in `COLUMNS`.

    `returns`, `published`: "default" (the plan's folder of returned workbooks; `data/published`, which holds figures of
    Viet Nam and its provinces, for plans that say they lie there), None
    (leave out), a path, a list of paths, or a frame. Returns may be workbooks or tidy files
    (`vetanalysis.observations.tidy`), a folder of tidy files is all its vintages. `known_by`: ISO day, inclusive,
    held against `vintage`: later figures are not read, figures whose day is unknown are left out and listed in
    `.attrs["left_out"]` (dicts with unit, period, indicator, value, source). What is doubtful in tables and frames
    but changes no figure is listed in `.attrs["findings"]`.
    Errors: DataRefused with all findings; WrongCall for a path that does not exist or a malformed day.

    >>> import vetanalysis as va
    >>> known = va.load_observations(va.load_plan("lang-son-2023"), returns=None)
    >>> known.query("unit == '20' and indicator == 'trained_rate' and period == '2021-FY'")["value"].tolist()
    [57.2]
    """
    if known_by is not None and parse_day(str(known_by)) is None:
        raise WrongCall(Said("calls.known_by", given=str(known_by)))
    parts = [*published_tables(plan, published), *sent_tables(plan, returns, known_by)]
    return only_known_by(combine([*parts, *brought_tables(plan, returns)]), known_by)


def published_tables(plan: Plan, given: Any = "default") -> list[pd.DataFrame]:
    """The published figures that are asked for, given as in `load_observations` ("none" included), each table apart."""
    if given is None or (isinstance(given, str) and given == "none"):
        return []
    if isinstance(given, pd.DataFrame):
        return [_checked(*check_published_frame(given, plan))]
    if isinstance(given, str) and given == "default":
        return [load_published(plan=plan)] if plan.in_viet_nam else []
    return [
        load_published(path, plan) if path.is_dir() else load_published_file(path, plan)
        for path in _each(given, "published")
    ]


def published_findings(plan: Plan, published: Any = "default") -> list[Finding]:
    """What is wrong or doubtful in published figures, given as in `load_observations` ("none" included)."""
    try:
        parts = published_tables(plan, published)
    except DataRefused as refusal:
        return list(refusal.findings)
    return [one for part in parts for one in part.attrs.get("findings", ())]


def sent_tables(
    plan: Plan, given: Any, known_by: str | None, ledger: Ledger | None = None
) -> list[pd.DataFrame]:
    """The figures of returned workbooks as known by a day; `ledger`: the workbooks, where they were read already."""
    folders, _ = returned_paths(plan, given)
    if not folders:
        return []
    from vetanalysis.returns.ledger import figures_of, load_ledger

    ledgers = [ledger] if ledger else [load_ledger(plan, path, known_by) for path in folders]
    return [*map(figures_of, ledgers)]


def brought_tables(plan: Plan, given: Any) -> list[pd.DataFrame]:
    """The returned figures that came in tables, a frame or tidy files with all their vintages, whatever the day.

    Each plan reads its own: the tables of a plan of the years before come after those of the plan itself.
    """
    if isinstance(given, pd.DataFrame):
        return [_checked(*read_brought(given, plan))]
    each = [(plan, own_tables(plan, given)), *_tables_before(plan, given)]
    return [read_vintages(paths, one) for one, paths in each if paths]


def own_tables(plan: Plan, given: Any) -> list[Path]:
    """The tidy files that `returns` asks for, without those in the folders of the plans that the plan follows."""
    earlier = {path for _, paths in _tables_before(plan, given) for path in paths}
    return [path for path in returned_paths(plan, given)[1] if path not in earlier]


def _tables_before(plan: Plan, given: Any) -> Iterator[tuple[Plan, list[Path]]]:
    """The tidy files in the folders of the plans that a plan follows, where its own folder is asked for."""
    if isinstance(given, str) and given == "default":
        for one in plan.before:
            yield one, tidy_files(returns_root(one.name))


def returned_paths(plan: Plan, given: Any) -> tuple[list[Path], list[Path]]:
    """Where the figures lie that `returns` asks for: folders (or single files) of workbooks, and tidy files.

    `given`: as in `load_observations`, "none" included; a frame lies nowhere. WrongCall for a path that does not exist.
    The plan's own folder stands for those of the plans it follows, too.
    """
    if given is None or isinstance(given, pd.DataFrame) or (isinstance(given, str) and given == "none"):
        return [], []
    if isinstance(given, str) and given == "default":
        paths = [returns_root(one.name) for one in (plan, *plan.before)]
        parts = {path: tidy_files(path) for path in paths if path.is_dir()}
        return paths[:1] if not all(parts.values()) else [], [one for part in parts.values() for one in part]
    folders, tables = [], []
    for path in _each(given, "returns"):
        tidy = [path] if path.suffix.lower() in SUFFIXES and path.is_file() else tidy_files(path)
        tables += tidy
        folders += [] if tidy else [path]
    return folders, tables


def ledger_of(plan: Plan, returns: Any, known_by: str = "") -> Ledger | None:
    """The ledger of a plan's returned workbooks, all in one place; None without any."""
    folders, _ = returned_paths(plan, returns)
    if len(folders) != 1 or own_tables(plan, returns):
        return None
    from vetanalysis.returns.ledger import load_ledger

    return load_ledger(plan, folders[0], known_by or None)


def received_of(
    plan: Plan, returns: Any, known_by: str = "", brought: list[pd.DataFrame] | None = None
) -> Ledger | None:
    """Who sent what, be it workbooks (`ledger_of`) or figures in tables (`ledger_from`); None without any.

    `brought`: `brought_tables`, where they were read already.
    """
    from vetanalysis.returns.ledger import ledger_from

    folders, tables = returned_paths(plan, returns)
    if isinstance(returns, str) and returns == "default" and own_tables(plan, returns):
        folders = []  # of workbooks there are those of the years before alone
    if folders or not (tables or isinstance(returns, pd.DataFrame)):
        return ledger_of(plan, returns, known_by)
    figures = (brought_tables(plan, returns) if brought is None else brought)[0]
    return ledger_from(plan, figures, known_by)


def _each(given: Any, what: str) -> list[Path]:
    paths = [given] if isinstance(given, str | Path) else list(given)
    result = [Path(path) for path in paths]
    for path in result:
        if not path.exists():
            raise WrongCall(Said("calls.no_path", what=what, path=str(path)))
    return result


def _checked(table: pd.DataFrame, found: list[Finding]) -> pd.DataFrame:
    errors = only_errors(found)
    if errors:
        raise DataRefused(errors)
    table.attrs["findings"] = LeftOut(found)
    return table
