"""Sentences about a target: every case in both languages, built from the same figures."""

import re
from dataclasses import replace

import narrative_cases as cases
import pytest
from narrative_cases import text

from vetanalysis.assessment.assessment import Beside, RateAssessment
from vetanalysis.assessment.evidence import ICD203
from vetanalysis.blocks import LANGUAGES, Text
from vetanalysis.language import chances
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import count, evidence, targets
from vetanalysis.narrative.tables import target_table

SOURCES = {"lstv2021": Text("Đài Lạng Sơn, 14/12/2021", "Lạng Sơn Radio, 14 December 2021")}

FROM_ASSESSMENT = {
    "headline": targets.headline,
    "gap": targets.gap,
    "reading": targets.reading,
    "mostly_prior": evidence.mostly_prior,
    "illustrative": evidence.illustrative,
    "unverified": evidence.unverified_target,
    "latest": lambda one: targets.latest_figure(one, SOURCES),
    "change": targets.change_since,
    "earlier": lambda one: evidence.earlier_figures(one, {}),
    "pace": count.required_against_seen,
    "pace_required": lambda one: count.required_against_seen(one, with_seen=False),
    "elsewhere": count.paces_elsewhere,
    "for_80": count.for_80,
    "evidence": evidence.grade,
    "sensitivity": evidence.prior_sensitivity,
    "true_level": evidence.true_level,
    "anchors": evidence.other_rules,
    "beside": lambda one: evidence.neighbour(one, one.beside[0]) if one.beside else None,
    "definition": lambda one: (
        evidence.definition_effect(one, one.definition_effect)
        if isinstance(one, RateAssessment) and one.definition_effect
        else None
    ),
}

