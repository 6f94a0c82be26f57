"""The ledger: which file counts, on any day; who is missing; what changed; that one bad file stops nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.loading import load_observations
from vetanalysis.observations.brought import check_observations
from vetanalysis.observations.checks import COLUMNS
from vetanalysis.observations.table import latest_vintage
from vetanalysis.paths import sender_and_day
from vetanalysis.plan import Plan, load_plan
from vetanalysis.returns import read_all
from vetanalysis.returns.files import list_returns
from vetanalysis.returns.key import Key
from vetanalysis.returns.ledger import figures_of, inert_cell, inert_csv, load_ledger
from vetanalysis.returns.readings import Reading
from vetanalysis.returns.template import build_form

ENROLLED = Key("people_enrolled", level="elementary", measure="persons", basis="cumulative")
WOMEN = Key("people_enrolled", level="elementary", sex="female", measure="persons", basis="cumulative")
JOBS = Key("jobs_created", measure="persons", basis="cumulative")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def store(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forms filled once: the district 180 for two periods in several states, one institution."""
    folder = tmp_path_factory.mktemp("forms")
    contact = {("contact_name", ""): "Người gửi", ("contact_phone", ""): "0205 111 2222"}
    for name, unit, period, figures, words in (
        ("q1", "180", "2023-Q1", {ENROLLED: 100.0, WOMEN: 40.0}, contact),
        ("h1", "180", "2023-H1", {ENROLLED: 200.0, WOMEN: 80.0}, contact),
        ("h1-corrected", "180", "2023-H1", {ENROLLED: 210.0, WOMEN: 80.0, JOBS: 5.0}, contact),
        ("h1-wrong", "180", "2023-H1", {ENROLLED: 70.0, WOMEN: 80.0}, contact),
        ("other", "cdn-ls", "2023-H1", {ENROLLED: 50.0, WOMEN: 10.0}, {}),
    ):
        build_form(plan, unit, period, figures=figures, words=words, illustrative=True).save(
            folder / f"{name}.xlsx"
        )
    return folder


