"""`report --pdf`: a PDF of the same beside the Word file, or one line that says what is missing."""

import json
import shutil

import pytest

from vetanalysis.cli.main import main
from vetanalysis.documents import pdf
from vetanalysis.pipeline.due import KEPT, RUN, decide
from vetanalysis.pipeline.execute import Stopped, stopping
from vetanalysis.pipeline.jobs import Job, reports_of
from vetanalysis.pipeline.run import run_job
from vetanalysis.pipeline.store import entries_under

OPTIONS = {"returns": "none", "published": "default", "known_by": "", "seed": 1}
needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")


def _report(out, *options):
    call = ["report", "lang-son-2023", "--as-of", "2023-start", "--returns", "none", "--lang", "en"]
    return main([*call, "--out", str(out), "--quiet", *options])


def _reports(out, with_pdf):
    return reports_of("lang-son-2023", "2023-start", ["20"], ["en"], out, {**OPTIONS, "pdf": with_pdf}, "20")


@pytest.mark.system
@needs_libreoffice
def test_a_pdf_comes_with_the_report_stands_in_its_manifest_and_on_the_index_page(tmp_path):
    assert _report(tmp_path, "--pdf") == 0
    place = tmp_path / "lang-son-2023" / "2023-start" / "20" / "en"
    assert (place / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "report.pdf" in json.loads((place / "manifest.json").read_text(encoding="utf-8"))["files"]
    (entry,) = entries_under(tmp_path)
    assert [one.label for one in entry.files] == ["Word", "HTML", "PDF", "Excel"]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "20/en/report.pdf" in page
    assert "(20-45%)" in page  # as the reports write it
    assert "45 %" not in page
    assert {one.state for asked in (True, False) for one in decide(_reports(tmp_path, asked))} == {KEPT}
    (place / "report.pdf").unlink()
    (without,) = decide(_reports(tmp_path, with_pdf=True))
    assert (without.state, without.why) == (RUN, "report.pdf is missing")


def test_without_libreoffice_the_call_says_what_to_do_before_any_report_begins(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("vetanalysis.documents.pdf.find_libreoffice", lambda: None)
    assert _report(tmp_path / "new", "--pdf") == 1
    said = capsys.readouterr().err
    for words in ("a PDF needs LibreOffice", "libreoffice.org", "open the .docx"):
        assert words in said
    assert not (tmp_path / "new").exists()


@pytest.fixture
def job(tmp_path, monkeypatch):
    """A report without notebooks whose LibreOffice ends without a PDF; a good report is in its place already."""
    fails = tmp_path / "soffice"
    fails.write_text("#!/bin/sh\necho 'no space' >&2\nexit 1\n", encoding="utf-8")
    fails.chmod(0o755)
    monkeypatch.setattr("vetanalysis.documents.pdf.find_libreoffice", lambda: str(fails))
    (job,) = _reports(tmp_path / "reports", with_pdf=True)
    made = type(job)(**{name: getattr(job, name) for name in job.__slots__} | {"notebooks": ()})
    place = tmp_path / "reports" / "lang-son-2023" / "2023-start" / "20" / "en"
    place.mkdir(parents=True)
    (place / "report.html").write_text("good", encoding="utf-8")
    return made


def test_a_pdf_that_fails_fails_its_report_and_the_last_good_one_stays(job, tmp_path):
    (outcome,) = run_job(Job((job,)))
    assert outcome.state == "failed"
    assert outcome.message == "report.docx: LibreOffice made no PDF (no space)"
    kept = tmp_path / "reports" / "lang-son-2023" / "2023-start" / "20"
    assert [path.name for path in (kept / "en").iterdir()] == ["report.html"]
    assert (kept / "en.failed" / "report.docx").is_file()


def test_an_interrupted_run_leaves_no_report_without_its_pdf(job, tmp_path, monkeypatch):
    def interrupted(docx, path):
        stopping.set()
        raise pdf.PdfFailed("ended")

    monkeypatch.setattr(pdf, "write_pdf", interrupted)
    try:
        with pytest.raises(Stopped):
            run_job(Job((job,)))
    finally:
        stopping.clear()
    kept = tmp_path / "reports" / "lang-son-2023" / "2023-start" / "20"
    assert [path.name for path in kept.iterdir()] == ["en"]
