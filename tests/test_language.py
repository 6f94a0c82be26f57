"""Words as data: every line in both languages, what a line may hold, the filters, a plan's own words."""

import math
import pickle
import subprocess
import sys

import pytest
import yaml

from vetanalysis.blocks import LANGUAGES, Cell, Column, Heading, Paragraph, Said, Sentence, Table, Text, same
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.language import cells, lines, own_words, render, syntax
from vetanalysis.language.lines import lines_of
from vetanalysis.language.numbers import years_of
from vetanalysis.language.own_words import check_words
from vetanalysis.language.render import sentence, spoken, voice
from vetanalysis.periods import Calendar

NAN = float("nan")


def once(line, lang="vi", **facts):
    """A line rendered as if it were a plan's."""
    speaks = voice(lang, {"count.fallen": {lang: line}})
    return speaks.render(Said("count.fallen", **facts))


# The files


def faults_of(family, name):
    """What is wrong with a line in the two languages; a plural that Vietnamese has not is used by one alone."""
    line = lines_of(family)[name]
    used = {lang: voice(lang).variables(line[lang]) for lang in LANGUAGES}
    for lang, alone in line.get("only", {}).items():
        if not set(alone) <= used[lang]:
            yield f"{lang} does not use what it alone should"
        used[lang] -= set(alone)
    if used["vi"] != used["en"]:
        yield f"one language alone uses {sorted(used['vi'] ^ used['en'])}"
    if not set(line.get("keeps", ())) <= used["vi"]:
        yield "keeps what it does not use"
    if not set(line) <= {"vi", "en", "locked", "keeps", "only"}:
        yield f"has {sorted(line)}"
    for lang in LANGUAGES:
        voice(lang)._compile(f"{family}.{name}")


@pytest.mark.parametrize("family", lines.families())
def test_every_line_is_worded_in_both_languages_from_the_same_facts(family):
    assert [(name, fault) for name in lines_of(family) for fault in faults_of(family, name)] == []


@pytest.mark.parametrize("family", lines.families())
def test_no_line_stands_twice_and_every_name_is_a_word(family):
    text = (lines._FOLDER / f"{family}.yaml").read_text(encoding="utf-8")
    read = [key.value for key, _ in yaml.compose(text, yaml.SafeLoader).value]
    assert len(read) == len(set(read))
    assert all(isinstance(name, str) for name in lines_of(family))
    assert set(yaml.safe_load(text)) == set(read)


# Said


def test_a_said_is_a_value():
    one = Said("targets.left.short", id="gap", people=1, about="")
    assert one == Said("targets.left.short", id="gap", about="", people=1)
    assert len({one, pickle.loads(pickle.dumps(one))}) == 1
    assert one != one.given(people=0)
    assert Said("words.unknown_key", key="x").facts == {"key": "x"}
    with pytest.raises(AttributeError):
        one.key = "other"


