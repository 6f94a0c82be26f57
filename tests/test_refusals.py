"""A refusal is told in the languages of its reader; a reader that has seen enough ends the command quietly."""

import subprocess
import sys

import pytest

from vetanalysis.blocks import Text
from vetanalysis.cli.main import main
from vetanalysis.errors import DataRefused, Finding, NotAssessable, WrongCall

VIETNAMESE, ENGLISH = "không có kế hoạch", "unknown plan"


@pytest.mark.parametrize(
    ("options", "vi", "en"),
    [
        ([], True, True),
        (["--lang", "vi"], True, False),
        (["--lang", "en"], False, True),
        (["--lang", "xx"], True, True),
    ],
)
def test_the_reader_chooses_the_language(capsys, options, vi, en):
    no_plan = "xx" not in options  # which languages there are is known of a plan that exists
    plan = "lang-son-2032" if no_plan else "lang-son-2023"
    assert main(["assess", plan, "--as-of", "2023-start", *options]) == 2
    said = capsys.readouterr().err
    asked = VIETNAMESE if no_plan else "--lang"
    assert (asked in said) is vi
    assert ("use vi, en" if "xx" in options else ENGLISH) in said or not en
    assert (ENGLISH in said) is (en and "xx" not in options)
    assert all(line.startswith("vetanalysis: ") for line in said.splitlines())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["assess", "lang-son-2023", "--as-of", "2023-Q9"], "không phải một năm và một kỳ báo cáo"),
        (["assess", "lang-son-2023", "--as-of", "2031-Q1"], "có các năm 2023"),
        (["assess", "lang-son-2023", "--as-of", "2023-Q1", "--unit", "x"], "không có đơn vị 'x'"),
        (
            ["assess", "lang-son-2023", "--as-of", "2023-Q1", "--known-by", "x"],
            "viết ngày theo mẫu 2023-02-01",
        ),
        (["check", "lang-son-2023", "--as-of", "2023-start"], "chưa có báo cáo nào đến hạn"),
        (
            ["template", "lang-son-2023", "--period", "2023-Q1", "--unit", "20"],
            "không thuộc các đơn vị phải báo cáo",
        ),
        (["check", "lang-son-2023", "--as-of", "2023-Q1", "--returns", "no-such"], "không có no-such"),
        (["new-plan", "p", "--place", "1"], "new-plan còn cần"),
    ],
)
def test_analysts_are_told_in_vietnamese(capsys, tmp_path, monkeypatch, call, words):
    monkeypatch.chdir(tmp_path)
    assert main(call) == 2
    assert words in capsys.readouterr().err


def test_findings_and_reasons_stand_in_both_languages():
    found = Finding("error", "a.csv", "row 2", "rule", Text("sai", "wrong"), Text("Sửa", "Correct it"))
    error = DataRefused([found], Text("kế hoạch a: 1 lỗi", "plan a: 1 problem"))
    assert error.told("vi") == "kế hoạch a: 1 lỗi\nlỗi: a.csv, row 2: sai. Sửa [rule]"
    assert (
        error.told("en") == str(error) == "plan a: 1 problem\nerror: a.csv, row 2: wrong. Correct it [rule]"
    )
    assert NotAssessable(Text("thiếu số", "no figures")).told("vi") == "thiếu số"
    assert WrongCall("plain").told("vi") == "plain"


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is told otherwise there")
def test_a_pipe_that_is_closed_early_leaves_no_trace():
    with subprocess.Popen(
        [sys.executable, "-m", "vetanalysis", "assess", "lang-son-2023", "--as-of", "2023-start"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as program:  # fmt: skip
        program.stdout.close()
        assert b"Traceback" not in program.stderr.read()
