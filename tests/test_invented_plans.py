"""Three invented plans from `new-plan` to the report: what they say is what plain sums over their figures say."""

import numpy as np
import pytest
from invented import schools, unemployment, vaccinations

import vetanalysis as va
from vetanalysis.cli.main import main
from vetanalysis.periods import parse_cutoff

NETWORK = schools.Network()
DISTRICTS = 12


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("invented")


@pytest.fixture(scope="module")
def colleges(root):
    return schools.write(root)


@pytest.fixture(scope="module")
def jobless(root):
    return unemployment.write(root)


@pytest.fixture(scope="module")
def doses(root):
    return vaccinations.write(root, DISTRICTS)


def total(lines, unit, indicator, level=""):
    """The running total of a unit in the table of indicators."""
    chosen = lines["basis"] == "cumulative"
    for column, value in (("unit", unit), ("id", indicator), ("level", level)):
        chosen &= lines[column] == value
    (value,) = lines.loc[chosen & (lines["sex"] == "") & (lines["group"] == ""), "value"]
    return value


def judged(row, reached):
    """Whether an assessment agrees with what is known of its own period; None: nobody can know yet."""
    if reached:
        return row["status"] in ("reached", "reached_provisional")
    return not row["status"].startswith("reached") and (reached is None or not row["probability"] > 0)


# Colleges


@pytest.mark.parametrize(
    ("code", "known_by"),
    [
        ("Q1", "2025-12-10"),
        ("Q1", "2025-12-24"),
        ("9M", "2026-09-30"),
        ("FY", "2026-12-31"),
    ],
)
def test_people_by_level_and_tier_are_those_that_were_sent_by_that_day(colleges, code, known_by):
    study = va.open_study(
        colleges.folder, f"2025-{code}", returns=colleges.data, published=None, known_by=known_by
    )
    right = NETWORK.answers(code, known_by)
    lines = study.lines
    assert total(lines, schools.PLACE, "people_enrolled") == right.total
    for level, people in right.by_level.items():
        assert total(lines, schools.PLACE, "people_enrolled", level) == people, level
    for region, people in right.by_region.items():
        year = study.at(unit=region).assessment("people_enrolled")
        assert (year.so_far or year.latest.value) == people, region
        assert year.target.value == right.quota_by_region[region]
    people = [one for one in study.assessments if one.target.measure == "persons"]
    for period, reached in right.reached.items():
        (found,) = (one for one in people if one.target.period == period)
        row = {"status": found.status, "probability": found.probability}
        assert judged(row, reached), (period, reached, row)


def test_every_cut_off_is_assessed_and_rates_are_those_last_published(colleges):
    plan = va.load_plan(colleges.folder)
    obs = va.load_observations(plan, returns=colleges.data, published=None)
    for as_of in colleges.cutoffs:
        table = va.assess(plan, obs, as_of=as_of).set_index("target")
        assert (table["status"] != "not_assessed").all(), as_of
        year = 2025 if as_of.endswith("FY") else 2024
        for target, series in (
            ("dropout_rate_2025", schools.DROPOUT),
            ("apprentice_share", schools.APPRENTICES),
        ):
            assert table.loc[target, ["latest_value", "latest_period"]].tolist() == [
                series[year],
                f"{year}-FY",
            ]
        assert table.loc["dropout_rate_2024", "status"].startswith("reached")


def test_check_names_who_has_sent_nothing(colleges, capsys):
    for as_of, day, code in (("2025-Q1", "2025-12-10", "Q1"), ("2025-9M", "2026-12-31", "9M")):
        call = [
            "check",
            str(colleges.folder),
            "--as-of",
            as_of,
            "--returns",
            str(colleges.data),
            "--known-by",
            day,
        ]
        assert main([*call, "--lang", "en"]) in (0, 1)
        said = capsys.readouterr().out
        missing = NETWORK.answers(code, day).missing
        assert f"{12 - len(missing)} of 12 units" in said
        for unit in missing:
            assert f"College {int(unit[1:4])}" in said


# A yearly rate


@pytest.mark.parametrize("known_by", ["2025-06-30", "2026-02-14", "2026-02-15", "2027-01-31"])
def test_limits_are_kept_missed_or_open_by_the_figure_of_their_own_year(jobless, known_by):
    plan = va.load_plan(jobless.folder)
    obs = va.load_observations(plan, returns=jobless.data, published=None, known_by=known_by)
    period, value = unemployment.latest(known_by)
    for as_of in jobless.cutoffs:
        table = va.assess(plan, obs, as_of=as_of).set_index("period")
        for due, kept in unemployment.reached(known_by).items():
            row = table.loc[due]
            own = kept is not None and due < period  # what came after its own year does not change it
            assert own or (row["latest_value"], row["latest_period"]) == (value, period)
            assert not own or row["latest_period"] == due
            if kept is None and parse_cutoff(as_of) >= parse_cutoff(due):  # over, its figure awaited
                assert row["status"] == "not_assessed"
                assert np.isnan(row["probability"])
            elif kept is None:
                assert 0 < row["probability"] < 1
            else:
                assert judged(row, kept)


def test_the_limit_is_an_upper_one(jobless):
    plan = va.load_plan(jobless.folder)
    obs = va.load_observations(plan, returns=jobless.data, published=None)
    row = va.assess(plan, obs, as_of="2026-Q1").set_index("period").loc["2026-FY"]
    assert row["lower_80"] < row["median"] < row["upper_80"]
    assert (row["probability"] < 0.5) == (row["median"] > unemployment.LIMITS[2026])


# Months


