"""The values behind a figure: its table, and the places in the picture where they can be pointed at."""

import io
import struct
import zlib
from dataclasses import replace

import pytest
from figure_cases import ALL, CUMULATIVE, FAN_DATA, FUNDING, MAP, WATERFALL
from in_browser import chromium, faults, needs_browser
from matplotlib.colors import to_rgb
from PIL import Image
from sample_document import sample

from vetanalysis.blocks import Picture
from vetanalysis.documents.html import html_text, write_html
from vetanalysis.figures.pictures import drawn
from vetanalysis.figures.style import FACT, TARGET, in_language
from vetanalysis.figures.values import places_in


def figure_of(data, lang="vi"):
    return drawn(Picture("one", data, "Hình", "Hình."), lang)


def rows_of(data, lang="vi"):
    table = figure_of(data, lang).table
    return [one.heading for one in table.columns], [list(row) for row in table.rows]


def colours_at(png, places, width=2):
    """The colour of the picture at each place, the darkest of a few pixels across it."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    found = []
    for x, y in places:
        at = round(x * image.width), round(y * image.height)
        found.append(min((image.getpixel((at[0] + i, at[1])) for i in range(-width, width + 1)), key=sum))
    return found


def near(colour, name):
    return max(abs(part / 255 - of) for part, of in zip(colour, to_rgb(name), strict=True)) < 0.15


def test_the_table_of_a_fan_has_its_figures_its_projection_and_its_target():
    head, rows = rows_of(FAN_DATA)
    assert head == ["Kỳ", "Số liệu", "Mức dự báo", "Khoảng dự báo 80%", "Chỉ tiêu"]
    named = {row[0]: row[1:] for row in rows}
    facts = [point for piece in FAN_DATA.pieces for point in piece.points]
    assert len(named) == len({point.year for point in facts} | {2022, 2023})
    assert named["2023"][1:] == ["60,0%", "57,4% - 62,6%", "62%"]  # 60 - 1.2816 * 2 = 57.4
    settled = next(point for point in facts if point.status == "final")
    assert named[f"{settled.year}"][0] == f"{settled.value:.1f}%".replace(".", ",")
    assert any("(" in name for name in named) == any(point.status != "final" for point in facts)


def test_a_figure_stands_in_the_table_as_in_the_picture():
    """Nearly so many people, and a rate as finely as its target is set."""
    piece = FAN_DATA.pieces[0]
    rate = replace(
        FAN_DATA, target=20.11, pieces=(replace(piece, points=(replace(piece.points[0], value=21.55),)),)
    )
    assert rows_of(replace(rate, projection=None))[1][0][1] == "21,55%"
    rough = replace(piece.points[0], value=12000.0, approximate="nearly")
    count = replace(
        rate, measure="persons", target=13500.0, pieces=(replace(piece, points=(rough,)),), projection=None
    )
    assert rows_of(count)[1][0][1] == "gần 12.000 người"


def test_the_table_of_a_path_leaves_empty_what_is_not_known():
    head, rows = rows_of(CUMULATIVE)
    assert head == ["Tính đến hết", "2021", "2022", "2023", "Mức dự báo", "Khoảng dự báo 80%", "Chỉ tiêu"]
    assert [row[:4] for row in rows] == [
        ["Quý I", "700", "1.800", "1.500"],
        ["6 tháng", "3.500", "5.900", ""],
        ["9 tháng", "", "10.300", "9.870"],
        ["Cả năm", "11.980", "13.900", ""],
    ]
    assert rows[-1][-1] == "13.500"
    assert rows_of(CUMULATIVE, "en")[0][0] == "Up to"


def test_tables_of_units_and_money_name_what_is_missing():
    assert rows_of(MAP)[1] == [["TP Lạng Sơn", "110,0%"], ["Tràng Định", "48,0%"], ["Bắc Sơn", ".."]]
    assert rows_of(FUNDING)[1] == [
        ["Trung ương", "18.500", "7.600"],
        ["Địa phương", "..", "100"],
        ["Khác", "..", ".."],
    ]
    head, rows = rows_of(ALL["standing"])
    assert head == ["Đơn vị", "Tỷ lệ thực hiện", "% thường có"]
    assert rows[0] == ["Trung tâm 11", "71,0%", "65,0%"]
    assert figure_of(WATERFALL).table is None


def test_the_picture_holds_the_places_of_its_values():
    """At the place of a figure the picture has the figure's mark, at that of the target its line."""
    figure = figure_of(FAN_DATA)
    values = in_language(FAN_DATA.values_shown(), "vi").pointed_at()
    places = places_in(figure.png)
    assert len(places) == len(figure.pointed_at) == len(values)
    settled = {point.value for piece in FAN_DATA.pieces for point in piece.points if point.status == "final"}
    colours = dict(
        zip(((one.column, one.cell.value) for one in values), colours_at(figure.png, places), strict=True)
    )
    assert settled
    assert all(near(colours["Số liệu", value], FACT) for value in settled)
    assert near(colours["Chỉ tiêu", 62.0], TARGET)
    assert "Chỉ tiêu, 2023: 62%" in figure.pointed_at


