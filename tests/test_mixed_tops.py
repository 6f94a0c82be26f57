"""A country made of three regions, one college that reports to it directly and another without a quota.

What is right is summed here from the figures by themselves.
"""

import cells_of_notebooks as cells
import pandas as pd
import pytest
from invented.writing import new_plan

import vetanalysis as va
from vetanalysis.blocks import Table
from vetanalysis.cli.main import main
from vetanalysis.figures import pictures
from vetanalysis.report import told_of

PLACE, DIRECT, BESIDE = "MX", "state", "new"
TOPS = ("r1", "r2", "r3", DIRECT, BESIDE)
LEVELS = ("certificate", "diploma")
SHARES = {"Q1": 0.25, "H1": 0.5, "9M": 0.75, "FY": 1.0}
YEARS = (2023, 2024, 2025)
NAMES = [
    *((f"r{n}", f"Vùng {n}", f"Region {n}", "region", "") for n in (1, 2, 3)),
    *((f"r{n}c{k}", f"Trường {n}.{k}", f"College {n}.{k}", "institution", f"r{n}")
      for n in (1, 2, 3) for k in (1, 2, 3)),
    (DIRECT, "Trường Quốc gia", "State College", "institution", ""),
    (BESIDE, "Trường Mới", "New College", "institution", ""),
]  # fmt: skip
COLLEGES = [code for code, _, _, kind, _ in NAMES if kind == "institution"]


def quota(unit, level, year):
    """People a college is asked to enrol; None for the one that was given nothing."""
    if unit == BESIDE:
        return None
    usual = 400 if unit == DIRECT else 40 + 10 * int(unit[1]) + 5 * int(unit[3])
    return usual + 20 * LEVELS.index(level) + 2 * (year - 2023)


def top_of(unit):
    return unit[:2] if unit[0] == "r" else unit


def of_top(frame, top):
    """The sum of a top's rows, of all for the place; None where it has none."""
    chosen = frame["value"] if top == PLACE else frame.loc[frame["unit"].map(top_of) == top, "value"]
    return float(chosen.sum()) if len(chosen) else None


QUOTAS = pd.DataFrame(
    [
        (unit, level, f"{year}-FY", value, "illustrative: invented")
        for year in YEARS
        for unit in COLLEGES
        for level in LEVELS
        if (value := quota(unit, level, year)) is not None
    ],
    columns=["unit", "level", "period", "value", "source"],
)
COUNTS = pd.DataFrame(
    [
        (unit, f"{year}-{code}", "people_enrolled", level,
         round((quota(unit, level, year) or 60) * share * (0.95 + 0.01 * (len(unit) + YEARS.index(year)))), "true")
        for year in YEARS
        for code, share in SHARES.items()
        for unit in COLLEGES
        for level in LEVELS
    ],
    columns=["unit", "period", "indicator", "level", "value", "illustrative"],
)  # fmt: skip
GIVEN = QUOTAS[QUOTAS["period"] == "2025-FY"]


def counted(code):
    return COUNTS[COUNTS["period"] == f"2025-{code}"]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """The plan's folder and its figures."""
    folder = tmp_path_factory.mktemp("tops") / "mixed"
    options = [
        "--place", PLACE, "--place-name", "Cộng hòa Hỗn Hợp", "--place-name-en", "Mixed Republic",
        "--place-kind", "country", "--country", "XM", "--title", "Kế hoạch", "--title-en", "Plan of tops",
        "--years", "2023-2025", "--levels", "certificate=Chứng chỉ|Certificate,diploma=Bằng|Diploma",
        "--target", f"people_enrolled>={GIVEN['value'].sum()}",
    ]  # fmt: skip
    new_plan(folder, options, pd.DataFrame(NAMES, columns=["code", "name", "name_en", "kind", "parent"]))
    QUOTAS.to_csv(folder / "quotas.csv", index=False)
    COUNTS.to_csv(folder.parent / "mixed.csv", index=False)
    return folder, folder.parent / "mixed.csv"


def opened(mixed, code):
    return va.open_study(mixed[0], f"2025-{code}", returns=mixed[1], published=None, lang="en")


