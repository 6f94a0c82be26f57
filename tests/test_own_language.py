"""A language that a plan brings: German words, everything else in English, numbers as German has them."""

import shutil

import pytest
from openpyxl import load_workbook

import vetanalysis as va
from vetanalysis.blocks import Cell, Said, Text
from vetanalysis.cli.main import main
from vetanalysis.documents.html import html_text
from vetanalysis.documents.word import word_bytes
from vetanalysis.errors import PlanInvalid, WrongCall
from vetanalysis.language.cells import printed
from vetanalysis.language.numbers import of_plan
from vetanalysis.language.own_words import left_to_english
from vetanalysis.language.render import sentence
from vetanalysis.paths import plans_root
from vetanalysis.plan import load_plan
from vetanalysis.report import document_of
from vetanalysis.returns.lists import reporting_units
from vetanalysis.returns.read import read_return
from vetanalysis.returns.template import build_form

GERMAN = """
numbers.decimal: ","
numbers.thousands: "."
numbers.percent_sign: " %"
numbers.date: "{{day}}. {{month}} {{year}}"
numbers.people: "{{count}} Personen"
numbers.period.9M: "erste neun Monate {{year}}"
numbers.up_to: "Stand {{period}}"
targets.gap.people.short: "{{as_of|up_to}}: {{gap|abs|people}} fehlen noch, {{so_far|count}} sind da."
likelihood.icd203.likely: wahrscheinlich
likelihood.chance: "etwa {{percent}}"
opening.illustrative: "ERFUNDENE ZAHLEN, NICHT WIRKLICH"
documents.table: Tabelle
form.sheet.figures: Zahlen
form.fact.unit: Einheit
"""


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """A plan of Bremen with German words and texts."""
    folder = tmp_path_factory.mktemp("german") / "bremen"
    folder.mkdir()
    (folder / "plan.yaml").write_text(
        """
title: {vi: Kế hoạch Bremen, en: Bremen plan, de: Plan für Bremen}
title_in: {vi: kế hoạch Bremen, en: the Bremen plan, de: dem Plan für Bremen}
place:
  code: HB
  name: {vi: Bremen, en: Bremen, de: Freie Hansestadt Bremen}
  country: DE
  currency: {vi: euro, en: euros, de: Euro}
years: [2027, 2027]
targets:
  - id: jobless
    label: {vi: Tỷ lệ thất nghiệp, en: Unemployment rate, de: Arbeitslosenquote}
    indicator: jobless
    operator: "<="
    value: 9.5
    measure: percent
    period: 2027-FY
    legal_text: {vi: "9,5%", en: "9.5 %", de: "9,5 %"}
    legal_ref: "1"
    certainty: high
    reading: {vi: như ghi, en: as written, de: wie geschrieben}
    judged_on: {vi: số năm, en: the year's figure, de: die Jahreszahl}
""",
        encoding="utf-8",
    )
    (folder / "units.csv").write_text(
        "code,name,short_name,name_en,kind,parent,valid_from,valid_to,aliases\n"
        "HB,Freie Hansestadt Bremen,,Free Hanseatic City of Bremen,region,,,,\n",
        encoding="utf-8",
    )
    (folder / "quotas.csv").write_text("unit,level,period,value,source\n", encoding="utf-8")
    shutil.copyfile(plans_root() / "viet-nam-2025" / "indicators.csv", folder / "indicators.csv")
    table = (folder / "indicators.csv").read_text(encoding="utf-8").splitlines()
    own = dict.fromkeys(table[0].split(","), "") | {
        "row": "1", "id": "jobless", "label_vi": "Tỷ lệ thất nghiệp", "label_en": "Unemployment rate",
        "measure": "percent", "direction": "down", "sender": "own", "periods": "Y", "kind": "rate",
        "narrative_only": "false", "basis": "stock",
    }  # fmt: skip
    rows = [table[0], ",".join(own[name] for name in table[0].split(","))]
    (folder / "indicators.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "words.de.yaml").write_text(GERMAN, encoding="utf-8")
    values = (10.9, 10.5, 10.2, 9.8, 9.9, 11.2, 10.7, 10.2, 10.6, 11.0, 11.2, 10.9)
    lines = [f"HB,{year}-FY,jobless,{value}" for year, value in zip(range(2015, 2027), values, strict=True)]
    (folder.parent / "data.csv").write_text(
        "unit,period,indicator,value\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def plan(german):
    return load_plan(german)


def test_a_line_of_the_plans_language_has_its_words_and_its_marks(plan):
    said = Said("targets.gap.people.short", so_far=12300, gap=1200, aim="", as_of="2027-9M")
    assert sentence(said, "de", plan.words) == (
        "Stand erste neun Monate 2027: 1.200 Personen fehlen noch, 12.300 sind da."
    )
    assert printed(Cell(57.25, "percent"), "de", plan.words) == "57,3 %"
    assert printed(Cell(1234.5, "decimal"), "de", plan.words) == "1.234,5"
    with of_plan(plan):
        assert Said("letters.missing", known_by="", period="2027-9M", unit="x", due="2027-03-05", days=0).get(
            "de"
        )


def test_what_a_language_lacks_is_english_throughout_with_its_marks(plan):
    said = Said("targets.gap.people.past", so_far=13500, gap=-1200, aim="Plan", as_of="2027-9M")
    assert sentence(said, "de", plan.words) == (
        "As of the end of the first nine months of 2027, 13.500 people have been counted, 1.200 people more than the "
        "target of Plan."
    )
    with of_plan(plan):
        assert Text("a", "b").get("de") == "b"
        assert plan.title.get("de") == "Plan für Bremen"
        assert plan.unit("HB").label.get("de") == "Freie Hansestadt Bremen"
        assert plan.unit("HB").label.get("en") == "Free Hanseatic City of Bremen"


def test_how_much_is_left_to_english_is_counted(plan):
    left, lines = left_to_english(plan.words, "de")
    ours = {
        key: {lang: one for lang, one in line.items() if lang != "de"} for key, line in plan.words.items()
    }
    before, _ = left_to_english(ours, "de")  # lines without a word are of every language
    # of the lines the percent sign reads alike in ours; the currency is German, too
    assert before - left == len([line for line in GERMAN.splitlines() if line]) == 14
    assert lines > before > 0.8 * lines


def test_status_words_are_translated_or_stay_english_and_their_ranges_stay(plan):
    def said(status, probability):
        return sentence(
            Said("targets.verdict", status=status, probability=probability, past=""), "de", plan.words
        )

    assert said("likely", 0.6) == "Wahrscheinlich (55-80 %)"
    assert said("very_likely", 0.9) == "Very likely (80-95 %)"


def test_the_report_stands_in_the_language_in_every_form(german):
    study = va.open_study(german, "2027-start", lang="de", returns=german.parent / "data.csv")
    with of_plan(study.plan):
        document = document_of(study)
        page, word = html_text(document), word_bytes(document)
    assert document.lang == "de"
    assert '<html lang="de"' in page
    assert "Tabelle 1" in page
    assert "9,5 %" in page
    assert "arbeitslosenquote" in page.lower()
    assert _part(word, "word/styles.xml").count('w:val="de-DE"') == 1
    assert "euro" not in page


def _part(package, name):
    import io
    import zipfile

    return zipfile.ZipFile(io.BytesIO(package)).read(name).decode("utf-8")


def test_the_command_speaks_it_and_says_once_what_is_english(german, capsys):
    call = ["assess", str(german), "--as-of", "2027-start", "--returns", str(german.parent / "data.csv")]
    assert main([*call, "--lang", "de,en"]) == 0
    told = capsys.readouterr()
    assert "≤ 9,5 %" in told.out
    assert "≤ 9.5%" in told.out
    assert told.err.count("stand in English") == 1
    assert main([*call, "--lang", "fr"]) == 2
    assert "vi, en, de" in capsys.readouterr().err
    check = ["check", *call[1:2], "--as-of", "2027-FY", "--returns", call[-1], "--lang"]
    assert main([*check, "de"]) == 0
    assert main([*check, "fr"]) == 2


def test_a_study_refuses_a_language_that_nobody_brings(german):
    with pytest.raises(WrongCall, match="vi, en, de"):
        va.open_study(german, "2027-start", lang="fr", returns="none")
    with pytest.raises(WrongCall, match=r"vi, en$"):
        va.open_study("lang-son-2023", "2023-start", lang="de", returns="none")


@pytest.mark.parametrize(
    ("file", "line", "rule"),
    [
        ("words.de.yaml", "targets.gap.people.shrt: x", "words-unknown"),
        ("words.de.yaml", 'targets.gap.people.short: "{{so_farr|people}}"', "words-fact"),
        ("words.de.yaml", 'targets.gap.people.short: "{% if x %}"', "words-syntax"),
        ("words.de.yaml", 'numbers.people: "Personen"', "words-left-out"),
        ("words.de.yaml", 'numbers.people: "{{count|count}} Personen"', "words-plain"),
        ("words.de.yaml", 'targets.gap.people.short: {de: "x"}', "words-shape"),
        ("words.de.yaml", 'likelihood.icd203.likely.range: "60-90 %"', "words-fixed"),
        ("words.de.yaml", 'likelihood.icd203.likely.symbol: "▲▲"', "words-fixed"),
        ("words.de.yaml", 'likelihood.icd203.likely: "zu 90 % wahrscheinlich"', "words-fixed"),
        ("words.de.yaml", 'likelihood.with_range: "{{words}}"', "words-fixed"),
        ("words.de.yaml", 'districts.range: "x"', "words-unknown"),
        ("words.de.yaml", 'tables.units.range: "90-%-Spanne"', "words-fixed"),
        ("words.de.yaml", 'targets.figure.illustrative: ""', "words-shape"),
        ("words.de.yaml", 'numbers.decimal: "x"', "words-mark"),
        ("words.de.yaml", 'numbers.decimal: ","', "words-mark"),
        ("words.german.yaml", "documents.table: Tabelle", "words-language"),
        ("words.qq.yaml", "documents.table: Tabelle", "words-language"),
        ("words.en.yaml", "documents.table: Table", "words-language"),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_line(tmp_path, german, file, line, rule):
    folder = tmp_path / "bremen"
    shutil.copytree(german, folder)
    (folder / "words.de.yaml").unlink()
    for name in ("plan.yaml",):  # without German texts, which need the language
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(
            "\n".join(
                one.partition(", de:")[0] + "}" if ", de:" in one else one for one in text.splitlines()
            ),
            encoding="utf-8",
        )
    assert load_plan(folder).words.languages == ("vi", "en")
    (folder / file).write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(PlanInvalid) as refused:
        load_plan(folder)
    (found,) = refused.value.findings
    assert (found.rule, found.file) == (rule, f"bremen/{file}")
    assert found.line("vi") != found.line("en")


def test_locked_lines_may_be_translated_with_their_numbers(plan):
    assert "55-80" in plan.words.get("likelihood.icd203.likely.range", {"de": "55-80 %"})["de"]
    assert plan.words["opening.illustrative"] == {"de": "ERFUNDENE ZAHLEN, NICHT WIRKLICH"}


def test_a_text_in_a_language_that_the_plan_does_not_bring_is_refused(tmp_path, german):
    folder = tmp_path / "bremen"
    shutil.copytree(german, folder)
    (folder / "words.de.yaml").unlink()
    with pytest.raises(PlanInvalid, match="allowed keys: vi, en"):
        load_plan(folder)


def test_a_form_in_the_plans_language_comes_back_understood(tmp_path):
    """Outside Viet Nam forms are in the plan's own language; what is typed there is read in its words."""
    call = ["new-plan", str(tmp_path / "p"), "--place", "HB", "--place-name", "Bremen", "--country", "DE", "--years",
            "2027", "--target", "unemployment_rate<=9.5%"]  # fmt: skip
    assert main(call) == 0
    (tmp_path / "p" / "words.de.yaml").write_text(GERMAN, encoding="utf-8")
    plan = load_plan(tmp_path / "p")
    (unit,) = reporting_units(plan, plan.check_cutoff("2027-FY"))
    path = build_form(plan, unit, "2027-FY").save(tmp_path / f"{unit}__2028-01-03.xlsx")
    book = load_workbook(path)
    assert "Zahlen" in book.sheetnames
    heads = [cell.value for cell in book["_cells"][1]]
    rows = [
        dict(zip(heads, row, strict=True)) for row in book["_cells"].iter_rows(min_row=2, values_only=True)
    ]
    asked = [row for row in rows if row["indicator"] == "unemployment_rate"]
    for row in asked:
        book[row["sheet"]][row["cell"]] = 9.75
    book.save(path)
    reading = read_return(path, plan)
    assert len(asked) == 1
    assert list(reading.columns["value"]) == [9.75]
    assert [one for one in reading.findings if one.severity == "error"] == []