SITUATIONS = {
    "rate": cases.rate(),
    "rate falling": cases.rate(points=(cases.point(2020, 57.2), cases.point(2021, 56.0)), gap=6.0),
    "rate unchanged": cases.rate(points=(cases.point(2020, 57.2), cases.point(2021, 57.2))),
    "rate with a gap": cases.rate(
        points=(cases.point(2010, 35.0, certainty="medium"), cases.point(2021, 57.2))
    ),
    "exactly on target": cases.rate(
        points=(cases.point(2020, 61.0), cases.point(2021, 62.0)), gap=0.0, pace_required=0.0
    ),
    "a hair short": cases.rate(points=(cases.point(2021, 61.98),), gap=0.02, pace_required=0.01),
    "past the target": cases.rate(
        points=(cases.point(2021, 62.5),), gap=-0.5, pace_required=-0.25, extra_for_80=0.0
    ),
    "surely": cases.rate(
        status="almost_certain", probability=0.997, sensitivity={0.5: 1.0, 1.0: 0.997, 2.0: 0.98}
    ),
    "hardly": cases.rate(
        status="almost_no_chance", probability=0.0, sensitivity={0.5: 0.0, 1.0: 0.0, 2.0: 0.02}
    ),
    "all slower": cases.rate(pace_percentile=1.0),
    "none slower": cases.rate(pace_percentile=0.0),
    "survey": cases.rate(probability_true=0.14, evidence="moderate"),
    "illustrative": cases.rate(illustrative=True),
    "national": cases.rate(target=cases.rate_target(certainty="medium")),
    "upper limit": cases.unemployment(),
    "upper limit kept": cases.unemployment(points=(cases.point(2021, 2.8),), gap=-0.2, pace_required=0.1),
    "people": cases.people(),
    "one person": cases.people(
        points=(cases.point(2022, 13498), cases.point(2023, 13499, period="2023-9M")), gap=1.0,
        pace_required=1.0, pace_seen=4500.0, extra_for_80=1.0, as_of="2023-9M",
    ),
    "people counted": cases.people(gap=4300.0, as_of="2023-9M", scope_unstated=False),
    "people exactly": cases.people(gap=0.0, pace_required=0.0, as_of="2023-9M", scope_unstated=False),
    "people past": cases.people(gap=-500.0, pace_required=0.0, as_of="2023-9M", scope_unstated=False),
    "unknown": cases.unknown(),
    "reached": cases.rate(status="reached", points=(cases.point(2023, 62.0),), projection=None, gap=0.0),
    "missed": cases.rate(
        status="almost_no_chance", probability=0.0, projection=None, gap=0.1,
        points=(cases.point(2023, 61.9, status="provisional"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FROM_ASSESSMENT)
def test_every_sentence_in_every_situation(name):
    assert any([cases.told(FROM_ASSESSMENT[name](one)) for one in SITUATIONS.values()])


@pytest.mark.parametrize("name", [*SITUATIONS])
def test_probabilities_are_never_nought_or_certainty(name):
    for function in (targets.headline, evidence.prior_sensitivity, evidence.true_level):
        for lang in LANGUAGES:
            said = function(SITUATIONS[name])
            if said:
                assert not re.search(r"(?<![\d,.])(0|100)%", sentence(said, lang))


@pytest.mark.parametrize("band", ICD203)
def test_likelihood_words_have_their_range_in_brackets(band):
    p = min(band.lower + 0.02, 0.96)
    one = cases.rate(status=band.status, probability=p)
    vi, en = text(targets.headline, one)
    assert chances.closed_up(chances.status_words(band.status).vi) in vi
    assert chances.closed_up(chances.status_words(band.status).en) in en


@pytest.mark.parametrize("one", SITUATIONS.values(), ids=SITUATIONS)
def test_likelihood_and_evidence_never_share_a_sentence(one):
    for lang in LANGUAGES:
        graded = sentence(evidence.grade(one), lang)
        assert not any(chances.status_name(band.status).get(lang) in graded for band in ICD203)
        assert "xác suất" not in graded
        assert "probability" not in graded
        likely = sentence(targets.headline(one), lang)
        assert "bằng chứng" not in likely
        assert "evidence" not in likely


def test_headline_of_the_model_case():
    vi, en = text(targets.headline, cases.rate())
    assert vi == (
        "Tính đến đầu năm 2023, chỉ tiêu tỷ lệ lao động qua đào tạo đạt 62% đến hết năm 2023 được đánh giá "
        "là rất ít "
        "khả năng đạt (5-20%), với xác suất khoảng 15%; mức dự báo là 59,6%, với xác suất 80% "
        "nằm trong "
        "khoảng từ 56,9% đến 62,2%."
    )
    assert en == (
        "As of the start of 2023, the target of at least 62% for the trained-labour rate by the end of "
        "2023 is judged "
        "very unlikely (5-20%) to be reached, with a probability of about 15%; the projection is "
        "59.6%, with an "
        "80% chance of lying between 56.9% and 62.2%."
    )


def test_headline_of_people():
    vi, en = text(targets.headline, cases.people())
    assert "chỉ tiêu số người được đào tạo đạt 13.500 người trong năm 2023" in vi
    assert "mức dự báo là 12.800 người" in vi
    assert "the target of at least 13,500 people trained in 2023" in en
    assert en.endswith(
        "lying between 9,900 and 16,500 people; the source does not state the scope of its figures."
    )
    stated = sentence(targets.headline(cases.people(scope_unstated=False)), "en")
    assert stated.endswith("lying between 9,900 and 16,500 people.")


def test_headline_of_an_upper_limit():
    vi, en = text(targets.headline, cases.unemployment())
    assert "tỷ lệ thất nghiệp không quá 3% đến hết năm 2023" in vi
    assert "at most 3% for the unemployment rate" in en


def test_not_assessed_says_why():
    vi, en = text(targets.headline, cases.unknown())
    assert "chưa đủ dữ liệu để đánh giá" in vi
    assert vi.endswith(": không có số liệu đúng khái niệm.")
    assert en.endswith("is not assessed: no figure on the target's own base.")


def test_reached_and_missed():
    vi, en = text(targets.headline, SITUATIONS["reached"])
    assert vi.startswith("Chỉ tiêu tỷ lệ lao động qua đào tạo 62% đến hết năm 2023 đã đạt (số chính thức): ")
    assert vi.endswith(": năm 2023 là 62,0%.")
    assert "has been reached (final figure): 62.0% for 2023." in en
    vi, en = text(targets.headline, SITUATIONS["missed"])
    assert "không đạt (số sơ bộ): năm 2023 là 61,9%." in vi
    assert "has not been reached (provisional figure)" in en
    assert targets.verdict(SITUATIONS["missed"]).vi == "không đạt (số sơ bộ)"


@pytest.mark.parametrize(
    ("situation", "vi", "en"),
    [
        (
            "rate",
            "còn thiếu 4,8 điểm phần trăm để đạt 62% đến hết năm 2023",
            "4.8 percentage points are still needed",
        ),
        (
            "exactly on target",
            "mức 62,0% của năm 2021 vừa đúng bằng chỉ tiêu 62%",
            "is exactly the target of 62%",
        ),
        (
            "a hair short",
            "còn thiếu chưa đến 0,1 điểm phần trăm",
            "less than 0.1 percentage points are still needed",
        ),
        (
            "past the target",
            "đã cao hơn chỉ tiêu 62% đến hết năm 2023 là 0,5 điểm",
            "already 0.5 percentage points above",
        ),
        (
            "upper limit",
            "còn phải giảm 0,4 điểm phần trăm để không quá 3%",
            "a fall of 0.4 percentage points",
        ),
        (
            "upper limit kept",
            "đã thấp hơn chỉ tiêu 3% đến hết năm 2023 là 0,2",
            "already 0.2 percentage points below",
        ),
        (
            "one person",
            "còn thiếu 1 người để đạt 13.500 người",
            "1 person is still needed to reach 13,500 people",
        ),
        ("unknown", "chưa có số liệu để tính khoảng cách", "there is no figure"),
    ],
)
def test_gap(situation, vi, en):
    told_vi, told_en = text(targets.gap, SITUATIONS[situation])
    assert vi in told_vi[0].lower() + told_vi[1:]
    assert en in told_en[0].lower() + told_en[1:]


@pytest.mark.parametrize(
    ("situation", "vi", "en"),
    [
        (
            "rate",
            "so với năm 2020 (56,0%), năm 2021 (57,2%) tăng 1,2 điểm phần trăm.",
            "it rose by 1.2 percentage points.",
        ),
        ("rate falling", "giảm 1,2 điểm phần trăm.", "it fell by 1.2 percentage points."),
        ("rate unchanged", "không thay đổi.", "it did not change."),
        (
            "rate with a gap",
            "chưa có số liệu năm 2020; so với năm 2010 (35,0%)",
            "there is no figure for 2020; from 2010",
        ),
        ("people", "chưa có số liệu kỳ trước để so sánh với năm 2021.", "there is no earlier figure"),
        ("unknown", "chưa có số liệu kỳ trước", "there is no earlier figure"),
    ],
)
def test_change(situation, vi, en):
    told_vi, told_en = text(targets.change_since, SITUATIONS[situation])
    assert vi in told_vi[0].lower() + told_vi[1:]
    assert en in told_en[0].lower() + told_en[1:]


def test_no_comparison_across_a_break():
    one = cases.rate(
        points=(cases.point(2020, 26.0, concept="ICLS-13"), cases.point(2021, 30.0, concept="ICLS-19"))
    )
    vi, en = text(targets.change_since, one)
    assert vi.startswith("Không so sánh")
    assert "tăng" not in vi
    assert "not compared" in en


def test_people_are_counted_from_the_start_of_the_year():
    vi, en = text(targets.gap, cases.people())
    assert vi.startswith(
        "Tính đến đầu năm 2023, chưa có số thực hiện của năm để so với chỉ tiêu 13.500 người"
    )
    assert vi.endswith("; mức của năm 2021 là 12.000 người.")
    assert en.endswith("; 2021 had 12,000 people.")
    vi, en = text(targets.gap, SITUATIONS["people counted"])
    assert "đã thực hiện 9.200 người, còn thiếu 4.300 người để đạt 13.500 người" in vi
    assert "vừa đúng bằng" in sentence(targets.gap(SITUATIONS["people exactly"]), "vi")
    assert "vượt 500 người" in sentence(targets.gap(SITUATIONS["people past"]), "vi")


def test_a_figure_of_unstated_scope_is_never_the_targets_own():
    vi, en = text(targets.latest_figure, cases.people())
    assert vi.startswith("Chưa có số liệu đúng phạm vi của chỉ tiêu")
    assert "nguồn không nêu rõ phạm vi, là 12.000 người năm 2021" in vi
    assert "of unstated scope" in en
    assert "chưa có số liệu đúng phạm vi" in sentence(evidence.mostly_prior(cases.people()), "vi")


def test_latest_figure_names_base_concept_source_and_day():
    vi = sentence(targets.latest_figure(cases.rate(), SOURCES), "vi")
    assert "57,2% năm 2021" in vi
    assert "lực lượng lao động từ 15 tuổi trở lên" in vi
    assert "số liệu hành chính" in vi
    assert "nguồn: Đài Lạng Sơn, 14/12/2021)" in vi
    uncited = sentence(targets.latest_figure(cases.rate(), {}), "vi")
    assert "nguồn: mã lstv2021, 14/12/2021)" in uncited


def test_pace_against_pace_seen():
    vi, en = text(count.required_against_seen, cases.rate())
    assert (
        "cần tăng 4,8 điểm phần trăm (bình quân 2,4 điểm phần trăm mỗi năm, từ năm 2022 đến năm 2023); "
        "từ năm 2020 đến năm 2021, bình quân tăng 1,2" in vi
    )
    assert (
        "reaching 62% by the end of 2023 needs a rise of 4.8 percentage points (2.4 percentage points a year"
        in en
    )
    vi, en = text(count.required_against_seen, cases.people(as_of="2023-H1"))
    assert "2 quý còn lại cần 6.750 người." in vi  # no equal share of each quarter
    assert "needs 6,750 people in the 2 remaining quarters." in en
    past = {2021: {1: 10.0, 2: 20.0, 3: 50.0, 4: 100.0}, 2022: {1: 10.0, 2: 40.0, 3: 70.0, 4: 100.0}}
    seasonal = cases.people(as_of="2023-H1", cumulative=past)  # of what was left 30 + 30 of 80 + 60 came next
    assert "trong đó quý tới 2.893 người" in text(count.required_against_seen, seasonal)[0]
    vi = sentence(
        count.required_against_seen(SITUATIONS["one person"]), "vi"
    )  # at nine months: one quarter is left
    assert "trong năm 2023, quý còn lại cần 1 người." in vi
    assert "giữ vững" in sentence(count.required_against_seen(SITUATIONS["exactly on target"]), "vi")


@pytest.mark.parametrize(
    ("one", "newest", "says"),
    [
        (cases.rate, 61.6, "needs a rise of 0.4 percentage points (0.2 percentage points a year"),
        (cases.rate, 61.98, "needs a rise of less than 0.1 percentage points;"),
        (cases.rate, 62.0, "holding the level is enough"),
        (cases.rate, 62.4, "holding the level is enough"),
        (cases.unemployment, 3.4, "needs a fall of 0.4 percentage points (0.2 percentage points a year"),
        (cases.unemployment, 3.0, "holding the level is enough"),
        (cases.unemployment, 2.6, "holding the level is enough"),
    ],
)
def test_any_change_towards_the_target_is_told_and_none_other(one, newest, says):
    points = (cases.point(2020, newest), cases.point(2021, newest))
    assert says in sentence(count.required_against_seen(one(points=points)), "en")


@pytest.mark.parametrize(
    ("as_of", "newest", "yearly"),
    [
        ("2022-FY", 2021, " (2.4 percentage points a year on average, 2022 to 2023)"),
        ("2023-start", 2021, " (2.4 percentage points a year on average, 2022 to 2023)"),
        ("2023-start", 2022, ""),  # one year: its pace is what it needs
        ("2023-Q1", 2021, ""),
        ("2023-9M", 2021, ""),
    ],
)
def test_a_pace_by_the_year_is_told_of_whole_years_and_within_one_what_is_still_needed(as_of, newest, yearly):
    one = cases.rate(points=(cases.point(newest - 1, 56.0), cases.point(newest, 57.2)), as_of=as_of)
    told = sentence(count.required_against_seen(one), "en")
    assert f"reaching 62% by the end of 2023 needs a rise of 4.8 percentage points{yearly};" in told
    alone = count.required_against_seen(one, with_seen=False)
    assert alone.key == f"count.required.{'alone' if yearly else 'within'}"


def test_of_a_part_of_a_year_what_is_missing_is_told_and_no_pace_by_the_year():
    """58.6 % after six months against 62 %: 3.4 points are missing; 62.1 % by then reaches it."""
    half = cases.point(2023, 58.6, period="2023-H1", status="provisional")
    one = cases.rate(points=(half,), pace_required=6.8, horizon=0)
    told = text(count.required_against_seen, one)
    assert told == text(FROM_ASSESSMENT["pace_required"], one)
    assert told[0].endswith("còn phải tăng 3,4 điểm phần trăm.")
    assert told[1].endswith("still needs a rise of 3.4 percentage points.")
    assert count.paces_elsewhere(one) is None
    over = cases.rate(points=(replace(half, value=62.1),), pace_required=6.8, horizon=0)
    assert "giữ vững" in text(count.required_against_seen, over)[0]


def test_people_still_needed_are_told_from_the_end_of_what_is_counted_where_that_is_older():
    one = cases.people(as_of="2023-9M", reported_to="2023-H1")
    assert "tính từ hết 6 tháng đầu năm 2023, 2 quý còn lại cần" in text(count.required_against_seen, one)[0]


def test_paces_elsewhere_at_the_ends():
    assert "tất cả các lần đều chậm hơn" in sentence(count.paces_elsewhere(SITUATIONS["all slower"]), "vi")
    assert "none was slower" in sentence(count.paces_elsewhere(SITUATIONS["none slower"]), "en")
    assert (
        "92% were slower than is needed for 62% by the end of 2023 (a rise of 4.8 percentage points in that"
        in (sentence(count.paces_elsewhere(cases.rate()), "en"))
    )
    part = cases.rate(target=cases.rate_target(period="2023-9M"))
    assert count.paces_elsewhere(part) is None, "others' changes are of whole years"
    assert count.paces_elsewhere(cases.people()) is None
    falling = cases.rate(pace_required=-0.3)  # reached already: it may fall by so much and still be reached
    assert "92% fell by more than 0.6 percentage points, the most" in sentence(
        count.paces_elsewhere(falling), "en"
    )


def test_a_need_that_is_the_target_itself_is_not_told():
    before = {"as_of": "2022-9M", "cumulative": {}}
    assert count.required_against_seen(cases.people(**before, pace_required=13500 / 4)) is None
    assert "needs 10,000 people" in sentence(
        count.required_against_seen(cases.people(**before, pace_required=2500.0)), "en"
    )


def test_what_80_per_cent_would_take():
    vi, en = text(count.for_80, cases.rate())
    assert vi == "Có 80% khả năng đến hết năm 2023 đạt ít nhất 57,9%, thiếu 4,1 điểm phần trăm so với 62%."
    assert en == (
        "With a chance of 80%, at least 57.9% by the end of 2023: 4.1 percentage points short of 62%."
    )
    assert sentence(count.for_80(cases.people()), "en") == (
        "With a chance of 80%, at least 10,700 people in 2023: 2,800 people short of 13,500 people."
    )
    assert "không quá 3,6%" in sentence(count.for_80(cases.unemployment()), "vi")
    assert "vượt 0,6 điểm phần trăm so với mức 3%" in sentence(count.for_80(cases.unemployment()), "vi")
    assert "more than the target" in sentence(count.for_80(SITUATIONS["past the target"]), "en")


def test_a_base_that_the_source_does_not_print_is_told():
    read_into = cases.point(2021, 57.2, note="counted in December; base not printed in the source")
    one = cases.rate(points=(cases.point(2020, 56.0), read_into))
    vi, en = text(lambda case: targets.latest_figure(case, SOURCES), one)
    assert "nguồn không nêu mẫu số, hiểu là lực lượng lao động từ 15 tuổi trở lên" in vi
    assert "base not printed in the source, taken as the labour force aged 15 and over" in en


def test_a_target_that_is_decided_has_no_projection_in_its_row():
    sure = {"projection": None, "median": 62.4, "lower_80": 62.4, "upper_80": 62.4, "probability": 1.0}
    decided, open_still, without = (
        target_table([one], "2023-9M").rows[0]
        for one in (cases.rate(status="reached", **sure), cases.rate(), cases.rate(median=None))
    )
    assert decided[3].value is None
    assert [cell.value for cell in open_still[3:5]] == [59.61, 0.163]
    assert without[3].value is None


@pytest.mark.parametrize(
    ("value", "vi_says", "en_says"),
    [
        (60.8, "còn thiếu 1,2 điểm phần trăm", "1.2 percentage points are lacking"),
        (62.0, "chỉ tiêu đã đạt", "the target is reached"),
        (63.1, "chỉ tiêu đã đạt", "the target is reached"),
    ],
)
def test_an_estimate_within_the_year_is_set_against_the_target(value, vi_says, en_says):
    seen = cases.point(2023, value, period="2023-H1", status="provisional")
    estimate = Beside(
        "trained_rate", "labour_force", "administrative", (seen,),
        None, None, None, None, Text("số ước trong năm", "an estimate"),
    )  # fmt: skip
    one = cases.rate(beside=(estimate,))
    vi, en = text(lambda case: evidence.neighbour(case, estimate), one)
    assert vi_says in vi
    assert en_says in en
    shown = worded(target_table([one], "2023-9M"), "vi").rows[0][2]
    assert shown.startswith("ước ")
    assert shown.endswith("% (6 tháng 2023)")