@pytest.fixture
def returns(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The story of 180: Q1 on time, H1 late, corrected, then a wrong correction. cdn-ls only for H1."""
    monkeypatch.setenv(read_all.CACHE_VARIABLE, str(tmp_path / "cache"))
    folder = tmp_path / "returns"
    send(store, "q1", folder, "2023-Q1/180__2023-03-15")
    send(store, "h1", folder, "2023-H1/180__2023-06-20")
    send(store, "h1-corrected", folder, "2023-H1/180__2023-06-26")
    send(store, "h1-wrong", folder, "2023-H1/180__2023-07-03")
    send(store, "other", folder, "2023-H1/cdn-ls__2023-06-15")
    return folder


def send(store: Path, name: str, folder: Path, file: str) -> Path:
    path = folder / f"{file}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(store / f"{name}.xlsx", path)
    return path


def enrolled(frame: pd.DataFrame, unit: str = "180", period: str = "2023-H1") -> list[float]:
    rows = frame[
        (frame["unit"] == unit) & (frame["period"] == period) & (frame["indicator"] == "people_enrolled")
    ]
    return rows.loc[(rows["level"] == "elementary") & (rows["sex"] == ""), "value"].tolist()


def states(ledger: object) -> dict[str, str]:
    return {one.reading.file.rpartition("/")[2]: one.state for one in ledger.all_versions}


def standing(ledger: object, unit: str, period: str, as_of: str = "2023-H1") -> pd.Series:
    matrix = ledger.matrix(as_of)
    return matrix[(matrix["unit"] == unit) & (matrix["period"] == period)].iloc[0]


def test_the_latest_valid_file_counts_and_a_wrong_one_replaces_nothing(plan: Plan, returns: Path) -> None:
    ledger = load_ledger(plan, returns)
    assert states(ledger) == {
        "180__2023-03-15.xlsx": "valid", "180__2023-06-20.xlsx": "superseded", "180__2023-06-26.xlsx": "valid",
        "180__2023-07-03.xlsx": "refused", "cdn-ls__2023-06-15.xlsx": "valid",
    }  # fmt: skip
    assert enrolled(ledger.observations) == [210.0]
    assert ledger.has_errors
    (error,) = [one for one in ledger.all_findings if one.severity == "error"]
    assert (error.rule, error.file, error.sheet) == (
        "part-above-whole",
        "2023-H1/180__2023-07-03.xlsx",
        "Tuyển mới",
    )
    row = standing(ledger, "180", "2023-H1")
    assert (row["state"], row["days_late"], row["versions"], row["errors"]) == ("corrected", 4, 3, 1)
    assert row["newer_refused"].endswith("180__2023-07-03.xlsx")


@pytest.mark.parametrize(
    ("day", "value", "state", "files"),
    [
        ("2023-06-14", [], "not_due", 1),
        ("2023-06-16", [], "not_due", 2),
        ("2023-06-17", [], "missing", 2),
        ("2023-06-20", [200.0], "late", 3),
        ("2023-06-25", [200.0], "late", 3),
        ("2023-06-26", [210.0], "corrected", 4),
        ("2023-07-02", [210.0], "corrected", 4),
        ("2023-07-03", [210.0], "corrected", 5),
    ],
)
def test_any_past_day_is_replayed(
    plan: Plan, returns: Path, day: str, value: list[float], state: str, files: int
) -> None:
    ledger = load_ledger(plan, returns, known_by=day)
    assert enrolled(ledger.observations) == value
    assert standing(ledger, "180", "2023-H1")["state"] == state
    assert len(ledger.versions) == files
    assert (ledger.versions["received"] <= day).all()
    assert (ledger.observations["vintage"] <= day).all()


def test_a_past_day_is_what_the_folder_gave_that_day(plan: Plan, returns: Path, tmp_path: Path) -> None:
    """Known by a day, and the folder as it was on that day, are the same ledger."""
    then = tmp_path / "then"
    for path in sorted(returns.rglob("*.xlsx")):
        if path.stem.rpartition("__")[2] <= "2023-06-22":
            copy = then / path.relative_to(returns)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    replayed, was = load_ledger(plan, returns, known_by="2023-06-22"), load_ledger(plan, then)
    pd.testing.assert_frame_equal(replayed.observations, was.observations)
    pd.testing.assert_frame_equal(replayed.versions, was.versions)
    assert replayed.all_findings == was.all_findings


def test_an_earlier_day_is_told_from_what_was_read_for_a_later_one(
    plan: Plan, returns: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, "other", returns, "2023-H1/cdsp-ls")  # no day: left out wherever one is asked for
    whole, was = load_ledger(plan, returns), load_ledger(plan, returns, known_by="2023-06-22")
    monkeypatch.setattr("vetanalysis.returns.ledger.read_all", lambda *_, **__: pytest.fail("read again"))
    then = whole.known_on("2023-06-22")
    for name in ("observations", "versions"):
        pd.testing.assert_frame_equal(getattr(then, name), getattr(was, name))
    assert then.left_out == was.left_out != ()
    assert (then.all_findings, then.folder, then.known_by) == (was.all_findings, was.folder, was.known_by)


def test_observations_fit_the_table_and_say_where_they_come_from(plan: Plan, returns: Path) -> None:
    frame = figures_of(load_ledger(plan, returns))
    assert tuple(frame.columns) == COLUMNS
    assert [one for one in check_observations(frame, plan) if one.severity == "error"] == []
    row = frame[(frame["unit"] == "180") & (frame["period"] == "2023-Q1") & (frame["sex"] == "female")].iloc[
        0
    ]
    assert row["source"] == "2023-Q1/180__2023-03-15.xlsx!Tuyển mới!D8"
    assert row["vintage"] == "2023-03-15"
    assert bool(frame["illustrative"].all())
    loaded = load_observations(plan, returns=returns, published=None, known_by="2023-06-20")
    assert enrolled(loaded) == [200.0]


def test_figures_that_a_later_file_replaced_stand_before_it_as_earlier_vintages(
    plan: Plan, returns: Path
) -> None:
    frame = figures_of(load_ledger(plan, returns, known_by="2023-06-30"))
    rows = frame[(frame["unit"] == "180") & (frame["period"] == "2023-H1") & (frame["sex"] == "")]
    told = rows[rows["indicator"] == "people_enrolled"][["vintage", "value"]].values.tolist()
    assert told == [["2023-06-20", 200.0], ["2023-06-26", 210.0]]
    assert enrolled(latest_vintage(frame)) == [210.0]
    counting = load_ledger(plan, returns, known_by="2023-06-30").observations
    assert enrolled(counting) == [210.0]
    assert len(latest_vintage(frame)) == len(latest_vintage(counting))


def test_what_changed_between_two_versions(plan: Plan, returns: Path) -> None:
    ledger = load_ledger(plan, returns)
    table = ledger.changes("180", "2023-H1", 1, 2)
    assert table[["indicator", "before", "after", "difference", "change"]].fillna(-1).values.tolist() == [
        ["people_enrolled", 200.0, 210.0, 10.0, "changed"],
        ["jobs_created", -1, 5.0, -1, "added"],
    ]
    assert table["source"].iloc[0] == "2023-H1/180__2023-06-26.xlsx!Tuyển mới!C8"
    assert ledger.changes("180", "2023-Q1").empty
    assert set(ledger.changes("180", "2023-H1")["change"]) == {"changed", "removed"}
    with pytest.raises(WrongCall, match="no version 9"):
        ledger.changes("180", "2023-H1", 1, 9)


def test_whom_to_phone(plan: Plan, returns: Path) -> None:
    ledger = load_ledger(plan, returns, known_by="2023-07-05")
    chase = ledger.chase("2023-H1").set_index(["unit", "period"])
    row = chase.loc[("180", "2023-H1")]
    assert (row["need"], row["contact"], row["phone"], row["errors"]) == (
        "correction",
        "Người gửi",
        "0205 111 2222",
        1,
    )
    assert ("180", "2023-Q1") not in chase.index
    row = chase.loc[("cdn-ls", "2023-Q1")]
    assert (row["need"], row["deadline"], row["days_late"]) == ("missing", "2023-03-15", 112)
    assert ("cdn-ls", "2023-H1") not in chase.index


def test_coverage_is_the_share_of_the_quotas_that_reported(plan: Plan, returns: Path) -> None:
    table = load_ledger(plan, returns).coverage("2023-H1").set_index("period")
    assert table.loc["2023-Q1", ["units_reported", "quota_reported", "quota_due"]].tolist() == [1, 580, 13500]
    assert table.loc["2023-H1", "quota_reported"] == 580 + 420 + 900 + 1380
    assert table.loc["2023-Q1", "quota_percent"] == pytest.approx(100 * 580 / 13500)


def test_correcting_one_file_changes_exactly_that(plan: Plan, returns: Path, store: Path) -> None:
    before = load_ledger(plan, returns)
    send(store, "h1-corrected", returns, "2023-H1/180__2023-07-10")
    after = load_ledger(plan, returns)
    assert len(after.versions) == len(before.versions) + 1
    old, new = states(before), states(after)
    assert {file for file in old if old[file] != new[file]} == {"180__2023-06-26.xlsx"}
    key = ["unit", "period", "indicator", "level", "sex", "value"]
    pd.testing.assert_frame_equal(before.observations[key], after.observations[key])
    gone = {one.line() for one in before.all_findings} - {one.line() for one in after.all_findings}
    assert gone == set()
    assert before.has_errors
    assert not after.has_errors, "the wrong file stays, but a later one settled it"
    assert {one.file for one in before.open_findings} - {one.file for one in after.open_findings} == {
        "2023-H1/180__2023-06-26.xlsx", "2023-H1/180__2023-07-03.xlsx",
    }  # fmt: skip
    settled = after.findings[after.findings["settled"]]
    assert {"refused", "superseded"} >= set(settled["state"])
    assert "part-above-whole" in set(settled["rule"])
    assert standing(after, "180", "2023-H1")["newer_refused"] == ""
    shutil.copyfile(store / "h1.xlsx", returns / "2023-H1/180__2023-07-03.xlsx")
    corrected = load_ledger(plan, returns)
    assert not corrected.has_errors


def test_two_files_of_one_day(plan: Plan, returns: Path, store: Path) -> None:
    """Different figures on one day: neither counts, the earlier good one stays. The same figures: one counts."""
    send(store, "h1", returns, "2023-H1/180__2023-06-26-b")
    ledger = load_ledger(plan, returns)
    assert enrolled(ledger.observations) == [200.0]
    assert {one.file for one in ledger.all_findings if one.rule == "same-day"} == {
        "2023-H1/180__2023-06-26.xlsx", "2023-H1/180__2023-06-26-b.xlsx",
    }  # fmt: skip
    send(store, "h1-corrected", returns, "2023-H1/180__2023-06-26-b")
    ledger = load_ledger(plan, returns)
    assert enrolled(ledger.observations) == [210.0]
    assert {one.severity for one in ledger.all_findings if one.rule == "same-day"} == {"warning"}


def test_a_file_under_the_name_of_another_unit_is_refused(plan: Plan, returns: Path, store: Path) -> None:
    send(store, "h1", returns, "2023-H1/181__2023-06-15")
    ledger = load_ledger(plan, returns)
    assert standing(ledger, "181", "2023-H1")["state"] == "refused"
    rules = {one.rule for one in ledger.all_findings if "181__" in one.file}
    assert rules - {"not-reported"} == {"unit-differs", "same-content"}
    assert enrolled(ledger.observations) == [210.0]


def test_bad_files_stop_nothing(plan: Plan, returns: Path) -> None:
    folder = returns / "2023-H1"
    (folder / "182__2023-06-15.xlsx").write_bytes(b"")
    (folder / "183__2023-06-15.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (folder / "184__2023-06-15.pdf").write_bytes(b"%PDF-1.4")
    (folder / "185__2023-06-15.xlsx").mkdir()
    locked = folder / "186__2023-06-15.xlsx"
    locked.write_bytes(b"x")
    locked.chmod(0)
    (folder / "187__2023-06-15.csv").write_text("họ và tên,cccd\nA,012345678901\n", encoding="utf-8")
    (folder / "~$180__2023-06-20.xlsx").write_bytes(b"lock")
    (folder / "README.md").write_text("notes", encoding="utf-8")
    ledger = load_ledger(plan, returns)
    assert enrolled(ledger.observations) == [210.0]
    bad = {one.file.partition("/")[2][:3] for one in ledger.all_findings if one.severity == "error"}
    assert {"182", "183", "184", "185", "187"} <= bad
    if os.geteuid() != 0:
        assert "186" in bad
    assert not any("012345678901" in one.line("vi") + one.line("en") for one in ledger.all_findings)
    matrix = ledger.matrix("2023-H1")
    matrix = matrix[matrix["period"] == "2023-H1"].set_index("unit")["state"]
    assert (matrix[["182", "183", "184", "185", "187"]] == "refused").all()
    locked.chmod(0o600)


def test_a_file_without_a_day_counts_until_a_day_is_asked_for(
    plan: Plan, tmp_path: Path, store: Path
) -> None:
    send(store, "q1", tmp_path, "2023-Q1/180")
    ledger = load_ledger(plan, tmp_path)
    assert enrolled(ledger.observations, period="2023-Q1") == [100.0]
    assert standing(ledger, "180", "2023-Q1", "2023-Q1")["state"] == "received"
    then = load_ledger(plan, tmp_path, known_by="2024-01-01")
    assert then.observations.empty
    assert [one["value"] for one in then.left_out] == [100.0, 40.0]
    assert then.observations.attrs["left_out"] == then.left_out


def test_switching_a_rule_off(plan: Plan, returns: Path) -> None:
    ledger = load_ledger(plan, returns, without=["part-above-whole"])
    assert not ledger.has_errors
    assert enrolled(ledger.observations) == [70.0]


def test_what_was_found_is_stored_with_the_facts_behind_its_words(tmp_path: Path) -> None:
    name = Said("returns.quantity", name=Text("Số người", "People"), parts=(Said("names.sex.female"), "x"))
    found = Said("returns.value", name=name, value=12.5)
    finding = Finding("error", "a.xlsx", "B9", "negative", found, Said("rules.negative.do"), "Trang")
    cache, reading = read_all.Cache(tmp_path), Reading("a.xlsx", "00", findings=(finding,))
    cache.put("key", reading)
    stored = cache.get("key")
    assert stored is not None
    assert stored.findings == (finding,)
    assert stored.findings[0].found.get("vi") == "Số người (nữ, x) là 12,5"


def test_the_cache_gives_the_same_ledger_and_notices_every_change(
    plan: Plan, returns: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_ledger(plan, returns)
    calls: list[str] = []
    real = read_all.reading_of
    monkeypatch.setattr(read_all, "reading_of", lambda one, *rest: calls.append(one.file) or real(one, *rest))
    again = load_ledger(plan, returns)
    assert calls == []
    pd.testing.assert_frame_equal(first.observations, again.observations)
    assert (first.all_findings, first.left_out) == (again.all_findings, again.left_out)
    assert again.contact("180") == {"name": "Người gửi", "phone": "0205 111 2222"}
    send(store, "h1-corrected", returns, "2023-H1/180__2023-06-20")
    load_ledger(plan, returns)
    assert calls == ["2023-H1/180__2023-06-20.xlsx"]
    calls.clear()
    for stored in Path(os.environ[read_all.CACHE_VARIABLE]).rglob("*"):
        if stored.is_file():
            stored.write_bytes(b"damaged")
    rebuilt = load_ledger(plan, returns)
    assert len(calls) == 5
    assert len(rebuilt.observations) == len(first.observations)
    changed = plan.model_copy(update={"quotas": plan.quotas.iloc[1:]})
    calls.clear()
    load_ledger(changed, returns)
    assert len(calls) == 5, "another plan is another reading"
    monkeypatch.setenv(read_all.CACHE_VARIABLE, "off")
    calls.clear()
    load_ledger(plan, returns)
    assert len(calls) == 5


def test_a_copy_of_a_folder_is_not_read_again(
    plan: Plan, returns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_ledger(plan, returns)
    monkeypatch.setattr(read_all, "reading_of", lambda *given: pytest.fail("read again"))
    copy = Path(shutil.copytree(returns, tmp_path / "elsewhere"))
    pd.testing.assert_frame_equal(load_ledger(plan, copy).observations, first.observations)


def test_stored_readings_that_nobody_asks_for_are_cleared(tmp_path: Path) -> None:
    cache, reading = read_all.Cache(tmp_path), Reading("a.xlsx", "00")
    for key in ("old", "asked", "new"):
        cache.put(key, reading)
    long_ago = (tmp_path / "new").stat().st_mtime - read_all.UNUSED - 60
    for key in ("old", "asked"):
        os.utime(tmp_path / key, (long_ago, long_ago))
    assert cache.get("asked") is not None
    cache.clear_unused()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["asked", "new"]


def test_processes_read_the_same(plan: Plan, returns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(read_all.CACHE_VARIABLE, "off")
    one, two = load_ledger(plan, returns, jobs=1), load_ledger(plan, returns, jobs=2)
    pd.testing.assert_frame_equal(one.observations, two.observations)
    assert one.all_findings == two.all_findings


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2023-9M/178__2023-09-15.xlsx", ("178", "2023-09-15")),
        ("178__2023-09-15 (sửa).xlsx", ("178", "2023-09-15")),
        ("truong.2-a__2023-09-15.xlsx", ("truong.2-a", "2023-09-15")),  # codes may hold dots
        ("178.yaml", ("178", "")),
        ("178__mới.xlsx", ("178", "")),
    ],
)
def test_a_name_says_who_sent_and_when(name: str, said: tuple[str, str]) -> None:
    assert sender_and_day(name) == said


def test_names_and_folders_say_unit_period_and_day(tmp_path: Path) -> None:
    for file in (
        "2023-9M/178__2023-09-20 (sửa).xlsx",
        "2023-9M/179__2023-13-40.xlsx",
        "note.xlsx",
        ".cache/180.xlsx",
    ):
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    found = list_returns(tmp_path, ["178", "180"])
    assert [(one.file, one.unit, one.period, one.day) for one in found] == [
        ("2023-9M/178__2023-09-20 (sửa).xlsx", "178", "2023-9M", "2023-09-20"),
        ("2023-9M/179__2023-13-40.xlsx", "", "2023-9M", ""),
        ("note.xlsx", "", "", ""),
    ]


def test_wrong_calls(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="does not exist"):
        load_ledger(plan, tmp_path / "nowhere")
    with pytest.raises(WrongCall, match="not a day"):
        load_ledger(plan, tmp_path, known_by="20/9/2023")
    assert load_ledger(plan, tmp_path).observations.empty


def test_a_table_for_a_spreadsheet_is_inert() -> None:
    for bad in ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "  =1", "\t=1"):
        assert str(inert_cell(bad)).startswith("'")
    assert [inert_cell(good) for good in ("-5", "-1,5", "Tuyển mới", "", 3)] == [
        "-5",
        "-1,5",
        "Tuyển mới",
        "",
        3,
    ]
    text = inert_csv(pd.DataFrame({"found": ['=HYPERLINK("http://x")', "a\nb"]}))
    assert text == 'found\n"\'=HYPERLINK(""http://x"")"\na b\n'


def test_the_same_bytes_in_two_periods_are_told_of_the_wrong_file(
    plan: Plan, returns: Path, store: Path
) -> None:
    """The return of a quarter laid into the folder of the half year: the quarter's own file is sound."""
    send(store, "q1", returns, "2023-H1/180__2023-07-10")
    ledger = load_ledger(plan, returns)
    told = [one.file for one in ledger.all_findings if one.rule == "same-content"]
    assert told == ["2023-H1/180__2023-07-10.xlsx"]
