"""The track record: nothing after an origin is read, all is counted once, the stored table is what it says."""

import json
from dataclasses import replace

import narrative_cases as cases
import numpy as np
import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.assessment import record as stored
from vetanalysis.assessment.issued import statement_of
from vetanalysis.cli.main import main
from vetanalysis.figures.captions import title_of
from vetanalysis.language.cells import printed, worded
from vetanalysis.language.render import sentence
from vetanalysis.loading import received_of
from vetanalysis.narrative import of_period, tables, targets
from vetanalysis.narrative import record as sentences
from vetanalysis.observations.published import load_announced
from vetanalysis.observations.table import latest_vintage
from vetanalysis.show.answers import block
from vetanalysis.track import record, statements
from vetanalysis.track.methods import theta
from vetanalysis.track.record import people_scores, track_record
from vetanalysis.track.rolling import rates_table, roll, targets_at
from vetanalysis.track.statements import in_year, known_then, revisions


@pytest.fixture(scope="module")
def published():
    return va.load_observations(va.load_plan("lang-son-2023"), returns=None)


@pytest.fixture(scope="module")
def table(published):
    return rates_table(published, "certified_rate")


@pytest.fixture(scope="module")
def rolled(table):
    return roll(table)


@pytest.fixture(scope="module")
def example():
    plan = va.load_plan("lang-son-2023-example")
    return plan, va.load_observations(plan, published=None)


@pytest.fixture(scope="module")
def known(example):
    """The returns of 2023 as they stood on each of its deadlines."""
    return known_then(example[0], "default", 2023)


@pytest.fixture(scope="module")
def said(example, known):
    plan, obs = example
    return in_year(plan, obs, plan.target("people_enrolled"), known=known)


def test_the_table_holds_one_definition_of_every_province(table):
    assert len(table.columns) == 64  # 63 provinces and the country
    assert set(table.columns.get_level_values("concept")) == {"ICLS-13"}  # nothing joined over 2021
    assert table[("20", "employed", "ICLS-13")].loc[2016] == pytest.approx(
        0.158
    )  # statistics office, table of 2018
    assert table.index.tolist() == list(range(2008, 2021))
    assert not [unit for unit in table.columns.get_level_values("unit") if unit.startswith("R")]


def test_a_poisoned_future_changes_no_projection(table):
    """Figures after the origin become nonsense: everything projected at or before it stays to the last digit."""
    poisoned = table.copy()
    poisoned.loc[2014:] = np.where(poisoned.loc[2014:].notna(), 0.999, np.nan)
    clean, other = roll(table, origins=[2012, 2013]), roll(poisoned, origins=[2012, 2013])
    keys = ["method", "place", "origin", "horizon", "step", "target", "probability"]
    pd.testing.assert_frame_equal(clean.statements[keys], other.statements[keys], check_exact=True)
    pd.testing.assert_series_equal(clean.forecasts["median"], other.forecasts["median"], check_exact=True)
    assert (clean.forecasts["outcome"] != other.forecasts["outcome"]).any()  # the poison was there


def test_methods_are_handed_nothing_after_the_origin(table):
    seen = []

    def spy(history, ahead):
        from vetanalysis.track.methods import last_value

        seen.append(int(history.index[-1]))
        return last_value(history, ahead)

    roll(table, methods={"spy": spy}, origins=[2012, 2015])
    assert seen == [2012, 2015]


def test_targets_are_set_from_the_past_alone():
    history = pd.DataFrame({"a": [0.10, 0.12, 0.11, 0.14]}, index=range(2011, 2015))  # mean change .02
    found = targets_at(history, (1, 4))
    assert found[0, 0] == pytest.approx([0.12, 0.14, 0.15, 0.16, 0.18])
    assert found[0, 1] == pytest.approx([0.10, 0.14, 0.16, 0.18, 0.22])  # twice as far in four years


