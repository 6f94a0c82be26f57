"""What the command line gives to other programs and to a terminal: data, colours, what the Tab key completes."""

import io
import json
import os
import subprocess
import sys

import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.cli import terminal
from vetanalysis.cli.main import main

CALL = ["assess", "lang-son-2023", "--as-of", "2023-start", "--returns", "none"]
NUMBERS = ["median", "lower_80", "upper_80", "probability", "probability_published", "target_value"]


@pytest.fixture(scope="module")
def frame():
    return va.open_study("lang-son-2023", "2023-start", returns="none").table


def test_csv_holds_the_frame_of_assess(frame, capsys):
    assert main([*CALL, "--format", "csv"]) == 0
    read = pd.read_csv(io.StringIO(capsys.readouterr().out), keep_default_na=False, na_values=[""])
    assert read.columns.tolist() == frame.columns.tolist()
    assert read["status"].tolist() == ["unlikely", "not_assessed", "unlikely"]
    pd.testing.assert_frame_equal(read[NUMBERS], frame[NUMBERS], check_dtype=False)


def test_json_holds_the_same_with_null_where_nothing_is_known(frame, capsys):
    assert main([*CALL, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["probability"] for row in rows] == [
        None if pd.isna(value) else value for value in frame["probability"]
    ]
    assert rows[1]["median"] is None
    assert rows[0]["illustrative"] is False
    assert rows[0]["probability_published"] == pytest.approx(frame["probability_published"][0])


def test_an_unknown_form_is_a_wrong_call():
    with pytest.raises(SystemExit) as ended:
        main([*CALL, "--format", "xml"])
    assert ended.value.code == 2


def test_it_tells_its_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == f"vetanalysis {va.__version__}"


def test_missing_returns_are_told_apart_from_the_answer(capsys):
    assert main(["assess", "lang-son-2023", "--as-of", "2023-9M", "--lang", "vi"]) == 0
    told = capsys.readouterr()
    assert "--returns" in told.err
    assert "62%" in told.out
    main([*CALL[:2], "--as-of", "2023-9M", "--returns", "none"])
    assert "--returns" not in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "variables", "coloured"),
    [(Terminal(), {}, True), (io.StringIO(), {}, False), (Terminal(), {"NO_COLOR": "1"}, False),
     (Terminal(), {"TERM": "dumb"}, False)],
)  # fmt: skip
def test_colours_only_where_there_are_some(monkeypatch, stream, variables, coloured):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", "linux")
    painted = terminal.paint("x", "bad", stream)
    assert painted == ("\x1b[31mx\x1b[0m" if coloured else "x")
    assert terminal.paint("x", "no such tone", stream) == "x"


def test_the_answer_in_colours_is_the_answer(monkeypatch, capsys):
    main([*CALL, "--lang", "en"])
    plain = capsys.readouterr().out
    monkeypatch.setattr(terminal, "has_colours", lambda stream: True)
    main([*CALL, "--lang", "en"])
    painted = capsys.readouterr().out
    assert "\x1b[31m- Trained-labour rate: unlikely" in painted
    for code in terminal.CODES.values():
        painted = painted.replace(f"\x1b[{code}m", "")
    assert painted.replace("\x1b[0m", "") == plain


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_shell_is_told_how_to_complete(shell, capsys):
    pytest.importorskip("argcomplete")
    assert main(["completion", shell]) == 0
    assert "vetanalysis" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("vetanalysis tra", ["trace", "track-record"]), ("vetanalysis assess viet", ["viet-nam-2025"]),
     ("vetanalysis assess lang-son-2023 --kn", ["--known-by"])],
)  # fmt: skip
def test_a_shell_completes_verbs_plans_and_options(tmp_path, typed, offered):
    pytest.importorskip("argcomplete")
    out = tmp_path / "out"
    asked = {
        "_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_SHELL": "bash", "COMP_LINE": typed,
        "COMP_POINT": str(len(typed)), "_ARGCOMPLETE_STDOUT_FILENAME": str(out),
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-c", "from vetanalysis.cli.main import main; main()"],
        env={**os.environ, **asked},
        check=False,
    )
    assert sorted(word.strip() for word in out.read_text(encoding="utf-8").splitlines()) == offered
