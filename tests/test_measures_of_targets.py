"""Targets on what is not people: classes, centres, money; and on the part of a count that women are.

The unit of measure is that of the target's indicator, from the plan through sentence, table and picture.
"""

import re

import four_counts
import pandas as pd
import pytest
import yaml
from report_text import texts_of

import vetanalysis as va
from vetanalysis.errors import PlanInvalid
from vetanalysis.figures.pictures import picture_of
from vetanalysis.language.numbers import counting
from vetanalysis.narrative.targets import verdict
from vetanalysis.report import document_of

TARGETS = (
    "people_enrolled>=1300", "classes=Số lớp đào tạo|Training classes>=450", "spent=Kinh phí đào tạo|Money spent>=9000",
    "centres=Số trung tâm|Centres>=12", "women=Tỷ lệ nữ|Share of women>=40%",
)  # fmt: skip
MEASURES = {"classes": "classes", "spent": "million_dong", "centres": "centres"}


def written(folder, measures=MEASURES, numerator="people_enrolled[female]"):
    """A plan of new-plan, its counts of things in their own measures, women as a part of who is enrolled."""
    four_counts.write(folder, *TARGETS)
    table = pd.read_csv(folder / "indicators.csv", dtype=str, keep_default_na=False).set_index(
        "id", drop=False
    )
    plan = yaml.safe_load((folder / "plan.yaml").read_text(encoding="utf-8"))
    for target in plan["targets"]:
        target["measure"] = measures.get(target["indicator"], target["measure"])
    for one, measure in MEASURES.items():
        table.loc[one, "measure"] = measure
    table.loc["centres", "basis"] = "stock"
    table.loc["women", ["numerator", "denominator"]] = [numerator, "people_enrolled"]
    table.to_csv(folder / "indicators.csv", index=False)
    (folder / "plan.yaml").write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    return folder