def test_every_forecast_is_scored_once(rolled):
    mine = rolled.forecasts[rolled.forecasts["method"] == "ours"]
    assert not mine.duplicated(["place", "origin", "horizon"]).any()
    assert (mine["year"] == mine["origin"] + mine["horizon"]).all()
    assert mine["pit"].between(0, 1).all()
    assert (mine["inside_50"] <= mine["inside_80"]).all()
    assert (mine["inside_80"] <= mine["inside_95"]).all()
    told = rolled.statements[rolled.statements["method"] == "ours"]
    assert len(told) == 5 * len(mine)
    ordered = told.pivot_table(index=["place", "origin", "horizon"], columns="step", values="probability")
    assert (np.diff(ordered.to_numpy(), axis=1) <= 1e-12).all()  # a higher target is never likelier


def test_better_than_last_value_and_drift_on_the_provinces(rolled):
    found = record.rate_scores(rolled).set_index(["method", "horizon"]).loc[("ours", 0)]
    assert found["against_last_value"] + found["against_last_value_se"] < 1
    assert found["against_drift"] + found["against_drift_se"] < 1
    assert found["brier_skill"] > 0
    whole = record.rate_scores(rolled).set_index(["method", "horizon"])
    assert whole.loc[("cagr_rule", 0), "brier"] > whole.loc[("ours", 0), "brier"]
    assert whole.loc[("drift", 0), "against_drift"] == pytest.approx(1)


def test_ranges_are_not_too_narrow(rolled):
    found = record.rate_coverage(rolled)
    assert len(found) == 12  # three horizons and all of them, three levels
    wide = found[(found["horizon"] > 0) & (found["level"] >= 0.8)]
    assert (wide["share"] >= wide["low"]).all()
    assert (found["within"] == found["share"].between(found["low"], found["high"])).all()
    assert (found["independent"] <= found["cases"]).all()


def test_in_year_statements_read_nothing_after_their_cutoff(example, said, monkeypatch):
    plan, obs = example
    poisoned = obs.copy()
    late = obs["period"].isin(["2022-H1", "2022-9M", "2022-FY", "2023-Q1", "2023-H1", "2023-9M"])
    poisoned.loc[late, "value"] = obs.loc[late, "value"] * 7 + 1000
    poisoned = poisoned[poisoned["period"] < "2023"]
    early, every = [(2021, "Q1"), (2021, "H1"), (2021, "9M"), (2022, "Q1")], statements.cutoffs
    monkeypatch.setattr(
        statements, "cutoffs", lambda *asked: [one for one in every(*asked) if (one.year, one.code) in early]
    )
    other = in_year(plan, poisoned, plan.target("people_enrolled"))
    keys = ["unit", "year", "cutoff", "median", "lower_80", "upper_80", "probability", "status", "last_share"]
    then = said[[asked in early for asked in zip(said["year"], said["cutoff"], strict=True)]]
    then = then.reset_index(drop=True)
    assert set(zip(other["year"], other["cutoff"], strict=True)) == set(early)
    pd.testing.assert_frame_equal(then[keys], other[keys], check_exact=True)
    came = [frame.loc[frame["year"] == 2022, "outcome"] for frame in (then, other)]
    assert not came[0].equals(came[1])


def test_what_was_said_and_what_came(said):
    place = said[said["unit"] == "20"].set_index(["year", "cutoff"])
    assert place.index.tolist() == [(y, c) for y in (2020, 2021, 2022, 2023) for c in ("Q1", "H1", "9M")]
    assert (place.loc[2021, "outcome"] == 11960).all()  # "nearly 12,000" people in 2021
    assert place.loc[2021, "came"].tolist() == [False] * 3  # quotas of 11,990
    assert place.loc[2023, "outcome"].isna().all()  # the year has not ended; its end is never read by itself
    assert place.loc[2023, "came"].isna().all()
    assert (place.loc[2023, "basis"] == "as_known").all()
    assert (place.loc[2022, "basis"] == "replayed").all()
    assert (place["counted"].to_numpy() <= place["upper_80"].to_numpy()).all()
    assert said["illustrative"].all()


