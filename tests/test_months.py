"""Plans that count by month, from the first of January or the sixth of April: right answers by hand at months."""

import re
from datetime import timedelta

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from invented.writing import edit, new_plan
from report_text import texts_of

import vetanalysis as va
from vetanalysis.cli.main import main
from vetanalysis.errors import DataRefused, PlanInvalid, WrongCall
from vetanalysis.figures.cumulative import path_of
from vetanalysis.language.numbers import period_name, short_period, up_to
from vetanalysis.observations.brought import read_brought
from vetanalysis.periods import parse_cutoff, window
from vetanalysis.report import document_of
from vetanalysis.returns.draft import read_period
from vetanalysis.returns.key import Key
from vetanalysis.returns.template import build_form

WEIGHTS = (3, 4, 6, 7, 8, 7, 5, 6, 20, 18, 10, 6)  # percent of a year's people in each month
PORTS = {"a1": 600, "a2": 300, "a3": 900}
OF_YEAR = {2023: 0.95, 2024: 1.00, 2025: 1.03}
CALENDARS = {"january": "01-01", "april": "04-06"}


def count(unit, year, month):
    """People enrolled since the plan year began, of both levels."""
    return round(PORTS[unit] * OF_YEAR[year] * sum(WEIGHTS[:month]) / 100)


def of_level(unit, year, month, level):
    elementary = round(0.6 * count(unit, year, month))
    return elementary if level == "elementary" else count(unit, year, month) - elementary


def figures(silent=("a2", 2025, 8)):
    """36 months of three units by level; one unit sends nothing for one month."""
    rows = [
        (unit, f"{year}-M{month:02d}", "people_enrolled", level, of_level(unit, year, month, level))
        for year in OF_YEAR
        for month in range(1, 13)
        for unit in PORTS
        for level in ("elementary", "college")
        if (unit, year, month) != silent
    ]
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value"])


def written(folder, starts, step="month"):
    names = [(unit, f"Cảng {unit}", f"Port {unit}", "district") for unit in PORTS]
    options = [
        "--place", "PT", "--place-name", "Xứ Cảng", "--place-name-en", "Portland", "--years", "2023-2025",
        "--title", "Kế hoạch cảng (minh họa)", "--title-en", "Plan of the ports (illustrative)", "--window", "calendar",
        "--year-starts", starts, "--step", step, "--levels", "elementary,college",
        "--target", "people_enrolled>=1850@2025-FY",
    ]  # fmt: skip
    new_plan(folder, options, pd.DataFrame(names, columns=["code", "name", "name_en", "kind"]))
    text = (folder / "plan.yaml").read_text(encoding="utf-8")
    august = "{period: 2025-M08, value: 830}, " if step == "month" else ""
    stones = f"    milestones: [{august}{{period: 2025-M03, value: 240}}]\n"
    text = text.replace("    measure: persons\n", f"{stones}    measure: persons\n", 1)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    quotas = [
        (unit, level, f"{year}-M12", round(size * share), "")
        for year in OF_YEAR
        for unit, size in PORTS.items()
        for level, share in (("elementary", 0.6), ("college", 0.4))
    ]
    columns = ["unit", "level", "period", "value", "source"]
    pd.DataFrame(quotas, columns=columns).to_csv(folder / "quotas.csv", index=False)
    return folder


@pytest.fixture(scope="module", params=CALENDARS)
def plan(request, tmp_path_factory):
    return va.load_plan(written(tmp_path_factory.mktemp(request.param) / "ports", CALENDARS[request.param]))


@pytest.fixture(scope="module")
def by_quarter(tmp_path_factory):
    return va.load_plan(written(tmp_path_factory.mktemp("quarters") / "ports", "01-01", step="quarter"))


def load(plan, frame):
    return va.load_observations(plan, returns=frame, published=None)


@pytest.fixture(scope="module")
def august(plan):
    return va.open_study(plan, "2025-M08", returns=figures(), published=None)


def lines(plan, frame, as_of, unit):
    """The lines of people enrolled of both levels, by basis: value, the year before, the step before."""
    table = va.indicator_table(plan, load(plan, frame), as_of=as_of, unit=unit)
    mine = table[(table["id"] == "people_enrolled") & (table["level"] == "")]
    return mine.drop_duplicates("basis").set_index("basis", drop=False)


