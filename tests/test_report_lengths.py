"""How long reports are as printed: page one holds its picture; the body and the sheets of units take few pages."""

import re
import subprocess

import docx
import pytest
from opened import keep_report, opened
from printed_pages import filled, needs_pages, printed

from vetanalysis.blocks import LANGUAGES
from vetanalysis.documents.word_styles import TABLE_STYLE
from vetanalysis.paths import reports_at
from vetanalysis.report import document_of

PLAN = "lang-son-2023-example"
MOST = {"start": 4, "H1": 6, "9M": 6}  # pages of the body, signature included
SHEETS = {
    "district": ("H1", "186"), "centre": ("9M", "gdnn-tu-thuc-2"), "long": ("9M", "187"),
    "first": ("start", "178"), "longest": ("start", "cd-cnnl-db"),
}  # fmt: skip

pytestmark = [pytest.mark.system, needs_pages]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    study = opened(PLAN, "2023-9M")
    documents = {
        f"{name}-{lang}": document_of(study.at(f"2023-{at}", unit, lang))
        for lang in LANGUAGES
        for name, (at, unit) in (SHEETS | {"start": ("start", "20")}).items()
    } | on_their_days(tmp_path_factory.mktemp("earlier"))
    documents["published-vi"] = document_of(
        opened("lang-son-2023", "2023-start", returns="none").at(lang="vi")
    )
    return printed(documents, tmp_path_factory.mktemp("reports"))


def on_their_days(folder):
    """As an office makes them: the half year's on 20 June; on 20 September, three units overdue, what came since."""
    made = {}
    with reports_at(folder):
        for at, day in (("H1", "2023-06-20"), ("9M", "2023-09-20")):
            study = opened(PLAN, f"2023-{at}", known_by=day)
            made |= {f"{at}-{lang}": document_of(study.at(lang=lang)) for lang in LANGUAGES}
            keep_report(folder, study)
    return made


def signed_on(texts):
    """The number of the page with the signature, the last of the body."""
    return next(number for number, text in enumerate(texts, 1) if re.search("Nơi nhận|Copies to", text))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("at", MOST)
def test_the_body_of_a_report_is_short(made, at, lang):
    assert signed_on(made[f"{at}-{lang}"][1]) <= MOST[at]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SHEETS)
def test_the_sheet_of_a_unit_takes_two_pages_at_most(made, name, lang):
    assert signed_on(made[f"{name}-{lang}"][1]) <= 2


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["first", "longest"])
def test_before_the_year_begins_a_unit_gets_one_page_and_one_of_methods(made, name, lang):
    texts = made[f"{name}-{lang}"][1]
    assert signed_on(texts) == 1
    assert re.search("ngày 15/3/2023|ngày 16/3/2023|1[56] *March *2023", " ".join(texts[0].split()))
    assert len(texts) == 2


@pytest.mark.parametrize("name", [*(f"{at}-{lang}" for at in MOST for lang in LANGUAGES), "published-vi"])
def test_page_one_holds_the_answer_the_table_and_the_picture(made, name):
    first = made[name][1][0]
    assert re.search(r"(Bảng|Table) 1\.", first)
    assert re.search(r"(Hình|Figure) 1\.", first)


@pytest.mark.parametrize(
    "name", [*(f"{one}-{lang}" for one in (*MOST, *SHEETS) for lang in LANGUAGES), "published-vi"]
)
def test_every_row_of_a_table_is_printed(made, name):
    """In the order in which it is drawn, the PDF holds the words of each row one after the other."""
    pdf = made[name][0]
    raw = subprocess.run(
        ["pdftotext", "-raw", str(pdf), "-"], capture_output=True, check=True
    ).stdout.decode()
    drawn = "".join(raw.split())
    tables = [
        one for one in docx.Document(str(pdf.with_suffix(".docx"))).tables if one.style.name == TABLE_STYLE
    ]
    rows = [
        "".join("".join(cell.text.split()) for cell in row.cells[:2])
        for table in tables
        for row in table.rows[2:]
    ]
    assert tables
    assert [row for row in rows if row not in drawn] == []


@pytest.mark.parametrize(
    "name", [*(f"{one}-{lang}" for one in (*MOST, *SHEETS) for lang in LANGUAGES), "published-vi"]
)
def test_no_printed_page_but_the_last_ones_is_less_than_a_third_full(made, name):
    """The last of the body and of the whole may be; there, too, the signature stands with some lines of text."""
    pdf, texts = made[name]
    shares = filled(pdf)
    short = [
        (number, round(share, 2))
        for number, share in enumerate(shares, 1)
        if share < 1 / 3 and number not in (signed_on(texts), len(shares))
    ]
    assert short == []
    assert min(shares) > 0.1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("at", [*MOST, *SHEETS])
def test_no_printed_page_ends_with_a_heading(made, at, lang):
    pdf, texts = made[f"{at}-{lang}"]
    word = docx.Document(str(pdf.with_suffix(".docx")))
    headings = {
        "".join(one.text.split()).casefold()
        for one in word.paragraphs
        if one.style.name.startswith("Heading")
    }
    lasts = ["".join(text.rstrip().rsplit("\n", 1)[-1].split()).casefold() for text in texts]
    assert headings
    assert not headings & set(lasts)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("at", MOST)
def test_page_one_is_the_answer_alone(made, at, lang):
    """LibreOffice may leave a heading alone at its foot, so that the first section begins a page."""
    lines = [line.strip() for line in made[f"{at}-{lang}"][1][1].splitlines() if line.strip()]
    assert any(line.startswith(("I. TÌNH HÌNH", "I. DIRECTION")) for line in lines[:4])


def test_a_silent_unit_has_no_annex_of_figures_of_another_period():
    study = opened(PLAN, "2023-9M")
    assert document_of(study.at("2023-9M", "gdnn-tinh-2", "vi")).appendices == ()
    assert document_of(study.at("2023-9M", "178", "vi")).appendices != ()
