"""One question opened once: a plan, the figures known about it, a cut-off, a unit and a language.

Notebooks, the command line and the report runner all start from a `Study`; everything they show is computed
from it, so that the same parameters give the same tables, sentences and documents everywhere. What is the
same for all units is computed once, when it is first asked for, and shared by every view (`Study.at`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from vetanalysis.assessment.issued import folder_of, issued_reports, last_issued, last_made
from vetanalysis.beside import begun
from vetanalysis.blocks import Said, displayed
from vetanalysis.errors import WrongCall
from vetanalysis.hashes import SEED, folders_before, folders_hash, plan_folder, plan_folders, program_hash
from vetanalysis.paths import data_root, earlier_reports, returns_root
from vetanalysis.periods import Cutoff, cutoff_day, cutoffs, deadline, parse_day, previous
from vetanalysis.plan import Plan, load_plan
from vetanalysis.plan.read import unknown_name

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.assessment.issued import Issued, Made
    from vetanalysis.assessment.targets import FiguresAt
    from vetanalysis.errors import Finding
    from vetanalysis.indicators.placed import Lines
    from vetanalysis.plan import Unit
    from vetanalysis.returns.ledger import Ledger

    Returns: TypeAlias = str | Path | list[Path] | pd.DataFrame | None


#: By `question_key`: what this process, or the one it was forked from, holds ready. Written by `pipeline` alone.
PREPARED: dict[str, Study] = {}
#: The same of what was opened last: a notebook asks it of one unit after the other.
_LATEST: dict[str, Study] = {}


@dataclass(frozen=True, repr=False)
class Study:
    """A validated question. `as_of` is a cut-off of the plan, `unit` one of its units, `known_by` an ISO day or "".

    In a notebook it shows itself as the headline of every target.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> study.at("2023-9M").assessment("trained_rate").status
    'unlikely'
    """

    plan: Plan
    observations: pd.DataFrame
    as_of: Cutoff
    unit: Unit
    lang: str
    known_by: str
    seed: int
    returns: Returns = "default"  # where they were read from, as given
    published: Returns = "default"
    parts: dict[tuple[object, ...], Any] = field(default_factory=dict, init=False, compare=False)  # `part`

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        """One `Assessment` per target of the plan, in the plan's order."""
        from vetanalysis.assessment.targets import assess_at

        return self.part(
            "assessments", self.as_of, self.unit.code, of=lambda: assess_at(self.figures, self.unit.code)
        )

    @property
    def figures(self) -> FiguresAt:
        """What the assessments of all units at the cut-off rest on."""
        from vetanalysis.assessment.targets import figures_at

        asked = (self.plan, self.observations, self.as_of, self.seed)
        return self.part("figures", self.as_of, of=lambda: figures_at(*asked))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is doubtful in figures that came in tables, and in counts that are not the sum of their parts."""
        from vetanalysis.assessment.totals_apart import totals_apart

        carried = tuple(self.observations.attrs.get("findings", ()))
        return carried + self.part("totals_apart", self.as_of, of=lambda: tuple(totals_apart(self.figures)))

    @property
    def ledger(self) -> Ledger | None:
        """The returned workbooks behind the study as known on its day; None without any."""
        from vetanalysis.loading import ledger_of

        return self.part("ledger", of=lambda: ledger_of(self.plan, self.returns, self.known_by))

    @property
    def received(self) -> Ledger | None:
        """Who sent what: the ledger, or that of figures which came in tables; None where nothing was received."""
        from vetanalysis.loading import received_of

        return self.part(
            "received",
            of=lambda: (
                self.ledger
                or received_of(self.plan, self.returns, self.known_by, self.parts.get(("brought",)))
            ),
        )

    @property
    def lines(self) -> pd.DataFrame:
        """The table of indicators at the cut-off, for the place and every unit."""
        return self.part("lines", self.as_of, of=self._lines)

    @property
    def lines_of_place(self) -> pd.DataFrame:
        """The same with the place's lines at least: they alone take a part of the time that those of all units take."""
        alone = partial(self._lines, self.plan.place.code)
        held = ("lines", self.as_of) in self.parts
        return self.lines if held else self.part("lines of the place alone", self.as_of, of=alone)

    def _lines(self, unit: str = "") -> pd.DataFrame:
        from vetanalysis.indicators.table import indicator_table

        return indicator_table(self.plan, self.observations, self.as_of, unit, ledger=self.ledger)

    @property
    def carried(self) -> pd.DataFrame:
        """The place's lines of the year's earlier cut-offs that stand in for what it lacks now."""
        from vetanalysis.indicators.carried import carried

        read = (self.plan, self.observations, self.lines, self.as_of, lambda at: self.at(at).lines_of_place)
        return self.part("carried", self.as_of, of=lambda: carried(*read))

    @property
    def half_yearly(self) -> Study:
        """The same question at the latest cut-off at which half-yearly figures were due."""
        from vetanalysis.plan.catalogue import last_due

        name = "employed_after_training_rate"
        asked = name in set(self.plan.indicators["id"])
        return self.at(last_due(self.plan, name, self.as_of)) if asked else self

    @property
    def period(self) -> PeriodReturned | None:
        """What the returns of the cut-off's period say of all units; None where there are none."""
        return self.part("period", self.as_of, of=lambda: period_returned(self))

    @property
    def is_silent(self) -> bool:
        """Whether units other than the place must report for the cut-off and none has, though other returns came."""
        from vetanalysis.returns.matrix import is_silent

        if not self.as_of.months:
            return False
        place = self.plan.place.code
        return self.part("silent", self.as_of, of=lambda: is_silent(self.received, self.as_of, place))

    @property
    def last(self) -> Study:
        """The same question when the report before this one was due, from what was known then."""
        opened = self.part("last", self.as_of, of=lambda: open_last(self))
        return opened.at(unit=self.unit.code, lang=self.lang)

    @property
    def issued(self) -> Sequence[Issued]:
        """The plan's signed reports as known on the study's day; DataRefused where their record is damaged."""
        return self.part("issued", of=lambda: issued_reports(self.plan.name, self.known_by))

    @property
    def last_issued(self) -> Issued | None:
        """The last signed report of the unit on an earlier cut-off; None without any."""
        return last_issued(self.issued, self.unit.code, str(self.as_of))

    @property
    def last_made(self) -> Made | None:
        """The unit's report before this one, in the reports folder of the run; None outside a run and without any."""
        reports = earlier_reports()
        if reports is None:
            return None
        asked = (self.plan.name, self.unit.code, str(self.as_of), self.known_by)
        return self.part("made", *asked, of=lambda: last_made(reports, *asked))

    def part(self, *key: object, of: Callable[[], Any]) -> Any:
        """What all views of the study share: computed when it is first asked for, and held as long as one of them."""
        if key not in self.parts:
            self.parts[key] = of()
        return self.parts[key]

    def __repr__(self) -> str:
        figures = f"{len(self.observations)} figures" + (
            f" known by {self.known_by}" if self.known_by else ""
        )
        return (
            f"Study({self.plan.name!r}, {str(self.as_of)!r}, unit {self.unit.code}, {self.lang}, {figures})"
        )

    def _repr_markdown_(self) -> str:
        return f"**{self.plan.title.get(self.lang)}** (`{self!r}`)\n\n{displayed('study', self)}"

    def at(self, as_of: str | Cutoff = "", unit: str = "", lang: str = "") -> Study:
        """A view at another cut-off, for another unit or in another language; left empty, what it is stays.

        It shares everything computed for this one. Raises WrongCall for a cut-off outside the plan, a unit that does
        not exist at the cut-off, or a language that neither the package nor the plan speaks.
        """
        check_language(lang or self.lang, self.plan.words.languages)
        cutoff = self.plan.check_cutoff(str(as_of)) if as_of else self.as_of
        chosen = self.plan.unit(unit or self.unit.code, on=cutoff_day(cutoff, self.plan.calendar))
        view = replace(self, as_of=cutoff, unit=chosen, lang=lang or self.lang)
        object.__setattr__(view, "parts", self.parts)
        return view

    def assessment(self, target_id: str) -> Assessment:
        """The assessment of one target; WrongCall if the plan has no such target."""
        self.plan.target(target_id)
        return next(one for one in self.assessments if one.target.id == target_id)

    def of(self, *indicators: str) -> tuple[Assessment, ...]:
        """The assessments of the targets on these indicators, in the plan's order; none where it has no such target.

        WrongCall, with the nearest, for an indicator that neither the plan nor the package knows.
        """
        from vetanalysis.observations.table import load_indicators

        known = {*load_indicators().index, *self.plan.indicators["id"]}
        for name in indicators:
            if name not in known:
                raise unknown_name(Said("plan.kind.indicator"), name, sorted(known))
        return tuple(one for one in self.assessments if one.target.indicator in indicators)

    @property
    def rates(self) -> tuple[Assessment, ...]:
        """The assessments of the targets that are rates, whatever they are rates of."""
        return tuple(one for one in self.assessments if one.target.is_rate)

    @property
    def counts(self) -> tuple[Assessment, ...]:
        """The assessments of the targets that count people, whatever is counted."""
        return tuple(one for one in self.assessments if not one.target.is_rate)

    @property
    def before(self) -> Study | None:
        """The same question at the cut-off before, from all that is known now; None where the plan begins here."""
        earlier = _before(self.plan, self.as_of)
        return self.at(earlier) if self.plan.years[0] <= earlier.year else None

    @property
    def left_out(self) -> tuple[dict[str, Any], ...]:
        """The figures that `known_by` left out, one record each; empty without any."""
        return tuple(self.observations.attrs.get("left_out", ()))

    @property
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
    returns: Returns = "default",
    published: Returns = "default",
    known_by: str = "",
    seed: int = SEED,
) -> Study:
    """Open a plan at a cut-off, with every argument checked before any figure is read.

    `unit`: a code of units.csv, empty for the plan's own place. `lang`: "vi", "en" or a language that the plan brings.
    `returns` and `published`: "default" for the plan's folders, "none" (or None) to leave them out, a path, several, or
    a frame. `known_by`: an ISO day; nothing that became known later is read, empty reads everything. Raises WrongCall
    for an argument that is none of these, PlanInvalid or DataRefused for data that cannot be used.

    >>> study = open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> round(study.assessment("trained_rate").probability, 2)
    0.22
    """
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise WrongCall(Said("calls.seed", given=repr(seed)))
    if known_by and parse_day(known_by) is None:
        raise WrongCall(Said("calls.known_by_day", given=repr(known_by)))
    key = question_key(plan, returns, published, known_by, seed)
    held = PREPARED.get(key) or (None if earlier_reports() else _LATEST.get(key))
    if held is not None:
        return _apart(held).at(held.plan.check_cutoff(as_of), unit or held.plan.place.code, lang)
    plan = plan if isinstance(plan, Plan) else load_plan(plan)
    check_language(lang, plan.words.languages)
    cutoff = plan.check_cutoff(as_of)
    chosen = plan.unit(unit or plan.place.code, on=cutoff_day(cutoff, plan.calendar))
    study = _opened(plan, cutoff, chosen, lang, known_by, seed, returns, published)
    if key:
        _LATEST.clear()
        _LATEST[key] = _apart(study)
    return study