def test_words_are_loaded_with_the_first_sentence_only():
    code = (
        "import sys, vetanalysis; from vetanalysis.blocks import Said; assert 'jinja2' not in sys.modules; "
        "assert 'babel' not in sys.modules; print(len(Said('findings.did_you_mean', near='a').get('en')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "17", done.stderr


def test_sentences_are_settled_and_carry_their_figures():
    said = Said("count.fallen", id="x.fallen", fallen=(Text("Hữu Lũng", "Huu Lung"),), counted_to="2023-H1")
    assert said.get("en").startswith("as of the end of")
    assert sentence(said, "en").startswith("As of the end of")
    told = spoken(said, "en")
    assert (told.id, told.facts) == ("x.fallen", {"fallen": ("Hữu Lũng",), "counted_to": "2023-H1"})
    assert told.facts == spoken(said, "vi").facts
    assert spoken(None, "vi") is None
    with pytest.raises(KeyError, match="'fr'"):
        said.get("fr")


def test_places_for_the_clerk_keep_their_width():
    assert render.settled("số        /BC,\n ngày        tháng") == "Số        /BC, ngày        tháng"
    assert render.settled("a  b   c\n") == "A b c"


def test_errors_and_findings_take_what_has_no_language():
    said = Said("findings.did_you_mean", near="ab")
    assert WrongCall(said).told("vi") == "Có phải là “ab”?"
    assert str(WrongCall(said)) == 'Did you mean "ab"?'
    assert Finding("error", "f.csv", "row 2", "r", said, same("x")).line() == (
        'error: f.csv, row 2: Did you mean "ab"?. x [r]'
    )


def test_years_are_those_of_the_plan_at_hand():
    said = Said("targets.gap.people.none", so_far=5, aim="5", as_of="2025-FY")
    assert "năm 2025," in said.get("vi")
    with years_of(Calendar(year_starts="09-01")):
        assert "năm 2025-2026" in said.get("vi")
        assert once("{{'2025-FY'|year}}", lang="en") == "2025-2026"


# What a line may hold


@pytest.mark.parametrize(
    "line",
    [
        "{% if x %}a{% endif %}",
        "{% for x in y %}{{x}}{% endfor %}",
        "{% set x = 1 %}",
        "{# not said #}",
        "{{ x() }}",
        "{{ x.y() }}",
        "{{ x.__class__ }}",
        "{{ x['__class__'] }}",
        "{{ _x }}",
        "{{ x[y] }}",
        "{{ x[1:2] }}",
        "{{ x ** 9 }}",
        "{{ x // 9 }}",
        "{{ x % 9 }}",
        "{{ [x] }}",
        "{{ {'a': x} }}",
        "{{ x|upper }}",
        "{{ x|attr('y') }}",
        "{{ x|listed(*y) }}",
        "{{ x is callable }}",
        "{{ x is divisibleby(3) }}",
        "{{ x",
        "{{ x }} }} {{",
        "{{" + "(" * 500 + "x" + ")" * 500 + "}}",
        "{{ " + "not " * 290 + "x }}",
        "{{ " + "-" * 1000 + "x }}",
        "a" * (syntax.LONGEST + 1),
    ],
)
def test_what_words_do_not_need_is_refused(line):
    with pytest.raises(lines.LineError, match="not allowed"):
        once(line, x=1, y=(1,))
    assert [one.rule for one in check_words({"count.fallen": {"vi": line}}, "words.yaml")] == ["words-syntax"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ 'a' if x == 3 and not y is known else 'b' }}{{ '!' if x > 5 }}", "a"),
        ("{{ (x + 1) * 2 - 3 / 3 }}", None),
        ("{{ ((x + 1) * 2 - 3 / 3)|number }}", "7"),
        ("{{ name ~ ', ' ~ x ~ '.' }}", "tỉnh, 3."),
        ("{{ pair[0] }} {{ one.value }}", "4 5"),
        ("{{ 'known' if x is known }}{{ 'none' if y is none }}", "knownnone"),
        ("{{ nested }} ({{ nested|capital }})", "Có phải là “z”? (Có phải là “z”?)"),
    ],
)
def test_what_words_need_is_allowed(line, said):
    facts = {"x": 3, "y": None, "name": Text("tỉnh", "province"), "pair": (4, 5), "one": {"value": 5}}
    facts["nested"] = Said("findings.did_you_mean", near="z")
    if said is None:
        with pytest.raises(lines.LineError, match="needs a filter"):
            once(line, **facts)
    else:
        assert once(line, **facts) == said


def test_text_alone_is_said_as_its_template_would_say_it(monkeypatch):
    lines_of_text = ["tỉnh,  huyện\n", "a }} %} #}", "50 % – “số”", "e\u0302\u0309", "hai\r\ndòng"]
    said = [once(line) for line in lines_of_text]
    monkeypatch.setattr(syntax, "is_text", lambda line: False)
    assert [once(line) for line in lines_of_text] == said
    assert said[3:] == ["ể", "hai\ndòng"]


@pytest.mark.parametrize(
    "line",
    ["{{ y }}", "{{ z }}", "{{ w }}", "{{ 'a' * 3 }}", "{{ z * 1000 }}", "{{ x|number(99) }}", "{{ u }}"],
)
def test_a_line_that_its_facts_do_not_fit_says_where_and_what(line):
    with pytest.raises(lines.LineError) as failed:
        once(line, x=1, y=None, z=(1,), w=1.5)
    for part in ("the plan's words", "fallen", "vi", line, "given {"):
        assert part in str(failed.value)


