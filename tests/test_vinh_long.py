"""Vĩnh Long 2022: a real year with real counts within it, each cut-off judged on what was known that day."""

import pytest
from opened import opened

import vetanalysis as va
from vetanalysis.figures.pictures import picture_of
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import shown_targets, targets

KNOWN = {
    "2022-M06": "2022-06-30",
    "2022-M08": "2022-08-23",
    "2022-M10": "2022-10-22",
    "2022-M11": "2022-11-24",
}
COUNTED = {"2022-M06": 20_000, "2022-M08": 29_802, "2022-M10": 35_842, "2022-M11": 38_500}
LAST = 38_500  # by 24 November, "over": no total of the year was found


@pytest.fixture(scope="module")
def said():
    """What is said of enrolment at each cut-off, by its name."""
    plan = va.load_plan("vinh-long-2022")
    return {
        cutoff: va.assess(plan, va.load_observations(plan, known_by=day), as_of=cutoff)
        .set_index("target")
        .loc["people_enrolled"]
        for cutoff, day in KNOWN.items()
    }


@pytest.mark.parametrize("cutoff", KNOWN)
def test_nothing_later_is_read_and_what_came_lies_within_what_was_said(said, cutoff):
    row = said[cutoff]
    assert row["lower_80"] >= COUNTED[cutoff] - 100  # what is counted stays counted
    assert row["upper_80"] > LAST
    assert row["evidence"] == "weak"  # no earlier year of its own: the course comes from elsewhere


def test_the_plan_of_the_year_was_foreseen_and_ranges_close_as_months_go_by(said):
    chances = [said[cutoff]["probability"] for cutoff in KNOWN]
    widths = [said[cutoff]["upper_80"] - said[cutoff]["lower_80"] for cutoff in KNOWN]
    assert chances[0] > 0.5
    assert min(chances[1:]) > 0.9
    assert widths == sorted(widths, reverse=True)


def test_rates_of_the_months_are_no_figures_of_the_year():
    plan = va.load_plan("vinh-long-2022")
    obs = va.load_observations(plan, known_by=KNOWN["2022-M11"])
    table = va.assess(plan, obs, as_of="2022-M11").set_index("target")
    for rate in ("trained_rate", "certified_rate"):
        assert table.loc[rate, "status"] != "reached"


def test_the_picture_names_the_newspapers_and_no_returns():
    study = opened("vinh-long-2022", "2022-M10", known_by=KNOWN["2022-M10"], lang="en")
    picture = picture_of(study.assessments[-1])
    for line in (picture.data.source, picture.caption):
        assert "Vinh Long newspaper, 22 October 2022" in line.en
        assert "returns" not in line.en


def test_a_count_keeps_the_word_its_source_puts_before_it():
    for lang, cutoff, day, told in (
        ("vi", "2022-M06", "2022-06-30", "gần 20.000 người"),
        ("en", "2022-M06", "2022-06-30", "nearly 20,000 people"),
        ("en", "2022-M08", "2022-08-23", "29,802 people"),
        ("en", "2022-M11", "2022-11-24", "over 38,500 people"),
    ):
        study = opened("vinh-long-2022", cutoff, known_by=day, lang=lang)
        one = study.assessment("people_enrolled")
        cell = worded(shown_targets.table_of([one]), lang).rows[0][2]
        assert cell.startswith(told)
        assert told.split(" ")[0] in sentence(targets.results(one), lang).lower()


def test_an_estimate_of_any_month_enters_the_projection_and_the_evidence_says_so():
    study = opened("vinh-long-2022", "2022-M10", known_by=KNOWN["2022-M10"], lang="en")
    one = study.assessment("trained_rate")
    assert [point.period for point in one.points] == ["2022-H1", "2022-M08", "2022-M10"]
    assert "59.3% of the first ten months of 2022, with 2 estimates" in one.evidence_reasons[-1].get("en")
    assert abs(one.pace_required - (59 - 59.25) / (2 / 12)) < 1e-9


def test_a_change_has_the_decimals_of_its_target():
    study = opened("vinh-long-2022", "2022-M08", known_by=KNOWN["2022-M08"], lang="vi")
    told = sentence(targets.change_since(study.assessment("certified_rate")), "vi")
    assert (
        told
        == "So với 6 tháng đầu năm 2022 (19,98%), 8 tháng đầu năm 2022 (21,55%) tăng 1,57 điểm phần trăm."
    )


def test_what_was_said_of_both_rates_on_each_day_and_what_came():
    """The answer of August follows its figure above the target, that of October the lower one two months later."""
    plan, said = va.load_plan("vinh-long-2022"), {}
    for cutoff, day in list(KNOWN.items())[:3]:
        table = va.assess(plan, va.load_observations(plan, known_by=day), as_of=cutoff)
        said[cutoff] = table.set_index("target")
    came = {"trained_rate": 59.71, "certified_rate": 20.11}  # told on 24 November
    for rate, value in came.items():
        for table in said.values():
            assert table.loc[rate, "lower_80"] < value < table.loc[rate, "upper_80"]
    chances = {rate: [table.loc[rate, "probability"] for table in said.values()] for rate in came}
    assert chances["certified_rate"] == pytest.approx([0.53, 0.72, 0.55], abs=0.005)
    assert chances["trained_rate"] == pytest.approx([0.42, 0.45, 0.54], abs=0.005)
    for rate in came:
        widths = [table.loc[rate, "upper_80"] - table.loc[rate, "lower_80"] for table in said.values()]
        assert widths == sorted(widths, reverse=True)


def test_the_day_a_count_goes_to_is_told_on_screen_in_the_report_and_in_the_list():
    """29,802 people are counted to 23 August, not to the end of the month; those of June to its end."""
    from report_text import texts_of

    from vetanalysis.blocks import Said
    from vetanalysis.pipeline.record import _answer
    from vetanalysis.report import document_of

    study = opened("vinh-long-2022", "2022-M08", known_by=KNOWN["2022-M08"])
    one = study.assessment("people_enrolled")
    for lang, day in (("vi", "đến ngày 23/8/2022"), ("en", "to 23 August 2022")):
        texts = [text for _, text in texts_of(document_of(study.at(lang=lang)))]
        told = [text for text in texts if "29.802" in text or "29,802" in text]
        assert len(told) > 4
        assert all(day in text for text in told), told
        cell = worded(shown_targets.table_of([one]), lang).rows[0][2]
        assert day in cell
        listed = _answer(study, one)["number"]
        assert day in (listed[lang] if isinstance(listed, dict) else str(listed))
        assert day in sentence(targets.results(one), lang)
    june = opened("vinh-long-2022", "2022-M06", known_by=KNOWN["2022-M06"]).assessment("people_enrolled")
    assert june.to_day == ""
    assert isinstance(one.to_day, Said)
