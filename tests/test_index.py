"""The page that lists all reports, first as text, then used in a real browser."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from itertools import pairwise

import pytest
from test_html import OUTSIDE, Tags

from vetanalysis.blocks import Text, same
from vetanalysis.documents.index import SYMBOLS, IndexEntry, IndexFile, IndexTarget, index_text, write_index

PLAN = Text("Kế hoạch thử nghiệm", "Trial plan")
RATE, PEOPLE = (
    Text("Tỷ lệ lao động qua đào tạo", "Trained-labour rate"),
    Text("Người được đào tạo", "People trained"),
)
LIKELY = (
    "likely", Text("có khả năng đạt (55–80%)", "likely (55–80%)"), 0.7,
    Text("8.758 người, đạt 64,9% kế hoạch năm", "8,758 people, 64.9% of the plan"), Text("khoảng 70%", "about 70%"),
)  # fmt: skip
UNLIKELY = ("very_unlikely", Text("rất ít khả năng đạt (5–20%)", "very unlikely (5–20%)"), 0.1)
UNKNOWN = ("not_assessed", Text("chưa đủ dữ liệu để đánh giá", "not assessed"), None)
PERIODS = {
    "2023-start": Text("Đầu năm 2023", "Start of 2023"),
    "2023-9M": Text("9 tháng năm 2023", "Nine months of 2023"),
}


def entry(
    unit: str, name: Text, people, rate=None, period: str = "2023-9M", illustrative: bool = True
) -> IndexEntry:
    targets = (IndexTarget("people", PEOPLE, *people),)
    if rate:
        targets = (IndexTarget("rate", RATE, *rate), *targets)
    files = (
        IndexFile(f"trial/{period}/{unit}/vi/báo cáo.docx", "Word", "vi"),
        IndexFile(f"trial/{period}/{unit}/en/report.html", "HTML", "en"),
    )
    return IndexEntry("trial", PLAN, period, PERIODS[period], unit, name, targets, files, illustrative)


ENTRIES = (
    entry("189", Text("Huyện Đình Lập", "Đình Lập district"), UNLIKELY),
    entry("178", Text("Thành phố Lạng Sơn", "Lạng Sơn city"), LIKELY),
    entry("20", Text("Tỉnh Lạng Sơn", "Lạng Sơn province"), UNKNOWN, LIKELY),
    entry("20", Text("Tỉnh Lạng Sơn", "Lạng Sơn province"), UNKNOWN, UNLIKELY, "2023-start", False),
)


@pytest.fixture(scope="module")
def text():
    return index_text(ENTRIES)


def test_the_page_is_whole_and_loads_nothing(text):
    tags = Tags(text)
    assert tags.faults == tags.open == []
    assert not OUTSIDE.search(text)
    assert [one for one in tags.all("script") if "src" in one] == []
    assert tags.all("html")[0]["lang"] == "vi"


def test_it_lists_every_report_newest_first_and_the_province_before_its_districts(text):
    rows = re.findall(r'<tr role="row" data-search="(\S+) .*?data-period="([^"]+)"', text)
    assert rows == [("20", "2023-9M"), ("178", "2023-9M"), ("189", "2023-9M"), ("20", "2023-start")]


def test_status_is_told_in_words_of_both_languages_and_by_a_shape(text):
    for words in (LIKELY[1], LIKELY[3], LIKELY[4], UNLIKELY[1], UNKNOWN[1]):
        assert f'<span lang="vi">{words.vi}</span><span lang="en">{words.en}</span>' in text
    assert SYMBOLS["likely"] in text
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


def test_a_target_that_is_not_asked_of_a_unit_does_not_apply_to_it(text):
    rows = text[text.index("<tbody") :].split("<tr role")[1:]
    assert ["không áp dụng" in row for row in rows] == [
        False,
        True,
        True,
        False,
    ]  # the rate, of the two districts


def test_what_plans_call_otherwise_stands_in_a_column_of_its_own():
    other = replace(
        entry("86", Text("Tỉnh Vĩnh Long", "Vĩnh Long province"), UNLIKELY), plan="other",
        targets=(IndexTarget("people", Text("Số người tuyển mới", "People newly enrolled"), *UNLIKELY),),
    )  # fmt: skip
    text = index_text([entry("178", Text("Thành phố", "City"), LIKELY), other])
    body = text[text.index("<tbody") :]
    heads = re.findall(r'<th scope="col".*?<span lang="vi">(.*?)</span>', text[: text.index("<tbody")])
    assert sorted(heads[3:5]) == sorted([PEOPLE.vi, "Số người tuyển mới"])
    rows = body.split("<tr role")[1:]
    assert [row.count("không áp dụng") for row in rows] == [1, 1], "each has one and lacks the other's"


def test_every_word_stands_in_both_languages(text):
    body = text[text.index("<main") : text.index("<script>")]
    assert len(re.findall(r'<span lang="vi">', body)) == len(re.findall(r'<span lang="en">', body))


def test_links_are_relative_and_quoted(text):
    links = [one["href"] for one in Tags(text).all("a") if "hreflang" in one]
    assert "trial/2023-9M/20/vi/b%C3%A1o%20c%C3%A1o.docx" in links
    assert len(links) == 2 * len(ENTRIES)
    assert not any(link.startswith(("/", "file:", "http")) for link in links)


def test_invented_reports_are_marked_and_others_are_not(text):
    rows = text[text.index("<tbody") :].split("<tr role")[1:]
    assert ["Số liệu minh họa" in row for row in rows] == [True, True, True, False]


def test_names_are_escaped():
    hostile = same('<script>alert("x")</script>" onmouseover="alert(1)')
    text = index_text([entry("1", hostile, LIKELY)])
    assert '<script>alert("x")' not in text
    tags = Tags(text)
    assert not any(key.startswith("on") for _, attrs in tags.found for key in attrs)
    assert len(tags.all("script")) == 1


def test_an_empty_list_says_what_to_do():
    text = index_text([])
    assert "make report" in text
    assert "<table" not in text
    assert "<script" not in text


def test_two_writes_give_the_same_bytes_whatever_the_order(tmp_path):
    one = write_index(ENTRIES, tmp_path / "one.html").read_bytes()
    assert one == write_index(reversed(ENTRIES), tmp_path / "two.html").read_bytes()


# From here on in a real browser, opened from a folder.

needs_browser = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")), reason="needs chromium and its driver"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = shutil.which("chromium")
    profile = tmp_path_factory.mktemp("profile")
    for one in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                f"--user-data-dir={profile}"):  # fmt: skip
        options.add_argument(one)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser, tmp_path):
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.get(write_index(ENTRIES, tmp_path / "index.html").as_uri())
    return browser


def names(browser) -> list[str]:
    script = (
        "return [...document.querySelectorAll('#reports tbody tr')]"
        ".filter(r => r.offsetParent !== null || getComputedStyle(r).display !== 'none')"
        ".map(r => r.querySelector('.name').innerText)"
    )
    return browser.execute_script(script)


def find(browser, selector):
    return browser.find_element("css selector", selector)


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast of two colours as a browser writes them."""

    def light(colour: str) -> float:
        parts = [int(one) / 255 for one in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(first), light(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.system
@needs_browser
def test_search_finds_without_diacritics_and_counts(opened):
    box = find(opened, "#search")
    box.send_keys("dinh lap")
    assert names(opened) == ["Huyện Đình Lập"]
    assert find(opened, "#count").text == "1"
    box.clear()
    box.send_keys("không có đâu")
    assert names(opened) == []
    assert find(opened, "#none").is_displayed()


@pytest.mark.system
@needs_browser
def test_the_period_filters(opened):
    from selenium.webdriver.support.ui import Select

    Select(find(opened, "#period")).select_by_value("2023-start")
    assert names(opened) == ["Tỉnh Lạng Sơn"]


@pytest.mark.system
@needs_browser
def test_headings_sort_and_say_so(opened):
    heads = opened.find_elements("css selector", "#reports thead th[aria-sort]")
    people = next(head for head in heads if "Người được đào tạo" in head.text)
    people.find_element("tag name", "button").click()
    assert people.get_attribute("aria-sort") == "ascending"
    assert names(opened) == ["Tỉnh Lạng Sơn", "Tỉnh Lạng Sơn", "Huyện Đình Lập", "Thành phố Lạng Sơn"]
    people.find_element("tag name", "button").click()
    assert people.get_attribute("aria-sort") == "descending"
    assert names(opened)[0] == "Thành phố Lạng Sơn"
    assert [head.get_attribute("aria-sort") for head in heads].count("none") == len(heads) - 1
    heads[0].find_element("tag name", "button").click()
    assert names(opened) == ["Tỉnh Lạng Sơn", "Tỉnh Lạng Sơn", "Thành phố Lạng Sơn", "Huyện Đình Lập"]


@pytest.mark.system
@needs_browser
def test_the_language_can_be_chosen(opened):
    assert find(opened, "h1").text == "Báo cáo giáo dục nghề nghiệp"
    find(opened, '.languages [data-lang="en"]').click()
    assert find(opened, "h1").text == "Vocational education and training reports"
    assert opened.execute_script("return document.documentElement.lang") == "en"
    assert "Đình Lập district" in names(opened)
    assert find(opened, "#period option").text == "All"
    assert opened.title == "Vocational education and training reports"
    shown = opened.execute_script("return document.querySelector('main').innerText")
    assert "khả năng" not in shown
    links = opened.find_elements("css selector", "#reports tbody tr:first-child .links a")
    assert [
        one.get_attribute("hreflang")
        for one in sorted(links, key=lambda one: (one.location["y"], one.location["x"]))
    ] == [
        "en",
        "vi",
    ]
    assert "Kỳ báo cáo" not in shown


@pytest.mark.system
@needs_browser
@pytest.mark.parametrize("width", [340, 700, 1280])
def test_it_fits_the_screen(opened, width):
    opened.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    assert opened.execute_script("return document.documentElement.scrollWidth") <= width
    assert len(names(opened)) == len(ENTRIES)
    for button in opened.find_elements("css selector", ".languages button, #search, #period"):
        assert button.size["height"] >= 40  # a thumb


@pytest.mark.system
@needs_browser
def test_everything_can_be_reached_and_is_named(opened):
    script = """
    const nameless = [];
    for (const one of document.querySelectorAll('input, select, button, a[href]')) {
      const label = one.labels && one.labels.length ? one.labels[0].innerText : '';
      if (!(label || one.innerText || one.getAttribute('aria-label') || '').trim()) nameless.push(one.outerHTML);
    }
    return nameless;
    """
    assert opened.execute_script(script) == []
    assert opened.execute_script("return document.querySelectorAll('main').length") == 1
    levels = opened.execute_script(
        "return [...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    links = opened.find_elements("css selector", ".files a")
    told = [opened.execute_script("return arguments[0].textContent", link) for link in links]
    assert len(set(told)) == len(told)  # each link names its unit and period for who hears it alone


@pytest.mark.system
@needs_browser
@pytest.mark.parametrize("width", [340, 1280])
def test_all_text_has_contrast(opened, width):
    opened.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False},
    )
    script = """
    const found = [];
    const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
      if (!/rgba\\(.*, 0\\)/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
    for (const one of document.querySelectorAll('body *')) {
      if ([...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && one.offsetParent)
        found.push([one.textContent.slice(0, 30), getComputedStyle(one).color, ground(one)]);
    }
    return found;
    """
    found = opened.execute_script(script)
    assert len(found) > 30
    assert [(text, ink, ground) for text, ink, ground in found if contrast(ink, ground) < 4.5] == []


@pytest.mark.system
@needs_browser
def test_it_says_the_same_without_its_script(browser, tmp_path):
    text = re.sub(r"<script>.*?</script>", "", index_text(ENTRIES), flags=re.S)
    path = tmp_path / "plain.html"
    path.write_text(text, encoding="utf-8")
    browser.get(path.as_uri())
    heading = find(browser, "h1")
    assert [one.is_displayed() for one in heading.find_elements("tag name", "span")] == [True, True]
    script = "return getComputedStyle(document.querySelector('h1 [lang=en]'), '::before').content"
    assert browser.execute_script(script) == '" / "'
    assert not find(browser, "#search").is_displayed()
    assert len(browser.find_elements("css selector", ".files a")) == 2 * len(ENTRIES)