def test_an_unknown_line_or_family_is_named_with_the_nearest():
    with pytest.raises(lines.LineError, match=r"no line 'left\.shorr'; nearest: 'left\.short'"):
        Said("targets.left.shorr").get("vi")
    with pytest.raises(lines.LineError, match=r"there are .*count"):
        Said("counted.total").get("vi")
    with pytest.raises(lines.LineError, match="no words"):
        Said("../secret.total").get("vi")


def test_what_a_fact_holds_is_never_read_as_a_line():
    assert once("{{x}}", x="{{ 7 * 7 }} <b>") == "{{ 7 * 7 }} <b>"


# Filters


FIGURES = (
    "number", "count", "people", "percent", "points", "money", "quantity('percent')", "amount('persons')",
    "difference('percent')", "index(1)", "of_plan(1)", "about", "about(bare=true)", "from_to(1)", "plain",
    "with_measure('persons')", "period", "up_to", "short_period", "year", "year_number", "year_tick", "date",
    "short_date", "cell_date", "time", "chance", "chance(bare=true)", "likelihood", "name('method')",
)  # fmt: skip


@pytest.mark.parametrize("call", FIGURES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_figure_is_worded_as_missing(call, lang):
    said = {"vi": "chưa có số liệu", "en": "no figure"}[lang]
    assert once(f"{{{{x|{call}}}}}", lang, x=None) == said
    if call != "likelihood":
        assert once(f"{{{{x|{call}}}}}", lang, x=NAN) == said


@pytest.mark.parametrize(
    ("line", "vi", "en"),
    [
        ("{{x|number}} {{x|number(1)}} {{x|count}}", "9.200,5 9.200,5 9.201", "9,200.5 9,200.5 9,201"),
        ("{{x|people}} {{x|people(100)}}", "9.201 người 9.200 người", "9,201 people 9,200 people"),
        ("{{p|percent}} {{p|points}}", "57,2% 57,2 điểm phần trăm", "57.2% 57.2 percentage points"),
        ("{{x|money}}", "9.200,5 triệu đồng", "9,200.5 million dong"),
        ("{{p|quantity('percent')}} {{p|amount('percentage_points')}}", "57,2% 57,2 điểm phần trăm",
         "57.2% 57.2 percentage points"),
        ("{{'Ủy ban nhân dân tỉnh'|capitals|replaced('ỦY BAN NHÂN DÂN', 'UBND')}}", "UBND TỈNH", "UBND TỈNH"),
        ("{{p|change(58, 'percent')}}", "tăng 0,8 điểm phần trăm", "up 0.8 percentage points"),
        ("{{1.74|signed}} {{(-0.8)|signed}} {{none|signed}}", "+1,7 -0,8 chưa có số liệu", "+1.7 -0.8 no figure"),
        ("{{none|change(58, 'percent')}}", "chưa có số liệu để so sánh", "no figure to compare with"),
        ("{{x|about}} {{x|about(bare=true)}} {{p|about('percent')}}", "9.200 người 9.200 57,2%",
         "9,200 people 9,200 57.2%"),
        ("{{p|from_to(60, 'percent')}}", "từ 57,2% đến 60,0%", "between 57.2% and 60.0%"),
        ("{{x|index(none)}}", "chưa có số liệu cùng kỳ để so sánh", "no figure for the same period last year"),
        ("{{x|of_plan(0)}}", "chỉ tiêu được giao bằng 0", "the quota is 0"),
        ("{{p|plain}}", "57.2", "57.2"),
        ("{{p|typed}} {{1930|figure}} {{1e26|figure}}", "57,2 1.930 1e+26", "57.2 1,930 1e+26"),
        ("{{c|period}}; {{c|up_to}}; {{c|short_period}}",
         "9 tháng đầu năm 2023; tính đến hết 9 tháng đầu năm 2023; 9 tháng 2023",
         "the first nine months of 2023; as of the end of the first nine months of 2023; 9M 2023"),
        ("{{c|year}} {{2023|year}} {{c|year_number}} {{c|year_tick}}", "năm 2023 năm 2023 2023 2023",
         "2023 2023 2023 2023"),
        ("{{d|date}} {{d|short_date}} {{d|cell_date}}", "ngày 05 tháng 01 năm 2024 05/01/2024 05/01/2024",
         "5 January 2024 5 January 2024 5 Jan 2024"),
        ("{{0.163|chance}} {{0.163|chance(bare=true)}}", "khoảng 15% 15%", "about 15% 15%"),
        ("{{'likely'|likelihood}} {{'likely'|symbol}}", "có khả năng đạt (55-80%) ▲", "likely (55-80%) ▲"),
        ("{{'mack'|name('method')}} {{'odd'|name('method')}}",
         "theo tỷ lệ phát triển giữa các quý của các năm trước odd", "by the chain ladder odd"),
        ("{{'classes'|measure}} {{'odd_one'|measure}} {{3|with_measure('million_dong_per_person')}}",
         "lớp odd one 3,0 triệu đồng/người", "classes odd one 3.0 million dong a person"),
        ("{{label|inside}} {{label|the}} {{label|capital}} {{label|lower}}",
         "tỷ lệ tỷ lệ Tỷ lệ. tỷ lệ.", "rate the rate Rate. rate."),
        ("{{1|n('unit')}} {{2|n('unit')}} {{1|n('person', 'people')}}", "1 unit 2 units 1 person",
         "1 unit 2 units 1 person"),
        ("{{1|are}} {{2|are}} {{1|plural('was', 'were')}} {{none|plural('was', 'were')}}", "is are was were",
         "is are was were"),
        ("{{'a'|repr}} {{1.5|repr}} {{label|repr}} {{none|repr}}", "'a' 1.5 'Tỷ lệ.' None", "'a' 1.5 'Rate.' None"),
        ("{{parts|listed}}; {{parts|listed(1)}}; {{none|listed}}", "a, b và c; a và 2 đơn vị khác; ",
         "a, b and c; a and 2 more; "),
        ("{{parts|listed(2, 'others')}}; {{parts|joined}}; {{parts|joined('; ', 2)}}",
         "a, b và 1 others; a, b, c; a; b", "a, b and 1 others; a, b, c; a; b"),
        ("{{parts|length}} {{none|length}} {{(-3)|abs|count}}", "3 0 3", "3 0 3"),
    ],
)  # fmt: skip
def test_filters_word_as_the_house_does(line, vi, en):
    facts = {
        "x": 9200.5, "p": 57.2, "c": "2023-9M", "d": "2024-01-05", "label": Text("Tỷ lệ.", "Rate."),
        "parts": ("a", Text("b", "b"), "c"),
    }  # fmt: skip
    assert (once(line, "vi", **facts), once(line, "en", **facts)) == (vi, en)


# A plan's own words


@pytest.fixture
def locked(monkeypatch):
    real = own_words.lines_of
    mine = {"count": {**real("count"), "fallen": {**real("count")["fallen"], "locked": True}}}
    monkeypatch.setattr(own_words, "lines_of", lambda family: mine.get(family) or real(family))


def test_a_plan_words_a_line_otherwise_in_the_language_it_names():
    words = {"targets.gap.people.none": {"vi": "{{as_of|up_to}}, đủ {{so_far|people}}."}}
    assert check_words(words, "words.yaml") == []
    said = Said("targets.gap.people.none", so_far=5, aim="5", as_of="2023-FY")
    assert sentence(said, "vi", words) == "Tính đến hết năm 2023, đủ 5 người."
    assert sentence(said, "en", words) == sentence(said, "en")
    inner = Said("findings.known", known=(said,))
    assert "đủ 5 người" in voice("vi", words).render(inner)
    assert check_words({"count.by_unnamed_method": "{{method}}"}, "words.yaml") == []


@pytest.mark.parametrize(
    ("words", "place", "rule", "part"),
    [
        ({"targets.left.shorr": {"vi": "x"}}, "targets.left.shorr", "unknown", '"targets.left.short"'),
        ({"cont.total.alone": {"vi": "x"}}, "cont.total.alone", "unknown", '"count.total.alone"'),
        ({"count.total.alone": {"vi": "{{valeu|people}}"}}, "count.total.alone.vi", "fact", '"value"'),
        (
            {"count.total.alone": {"en": "{{value.__class__}}"}},
            "count.total.alone.en",
            "syntax",
            "underscore",
        ),
        ({"count.total.alone": {"en": "{% raw %}"}}, "count.total.alone.en", "syntax", "{%"),
        ({"count.total.alone": {"fr": "x"}}, "count.total.alone.fr", "language", '"fr"'),
        ({"count.total.alone": {"vi": 3}}, "count.total.alone.vi", "shape", "vi and en"),
        ({"count.total.alone": {}}, "count.total.alone", "shape", "vi and en"),
        ({"count.total.alone": {"vi": " "}}, "count.total.alone.vi", "shape", "vi and en"),
        (["count.total.alone"], "", "shape", "vi and en"),
        ({"count.fallen": {"vi": "không"}}, "count.fallen", "locked", "count.fallen"),
    ],
)
def test_words_that_are_wrong_are_found_with_what_comes_nearest(locked, words, place, rule, part):
    (found,) = check_words(words, "plan/words.yaml")
    assert (found.file, found.place, found.rule) == ("plan/words.yaml", place, f"words-{rule}")
    assert part in found.line("en")
    assert found.line("vi") != found.line("en")


# Documents


def test_a_document_is_worded_block_by_block_and_what_is_worded_passes():
    said = Said("targets.gap.people.none", id="gap", so_far=5, aim="5", as_of="2023-FY")
    already = Sentence("done", "Rồi.", {})
    blocks = (Heading(1, Text("Kết quả", "Results")), Paragraph((said, None, already)), "office", None)
    heading, paragraph, *rest = cells.worded(blocks, "en")
    assert heading.text == "Results"
    assert [one.id for one in paragraph.sentences] == ["gap", "done"]
    assert paragraph.sentences[0].text.startswith("As of the end of 2023")
    assert paragraph.sentences[1] is already
    assert rest == ["office", None]


def table(*rows):
    return Table(
        "t", Text("Bảng", "Table"), (Column(Text("Cột", "Column")),), tuple(rows), (Text("Ghi", "Note"),)
    )


def test_a_table_gives_words_and_numbers_from_the_same_cells():
    made = cells.worded(
        table((Cell(1, "ordinal"), Text("Huyện", "District"), Cell(9200.5, "count"), "x")), "vi"
    )
    assert made.rows == (("1", "Huyện", "9.201", "x"),)
    assert made.values == ((1, "Huyện", 9200.5, "x"),)
    assert (made.title, made.columns[0].label, made.notes) == ("Bảng", "Cột", ("Ghi",))
    plain = cells.worded(table(("a", "b")), "vi")
    assert (plain.rows, plain.values) == ((("a", "b"),), ())


@pytest.mark.parametrize(
    ("cell", "printed", "value"),
    [
        (Cell(Text("Có", "Yes")), "Có", "Có"),
        (Cell(57.25, "decimal"), "57,3", 57.25),
        (Cell(57.25, "number"), "57,25", 57.25),
        (Cell(57.25, "percent"), "57,3%", 57.25),
        (Cell(8758, "people", words=same("8.758 người (9 tháng 2023)"), flag="(*)"),
         "8.758 người (9 tháng 2023)(*)", 8758),
        (Cell(5674.12, "figure", measure="million_dong"), "5.674,1", 5674.12),
        (Cell(3.0, "figure", measure="million_dong_per_person"), "3,0", 3.0),
        (Cell(3.5, "figure", measure="classes"), "3,5", 3.5),
        (Cell(57.2, "amount", measure="percentage_points"), "57,2 điểm phần trăm", 57.2),
        (Cell(62, "goal", measure="percent"), "62%", 62),
        (Cell(13345, "about"), "13.300 người", 13300),
        (Cell(59.61, "about", measure="percent"), "59,6%", 59.61),
        (Cell(13345, "about_bare"), "13.300", 13300),
        (Cell((7512, 20688), "spread"), "7.500 - 20.700", "7.500 - 20.700"),
        (Cell((NAN, 20688), "spread"), "..", ".."),
        (Cell(0.163, "chance"), "15%", "15%"),
        (Cell("2023-9M", "period"), "9 tháng 2023", "9 tháng 2023"),
        (Cell("2023-09-15", "date"), "15/9/2023", "15/9/2023"),
        (Cell(None, "count"), "..", None),
        (Cell(NAN, "count", missing="-"), "-", None),
        (Cell(None, "decimal", missing=""), "", None),
    ],
)  # fmt: skip
def test_every_kind_of_cell(cell, printed, value):
    assert cells.printed(cell, "vi") == printed
    assert cells.workbook_value(cell, "vi") == value
    assert not (isinstance(value, float) and math.isnan(value))
