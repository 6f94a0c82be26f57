"""Figures that came in tables, in one vintage or several: what is known by a day, who sent, what was corrected."""

import re

import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.cli.main import main
from vetanalysis.errors import WrongCall
from vetanalysis.loading import received_of
from vetanalysis.observations.table import published_root
from vetanalysis.report import document_of
from vetanalysis.show import block
from vetanalysis.track.statements import revisions

SHARES = {"Q1": 0.2, "H1": 0.5, "9M": 0.7, "FY": 1.0}
DAYS = {"Q1": "2025-04-05", "H1": "2025-07-05", "9M": "2025-10-05"}
HEAD = ["unit", "period", "indicator", "level", "value"]


def write_plan(folder, count, quotas=True):
    """Units u001 ... with a quota of 100 each year, or none."""
    rows = [(f"u{n:03}", f"Đơn vị {n}", f"Unit {n}", "district") for n in range(1, count + 1)]
    units = pd.DataFrame(rows, columns=["code", "name", "name_en", "kind"]).assign(parent="")
    units.assign(valid_from="", valid_to="").to_csv(folder / "units.csv", index=False)
    main([
        "new-plan", str(folder / "plan"), "--place", "PL", "--place-name", "Tỉnh Thử", "--place-name-en", "Test Land",
        "--years", "2023-2025", "--levels", "basic=Cơ bản|Basic", "--target", f"people_enrolled>={100 * count}@2025-FY",
        "--units", str(folder / "units.csv"),
    ])  # fmt: skip
    given = [
        (code, "basic", f"{year}-FY", 100, "invented")
        for year in (2023, 2024, 2025)
        for code in units["code"]
    ]
    table = pd.DataFrame(given if quotas else [], columns=["unit", "level", "period", "value", "source"])
    table.to_csv(folder / "plan" / "quotas.csv", index=False)
    return folder / "plan"


def figures(count, last="9M", silent=()):
    """Everything known when a cut-off of 2025 was reported; `silent` units sent nothing for that one."""
    rows = []
    for year in (2023, 2024, 2025):
        for code, share in SHARES.items():
            now = (year, code) == (2025, last)
            rows += [
                (f"u{n:03}", f"{year}-{code}", "people_enrolled", "basic", round((80 + 10 * (n % 3)) * share))
                for n in range(1, count + 1)
                if not (now and n in silent)
            ]
            if now:
                return pd.DataFrame(rows, columns=HEAD)
    return None


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    return write_plan(tmp_path_factory.mktemp("three"), 3)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return write_plan(tmp_path_factory.mktemp("many"), 400)


@pytest.fixture
def vintages(tmp_path):
    """Three tables, each with all that was known; the last tells unit 1's first quarter of 2025 as 22 instead of 18."""
    folder = tmp_path / "vintages"
    folder.mkdir()
    for last, day in DAYS.items():
        table = figures(3, last)
        if last == "9M":
            table.loc[(table["unit"] == "u001") & (table["period"] == "2025-Q1"), "value"] = 22
        table.to_csv(folder / f"figures_{day}.csv", index=False)
    return folder


def checked(capsys, plan, returns, *more, as_of="2025-9M"):
    code = main(["check", str(plan), "--as-of", as_of, "--returns", str(returns), "--lang", "en", *more])
    return code, capsys.readouterr().out


def test_figures_of_unknown_day_are_left_out_and_named_with_count_file_and_remedy(three, tmp_path, capsys):
    path = tmp_path / "flat.csv"
    figures(3).to_csv(path, index=False)
    obs = va.load_observations(va.load_plan(three), path, None, known_by="2025-09-01")
    assert obs.empty
    (found,) = obs.attrs["findings"]
    assert (found.severity, found.file, found.found.facts["count"]) == ("warning", "flat.csv", 33)
    assert "vintage" in found.remedy.get("en")
    arguments = ["--as-of", "2025-9M", "--returns", str(path), "--known-by", "2025-09-01"]
    assert main(["assess", str(three), *arguments, "--published", "none", "--lang", "en"]) == 0
    answer = capsys.readouterr().out
    assert "33 figures of unknown day" in answer
    assert "flat.csv" in answer
    code, said = checked(capsys, three, path, "--known-by", "2025-09-01")
    assert code == 0
    assert "33 figures of unknown day" in said
    assert "0 of 3 units" in said


