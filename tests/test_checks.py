"""Each rule of checking: a return that keeps it and one that breaks it, with the cell it names."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetanalysis.blocks import same
from vetanalysis.cli.rules_page import rules_page
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.paths import data_root
from vetanalysis.plan import Plan, load_plan
from vetanalysis.returns.checks import check_file
from vetanalysis.returns.files import Received
from vetanalysis.returns.findings import rules, switched_off
from vetanalysis.returns.lists import illustrative_plan, quota_of
from vetanalysis.returns.readings import VALID, Reading, Version, columns_of, frame_of, missing_columns
from vetanalysis.returns.together import _due_after, _limited, _near_power, check_together

WINDOW_9M = ("2022-12-15", "2023-09-14")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan("lang-son-2023-example")


def row(indicator: str, value: float, cell: str = "C8", **more: object) -> dict[str, object]:
    usual = {
        "unit": "180",
        "period": "2023-9M",
        "measure": "persons",
        "basis": "cumulative",
        "illustrative": True,
    }
    return {
        **usual,
        "indicator": indicator,
        "value": value,
        "source": f"180__2023-09-18.xlsx!Tuyển mới!{cell}",
        **more,
    }


def returned(rows: list[dict[str, object]], **more: object) -> Reading:
    fields = {
        "file": "180__2023-09-18.xlsx", "sha256": "0" * 64,
        "unit": "180", "period": "2023-9M", "window": WINDOW_9M, "basis": "cumulative",
        "columns": columns_of(rows), "illustrative": True, "own_form": True,
    }  # fmt: skip
    return Reading(**{**fields, **more})


def found_for(unit: str = "180", period: str = "2023-9M", day: str = "2023-09-18") -> Received:
    file = f"{period}/{unit}__{day}.xlsx" if day else f"{period}/{unit}.xlsx"
    return Received(Path(file), file, unit, period, day)


def checked(
    plan: Plan, rows: list[dict[str, object]], found: Received | None = None, **more: object
) -> list[Finding]:
    return check_file(found or found_for(), returned(rows, **more), plan)


def of_rule(findings: list[Finding], rule: str) -> list[Finding]:
    return [one for one in findings if one.rule == rule]


GOOD = [
    row("people_enrolled", 318, "C8", level="elementary"),
    row("people_enrolled", 134, "D8", level="elementary", sex="female"),
    row("people_enrolled", 297, "J8", level="elementary", residence="rural"),
    row("people_enrolled", 285, "F8", level="elementary", group="ethnic_minority"),
    row("people_enrolled", 40, "G8", level="elementary", group="poor"),
    row("people_enrolled", 200, "B8", trade="farm"),
    row("people_enrolled", 118, "B9", trade="services"),
]


def test_a_sound_return_has_no_finding(plan: Plan) -> None:
    assert checked(plan, GOOD) == []


BREACHES = [
    ("negative", [row("jobs_created", -3, "D15")], "D15"),
    ("above-100-percent", [row("trained_rate", 101.5, "D9", measure="percent", basis="stock")], "D9"),
    ("not-whole", [row("jobs_created", 12.5, "D15")], "D15"),
    ("measures-mixed", [row("jobs_created", 12, "D15", measure="classes")], "D15"),
    ("enrolments-as-people", [row("people_enrolled", 12, "C8", level="elementary", measure="enrolments")], "C8"),
    ("same-figure-twice", [row("jobs_created", 12, "D15"), row("jobs_created", 13, "D16")], "D16"),
    ("part-above-whole", [GOOD[0], row("people_enrolled", 319, "D8", level="elementary", sex="female")], "D8"),
    ("part-above-whole", [GOOD[0], row("people_enrolled", 400, "G8", level="elementary", group="poor")], "G8"),
    ("certified-above-trained",
     [row("certified_rate", 30, "D10", measure="percent", basis="stock"),
      row("trained_rate", 25, "D9", measure="percent", basis="stock")], "D10"),
    ("certified-above-trained",
     [row("graduates_followed", 10, "B8", level="elementary"),
      row("graduates_employed", 11, "C8", level="elementary")], "C8"),
    ("parts-and-total",
     [row("people_enrolled", 100, "C13"), row("people_enrolled", 60, "C8", level="elementary"),
      row("people_enrolled", 30, "C9", level="intermediate")], "C13"),
    ("parts-and-total",
     [row("people_enrolled", 60, "C8", level="elementary"), row("people_enrolled", 30, "C9", level="intermediate"),
      row("people_enrolled", 60, "B8", trade="farm"), row("people_enrolled", 31, "B9", trade="services")], "B8"),
    ("groups-added",
     [row("people_enrolled", 300, "C13"), row("people_enrolled", 200, "F13", group="ethnic_minority"),
      row("people_enrolled", 100, "G13", group="poor")], "C13"),
    ("all-zero", [row("people_enrolled", 0, f"C{n}", level="elementary", trade=f"t{n}") for n in range(8, 14)],
     "C8"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "rows", "cell"), BREACHES)
def test_a_breach_is_found_at_its_cell(
    plan: Plan, rule: str, rows: list[dict[str, object]], cell: str
) -> None:
    findings = of_rule(checked(plan, rows), rule)
    assert [one.place for one in findings] == [cell]
    assert findings[0].sheet == "Tuyển mới"
    assert findings[0].file == "180__2023-09-18.xlsx"
    assert findings[0].severity == rules()[rule].severity


STOCK = [
    row("people_in_training_start", 475, "B8", level="elementary", basis="stock"),
    row("people_enrolled", 638, "C8", level="elementary"),
    row("people_graduated", 607, "B8", level="elementary"),
    row("people_dropped_out", 1, "B8", level="elementary"),
]


def test_stock_identity_holds_and_breaks(plan: Plan) -> None:
    """505 = 475 + 638 - 607 - 1."""
    good = [*STOCK, row("people_in_training", 505, "C8", level="elementary", basis="stock")]
    assert of_rule(checked(plan, good), "stock-identity") == []
    bad = [*STOCK, row("people_in_training", 543, "C8", level="elementary", basis="stock")]
    (finding,) = of_rule(checked(plan, bad), "stock-identity")
    assert "475 + 638 - 607 - 1 = 505" in finding.found.vi
    assert of_rule(checked(plan, bad[1:]), "stock-identity") == [], "without a term there is nothing to check"


def test_overlapping_groups_may_exceed_the_total_together(plan: Plan) -> None:
    rows = [GOOD[0], *(row("people_enrolled", 300, f"F{n}", level="elementary", group=g)
                       for n, g in enumerate(("ethnic_minority", "poor", "near_poor"), 8))]  # fmt: skip
    assert checked(plan, rows) == []


def test_blank_is_not_zero(plan: Plan) -> None:
    findings = checked(plan, GOOD, missing=missing_columns([{"indicator": "jobs_created"}]))
    assert [(one.rule, one.severity) for one in findings] == [("not-reported", "info")]
    assert of_rule(checked(plan, [*GOOD, row("jobs_created", 0, "D15")]), "not-reported") == []


def test_name_folder_and_window_against_the_file(plan: Plan) -> None:
    findings = checked(plan, GOOD, found_for(unit="181", period="2023-H1", day="2023-06-16"))
    assert {one.rule for one in findings} == {"unit-differs", "period-differs", "received-early"}
    findings = checked(plan, GOOD, window=("2023-01-01", "2023-09-30"))
    assert [one.rule for one in findings] == ["window-differs"]
    assert "15/12/2022" in findings[0].found.vi
    assert [one.rule for one in checked(plan, GOOD, found_for(day=""))] == ["no-received-day"]
    quarter = ("2023-06-15", "2023-09-14")  # right for a quarter alone, not for a running total
    assert [one.rule for one in checked(plan, GOOD, window=quarter)] == ["window-differs"]
    alone = checked(plan, GOOD, window=("2023-07-01", "2023-09-30"), basis="period")
    assert "window-differs" in [one.rule for one in alone]


@pytest.mark.parametrize(
    ("sender", "of", "told"),
    [
        ("180", "181", ["C9"]),
        ("180", "20", ["C9"]),
        ("cdn-ls", "178", ["C9"]),
        ("180", "gdnn-gdtx-180", []),
        ("so-ldtbxh", "181", []),
        ("20", "181", []),
    ],
)
def test_a_return_gives_no_figures_of_units_that_are_not_the_senders(
    plan: Plan, sender: str, of: str, told: list[str]
) -> None:
    rows = [row("jobs_created", 7, "C8", unit=sender), row("jobs_created", 9, "C9", unit=of),
            row("contacts_reached", 9, "C10", unit=of)]  # fmt: skip
    for held, severity in ((rows, "warning"), (rows[1:], "error")):  # the sender's own figures count
        found = of_rule(checked(plan, held, found_for(unit=sender), unit=sender), "unit-differs")
        assert [(one.place, one.severity) for one in found] == [(place, severity) for place in told]


def test_illustrative_figures_and_real_plans_stay_apart(plan: Plan) -> None:
    real = load_plan("lang-son-2023")
    assert illustrative_plan(plan)
    assert not illustrative_plan(real)
    assert [one.rule for one in check_file(found_for(), returned(GOOD), real)] == ["illustrative-in-real"]
    rows = [{**one, "illustrative": False} for one in GOOD]
    assert [one.rule for one in checked(plan, rows, illustrative=False)] == ["real-in-illustrative"]
    assert check_file(found_for(), returned(rows, illustrative=False), real) == []


def test_commune_quotas_add_up_to_the_districts(plan: Plan) -> None:
    quota = quota_of(plan, "180", 2023)
    assert quota == 580
    place = {"unit": "180", "period": "2023-FY", "source": "180__2023-09-18.xlsx!Chỉ tiêu xã!C8"}
    one, two, less = ({**place, "commune": code, "value": value}
                      for code, value in (("a", 300.0), ("b", 280.0), ("b", 270.0)))  # fmt: skip
    assert checked(plan, GOOD, commune_quotas=(one, two)) == []
    (finding,) = checked(plan, GOOD, commune_quotas=(one, less))
    assert (finding.rule, finding.sheet) == ("commune-quotas", "Chỉ tiêu xã")


def test_who_need_not_report_is_told(plan: Plan) -> None:
    (finding,) = of_rule(checked(plan, GOOD, found_for(unit="20"), unit="20"), "not-a-sender")
    assert "need not report for the first nine months of 2023" in finding.found.en


def together(plan: Plan, rows: list[dict[str, object]], versions: tuple[Version, ...] = ()) -> list[Finding]:
    return check_together(plan, frame_of(columns_of(rows)), versions)


def test_a_quantity_given_once_and_left_blank_when_next_due(plan: Plan) -> None:
    before = row("people_enrolled", 100, "C8", period="2023-H1", level="elementary")
    after = [
        row("people_enrolled", 150, "C8", level="elementary"),
        row("people_enrolled", 0, "C9", level="intermediate"),
    ]
    nine_months = Version(returned(after), 1, VALID, ())
    assert of_rule(together(plan, [before, *after], (nine_months,)), "no-longer-reported") == []
    also = row("people_enrolled", 20, "C9", period="2023-H1", level="college")
    (finding,) = of_rule(together(plan, [before, also, *after], (nine_months,)), "no-longer-reported")
    assert finding.file == "180__2023-09-18.xlsx"
    assert finding.found.en.startswith("1 figures given in the first six months of 2023 and blank in")
    assert of_rule(together(plan, [before, also, *after]), "no-longer-reported") == [], "nothing came yet"


def test_what_was_given_is_looked_for_in_the_next_return_that_came(plan: Plan) -> None:
    """Given at six months, no return at nine months: the year's return is the one that leaves it blank."""
    before = row("people_enrolled", 20, "C9", period="2023-H1", level="college")
    year = row("people_enrolled", 150, "C8", period="2023-FY", level="elementary")
    came = Version(returned([year], period="2023-FY"), 1, VALID, ())
    (finding,) = of_rule(together(plan, [before, year], (came,)), "no-longer-reported")
    assert finding.found.en.startswith("1 figures given in the first six months of 2023 and blank in 2023")