def _apart(study: Study) -> Study:
    """The same study whose table of figures may be changed without changing that of the other."""
    view = replace(study, observations=study.observations.copy(deep=False))
    object.__setattr__(view, "parts", study.parts)
    return view


def _opened(
    plan: Plan, cutoff: Cutoff, unit: Unit, lang: str, known_by: str, seed: int, returns: Returns,
    published: Returns, read: Study | None = None,
) -> Study:  # fmt: skip
    """The study of checked arguments; it keeps what it read. `read`: one of the same tables on another day."""
    from vetanalysis.loading import brought_tables, ledger_of, published_tables, sent_tables
    from vetanalysis.observations.table import combine, only_known_by

    held = {} if read is None else read.parts
    of_published = None if ("tables",) in held else begun(partial(published_tables, plan, published))
    ledger = read.ledger.known_on(known_by) if read and read.ledger else ledger_of(plan, returns, known_by)
    tables = of_published() if of_published else held[("tables",)]
    sent = sent_tables(plan, returns, known_by or None, ledger)
    brought = held[("brought",)] if ("brought",) in held else brought_tables(plan, returns)
    figures = only_known_by(combine([*tables, *sent, *brought]), known_by or None)
    study = Study(plan, figures, cutoff, unit, lang, known_by, seed, returns, published)
    study.parts.update({("ledger",): ledger, ("tables",): tables, ("brought",): brought})
    return study


