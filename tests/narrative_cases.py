"""Hand-made targets and assessments for the tests of sentences, and what every sentence must pass."""

import re
import unicodedata

from vetanalysis.assessment.assessment import Beside, PeopleAssessment, RateAssessment
from vetanalysis.assessment.published_outcome import Announced, learn, outcome
from vetanalysis.blocks import LANGUAGES, Said, Text
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.language.render import sentence, spoken
from vetanalysis.observations.published import DefinitionEffect
from vetanalysis.observations.series import Point
from vetanalysis.plan.model import Target


class AnyProjection:
    """Stands for a projection where a sentence only asks whether there is one."""


def rate_target(**changes):
    fields = {
        "id": "trained_rate",
        "label": {"vi": "Tỷ lệ lao động qua đào tạo", "en": "Trained-labour rate"},
        "indicator": "trained_rate",
        "operator": ">=",
        "value": 62,
        "measure": "percent",
        "period": "2023-FY",
        "base": "labour_force",
        "concept": "administrative",
        "legal_text": {"vi": "đạt 62%", "en": "62 %"},
        "legal_ref": "II.1",
        "certainty": "high",
        "reading": {"vi": "Tính trên lực lượng lao động.", "en": "As a share of the labour force."},
        "alternatives": ({"vi": "tính trên lao động có việc làm", "en": "as a share of the employed"},),
        "judged_on": {"vi": "số ước tháng 12 năm 2023", "en": "the estimate of December 2023"},
    }
    return Target(**(fields | changes))


def people_target(**changes):
    return rate_target(
        id="people_enrolled",
        label={"vi": "Số người được đào tạo", "en": "People trained"},
        indicator="people_enrolled",
        value=13500,
        measure="persons",
        base="",
        concept="",
        counts="enrolled",
        **changes,
    )


def point(year, value, **changes):
    fields = {
        "period": f"{year}-FY", "year": year, "value": value, "status": "final", "source": "lstv2021",
        "vintage": "2021-12-14", "base": "labour_force", "concept": "administrative", "certainty": "high",
    }  # fmt: skip
    return Point(**(fields | changes))


EITHER = {
    "as_of": "2023-start", "unit": "20", "projection": AnyProjection(), "evidence": "weak",
    "evidence_reasons": (Said("evidence.reason.figures", count=2),),
    "mostly_prior": True, "sensitivity": {0.5: 0.12, 1.0: 0.163, 2.0: 0.26},
}  # fmt: skip


def published(*, with_history):
    """What will be published, learned from eight made pairs, of which six are on their target."""
    history = ((2018, 50.0), (2019, 51.0)) if with_history else ()
    pairs = [
        Announced(f"X{n}", f"9{n}", "trained_rate", 2020, 52.0, 52.0 + max(n - 5, 0) / 2, 1, False, history)
        for n in range(8)
    ]
    free = DrawsProjection([0.50 + n / 1000 for n in range(200)], 2023)
    return outcome(free, 0.62, ">=", learn(pairs), pairs=pairs)


def rate(**changes):
    """The model case: 56.0 in 2020, 57.2 in 2021, target 62 % by the end of 2023."""
    fields = EITHER | {
        "target": rate_target(), "horizon": 2, "points": (point(2020, 56.0), point(2021, 57.2)),
        "status": "very_unlikely", "probability": 0.163, "median": 59.61, "lower_80": 56.94,
        "upper_80": 62.21, "gap": 4.8, "pace_required": 2.4, "pace_seen": 1.2, "pace_percentile": 0.92,
        "pace_places": 441, "target_for_80": 57.9, "extra_for_80": 4.1,
        "anchors": {
            "eurostat": Said("rules.on_track"),
            "un": Said("rules.on_track"),
            "escap": Said("rules.accelerate_escap"),
        },
        "beside": (
            Beside(
                "certified_rate", "employed", "ICLS-13",
                (point(2016, 15.8, base="employed", concept="ICLS-13", status="provisional"),),
                AnyProjection(), 18.2, 15.9, 20.7, Text("Khác mẫu số.", "Another denominator."),
            ),
        ),
        "definition_effect": effect(),
    }  # fmt: skip
    return RateAssessment(**(fields | changes))


