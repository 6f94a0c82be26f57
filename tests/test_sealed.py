"""A signed report becomes a record: sealed once, found out when changed, and quoted by the next report."""

import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import narrative_cases as cases
import pytest
from sample_document import sample

from vetanalysis.assessment.issued import (
    NAME,
    issued_reports,
    last_issued,
    last_made,
    read_record,
    statement_of,
)
from vetanalysis.cli import made_reports
from vetanalysis.cli.main import main
from vetanalysis.documents.word import word_bytes
from vetanalysis.errors import DataRefused
from vetanalysis.hashes import file_hash, write_json
from vetanalysis.narrative.of_period import since_last
from vetanalysis.paths import CHECKOUT, DATA_VARIABLE, reports_at
from vetanalysis.pipeline.jobs import inputs_of, reports_of
from vetanalysis.pipeline.seal import verify
from vetanalysis.study import open_study

PLAN = str(CHECKOUT / "data" / "plans" / "lang-son-2023-example")
NAMED = "lang-son-2023-example"


class TheDay(date):
    """The clock of the office: the day on which everything here is sealed."""

    @classmethod
    def today(cls):
        return cls(2023, 10, 5)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr(made_reports, "date", TheDay)
    return tmp_path


def made(desk, as_of="2023-H1", unit="20", result="a" * 64, lang="vi", **said) -> Path:
    """A report in its folder, with its manifest, as the pipeline leaves it; what it says of one target."""
    folder = desk / "reports" / NAMED / as_of / unit / lang
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.docx").write_bytes(_word(as_of, unit, result, lang))
    statement = replace(statement_of(cases.people(probability=0.6, status="likely", gap=5000.0)), **said)
    about = {"plan": NAMED, "as_of": as_of, "unit": unit}
    held = {
        "about": about,
        "parameters": {"lang": lang},
        "result": result,
        "statements": [vars_of(statement)],
    }
    write_json(held, folder / "manifest.json")
    return folder / "report.docx"


@cache
def _word(as_of, unit, result, lang) -> bytes:
    meta = {"report": result, "plan": NAMED, "as_of": as_of, "unit": unit, "lang": lang, "seed": "1"}
    return word_bytes(replace(sample(lang, rows=1), meta=meta))


def vars_of(statement):
    return {name: getattr(statement, name) for name in statement.__dataclass_fields__}


def seal(desk, file, *, as_of="2023-H1", unit="20", on="2023-07-05", lang="en"):
    call = ["seal", str(file), "--plan", PLAN, "--as-of", as_of, "--unit", unit, "--on", on, "--lang", lang]
    return main([*call, "--reports", str(desk / "reports")])


