"""The two real plans: nothing of the plan text is left out, and every figure is the published one."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from vetanalysis.blocks import Text
from vetanalysis.plan import Record, load_plan

FOLDER = Path(__file__).parent.parent / "data" / "plans" / "lang-son-2023"
PUBLISHED = Path(__file__).parent / "published"
PLAN = load_plan(FOLDER)
VIET_NAM = load_plan("viet-nam-2025")

# Lines of the plan text that head a section; their order and numbering are data (`number`), not wording.
HEADINGS = {
    "KẾ HOẠCH", "I. MỤC ĐÍCH, YÊU CẦU", "1. Mục đích", "2. Yêu cầu", "II. CHỈ TIÊU CỤ THỂ",
    "III. NHIỆM VỤ VÀ GIẢI PHÁP THỰC HIỆN", "IV. KINH PHÍ THỰC HIỆN", "V. TỔ CHỨC THỰC HIỆN", "Nơi nhận:",
}  # fmt: skip


def texts(value):
    """Every Vietnamese text and every plain string within a record."""
    if isinstance(value, Text):
        yield value.vi
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Record):
        for name in type(value).model_fields:
            if name not in {"units", "quotas", "indicators", "corrections"}:
                yield from texts(getattr(value, name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts(part)


def plain(text):
    """Words only: composed letters, one case, no punctuation, no spaces."""
    return re.sub(r"\W", "", unicodedata.normalize("NFC", text).casefold())


def plan_sentences():
    """The sentences of the scanned text, page breaks closed and its slips corrected."""
    text = unicodedata.normalize("NFC", (FOLDER / "plan.vi.txt").read_text(encoding="utf-8"))
    text = re.sub(r"\n\n(?=[a-zà-ỹ])", " ", text)  # a page break within a sentence
    for slip in PLAN.corrections:
        assert slip.scanned in text
        text = text.replace(slip.scanned, slip.corrected)
    lines = [line.strip() for line in text.splitlines() if line.strip() not in HEADINGS]
    lines = [re.sub(r"^(-|\d\.|Thực hiện(?= Nghị quyết))\s+", "", line) for line in lines]
    pieces = [piece for line in lines for piece in re.split(r"(?<=[.;:])\s|\s(?=\()", line)]
    return [piece for piece in pieces if len(plain(piece)) > 3]


def test_every_sentence_of_the_plan_text_is_in_the_plan():
    held = plain(" ".join(texts(PLAN)))
    left_out = [sentence for sentence in plan_sentences() if plain(sentence) not in held]
    assert len(plan_sentences()) == 98
    assert left_out == []


def test_the_coverage_test_can_fail():
    held = plain(" ".join(texts(PLAN.model_copy(update={"tasks": PLAN.tasks[:-1]}))))
    assert any(plain(sentence) not in held for sentence in plan_sentences())


def test_duties_are_counted_as_in_the_text():
    assert [len(body.duties) for body in PLAN.bodies] == [5, 1, 1, 1, 2, 2, 2, 4, 2]
    assert [body.number for body in PLAN.bodies] == list(range(1, 10))
    assert [task.number for task in PLAN.tasks] == list(range(1, 9))
    assert (len(PLAN.purposes), len(PLAN.requirements), len(PLAN.recipients)) == (4, 5, 10)
    assert len(PLAN.funding_sources) == 3


def test_the_three_targets():
    found = [(one.id, one.operator, one.value, one.measure, one.period) for one in PLAN.targets]
    assert found == [
        ("trained_rate", ">=", 62, "percent", "2023-FY"),
        ("certified_rate", ">=", 25, "percent", "2023-FY"),
        ("people_enrolled", ">=", 13500, "persons", "2023-FY"),
    ]
    whole, part, people = PLAN.targets
    assert part.part_of == whole.id
    assert {(one.base, one.concept) for one in (whole, part)} == {("labour_force", "administrative")}
    assert people.levels == ("elementary", "intermediate", "college")
    assert people.counts == "enrolled"
    assert [(one.base, one.concept) for one in part.related] == [("employed", "ICLS-13")]
    assert [one.indicator for one in people.evidence_from] == ["people_trained"]


def test_every_open_question_has_a_reading_and_a_reason():
    ids = {one.id for one in PLAN.ambiguities}
    assert ids >= {
        "what-13500-counts", "short-courses", "driver-training", "base-of-the-rates", "end-of-2023",
        "reporting-window", "plan-baseline", "employment-after-training",
    }  # fmt: skip
    assert all(one.alternatives for one in PLAN.ambiguities)
    assert {one.id for one in PLAN.reading_of("trained_rate")} == {"base-of-the-rates", "end-of-2023"}


def test_only_the_general_report_is_asked_for_by_the_text():
    for body in PLAN.bodies:
        asked = [one for one in body.sends if not one.proposed]
        assert [one.periods for one in asked] == [("Q", "H", "Y")], body.code
        assert not asked[0].rows
        assert any(one.proposed for one in body.sends)


def test_who_signs_when():
    assert PLAN.plan_signatory.name == "Lương Trọng Quỳnh"
    lines = [line.vi for line in PLAN.plan_signatory.authority]
    assert lines == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert PLAN.signatory_on("2023-12-20").organisation.vi == "Sở Lao động - Thương binh và Xã hội"
    assert PLAN.signatory_on("2025-02-28").organisation.vi == "Sở Lao động - Thương binh và Xã hội"
    assert PLAN.signatory_on("2025-03-01").organisation.vi == "Sở Giáo dục và Đào tạo"
    assert PLAN.number == PLAN.date == ""


def test_units_are_the_published_ones():
    kinds = PLAN.units.groupby("kind").size()
    assert kinds["district"] == 11
    assert kinds["commune"] == 200
    assert PLAN.units["subkind"].value_counts()[["xa", "phuong", "thi-tran"]].tolist() == [181, 5, 14]
    with (PUBLISHED / "lang_son_districts.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            assert PLAN.unit(row["code"]).name == row["name"]
            communes = PLAN.units[(PLAN.units["parent"] == row["code"]) & (PLAN.units["kind"] == "commune")]
            assert len(communes) == int(row["communes"]), row["name"]
    assert len(PLAN.units_on("2025-01-01", "commune")) == 194  # after the mergers of 2024


def test_institutions_of_2021():
    units = PLAN.units[PLAN.units["kind"] == "institution"]
    outside = units["subkind"].isin(["agri_service_centre", "extension_centre"])
    counts = units[~outside].groupby("subkind").size().to_dict()
    assert counts == {
        "college": 4, "gdnn_gdtx_centre": 10, "union_centre": 1, "private_centre": 3, "community_school": 1,
        "provincial_centre": 2,
    }  # fmt: skip
    assert sum(counts.values()) == 21
    assert set(units[units["subkind"] == "college"]["certainty"]) == {"unverified"}


def test_names_are_composed_and_codes_are_text():
    assert all(unicodedata.is_normalized("NFC", name) for name in PLAN.units["name"])
    assert "05971" in PLAN.units["code"].tolist()
    folded = [alias for row in PLAN.units["aliases"] for alias in row.split("|") if alias]
    assert all(alias == alias.strip() for alias in folded)


def test_all_62_rows_have_their_quantities():
    rows = set(PLAN.indicators["row"].dropna().astype(int))
    assert rows == set(range(1, 63))
    assert PLAN.indicators["id"].is_unique
    needed = {"people_enrolled", "people_graduated", "people_dropped_out", "people_in_training"}
    needed |= {"people_trained", "trained_rate", "certified_rate", "labour_force", "jobs_created"}
    assert needed <= set(PLAN.indicators["id"])
    for column in ("label_vi", "label_en", "measure", "sender", "formula_vi", "formula_en", "basis", "kind"):
        assert (PLAN.indicators[column] != "").all(), column
    known = {"up", "down", "plan", "none"}
    assert set(PLAN.indicators["direction"]) <= known


def test_every_task_and_duty_row_is_claimed_once_or_more():
    claimed = {row for task in PLAN.tasks for row in task.rows}
    claimed |= {row for body in PLAN.bodies for one in body.sends for row in one.rows}
    assert claimed == set(range(1, 63))


def test_senders_are_units_or_bodies():
    known = {*PLAN.units["code"], *(body.code for body in PLAN.bodies), "all", "bodies"}
    senders = {sender for cell in PLAN.indicators["sender"] for sender in cell.split("|")}
    assert senders <= known


def test_no_quotas_are_invented():
    assert PLAN.quotas.empty
    assert list(PLAN.quotas.columns) == ["unit", "level", "period", "value", "source", "indicator"]


@pytest.mark.parametrize(
    ("target", "value", "certainty"),
    [("trained_rate", 70, "medium"), ("certified_rate_low", 28, "unverified"),
     ("certified_rate_high", 30, "medium")],
)  # fmt: skip
def test_national_targets(target, value, certainty):
    found = VIET_NAM.target(target)
    assert (found.value, found.certainty, found.period) == (value, certainty, "2025-FY")
    assert found.certainty_note is not None
    if found.indicator == "certified_rate":
        assert (found.base, found.concept) == ("employed", "ICLS-19")


def test_national_plan_years_and_place():
    assert VIET_NAM.years == (2021, 2025)
    assert VIET_NAM.unit(VIET_NAM.place.code).name_en == "Viet Nam"
