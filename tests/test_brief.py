"""One page to sign and a text to send on: cut from the report, never more than fits."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from opened import opened

from vetanalysis.blocks import Document, Paragraph, Said, Table
from vetanalysis.cli.main import main
from vetanalysis.documents.brief import MOST, message_of, page_of
from vetanalysis.documents.pdf import write_pdf
from vetanalysis.documents.word import write_word
from vetanalysis.language.render import sentence
from vetanalysis.narrative import opening, targets
from vetanalysis.pipeline.record import answers_of
from vetanalysis.report import document_of, told_of

EXAMPLE, README = (
    "lang-son-2023-example",
    Path(__file__).resolve().parent.parent / "vetanalysis/cli/README.md",
)


@pytest.fixture(scope="module")
def studies():
    whole = opened(EXAMPLE, "2023-9M")
    return {
        "place": whole,
        "district": whole.at(unit="186"),
        "without quota": whole.at(unit="gdnn-gdtx-180"),
        "published": opened("lang-son-2023", "2023-start", returns="none"),
        "country": opened("viet-nam-2025", "2023-start"),
    }


@pytest.mark.parametrize(
    ("kind", "lang"),
    [("place", "vi"), ("district", "en"), ("without quota", "vi"), ("published", "vi"), ("country", "en")],
)
def test_a_message_is_short_whole_and_says_nothing_that_the_report_does_not(studies, kind, lang):
    study = studies[kind].at(lang=lang)
    told = told_of(study)
    message = message_of(told, study.unit.label, lang, study.plan.words)
    assert len(message) <= MOST
    assert message.startswith(study.unit.label.get(lang) + ": ")
    assert message.endswith(".")
    page = document_of(study, page_of(told))
    lines = " ".join(block.text for block in page.blocks if isinstance(block, Paragraph))
    numbers = r"\d[\d.,/]*\d|\d"
    named = re.findall(numbers, message.removeprefix(study.unit.label.get(lang)))
    assert set(named) <= set(re.findall(numbers, lines))
    assert named


@pytest.mark.parametrize(("lang", "caveat"), [
    ("vi", "nguồn số liệu không nêu rõ phạm vi"), ("en", "the source does not state the scope of its figures"),
])  # fmt: skip
def test_a_message_says_that_a_chance_rests_on_figures_of_unstated_scope(studies, lang, caveat):
    study = studies["published"].at(lang=lang)
    (one,) = (one for one in study.assessments if one.is_unscoped)
    told = replace(told_of(study), blocks=(opening.key(study.plan, one, [one], None),))
    assert caveat in message_of(told, study.unit.label, lang, study.plan.words)
    mine = studies["place"].assessment(one.target.id)
    assert not mine.is_unscoped
    assert caveat not in sentence(targets.outlook(mine, alone=True), lang)


def test_what_a_message_leaves_out_goes_in_order():
    def keys(length: int, actions: int) -> Document:
        asked = tuple(Said("opening.key.action", number=n, what="7" * length) for n in range(1, actions + 1))
        lines = tuple(
            Said("documents.message", id=f"key.{name}", name=name, told="7" * length)
            for name in ("reached", "plan", "before", "outlook")
        )
        act = Said("opening.key.actions", id="key.actions", told=asked, what="7" * length)
        return Document("", "", None, (Paragraph((*lines, act), "key"),), None)

    def parts(length: int, actions: int = 3) -> list[str]:
        message = message_of(keys(length, actions), "A", "en")
        assert len(message) <= MOST
        named = [name for name in ("reached", "plan", "before", "outlook") if f"{name}:" in message.lower()]
        return [*named, message.count("7" * length) - len(named)]

    assert parts(20) == ["reached", "plan", "before", "outlook", 3]
    assert parts(50) == ["reached", "plan", "before", "outlook", 2]
    assert parts(60) == ["reached", "plan", "before", "outlook", 1]
    assert parts(75) == ["reached", "plan", "outlook", 1]
    assert parts(110) == ["reached", "plan", "outlook", 0]
    assert parts(160) == ["reached", "outlook", 0]
    assert message_of(keys(500, 1), "A", "en").endswith("…")


def test_the_page_holds_the_answer_the_table_and_who_signs(studies):
    told = told_of(studies["place"])
    page = page_of(told)
    assert [type(block) for block in page.blocks] == [Paragraph, Table]
    assert page.blocks[1].id == "targets"
    assert (page.appendices, page.head, page.signature) == ((), told.head, told.signature)


def test_the_command_writes_the_short_form_alone_and_prints_the_message(tmp_path, capsys):
    call = [
        "report",
        "lang-son-2023",
        "--as-of",
        "2023-start",
        "--returns",
        "none",
        "--brief",
        "--lang",
        "vi",
    ]
    assert main([*call, "--out", str(tmp_path)]) == 0
    folder = tmp_path / "lang-son-2023" / "2023-start" / "20" / "brief"
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
        "brief.vi.docx", "brief.vi.html", "message.vi.txt",
    }  # fmt: skip
    message = (folder / "message.vi.txt").read_text(encoding="utf-8").strip()
    assert message in capsys.readouterr().out
    texts = [line.text for line in docx.Document(folder / "brief.vi.docx").paragraphs]
    assert any(text.startswith("Theo diễn biến đến nay:") for text in texts)


def test_the_page_of_the_command_names_what_is_written():
    text = README.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if "--brief" in line)
    assert all(name in row for name in ("brief.<lang>.docx", "message.<lang>.txt", str(MOST), "/brief/"))


@pytest.mark.system
@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdfinfo")), reason="needs LibreOffice and poppler"
)
@pytest.mark.parametrize("kind", ["place", "published"])
def test_the_short_form_is_one_page(studies, kind, tmp_path):
    study = studies[kind].at(lang="vi")
    write_word(document_of(study, page_of(told_of(study))), tmp_path / "brief.docx")
    write_pdf(tmp_path / "brief.docx", tmp_path / "brief.pdf")
    about = subprocess.run(
        ["pdfinfo", str(tmp_path / "brief.pdf")], capture_output=True, check=True, text=True
    )
    assert re.search(r"Pages:\s+(\d+)", about.stdout)[1] == "1"


def test_a_row_of_the_list_names_what_was_reached_how_likely_and_what_is_asked(studies):
    def rows(kind: str) -> dict:
        study = studies[kind].at(lang="vi")
        document = document_of(study, page_of(told_of(study)))
        return {one["target"]: one for one in answers_of(study, document, "")["answers"]}

    place, district = rows("place"), rows("district")
    assert place["people_enrolled"]["number"]["vi"] == "8.758 người, đạt 64,9% kế hoạch năm"
    assert place["people_enrolled"]["chance"]["en"].startswith("about ")
    assert {name: one["applies"] for name, one in place.items()} == dict.fromkeys(place, True)
    assert {name: one["applies"] for name, one in district.items()} == {
        name: name == "people_enrolled" for name in place
    }  # rates are the place's
    assert district["people_enrolled"]["number"]["vi"].endswith(" kế hoạch năm")
    late = opened("lang-son-2023-example", "2023-9M", unit="gdnn-tinh-2")
    silent = answers_of(late, document_of(late, page_of(told_of(late))), "")["answers"][-1]
    assert silent["number"] == {
        "vi": "chưa gửi báo cáo 9 tháng đầu năm 2023",
        "en": "no report yet for the first nine months of 2023",
    }