def test_where_the_total_is_given_only_its_breakdown_is_called_blank(plan: Plan) -> None:
    before = [
        row("people_enrolled", number, cell, period="2023-H1", level=level)
        for number, cell, level in ((100, "C8", "elementary"), (20, "C9", "college"))
    ]
    after = [row("people_enrolled", 150, "C8")]
    (finding,) = of_rule(
        together(plan, [*before, *after], (Version(returned(after), 1, VALID, ()),)), "no-longer-reported"
    )
    assert finding.found.en.endswith(
        "blank in the first nine months of 2023: People newly enrolled by level (the total is given)"
    )
    assert finding.found.vi.endswith("để trống: Số người tuyển mới chia theo trình độ (tổng số đã có)")


def test_cumulative_counts_do_not_fall(plan: Plan) -> None:
    rows = [row("jobs_created", 100, "D15", period="2023-H1"), row("jobs_created", 90, "D16")]
    (finding,) = together(plan, rows)
    assert (finding.rule, finding.place) == ("cumulative-falls", "D16")
    assert "first six months of 2023" in finding.found.en
    assert together(plan, [rows[0], row("jobs_created", 100, "D16")]) == []
    by_one = [rows[0], row("jobs_created", 99, "D16")]
    assert [one.rule for one in together(plan, by_one)] == ["cumulative-falls"]
    stock = [{**one, "basis": "stock"} for one in rows]
    assert together(plan, stock) == [], "a stock may fall"


