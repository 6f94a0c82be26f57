"""The what-if page of a plan at a cut-off: one file for the place and all its units, that answers without a program.

The page holds quantiles of every projection, the words of every answer in each language and the rules by which they
are chosen; its script (`documents/templates/what_if.js`) moves the quantiles as `scenarios/moves.py` does. It opens
from a folder or a mail, loads nothing and keeps nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vetanalysis.assessment.assessment import Assessment
from vetanalysis.assessment.evidence import band_of
from vetanalysis.blocks import Said, Text
from vetanalysis.documents.html import TEMPLATES, page
from vetanalysis.documents.package import inert
from vetanalysis.language.chances import printed_probability, status_range
from vetanalysis.language.filters import capital
from vetanalysis.language.lines import plain
from vetanalysis.language.numbers import DECIMALS, in_words_of_study, projected_step
from vetanalysis.language.render import sentence
from vetanalysis.narrative.what_if import Standing, assumed, records, standings
from vetanalysis.paths import write_whole
from vetanalysis.periods import cutoff_day
from vetanalysis.progress import watched
from vetanalysis.report import reported
from vetanalysis.returns.form_words import language_of
from vetanalysis.scenarios.moves import counted, quantiles_to_move

if TYPE_CHECKING:
    from vetanalysis.forecast.projection import Projection
    from vetanalysis.study import Study

# Levels of the quantiles: a chance read between two of them is never further off than the 0.25 points between them
LEVELS = np.array([0.0005, 0.001, 0.002, *(step / 400 for step in range(1, 400)), 0.998, 0.999, 0.9995])
_FINENESS = 20_000  # steps in which a projection's whole range is told, at least
_STEPS = 400  # of a slider, at most
_WORDS = (
    "unit", "target", "goal", "people", "points", "by", "reset", "projected", "reachable", "unchanged", "so_far",
    "evidence", "record", "record.none", "published", "picture.median", "picture.goal", "picture.counted",
    "picture.chance", "picture.legend", "how", "typed",
)  # fmt: skip
_SLOTS = ("label", "median", "range", "value", "judged")  # what the script fills in
Worded = Callable[[Said | Text | None], int]


def write_what_if(study: Study, path: str | Path, made_from: str = "") -> Path:
    """Write the page of the study's plan and cut-off to `path` and return it; same study, same bytes.

    `made_from`: a digest of what the study rests on, kept in the page (`pipeline/what_if.py` reads it).
    """
    return write_whole(what_if_text(study, made_from).encode("utf-8"), path)


@in_words_of_study
def what_if_text(study: Study, made_from: str = "") -> str:
    """The page as text, whatever unit and language the study is opened for."""
    langs = list(dict.fromkeys([language_of(study.plan), *study.plan.words.languages]))
    views = list(_views(study))
    units = [(view.unit.label, list(standings(view, reported(view)))) for view in watched(views, len(views))]
    every = [one for _, found in units for one in found]

    texts: dict[tuple[str, ...], int] = {}  # each once, in every language, by its place in the page's list

    def worded(said: Said | Text | None) -> int:
        if said is None:
            return -1
        return texts.setdefault(tuple(_settled(said, lang) for lang in langs), len(texts))

    invented = any(one.assessment.illustrative for one in every)
    data = {
        "languages": langs,
        "levels": LEVELS.tolist(),
        "steps": _rounding(),
        "decimals": DECIMALS,
        "rules": list(_rules(worded)),
        "words": [_words(study, lang, invented) for lang in langs],
        "record": _records(study, every, worded),
        "units": [
            {"name": worded(label), "targets": [_target(one, worded) for one in found]}
            for label, found in units
        ],
        "texts": list(texts),
    }
    first = langs[0]
    standing = [
        Said("what_if.standing", name=one.name, judged=one.judged if one.varies else one.lines[-1])
        for one in units[0][1]
    ]
    return page(
        "what_if.html.j2",
        lang=first,
        style="what_if.css",
        title=data["words"][0]["title"],
        banner=data["words"][0]["banner"],
        made_from=made_from,
        words=data["words"][0],
        language=Said("what_if.language").get(first),
        languages=[(lang, _name_of(lang)) for lang in langs],
        no_script=Said("what_if.no_script").get(first),
        standing=[_settled(one, first) for one in standing],
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        script=(TEMPLATES / "what_if.js").read_text(encoding="utf-8").strip(),
    )


def _views(study: Study) -> Iterator[Study]:
    """The place, then every unit with a quota that is there at the cut-off."""
    plan = study.plan
    there = {plan.place.code, *plan.units_on(cutoff_day(study.as_of, plan.calendar))["code"]}
    for code in dict.fromkeys([plan.place.code, *plan.quotas["unit"].tolist()]):
        if code in there:
            yield study.at(unit=code)


def _settled(said: Said | Text, lang: str) -> str:
    return inert(sentence(said, lang) if isinstance(said, Said) else said.get(lang))


def _name_of(lang: str) -> str:
    """What a language calls itself."""
    from babel import Locale

    return capital(str(Locale.parse(lang).get_display_name(lang)))


def _words(study: Study, lang: str, invented: bool) -> dict[str, str]:
    """The page's own words in one language, "{median}" and the like where the script fills in."""
    slots = {name: f"{{{name}}}" for name in _SLOTS}
    made = {name: Said(f"what_if.{name}", **slots).get(lang) for name in _WORDS}
    made |= {f"assumed.{name}": _settled(said, lang) for name, said in assumed().items()}
    made |= {name: plain(f"numbers.{name}", lang) for name in ("decimal", "thousands", "percent_sign")}
    counts = ("people", "people.one", "points", "points.one")
    made |= {f"numbers.{name}": plain(f"numbers.{name}", lang, count="{count}") for name in counts}
    made["from_to"] = plain("numbers.from_to", lang, low="{low}", high="{high}")
    made["skip"] = Said("documents.skip").get(lang)
    made["title"] = _settled(Said("what_if.title", title=study.plan.title), lang)
    place = study.at(unit=study.plan.place.code).unit.label
    made["about"] = _settled(Said("what_if.about", place=place, as_of=str(study.as_of)), lang)
    made["illustrative"] = Said("documents.index.illustrative").get(lang)
    made["banner"] = Said("opening.illustrative").get(lang) if invented else ""
    return {name: inert(text) for name, text in made.items()}


