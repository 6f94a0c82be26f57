"""What the published figures of Lạng Sơn and the country allow, and what they do not."""

import math

import indicator_cases
import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.assessment.histories import adopted, history_of
from vetanalysis.assessment.targets import TABLE_COLUMNS, up_to
from vetanalysis.blocks import Said
from vetanalysis.errors import WrongCall
from vetanalysis.forecast.rate_input import bridge
from vetanalysis.language.render import sentence
from vetanalysis.narrative import evidence, targets
from vetanalysis.periods import parse_cutoff


@pytest.fixture(scope="module")
def lang_son():
    return va.load_plan("lang-son-2023")


@pytest.fixture(scope="module")
def figures(lang_son):
    return va.load_observations(lang_son)


@pytest.fixture(scope="module")
def table(lang_son, figures):
    return va.assess(lang_son, figures, as_of="2023-start", seed=1).set_index("target")


def test_the_table_has_the_agreed_columns_and_one_row_per_target(table):
    assert tuple(table.reset_index().columns) == TABLE_COLUMNS
    assert list(table.index) == ["trained_rate", "certified_rate", "people_enrolled"]


def test_the_broad_rate_gets_a_probability_and_a_range_on_weak_evidence(table):
    row = table.loc["trained_rate"]
    assert (row["latest_value"], row["latest_period"], row["latest_status"]) == (57.2, "2021-FY", "estimate")
    assert row["lower_80"] < row["median"] < row["upper_80"]
    assert 0.05 < row["probability"] < 0.55
    assert row["evidence"] == "weak"
    assert row["pace_required"] == pytest.approx((62 - 57.2) / 2)
    assert row["pace_seen"] == pytest.approx((57.2 - 35) / 11)


def test_the_certified_target_has_no_figure_on_its_own_definition(table, lang_son, figures):
    row = table.loc["certified_rate"]
    assert row["status"] == "not_assessed"
    assert math.isnan(row["probability"])
    assert "own base and concept" in row["reason"]
    one = va.assess_targets(lang_son, figures, "2023-start")[1]
    beside = one.beside[0]
    assert (beside.base, beside.concept, len(beside.points)) == ("employed", "ICLS-13", 9)
    assert beside.lower_80 < beside.median < beside.upper_80
    assert one.definition_effect.implied_rate == pytest.approx(24.4, abs=0.05)
    assert one.probability is None


@pytest.mark.parametrize(
    ("left", "unit", "says"),
    [
        ((2021,), None, "only one figure on the target's own base"),
        ((), None, "no figure had been published"),
        ((), "178", "set for the whole area, not for a single unit"),
    ],
)
def test_why_a_rate_has_no_answer(lang_son, figures, left, unit, says):
    rate = (figures["indicator"] == "trained_rate") & (figures["unit"] == "20")
    kept = figures[~rate | figures["period"].isin([f"{year}-FY" for year in left])]
    one = va.assess_targets(lang_son, kept, "2023-start", unit=unit)[0]
    assert one.status == "not_assessed"
    assert says in one.reason.en


def test_people_get_a_wide_range_that_is_mostly_prior(lang_son, figures):
    one = va.assess_targets(lang_son, figures, "2023-start")[2]
    assert one.mostly_prior
    assert one.evidence == "weak"
    assert one.scope_unstated
    assert one.past_totals == {2021: 12000.0}
    assert one.upper_80 / one.lower_80 > 1.8
    assert one.pace_required == pytest.approx(13500 / 4)


def test_totals_told_on_the_target_s_own_count_have_a_stated_scope(lang_son, figures):
    rows = figures[(figures["indicator"] == "people_trained") & (figures["unit"] == "20")]
    own = pd.concat([figures, rows.assign(indicator="people_enrolled")], ignore_index=True)
    nothing = figures[figures["indicator"] != "people_trained"]
    one, none = (va.assess_targets(lang_son, obs, "2023-start")[2] for obs in (own, nothing))
    assert one.past_totals == {2021: 12000.0}
    assert not one.scope_unstated
    assert (none.past_totals, none.scope_unstated) == ({}, False)


