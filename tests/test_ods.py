"""What an .ods of LibreOffice shows beside its values: number formats, errors, formulas that give an empty text."""

import io
import zipfile

import pytest

from vetanalysis.plan import load_plan
from vetanalysis.returns.read import read_return

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)
SPACES += ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:calcext="urn:calcext"'
NUMBER = '<number:number number:min-integer-digits="1"{}/>'
PLAIN = f'<number:number-style style:name="N1">{NUMBER.format("")}</number:number-style>'
HEADS = ("Đơn vị", "Số người tuyển mới", "Số người tốt nghiệp")


def text(words):
    return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def figure(value, more=""):
    value_of = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {value_of} {more}><text:p>{value}</text:p></table:table-cell>"


def row(*cells, more=""):
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def book(rows, named="", own="", columns=""):
    """An .ods with these rows, number styles and cell styles in styles.xml and in content.xml."""
    top = f'<?xml version="1.0" encoding="UTF-8"?><office:document-{{0}} {SPACES}>'
    styles = f"{top.format('styles')}<office:styles>{named}</office:styles></office:document-styles>"
    table = f'<table:table table:name="Biểu">{columns}{"".join(rows)}</table:table>'
    content = (
        f"{top.format('content')}<office:automatic-styles>{own}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest='urn:manifest'/>")
        archive.writestr("styles.xml", styles)
        archive.writestr("content.xml", content)
    return out.getvalue()


def cell_style(number, name="ce1", parent="Default"):
    of = f'style:data-style-name="{number}"' if number else ""
    return f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="{parent}" {of}/>'


@pytest.fixture
def read(tmp_path):
    """Values by cell, missing cells, and rules by cell, of an .ods with these rows of figures."""

    def of(*lines, **parts):
        top = row(text("9 tháng đầu năm 2023")), row(*map(text, HEADS))
        path = tmp_path / "183__2023-09-15.ods"
        path.write_bytes(book([*top, *lines], **parts))
        reading = read_return(path, load_plan("lang-son-2023"))
        table = reading.observations
        figures = dict(zip(table["source"].str.split("!").str[-1], table["value"], strict=True))
        rules: dict[str, set[str]] = {}
        for one in reading.findings:
            if one.severity != "info" and one.place:
                rules.setdefault(one.place, set()).add(one.rule)
        return figures, {one.rpartition("!")[2] for one in reading.missing["source"]}, rules

    return of


SHOWN_OTHERWISE = {
    "thousands": NUMBER.format(' number:display-factor="1000"'),
    "enrolments": NUMBER.format("") + "<number:text> lượt</number:text>",
    "households": NUMBER.format("") + "<number:text> hộ</number:text>",
    "thousand in words": "<number:text>nghìn </number:text>" + NUMBER.format(""),
    "nothing": "",
}
AS_IT_IS = {
    "grouped": NUMBER.format(' number:grouping="true"'),
    "people": NUMBER.format("") + "<number:text> người</number:text>",
    "a space behind": NUMBER.format("") + "<number:text> </number:text>",
}


def styled(inner, kind="number"):
    return f'<number:{kind}-style style:name="N9">{inner}</number:{kind}-style>'


@pytest.mark.parametrize("named", [True, False], ids=["in styles.xml", "in content.xml"])
@pytest.mark.parametrize("inner", SHOWN_OTHERWISE.values(), ids=SHOWN_OTHERWISE)
def test_a_count_that_its_format_shows_otherwise_is_refused(read, inner, named):
    styles = {"named" if named else "own": styled(inner)}
    styles["own"] = styles.get("own", "") + cell_style("N9")
    line = row(text("Huyện Cao Lộc"), figure(326, 'table:style-name="ce1"'), figure(7))
    figures, _, rules = read(line, **styles)
    assert (figures, rules) == ({"C3": 7}, {"B3": {"number-format"}})


@pytest.mark.parametrize("inner", AS_IT_IS.values(), ids=AS_IT_IS)
def test_a_format_that_shows_the_figure_says_nothing(read, inner):
    line = row(text("Huyện Cao Lộc"), figure(326, 'table:style-name="ce1"'), figure(7))
    assert read(line, named=styled(inner), own=cell_style("N9")) == ({"B3": 326, "C3": 7}, set(), {})


def test_the_format_of_figures_above_zero_is_the_one_that_counts(read):
    above = styled(NUMBER.format("") + "<number:text> lượt</number:text>").replace("N9", "N9P0")
    condition = '<style:map style:condition="value()&gt;=0" style:apply-style-name="N9P0"/>'
    line = row(text("Huyện Cao Lộc"), figure(326, 'table:style-name="ce1"'), figure(7))
    _, _, rules = read(line, named=above + styled(NUMBER.format("") + condition), own=cell_style("N9"))
    assert rules == {"B3": {"number-format"}}


def test_a_format_comes_from_the_style_below_or_from_the_column(read):
    inner = styled(SHOWN_OTHERWISE["enrolments"]) + cell_style("N9", "base")
    own = cell_style("", "ce1", "base")
    line = row(text("Huyện Cao Lộc"), figure(326, 'table:style-name="ce1"'), figure(7))
    assert read(line, named=inner, own=own)[2] == {"B3": {"number-format"}}
    columns = '<table:table-column table:number-columns-repeated="2"/>'
    columns += '<table:table-column table:default-cell-style-name="ce1"/>'
    bare = row(text("Huyện Cao Lộc"), figure(326), figure(7))
    assert read(bare, named=inner, own=own, columns=columns)[2] == {"C3": {"number-format"}}


def test_a_format_holds_for_cells_and_rows_that_are_stored_once(read):
    style = {"named": styled(SHOWN_OTHERWISE["enrolments"]), "own": cell_style("N9")}
    twice = figure(7, 'table:style-name="ce1" table:number-columns-repeated="2"')
    _, _, rules = read(row(text("Huyện Cao Lộc"), twice, more='table:number-rows-repeated="2"'), **style)
    assert rules.keys() >= {"B3", "C3", "B4", "C4"}


def test_an_error_is_told_and_no_blank(read):
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    figures, missing, rules = read(row(text("Huyện Cao Lộc"), error, figure(7)))
    assert (figures, missing) == ({"C3": 7}, set())
    assert "cell-error" in rules["B3"]


def test_a_formula_that_gives_an_empty_text_has_a_value_and_one_without_any_has_none(read):
    empty = '<table:table-cell table:formula="of:=IF(1;&quot;&quot;;3)"><text:p/></table:table-cell>'
    figures, _, rules = read(row(text("Huyện Cao Lộc"), empty, figure(7)))
    assert (figures, rules) == ({"C3": 7}, {})
    never = '<table:table-cell table:formula="of:=SUM([.D1:.D2])"/>'
    assert read(row(text("Huyện Cao Lộc"), never, figure(7)))[2] == {"B3": {"formula-no-value"}}