def check_language(lang: str, known: Sequence[str]) -> None:
    """WrongCall for a language that is none of these."""
    if lang not in known:
        raise WrongCall(Said("calls.language", given=repr(lang), known=tuple(known)))


def question_key(
    plan: str | Path | Plan, returns: Returns, published: Returns, known_by: str, seed: int
) -> str:
    """What a question rests on as one text: its arguments and the content of the files they name.

    "" for a plan that is loaded already, and for frames.
    """
    if isinstance(plan, Plan) or not isinstance(returns, str | Path) or not isinstance(published, str | Path):
        return ""
    years = (plan_folder(plan), *folders_before(plan_folder(plan)))
    roots = [each for one in years for each in (*plan_folders(one), returns_root(one.name))]
    roots += [data_root() / "published", folder_of(str(plan)), *(folder_of(one.name) for one in years[1:])]
    roots += [Path(one) for one in (returns, published) if one not in ("default", "none")]
    said = (plan_folder(plan), returns, published, known_by, seed)
    return "|".join([*map(str, said), program_hash(), folders_hash(roots)])


@dataclass(frozen=True, eq=False)
class PeriodReturned:
    """What the returns of a period say of all units; no figure of a period on which nobody has reported.

    `lines`: the table of indicators, `by_key` for look-ups; `older` the same at the latest cut-off at which half-yearly
    figures were due (None where that is this one); `earlier`: the place's lines of the year's earlier cut-offs that
    stand in for what it lacks now (`indicators.carried`). `matrix`: one row per unit due in the period. `explanations`:
    what the period's returns hold; `documents`: those that these units named in the year so far, each once;
    `findings`: what was found in the period's returns that no later good file replaced; `found_before`: what was
    found in returns of earlier periods of the year, also where it is settled.
    """

    lines: pd.DataFrame
    by_key: Lines
    matrix: pd.DataFrame
    explanations: pd.DataFrame
    documents: pd.DataFrame
    findings: pd.DataFrame
    found_before: pd.DataFrame
    older: pd.DataFrame | None
    earlier: pd.DataFrame

    def of(self, unit: str, place: str) -> PeriodReturned:
        """The same with the tables of one unit and of the place alone."""
        older = None if self.older is None else self.older[self.older["unit"].isin([unit, place])]
        return replace(self, lines=self.lines[self.lines["unit"].isin([unit, place])], older=older)