def test_same_figures_and_seed_give_the_same_table(lang_son, figures, table):
    again = va.assess(lang_son, figures, as_of="2023-start", seed=1).set_index("target")
    pd.testing.assert_frame_equal(table, again)


def test_figures_of_later_periods_are_never_read(lang_son, figures, table):
    poison = figures[figures["period"] == "2021-FY"].assign(period="2023-FY", value=1.0, vintage="2024-01-15")
    poisoned = pd.concat([figures, poison], ignore_index=True)
    again = va.assess(lang_son, poisoned, as_of="2023-start", seed=1).set_index("target")
    pd.testing.assert_frame_equal(table, again)


def test_what_became_known_later_is_never_read():
    plan = va.load_plan("viet-nam-2025")
    early = va.load_observations(plan, known_by="2023-02-01")
    assert early["vintage"].max() <= "2023-02-01"
    table = va.assess(plan, early, as_of="2023-start").set_index("target")
    assert table.loc["trained_rate", "status"] == "not_assessed"
    low, high = table.loc["certified_rate_low"], table.loc["certified_rate_high"]
    assert (low["latest_value"], low["latest_period"]) == (26.1, "2021-FY")
    assert low["probability"] > high["probability"]
    # What was published later: 28.8 % in the first quarter of 2025, about 29 % for the year.
    assert low["lower_80"] < 29 < low["upper_80"]


def test_a_break_gives_pace_but_never_a_point():
    plan = va.load_plan("viet-nam-2025")
    obs = up_to(va.load_observations(plan, known_by="2023-02-01"), parse_cutoff("2023-start"))
    history = history_of(obs, plan.target("certified_rate_low"), "VN")
    assert [point.year for point in history.points] == [2021]
    assert history.breaks == (2021,)
    assert len(history.learned) > 10
    assert history.learned[2021] == pytest.approx(0.261)


def test_the_size_of_a_break_is_thrown_away():
    old = pd.Series({2015: 0.20, 2016: 0.21, 2017: 0.22})
    for first_new in (0.25, 0.60):
        new = pd.Series({2018: first_new, 2019: first_new + 0.01})
        joined = bridge([old, new])
        assert list(joined.index) == [2015, 2016, 2017, 2018, 2019]
        assert joined[2018] == first_new
        steps = [math.log(p / (1 - p)) for p in joined]
        own = [math.log(p / (1 - p)) for p in old]
        assert steps[3] - steps[2] == pytest.approx((own[2] - own[0]) / 2)
        assert steps[1] - steps[0] == pytest.approx(own[1] - own[0])


def test_a_lone_figure_before_a_break_teaches_nothing():
    new = pd.Series({2018: 0.3, 2019: 0.31})
    pd.testing.assert_series_equal(bridge([pd.Series({2017: 0.2}), new]), new)


def test_a_target_year_with_a_figure_is_judged_and_not_projected(lang_son, figures):
    final = figures[(figures["unit"] == "20") & (figures["indicator"] == "trained_rate")].tail(1)
    for value, status, expected in ((62.0, "final", "reached"), (62.0, "provisional", "reached_provisional")):
        judged = final.assign(period="2023-FY", value=value, status=status, vintage="2024-02-01")
        obs = pd.concat([figures, judged], ignore_index=True)
        row = va.assess(lang_son, obs, as_of="2023-FY").set_index("target").loc["trained_rate"]
        assert (row["status"], row["probability"]) == (expected, 1.0)
    for status, expected in (("final", "not_reached"), ("provisional", "almost_no_chance")):
        missed = final.assign(period="2023-FY", value=61.9, status=status, vintage="2024-02-01")
        obs = pd.concat([figures, missed], ignore_index=True)
        row = va.assess(lang_son, obs, as_of="2023-FY").set_index("target").loc["trained_rate"]
        assert (row["status"], row["probability"]) == (expected, 0.0)


