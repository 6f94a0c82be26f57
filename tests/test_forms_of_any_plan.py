"""The forms of any plan ask for what its targets are judged on, in its language, and what comes back is that figure."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.cli.main import main
from vetanalysis.periods import cutoffs, parse_cutoff, window
from vetanalysis.plan import load_plan
from vetanalysis.returns.form_layout import tables_for
from vetanalysis.returns.form_words import FormWords, written_in
from vetanalysis.returns.lists import reporting_units
from vetanalysis.returns.read import read_return
from vetanalysis.returns.template import build_form

UNITS = """code,name,name_en,kind,parent
R1,Nord,North,region,
K1,Schule Eins,School One,institution,R1
K2,Zwei,School Two,institution,
"""
SCHOOL = [
    "--place", "BR", "--place-name", "Bremen", "--country", "DE", "--place-kind", "region", "--years", "2025-2026",
    "--year-starts", "9-1", "--levels", "Basic,middle=Mitte|Middle,-top=Ober|Top",
    "--target", "people_enrolled>=5,000@2025-H1", "--target", "people_enrolled[top]≥900 people@2025",
    "--target", "apprentice_share=Ausbildung|Apprentice share>=40 %@2025",
    "--target", "placements=Vermittlungen|Placements>=300@2025-FY",
]  # fmt: skip
JOBS = [
    "--place", "X", "--place-name", "Testland", "--country", "XK", "--place-kind", "country", "--years", "2025-2027",
    "--target", "unemployment_rate<=5,5%@2026-FY:labour_force:ICLS-19",
]  # fmt: skip
DOSES = [
    "--place", "V", "--place-name", "Vaccland", "--country", "LA", "--place-kind", "country", "--step", "month",
    "--years", "2025-2027", "--target", "doses=Liều|Doses given>=90.000@2027",
    "--target", "doses>=25000@2025-M08",
]  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans")
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    for name, options in (("school", SCHOOL), ("jobs", JOBS), ("doses", DOSES)):
        units = [] if name == "jobs" else ["--units", str(folder / "units.csv")]
        assert main(["new-plan", str(folder / name), *options, *units]) == 0
    for name, levels in (("school", ("basic", "middle", "top")), ("doses", ("",))):
        rows = [
            (one, level, "2025-FY", value, "order")
            for one, value in (("K1", 4000), ("K2", 3500))
            for level in levels
        ]
        quotas = pd.DataFrame(
            [*rows, ("R1", "", "", None, "")], columns=["unit", "level", "period", "value", "source"]
        )
        quotas.iloc[:-1].to_csv(
            folder / name / "quotas.csv", index=False
        )  # 4000.0, as pandas writes such a column
        assert "4000.0" in (folder / name / "quotas.csv").read_text(encoding="utf-8")
    return folder


def fill(form: Path, figures: dict[tuple[str, str], float], path: Path) -> None:
    """Put figures by (indicator, level, or period on the form of a past year) into a form, totals of all people."""
    book = openpyxl.load_workbook(form)
    head, *cells = book["_cells"].iter_rows(values_only=True)
    left = dict(figures)
    for cell in (dict(zip(head, row, strict=False)) for row in cells):
        at = (cell["indicator"], cell.get("period") or cell["level"] or "")
        if cell["sex"] is None and at in left:
            book[cell["sheet"]][cell["cell"]].value = left.pop(at)
    assert not left, f"{form} has no cell for {sorted(left)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def sent(root: Path, name: str, period: str, figures: dict[str, dict[tuple[str, str], float]]) -> Path:
    """The forms the command writes for a period, filled in by (indicator, level) for each unit, in their folder."""
    out = root / "forms" / name / period
    assert main(["template", str(root / name), "--period", period, "--out", str(out)]) == 0
    last = window(parse_cutoff(period), load_plan(root / name).calendar)[1]
    day = (pd.Timestamp(last) + pd.Timedelta(days=1)).date()
    folder = root / "returns" / name / period
    assert {path.stem for path in out.iterdir()} == set(figures)
    for unit, values in figures.items():
        fill(out / f"{unit}.xlsx", values, folder / f"{unit}__{day}.xlsx")
    return folder.parent


def judged(root: Path, name: str, as_of: str) -> pd.DataFrame:
    plan = load_plan(root / name)
    obs = va.load_observations(plan, returns=root / "returns" / name, published=None)
    return va.assess(plan, obs, as_of=as_of).set_index("target")


def test_three_levels_of_a_school_year_and_counts_and_rates_of_ones_own(root, capsys):
    half = {
        "K1": {("people_enrolled", "basic"): 2000, ("people_enrolled", "middle"): 900, ("people_enrolled", "top"): 40},
        "K2": {("people_enrolled", "basic"): 1500, ("people_enrolled", "middle"): 700, ("people_enrolled", "top"): 60},
    }  # fmt: skip
    sent(root, "school", "2025-H1", half)
    year = {
        unit: {at: value * 2 for at, value in values.items()} | {("placements", ""): 130}
        for unit, values in half.items()
    } | {"BR": {("apprentice_share", ""): 41.5}}
    folder = sent(root, "school", "2025-FY", year)
    capsys.readouterr()
    call = ["check", str(root / "school"), "--as-of", "2025-FY", "--returns", str(folder), "--lang", "en"]
    assert main(call) == 0
    assert "FINDINGS: 0 errors" in capsys.readouterr().out
    table = judged(root, "school", "2025-FY")
    # 2,000 + 900 + 1,500 + 700 by the half year: the level outside the head count is not in it
    assert table.loc["people_enrolled", ["latest_value", "status"]].tolist() == [5100, "reached_provisional"]
    assert table.loc["people_enrolled_top", "latest_value"] == 200
    assert table.loc["people_enrolled_top", "status"] in ("not_reached", "almost_no_chance")  # of 900
    assert table.loc["apprentice_share", "latest_value"] == 41.5
    obs = va.load_observations(load_plan(root / "school"), returns=folder, published=None)
    own = obs[obs["indicator"] == "placements"]
    columns = ["unit", "period", "level", "value", "measure", "basis"]
    assert own[columns].sort_values("unit").values.tolist() == [
        [unit, "2025-FY", "", 130.0, "persons", "cumulative"] for unit in ("K1", "K2")
    ]


def test_a_yearly_rate_on_a_stated_definition_is_asked_of_the_place_and_judged(root):
    sent(root, "jobs", "2025-FY", {"X": {("unemployment_rate", ""): 6.1}})
    folder = sent(root, "jobs", "2026-FY", {"X": {("unemployment_rate", ""): 5.4}})
    book = openpyxl.load_workbook(next((folder / "2026-FY").iterdir()))
    labels = [
        str(row[0]) for row in book["Figures"].iter_rows(min_row=8, max_col=1, values_only=True) if row[0]
    ]
    assert any("labour force" in label and "ICLS-19" in label for label in labels)
    table = judged(root, "jobs", "2026-FY")
    assert table.loc["unemployment_rate", ["latest_value", "base", "concept"]].tolist() == [
        5.4, "labour_force", "ICLS-19",
    ]  # fmt: skip
    assert table.loc["unemployment_rate", "status"] == "reached_provisional"


def test_doses_by_month_and_nothing_else(root):
    for month, done in (("M07", 9000), ("M08", 13000)):
        sent(root, "doses", f"2025-{month}", {one: {("doses", ""): done} for one in ("K1", "K2")})
    table = judged(root, "doses", "2025-M08")
    assert table.loc["doses_2025_m08", ["latest_value", "status"]].tolist() == [26000, "reached_provisional"]
    form = build_form(load_plan(root / "doses"), "K1", "2025-M08")
    assert form.book["Doses given"]["B8"].value == 4000
    assert {key.indicator for key in form.cells.values()} == {"doses"}


@pytest.mark.parametrize(
    ("name", "unit", "period"),
    [("school", "K1", "2025-FY"), ("jobs", "X", "2025-FY"), ("doses", "K2", "2025-M03")],
)
def test_no_word_of_vietnamese_stands_on_a_form_of_another_country(root, name, unit, period):
    """Letters with Vietnamese marks; asked for by name the form is Vietnamese all the same."""
    plan = load_plan(root / name)
    marks = set("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
    for lang, has in (("", False), ("vi", True)):
        book = build_form(plan, unit, period, lang=lang).book
        words = "".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )
        assert bool(set(words.lower()) & marks) is has


def test_an_english_form_is_known_by_its_sheets_when_the_hidden_ones_are_gone(root, tmp_path):
    plan = load_plan(root / "school")
    path = build_form(plan, "K1", "2025-H1").save(tmp_path / "2025-H1" / "K1__2026-03-02.xlsx")
    book = openpyxl.load_workbook(path)
    book["Newly enrolled"]["C8"] = 70
    book["Newly enrolled"].insert_rows(8)
    book["Explanations"]["B8"] = "behind schedule"
    for name in ("_form", "_cells", "_texts"):
        del book[name]
    book.save(path)
    read = read_return(path, plan)
    rows = read.observations[["unit", "period", "indicator", "level", "value"]].values.tolist()
    assert rows == [["K1", "2025-H1", "people_enrolled", "basic", 70.0]]
    assert written_in(book.sheetnames, (), "2025") == ("en", False)
    assert [one["text"] for one in read.explanations] == [FormWords("vi")("progress.behind")]


def test_a_period_without_anything_to_report_says_when_there_is(root, capsys):
    plan = root / "jobs"
    table = pd.read_csv(plan / "indicators.csv", dtype=str, keep_default_na=False)
    table["periods"] = table["periods"].where(table["id"] != "unemployment_rate", "Y")
    table.to_csv(plan / "indicators.csv", index=False)
    assert main(["template", str(plan), "--period", "2025-Q1"]) == 2
    assert "there are forms for 2025-FY" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["lang-son-2023", "viet-nam-2025", "vinh-long-2022"])
def test_no_form_is_sent_on_which_nothing_is_asked(name):
    plan = load_plan(name)
    for cutoff in cutoffs(plan.years[1], plan.calendar):
        for unit in reporting_units(plan, cutoff):
            assert plan.tasks or tables_for(plan, plan.unit(unit), cutoff, FormWords("vi")), (cutoff, unit)


def test_a_place_that_cannot_be_written_is_a_sentence(root, tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for call in (
        ["template", str(root / "school"), "--period", "2025-H1", "--out", str(tmp_path / "file" / "x")],
        ["new-plan", str(tmp_path / "file" / "p"), *JOBS],
        ["new-plan", str(tmp_path / ("p" * 5000)), *JOBS],
        ["assess", "p" * 5000, "--as-of", "2025-FY"],
    ):
        assert main(call) in (1, 2)
        said = capsys.readouterr().err
        assert "Traceback" not in said
        assert (str(tmp_path)[:50] in said) or ("p" * 50 in said)
        assert len(said) < 2000


def test_a_form_in_a_language_of_the_plans_own_is_read_back(root, tmp_path):
    """Words of the plan's own stand on the form and prove its rows; a comma is a decimal mark where it is one there."""
    folder = tmp_path / "schule"
    shutil.copytree(root / "school", folder)
    (folder / "words.de.yaml").write_text(
        'form.sheet.people_enrolled: "Neu aufgenommen"\nform.sheet.figures: "Zahlen"\nform.row.total: "Zusammen"\n'
        'form.progress.behind: "Im Verzug"\nnumbers.decimal: ","\nnumbers.thousands: "."\nnumbers.percent_sign: " %"\n',
        encoding="utf-8",
    )
    plan = load_plan(folder)
    assert (
        main(["template", str(folder), "--period", "2025-FY", "--out", str(tmp_path / "out"), "--unit", "K1"])
        == 0
    )
    book = openpyxl.load_workbook(tmp_path / "out" / "K1.xlsx")
    sheet = book["Neu aufgenommen"]
    assert sheet["A1"].value.endswith("Schule Eins")
    assert sheet["A12"].value == "Zusammen"
    sheet["C8"], sheet["C9"] = "1.250", 20
    book["Explanations"]["B8"] = "im verzug"
    path = tmp_path / "K1__2026-09-02.xlsx"
    book.save(path)
    read = read_return(path, plan)
    assert [one.rule for one in read.findings] == ["number-guess"]
    assert read.observations[["level", "value"]].values.tolist() == [["basic", 1250.0], ["middle", 20.0]]
    assert [one["text"] for one in read.explanations] == [FormWords("vi")("progress.behind")]