def period_returned(study: Study) -> PeriodReturned | None:
    """What `Study.period` holds."""
    from vetanalysis.indicators.placed import Lines
    from vetanalysis.returns.matrix import nobody_reported

    plan, cutoff, ledger = study.plan, study.as_of, study.received
    if ledger is None or ledger.observations.empty:
        return None
    half_yearly = study.half_yearly
    of_year = ledger.matrix(cutoff)
    matrix = of_year[of_year["period"] == str(cutoff)].reset_index(drop=True)
    silent = nobody_reported(matrix)
    lines = study.lines.iloc[:0] if silent else study.lines
    files = set(of_year.loc[of_year["unit"].isin(matrix["unit"]), "file"]) - {""}
    return PeriodReturned(
        lines=lines,
        by_key=Lines.of_table(lines),
        matrix=matrix,
        explanations=_of_period(ledger.explanations, str(cutoff)),
        documents=_of_files(ledger.documents, set() if silent else files),
        findings=_of_period(ledger.findings[~ledger.findings["settled"]], str(cutoff)),
        found_before=_of_earlier(ledger.findings, cutoff, plan),
        older=None if half_yearly.as_of == cutoff or silent else half_yearly.lines,
        earlier=lines if silent else study.carried,
    )


def open_last(study: Study) -> Study:
    """What `Study.last` holds, for the plan's place: the cut-off before, and what was known when its report was due.

    The first report of a year is compared with its start, when the report on the year before was due.
    """
    earlier, ended = _before(study.plan, study.as_of), previous(study.as_of, study.plan.calendar)
    day = deadline(ended, study.plan.calendar, "province")
    return as_known(study, earlier, day.isoformat())


def as_known(study: Study, cutoff: Cutoff, day: str) -> Study:
    """The same question for the plan's place at another cut-off, from what was known on an earlier day."""
    day = min(day, study.known_by) if study.known_by else day
    place = study.plan.unit(study.plan.place.code, on=cutoff_day(cutoff, study.plan.calendar))
    asked = (cutoff, place, study.lang, day, study.seed, study.returns, study.published)
    return _opened(study.plan, *asked, read=study)


def _before(plan: Plan, cutoff: Cutoff) -> Cutoff:
    """The cut-off whose answer a reader had before: that of the first report of a year is the start of the year."""
    first = cutoff == cutoffs(cutoff.year, plan.calendar)[0]
    return Cutoff(cutoff.year, "start") if first else previous(cutoff, plan.calendar)


def _of_period(frame: pd.DataFrame, period: str) -> pd.DataFrame:
    return frame[frame["period"] == period].reset_index(drop=True)


def _of_earlier(frame: pd.DataFrame, cutoff: Cutoff, plan: Plan) -> pd.DataFrame:
    """The rows of the periods of a year before a cut-off, in the order of the periods."""
    periods = [str(one) for one in cutoffs(cutoff.year, plan.calendar) if one < cutoff]
    mine = frame[frame["period"].isin(periods)]
    return mine.sort_values("period", key=lambda of: of.map(periods.index), kind="stable")


def _of_files(documents: pd.DataFrame, files: set[str]) -> pd.DataFrame:
    """The documents named in these files (the matrix names them with their folder, the records without), each once."""
    names = {file.split("/")[-1] for file in files}
    mine = documents["source"].map(lambda source: source.split("!")[0].split("/")[-1] in names)
    return documents[mine].drop_duplicates(["unit", "type", "number", "title"]).reset_index(drop=True)