def returns(women=0.38):
    """What three schools sent for two years and a half; of every hundred enrolled so many are women."""
    rows = []
    for at, unit in enumerate(four_counts.SCHOOLS):
        for year, last in ((2024, 4), (2025, 4), (2026, 2)):
            for quarter in range(1, last + 1):
                period = f"{year}-{('Q1', 'H1', '9M', 'FY')[quarter - 1]}"
                people = (90 + 20 * at) * quarter
                rows += [
                    (unit, period, "people_enrolled", "elementary", "", people, "cumulative"),
                    (unit, period, "people_enrolled", "elementary", "female", round(people * women), "cumulative"),
                    (unit, period, "classes", "", "", (30 + 5 * at) * quarter, "cumulative"),
                    (unit, period, "spent", "", "", (700 + 10 * at) * quarter + 0.5, "cumulative"),
                    (unit, period, "centres", "", "", 3, "stock"),
                ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "sex", "value", "basis"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return written(tmp_path_factory.mktemp("plans") / "things")


def study(folder, lang="en", **asked):
    return va.open_study(
        va.load_plan(folder), "2026-H1", lang=lang, returns=returns(), published="none", **asked
    )


@pytest.fixture(scope="module")
def texts(folder):
    """Every text of the report with where it stands, by language."""
    return {lang: [*texts_of(document_of(study(folder, lang)))] for lang in ("vi", "en")}


def of_target(texts, lang, target):
    """What the report says of one target."""
    return "\n".join(text for where, text in texts[lang] if target in re.split(r"[.-]", where))


@pytest.mark.parametrize(
    ("of", "vi", "en"),
    [
        ("classes", "lớp", "classes"),
        ("centres", "trung tâm", "centres"),
        ("spent", "triệu đồng", "million dong"),
    ],
)
def test_no_text_of_a_target_on_things_or_money_tells_of_people(texts, of, vi, en):
    assert re.search(rf"\d {vi}", of_target(texts, "vi", of))
    assert re.search(rf"\d {en}", of_target(texts, "en", of))
    assert not re.search(r"\d người", of_target(texts, "vi", of))
    assert not re.search(r"\d (?:people|persons?)\b", of_target(texts, "en", of))


def test_one_of_a_thing_is_one_in_english(folder, texts):
    assert "9 centres, 3 centres short of 12 centres" in of_target(texts, "en", "centres")
    assert va.pace(study(folder), "centres", value=10).sentence.count("1 centre") == 1


def test_what_is_counted_and_projected_keeps_its_measure(folder, texts):
    one = study(folder).assessment("classes")
    assert (one.so_far, one.kind) == (210, "people")
    text = of_target(texts, "en", "classes")
    assert "210 classes counted" in text
    assert re.search(r"projected in 2026 at \d+ classes", text)


def test_the_axis_counts_what_the_target_counts(folder):
    axis = {
        one: picture_of(study(folder).assessment(one)).data.axis for one in ("people_enrolled", *MEASURES)
    }
    assert {one: said.vi for one, said in axis.items()} == {
        "people_enrolled": "Số người, lũy kế từ đầu năm", "classes": "Số lớp, lũy kế từ đầu năm",
        "spent": "Triệu đồng, lũy kế từ đầu năm", "centres": "Số trung tâm",
    }  # fmt: skip
    assert axis["people_enrolled"].en == "People since the year began"


def test_people_come_before_things_where_quotas_name_nothing(folder):
    plan = va.load_plan(folder)
    assert plan.counts == ("people_enrolled", "classes", "spent")
    assert [one.id for one in plan.head_counts] == ["people_enrolled"]


def test_a_measure_that_is_none_or_another_than_the_indicators_is_told(tmp_path):
    with pytest.raises(PlanInvalid) as told:
        va.load_plan(written(tmp_path / "p", {"classes": "clases", "spent": "persons"}))
    text = str(told.value)
    assert "unknown measure: 'clases'" in text
    assert "'persons' does not fit the indicator's (million_dong)" in text
    assert "'persons' does not fit the indicator's (centres)" in text


def test_women_among_all_are_worked_out_of_what_returns_give(folder, texts):
    one = study(folder).assessment("women")
    assert [(point.period, round(point.value, 1)) for point in one.points] == [
        ("2024-FY", 38.0),
        ("2025-FY", 38.0),
    ]
    assert one.probability is not None
    assert "38.0%" in of_target(texts, "en", "women")


def share_of_women(folder, rows):
    """The ends of years for which a share of women was worked out."""
    one = va.open_study(folder, "2026-H1", returns=rows, published="none").assessment("women")
    return {point.period: round(point.value, 1) for point in one.points}


def test_a_unit_that_gives_no_women_leaves_the_share_unknown(folder):
    rows = returns()
    women = (rows["unit"] == "s2") & (rows["sex"] == "female")
    assert share_of_women(folder, rows[~(women & (rows["period"] == "2025-FY"))]) == {"2024-FY": 38.0}
    assert share_of_women(folder, rows[~women]) == {}


def test_women_for_one_of_two_levels_are_not_those_of_both(folder):
    rows = returns()
    mine = rows[
        (rows["unit"] == "s2") & (rows["period"] == "2025-FY") & (rows["indicator"] == "people_enrolled")
    ]
    more = mine.assign(level="intermediate")
    assert share_of_women(folder, pd.concat([rows, more])) == {"2024-FY": 38.0, "2025-FY": 38.0}
    assert share_of_women(folder, pd.concat([rows, more[more["sex"] == ""]])) == {"2024-FY": 38.0}


def test_a_quarter_alone_without_its_women_leaves_the_year_without_them(folder):
    rows = returns()
    rows = rows[(rows["indicator"] == "people_enrolled") & (rows["period"].str[:4] < "2026")]
    first = rows["period"].str.endswith("Q1")
    alone = pd.concat(
        [
            rows[first].assign(period=rows["period"].str[:5] + f"Q{quarter}", basis="period")
            for quarter in (1, 2, 3, 4)
        ]
    )
    silent = (alone["unit"] == "s2") & (alone["sex"] == "female") & (alone["period"] == "2025-Q2")
    assert [*share_of_women(folder, alone)] == ["2024-FY", "2025-FY"]
    assert [*share_of_women(folder, alone[~silent])] == ["2024-FY"]
    assert share_of_women(folder, alone[(alone["unit"] != "s2") | (alone["sex"] == "")]) == {}
    running = rows[(rows["unit"] == "s2") & rows["period"].isin(["2025-H1", "2025-9M", "2025-FY"])]
    assert [*share_of_women(folder, pd.concat([alone[~silent], running]))] == ["2024-FY", "2025-FY"]


def test_a_part_that_no_count_has_is_told(tmp_path):
    with pytest.raises(PlanInvalid) as told:
        va.load_plan(written(tmp_path / "p", numerator="people_enrolled[femal]"))
    assert "unknown sex, group or residence: 'femal'. did you mean 'female'?" in str(told.value).lower()
    with pytest.raises(PlanInvalid) as told:
        va.load_plan(written(tmp_path / "q", numerator="people_enroled[female]"))
    assert "unknown indicator id: 'people_enroled'" in str(told.value)


def test_what_is_there_on_a_day_is_told_and_not_forecast(folder, texts):
    one = study(folder).assessment("centres")
    assert (one.status, one.probability, one.gap) == ("not_forecast", None, 3)
    told = dict(texts["vi"])["centres.headline"]
    assert told.startswith("Chưa dự báo: đây là số có mặt tại một thời điểm")
    assert ("targets.cell", "◌ chưa dự báo") in texts["vi"]


def test_a_unit_with_a_quota_of_zero_reads_that_it_has_one(folder):
    plan = va.load_plan(folder)
    rows = [
        (unit, "", "2026-FY", 0.0 if unit == "s2" else 400.0, "", "people_enrolled") for unit in ("s1", "s2")
    ]
    quotas = pd.DataFrame(rows, columns=["unit", "level", "period", "value", "source", "indicator"])
    plan = plan.model_copy(update={"quotas": quotas})
    asked = {"returns": returns(), "published": "none"}

    def read(unit, lang):
        one = va.open_study(plan, "2026-H1", unit=unit, lang=lang, **asked)
        return "\n".join(text for _, text in texts_of(document_of(one)))

    assert "Against a target: a quota of 0 was given for 2026" in read("s2", "en")
    assert "was given a quota of 0; as of" in read("s2", "en")
    zero = read("s2", "vi")
    assert "So với chỉ tiêu: chỉ tiêu được giao của năm 2026 bằng 0." in zero
    assert "no quota of its own was given for 2026" in read("s3", "en")


def test_where_a_plan_counts_no_people_nobody_is_enrolled(tmp_path):
    """Its tables, requests and pictures of units are in what it counts first."""
    folder = written(tmp_path / "p")
    plan = yaml.safe_load((folder / "plan.yaml").read_text(encoding="utf-8"))
    plan["targets"] = [one for one in plan["targets"] if one["indicator"] == "classes"]
    (folder / "plan.yaml").write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    rows = [(unit, "", "2026-FY", 150.0, "", "classes") for unit in four_counts.SCHOOLS]
    quotas = pd.DataFrame(rows, columns=["unit", "level", "period", "value", "source", "indicator"])
    plan = va.load_plan(folder).model_copy(update={"quotas": quotas})
    assert plan.counted_in == "classes"
    asked = {"returns": returns(), "published": "none"}
    place = "\n".join(
        text for _, text in texts_of(document_of(va.open_study(plan, "2026-H1", lang="vi", **asked)))
    )
    assert "tổng số 450 lớp" in place
    assert not re.search(r"\d người", place)
    assert "tuyển" not in "\n".join(line for line in place.split("\n") if "Đề nghị" in line)
    mine = va.open_study(plan, "2026-H1", unit="s1", lang="en", **asked)
    sheet = "\n".join(text for _, text in texts_of(document_of(mine)))
    assert "Year's quota (classes)" in sheet
    assert not re.search(r"\d (?:people|persons?)\b", sheet)


def test_people_there_on_a_day_are_people_in_a_plan_of_classes(tmp_path):
    """Its teachers are no classes."""
    things = ("classes=Số lớp|Classes>=450", "teachers=Số nhà giáo|Teachers>=120")
    folder = four_counts.write(tmp_path / "p", *things)
    table = pd.read_csv(folder / "indicators.csv", dtype=str, keep_default_na=False)
    table.loc[table["id"] == "classes", "measure"] = "classes"
    table.loc[table["id"] == "teachers", "basis"] = "stock"
    table.to_csv(folder / "indicators.csv", index=False)
    plan = yaml.safe_load((folder / "plan.yaml").read_text(encoding="utf-8"))
    for target in plan["targets"]:
        target["measure"] = MEASURES.get(target["indicator"], target["measure"])
    (folder / "plan.yaml").write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    rows = returns()
    rows = rows.assign(indicator=rows["indicator"].replace("centres", "teachers"))
    rows = rows[rows["indicator"].isin(["classes", "teachers"])]
    asked = {"returns": rows, "published": "none", "lang": "vi"}
    plan = va.load_plan(folder)
    assert plan.counted_in == "classes"
    study = va.open_study(plan, "2026-H1", **asked)
    told = "\n".join(text for _, text in texts_of(document_of(study)))
    assert "9 người" in told
    assert not re.search(r"\b9 lớp", told)
    mine = va.open_study(plan, "2026-H1", unit="s1", **asked)
    with counting(plan.counted_in):
        assert "3 người" in verdict(mine.assessment("teachers")).vi