@pytest.mark.parametrize("power", [10, 100, 1000])
def test_near_a_power_of_ten_is_from_three_quarters_to_a_third_more(power: int) -> None:
    ratios = pd.Series([0.74, 0.75, 1.0, 1.35, 1.36]) * power
    assert _near_power(ratios).tolist() == [False, True, True, True, False]


def test_figures_of_twenty_and_more_are_held_against_the_cutoff_before(plan: Plan) -> None:
    for before, rules_found in ((20, ["ten-times"]), (19, [])):
        rows = [row("jobs_created", before, "D15", period="2023-H1"), row("jobs_created", 10 * before, "D16")]
        assert [one.rule for one in together(plan, rows)] == rules_found


def test_of_many_findings_of_one_rule_and_file_twenty_are_shown_and_the_rest_counted() -> None:
    def told(rule: str, file: str, count: int) -> list[Finding]:
        return [Finding("warning", file, f"C{k}", rule, same("x"), same("y"), "S") for k in range(count)]

    kept = _limited([*told("a", "one", 23), *told("b", "one", 20), *told("a", "two", 21)])
    by_file = {
        (rule, file): [one for one in kept if (one.rule, one.file) == (rule, file)]
        for rule, file in (("a", "one"), ("b", "one"), ("a", "two"))
    }
    assert [len(found) for found in by_file.values()] == [21, 20, 21]
    last = by_file["a", "one"][-1]
    assert (last.found.en, last.place, last.severity, last.sheet) == (
        "3 more cells like this",
        "C22",
        "warning",
        "S",
    )
    assert by_file["a", "two"][-1].found.en == "1 more cells like this"
    assert _limited(told("a", "one", 20)) == told("a", "one", 20)


