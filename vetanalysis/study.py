"""One question opened once: a plan, the figures known about it, a cut-off, a unit and a language.

Notebooks, the command line and the report runner all start from a `Study`; everything they show is computed
from it, so that the same parameters give the same tables, sentences and documents everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import LANGUAGES, Text
from vetanalysis.errors import WrongCall
from vetanalysis.hashes import plan_folder, plan_folders
from vetanalysis.paths import data_root
from vetanalysis.periods import Cutoff, cutoff_day, parse_day
from vetanalysis.plan import Plan, load_plan
from vetanalysis.remember import is_remembered, remembered, run_folder, state_of, within

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.plan import Unit


class _Figures:
    """A study's figures: given at once, or as what reads them when the first of them is asked for.

    Most notebooks of a run show what was computed before and never look at a figure; those of a plan with many units
    would spend more time on reading them than on everything else.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, study: Any, owner: type | None = None) -> pd.DataFrame:
        if study is None:
            raise AttributeError(self._name)  # a field without a default
        held = study.__dict__[self._name]
        if callable(held):
            held = study.__dict__[self._name] = held()
        return held

    def __set__(self, study: Any, figures: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        study.__dict__[self._name] = figures


@dataclass(frozen=True, repr=False)
class Study:
    """A validated question. `as_of` is a cut-off of the plan, `unit` one of its units, `known_by` an ISO day or "".

    In a notebook it shows itself as the headline of every target.
    """

    plan: Plan
    observations: pd.DataFrame = _Figures()  # type: ignore[assignment]  # a frame or what reads it; reads as a frame
    as_of: Cutoff
    unit: Unit
    lang: str
    known_by: str
    seed: int
    origin: tuple[str, ...] = ()  # what the observations depend on; empty: nothing is shared in a run
    returns: str | Path | list[Path] | pd.DataFrame | None = "default"  # where they were read from, as given

    @cached_property
    def assessments(self) -> tuple[Assessment, ...]:
        """One `Assessment` per target of the plan, in the plan's order."""
        from vetanalysis.assessment.targets import assess_targets

        def judged() -> tuple[Assessment, ...]:
            with within(*(self.origin and (*self.origin, self.as_of))):
                return assess_targets(
                    self.plan, self.observations, self.as_of, unit=self.unit.code, seed=self.seed
                )

        key = (*self.origin, self.as_of, self.unit.code, self.seed)
        return remembered("assessments", key, judged) if self.origin else judged()

    def __repr__(self) -> str:
        figures = f"{len(self.observations)} figures" + (
            f" known by {self.known_by}" if self.known_by else ""
        )
        return (
            f"Study({self.plan.name!r}, {str(self.as_of)!r}, unit {self.unit.code}, {self.lang}, {figures})"
        )

    def _repr_markdown_(self) -> str:
        from vetanalysis.show.answers import answer

        return f"**{self.plan.title.get(self.lang)}** (`{self!r}`)\n\n{answer(self).data}"

    def at(self, as_of: str | Cutoff = "", unit: str = "") -> Study:
        """The same figures asked at another cut-off or for another unit; left empty, what it is stays.

        Raises WrongCall for a cut-off outside the plan or a unit that does not exist at the cut-off.
        """
        cutoff = self.plan.check_cutoff(str(as_of)) if as_of else self.as_of
        chosen = self.plan.unit(unit or self.unit.code, on=cutoff_day(cutoff, self.plan.calendar))
        given = {
            field.name: getattr(self, field.name) for field in fields(self) if field.name != "observations"
        }
        figures = self.__dict__["_observations"]  # as they are held, read or not
        return Study(**{**given, "observations": figures, "as_of": cutoff, "unit": chosen})

    def assessment(self, target_id: str) -> Assessment:
        """The assessment of one target; WrongCall if the plan has no such target."""
        self.plan.target(target_id)
        return next(one for one in self.assessments if one.target.id == target_id)

    def of(self, *indicators: str) -> tuple[Assessment, ...]:
        """The assessments of the targets on these indicators, in the plan's order."""
        return tuple(one for one in self.assessments if one.target.indicator in indicators)

    @cached_property
    def left_out(self) -> tuple[dict[str, Any], ...]:
        """The figures that `known_by` left out, one record each; empty without any."""

        def told() -> tuple[dict[str, Any], ...]:
            return tuple(self.observations.attrs.get("left_out", ()))

        return remembered("left-out", self.origin, told) if self.origin else told()

    @cached_property
    def table(self) -> pd.DataFrame:
        """The frame of `vetanalysis.assess`: one row per target."""
        from vetanalysis.assessment.targets import assessment_table

        return assessment_table(self.assessments)


def open_study(
    plan: str | Path | Plan,
    as_of: str,
    *,
    unit: str = "",
    lang: str = "vi",
    returns: str | Path | list[Path] | pd.DataFrame | None = "default",
    published: str | Path | list[Path] | pd.DataFrame | None = "default",
    known_by: str = "",
    seed: int = 1,
) -> Study:
    """Open a plan at a cut-off, with every argument checked before any figure is read.

    `unit`: a code of units.csv, empty for the plan's own place. `returns` and `published`: "default" for the
    plan's folders, "none" (or None) to leave them out, a path, several, or a frame. `known_by`: an ISO day;
    nothing that became known later is read, empty reads everything. Raises WrongCall for an argument that is
    none of these, PlanInvalid or DataRefused for data that cannot be used.
    """
    from vetanalysis.loading import load_observations

    if lang not in LANGUAGES:
        raise WrongCall(
            Text(
                f"ngôn ngữ {lang!r}: dùng một trong {', '.join(LANGUAGES)}",
                f"language {lang!r}: use one of {', '.join(LANGUAGES)}",
            )
        )
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise WrongCall(
            Text(f"seed {seed!r}: dùng số nguyên từ 0 trở lên", f"seed {seed!r}: use a whole number from 0")
        )
    if known_by and parse_day(known_by) is None:
        raise WrongCall(
            Text(
                f"known_by {known_by!r}: viết ngày theo mẫu 2023-02-01, hoặc để trống",
                f"known_by {known_by!r}: use an ISO day like 2023-02-01, or leave it empty",
            )
        )
    plan = plan if isinstance(plan, Plan) else plan_of(plan)
    cutoff = plan.check_cutoff(as_of)
    chosen = plan.unit(unit or plan.place.code, on=cutoff_day(cutoff, plan.calendar))

    def read() -> pd.DataFrame:
        return load_observations(
            plan,
            returns=None if isinstance(returns, str) and returns == "none" else returns,
            published=None if isinstance(published, str) and published == "none" else published,
            known_by=known_by or None,
        )

    origin = _origin(plan, returns, published, known_by)
    if origin and is_remembered("observations", origin):
        figures: Any = partial(remembered, "observations", origin, read)
    else:
        figures = remembered("observations", origin, read) if origin else read()
    return Study(plan, figures, cutoff, chosen, lang, known_by, seed, origin, returns)


def plan_of(plan: str | Path) -> Plan:
    """The plan, read and checked once per run and state of its files; outside a run read anew."""
    folders = plan_folders(plan_folder(plan)) if run_folder() is not None else []
    if not folders:
        return load_plan(plan)
    return remembered("plan", (*folders, state_of(folders)), lambda: load_plan(plan))


def _origin(plan: Plan, returns: object, published: object, known_by: str) -> tuple[str, ...]:
    """What the observations depend on, files in their present state; empty outside a run of reports."""
    if run_folder() is None or not all(isinstance(one, str | Path) for one in (returns, published)):
        return ()
    roots = [*plan_folders(plan.folder), data_root() / "published", data_root() / "returns" / plan.name]
    roots += [Path(one) for one in (returns, published) if one not in ("default", "none")]
    return (str(plan.folder), str(returns), str(published), known_by, state_of(roots))
