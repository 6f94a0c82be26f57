"""Plans outside Viet Nam: nothing in their English reports, tables and terminal is Viet Nam's, at any cut-off."""

import io
import re
import shutil
import zipfile

import pytest
from invented import schools, unemployment
from invented.writing import edit
from report_text import found_in, texts_of

import vetanalysis as va
from vetanalysis.blocks import Said
from vetanalysis.cli.main import main
from vetanalysis.documents.html import html_text
from vetanalysis.documents.word import word_bytes
from vetanalysis.language.lines import lines_of
from vetanalysis.language.numbers import of_plan
from vetanalysis.language.own_words import check_words
from vetanalysis.language.render import sentence
from vetanalysis.narrative import opening
from vetanalysis.narrative.tables import answer
from vetanalysis.periods import Cutoff, deadline, window
from vetanalysis.plan import load_plan
from vetanalysis.report import document_of
from vetanalysis.returns.lists import reporting_units
from vetanalysis.returns.template import build_form
from vetanalysis.scenarios.what_if import standard_of

ABROAD = "  country: NL\n  currency: {vi: euro, en: euros}\n"


@pytest.fixture(scope="module")
def colleges(tmp_path_factory):
    """The plan of colleges, placed in a country of its own with a title and names inside sentences."""
    written = schools.write(tmp_path_factory.mktemp("abroad"))
    edit(written.folder / "plan.yaml", ('  country: "XH"\n', ABROAD))
    return written


@pytest.fixture(scope="module")
def study(colleges):
    return va.open_study(colleges.folder, "2025-H1", lang="en", returns=colleges.data)


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    return unemployment.write(tmp_path_factory.mktemp("jobs"))


@pytest.mark.parametrize("name", ["colleges", "jobs"])
def test_nothing_in_a_report_is_viet_nams_at_any_cutoff(colleges, jobs, study, name):
    written = {"colleges": colleges, "jobs": jobs}[name]
    if name == "jobs":
        study = va.open_study(written.folder, written.cutoffs[0], lang="en", returns=written.data)
    for as_of in (written.cutoffs[0], *written.cutoffs[1::4], written.cutoffs[-1]):
        view = study.at(as_of)
        document = document_of(view)
        texts = [text for _, text in texts_of(document)] + [answer(view, "en")]
        assert found_in("\n".join(texts)) == [], as_of
        assert "[Results of task]" not in texts
        assert document.head.national_title == document.head.number_line == document.head.motto == ""
        assert not document.signature.recipients


def test_word_and_page_have_a_plain_head(study):
    with of_plan(study.plan):
        document = document_of(study)
        page = re.sub(r"(?s)<style.*?</style>|base64,[A-Za-z0-9+/=]+", "", html_text(document))
        package = zipfile.ZipFile(io.BytesIO(word_bytes(document)))
    words = re.sub(r"<[^>]+>", "\n", package.read("word/document.xml").decode("utf-8"))
    assert found_in(page) == found_in(words) == []
    assert 'class="plain"' in page
    assert "this report gives the results." in page
    assert "Highland Republic" in page
    assert not re.search(r"\b(of|in|for|under) Highland Republic", page)  # a sentence gives it its article
    assert "./." not in words


def test_a_plan_of_viet_nam_keeps_its_head_and_its_closing_mark():
    study = va.open_study("lang-son-2023", "2023-start", lang="vi", returns="none")
    document = document_of(study)
    assert document.head.national_title.startswith("CỘNG HÒA")
    assert "[Kết quả" not in document.head.subject
    assert document.signature.recipients_label == "Nơi nhận:"


def test_published_figures_and_past_statements_are_those_of_viet_nam(jobs):
    plan = load_plan(jobs.folder)
    assert not plan.in_viet_nam
    assert va.load_observations(plan, returns=None).empty
    own = load_plan("lang-son-2023")
    assert len(va.load_observations(own, returns=None)) > 1000


def test_a_country_with_the_code_of_a_province_takes_none_of_its_figures(tmp_path):
    for country, figures in (("", 0), ("FR", 0), ("VN", 100)):
        folder = tmp_path / f"p{country}"
        call = ["new-plan", str(folder), "--place", "20", "--place-name", "Haute", "--years", "2023",
                "--target", "trained_rate>=62%", "--country", country]  # fmt: skip
        assert main(call) == 0
        plan = load_plan(folder)
        assert (len(va.load_observations(plan, returns=None)) >= figures) is True
        assert va.load_observations(plan, returns=None).empty is (figures == 0)
        assert plan.layout == ("decree-30" if country == "VN" else "plain")