@pytest.mark.parametrize("code", ["start", "Q1", "FY"])
def test_the_place_and_each_top_have_the_people_the_quota_and_the_verdict_of_their_colleges(mixed, code):
    study = opened(mixed, code)
    for unit in (PLACE, *TOPS):
        one, goal = study.at(unit=unit).assessment("people_enrolled"), of_top(GIVEN, unit)
        before = COUNTS[COUNTS["period"] == "2024-FY"]
        if code != "start":
            assert one.so_far == of_top(counted(code), unit), unit
            assert (one.received, one.due) == (sum(unit in (PLACE, top_of(c)) for c in COLLEGES),) * 2
        if code != "FY":
            assert one.latest.value == of_top(before, unit), unit
        if goal is None:
            assert (one.status, one.probability) == ("not_assessed", None)
        else:
            reached = of_top(counted("FY"), unit) >= goal
            assert one.target.value == goal
            assert 0 < one.probability < 1 if code != "FY" else one.probability == reached, unit
            assert one.status.startswith("reached") == (code == "FY" and reached)


def tables(study):
    """The tables of the report by id, of its blocks and of what is annexed."""
    found, waiting = {}, [told_of(study)]
    while waiting:
        block = waiting.pop()
        if isinstance(block, Table):
            found[block.id] = block
        waiting += [*getattr(block, "blocks", ()), *getattr(block, "appendices", ())]
    return found


def numbers(row, columns):
    return [row[at].value for at in columns]


def test_the_totals_of_a_report_are_those_of_the_place_and_the_sums_of_their_rows(mixed):
    made, now = tables(opened(mixed, "9M")), counted("9M")
    names = {code: name for code, _, name, _, _ in NAMES}
    every, by_level = made["units"].rows, made["by_level"].rows
    assert (
        {row[1].en for row in every[:-1]} == {row[1].en for row in by_level[:-1]} == {names[t] for t in TOPS}
    )
    for top in TOPS:
        goal, people = of_top(GIVEN, top), of_top(now, top)
        (row,) = (row for row in every[:-1] if row[1].en == names[top])
        assert numbers(row, (2, 3, 7)) == [goal, people, None if goal is None else max(goal - people, 0)], top
        assert (row[4].value is None) == (row[-1].value is None) == (goal is None)
        (row,) = (row for row in by_level[:-1] if row[1].en == names[top])
        assert numbers(row, (8, 9)) == [goal, people], top
    goal, people = of_top(GIVEN, PLACE), of_top(now, PLACE)
    assert numbers(every[-1], (2, 3, 4, 7)) == [
        goal,
        people,
        pytest.approx(100 * people / goal),
        goal - people,
    ]
    assert numbers(by_level[-1], (8, 9)) == [goal, people]
    assert sum(row[3].value for row in every[:-1]) == people
    assert every[-2][1].en == names[BESIDE]


def test_the_sheet_of_the_direct_college_sets_it_beside_the_place(mixed):
    study, now = opened(mixed, "9M"), counted("9M")
    sheet = tables(study.at(unit=DIRECT))["unit"].rows
    assert [cell.value for cell in sheet[0][1:]] == [of_top(GIVEN, DIRECT), of_top(GIVEN, PLACE)]
    assert [cell.value for cell in sheet[1][1:]] == [of_top(now, DIRECT), of_top(now, PLACE)]


def test_check_counts_who_has_a_quota_and_who_has_none(mixed, capsys):
    call = ["check", str(mixed[0]), "--as-of", "2025-Q1", "--returns", str(mixed[1]), "--lang", "en"]
    assert main(call) == 0
    said = capsys.readouterr().out
    assert "10 of 10 units with a quota" in said
    goal = f"{GIVEN['value'].sum():,}"
    assert f"11 of 11 units, holding 100.0% of the quotas ({goal} of {goal} people)" in said


def test_the_notebook_of_indicators_shows_every_top(mixed, monkeypatch):
    monkeypatch.setattr(pictures.Kept, "of", lambda self, picture: b"\x89PNG\r\n\x1a\n")
    question = {"plan": str(mixed[0]), "returns": str(mixed[1]), "as_of": "2025-9M", "lang": "en"}
    sections, warned = cells.run("2_indicators", **question)
    shown = "\n".join(one.text for one in sections)
    assert warned == []
    assert not [one.heading for one in sections if one.empty]
    assert f"{of_top(counted('9M'), PLACE):,.0f} people" in shown
    assert "(sent )" not in shown
    assert "no return asks for it" in shown