def edited(file: Path, place: Path) -> Path:
    """The file as an office leaves it: another text, the same properties."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(place, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(b"</w:t>", b" (signed)</w:t>", 1))
    return place


def without_mark(file: Path, place: Path) -> Path:
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(place, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"report: aaa", b"nothing: a"))
    return place


def record(desk) -> Path:
    return desk / "data" / "issued" / NAMED / NAME


def test_a_signed_file_is_kept_with_what_its_report_said(desk, capsys):
    file = edited(made(desk), desk / "signed.docx")
    assert seal(desk, file) == 0
    told = capsys.readouterr().out
    (line,) = issued_reports(NAMED)
    kept = record(desk).with_name(line.file)
    assert kept.read_bytes() == file.read_bytes()
    assert line.sha256 == file_hash(file)
    assert line.sha256 in told
    assert line.seal in told
    assert (line.as_of, line.unit, line.lang, line.on, line.before) == (
        "2023-H1",
        "20",
        "vi",
        "2023-07-05",
        "",
    )
    assert (line.statements[0].probability, line.statements[0].gap) == (0.6, 5000.0)
    assert seal(desk, made(desk, unit="186", result="b" * 64), unit="186", on="2023-07-06") == 0
    assert issued_reports(NAMED)[1].before == line.seal
    assert main(["verify", PLAN, "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "2 sealed reports, whole and unchanged" in told
    assert "register: compare" in told


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"as_of": "2023-9M", "on": "2023-10-05"}, "made for lang-son-2023-example 2023-H1 20"),
        ({"unit": "186"}, "not for lang-son-2023-example 2023-H1 186"),
        ({"on": "2023-06-01"}, "before the period ended"),
        ({"on": "2023-10-06"}, "still to come"),
        ({"on": "5/7/2023"}, "give the day of issue"),
        ({"on": "2023-02-30"}, "give the day of issue"),
        ({"unit": "999"}, "999"),
        ({"as_of": "2023-H9"}, "2023-H9"),
    ],
)
def test_a_call_that_cannot_be_right_is_refused_and_nothing_is_kept(desk, capsys, change, says):
    assert seal(desk, made(desk), **change) == 2
    assert says in capsys.readouterr().err
    assert not record(desk).parent.exists() or not any(record(desk).parent.iterdir())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04 and then nothing", "zip"])
def test_what_is_no_word_file_is_refused(desk, capsys, content):
    file = desk / "signed.docx"
    if content == "zip":
        with zipfile.ZipFile(file, "w") as other:
            other.writestr("xl/workbook.xml", "<workbook/>")
    else:
        file.write_bytes(content)
    assert seal(desk, file) == 2
    assert seal(desk, desk / "nowhere.docx") == 2
    assert seal(desk, desk) == 2
    told = capsys.readouterr().err
    assert "not a Word file" in told
    assert "no such file" in told


def test_a_damaged_word_file_is_refused(desk, capsys):
    file = made(desk)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    assert seal(desk, file) == 2
    assert "not a Word file" in capsys.readouterr().err


def test_a_file_is_sealed_once(desk, capsys):
    file = made(desk)
    assert seal(desk, file) == 0
    assert seal(desk, shutil.copy(file, desk / "again.docx"), on="2023-07-09") == 2
    assert "was sealed on 5 July 2023 already (line 1" in capsys.readouterr().err
    assert seal(desk, edited(file, desk / "corrected.docx"), on="2023-07-09") == 0  # a later version
    assert last_issued(issued_reports(NAMED), "20", "2023-9M").on == "2023-07-09"


def test_a_report_that_was_made_again_since_needs_the_manifest_of_then(desk, capsys):
    file = edited(made(desk), desk / "signed.docx")
    then = (desk / "reports" / NAMED / "2023-H1" / "20" / "vi" / "manifest.json").read_bytes()
    made(desk, result="c" * 64, probability=0.9)
    assert seal(desk, file) == 2
    assert "made again or removed" in capsys.readouterr().err
    (desk / "manifest.json").write_bytes(then)
    assert seal(desk, file) == 0
    assert issued_reports(NAMED)[0].statements[0].probability == 0.6


def test_a_file_that_lost_its_properties_is_told_by_the_manifest_beside_it(desk, capsys):
    source = made(desk)
    file = without_mark(source, desk / "signed.docx")
    assert seal(desk, file) == 2
    assert "lay the manifest.json" in capsys.readouterr().err
    shutil.copy(source.with_name("manifest.json"), desk)
    assert seal(desk, file, unit="186") == 2
    assert seal(desk, file) == 0


@pytest.fixture
def three(desk):
    for unit, on in (("20", "2023-07-05"), ("186", "2023-07-06"), ("178", "2023-07-07")):
        assert seal(desk, made(desk, unit=unit, result=unit.zfill(64)), unit=unit, on=on) == 0
    return desk


def lines_of(desk):
    return record(desk).read_text(encoding="utf-8").splitlines()


def rewrite(desk, lines):
    record(desk).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def rules(desk):
    return [(one.place, one.found.key) for one in verify(NAMED)[1]]


def test_a_line_that_was_edited_is_named(three, capsys):
    first, second, third = lines_of(three)
    rewrite(three, [first, second.replace('"probability": 0.6', '"probability": 0.9'), third])
    assert rules(three) == [("row 2", "issued.line_changed")]
    assert main(["verify", PLAN]) == 1
    told = capsys.readouterr()
    assert "đã bị sửa" in told.err
    assert "was changed after it was written" in told.err


def test_a_line_that_was_edited_and_sealed_anew_no_longer_bears_the_next(three):
    first, _, third = lines_of(three)
    line = read_record(record(three))[0][1]
    rewrite(three, [first, replace(line, on="2023-07-01").line(), third])
    assert rules(three) == [("row 3", "issued.chain")]


def test_a_line_taken_out_of_the_middle_is_named_with_the_file_nobody_lists(three):
    first, second, third = lines_of(three)
    rewrite(three, [first, third])
    kept = json.loads(second)["file"]
    assert rules(three) == [("row 2", "issued.chain"), ("", "issued.file_unlisted")]
    assert verify(NAMED)[1][1].file == kept
    rewrite(three, [first, third, second])
    assert {line for _, line in rules(three)} == {"issued.chain"}


def test_a_tail_that_was_cut_shows_its_file_and_else_only_the_register(three, capsys):
    last = json.loads(lines_of(three)[-1])
    rewrite(three, lines_of(three)[:-1])
    assert rules(three) == [("", "issued.file_unlisted")]
    record(three).with_name(last["file"]).unlink()
    assert main(["verify", PLAN, "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert last["before"] in told
    assert last["seal"] not in told
    assert "shows only against the office's register" in told


@pytest.mark.parametrize(
    "damage",
    ["{", "", "[]", "nan", '{"number": 1}', "[" * 100_000, '{"number": ' + "9" * 5000 + "}"],
)
def test_a_damaged_line_is_named_and_stops_seal_and_report(three, capsys, damage):
    lines = lines_of(three)
    rewrite(three, [lines[0], damage, lines[2]])
    assert ("row 2", "issued.unreadable") in rules(three)
    with pytest.raises(DataRefused, match="row 2"):
        issued_reports(NAMED)
    assert seal(three, made(three, unit="183", result="d" * 64), unit="183") == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_report_beside_a_damaged_record_is_refused_before_it_is_begun(three, capsys):
    rewrite(three, [*lines_of(three)[:2], "{"])
    none = ["--returns", "none", "--published", "none", "--out", str(three / "out")]
    assert main(["report", PLAN, "--as-of", "2023-9M", "--dry-run", *none]) == 1
    assert "issued.jsonl, row 3: this line cannot be read" in capsys.readouterr().err


def test_a_record_in_other_bytes_is_refused(three):
    record(three).write_bytes("số".encode("utf-16"))
    with pytest.raises(DataRefused, match="UTF-8"):
        issued_reports(NAMED)


def test_other_ends_of_lines_change_nothing(three):
    record(three).write_bytes(record(three).read_bytes().replace(b"\n", b"\r\n"))
    assert not rules(three)


def test_files_that_are_changed_missing_or_unlisted_are_named(three):
    first, second, _ = (record(three).with_name(one.file) for one in issued_reports(NAMED))
    first.write_bytes(b"other")
    second.unlink()
    (second.parent / "notes.txt").write_text("?", encoding="utf-8")
    assert rules(three) == [
        ("row 1", "issued.file_changed"),
        ("row 2", "issued.file_missing"),
        ("", "issued.file_unlisted"),
    ]


def test_a_plan_without_sealed_reports_says_so(desk, capsys):
    assert main(["verify", PLAN, "--lang", "en"]) == 0
    assert "the record is lost" in capsys.readouterr().out


def test_the_next_report_rests_on_what_was_sealed_and_the_sealed_one_does_not(three):
    def due(as_of, known_by=""):
        options = {"returns": "none", "known_by": known_by}
        (one,) = reports_of(PLAN, as_of, ["20"], ["vi"], three / "out", options, "20")
        return {name: seal for name, seal in inputs_of(one).files.items() if name.startswith("issued/")}

    sealed = issued_reports(NAMED)[0]
    assert due("2023-9M") == {f"issued/{sealed.file}": sealed.seal}
    assert not due("2023-H1")
    assert not due("2023-9M", "2023-07-04")


def test_what_the_last_report_said_is_quoted_as_signed():
    now = cases.people(probability=0.9, status="very_likely", gap=2000.0, as_of="2023-9M")
    then = statement_of(cases.people(probability=0.6, status="likely", gap=5000.0))
    told = since_last(now, then, "2023-H1", "2023-07-05")
    assert " so với báo cáo 6 tháng đầu năm 2023 đã ký ngày 05 tháng 7 năm 2023, " in told.get("vi")
    assert "as signed on 5 July 2023" in told.get("en")
    assert "from 5,000 to 2,000" in told.get("en")
    assert since_last(now, replace(then, goal=13000.0), "2023-H1", "2023-07-05") is None


def test_a_report_that_was_made_and_not_sealed_is_quoted_by_the_next(desk):
    made(desk, "2023-Q1", gap=11000.0)
    made(desk, "2023-H1", gap=8967.0)
    made(desk, "2022-FY", gap=1.0)
    (desk / "reports" / NAMED / "2023-9M.failed").mkdir()
    asked = (desk / "reports", NAMED, "20")
    before = last_made(*asked, "2023-9M")
    assert (before.as_of, before.statements[0].gap) == ("2023-H1", 8967.0)
    assert last_made(*asked, "2023-Q1") is None  # that of another year says nothing of this one
    assert last_made(*asked, "2023-9M", known_by="2023-09-20") is None  # it read more than was known by then
    assert last_made(desk / "reports", NAMED, "178", "2023-9M") is None
    one = cases.people(as_of="2023-9M", gap=4742.0, probability=0.68, status="likely")
    told = since_last(one, before.statements[0], before.as_of).vi
    assert " so với báo cáo 6 tháng đầu năm 2023, " in told
    assert "giảm từ 8.967 người xuống 4.742 người" in told
    anew = since_last(one, before.statements[0], before.as_of, recalculated=True).vi
    assert " so với 6 tháng đầu năm 2023 (tính lại), " in anew


def test_a_report_rests_on_the_one_that_it_quotes(desk):
    (report,) = reports_of(PLAN, "2023-9M", ["20"], ["vi"], desk / "reports", {}, "20")
    alone = inputs_of(report).files
    made(desk, "2023-H1", gap=8967.0)
    with_one = inputs_of(report).files
    assert set(with_one) - set(alone) == {f"reports/{NAMED}/2023-H1/20"}
    made(desk, "2023-H1", gap=8929.0)
    assert inputs_of(report).files != with_one


def test_a_study_quotes_reports_of_its_own_run_only(desk):
    made(desk, "2023-H1", gap=8967.0)
    study = open_study(PLAN, "2023-9M", returns="none", published="none")
    assert study.last_made is None
    with reports_at(desk / "reports"):
        assert study.last_made.statements[0].gap == 8967.0
    assert study.last_made is None


def test_cleaning_leaves_what_was_sealed(three):
    shutil.copy(CHECKOUT / "Makefile", three)
    (three / "reports" / "x").mkdir()
    subprocess.run(["make", "-s", "clean"], cwd=three, check=True)
    assert not (three / "reports" / "x").exists()
    assert not rules(three)