@pytest.mark.parametrize(
    ("operator", "value", "gap"),
    [(">=", 61.0, 1.0), (">=", 62.0, 0.0), (">=", 63.5, -1.5), ("<=", 63.0, 1.0), ("<=", 60.0, -2.0)],
)
def test_the_gap_of_a_judged_year_has_the_side_of_the_target(lang_son, figures, operator, value, gap):
    final = figures[(figures["unit"] == "20") & (figures["indicator"] == "trained_rate")].tail(1)
    judged = final.assign(period="2023-FY", value=value, status="final", vintage="2024-02-01")
    target = lang_son.targets[0].model_copy(update={"operator": operator})
    plan = lang_son.model_copy(update={"targets": (target,)})
    one = va.assess_targets(plan, pd.concat([figures, judged], ignore_index=True), "2023-FY")[0]
    assert one.gap == pytest.approx(gap)
    assert one.probability == float(gap <= 0)
    assert (one.status == "reached") == (gap <= 0)


@pytest.mark.parametrize(("operator", "gap"), [(">=", 4.8), ("<=", -4.8)])
def test_the_gap_before_the_targets_year_has_its_side_too(lang_son, figures, operator, gap):
    target = lang_son.targets[0].model_copy(update={"operator": operator})
    plan = lang_son.model_copy(update={"targets": (target,)})
    assert va.assess_targets(plan, figures, "2023-start")[0].gap == pytest.approx(gap)


def test_published_rules_stand_beside_and_call_the_same_figures_on_track(lang_son, figures):
    one = va.assess_targets(lang_son, figures, "2023-start")[0]
    said = {name: words.en for name, words in one.anchors.items()}
    # 35.0, 56.0, 57.2: mean 49.4, moving ranges 21.0 and 1.2, limits 49.4 -+ 2.66 x 11.1 = 19.9 and 78.9
    limits = said.pop("nhs")
    assert limits.startswith("the target lies within the usual variation")
    assert "trial limits from 3 figures" in limits
    assert said == {"eurostat": "on track", "un": "on track", "escap": "maintain progress"}
    assert one.probability < 0.5


def test_an_unknown_unit_or_cut_off_is_a_wrong_call(lang_son, figures):
    with pytest.raises(WrongCall, match="999"):
        va.assess(lang_son, figures, as_of="2023-start", unit="999")
    with pytest.raises(WrongCall, match="2022"):
        va.assess(lang_son, figures, as_of="2022-H1")


def sent_by_the_department(figures, period, value, status="provisional"):
    row = figures[(figures["unit"] == "20") & (figures["indicator"] == "trained_rate")].tail(1)
    return row.assign(
        unit="so-ldtbxh", period=period, value=value, status=status, base="", concept="", vintage="",
        source=f"{period}/so-ldtbxh.xlsx!Nhiệm vụ!D9",
    )  # fmt: skip


def test_the_departments_year_end_return_decides_the_target(lang_son, figures):
    obs = pd.concat([figures, sent_by_the_department(figures, "2023-FY", 62.3)], ignore_index=True)
    one = va.assess_targets(lang_son, obs, "2023-FY")[0]
    assert one.status == "reached_provisional"
    assert [point.year for point in one.points] == [2010, 2020, 2021, 2023]


def test_an_estimate_within_the_year_moves_the_answer_the_later_the_more(lang_son, figures):
    widths, off = [], []
    for period in ("2023-Q1", "2023-H1", "2023-9M"):
        obs = pd.concat([figures, sent_by_the_department(figures, period, 60.8)], ignore_index=True)
        one = va.assess_targets(lang_son, obs, "2023-9M")[0]
        assert (one.beside[0].points[0].value, one.beside[0].projection) == (60.8, None)
        lower, upper = one.projection.interval(0.8)
        widths.append(upper - lower)
        off.append(abs(one.projection.median - 0.608))
    assert widths == sorted(widths, reverse=True)
    assert off == sorted(off, reverse=True)


