"""A target is judged on its own period, and a unit on a goal of its own: an invented plan of four schools."""

import numpy as np
import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.cli.main import main
from vetanalysis.figures.pictures import drawn, picture_of
from vetanalysis.narrative.report import sentences
from vetanalysis.narrative.tables import answer
from vetanalysis.report import document_of
from vetanalysis.track.statements import in_year

# By cut-off, the people of one school in each of the years 2020 to 2023 and, up to where it is known, in 2024.
CODES = ("Q1", "H1", "9M", "FY")
PAST = {
    2020: (200, 450, 700, 1000), 2021: (210, 460, 705, 1000), 2022: (190, 445, 695, 1000), 2023: (205, 440, 700, 1000),
}  # fmt: skip
NOW = (200, 430, 720, 1010)
SCHOOLS = ("s1", "s2", "s3", "s4")
GOALS = {"2024-H1": 1760, "2024-9M": 2700, "2024-FY": 4020}


def figures(until="FY", now=NOW, schools=SCHOOLS):
    """What every school counted, the last year up to `until`; the same for each of them."""
    rows = []
    for year, counts in {**PAST, 2024: now}.items():
        known = CODES if year < 2024 else CODES[: CODES.index(until) + 1]
        for code, count in zip(known, counts, strict=False):
            rows += [(school, f"{year}-{code}", "people_enrolled", "elementary", count) for school in schools]
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value"])


def made(root, *, quotas):
    """The plan in a folder; `quotas`: lines of quotas.csv below its head."""
    rows = [("code", "name", "name_en", "kind", "parent")]
    rows += [(code, f"Trường {code}", f"School {code}", "institution", "") for code in SCHOOLS]
    pd.DataFrame(rows[1:], columns=rows[0]).to_csv(root / "units.csv", index=False)
    targets = [f"people_enrolled>={value}@{period}" for period, value in GOALS.items()]
    call = ["new-plan", str(root / "plan"), "--place", "NET", "--place-name", "Mạng lưới", "--place-name-en",
            "Network", "--years", "2020-2024", "--units", str(root / "units.csv")]  # fmt: skip
    assert (
        main(
            call
            + [part for target in [*targets, "trained_rate>=60%@2024-9M"] for part in ("--target", target)]
        )
        == 0
    )
    (root / "plan" / "quotas.csv").write_text(
        "\n".join(["unit,level,period,value,source", *quotas, ""]), encoding="utf-8"
    )
    return va.load_plan(root / "plan")


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Every school with a quota of each year but the last one; s1 also with one for six months."""
    quotas = [
        f"{school},elementary,{year}-FY,{1005 if year == 2024 else 1000},invented"
        for year in (*PAST, 2024)
        for school in SCHOOLS[:3]
    ]
    return made(tmp_path_factory.mktemp("given"), quotas=[*quotas, "s1,elementary,2024-H1,425,invented"])


@pytest.fixture(scope="module")
def free(tmp_path_factory):
    """The same plan without any quota."""
    return made(tmp_path_factory.mktemp("free"), quotas=[])


def judged(plan, table, as_of, unit=None):
    obs = va.load_observations(plan, returns=table, published=None)
    return {one.target.period: one for one in va.assess_targets(plan, obs, as_of, unit=unit)
            if one.target.measure == "persons"}  # fmt: skip


def expected(at, code, schools):
    """The count at `code` by the plain rule: today's count times what past years had by then for each counted now."""
    now, then = CODES.index(at), CODES.index(code)
    return schools * NOW[now] * np.mean([path[then] / path[now] for path in PAST.values()])


@pytest.mark.parametrize(("kind", "schools"), [("given", 4), ("free", 4)])
@pytest.mark.parametrize(("at", "code"), [("Q1", "H1"), ("Q1", "9M"), ("H1", "9M")])
def test_before_its_cut_off_a_count_is_judged_on_the_projection_to_it(kind, schools, at, code, request):
    plan = request.getfixturevalue(kind)
    one = judged(plan, figures(at), f"2024-{at}")[f"2024-{code}"]
    middle = expected(at, code, schools)
    assert one.median == pytest.approx(middle, rel=0.05)
    assert one.lower_80 < middle < one.upper_80
    assert one.upper_80 < 1.5 * middle  # far below the year's total
    for factor, low, high in ((0.75, 0.9, 1.0), (1.4, 0.0, 0.1)):
        assert low <= one.projection.probability(factor * middle, ">=") <= high
    assert one.probability == one.projection.probability(GOALS[f"2024-{code}"], ">=")
    steps = CODES.index(code) - CODES.index(at)
    assert one.pace_required == pytest.approx(
        (GOALS[f"2024-{code}"] - schools * NOW[CODES.index(at)]) / steps
    )