def total(plan, frame, as_of, unit, basis="cumulative"):
    return lines(plan, frame, as_of, unit).loc[basis]


def test_a_cutoff_has_one_name_in_figures_targets_and_quotas(plan):
    obs = load(plan, figures())
    assert {"2025-Q1", "2025-M02", "2025-9M", "2025-M11"} <= set(obs["period"])
    assert not obs["period"].str.contains("M(?:03|06|09|12)").any()
    assert set(plan.quotas["period"]) == {f"{year}-FY" for year in OF_YEAR}
    assert {target.period for target in plan.targets} == {"2025-FY", "2025-M08", "2025-Q1"}
    assert str(plan.check_cutoff("2025-M06")) == "2025-H1"


@pytest.mark.parametrize("month", [1, 2, 7, 8, 12])
def test_the_running_total_and_the_month_alone(plan, month):
    as_of = str(parse_cutoff(f"2025-M{month:02d}"))
    line, alone = lines(plan, figures(), as_of, "a1").loc[["cumulative", "period"]].to_dict("records")
    before = count("a1", 2025, month - 1) if month > 1 else 0
    assert (line["value"], line["last_year_value"]) == (count("a1", 2025, month), count("a1", 2024, month))
    assert alone["value"] == count("a1", 2025, month) - before
    assert alone["period"] == f"2025-M{month:02d}"
    if month > 2:
        assert alone["previous_value"] == before - count("a1", 2025, month - 2)


def test_months_alone_and_quarters_alone_give_the_running_total(plan):
    rows = [("a1", f"2025-M{month:02d}", "period", month) for month in (1, 2, 3, 7, 8)]
    rows.append(("a1", "2025-Q2", "period", (4, 5, 6)))
    alone = [
        (unit, period, basis, "people_enrolled", "elementary", 100.0 * sum(np.atleast_1d(months)))
        for unit, period, basis, months in rows
    ]
    columns = ["unit", "period", "basis", "indicator", "level", "value"]
    frame = pd.DataFrame(alone, columns=columns)
    assert total(plan, frame, "2025-M03", "a1")["value"] == 100 * (1 + 2 + 3)
    august = lines(plan, frame, "2025-M08", "a1")["value"]
    assert (august["cumulative"], august["period"]) == (100 * sum(range(1, 9)), 800)
    assert np.isnan(
        total(plan, frame, "2025-M05", "a1")["value"]
    )  # a quarter alone says nothing of its months


def test_targets_at_months_are_judged_on_the_count_at_their_month(plan):
    obs = load(plan, figures(silent=None))
    at = {month: sum(count(unit, 2025, month) for unit in PORTS) for month in (3, 8, 12)}
    assert (at[3], at[8], at[12]) == (241, 852, 1854)
    table = va.assess(plan, obs, as_of="2025-M08").set_index("period")
    assert table.loc["2025-M08", ["status", "latest_value"]].tolist() == ["reached_provisional", 852]
    assert table.loc["2025-Q1", ["status", "latest_value"]].tolist() == ["reached_provisional", 241]
    assert table.loc["2025-FY", "lower_80"] > 852
    assert table.loc["2025-FY", "pace_required"] == (1850 - 852) / 4
    end = va.assess(plan, obs, as_of="2025-M12").set_index("period")
    assert end.loc["2025-FY", ["status", "latest_value"]].tolist() == ["reached_provisional", 1854]


def test_the_year_is_foreseen_from_its_months(plan):
    """Every year takes the same course: the share counted by each month leads to 1,854."""
    obs, widths = load(plan, figures(silent=None)), []
    for as_of in ("2025-M02", "2025-M07", "2025-M10", "2025-M11"):
        year = va.assess(plan, obs, as_of=as_of).set_index("period").loc["2025-FY"]
        assert year["lower_80"] < 1854 < year["upper_80"], as_of
        widths.append(year["upper_80"] - year["lower_80"])
    assert widths == sorted(widths, reverse=True)