def test_a_corrected_return_is_read_as_it_stood(example, known):
    plan, obs = example
    at = {
        "unit": "cdn-ls",
        "period": "2023-H1",
        "indicator": "people_enrolled",
        "level": "elementary",
        "group": "",
    }

    def value(frame):
        rows = frame
        for name, wanted in at.items():
            rows = rows[rows[name] == wanted]
        return rows[(rows["sex"] == "") & (rows["basis"] == "cumulative")]["value"].max()

    assert (value(known["H1"]), value(latest_vintage(obs))) == (676, 638)
    found = revisions(received_of(plan, "default"), ("people_enrolled",))
    assert found[["unit", "first", "latest", "revision"]].values.tolist() == [["cdn-ls", 676.0, 638.0, -38.0]]
    assert found["percent"].iloc[0] == pytest.approx(-100 * 38 / 676)
    share = found.attrs["mean_absolute_percent"]
    assert share == pytest.approx(100 * 38 / 676 / found.attrs["figures"])
    assert found.attrs["mean_percent"] == pytest.approx(-share)
    assert (found.attrs["up"], found.attrs["down"], found.attrs["sign_p"]) == (0, 1, 1.0)


def test_a_record_of_a_day_reads_no_return_that_came_later(example, known, monkeypatch):
    """In July nothing is said of September, and no correction of it is counted; a study hands its day on."""
    plan, _ = example
    july, read = "2023-07-20", received_of(plan, "default")
    then = known_then(plan, "default", 2023, read, july)
    assert sorted(then) == ["H1", "Q1"]
    for code, frame in then.items():
        pd.testing.assert_frame_equal(frame, known[code])
    rows = va.load_observations(plan, published=None, known_by=july)
    found = track_record(plan, rows[rows["period"] >= "2022"], known_by=july, slow=False)
    assert set(found.in_year.loc[found.in_year["year"] == 2023, "cutoff"]) == {"Q1", "H1"}
    figures = found.revisions.attrs["figures"]
    assert figures < revisions(read, ("people_enrolled",)).attrs["figures"]
    asked = {}
    monkeypatch.setattr(record, "in_year", lambda *_, known, **__: asked.update(known) or pd.DataFrame())
    study = va.open_study("lang-son-2023-example", "2023-H1", known_by=july, published="none")
    block(study, "track_record.revisions")
    assert sorted(asked) == ["H1", "Q1"]
    assert study.part("record", of=None).revisions.attrs["figures"] == figures


def test_scores_by_cutoff_by_hand():
    frame = pd.DataFrame(
        {
            "cutoff": ["Q1", "Q1", "9M"],
            "year": [2021, 2022, 2022],
            "median": [90.0, 110.0, 100.0],
            "last_share": [120.0, 100.0, np.nan],
            "lower_80": [80.0, 105.0, 90.0],
            "upper_80": [110.0, 120.0, 110.0],
            "probability": [0.6, 0.2, 0.5],
            "outcome": [100.0, 100.0, 100.0],
            "came": [True, False, None],
        }
    )
    found = people_scores(frame)
    assert found["cutoff"].tolist() == ["Q1"]  # what is not due is not scored
    row = found.iloc[0]
    assert (row["off_percent"], row["last_share_off_percent"], row["inside_80"]) == pytest.approx(
        (10, 10, 0.5)
    )
    assert row["brier"] == pytest.approx((0.16 + 0.04) / 2)
    assert row["brier_skill"] == pytest.approx(1 - 0.1 / 0.25)


@pytest.fixture(scope="module")
def found(published):
    return va.track_record(va.load_plan("lang-son-2023"), published, slow=False)


def test_a_plan_without_returns_still_has_a_record_of_rates(found):
    assert found.in_year.empty
    assert found.people.empty
    assert found.about["provinces"] == 63
    assert any("no returns" in note.en for note in found.notes)
    assert found.statement_record("likely") == found.statement_record("likely", "rate")
    assert found.statement_record("likely", "people") == (0, 0)
    for lang in ("vi", "en"):
        assert sentences.reading_of_words(found, "rate").get(lang)
        assert "0 " in sentences.reading_of_year(found, "20").get(lang)


def test_without_any_series_there_is_a_note_and_no_number():
    plan = va.load_plan("lang-son-2023")
    empty = va.load_observations(plan, returns=None, published=None)
    found = track_record(plan, empty, returns=None)
    assert found.rates.empty
    assert found.about["statements"] == 0
    assert found.reliability["said"].sum() == 0