@pytest.mark.parametrize(
    ("country", "due", "window_of_quarter"),
    [("VN", "2026-05-05", ("2026-01-15", "2026-04-14")), ("DE", "2026-05-04", ("2026-02-01", "2026-04-30"))],
)
def test_days_off_and_windows_of_viet_nam_are_not_everyones(tmp_path, country, due, window_of_quarter):
    """By months the first quarter ends on Thursday 30 April 2026; Friday 1 May is a working day where no plan says no.

    Without a rule for its windows a plan of Viet Nam counts as Decree 09/2019 does, another whole months.
    """
    folder = tmp_path / "p"
    call = ["new-plan", str(folder), "--place", "X", "--place-name", "X", "--years", "2026", "--year-starts", "02-01",
            "--target", "dropout_rate<=4%", "--country", country]  # fmt: skip
    assert main(call) == 0
    quarter = Cutoff(2026, "Q1")
    assert deadline(quarter, load_plan(folder).calendar, "province").isoformat() == due
    edit(folder / "plan.yaml", ("  window_rule: calendar", "  # window_rule: calendar"))
    ends = window(quarter, load_plan(folder).calendar)
    assert tuple(day.isoformat() for day in ends) == window_of_quarter


def test_money_is_that_of_the_plan(colleges):
    plan = load_plan(colleges.folder)
    said = Said("indicators.amount", value=12.5, measure="million_dong")
    told = {
        lang: (
            sentence(Said("names.measure.million_dong"), lang, plan.words),
            sentence(Said("tasks.figure", label="x", value=12.5, measure="million_dong"), lang, plan.words),
        )
        for lang in ("vi", "en")
    }
    assert told["en"][0] == "Million euros"
    assert told["en"][1].endswith("12.5 million euros")
    assert told["vi"] == ("Triệu euro", told["vi"][1])
    assert told["vi"][1].endswith("12,5 triệu euro")
    assert sentence(Said("names.measure.million_dong"), "en") == "Million dong"
    assert said.facts["value"] == 12.5


def test_a_title_stands_in_quotes_or_as_the_plan_says(colleges, tmp_path):
    def subject_of(folder):
        plan = load_plan(folder)
        said = opening.subject(plan, plan.check_cutoff("2025-H1"), plan.place.code)
        return sentence(said, "en", plan.words)

    assert subject_of(colleges.folder).endswith("under the plan of colleges 2023-2026")
    text = (colleges.folder / "plan.yaml").read_text(encoding="utf-8")
    place = colleges.folder.parent / "acts"
    shutil.copytree(colleges.folder, place)
    bare = re.sub(r"(?m)^title_in:.*\n", "", text)
    (place / "plan.yaml").write_text(bare, encoding="utf-8")
    assert "under the plan “Plan of colleges" in subject_of(place)
    line = "title_in: {vi: kế hoạch này, en: the colleges act}\n"
    (place / "plan.yaml").write_text(line + bare, encoding="utf-8")
    assert subject_of(place).endswith("under the colleges act")
    more = (
        place.parent / "more"
    )  # whoever gives the plan another title does not inherit how the old one stood
    more.mkdir()
    (more / "plan.yaml").write_text("extends: acts\ntitle: {vi: Khác, en: Another}\n", encoding="utf-8")
    assert load_plan(more).title_in is None
    assert load_plan(more).place.name_in is not None


def test_forms_have_no_trades_of_viet_nam_and_no_scenario_of_its_levels(study, tmp_path):
    plan = study.plan
    cutoff = plan.check_cutoff("2025-H1")
    unit = next(one for one in reporting_units(plan, cutoff) if one.startswith("c"))
    path = build_form(plan, unit, cutoff).save(tmp_path / "form.xlsx")
    text = "".join(
        zipfile.ZipFile(path).read(name).decode("utf-8", "ignore")
        for name in zipfile.ZipFile(path).namelist()
        if name.endswith(".xml")
    )
    assert "Lái xe" not in text
    assert "college_places" not in {one.id for one in standard_of(plan)}
    assert "college_places" in {one.id for one in standard_of(load_plan("lang-son-2023"))}


def test_check_and_letters_are_plain(colleges, capsys):
    call = [
        "check",
        str(colleges.folder),
        "--as-of",
        "2025-H1",
        "--returns",
        str(colleges.data),
        "--lang",
        "en",
    ]
    main(call)
    assert found_in(capsys.readouterr().out) == []


def test_the_words_of_the_plain_layout_are_words_of_lines_there_are():
    """As a plan's own: each names a line, uses its facts and keeps what the line keeps."""
    words = {key: {lang: line[lang] for lang in ("vi", "en")} for key, line in lines_of("plain").items()}
    found = [one for one in check_words(words, "plain.yaml") if one.place != "documents.ended.en"]
    assert [(one.place, one.rule) for one in found] == []