@pytest.mark.parametrize("as_of", ["H1", "9M", "FY"])
def test_from_its_cut_off_on_the_count_at_it_decides_whatever_came_later(free, as_of):
    found = judged(free, figures(as_of), f"2024-{as_of}")
    half = found["2024-H1"]  # 4 x 430 = 1,720 of 1,760
    assert (half.probability, half.median, half.latest.period) == (0.0, 1720, "2024-H1")
    assert half.status == "almost_no_chance"
    if as_of != "H1":  # 4 x 720 = 2,880 of 2,700
        assert found["2024-9M"].status == "reached_provisional"
        assert found["2024-9M"].median == 2880
    if as_of == "FY":
        assert (found["2024-FY"].median, found["2024-FY"].status) == (4040, "reached_provisional")


def test_a_later_correction_of_the_total_does_not_move_what_was_counted_by_then(free):
    fell = judged(free, figures("9M", now=(200, 445, 440)), "2024-9M")["2024-H1"]
    assert (fell.median, fell.status) == (1780, "reached_provisional")


def test_a_running_total_that_falls_is_drawn_as_published_and_told(free, tmp_path, capsys):
    """4 x 430 by mid-year and 4 x 425 after nine months."""
    table = figures("9M", now=(200, 430, 425))
    one = judged(free, table, "2024-9M")["2024-FY"]
    assert one.so_far == 1700
    drawn_path = {step: value for step, value in picture_of(one).data.current.items() if value == value}
    assert drawn_path == {1: 800, 2: 1720, 3: 1700}
    assert {name.en for name in one.fallen} == {f"School {code}" for code in SCHOOLS}
    whole = judged(free, figures("FY", now=(200, 430, 720, 715)), "2024-FY")["2024-FY"]
    assert (whole.median, len(whole.fallen)) == (2860, 4)  # also of a year that is over
    said_of = {name.id: name.text for name in sentences(document_of(va.open_study(
        free, "2024-9M", lang="vi", returns=table, published="none")))}  # fmt: skip
    assert (
        sum("thấp hơn kỳ trước" in text for text in said_of.values()) == 1
    )  # of both targets in one sentence
    table.to_csv(tmp_path / "f.csv", index=False)
    main(["check", str(free.folder), "--as-of", "2024-9M", "--returns", str(tmp_path / "f.csv")])
    printed = capsys.readouterr().out
    assert "4 cảnh báo" in printed
    assert "số lũy kế 425 thấp hơn 430 của 6 tháng đầu năm 2024" in printed


def test_a_school_that_is_late_leaves_the_answer_open(given):
    table = figures("H1")
    late = table[~((table["unit"] == "s2") & (table["period"] == "2024-H1"))]
    one = judged(given, late, "2024-H1")["2024-H1"]
    assert one.projection is not None
    assert one.projection.lower_bound == 3 * 430 + 200
    assert one.median == pytest.approx(3 * 430 + expected("Q1", "H1", 1), rel=0.04)


def test_a_school_is_judged_on_the_quota_of_that_period_alone(given):
    found = judged(given, figures("9M"), "2024-9M", unit="s1")
    assert (found["2024-H1"].target.value, found["2024-H1"].status) == (425, "reached_provisional")  # 430
    assert found["2024-9M"].status == "not_assessed"  # its quotas are of six months and of the year
    assert found["2024-FY"].target.value == 1005
    early = judged(given, figures("Q1"), "2024-Q1", unit="s1")["2024-H1"]
    assert early.median == pytest.approx(expected("Q1", "H1", 1), rel=0.05)


def test_a_school_without_a_quota_has_no_goal_and_its_own_count_of_the_year(given):
    obs = va.load_observations(given, returns=figures("9M"), published=None)
    table = va.assess(given, obs, as_of="2024-9M", unit="s4").set_index("period")
    assert list(table.loc["2024-FY", ["status", "latest_value", "latest_period"]]) == [
        "not_assessed",
        720,
        "2024-9M",
    ]
    assert list(table.loc["2024-H1", ["latest_value", "latest_period"]]) == [430, "2024-H1"]
    assert table.loc[["2024-H1", "2024-FY"], "target_value"].isna().all()
    assert "quota" in table.loc["2024-FY", "reason"]


def test_a_rate_due_after_nine_months_is_judged_on_the_figure_of_nine_months(free):
    target = next(one for one in free.targets if one.measure == "percent")
    rows = [
        ("NET", f"{year}-FY", value)
        for year, value in ((2020, 50), (2021, 52), (2022, 54), (2023, 56), (2024, 62))
    ]
    table = pd.DataFrame([*rows, ("NET", "2024-9M", 59.5)], columns=["unit", "period", "value"])
    table = table.assign(indicator=target.indicator, base=target.base, concept=target.concept)
    for as_of in ("2024-9M", "2024-FY"):
        obs = va.load_observations(free, returns=table, published=None)
        one = va.assess(free, obs, as_of=as_of).set_index("target").loc[target.id]
        assert list(one[["median", "probability", "latest_period"]]) == [59.5, 0.0, "2024-9M"]


