"""What a plan's layout, its currency and the name of its years put in the place of the package's words.

They lie below the plan's own `words.yaml`: whoever words a plan's figures in its words has them, too.
"""

from __future__ import annotations

from typing import Any

from vetanalysis.blocks import LANGUAGES
from vetanalysis.language.lines import PlanWords, lines_of
from vetanalysis.plan.files import joined_words
from vetanalysis.plan.model import VIET_NAM

_ON_PEOPLE = ("outlook.", "sheet.", "report.sheet.results", "tables.by_level.")
CURRENCY, YEAR = "names.currency.dong", "numbers.year.two"


def defaults_of_country(raw: dict[str, Any]) -> dict[str, Any]:
    """A plan as read, with what follows from the country it names: nothing is Viet Nam's where it does not name it.

    There the layout is that of Decree 30/2020; elsewhere it is plain, whole months are counted unless the plan says
    otherwise, and no day is off but those it lists.
    """
    place, calendar = raw.get("place"), raw.get("calendar", {})
    if isinstance(place, dict) and place.get("country") == VIET_NAM:
        return {"layout": "decree-30", **raw}
    if not isinstance(calendar, dict):
        return raw
    return {**raw, "calendar": {"window_rule": "calendar", "fixed_holidays": [], **calendar}}


def words_of_layout(raw: dict[str, Any], own: PlanWords) -> PlanWords:
    """The words of a plan as it is read (`raw`), `own` above those that follow from its keys."""
    below: dict[str, Any] = {}
    plain = raw.get("layout") != "decree-30"
    if plain or _of_things(raw):
        lines = {key: _both(line) for key, line in lines_of("plain").items()}
        below |= {key: lines[key] for key in lines if plain or key.startswith(_ON_PEOPLE)}
    year = f"year.{raw.get('year_name')}"
    if year in lines_of("numbers"):
        below[YEAR] = _both(lines_of("numbers")[year])
    currency = raw["place"].get("currency") if isinstance(raw.get("place"), dict) else None
    if isinstance(currency, dict) and all(isinstance(one, str) for one in currency.values()):
        below[CURRENCY] = currency
    return joined_words(PlanWords(below), own)


def _of_things(raw: dict[str, Any]) -> bool:
    """Whether a plan counts things or money and no people, so that nobody is enrolled."""
    targets = raw.get("targets")
    given = targets if isinstance(targets, list) else []
    measures = {str(one.get("measure")) for one in given if isinstance(one, dict)} - {"percent"}
    return bool(measures) and "persons" not in measures


def _both(line: Any) -> dict[str, str]:
    return {lang: line[lang] for lang in LANGUAGES}