@pytest.mark.parametrize(
    ("period", "often", "then"),
    [
        ("2023-Q1", "Q|H|Y", "2023-H1"), ("2023-H1", "Q|H|Y", "2023-9M"), ("2023-H1", "H|Y", "2023-FY"),
        ("2023-H1", "Y", "2023-FY"), ("2023-H1", "M", "2023-M07"), ("2023-9M", "Q", "2023-FY"),
        ("2023-FY", "Q|H|Y", ""),
    ],
)  # fmt: skip
def test_when_a_quantity_is_due_next_within_the_year(period: str, often: str, then: str) -> None:
    assert _due_after(period, often)[:1] == ((then,) if then else ())


@pytest.mark.parametrize("factor", [10, 100, 1000])
def test_a_slip_of_a_power_of_ten(plan: Plan, factor: int) -> None:
    rows = [row("jobs_created", 30, "D15", period="2022-9M"), row("jobs_created", 31 * factor, "D16")]
    assert [(one.rule, one.place) for one in together(plan, rows)] == [("ten-times", "D16")]
    down = [row("jobs_created", 31 * factor, "D15", period="2022-9M"), row("jobs_created", 30, "D16")]
    assert [one.rule for one in together(plan, down)] == ["ten-times"]
    within = [row("jobs_created", 30, "D15", period="2023-H1"), row("jobs_created", 31 * factor, "D16")]
    assert [one.rule for one in together(plan, within)] == ["ten-times"]


