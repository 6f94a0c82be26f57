"""What a notebook says of trust is what the report says; how it asks for parts and shows them."""

import re
from pathlib import Path

import pytest
from opened import opened

from vetanalysis import show
from vetanalysis.blocks import Cell, Paragraph, Said
from vetanalysis.errors import WrongCall
from vetanalysis.narrative.record import past_statements
from vetanalysis.narrative.shown_targets import mark, table
from vetanalysis.show.answers import shown

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


@pytest.mark.parametrize(("lang", "said"), [("vi", "1.027 nhận định"), ("en", "1,027 statements")])
def test_trust_tells_what_such_statements_were_worth(lang, said):
    study = opened("lang-son-2023", "2023-start", lang=lang, returns="none")
    rate = study.assessments[0]
    assert said in past_statements(rate, study.plan).get(lang)
    assert said in show.trust(study, rate).data


def test_a_record_that_was_not_known_by_then_is_not_told():
    study = opened("lang-son-2023", "2023-start", lang="en", returns="none", known_by="2021-12-31")
    for one in study.assessments:
        assert "statements of" not in show.trust(study, one).data


def test_a_part_is_asked_for_by_its_name_and_every_part_a_notebook_asks_for_is_there():
    asked = {
        name
        for path in NOTEBOOKS.glob("*.ipynb")
        for name in re.findall(r'show\.block\(study, \\"([\w.]+)', path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 40
    assert asked <= set(show.parts())
    study = opened("lang-son-2023", "2023-start", returns="none")
    with pytest.raises(WrongCall, match=r'Did you mean "returns\.matrix"'):
        show.block(study, "returns.matrx")


def test_blocks_that_stand_together_are_one_output():
    study = opened("lang-son-2023", "2023-start", lang="en", returns="none")
    paragraph = Paragraph((Said("figures.missing"), Said("figures.new_definition")), "list")
    assert shown(paragraph, study).data == "- No data\n- New definition"
    assert shown((mark(), paragraph), study).data.startswith(
        "**ILLUSTRATIVE FIGURES - not real data**\n\n- No data"
    )
    made = table("x", ("unit", Said("notebooks.of_period", period="2023-9M")), [("a$", Cell(1234, "count"))])
    one = shown((mark(), made), study)
    assert one.frame.to_dict("records") == [{"Unit": "a$", "9M 2023": "1,234"}]
    assert "ILLUSTRATIVE" in repr(one)
    assert "ILLUSTRATIVE" in one._repr_html_()
    assert shown(None, study) is None