def test_at_every_month_the_count_and_the_goals_are_those_of_the_sums(doses):
    plan = va.load_plan(doses.folder)
    obs = va.load_observations(plan, returns=doses.data, published=None)
    months = [(year, month) for year in vaccinations.YEARS for month in range(1, 13)]
    for year, month in months[4::8]:
        as_of = vaccinations.period(year, month)
        table = va.assess(plan, obs, as_of=as_of)
        right = vaccinations.reached(DISTRICTS, year, month)
        for period, reached in right.items():
            (row,) = table[table["period"] == period].to_dict("records")
            assert judged(row, reached), (as_of, period, reached, row["status"], row["probability"])
        assert (table["status"] != "not_assessed").all(), as_of
    lines = va.indicator_table(plan, obs, "2026-M05")
    counted = vaccinations.counted(DISTRICTS, 2026, 5)
    assert total(lines, vaccinations.PLACE, vaccinations.INDICATOR) == sum(counted.values())
    assert total(lines, "d003", vaccinations.INDICATOR) == counted["d003"]


def test_a_report_says_how_many_have_sent_the_month_that_is_not_whole_yet(doses):
    """In May 2026 all but one have reported; a year that has not begun has no month that remains."""
    from vetanalysis.narrative.count import counted_to, required_against_seen

    study = va.open_study(doses.folder, "2026-M05", returns=doses.data, published=None, lang="en")
    counted = len(vaccinations.counted(DISTRICTS, 2026, 5))
    total, coming = study.assessment("people_vaccinated_total"), study.assessment("people_vaccinated_2027")
    said = counted_to(total).get("en")
    assert f"{counted} of {DISTRICTS} units have reported" in said
    assert total.so_far == vaccinations.so_far(DISTRICTS, 2026, 4)
    assert required_against_seen(coming) is None  # what is needed is the target itself


def test_a_report_at_the_start_of_the_first_year_has_no_report_before_it(doses):
    """Every figure of it is traced, those of the half year to half of the year before the plan."""
    from vetanalysis.language.numbers import of_plan
    from vetanalysis.pipeline.origins import origins_of
    from vetanalysis.report import told_of

    study = va.open_study(doses.folder, "2025-start", returns=doses.data, published=None, lang="en")
    with of_plan(study.plan):
        traced = origins_of(study, told_of(study))
    assert not [name for name in traced["origins"] if name.startswith("last.")]
    half = [name for _, value, name in traced["figures"]["table.targets"]
            if value == sum(vaccinations.counted(DISTRICTS, 2024, 6).values())]  # fmt: skip
    (origin,) = set(half)
    rows = [traced["rows"][at] for at in traced["origins"][origin]["rows"]]
    assert {row[1] for row in rows if "2024-H1" in row} == set(vaccinations.districts(DISTRICTS))


def test_the_district_that_sent_nothing_or_late_is_named(doses, capsys):
    call = ["check", str(doses.folder), "--returns", str(doses.data), "--lang", "en"]
    for as_of, day, month in (("2026-M05", "2026-06-20", 5), ("2026-M08", "2026-09-15", 8)):
        assert main([*call, "--as-of", as_of, "--known-by", day]) in (0, 1)
        said = capsys.readouterr().out
        (missing,) = vaccinations.missing(DISTRICTS, 2026, month, day)
        last = {line[:4] for line in said.splitlines() if line.startswith("d0") and "missing" in line[-24:]}
        assert missing in last
        assert "d007" not in last


# Reports


def test_years_before_are_those_of_the_colleges_that_have_sent_now(colleges):
    from vetanalysis.report import told_of

    document = told_of(va.open_study(colleges.folder, "2025-9M", returns=colleges.data, published=None))
    (table,) = (block for block in document.blocks if getattr(block, "id", "") == "years")
    told = {row[0].value[:4]: row[1].value for row in table.rows[:-1]}
    for year in (2023, 2024):
        counted = NETWORK.counted(year, "9M")
        assert told[str(year)] == counted.loc[counted["unit"] != schools.SILENT, "value"].sum(), year


def test_page_one_answers_a_target_of_the_present_year(jobless, doses):
    from vetanalysis.narrative.opening import lead

    for written, as_of, answered in (
        (jobless, "2026-Q1", "unemployment_rate_2026"),
        (doses, "2026-M05", "people_vaccinated_total"),
    ):
        study = va.open_study(written.folder, as_of, returns=written.data, published=None)
        assert lead(study.assessments).target.id == answered


@pytest.mark.parametrize(
    ("name", "as_of", "langs"),
    [("jobless", "2026-Q1", ("en", "de")), ("doses", "2026-M05", ("vi", "en"))],
)
def test_reports_in_two_languages_say_nothing_of_viet_nam(name, as_of, langs, request):
    from report_text import texts_of

    from vetanalysis.report import document_of

    written = request.getfixturevalue(name)
    study = va.open_study(written.folder, as_of, returns=written.data)
    for lang in langs:
        text = "\n".join(words for _, words in texts_of(document_of(study.at(lang=lang))))
        assert len(text) > 1000
        for word in ("VIET NAM", "VIỆT NAM", "Lạng Sơn", "UBND", "People's Committee", "/BC", "62%"):
            assert word not in text, (lang, word)
        assert ("unwahrscheinlich" in text) == (lang == "de")


def test_the_figure_of_a_target_that_was_missed_says_so(jobless):
    from vetanalysis.figures.captions import title_of

    study = va.open_study(jobless.folder, "2026-H1", returns=jobless.data, published=None)
    missed, coming = (study.assessment(f"unemployment_rate_{year}") for year in (2025, 2026))
    assert title_of(missed).get("en").endswith(": not reached (provisional figure)")
    assert "unlikely" in title_of(coming).get("en")