def effect():
    return DefinitionEffect(
        unit="20", year_then=2016, rate_then=15.8, certified_workers=78824.0, year_now=2021,
        labour_force=323200.0, implied_rate=24.388, sources=("a", "b"), note=Text("suy luận", "inference"),
    )  # fmt: skip


def people(**changes):
    """13,500 people in 2023, one figure of 2021 whose scope is not stated."""
    fields = EITHER | {
        "target": people_target(), "horizon": 0,
        "points": (point(2021, 12000, base="", concept="", status="estimate"),), "probability": 0.41,
        "status": "unlikely", "median": 12810.0, "lower_80": 9900.0, "upper_80": 16450.0, "gap": 13500.0,
        "pace_required": 3375.0, "target_for_80": 10700.0, "extra_for_80": 2800.0, "scope_unstated": True,
    }  # fmt: skip
    return PeopleAssessment(**(fields | changes))


def unemployment(**changes):
    """An upper limit: unemployment at most 3 %, 3.4 % in 2021."""
    target = rate_target(
        id="unemployment",
        label={"vi": "Tỷ lệ thất nghiệp", "en": "Unemployment rate"},
        indicator="unemployment_rate",
        operator="<=",
        value=3,
    )
    fields = {
        "target": target, "points": (point(2020, 3.1), point(2021, 3.4)), "gap": 0.4, "pace_required": -0.2,
        "pace_seen": 0.3, "median": 3.2, "lower_80": 2.6, "upper_80": 3.9, "target_for_80": 3.6,
        "extra_for_80": 0.6, "beside": (), "definition_effect": None,
    }  # fmt: skip
    return rate(**(fields | changes))


def unknown(**changes):
    """A target without any figure on its own definition."""
    reason = Text("không có số liệu đúng khái niệm", "no figure on the target's own base")
    return RateAssessment(
        target=rate_target(id="certified_rate", value=25), as_of="2023-start", unit="20", horizon=0,
        points=(), status="not_assessed", reason=reason, **changes,
    )  # fmt: skip


ENGLISH = re.compile(
    r"\b(the|of|and|is|are|to|in|by|for|with|target|people|person|figure|figures|probability|projection|prior|"
    r"likely|unlikely|chance|evidence|weak|strong|moderate|data|report|plan|rate|source|year|quarter|estimate|final|"
    r"provisional|reached|administrative|labour|percentage|points?)\b",
    re.IGNORECASE,
)
CODES = re.compile(r"(mã|báo cáo) \S+")


def checked(sentence, lang):
    """The lint every sentence must pass."""
    text = sentence.text
    assert text == unicodedata.normalize("NFC", text)
    assert text[0] == text[0].upper()
    assert text.endswith(".")
    assert "  " not in text
    assert "None" not in text
    assert "nan" not in text.split()
    assert re.search(r"\d", text), "a sentence carries a number"
    assert re.search(r"20\d\d", text), "a sentence carries its date"
    if lang == "vi":
        found = ENGLISH.search(CODES.sub("", text).replace("nhận định", ""))
        assert found is None, f"English in the Vietnamese: {found.group()!r} in {text}"
        assert not re.search(r"\d %|\d\.\d%", text)
    else:
        assert not re.search(r"\d,\d%| %", text)
    return sentence


def told(said):
    """A sentence as it stands in both languages: linted, told apart, from the same figures; None where it is none."""
    if said is None:
        return None
    vi, en = (spoken(said, lang) for lang in LANGUAGES)
    assert vi.id == en.id
    assert dict(vi.facts) == dict(en.facts)
    assert vi.text != en.text
    return checked(vi, "vi"), checked(en, "en")


def text(function, one):
    return tuple(sentence(function(one), lang) for lang in LANGUAGES)