def test_an_autumn_intake_is_no_slip(plan: Plan) -> None:
    rows = []
    for unit, factor in (("cdn-ls", 10), ("cdsp-ls", 9), ("cdyt-ls", 11), ("cd-cnnl-db", 10)):
        rows.append(row("people_enrolled", 30, "C10", unit=unit, level="college", period="2023-H1"))
        rows.append(row("people_enrolled", 30 * factor, "C10", unit=unit, level="college"))
    assert together(plan, rows) == []
    rows[-1]["value"] = 3000
    assert [one.rule for one in together(plan, rows)] == ["ten-times"]


def test_units_that_began_with_nobody_do_not_tell_how_others_grow(plan: Plan) -> None:
    rows = []
    for unit, before, now in (("cdn-ls", 30, 300), ("cdsp-ls", 0, 40), ("cdyt-ls", 0, 50)):
        rows.append(row("people_enrolled", before, "C10", unit=unit, level="college", period="2023-H1"))
        rows.append(row("people_enrolled", now, "C10", unit=unit, level="college"))
    assert [one.rule for one in together(plan, rows)] == ["ten-times"]


def test_enrolments_far_above_the_quota(plan: Plan) -> None:
    """580 people are the quota of the district: 1,740 are three times as many, 1,741 more."""
    rows = [
        row("people_enrolled", 1700, "C8", level="elementary"),
        row("people_enrolled", 40, "C9", level="intermediate"),
    ]
    assert together(plan, rows) == []
    rows[1]["value"] = 41
    assert [(one.rule, one.place) for one in together(plan, rows)] == [("far-above-quota", "C8")]


def test_start_stock_against_the_end_of_the_year_before(plan: Plan) -> None:
    end = row("people_in_training", 480, "E5", level="elementary", basis="stock", period="2022-FY")
    assert [one.rule for one in together(plan, [end, STOCK[0]])] == ["start-stock"]
    assert together(plan, [{**end, "value": 475}, STOCK[0]]) == []


def test_district_and_the_institutions_under_it(plan: Plan) -> None:
    own = row("people_enrolled", 38, "C9", level="intermediate")
    centre = row("people_enrolled", 38, "C9", level="intermediate", unit="gdnn-gdtx-180")
    (same,) = together(plan, [own, centre])
    assert (same.rule, same.severity) == ("same-class", "info")
    (low,) = together(plan, [own, {**centre, "value": 40}])
    assert (low.rule, low.place) == ("district-below-institutions", "C9")
    one, by_one = together(plan, [{**own, "value": 1}, {**centre, "value": 1}]), {**centre, "value": 39}
    assert [each.rule for each in one] == ["same-class"]
    assert [each.rule for each in together(plan, [own, by_one])] == ["district-below-institutions"]
    assert together(plan, [{**own, "value": 0}, {**centre, "value": 0}]) == []


