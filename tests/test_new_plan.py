"""A new plan runs at once; next year's plan carries what holds and marks what must be decided anew."""

import re
import shlex
from datetime import date

import pandas as pd
import pytest

from vetanalysis.cli.main import main, parser
from vetanalysis.cli.new_plan import parse_years, run
from vetanalysis.cli.new_plan_folder import MARK
from vetanalysis.cli.new_plan_next import _Later, _of_units_there
from vetanalysis.cli.new_plan_targets import parse_level, parse_target
from vetanalysis.errors import PlanInvalid, WrongCall
from vetanalysis.periods import Cutoff, cutoff_day, window
from vetanalysis.plan import load_plan
from vetanalysis.scenarios.stock_flow_inputs import load_inputs

SHORT = ["--place", "02", "--place-name", "tỉnh Hà Giang", "--years", "2026", "--target", "trained_rate>=65%"]


def made(folder, *options):
    assert main(["new-plan", str(folder), *options]) == 0
    return load_plan(folder)


def test_a_plan_from_four_options_loads_and_is_judged(tmp_path, capsys):
    plan = made(tmp_path / "ha-giang-2026", *SHORT)
    assert plan.name == "ha-giang-2026"
    assert plan.place.name.vi == "tỉnh Hà Giang"
    assert (plan.target("trained_rate").value, plan.target("trained_rate").period) == (65, "2026-FY")
    assert (
        main(["assess", str(tmp_path / "ha-giang-2026"), "--as-of", "2026-start", "--published", "none"]) == 0
    )
    said = capsys.readouterr().out
    assert "chưa đủ dữ liệu" in said
    assert "not assessed" in said


def test_every_mark_is_told_with_its_line(tmp_path, capsys):
    made(tmp_path / "p", *SHORT)
    said = capsys.readouterr().out
    lines = (tmp_path / "p" / "plan.yaml").read_text(encoding="utf-8").splitlines()
    marked = [n for n, line in enumerate(lines, 1) if MARK in line and "is marked" not in line]
    assert marked
    for number in marked:
        assert f"plan.yaml, dòng {number} / line {number}:" in said


def test_the_files_are_utf_8_with_line_feeds(tmp_path):
    made(tmp_path / "p", *SHORT)
    for path in (tmp_path / "p").iterdir():
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        content.decode("utf-8")


def test_units_of_two_tiers_and_a_kind_of_ones_own(tmp_path):
    table = tmp_path / "units.csv"
    table.write_text(
        "code,name,kind,parent\nA,Cụm A,cluster,\nA1,Trường A1,institution,A\n001,Xã Một,,A1\n",
        encoding="utf-8",
    )
    plan = made(tmp_path / "p", *SHORT, "--units", str(table))
    assert plan.units.set_index("code")["parent"].to_dict() == {"02": "", "A": "02", "A1": "A", "001": "A1"}
    assert plan.units.set_index("code")["kind"].to_dict()["A"] == "cluster"
    assert plan.unit("001").kind == "commune"
    assert [kind.id for kind in plan.unit_kinds] == ["cluster"]
    assert {body.unit_kind for body in plan.bodies} == {"", "cluster", "institution", "commune"}


def test_a_school_year_starts_in_september(tmp_path):
    plan = made(tmp_path / "p", *SHORT, "--year-starts", "09-01")
    first, last = window(Cutoff(2026, "FY"), plan.calendar)
    assert (first.isoformat(), last.isoformat()) == ("2026-09-01", "2027-08-31")
    assert cutoff_day(Cutoff(2026, "H1"), plan.calendar).isoformat() == "2027-02-28"
    assert "năm 2026-2027" in plan.notes[0].vi
    assert plan.year_name == "school"
    assert made(tmp_path / "f", *SHORT, "--year-starts", "04-01").year_name == "calendar"
    assert plan.title.en.startswith("Plan for vocational education and training 2026-2027,")
    several = made(tmp_path / "q", *SHORT[:4], "--years", "2026-2028", "--year-starts", "09-01",
                   "--target", "dropout_rate<=4%", "--target", "dropout_rate<=6%@2026-FY")  # fmt: skip
    assert several.title.vi.startswith("Kế hoạch giáo dục nghề nghiệp 2026-2029,")
    assert [one.label.en for one in several.targets] == [
        "Drop-out rate (2028-2029)",
        "Drop-out rate (2026-2027)",
    ]