def test_a_unit_that_is_late_for_the_month_is_named_and_drawn(august):
    year = next(one for one in august.assessments if one.target.period == "2025-FY")
    assert year.late_codes == ("a2",)
    assert year.so_far == count("a1", 2025, 8) + count("a3", 2025, 8)
    assert year.late_known == count("a2", 2025, 7)
    assert year.projection.quantile(0.01) >= year.so_far + year.late_known


def test_past_years_known_by_quarter_still_serve_a_month(plan):
    months = figures(silent=None)
    ends = months["period"].str.fullmatch(r"\d{4}-M(03|06|09|12)")
    sparse = months[ends | months["period"].str.startswith("2025")]
    exact, wide = (
        va.assess(plan, load(plan, frame), as_of="2025-M07").set_index("period").loc["2025-FY"]
        for frame in (months, sparse)
    )
    assert wide["lower_80"] < 1854 < wide["upper_80"]
    assert wide["upper_80"] - wide["lower_80"] > exact["upper_80"] - exact["lower_80"]


def test_a_month_has_words():
    assert period_name("2025-M08", "vi") == "8 tháng đầu năm 2025"
    assert period_name("2025-M08", "en") == "the first eight months of 2025"
    assert up_to("2025-M08", "vi") == "tính đến hết 8 tháng đầu năm 2025"
    assert up_to("2025-M01", "en") == "as of the end of the first month of 2025"
    assert (short_period("2025-M11", "vi"), short_period("2025-M11", "en")) == ("11 tháng 2025", "11M 2025")
    assert period_name("2025-M09", "en") == "the first nine months of 2025"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_report_of_a_month_speaks_of_months(august, lang):
    text = " ".join(words for _, words in texts_of(document_of(august.at(lang=lang))))
    said = {  # of 1,850 people 710 are counted
        "vi": "4 tháng còn lại cần 1.140 người",
        "en": "needs 1,140 people in the 4 remaining months",
    }
    assert said[lang] in text
    assert not re.search({"vi": r"mỗi quý|giữa các quý", "en": r"each remaining quarter"}[lang], text)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_figure_of_the_year_has_twelve_months(august, lang):
    path = path_of(next(one for one in august.assessments if one.target.period == "2025-FY"))
    axes = path.draw(plt.figure().gca(), lang)
    assert [label.get_text() for label in axes.get_xticklabels()][1:] == [
        str(month) for month in range(1, 13)
    ]
    assert path.current[7] == sum(count(unit, 2025, 7) for unit in PORTS)
    assert path.current[8] == count("a1", 2025, 8) + count("a3", 2025, 8)
    plt.close("all")


def test_workbooks_of_a_month_lie_in_its_folder_under_either_name(plan, tmp_path, capsys):
    home = tmp_path / "returns"
    for folder, month in (("2025-M03", 3), ("2025-M04", 4)):
        for unit in PORTS:
            held = {
                Key("people_enrolled", level=level, measure="persons", basis="cumulative"): of_level(
                    unit, 2025, month, level
                )
                for level in ("elementary", "college")
            }
            cutoff = str(parse_cutoff(folder))
            form = build_form(plan, unit, cutoff, figures=held, illustrative=True)
            day = {"01-01": f"2025-{month + 1:02d}-01", "04-06": f"2025-{month + 4:02d}-07"}[
                plan.calendar.year_starts
            ]
            form.save(home / folder / f"{unit}__{day}.xlsx")
    obs = va.load_observations(plan, returns=home, published=None)
    mine = obs[(obs["indicator"] == "people_enrolled") & (obs["unit"] == "a3") & (obs["level"] == "college")]
    found = dict(zip(mine["period"], mine["value"], strict=True))
    assert found == {
        f"2025-{code}": of_level("a3", 2025, month, "college") for code, month in (("Q1", 3), ("M04", 4))
    }
    study = va.open_study(plan, "2025-M04", returns=home, published=None)
    states = study.ledger.matrix("2025-M04").set_index(["unit", "period"])["state"]
    assert set(states.loc[list(PORTS), ["2025-Q1", "2025-M04"]]) == {"on_time"}
    assert set(states.loc[list(PORTS), ["2025-M01", "2025-M02"]]) == {"missing"}
    code = main(["check", str(plan.folder), "--as-of", "2025-M04", "--returns", str(home)])
    assert "2025-M04" not in capsys.readouterr().err
    assert code == 0