def certified(figures, values):
    """The department's own certified rates of past years, percent by year."""
    row = figures[(figures["indicator"] == "trained_rate") & (figures["unit"] == "20")].tail(1)
    return pd.concat(
        [
            row.assign(indicator="certified_rate", period=f"{year}-FY", value=value, note="")
            for year, value in values.items()
        ]
    )


def test_a_part_is_judged_within_its_whole_and_both_together(lang_son, figures, table):
    obs = pd.concat([figures, certified(figures, {2020: 22.0, 2021: 23.1})], ignore_index=True)
    whole, part, _ = va.assess_targets(lang_son, obs, "2023-start")
    both = part.both_reached
    assert whole.probability == pytest.approx(table.loc["trained_rate", "probability"])
    assert part.probability is not None
    assert max(0.0, whole.probability + part.probability - 1) <= both
    assert (
        both <= min(whole.probability, part.probability) + 0.01
    )  # the whole's own is exact, the pair's are draws
    assert whole.both_reached is None
    assert 100 * part.path.median.loc[2023] == pytest.approx(
        part.median
    )  # the figure ends where the sentence says
    assert 100 * part.path.interval(0.8).upper.loc[2023] == pytest.approx(part.upper_80)
    vi, en = (sentence(evidence.both_reached(part), lang) for lang in ("vi", "en"))
    assert "62%" in vi
    assert "25%" in vi
    assert "xác suất đạt đồng thời cả hai chỉ tiêu đến hết năm 2023" in vi.lower()
    assert "both targets are reached by the end of 2023" in en
    assert evidence.both_reached(whole) is None


def test_figures_that_contradict_each_other_stop_their_two_targets_and_no_other(lang_son, figures, table):
    obs = pd.concat([figures, certified(figures, {2020: 22.0, 2021: 60.0})], ignore_index=True)
    rows = va.assess(lang_son, obs, as_of="2023-start", seed=1).set_index("target")
    for name in ("trained_rate", "certified_rate"):
        assert rows.loc[name, "status"] == "not_assessed"
        assert "60% exceeds the whole 57.2% of 2021" in rows.loc[name, "reason"]
    people = [name for name in rows.index if name not in ("trained_rate", "certified_rate")]
    assert rows.loc[people, "probability"].tolist() == table.loc[people, "probability"].tolist()


@pytest.mark.parametrize(
    ("own", "said"), [(60.0, "figure at hand for it"), (None, "its figure has not come")]
)
def test_contradictory_figures_say_why_they_decide_nothing_once_the_year_is_over(
    lang_son, figures, own, said
):
    """63% with a certificate of 60% trained: neither is judged, not "not reached" of the 63% against 25%, either."""
    last = 2023 if own else 2021
    whole = certified(figures, {2022: 58.0, last: own or 57.2}).assign(indicator="trained_rate")
    whole = whole if own else whole.iloc[:0]
    obs = pd.concat([figures, whole, certified(figures, {2020: 22.0, last: 63.0})], ignore_index=True)
    for one in va.assess_targets(lang_son, obs, "2023-FY")[:2]:
        assert (one.status, one.is_judged, one.is_awaited) == ("not_assessed", False, True)
        assert sentence(targets.verdict(one), "vi") == "Chờ làm rõ số liệu mâu thuẫn"
        told = sentence(targets.prospects(one), "en")
        assert said in told
        assert f"the part 63% exceeds the whole {own or 57.2:g}% of {last}." in told
        assert told.endswith("Whether the target was reached cannot be said yet.")


def test_what_has_not_come_yet_is_said_in_plain_words():
    reason = Said("assessment.not_assessed.not_yet", period="2023-FY")
    assert reason.get("vi") == "chưa có số liệu năm 2023"
    assert reason.get("en") == "the figure for 2023 is not available yet"


def test_a_part_without_two_years_in_common_with_its_whole_is_projected_by_itself(lang_son, figures):
    obs = pd.concat([figures, certified(figures, {2018: 20.0, 2021: 23.1})], ignore_index=True)
    part = va.assess_targets(lang_son, obs, "2023-start")[1]
    assert part.probability is not None
    assert part.both_reached is None