def test_several_targets_on_one_indicator_and_an_upper_limit(tmp_path):
    plan = made(
        tmp_path / "p", *SHORT[:4], "--years", "2025-2027",
        "--target", "dropout_rate<=4%", "--target", "dropout_rate<=6%@2025-FY", "--target", "people_enrolled>=900",
    )  # fmt: skip
    found = {one.id: (one.operator, one.value, one.period) for one in plan.targets}
    assert found["dropout_rate_2027"] == ("<=", 4, "2027-FY")
    assert found["dropout_rate_2025"] == ("<=", 6, "2025-FY")
    assert found["people_enrolled"] == (">=", 900, "2027-FY")
    assert plan.target("people_enrolled").counts == "enrolled"


def test_a_target_on_an_indicator_nobody_knows_gets_its_row(tmp_path):
    plan = made(tmp_path / "p", *SHORT, "--target", "apprentice_share>=40%:trainees:administrative")
    row = plan.indicators.set_index("id").loc["apprentice_share"]
    assert (row["measure"], row["direction"]) == ("percent", "up")
    target = plan.target("apprentice_share")
    assert (target.base, target.concept) == ("trainees", "administrative")


def test_an_indicator_of_ones_own_is_named_in_the_option_or_marked(tmp_path):
    named = made(tmp_path / "a", *SHORT, "--target", "apprentice_share = Tỷ lệ học nghề | Apprentices >= 40%")
    target = named.target("apprentice_share")
    assert (target.label.vi, target.label.en) == ("Tỷ lệ học nghề", "Apprentices")
    assert named.indicators.set_index("id").loc["apprentice_share", "label_vi"] == "Tỷ lệ học nghề"
    made(tmp_path / "b", *SHORT, "--target", "apprentice_share>=40%")
    marked = [
        [line for line in (tmp_path / plan / "plan.yaml").read_text(encoding="utf-8").splitlines()
         if line.strip().startswith("label:") and MARK in line] for plan in ("a", "b")
    ]  # fmt: skip
    assert [len(lines) for lines in marked] == [0, 1]
    assert "apprentice share" in marked[1][0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--place", "02"], "--place-name, --years, --target"),
        ([*SHORT[:6], "--target", "trained rate 65"], "is not understood"),
        ([*SHORT[:4], "--years", "2026-2024", "--target", "trained_rate>=65%"], "2024-2026"),
        ([*SHORT, "--units", "no-such.csv"], "no such file"),
        (["--from", "lang-son-2032"], "did you mean lang-son-2023?"),
        (["--from", "lang-son-2023", "--place", "02"], "--place: with --from"),
    ],
)
def test_a_wrong_call_says_what_would_be_right(tmp_path, capsys, options, words):
    assert main(["new-plan", str(tmp_path / "p"), *options]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


def test_what_is_there_already_is_never_overwritten(tmp_path, capsys):
    made(tmp_path / "p", *SHORT)
    before = (tmp_path / "p" / "plan.yaml").read_bytes()
    assert main(["new-plan", str(tmp_path / "p"), *SHORT]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "p" / "plan.yaml").read_bytes() == before


def test_parts_that_do_not_fit_leave_nothing_behind(tmp_path, capsys):
    assert main(["new-plan", str(tmp_path / "p"), *SHORT[:6], "--target", "trained_rate>=650%"]) == 1
    assert "outside 0 to 100" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def terminal(folder, **answers):
    """What a person answers at the terminal, by a word of the English question; Enter to the rest."""
    asked, left = (
        [],
        {name: [*given] if isinstance(given, list) else [given] for name, given in answers.items()},
    )

    def ask(question):
        asked.append(question)
        name = next((name for name in left if name in question.splitlines()[1] and left[name]), None)
        return left[name].pop(0) if name else ""

    run(parser().parse_args(["new-plan", str(folder)]), ask)
    return load_plan(folder), asked


def test_at_a_terminal_it_asks_in_both_languages(tmp_path):
    plan, asked = terminal(
        tmp_path / "p",
        Code="30",
        name="Vùng B",
        Year="2027",
        targets="people_enrolled>=700; dropout_rate<=5%",
    )
    assert [one.id for one in plan.targets] == ["people_enrolled", "dropout_rate"]
    assert plan.place.code == "30"
    assert "Mã của địa bàn" in asked[1]
    assert "Code of the place" in asked[1]


def test_an_answer_that_is_not_understood_is_asked_again(tmp_path, capsys):
    plan, asked = terminal(
        tmp_path / "p", ISO=["Germany", "de"], Code="X", name="Testland", What="country", Year="2025–2026",
        First="9-1", Levels="Basic, Sơ cấp",
        targets=["500 people", '--target "people_enrolled≥13,500 people" --target "trained_rate >= 62 %@2025"'],
    )  # fmt: skip
    assert sum("ISO" in one for one in asked) == sum("targets" in one for one in asked) == 2
    assert "country 'Germany': write its ISO code" in capsys.readouterr().err
    assert (plan.place.country, plan.unit("X").kind, plan.calendar.year_starts) == ("DE", "country", "09-01")
    assert [(one.value, one.period) for one in plan.targets] == [(13500, "2026-FY"), (62, "2025-FY")]
    assert [(level.id, level.name.en) for level in plan.levels] == [
        ("basic", "Basic"),
        ("elementary", "Elementary"),
    ]


def test_the_calls_printed_at_the_end_run_as_printed(tmp_path, capsys):
    folder = tmp_path / "my $HOME plan"
    made(folder, *SHORT, "--target", "placements=Việc làm|Placements>=300")
    calls = [line for line in capsys.readouterr().out.splitlines() if "vetanalysis " in line and "--" in line]
    assert len(calls) == 3
    for call in calls:
        words = shlex.split(call.partition("vetanalysis ")[2])
        assert words[1] == str(folder)
        out = ["--out", str(tmp_path / "forms")] if words[0] == "template" else []
        assert main([*words, *out]) == 0


def test_levels_belong_to_counts_that_are_told_by_level(tmp_path):
    plan = made(
        tmp_path / "p", *SHORT[:6], "--target", "placements=Việc làm|Placements>=300",
        "--target", "people_graduated>=90",
        "--target", "people_enrolled[college]>=1.200",
        "--target", "placements[college]>=30",
    )  # fmt: skip
    assert {one.id: one.levels for one in plan.targets} == {
        "placements": (), "people_graduated": ("elementary", "intermediate", "college"),
        "people_enrolled_college": ("college",), "placements_college": ("college",),
    }  # fmt: skip
    assert plan.target("people_enrolled_college").value == 1200
    assert plan.target("placements_college").label.en == "Placements (College)"
    alone = made(tmp_path / "q", *SHORT[:6], "--target", "placements=Việc làm|Placements>=300")
    assert alone.levels == ()
    asked = alone.indicators[alone.indicators["periods"] != ""]
    assert asked["id"].tolist() == ["placements"]
    with pytest.raises(WrongCall, match="which the plan does not have"):
        run(
            parser().parse_args(
                ["new-plan", str(tmp_path / "r"), *SHORT[:6], "--target", "people_enrolled[top]>=9"]
            )
        )


def test_a_text_with_quotes_and_colons_stays_a_text(tmp_path):
    plan = made(tmp_path / "p", *SHORT[:2], "--place-name", 'vùng "A": {1} #2', *SHORT[4:])
    assert plan.place.name.vi == 'vùng "A": {1} #2'


def test_pieces_of_the_call():
    assert parse_years("2026") == (2026, 2026)
    assert parse_level("bridge=Dự bị|Bridging").name.en == "Bridging"
    assert not parse_level("-short_course").counted
    assert parse_target("unemployment_rate <= 2.5 %", 2026, {}).value == "2.5"
    for wrong in ("65%", "Trained>=6%", "trained_rate=65%", "trained_rate>=65%@", "trained_rate>=-1%"):
        with pytest.raises(WrongCall):
            parse_target(wrong, 2026, {})


@pytest.fixture(scope="module")
def next_year(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans") / "lang-son-2024"
    assert main(["new-plan", str(folder), "--from", "lang-son-2023"]) == 0
    return load_plan(folder)


class TestFromAnotherPlan:
    """`--from`: the real plan of 2023 as the start of another year's."""

    def test_years_and_title_move_on(self, next_year):
        assert next_year.years == (2024, 2024)
        assert "2024" in next_year.title.vi
        assert {target.period for target in next_year.targets} == {"2024-FY"}

    def test_units_and_forms_are_carried(self, next_year):
        old = load_plan("lang-son-2023")
        pd.testing.assert_frame_equal(next_year.indicators, old.indicators)
        assert set(old.units["code"]) <= set(next_year.units["code"])
        assert [body.code for body in next_year.bodies] == [body.code for body in old.bodies]
        assert next_year.quotas.empty

    def test_targets_wait_for_a_decision(self, next_year):
        assert {target.certainty for target in next_year.targets} == {"unverified"}
        text = (next_year.folder / "plan.yaml").read_text(encoding="utf-8")
        assert "value: 62  # DECIDE" in text
        assert "value: 13500  # DECIDE" in text

    def test_texts_that_name_the_old_year_are_listed(self, tmp_path, capsys):
        """The legal bases alone: a decision of 2022 on the budget of 2023 is of no other year."""
        assert main(["new-plan", str(tmp_path / "p"), "--from", "lang-son-2023"]) == 0
        told = capsys.readouterr().out
        (listed,) = re.findall(r"lines ([\d, ]+): the text still says 2023", told)
        assert f"dòng {listed}: còn ghi năm 2023" in told
        lines = (tmp_path / "p" / "plan.yaml").read_text(encoding="utf-8").splitlines()
        assert all(
            "budget" in lines[int(n) - 1] or "ngân sách" in lines[int(n) - 1] for n in listed.split(", ")
        )

    def test_what_is_said_of_targets_moves_on_with_the_years(self, next_year):
        """Years, the days of the reporting window, and the year in which figures come out; no fixed day, no law."""
        target = next_year.target("people_enrolled")
        assert target.judged_on.vi.endswith("14/12/2024")
        assert target.judged_on.en.endswith("14 December 2024")
        told = {one.id: one for one in next_year.ambiguities}
        assert "end-of-2024" in told
        assert told["end-of-2024"].reading.vi == "Theo số ước quản lý tháng 12 năm 2024."
        assert told["end-of-2024"].alternatives[0].en == "On the survey released in 2025."
        window = told["reporting-window"]
        assert "09/2019/NĐ-CP" in window.reading.vi
        assert window.reading.vi.endswith("năm 2024 tính từ 15/12/2023 đến 14/12/2024.")
        assert "năm 2021" in window.reason.vi

    def test_lines_whose_year_after_moved_on_are_listed(self, tmp_path, capsys):
        assert main(["new-plan", str(tmp_path / "p"), "--from", "lang-son-2023"]) == 0
        told = capsys.readouterr().out
        (listed,) = re.findall(r"lines ([\d, ]+): 2024 became 2025", told)
        assert f"dòng {listed}: năm 2024 đã đổi thành 2025" in told
        lines = (tmp_path / "p" / "plan.yaml").read_text(encoding="utf-8").splitlines()
        assert all("2025" in lines[int(n) - 1] for n in listed.split(", "))

    def test_what_the_old_decision_says_waits(self, next_year):
        text = (next_year.folder / "plan.yaml").read_text(encoding="utf-8")
        assert text.count("legal_text:  # DECIDE") == 3, (
            "but for its year the wording is that of the old decision"
        )

    @pytest.mark.parametrize(
        ("text", "later"),
        [
            ("ngày 15 tháng 12 năm 2022", "ngày 15 tháng 12 năm 2023"),
            ("15 December 2022", "15 December 2023"),
            ("ngày 12/12/2022", "ngày 12/12/2022"),
            ("5 May 2023", "5 May 2023"),
            ("ngày 05 tháng 5 năm 2023", "ngày 05 tháng 5 năm 2023"),
            ("Quyết định 15/2023/QĐ-UBND", "Quyết định 15/2023/QĐ-UBND"),
            ("quý I/2021, đến hết năm 2023", "quý I/2021, đến hết năm 2024"),
            ("quý I/2023", "quý I/2024"),
            ("giai đoạn 2021-2023", "giai đoạn 2021-2023"),
            ("chương trình 2023 – 2025", "chương trình 2023 – 2025"),
            ("từ 01-01-2023", "từ 01-01-2023"),
            ("từ 1.1.2023", "từ 1.1.2023"),
        ],
    )
    def test_a_year_alone_moves_and_a_fixed_day_or_a_law_does_not(self, text, later):
        assert _Later.of(load_plan("lang-son-2023").calendar, (2023, 2023), 1)(text) == later

    def test_what_is_open_is_told_in_both_languages(self, tmp_path, capsys):
        assert main(["new-plan", str(tmp_path / "p"), "--from", "lang-son-2023-example"]) == 0
        told = capsys.readouterr().out.split("(")[1].split("Tiếp theo")[0].splitlines()[1:]
        words = [line for line in told if line.strip() and ": value:" not in line and "legal_" not in line]
        assert all(" / " in line for line in words)
        assert any("dòng chờ ghi chỉ tiêu" in line for line in words)

    def test_what_is_assumed_of_every_year_is_carried_and_what_holds_on_one_day_is_not(
        self, tmp_path, capsys
    ):
        assert main(["new-plan", str(tmp_path / "p"), "--from", "lang-son-2023-example"]) == 0
        old, new = (load_inputs(load_plan(one)) for one in ("lang-son-2023-example", tmp_path / "p"))
        dated = {row.name for row in old.rows if row.name.endswith("_before")}
        assert {row.key for row in new.rows} == {row.key for row in old.rows if row.name not in dated}
        assert all(row.assumed and "2023" in row.note.vi for row in new.rows)
        assert all(new.find(row.name, row.level, row.concept).mean == row.mean for row in old.rows
                   if row.name not in dated)  # fmt: skip
        told = capsys.readouterr().out
        assert f"{len(new.rows)} rows are the old plan’s" in told
        assert all(name in told for name in dated)

    def test_units_gone_before_the_new_year_wait_for_no_quota(self):
        """Of one that went over whole into another the other waits, once; nobody waits for one that was closed."""
        old = load_plan("lang-son-2023-example")
        cross = pd.DataFrame(
            [("x", "178", "2023-07-01", 1.0), ("y", "x", "2023-03-01", 1.0), ("z", "", "2023-07-01", float("nan"))],
            columns=["unit", "successor", "valid_from", "share"],
        )  # fmt: skip
        quotas = pd.DataFrame([(unit, "college", "2023-FY", "") for unit in ("178", "x", "y", "z")],
                              columns=["unit", "level", "period", "indicator"])  # fmt: skip
        kept, gone = _of_units_there(quotas, old.model_copy(update={"crosswalk": cross}), date(2023, 12, 15))
        assert (list(kept["unit"]), gone) == (["178"], ("z",))

    def test_after_the_reform_of_2025_the_plan_has_its_65_communes(self, tmp_path, capsys):
        """65 communes and wards in place of 200, no district: map of the mergers of 1 July 2025."""
        assert main(["new-plan", str(tmp_path / "p"), "--from", "lang-son-2023", "--years", "2026"]) == 0
        plan = load_plan(tmp_path / "p")
        there = plan.units_on("2026-06-30")
        assert (there["kind"] == "commune").sum() == 65
        assert not (there["kind"] == "district").any()
        assert plan.unit("05977").name == "Phường Đông Kinh"
        assert plan.unit("05977", on="2025-06-30").name == "Phường Vĩnh Trại"
        assert "ubnd-huyen stands for units of kind district; none exists" in capsys.readouterr().out

    def test_quotas_of_districts_gone_by_then_are_told(self, tmp_path, capsys):
        assert (
            main(["new-plan", str(tmp_path / "p"), "--from", "lang-son-2023-example", "--years", "2026"]) == 0
        )
        told = capsys.readouterr().out
        assert "the rows of Thành phố Lạng Sơn, Huyện Tràng Định" in told
        assert "không lấy các dòng của Thành phố Lạng Sơn, Huyện Tràng Định" in told

    def test_a_note_of_where_an_assumption_is_from_stands_once(self, tmp_path, monkeypatch):
        one, two = tmp_path / "lang-son-2024-a", tmp_path / "lang-son-2025-a"
        assert main(["new-plan", str(one), "--from", "lang-son-2023-example"]) == 0
        assert main(["new-plan", str(two), "--from", str(one)]) == 0
        notes = [row.note for row in load_inputs(load_plan(two)).rows]
        assert notes
        assert all(
            note.vi.count("lấy theo Kế hoạch") == note.en.count("taken from Illus") == 1 for note in notes
        )
        assert all("2024" in note.vi and "2024" in note.en for note in notes)


def test_milestones_are_targets_of_their_own(tmp_path):
    made(tmp_path / "p", *SHORT[:4], "--years", "2024-2026", "--target", "trained_rate>=65%")
    path = tmp_path / "p" / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    stones = (
        "    period: 2026-FY\n    milestones: [{period: 2024-FY, value: 61}, {period: 2025-FY, value: 63}]\n"
    )
    path.write_text(text.replace("    period: 2026-FY\n", stones), encoding="utf-8")
    plan = load_plan(tmp_path / "p")
    assert [(one.id, one.value, one.milestone_of) for one in plan.targets] == [
        ("trained_rate_2024", 61, "trained_rate"),
        ("trained_rate_2025", 63, "trained_rate"),
        ("trained_rate", 65, ""),
    ]
    path.write_text(
        text.replace("    period: 2026-FY\n", stones.replace("2025-FY", "2026-FY")), encoding="utf-8"
    )
    with pytest.raises(PlanInvalid, match="the milestone 2026-FY is not before 2026-FY"):
        load_plan(tmp_path / "p")


def test_who_has_a_duty_on_a_day():
    """Sở LĐTBXH passed vocational training to Sở GD&ĐT; the plan's finance duties went to Sở Tài chính in 2025."""
    body = load_plan("lang-son-2023").body("so-khdt")
    assert body.holder("2023-06-30").code == "so-khdt"
    assert body.holder("2025-06-30").code == "so-tc"


@pytest.mark.parametrize(
    ("years", "starts", "title"),
    [
        ("2026", "01-01", "2027"),
        ("2026-2027", "01-01", "2028-2029"),
        ("2026", "09-01", "2027-2028"),
        ("2026-2027", "09-01", "2028-2030"),
    ],
)
def test_the_title_of_the_next_plan_names_its_own_years(tmp_path, years, starts, title):
    options = [*SHORT[:4], "--years", years, "--year-starts", starts, "--target", "people_enrolled>=100"]
    assert main(["new-plan", str(tmp_path / "old"), *options]) == 0
    assert main(["new-plan", str(tmp_path / "new"), "--from", str(tmp_path / "old")]) == 0
    assert f" {title}," in load_plan(tmp_path / "new").title.vi