def test_the_stored_table_is_what_the_command_computes(rolled):
    """Quick methods only; ETS and Theta do not enter the words."""
    kept = pd.DataFrame(stored.stored()["rates"]["reliability"]).set_index("status")
    fresh = record.rate_reliability(rolled).set_index("status")
    assert (kept["said"] == fresh["said"]).all()
    assert (kept["came"] == fresh["came"]).all()
    assert stored.stored()["made"]
    assert stored.statement_record("likely") == tuple(fresh.loc["likely", ["said", "came"]])


def test_nothing_later_than_known_by_reaches_a_sentence():
    known = stored.about()["known"]
    assert stored.statement_record("likely", known_by=known) is not None
    assert stored.statement_record("likely", known_by="2018-01-01") is None
    assert stored.backtest_inside("certified_rate", "ICLS-13", 1, known_by="2018-01-01") is None


def test_the_back_test_speaks_only_of_what_was_tested():
    rows = pd.DataFrame(stored.stored()["rates"]["coverage"])
    for horizon in (1, 2, 3):
        held = rows[(rows["horizon"] == horizon) & (rows["level"] >= 0.8)]["within"]
        assert len(held) == 2
        assert stored.backtest_inside("certified_rate", "ICLS-19", horizon) is bool(held.all())
    assert stored.backtest_inside("certified_rate", "administrative", 1) is None
    assert stored.backtest_inside("trained_rate", "ICLS-19", 1) is None
    assert stored.backtest_inside("certified_rate", "ICLS-19", 9) is None
    assert stored.backtest_inside("certified_rate", "ICLS-19", 0) is None


def test_the_sentence_stands_beside_the_claim(published):
    plan = va.load_plan("lang-son-2023")
    one = va.assess_targets(plan, published, "2023-start")[0]
    said, came = stored.statement_record(one.status)
    told = sentences.past_statements(one, plan)
    assert told.facts["said"] == said
    assert told.facts["came"] == came
    assert f"{said:,}" in told.get("en")
    assert f"{came:,}" in told.get("en")
    assert sentences.past_statements(one, plan, known_by="2018-01-01") is None
    unknown = va.assess_targets(plan, published, "2023-start")[1]
    assert unknown.status == "not_assessed"
    assert sentences.past_statements(unknown, plan) is None


def test_storing_keeps_other_plans(tmp_path, found):
    path = tmp_path / "record.json"
    path.write_text(json.dumps({"people": {"other": {"about": {}}}}), encoding="utf-8")
    record.store(found, "lang-son-2023", "2026-11-24", path)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["people"] == {"other": {"about": {}}}
    assert written["made"] == "2026-11-24"
    assert written["rates"]["about"]["provinces"] == 63


def test_the_command_refuses_a_table_without_its_day(capsys):
    assert main(["track-record", "lang-son-2023", "--store"]) == 2
    assert "--date" in capsys.readouterr().err


def test_the_command_prints_both_languages(capsys):
    assert main(["track-record", "lang-son-2023", "--every", "64"]) == 0
    out = capsys.readouterr().out
    assert "So với các cách làm khác" in out
    assert "Beside other methods" in out
    assert "the last value" in out


@pytest.mark.parametrize(
    ("share", "stated", "told"),
    [
        (0.46, (0.33, 0.30, 0.36), True),  # outside the word's 20 to 45 % and outside what chance explains
        (0.44, (0.33, 0.30, 0.36), False),  # within the word
        (0.46, (0.33, 0.10, 0.60), False),  # chance explains it
        (0.19, (0.33, 0.30, 0.36), True),
    ],
)
def test_a_word_that_did_not_hold_is_told_beside_the_answer(monkeypatch, published, share, stated, told):
    row = {"status": "unlikely", "said": 200, "came": round(200 * share), "share": share}
    row |= dict(zip(("stated", "low", "high"), stated, strict=True))
    part = {"about": stored.about(), "reliability": [row], "coverage": []}
    monkeypatch.setattr(stored, "stored", lambda: {"made": "", "rates": part, "people": {}})
    plan = va.load_plan("lang-son-2023")
    one = va.assess_targets(plan, published, "2023-start")[0]
    assert one.status == "unlikely"
    assert one.past == ((200, round(200 * share), stated[0]) if told else None)
    en = f"; in 200 past cases judged the same way, the target was reached in {share:.0%}"
    vi = f"; kinh nghiệm quá khứ: {share:.0%} trong 200 trường hợp được đánh giá như vậy đã đạt chỉ tiêu"
    assert (en in targets.headline(one).get("en")) is told
    assert (vi in targets.headline(one).get("vi")) is told
    places = (targets.outlook(one, alone=True), targets.verdict(one), title_of(one))
    en, vi = (
        f"of such targets, {share:.0%} were reached)",
        f"những lần nhận định như vậy, {share:.0%} đã đạt)",
    )
    assert all((en in sentence(said, "en")) is told for said in places)
    assert all((vi in sentence(said, "vi")) is told for said in places)
    assert ("%(†))" in sentence(targets.outlook(one), "en")) is told