def _rounding() -> list[tuple[int, int]]:
    """To what projected people are rounded, each step with the number from which it holds."""
    steps = {projected_step(people): people for people in range(10_000, -1, -1)}
    return sorted((people, step) for step, people in steps.items())


def _rules(worded: Worded) -> Iterator[dict[str, Any]]:
    """The words of every probability, each with the lowest one they hold for: a thousandth, or just beyond one."""
    before = None
    for chance in sorted(step / 1000 + beyond for step in range(1001) for beyond in (0.0, 1e-9)):
        if chance > 1:
            continue
        status = band_of(chance).status
        key = (status, printed_probability(chance), status_range(status, chance).key)
        if key != before:
            before = key
            judged = worded(Said("what_if.judged", status=status, probability=chance))
            yield {"from": chance, "status": status, "judged": judged}


def _records(study: Study, found: list[Standing], worded: Worded) -> dict[str, dict[str, int]]:
    """By kind of target and word, what earlier statements came to."""
    chances = {one.assessment.kind: one.assessment for one in found if one.varies}
    return {
        kind: {status: worded(said) for status, said in records(study, one).items()}
        for kind, one in sorted(chances.items())
    }


def _target(one: Standing, worded: Worded) -> dict[str, Any]:
    """One target of one unit as the page's data."""
    assessment = one.assessment
    made: dict[str, Any] = {
        "id": assessment.target.id,
        "kind": assessment.kind,
        "name": worded(one.name),
        "lines": [worded(line) for line in one.lines],
        "illustrative": assessment.illustrative,
    }
    if not one.varies or assessment.projection is None:
        return made
    return {
        **made,
        **_numbers(assessment, assessment.projection),
        "asked": worded(one.asked),
        "status": assessment.status,
        "judged": worded(one.judged),
        "evidence": worded(one.evidence),
        "published": worded(one.published),
        "fixed": worded(one.fixed),
        "dates": [(worded(label), worded(late)) for label, late in one.dates],
    }


def _numbers(one: Assessment, projection: Projection) -> dict[str, Any]:
    """What the script reckons with: the projection as steps from quantile to quantile, the ends of the sliders.

    A quantile is the sum of the steps up to it over `per`: of people how many are still to come beyond `counted`, of a
    rate its logit with `margin`. Whole people stay whole.
    """
    target, rate = one.target, one.kind == "rate"
    values = quantiles_to_move(one, LEVELS)
    spread = float(values[-1] - values[0])
    per = 10 ** max(0, math.ceil(math.log10(_FINENESS / spread))) if spread > 0 else 100
    steps = np.diff(np.rint(values * per).astype(int), prepend=0)
    so_far = 0.0 if rate else counted(projection)
    shown = np.array([one.lower_80, one.upper_80, target.value, *(() if rate else (so_far,))], dtype=float)
    ends = np.asarray(projection.quantile([0.01, 0.99])) * one.scale
    low, high = min(ends[0], shown.min()), max(ends[1], shown.max())
    step = 10**-DECIMALS if rate else _step((high - low) / _STEPS)
    below = max(min(math.ceil((target.value - low) / step), math.floor(target.value / step)), 0)
    above = math.ceil((high - target.value) / step)
    above = min(above, math.floor((100 - target.value) / step)) if rate else above
    return {
        "measure": target.measure,
        "operator": target.operator,
        "goal": target.value,
        "chance": one.probability,
        "range": [one.lower_80, one.median, one.upper_80],
        "counted": so_far,
        "margin": getattr(projection, "margin", 0.0),
        "per": per,
        "values": steps.tolist(),
        "step": step,
        "low": round(target.value - below * step, 6),
        "high": round(target.value + above * step, 6),
        "most": round(max(math.ceil((below + above) / 2), 1) * step, 6),
    }


def _step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 ... that is no less than `least`."""
    size = 10 ** max(0, math.floor(math.log10(max(least, 1))))
    return next(size * one for one in (1, 2, 5, 10) if size * one >= least)