def test_a_class_of_a_provincial_institution_told_by_a_district(plan: Plan) -> None:
    rows = []
    for unit in ("180", "cdn-ls"):
        rows += [row("people_enrolled", 38, "C9", level="intermediate", unit=unit),
                 row("people_enrolled", 17, "D9", level="intermediate", unit=unit, sex="female"),
                 row("people_enrolled", 36, "J9", level="intermediate", unit=unit, residence="rural")]  # fmt: skip
    assert [one.rule for one in together(plan, rows)] == ["same-class-elsewhere"]
    assert together(plan, rows[:5]) == []


def test_quotas_add_up_to_the_target(plan: Plan) -> None:
    assert together(plan, []) == []
    short = plan.model_copy(update={"quotas": plan.quotas[plan.quotas["unit"] != "180"]})
    (finding,) = together(short, [])
    assert finding.rule == "quota-sum"
    assert "12,920" in finding.found.en
    assert "13,500" in finding.found.en


ANY_ROW = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["180", "gdnn-gdtx-180", "cdn-ls", "nobody", ""]),
        "period": st.sampled_from(["2023-9M", "2023-H1", "2022-9M", "2022-FY", "2023-Q3", "1999-Q1"]),
        "indicator": st.sampled_from(["people_enrolled", "people_in_training", "people_in_training_start",
                                      "trained_rate", "certified_rate", "jobs_created", "unheard_of"]),
        "level": st.sampled_from(["", "elementary", "college", "other"]),
        "sex": st.sampled_from(["", "female", "male"]),
        "group": st.sampled_from(["", "poor", "ethnic_minority"]),
        "trade": st.sampled_from(["", "farm"]),
        "value": st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.integers(-5, 10**7).map(float)),
        "measure": st.sampled_from(["persons", "percent", "enrolments", "", "odd"]),
        "basis": st.sampled_from(["cumulative", "stock", "period", ""]),
        "source": st.sampled_from(["", "f.xlsx", "f.csv!A2", "180__2023-09-18.xlsx!Tuyển mới!C8", "a!b!c!d"]),
        "illustrative": st.booleans(),
    }
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ANY_ROW, max_size=12), unit=st.sampled_from([None, "180", "nobody"]))
def test_checks_never_raise_and_always_say_what_to_do(
    plan: Plan, rows: list[dict[str, object]], unit: str
) -> None:
    read = returned(rows, unit=unit)
    findings = [*check_file(found_for(), read, plan), *check_together(plan, read.observations, ())]
    for one in findings:
        assert one.rule in rules()
        assert one.severity in ("error", "warning", "info")
        assert one.found.vi
        assert one.found.en
        assert one.remedy.vi
        assert "\n" not in one.line("vi")


def test_a_quarter_alone_lies_in_the_folder_of_its_cut_off(plan: Plan) -> None:
    rows = [row("jobs_created", 12, "D15", period="2023-Q3", basis="period")]
    assert checked(plan, rows, period="2023-Q3", basis="period", window=("2023-06-15", "2023-09-14")) == []


def test_rules_are_named_documented_and_switchable() -> None:
    page = (data_root() / "returns" / "RULES.md").read_text(encoding="utf-8")
    assert page == rules_page(), "run python -m vetanalysis.cli.rules_page > data/returns/RULES.md"
    for name, one in rules().items():
        assert one.id == name
        assert f"| `{name}` |" in page
        assert one.about in ("reading", "file", "figures", "together")
        assert one.severity in ("error", "warning", "info")
        assert one.remedy.vi
        assert one.remedy.en
        assert one.about == "reading" or (one.holds.vi and one.holds.en)
    assert switched_off() == {one.id for one in rules().values() if not one.applied}
    assert switched_off(["ten-times"]) == {"ten-times"} | switched_off()
    with pytest.raises(WrongCall, match="no rule ten-tims"):
        switched_off(["ten-tims"])