def test_published_figures_of_unknown_day_stand_apart_from_those_somebody_brought(three, tmp_path):
    path = tmp_path / "flat.csv"
    figures(3).to_csv(path, index=False)
    obs = va.load_observations(va.load_plan(three), path, published_root(), known_by="2025-09-01")
    told = {one.severity: one for one in obs.attrs["findings"] if one.rule == "no-known-day"}
    assert told["warning"].found.facts["files"] == ("flat.csv",)
    assert told["info"].found.facts["published"]


def test_the_check_knows_what_was_known_by_a_day(three, vintages, capsys):
    for day, known in (("2025-07-04", 1), ("2025-07-05", 2), ("2025-10-05", 3)):
        _, said = checked(capsys, three, vintages, "--known-by", day)
        reported = re.findall(r"^\w+ 2025: (\d) of 3 units", said, re.M)
        assert reported == ["3"] * known + ["0"] * (3 - known), day
    with pytest.raises(WrongCall):
        received_of(va.load_plan(three), vintages / "nowhere")
    assert (
        main(["check", str(three), "--as-of", "2025-9M", "--returns", str(vintages), "--known-by", "soon"])
        == 2
    )


def test_tables_lie_flat_by_period_or_in_one_file_and_answer_alike(three, tmp_path, capsys):
    table = figures(3)
    table.to_csv(tmp_path / "one.csv", index=False)
    for name in ("flat", "periods"):
        (tmp_path / name).mkdir()
    table.to_csv(tmp_path / "flat" / "all.csv", index=False)
    for period, rows in table.groupby("period"):
        (tmp_path / "periods" / period).mkdir()
        rows.to_csv(tmp_path / "periods" / period / "all.csv", index=False)
    plan, answers = va.load_plan(three), []
    for name in ("one.csv", "flat", "periods"):
        obs = va.load_observations(plan, tmp_path / name, None)
        answers.append(va.assess(plan, obs, as_of="2025-9M")["median"].tolist())
        code, said = checked(capsys, three, tmp_path / name)
        assert (code, "9M 2025: 3 of 3 units" in said) == (0, True), name
    assert answers[0] == answers[1] == answers[2]


def test_one_refused_file_stops_no_other_and_every_error_is_told(three, vintages, capsys):
    figures(3).replace("people_enrolled", "people_enroled").to_csv(vintages / "wrong.csv", index=False)
    code, said = checked(capsys, three, vintages)
    assert code == 1
    assert "unknown-indicator" in said
    assert "9M 2025: 3 of 3 units" in said


def test_what_was_told_again_with_another_value_is_a_correction(three, vintages):
    plan = va.load_plan(three)
    ledger = received_of(plan, vintages)
    states = ledger.matrix("2025-9M").set_index(["unit", "period"])["state"]
    assert states[states == "corrected"].index.tolist() == [("u001", "2025-Q1")]
    changed = ledger.changes("u001", "2025-Q1")
    assert changed[["before", "after"]].to_numpy().tolist() == [[18.0, 22.0]]
    table = revisions(ledger, ("people_enrolled",))
    assert table[["unit", "period", "latest"]].to_numpy().tolist() == [["u001", "2025-Q1", 22.0]]
    assert table.attrs["figures"] == 33


@pytest.mark.parametrize("turned", [False, True])
def test_what_came_on_one_day_is_one_version_whatever_its_order(three, tmp_path, turned):
    plan = va.load_plan(three)
    rows = [("people_graduated", 3), ("people_enrolled", 22)]
    later = [("u001", "2025-Q1", name, "basic", value, "2025-07-01") for name, value in rows]
    first = ("u001", "2025-Q1", "people_enrolled", "basic", 18, "2025-04-01")
    table = pd.DataFrame([first, *(later[::-1] if turned else later)], columns=[*HEAD, "vintage"])
    table.to_csv(tmp_path / "figures.csv", index=False)
    old, new = received_of(plan, tmp_path / "figures.csv").all_versions
    assert [*old.reading.columns["value"]] == [18.0]
    assert sorted(new.reading.columns["value"]) == [3.0, 22.0]