@pytest.mark.parametrize(
    ("period", "made", "outcome"), [("2024-H1", ["Q1"], 1720), ("2024-9M", ["Q1", "H1"], 2880)]
)
def test_statements_on_a_cut_off_are_scored_on_the_count_at_it(free, period, made, outcome):
    obs = va.load_observations(free, returns=figures("FY"), published=None)
    target = next(one for one in free.targets if one.period == period and one.measure == "persons")
    found = in_year(free, obs, target)
    assert list(found["cutoff"]) == made
    assert set(found["outcome"]) == {outcome}
    assert set(found["came"]) == {outcome >= target.value}
    assert set(found["median"]) == {
        judged(free, figures(code), f"2024-{code}")[period].median for code in made
    }


def test_before_that_figure_a_rate_is_projected_to_nine_months_and_not_to_the_end_of_the_year(free):
    """Two points a year, 56 at the end of 2023: three quarters of the way to 58."""
    target = next(one for one in free.targets if one.measure == "percent")
    yearly = target.model_copy(update={"period": "2024-FY", "id": "whole"})
    both = free.model_copy(update={"targets": (target, yearly)})
    rows = [("NET", f"{year}-FY", 56 + 2 * (year - 2023)) for year in range(2016, 2024)]
    table = pd.DataFrame(rows, columns=["unit", "period", "value"])
    table = table.assign(indicator=target.indicator, base=target.base, concept=target.concept)
    obs = va.load_observations(both, returns=table, published=None)
    part, whole = va.assess_targets(both, obs, "2024-H1")
    assert part.median == pytest.approx(56 + 0.75 * (whole.median - 56), abs=0.1)
    width, year = (np.ptp((one.lower_80, one.upper_80)) for one in (part, whole))
    assert width == pytest.approx(np.sqrt(0.75) * year, rel=0.1)
    assert part.pace_required == pytest.approx((60 - 56) / 0.75)
    assert part.probability < whole.probability
    assert "2024-9M" in part.projection.periods
    far, end = va.assess_targets(
        both, va.load_observations(both, returns=table[:-1], published=None), "2024-H1"
    )
    assert far.lower_80 < end.median
    assert np.ptp((far.lower_80, far.upper_80)) < np.ptp((end.lower_80, end.upper_80))


STUDIES = {}


def study_of(plan, as_of, unit="", lang="en"):
    """Views of one study of a plan's cut-off."""
    key = plan.folder, as_of
    if key not in STUDIES:
        STUDIES[key] = va.open_study(plan, as_of, returns=figures(as_of[5:]), published="none")
    return STUDIES[key].at(unit=unit, lang=lang)


def said(*asked, **more):
    """The sentences of a report by their id."""
    return {one.id: one.text for one in sentences(document_of(study_of(*asked, **more)))}


def test_sentences_name_the_period_of_the_target(free):
    before, after = said(free, "2024-Q1"), said(free, "2024-9M")
    half = {part: before[f"people_enrolled_2024_h1.{part}"] for part in ("headline", "total")}
    assert "projected in the first six months of 2024 at " in half["headline"]
    assert "of the target in the first six months of 2024, 960 still to do" in half["total"]
    assert "people_enrolled_2024_h1.pace" not in before, "what is still to do stands in the total"
    ends = "not been reached (provisional figure): 1,720 people for the first six months of 2024."
    assert after["people_enrolled_2024_h1.headline"].endswith(ends)
    assert "people_enrolled_2024_h1.gap" not in after
    assert "đã đạt" in said(free, "2024-9M", lang="vi")["people_enrolled_2024_9m.headline"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_sheet_of_a_school_without_a_quota_names_no_goal_but_its_count(given, lang):
    told = said(given, "2024-9M", "s4", lang)
    assert not any(("chưa đủ dữ liệu" if lang == "vi" else "not assessed") in text for text in told.values())
    assert [told[f"key.{part}"] for part in ("reached", "plan", "before")] == {
        "vi": ["Kết quả 9 tháng đầu năm 2024: đã tuyển 720 người.",
               "So với chỉ tiêu: chưa được giao chỉ tiêu riêng của năm 2024.",
               "So với cùng kỳ năm 2023: bằng 102,9% (700 người)."],
        "en": ["Result for the first nine months of 2024: 720 people enrolled.",
               "Against a target: no quota of its own was given for 2024.",
               "Against the same period of 2023: 102.9% (700)."],
    }[lang]  # fmt: skip
    own = {
        "vi": "chưa được giao chỉ tiêu riêng; đã tuyển 720 người, bằng 102,9% so với cùng kỳ",
        "en": "no quota of its own was given; 720 people enrolled, 102.9% of the same period last year",
    }[lang]
    assert any("430" in text for text in told.values())  # at the milestone
    assert not any(
        goal in text for text in told.values() for goal in ("4,020", "4.020", "1,760", "1.760", "1,000")
    )
    study = study_of(given, "2024-9M", "s4", lang)
    one = study.assessment("people_enrolled_2024")
    assert drawn(picture_of(one), lang).png
    assert own in answer(study, lang)
    assert "nan" not in answer(study, lang)