def test_a_word_that_did_not_hold_is_told_in_every_cell_it_stands_in():
    one = cases.rate(status="even", probability=0.5, past=(407, 256, 0.5))
    held = replace(one, past=None)
    table = {lang: worded(tables.target_table([one], "2023-9M"), lang) for lang in ("vi", "en")}
    assert table["vi"].rows[0][-2].endswith("◆ khả năng đạt khoảng 50%(†)")
    assert table["en"].rows[0][-2].endswith("◆ roughly even chance (about 50%(†))")
    assert table["vi"].notes[-1] == (
        "(†): theo mô phỏng lại, đạt nhiều hơn: “khả năng đạt khoảng 50%” 63% (đã nêu 50%)."
    )
    assert table["en"].notes[-1] == (
        "(†): replayed, reached more often: “roughly even chance” 63% (50% stated)."
    )
    bare = worded(tables.target_table([held], "2023-9M"), "en")
    assert bare.rows[0][-2].endswith("(about 50%)")
    assert not any("(†)" in note for note in bare.notes)
    assert [printed(tables.row_of(each)[4], "en") for each in (one, held)] == [
        "50% (of such targets, 63% were reached)",
        "50%",
    ]
    assert printed(tables.row_of(one)[4], "vi") == "50% (những lần nhận định như vậy, 63% đã đạt)"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_where_the_words_move_the_new_one_is_told_with_what_it_came_to(lang):
    one = cases.rate(status="even", probability=0.5, past=(407, 256, 0.5))
    for before in (
        statement_of(replace(one, status=status, probability=chance, past=None))
        for status, chance in (("even", 0.46), ("unlikely", 0.3), ("unlikely", 0.44))
    ):
        said = of_period.since_last(one, before, "2022-9M")
        assert "(45-55%)(†)" in sentence(said, lang)


def test_nothing_is_told_of_a_record_that_was_not_known_then():
    assert stored.not_held("even", "rate", "", known_by="") is not None
    assert stored.not_held("even", "rate", "", known_by="2018-01-01") is None
    assert stored.not_held("likely", "rate", "", known_by="") is None
    assert stored.not_held("reached", "rate", "", known_by="") is None


def test_the_second_statement_stands_beside_the_first_in_the_record(published):
    plan = va.load_plan("lang-son-2023")
    rows = published[published["unit"].isin({"20", *load_announced()["unit"]})]
    found = record.track_record(plan, rows, returns=None, slow=False)
    tested = found.published.tested
    table = worded(sentences.published_table(found), "en")
    assert [row[0] for row in table.rows] == [
        "on the trend so far", "by the figures published for similar targets",
        "the share of other places' targets reached",
    ]  # fmt: skip
    assert {row[1] for row in table.rows} == {str(tested.scored)}
    assert [float(row[2]) for row in table.rows] == pytest.approx(
        [tested.brier_free, tested.brier, tested.base_rate], abs=5e-4
    )
    assert tested.width < tested.width_free
    assert all(plan_unit not in str(table.rows) for plan_unit in ("Vĩnh Long", "Cao Bằng", "Lâm Đồng"))


def test_the_width_of_a_peers_range_is_found_and_not_where_its_search_stopped(table):
    """A third of every share has a third of the range, which a search that stopped early does not find."""
    history = table.iloc[:, ::8].loc[:2015]
    history = history.loc[:, history.loc[2015].notna()]
    whole, third = theta(history, [1]), theta(history / 3, [1])
    assert len(history.columns) >= 8
    assert 3 * third.middle == pytest.approx(whole.middle)
    assert 3 * third.spread == pytest.approx(whole.spread, rel=0.01)