# Survey error


def surveyed(plan, error, tmp_path, **columns):
    """Two targets' worth of figures of a survey, brought as a tidy file, judged for 2023."""
    rows = [
        "unit,period,indicator,value,measure,basis,base,concept,vintage,standard_error",
        *(
            f"20,{year}-FY,trained_rate,{value},percent,stock,labour_force,ICLS-13,{year + 1}-03-01,{error}"
            for year, value in (
                (2016, 50.0),
                (2017, 52.5),
                (2018, 53.0),
                (2019, 55.5),
                (2020, 57.0),
                (2021, 57.2),
            )
        ),
    ]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    target = plan.targets[0].model_copy(update={"concept": "ICLS-13", **columns})
    changed = plan.model_copy(update={"targets": (target,)})
    obs = va.load_observations(changed, returns=path, published=None)
    return va.assess_targets(changed, obs, "2023-start")[0], obs


def test_a_survey_error_tells_the_true_level_from_the_figure_to_be_published(lang_son, tmp_path):
    unknown, obs = surveyed(lang_son, "", tmp_path)
    assert obs["standard_error"].isna().all()
    assert unknown.probability_true is None
    known, obs = surveyed(lang_son, "1.5", tmp_path)
    assert (obs["standard_error"] == 1.5).all()
    assert [point.standard_error for point in known.points] == [1.5] * 6
    direct = va.project_rate(
        pd.Series({point.year: point.value / 100 for point in known.points}), 2023, direction=">=",
        prior="survey", survey_se=0.015,
    )  # fmt: skip
    assert known.probability == direct.probability(0.62)
    assert known.probability_true == direct.true_level.probability(0.62)
    assert (
        known.probability_true < known.probability
    )  # the target is above the middle: less noise, less chance
    wider, _ = surveyed(lang_son, "4", tmp_path)
    assert wider.upper_80 - wider.lower_80 > known.upper_80 - known.lower_80


def test_a_survey_error_of_some_years_is_used_for_those(lang_son, figures):
    some = figures.copy()
    of_country = (
        (some["unit"] == "VN") & (some["indicator"] == "certified_rate") & (some["base"] == "employed")
        & (some["concept"] == "ICLS-13") & (some["period"] == "2018-FY")
    )  # fmt: skip
    assert of_country.any()
    some.loc[of_country, "standard_error"] = 0.4
    wanted = lang_son.targets[1].model_copy(update={"base": "employed", "concept": "ICLS-13"})
    history = history_of(some, wanted, "VN")
    assert history.errors[2018] == 0.004
    assert history.errors.notna().sum() == 1
    assert set(history.errors.index) == set(history.learned.index)
    assert history_of(figures, wanted, "VN").errors is None


def test_without_a_standard_error_nothing_changes(lang_son, figures, table):
    dropped = figures.drop(columns="standard_error")
    again = va.load_observations(lang_son, returns=None, published=dropped)
    pd.testing.assert_frame_equal(
        va.assess(lang_son, again, as_of="2023-start", seed=1).set_index("target"), table
    )


def test_a_departments_rate_stands_on_the_definition_of_its_target_and_nothing_else_does(lang_son):
    obs = indicator_cases.figures(
        ("so-ldtbxh", "2022-FY", "trained_rate", 58.1, {"measure": "percent"}),
        ("so-ldtbxh", "2022-FY", "jobs_created", 900), ("178", "2022-FY", "trained_rate", 40, {"measure": "percent"}),
    )  # fmt: skip
    told = adopted(lang_son, obs, lang_son.targets).set_index("value")[["unit", "base", "concept"]]
    assert told.loc[58.1].tolist() == ["20", "labour_force", "administrative"]
    assert told.loc[900].tolist() == ["so-ldtbxh", "", ""]
    assert told.loc[40].tolist() == ["178", "", ""]
