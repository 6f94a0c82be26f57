"""Made facts of a period for the tests of its sentences and tables, and what every such sentence must pass."""

import math
import re
import unicodedata
from types import SimpleNamespace

import pandas as pd

from vetanalysis.blocks import LANGUAGES
from vetanalysis.indicators.table import COLUMNS
from vetanalysis.language.render import spoken
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan

PLAN = load_plan("lang-son-2023")
NAMES = {"186": "Hữu Lũng", "183": "Cao Lộc", "178": "Lạng Sơn"}


def line(indicator, value, unit="20", **changes):
    row = dict.fromkeys(COLUMNS, math.nan)
    texts = ("level", "sex", "group", "residence", "fund_source", "channel", "why_vi", "why_en", "sources")
    row |= dict.fromkeys(texts, "")
    row |= {
        "unit": unit, "id": indicator, "row": 5, "label_vi": "Số người tuyển mới", "label_en": "People newly enrolled",
        "period": "2023-9M", "basis": "cumulative", "value": value, "measure": "persons", "state": "computed",
        "illustrative": False, "status": "provisional",
    }  # fmt: skip
    return row | changes


def matrix(*rows):
    columns = ["unit", "name", "period", "state", "deadline", "received", "days_late", "file"]
    made = [
        (unit, unit, "2023-9M", state, "2023-09-18", "" if state == "missing" else "2023-09-18", late, "")
        for unit, state, late in rows
    ]
    return pd.DataFrame(made, columns=columns)


def standing(*rows, common=0.66):
    """Units: (code, quota, counted, side)."""
    made = [
        {
            "unit": unit, "plan": plan, "counted": counted, "share_of_plan": counted / plan if plan else math.nan,
            "needed": plan - counted, "needed_per_step": plan - counted, "median": plan, "lower_80": plan * 0.9,
            "upper_80": plan * 1.1, "probability": 0.1 if side == "behind" else 0.5, "extra_for_80": 0.0,
            "common": common, "lower": 0.58,
            "upper": 0.74, "side": side, "beyond": 0.0,
        }
        for unit, plan, counted, side in rows
    ]  # fmt: skip
    return pd.DataFrame(made).set_index("unit")


class Flat:
    """A projection whose every chance is the same."""

    def __init__(self, probability=0.7):
        self.given = probability

    median = 1000.0

    def interval(self, level):
        return 900.0, 1100.0

    def probability(self, target, direction=">="):
        return self.given


def year(units, by_level=None, allowed=True):
    return SimpleNamespace(
        units=units, by_level=by_level or {}, allowed=allowed, late=(),
        reconciled=SimpleNamespace(projection=lambda unit=None: Flat()),
    )  # fmt: skip


def said(*rows):
    return pd.DataFrame(rows, columns=["unit", "ref", "kind", "text"])


def facts(**changes):
    given = {
        "plan": PLAN, "cutoff": parse_cutoff("2023-9M"), "unit": "20",
        "lines": pd.DataFrame([line("people_enrolled", 9000)]),
        "matrix": matrix(("186", "on_time", 0)), "explanations": said(), "people": "people_enrolled",
        "documents": pd.DataFrame(columns=["unit", "type"]), "findings": pd.DataFrame(columns=["unit", "severity"]),
    }  # fmt: skip
    return PeriodFacts(**(given | changes))


def course(shares, years=(2021, 2022), size=1000):
    """Past years of a unit that came in by these shares."""
    return pd.DataFrame(
        [[size * part for part in shares]] * len(years), index=list(years), columns=[1, 2, 3, 4]
    )


def both(function, *arguments):
    """The sentence in both languages; same figures, no loose ends, no English word in the Vietnamese."""
    vi, en = (spoken(function(*arguments), lang) for lang in LANGUAGES)
    assert vi.facts == en.facts
    for one in (vi, en):
        lint(one.text)
    assert not ENGLISH.search(vi.text), vi.text
    return vi.text, en.text


ENGLISH = re.compile(
    r"\b(the|of|and|units?|people|reports?|quota|chance|year|is|are|not|since)\b", re.IGNORECASE
)


def lint(text):
    assert text == unicodedata.normalize("NFC", text)
    assert text[0] == text[0].upper()
    assert text.endswith(".")
    assert "  " not in text
    assert "nan" not in text.lower().split()
    assert text.count("(") == text.count(")")
