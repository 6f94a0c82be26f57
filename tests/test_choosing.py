"""Exploring: what can be chosen, with the mouse or without, and objects that show themselves in a notebook."""

import sys
import types

import pandas as pd
import pytest
from opened import opened

import vetanalysis as va
from vetanalysis import show
from vetanalysis.errors import WrongCall
from vetanalysis.figures.style import glance, new_figure
from vetanalysis.show.answers import html_table
from vetanalysis.show.choosing import WIDGETS_INSTALL


@pytest.fixture(scope="module")
def study():
    return opened("lang-son-2023", "2023-start", lang="en", returns="none")


@pytest.fixture
def boxes(monkeypatch):
    """A stand-in for the widgets: boxes that tell who watches them when their value is set."""

    class Box:
        def __init__(self, children=(), options=(), value="", description=""):
            self.children, self.options, self.value, self.description = children, options, value, description

        def observe(self, call, names):
            self.call = call

        def set(self, value):
            self.value = value
            self.call({"new": value})

        def _repr_mimebundle_(self, **_):
            return {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "VBox()"}

    made = []

    def whole(children):
        made.append(Box(children))
        return made[-1]

    module = types.SimpleNamespace(Dropdown=Box, HTML=Box, HBox=Box, VBox=whole)
    monkeypatch.setitem(sys.modules, "ipywidgets", module)
    return made


def test_without_widgets_it_is_the_table_and_how_to_choose(study, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    bundle = show.choose(study)._repr_mimebundle_()
    assert sorted(bundle) == ["text/html", "text/plain"]
    assert "Trained-labour rate" in bundle["text/plain"]
    assert WIDGETS_INSTALL in bundle["text/plain"]
    assert 'study.at("2023-FY", unit="20")' in bundle["text/plain"]
    assert "<table" in bundle["text/html"]


def test_with_widgets_the_page_gets_both(study, boxes):
    bundle = show.choose(study)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert WIDGETS_INSTALL in bundle["text/plain"]  # for a page that cannot run them


def test_a_choice_changes_figure_and_sentence(study, boxes):
    show.choose(study)._repr_mimebundle_()
    head, shown = boxes[0].children
    unit, target, period = head.children
    assert (unit.value, period.value, target.value) == ("20", "2023-start", "trained_rate")
    assert "62%" in shown.value
    assert shown.value.count("data:image/png;base64,") == 1
    target.set("people_enrolled")
    assert "13,500 people" in shown.value
    period.set("2023-FY")
    assert "end of 2023" in shown.value


def test_a_unit_offers_the_targets_it_has_and_a_target_the_cut_offs_of_its_years(boxes):
    own = opened("lang-son-2023-example", "2023-H1", lang="en")  # its districts report a rate of their own
    show.choose(own)._repr_mimebundle_()
    unit, target, period = boxes[0].children[0].children
    target.set("trained_rate")
    unit.set("186")
    assert [code for _, code in target.options] == ["people_enrolled"]
    assert (target.value, period.value) == ("people_enrolled", "2023-H1")
    assert [code for _, code in period.options] == ["2023-start", "2023-Q1", "2023-H1", "2023-9M", "2023-FY"]
    unit.set("20")
    assert target.value == "people_enrolled"  # what was chosen stays
    assert len(target.options) == 3


def test_a_study_before_a_targets_year_stays_to_be_chosen():
    early = show.choose(va.open_study("viet-nam-2025", "2023-start", lang="en", known_by="2023-02-01"))
    offered = [code for _, code in early.periods("trained_rate")]
    assert offered[0] == "2023-start"
    assert {code[:4] for code in offered[1:]} == {"2025"}


def test_units_to_choose_have_a_figure_or_a_quota():
    own = opened("lang-son-2023-example", "2023-9M", lang="vi", returns="none")
    codes = [code for _, code in show.choose(own).units]
    assert codes[0] == "20"
    assert set(codes[1:]) == set(own.plan.quotas["unit"]) - {"20"}


def test_what_cannot_be_asked_is_told_in_its_place(study):
    said = show.choose(study).shown("no-such", "2023-FY", "trained_rate")
    assert "no-such" in said
    assert "<img" not in said


def test_the_same_figures_at_another_cut_off(study):
    later = study.at("2023-9M")
    assert (str(later.as_of), later.unit.code, later.observations is study.observations) == (
        "2023-9M",
        "20",
        True,
    )
    assert str(study.as_of) == "2023-start"
    with pytest.raises(WrongCall):
        study.at("2031-9M")


def test_objects_tell_themselves_in_a_line(study):
    assert repr(study).startswith("Study('lang-son-2023', '2023-start', unit 20, en, ")
    assert "\n" not in repr(study)
    first = study.assessments[0]
    assert repr(first).startswith("Assessment(trained_rate >= 62 by 2023-FY, unit 20 as of 2023-start: ")
    assert len(repr(first)) < 200
    assert study._repr_markdown_().count("\n- ") == len(study.plan.targets)


def test_tab_completion_offers_public_names_only():
    assert set(dir(va)) == {*va.__all__, "show"}


def test_a_projection_draws_itself():
    rates = pd.Series({2018: 0.41, 2020: 0.45, 2021: 0.47})
    several = va.project_rate(rates, [2022, 2023])
    _, ax = new_figure()
    glance(several, ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2022", "2023"]
    drawn = [bar for bar in ax.patches if bar.get_gid() == "range-0.8"]
    for bar, low, high in zip(drawn, *several.interval(0.8), strict=True):
        assert bar.get_x() == pytest.approx(100 * low)
        assert bar.get_x() + bar.get_width() == pytest.approx(100 * high)
    assert several._repr_png_()[:4] == b"\x89PNG"
    assert va.project_rate(rates, 2023)._repr_png_() == va.project_rate(rates, 2023)._repr_png_()


def test_figures_of_a_frame_say_that_they_state_no_source():
    table = pd.DataFrame(
        [("20", f"{year}-FY", "trained_rate", value) for year, value in ((2019, 50), (2020, 52), (2021, 55))],
        columns=["unit", "period", "indicator", "value"],
    ).assign(base="labour_force", concept="administrative")
    own = va.open_study("lang-son-2023", "2023-start", lang="vi", returns=table, published=None)
    sources = show.figures(own, own.assessment("trained_rate")).frame["Nguồn"]
    assert set(sources) == {"số liệu đưa vào không ghi nguồn"}


def test_a_table_sets_numbers_right_and_words_left():
    frame = pd.DataFrame(
        {
            "Kỳ": ["2021-FY", "2022-FY"],
            "Giá trị": ["57,2%", "-"],
            "Người": [12585.0, None],
            "<b>": ["a$b", "c" * 60],
            "Nhiệm vụ": ["1. Tuyên truyền", "2. Khai thác"],
        }
    )
    text = html_table(frame)
    assert '<th style="text-align: left">Kỳ</th><th style="text-align: right">Giá trị</th>' in text
    assert '<td style="text-align: right; white-space: nowrap">12585</td>' in text
    assert '<th style="text-align: left">Nhiệm vụ</th>' in text
    assert "nan" not in text.lower()
    assert "&lt;b&gt;" in text
    assert "c" * 60 in text  # nothing is cut off
    assert "mathjax_ignore" in text


def test_a_wrong_call_shows_what_to_do_and_no_traceback(study):
    with pytest.raises(WrongCall) as refused:
        va.units(study, "people_enroled")
    vietnamese, english = refused.value._render_traceback_()
    assert english.startswith("WrongCall: ")
    for line in (vietnamese, english):
        assert "people_enrolled" in line
