"""What all reports of a run need is worked out once, however many units and languages there are."""

from collections import Counter

import pytest

import vetanalysis.assessment.people_projected as people_projected
import vetanalysis.loading as observations
import vetanalysis.returns.ledger as ledger
import vetanalysis.study as study
from vetanalysis.narrative.tables import answer
from vetanalysis.remember import remembering, undrawn
from vetanalysis.report import document_of, study_of

PLAN = "lang-son-2023-example"
UNITS = ("20", "178", "180", "cdn-ls")


@pytest.fixture
def asked(monkeypatch):
    """How often each of the costly steps was taken."""
    count = Counter()

    def counted(module, name):
        real = getattr(module, name)

        def step(*args, **options):
            count[name] += 1
            return real(*args, **options)

        monkeypatch.setattr(module, name, step)

    counted(people_projected, "project_year_totals")
    counted(observations, "load_observations")
    counted(ledger, "load_ledger")
    counted(study, "load_plan")
    return count


def _parameters(unit, lang):
    return {"plan": PLAN, "as_of": "2023-9M", "unit": unit, "lang": lang}


def test_all_units_are_projected_in_one_call_for_the_whole_run(asked, tmp_path):
    with remembering(tmp_path):
        for lang in ("vi", "en"):
            for unit in UNITS:
                assert study_of(_parameters(unit, lang)).assessments
    assert asked["project_year_totals"] == 1
    assert asked["load_observations"] == 1
    assert asked["load_plan"] == 1


@pytest.mark.slow
def test_reports_of_more_units_and_languages_take_no_further_pass(asked, tmp_path):
    def made(unit, lang):
        with undrawn():
            document_of(study_of(_parameters(unit, lang)))
        answer(study_of(_parameters(unit, lang)), lang)

    with remembering(tmp_path):
        made("20", "vi")
        first = Counter(asked)
        assert first["project_year_totals"] == 2, (
            "this cut-off, and the last report as it could then be written"
        )
        for lang in ("en", "vi"):
            for unit in UNITS:
                made(unit, lang)
    assert asked == first


def test_a_unit_reads_the_same_alone_and_in_a_run(tmp_path):
    alone = study_of(_parameters("180", "en")).table
    with remembering(tmp_path):
        for unit in UNITS:
            assert len(study_of(_parameters(unit, "en")).table)
        assert study_of(_parameters("180", "en")).table.equals(alone)
