"""What a notebook says of trust is what the report says."""

import pytest

from vetanalysis import open_study, show
from vetanalysis.narrative.record import past_statements


@pytest.mark.parametrize(("lang", "said"), [("vi", "1.209 nhận định"), ("en", "1,209 statements")])
def test_trust_tells_what_such_statements_were_worth(lang, said):
    study = open_study("lang-son-2023", "2023-start", lang=lang, returns="none")
    rate = study.assessments[0]
    assert said in past_statements(rate, "lang-son-2023").get(lang)
    assert said in show.trust(study, rate).data


def test_a_record_that_was_not_known_by_then_is_not_told():
    study = open_study("lang-son-2023", "2023-start", lang="en", returns="none", known_by="2021-12-31")
    for one in study.assessments:
        assert "statements of" not in show.trust(study, one).data