def test_a_plan_by_quarter_uses_the_months_that_are_quarters_and_refuses_the_others(by_quarter, tmp_path):
    ends = figures(silent=None)
    ends = ends[ends["period"].str.fullmatch(r"\d{4}-M(03|06|09|12)")]
    study = va.open_study(by_quarter, "2025-M06", returns=ends, published=None)
    counted = {one.target.period: one.so_far for one in study.assessments}
    assert counted["2025-FY"] == sum(count(unit, 2025, 6) for unit in PORTS)
    path = tmp_path / "months.csv"
    pd.DataFrame(
        [
            ("a1", "2025-M06", "people_enrolled", "college", 5),
            ("a1", "2025-M08", "people_enrolled", "college", 9),
        ],
        columns=["unit", "period", "indicator", "level", "value"],
    ).to_csv(path, index=False)
    with pytest.raises(DataRefused, match=r"row 3, period.*2025-M08.*step: month"):
        va.load_observations(by_quarter, returns=path, published=None)
    with pytest.raises(WrongCall, match="counts by quarter"):
        by_quarter.check_cutoff("2025-M08")
    alone = pd.DataFrame([("a1", "2025-M06", "people_enrolled", 5, "period")])
    alone.columns = ["unit", "period", "indicator", "value", "basis"]
    found = read_brought(alone, by_quarter)[1]
    assert [one.rule for one in found if one.severity == "error"] == ["month-of-quarters"]


def test_a_target_at_a_month_needs_a_plan_by_month(by_quarter, tmp_path):
    folder = tmp_path / "ports"
    folder.mkdir()
    for file in by_quarter.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    edit(folder / "plan.yaml", ("{period: 2025-M03, value: 240}", "{period: 2025-M04, value: 240}"))
    with pytest.raises(PlanInvalid, match=r"2025-M04.*counts by quarter"):
        va.load_plan(folder)


def test_the_same_figure_under_both_names_is_found(plan):
    rows = [("a1", "2025-M09", "people_enrolled", 5), ("a1", "2025-9M", "people_enrolled", 6)]
    frame = pd.DataFrame(rows, columns=["unit", "period", "indicator", "value"])
    assert "same-figure-twice" in {one.rule for one in read_brought(frame, plan)[1]}


@pytest.mark.parametrize(
    ("head", "period"),
    [
        ("BÁO CÁO kết quả 8 tháng đầu năm 2025", ("2025-M08", False)),
        ("Kỳ 2025-M03", ("2025-Q1", False)),
        ("6 tháng năm 2025", ("2025-H1", False)),
        ("Quý III năm 2025", ("2025-9M", True)),
        ("Kỳ 2025-Q3", ("2025-9M", True)),
        ("Đào tạo dưới 3 tháng, năm 2025", ("2025-FY", False)),
    ],
)
def test_months_in_the_heads_of_foreign_tables(head, period):
    assert read_period([head]) == period


def test_a_figure_published_before_its_period_ended_is_not_final(plan):
    first, last = window(parse_cutoff("2025-M08"), plan.calendar)
    early, after = last - timedelta(days=10), last + timedelta(days=1)
    rows = [
        ("a1", "2025-M08", "people_enrolled", 90, "final", str(early)),
        ("a2", "2025-M08", "people_enrolled", 95, "final", str(last)),
        ("a3", "2025-M08", "people_enrolled", 99, "final", ""),
    ]
    columns = ["unit", "period", "indicator", "value", "status", "window_end"]
    obs = load(plan, pd.DataFrame(rows, columns=columns))
    assert obs["status"].tolist() == ["provisional", "final", "final"]
    for wrong, rule in ((after, "window-end-outside"), (first - timedelta(days=1), "window-end-outside")):
        found = read_brought(pd.DataFrame([(*rows[0][:5], str(wrong))], columns=columns), plan)[1]
        assert rule in {one.rule for one in found if one.severity == "error"}
    found = read_brought(pd.DataFrame([(*rows[0][:5], "August")], columns=columns), plan)[1]
    assert "window-end-day" in {one.rule for one in found}
