"""A plan's own words: lines of the package that it words otherwise in `words.yaml`, checked when it is read."""

import shutil

import pytest

import vetanalysis as va
from vetanalysis import show
from vetanalysis.blocks import Cell, Said
from vetanalysis.documents.html import html_text
from vetanalysis.documents.word import write_word
from vetanalysis.errors import PlanInvalid
from vetanalysis.language.cells import printed, worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative.report import report_document
from vetanalysis.narrative.tables import answer
from vetanalysis.paths import plans_root
from vetanalysis.plan import load_plan
from vetanalysis.report import document_of

OTHERWISE = """
report.prompt.next:
  vi: "Việc quan trọng <b>nhất</b> của kỳ tới."
targets.results:
  vi: "{{period|period}} mới đạt {{value|quantity(measure)}}, {{distance}}."
targets.gap.short:
  vi: "{{period|period}} mới đạt {{latest|quantity(measure)}}, thiếu {{distance}}."
  en: "{{period|period}} had {{latest|quantity(measure)}}, {{distance}} short."
answers.table.title:
  en: "Targets as of {{as_of|period}}"
"""


@pytest.fixture
def plan_folder(tmp_path):
    """A copy of a plan whose words the test writes."""

    def made(words, name="lang-son-2023"):
        folder = tmp_path / name
        shutil.copytree(plans_root() / name, folder)
        (folder / "words.yaml").write_text(words, encoding="utf-8")
        return folder

    return made


def test_a_plan_without_words_has_none():
    assert load_plan("lang-son-2023").words == {}


def test_words_of_a_plan_stand_in_every_form_of_its_documents(plan_folder, tmp_path):
    study = va.open_study(plan_folder(OTHERWISE), "2023-start", lang="vi")
    assert study.plan.words["report.prompt.next"] == {"vi": "Việc quan trọng <b>nhất</b> của kỳ tới."}
    document, told = document_of(study), "Năm 2021 mới đạt 57,2%, còn thiếu 4,8 điểm phần trăm để đạt 62%."
    said = {
        sentence.id: sentence.text
        for block in document.blocks
        for sentence in getattr(block, "sentences", ())
    }
    assert said["trained_rate.results"] == told
    page = html_text(document)
    assert told in page
    assert "Việc quan trọng &lt;b&gt;nhất&lt;/b&gt; của kỳ tới." in page
    assert "<b>nhất</b>" not in page
    word = text_of(write_word(document, tmp_path / "report.docx"))
    assert told in word
    assert "Việc quan trọng <b>nhất</b> của kỳ tới." in word


def test_a_language_that_is_not_changed_stays(plan_folder):
    plan = load_plan(plan_folder(OTHERWISE))
    study = va.open_study(plan.folder, "2023-start", lang="en")
    told = report_document(plan, study.assessments, as_of="2023-start", sources={})
    english, vietnamese = (worded(told, lang, plan.words) for lang in ("en", "vi"))
    titles = [getattr(block, "title", "") for document in (english, vietnamese) for block in document.blocks]
    assert "Targets as of the start of 2023" in titles
    assert "Các chỉ tiêu của kế hoạch, số liệu tính đến đầu năm 2023" in titles
    assert "had 57.2%, 4.8 percentage points short" in show.reading(study, study.assessments[0]).data


def test_the_terminal_speaks_in_the_plans_words(plan_folder):
    folder = plan_folder('answers.column.goal: {vi: "Phải đạt"}')
    assert "Phải đạt" in answer(va.open_study(folder, "2023-start"), "vi")


def test_a_plan_that_extends_another_takes_its_words_and_may_change_them(plan_folder):
    base = plan_folder(OTHERWISE, "lang-son-2023")
    folder = base.parent / "more"
    folder.mkdir()
    (folder / "plan.yaml").write_text("extends: lang-son-2023\n", encoding="utf-8")
    (folder / "words.yaml").write_text('report.prompt.next: {en: "What comes next."}\n', encoding="utf-8")
    words = load_plan(folder).words
    assert words["report.prompt.next"] == {
        "vi": "Việc quan trọng <b>nhất</b> của kỳ tới.", "en": "What comes next.",
    }  # fmt: skip
    assert set(words) == {"report.prompt.next", "targets.results", "targets.gap.short", "answers.table.title"}


@pytest.mark.parametrize(
    ("words", "rule", "place", "told"),
    [
        ('targets.gap.shrt: {vi: "x"}', "words-unknown", "targets.gap.shrt (line 1)", "targets.gap.short"),
        ('\ntarget.aim: {vi: "x"}', "words-unknown", "target.aim (line 2)", "targets.aim"),
        (
            'targets.gap.short: {vi: "{{latset|quantity(measure)}}"}',
            "words-fact", "targets.gap.short.vi (line 1)", '"latest"',
        ),
        ('targets.gap.short: {vi: "{% if x %}"}', "words-syntax", "targets.gap.short.vi (line 1)", "{%"),
        ('targets.gap.short: {fr: "x"}', "words-language", "targets.gap.short.fr (line 1)", "fr"),
        ('likelihood.icd203.likely: {vi: "chắc"}', "words-locked", "likelihood.icd203.likely (line 1)", "cannot"),
        ('likelihood.with_range: "{{words}}"', "words-locked", "likelihood.with_range (line 1)", "always stand"),
        ('opening.illustrative: {en: "REAL"}', "words-locked", "opening.illustrative (line 1)", "illustrative"),
        ('targets.figure.illustrative: ""', "words-locked", "targets.figure.illustrative (line 1)", "illustrative"),
        (
            'targets.headline: {en: "it will be {{status|likelihood}}."}',
            "words-left-out", "targets.headline.en (line 1)", '"lower_80"',
        ),
        ("targets.aim: [", "plan-yaml", "", "YAML"),
        ("targets.aim: 3", "words-shape", "targets.aim (line 1)", "count.counted_to"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_refused_with_file_key_and_the_nearest(plan_folder, words, rule, place, told):
    with pytest.raises(PlanInvalid) as refused:
        load_plan(plan_folder(words))
    found = [one for one in refused.value.findings if one.file == "lang-son-2023/words.yaml"]
    assert rule in {one.rule for one in found}
    assert any(one.place.startswith(place) and told in one.line() for one in found)


def text_of(path):
    from docx import Document

    return "\n".join(element.text or "" for element in Document(path).element.body.iter() if element.text)


def test_a_plan_words_measures_and_periods_otherwise_everywhere(plan_folder):
    words = """
numbers.people: {vi: "{{count}} lao động"}
numbers.period.9M: {vi: "chín tháng {{ year }}"}
"""
    plan = load_plan(plan_folder(words))
    said = Said("targets.gap.people.none", so_far=5, gap=0, aim="5", as_of="2023-9M")
    assert sentence(said, "vi", plan.words) == sentence(said, "vi").replace("người", "lao động").replace(
        "9 tháng đầu", "chín tháng"
    )
    assert printed(Cell(7400, "people"), "vi", plan.words) == "7.400 lao động"
    assert printed(Cell(7400, "about_bare"), "vi", plan.words) == "7.400"
    assert printed(Cell(7400, "people"), "vi") == "7.400 người"


def test_a_filter_where_only_facts_may_stand_is_refused(plan_folder):
    with pytest.raises(
        PlanInvalid, match=r"numbers\.people\.en \(line 1\): this line takes text and names of facts only"
    ):
        load_plan(plan_folder('numbers.people: {en: "{{count|capital}} people"}'))