def test_places_of_a_path_lie_on_its_marks():
    figure = figure_of(CUMULATIVE)
    at = dict(zip(figure.pointed_at, places_in(figure.png), strict=True))
    assert len(at) == 2 + 7 + 1  # the year's own, those of two years, the median at its end
    mine = [at["2023, Quý I: 1.500"], at["2023, 9 tháng: 9.870"]]
    assert all(near(one, FACT) for one in colours_at(figure.png, mine))
    assert mine[0][0] < mine[1][0]
    assert mine[0][1] > mine[1][1]  # from above


def test_a_picture_with_places_is_a_png_like_any_other_and_the_same_again():
    png = figure_of(FAN_DATA).png
    Image.open(io.BytesIO(png)).verify()
    at, kinds = 8, []
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kinds.append(png[at + 4 : at + 8])
        (check,) = struct.unpack(">I", png[at + 8 + size : at + 12 + size])
        assert check == zlib.crc32(png[at + 4 : at + 8 + size])
        at += 12 + size
    assert (kinds[0], kinds[1], kinds[-1]) == (b"IHDR", b"tEXt", b"IEND")
    assert FAN_DATA.png("vi") == FAN_DATA.png("vi")
    assert places_in(MAP.png("vi")) == places_in(b"") == []


def page_of(*data):
    document = sample()
    return replace(document, blocks=(*document.blocks, *(figure_of(one) for one in data)))


def test_the_page_shows_values_where_they_stand_and_the_table_on_demand():
    html = html_text(page_of(CUMULATIVE, MAP))
    assert html.count('<details class="data">') == 2
    assert html.count('class="mark') == 10
    assert "<span>2023, 9 tháng: 9.870</span>" in html
    assert "<script" not in html
    assert "open" not in html.partition('<details class="data"')[2].partition(">")[0]


HIDDEN = "return [...document.querySelectorAll('.mark, .data')].every(one => getComputedStyle(one).display === 'none')"


@pytest.fixture
def browser(tmp_path):
    with chromium(tmp_path / "profile") as opened:
        yield opened


@pytest.mark.system
@needs_browser
def test_values_and_tables_fit_every_width_and_paper_shows_neither(browser, tmp_path):
    """Every value shown and every table open at once; on paper none of it."""
    many = {year: {step: 1000 * step + year / 7 for step in range(1, 5)} for year in range(2014, 2023)}
    text = html_text(page_of(FAN_DATA, replace(CUMULATIVE, past=many), MAP))
    text = text.replace('<details class="data">', '<details class="data" open>')
    path = tmp_path / "page.html"
    path.write_text(text.replace("</style>", ".mark > span { display: block }</style>"), encoding="utf-8")
    assert faults(browser, path) == []
    assert not browser.execute_script(HIDDEN)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script(HIDDEN)


@pytest.mark.system
@needs_browser
def test_a_value_is_read_where_it_is_pointed_at_or_tapped(browser, tmp_path):
    path = write_html(page_of(CUMULATIVE), tmp_path / "page.html")
    browser.get(path.as_uri())
    seen = "[...document.querySelectorAll('.mark > span')].filter(one => one.offsetWidth)"
    shown = f"return {seen}.map(one => one.textContent)"
    assert browser.execute_script(shown) == []
    browser.execute_script("document.querySelectorAll('.mark')[2].focus()")
    assert browser.execute_script(shown) == [figure_of(CUMULATIVE).pointed_at[2]]
