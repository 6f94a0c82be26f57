"""The verbs `check` and `template`, and the reminder letters, as a person at the office meets them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from vetanalysis.cli.check import reminder_letters, write_reminders
from vetanalysis.cli.main import main
from vetanalysis.errors import WrongCall
from vetanalysis.plan import Plan, load_plan
from vetanalysis.returns.key import Key
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.read_all import CACHE_VARIABLE
from vetanalysis.returns.template import build_form

PLAN = "lang-son-2023-example"
ENROLLED = Key("people_enrolled", level="elementary", measure="persons", basis="cumulative")
WOMEN = Key("people_enrolled", level="elementary", sex="female", measure="persons", basis="cumulative")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(PLAN)


@pytest.fixture(scope="module")
def sent(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three returns for 2023-Q1: one good, one whose women exceed the total, one damaged."""
    folder = tmp_path_factory.mktemp("returns")
    words = {("contact_name", ""): "=2+3", ("contact_phone", ""): "0205 111 2222"}
    for unit, women in (("180", 40.0), ("181", 140.0)):
        form = build_form(
            plan, unit, "2023-Q1", figures={ENROLLED: 100.0, WOMEN: women}, words=words, illustrative=True
        )
        form.save(folder / "2023-Q1" / f"{unit}__2023-03-16.xlsx")
    (folder / "2023-Q1" / "182__2023-03-16.xlsx").write_bytes(b"\x1b[31mnot a workbook")
    return folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))


def check(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["check", PLAN, "--as-of", "2023-Q1", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_check_prints_matrix_findings_and_phone_list(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = check(capsys, "--returns", sent)
    assert code == 1
    assert "SỐ LIỆU MINH HỌA" in out
    matrix = out[: out.index("ĐÃ BÁO CÁO")]
    lines = {line.split()[0]: line for line in matrix.splitlines() if line}
    assert lines["180"].endswith("đúng hạn")
    assert lines["181"].endswith("trả lại")
    assert lines["183"].endswith("chưa gửi")
    assert "1/52 đơn vị, chiếm 4,3% chỉ tiêu đã giao (580/13.500 người)" in out
    assert "LỖI 2023-Q1/181__2023-03-16.xlsx, Tuyển mới, D8:" in out
    assert "[part-above-whole]" in out
    phone = out[out.index("CẦN LIÊN HỆ") :]
    assert "183 Huyện Cao Lộc" in phone
    assert "180 Huyện Tràng Định" not in phone
    assert "0205 111 2222" in phone
    assert "\x1b" not in out


def test_check_in_english_as_known_on_a_day(sent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = check(capsys, "--returns", sent, "--lang", "en", "--known-by", "2023-03-15")
    assert code == 0, "nothing had come yet, so nothing is wrong"
    assert "as known on 15 March 2023" in out
    assert "0 files received" in out
    assert "not due yet" in out


def test_correcting_the_file_changes_exactly_that(
    plan: Plan, sent: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "returns"
    shutil.copytree(sent, folder)
    _, before = check(capsys, "--returns", folder)
    form = build_form(plan, "181", "2023-Q1", figures={ENROLLED: 100.0, WOMEN: 14.0}, illustrative=True)
    form.save(folder / "2023-Q1" / "181__2023-03-16.xlsx")
    _, after = check(capsys, "--returns", folder)
    old, new = (
        [" ".join(line.split()) for line in text.splitlines() if "---" not in line]
        for text in (before, after)
    )
    gone, come = [line for line in old if line not in new], [line for line in new if line not in old]
    assert all(
        "181" in line or "/52 đơn vị" in line or "PHÁT HIỆN" in line or "LƯU Ý" in line
        for line in gone + come
    )
    assert any(line.startswith("181 ") and line.endswith("đúng hạn") for line in come)
    assert not any("[part-above-whole]" in line for line in new)


def test_the_table_of_findings_is_inert(
    sent: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out" / "findings.csv"
    check(capsys, "--returns", sent, "--csv", target)
    with target.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {"error", "info"} <= {row["severity"] for row in rows}
    (row,) = [row for row in rows if row["rule"] == "part-above-whole"]
    assert (row["file"], row["sheet"], row["cell"]) == ("2023-Q1/181__2023-03-16.xlsx", "Tuyển mới", "D8")
    assert (row["unit"], row["period"], row["state"]) == ("181", "2023-Q1", "refused")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_a_letter_for_each_unit_to_remind(plan: Plan, sent: Path, tmp_path: Path) -> None:
    import docx

    ledger = load_ledger(plan, sent, known_by="2023-03-20")
    paths = write_reminders(plan, ledger, "2023-Q1", tmp_path / "letters")
    names = [path.stem for path in paths]
    assert names == ledger.chase("2023-Q1")["unit"].drop_duplicates().tolist()
    assert "180" not in names
    assert {"181", "182", "183"} <= set(names)
    word = docx.Document(str(tmp_path / "letters" / "181.docx"))
    text = "\n".join(one.text for one in word.paragraphs)
    assert "V/v gửi báo cáo quý I năm 2023" in text
    assert "Kính gửi: Huyện Bình Gia" in text
    assert "có 1 lỗi nên chưa tổng hợp được" in text
    cells = [cell.text for table in word.tables for line in table.rows for cell in line.cells]
    assert "D8" in cells
    missing = docx.Document(str(tmp_path / "letters" / "183.docx"))
    said = "\n".join(one.text for one in missing.paragraphs)
    assert "Tính đến ngày 20/3/2023, báo cáo quý I năm 2023 của Huyện Cao Lộc chưa được nhận" in said
    assert "quá hạn 4 ngày" in said


def test_letters_in_english_are_marked_illustrative(plan: Plan, sent: Path) -> None:
    letters = reminder_letters(plan, load_ledger(plan, sent), "2023-Q1", "en")
    assert all(one.illustrative and one.banner for one in letters.values())
    assert "Return for the first quarter of 2023" in letters["183"].title or "2023" in letters["183"].title
    assert all(one.head.kind == "" and one.head.addressee for one in letters.values())


def test_template_writes_the_forms_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["template", PLAN, "--period", "2023-Q1", "--unit", "180", "cdn-ls", "--out", str(tmp_path)])
    assert code == 0
    assert capsys.readouterr().out.split() == [str(tmp_path / "180.xlsx"), str(tmp_path / "cdn-ls.xlsx")]
    assert sorted(path.name for path in tmp_path.glob("*.xlsx")) == ["180.xlsx", "cdn-ls.xlsx"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", PLAN, "--as-of", "2023-start"],
        ["check", PLAN, "--as-of", "2030-Q1"],
        ["check", PLAN, "--as-of", "2023-Q1", "--returns", "no-such-folder"],
        ["check", PLAN, "--as-of", "2023-Q1", "--known-by", "yesterday"],
        ["check", PLAN, "--as-of", "2023-Q1", "--without", "no-such-rule"],
        ["check", "no-such-plan", "--as-of", "2023-Q1"],
        ["template", PLAN, "--period", "2023-Q2"],
        ["template", PLAN, "--period", "2023-Q1", "--unit", "20"],
        ["template", PLAN, "--period", "2023-Q1", "--unit", "nobody"],
    ],
)
def test_wrong_calls_end_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("vetanalysis: ")


def test_wrong_unit_writes_nothing(tmp_path: Path) -> None:
    assert (
        main(["template", PLAN, "--period", "2023-Q1", "--unit", "180", "nobody", "--out", str(tmp_path)])
        == 2
    )
    assert list(tmp_path.glob("*.xlsx")) == []
    with pytest.raises(WrongCall):
        load_plan("nobody")