def test_past_years_of_a_plan_without_levels_come_in_on_their_forms(tmp_path):
    plan, returns = tmp_path / "p", tmp_path / "r"
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    call = [
        "new-plan",
        str(plan),
        "--place",
        "Z",
        "--place-name",
        "Zed",
        "--years",
        "2023-2025",
        "--levels",
        "none",
    ]
    call += [
        "--target",
        "people_enrolled>=900",
        "--target",
        "certified_rate>=30%",
        "--units",
        str(tmp_path / "units.csv"),
    ]
    assert main(call) == 0
    for year in (2023, 2024):
        out, to = tmp_path / str(year), returns / f"{year}-FY"
        assert main(["template", str(plan), "--past-year", str(year), "--out", str(out)]) == 0
        fill(
            out / "Z.xlsx", {("certified_rate", f"{year}-FY"): year - 2003}, to / f"Z__{year + 1}-01-05.xlsx"
        )
        people = {("people_enrolled", f"{year}-{code}"): n for code, n in (("H1", 150), ("FY", year - 1624))}
        for unit in ("K1", "K2"):
            fill(out / f"{unit}.xlsx", people, to / f"{unit}__{year + 1}-01-05.xlsx")
    known = load_plan(plan)
    assert known.levels == ()
    table = va.assess(known, va.load_observations(known, returns=returns, published=None), as_of="2025-start")
    latest = table.set_index("target")[["latest_value", "latest_period"]]
    assert latest.loc["people_enrolled"].tolist() == [2 * 400, "2024-FY"]
    assert latest.loc["certified_rate"].tolist() == [21, "2024-FY"]