def test_the_track_record_reads_a_folder_of_tables(three, vintages, capsys):
    arguments = ["--returns", str(vintages), "--published", "none", "--lang", "en"]
    assert main(["track-record", str(three), *arguments]) == 0
    assert "later returns corrected 1" in capsys.readouterr().out


@pytest.mark.parametrize("quotas", [True, False])
def test_a_notebook_shows_who_sent_tables(tmp_path, vintages, quotas):
    plan = write_plan(tmp_path, 3, quotas)
    study = va.open_study(plan, "2025-9M", lang="en", returns=vintages, published="none")
    told = block(study, "returns.overview").data
    assert "All 3 units" in told
    assert block(study, "returns.picture") is None
    assert "corrected" in block(study, "returns.matrix").frame.to_string()
    assert block(study, "returns.heatmap") is not None
    assert "All 3 units" in block(study.at("2025-Q1"), "returns.overview").data
    frame = va.open_study(plan, "2025-9M", lang="en", returns=figures(3, silent=(2,)), published="none")
    assert "2 of 3 units" in block(frame, "returns.overview").data


def test_the_check_without_quotas_says_what_it_knows(tmp_path, capsys):
    plan = write_plan(tmp_path, 3, quotas=False)
    figures(3, silent=(2,)).to_csv(tmp_path / "flat.csv", index=False)
    _, said = checked(capsys, plan, tmp_path / "flat.csv")
    assert "2 of 3 units have a figure" in said
    assert "missing: 1 district (Unit 2)" in said


def test_no_line_holds_hundreds_of_names(many, tmp_path, capsys):
    figures(400, silent=range(202, 401)).to_csv(tmp_path / "flat.csv", index=False)
    _, said = checked(capsys, many, tmp_path / "flat.csv")
    assert "201 of 400 units" in said
    assert "199 districts (Unit 202, Unit 203, Unit 204, Unit 205, Unit 206 and 194 more)" in said
    lines = said.splitlines()
    assert max(map(len, lines)) < 400
    assert len(lines) < 200
    _, every = checked(capsys, many, tmp_path / "flat.csv", "--all")
    assert len(every.splitlines()) > 400
    assert main(["assess", str(many), "--as-of", "2025-9M", "--unit", "u999"]) == 2
    assert len(capsys.readouterr().err) < 2000


def test_warnings_of_tables_reach_the_answer_and_a_bounded_annex(three, tmp_path, capsys):
    """33 figures of a trade that no list holds: 21 findings (20 rows and the rest), of which a report shows 20."""
    table, path = figures(3), tmp_path / "flat.csv"
    pd.concat([table.assign(trade=""), table.assign(trade="nursing", value=1)]).to_csv(path, index=False)
    arguments = ["--as-of", "2025-9M", "--returns", str(path), "--published", "none", "--lang", "en"]
    assert main(["assess", str(three), *arguments]) == 0
    said = capsys.readouterr().out
    assert "21 warnings still open in the returns of the period" in said
    assert f"vetanalysis check {three} --as-of 2025-9M --returns {path} --published none" in said
    study = va.open_study(three, "2025-9M", lang="en", returns=path, published="none")

    def findings(document):
        blocks = (block for one in document.appendices for block in one.blocks)
        return [block for block in blocks if getattr(block, "id", "") == "findings"]

    (table,) = findings(document_of(study))
    assert len(table.rows) == 20
    assert "1 more" in table.notes[0]
    assert not findings(document_of(study.at(unit="u001")))


@pytest.mark.parametrize(
    ("column", "word", "near"), [("trade", "servces", "services"), ("channel", "onlin", "online")]
)
def test_a_misspelt_trade_or_channel_is_refused(three, tmp_path, capsys, column, word, near):
    table = figures(3).assign(**{column: ""})
    table.loc[0, column] = word
    table.to_csv(tmp_path / "flat.csv", index=False)
    code, said = checked(capsys, three, tmp_path / "flat.csv")
    assert code == 1
    assert f"row 2, {column}" in said
    assert near in said
