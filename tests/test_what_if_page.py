"""The what-if page: at every setting it says what the library says, it opens anywhere, and everybody can use it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from in_browser import chromium, faults, needs_browser
from invented import unemployment
from opened import opened
from test_html import OUTSIDE, Tags

import vetanalysis as va
from vetanalysis.assessment.evidence import band_of
from vetanalysis.blocks import Said, Text
from vetanalysis.cli.main import main
from vetanalysis.documents.index import IndexEntry, index_text
from vetanalysis.documents.what_if import what_if_text
from vetanalysis.language import numbers
from vetanalysis.pipeline.jobs import reports_of
from vetanalysis.pipeline.what_if import is_due, page_beside, write_page
from vetanalysis.scenarios.moves import Move, moved_people, moved_rate
from vetanalysis.study import open_study

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {"year": 20, "months": 10, "country": 6, "start": 8, "limits": 6}  # 50 in all


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    written = unemployment.write(tmp_path_factory.mktemp("limits"))
    return {
        "year": opened("lang-son-2023-example", "2023-9M"),
        "months": opened("vinh-long-2022", "2022-M08"),
        "country": opened("viet-nam-2025", "2023-start"),
        "start": opened("lang-son-2023", "2023-start", returns="none"),
        "limits": open_study(str(written.folder), "2026-H1", returns=str(written.data), published="none"),
    }


@pytest.fixture(scope="module")
def pages(studies):
    return {name: what_if_text(study) for name, study in studies.items()}


def held(page: str) -> dict:
    """The data in a page."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    return json.loads(text)


def texts(data: dict, *places: int) -> list[list[str]]:
    """Texts of a page in every language, by their places in its list."""
    return [data["texts"][place] for place in places]


def target_of(data: dict, unit: int, target: str) -> dict:
    return next(one for one in data["units"][unit]["targets"] if one["id"] == target)


@pytest.mark.parametrize("name", list(SETTINGS))
def test_a_page_is_one_small_whole_file_that_loads_nothing(pages, studies, name):
    page = pages[name]
    tags = Tags(page)
    assert tags.faults == tags.open == []
    assert len(page.encode("utf-8")) < 300_000
    assert not OUTSIDE.search(page)
    assert tags.all("link") == tags.all("iframe") == tags.all("img") == []
    assert not re.search(r"localStorage|sessionStorage|indexedDB|cookie|fetch\(|XMLHttp", page)
    assert held(page)["languages"][0] == tags.all("html")[0]["lang"]


def test_the_languages_are_those_of_the_plan_its_own_first(pages):
    assert held(pages["year"])["languages"] == ["vi", "en"]
    assert held(pages["limits"])["languages"] == ["de", "vi", "en"]
    assert "höchstens" not in pages["start"]
    assert held(pages["limits"])["words"][0]["decimal"] == ","
    limits = held(pages["limits"])
    assert any(
        "unwahrscheinlich (20-45 %)" in texts(limits, rule["judged"])[0][0] for rule in limits["rules"]
    )


def test_the_range_has_the_colour_that_it_has_in_the_pictures_of_the_report(pages):
    from vetanalysis.figures.style import FAN

    assert all(f".range80 {{ fill: {FAN[0.8]}; }}" in page for page in pages.values())


def test_every_unit_with_a_quota_is_there_and_asked_for_its_people(pages, studies):
    data = held(pages["year"])
    owing = studies["year"].plan.quotas["unit"].nunique()
    assert len(data["units"]) == owing + 1 == 24
    assert [one["id"] for one in data["units"][0]["targets"]] == [
        "trained_rate",
        "certified_rate",
        "people_enrolled",
    ]
    assert all([one["id"] for one in unit["targets"]] == ["people_enrolled"] for unit in data["units"][1:])
    assert target_of(data, 1, "people_enrolled")["illustrative"]
    assert all(words["banner"] for words in data["words"])
    assert not any(words["banner"] for words in held(pages["start"])["words"])


def test_the_same_study_gives_the_same_bytes_whatever_it_is_opened_for(studies, pages):
    study = studies["start"]
    assert what_if_text(study.at(lang="en")) == pages["start"]


def test_a_target_that_is_not_assessed_says_why_and_cannot_be_dragged(pages, studies):
    data = held(pages["start"])
    one = target_of(data, 0, "certified_rate")
    assert "values" not in one
    reason = studies["start"].assessment("certified_rate").reason
    assert any(reason.en in line[1] for line in texts(data, *one["lines"]))
    without_script = pages["start"].split("<noscript>")[1].split("</noscript>")[0]
    assert reason.vi in without_script
    assert all(texts(data, each["name"])[0][0] in without_script for each in data["units"][0]["targets"])


def test_a_year_that_is_over_has_its_result_alone(studies):
    data = held(what_if_text(studies["limits"].at("2026-start")))
    missed = next(one for one in data["units"][0]["targets"] if "2025" in texts(data, one["name"])[0][2])
    assert "values" not in missed
    assert "5,6 %" in texts(data, *missed["lines"])[0][0]


def test_the_words_of_a_chance_begin_where_the_library_lets_them_begin(pages):
    data = held(pages["start"])
    rules = data["rules"]
    some = np.random.default_rng(3).random(300).tolist()
    for chance in [*some, 0.0, 0.01, 0.05, 0.2, 0.45, 0.549999, 0.55, 0.8, 0.95, 0.99, 0.9901, 1.0]:
        rule = [one for one in rules if chance >= one["from"]][-1]
        status = band_of(chance).status
        assert rule["status"] == status
        assert texts(data, rule["judged"])[0] == [
            Said("what_if.judged", status=status, probability=chance).get(lang) for lang in ("vi", "en")
        ]


def test_people_may_be_added_until_every_date_to_come_of_the_year(pages):
    data = held(pages["months"])
    dates = target_of(data, 0, "people_enrolled")["dates"]
    assert [texts(data, label)[0][1] for label, _ in dates][:2] == [
        "The first nine months of 2022", "The first ten months of 2022",
    ]  # fmt: skip
    assert {late for _, late in dates} == {-1}


def test_of_a_year_that_is_over_nobody_can_be_added_and_it_says_so(studies):
    over = held(what_if_text(studies["start"].at("2023-FY")))
    fixed = target_of(over, 0, "people_enrolled")["fixed"]
    assert "year is over" in texts(over, fixed)[0][1]


# In its place


@pytest.fixture
def report(tmp_path, monkeypatch):
    """The report of a plan in a world of its own."""
    for name in ("plans", "published"):
        shutil.copytree(ROOT / "data" / name, tmp_path / "data" / name)
    monkeypatch.setenv("VETANALYSIS_DATA", str(tmp_path / "data"))
    options = {"returns": "none"}
    return reports_of("lang-son-2023", "2023-start", ["20"], ["vi"], tmp_path / "reports", options, "20")[0]


def test_a_page_is_made_again_when_its_inputs_changed_and_left_alone_when_not(report, tmp_path):
    assert is_due(report)
    place = write_page(report)
    assert (
        place == page_beside(report) == tmp_path / "reports" / "lang-son-2023" / "2023-start" / "what-if.html"
    )
    before = place.read_bytes()
    assert not is_due(report)
    table = tmp_path / "data" / "published" / "sources.csv"
    table.write_text(table.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert is_due(report)
    assert write_page(report).read_bytes() != before
    assert not is_due(report)


def test_the_command_writes_the_page_alone_and_says_so(tmp_path, capsys):
    asked = ["lang-son-2023", "--as-of", "2023-start", "--returns", "none"]
    call = ["report", *asked, "--what-if", "--out", str(tmp_path)]
    place = tmp_path / "lang-son-2023" / "2023-start" / "what-if.html"
    assert main([*call, "--dry-run"]) == 0
    assert "would run" in capsys.readouterr().out
    assert not place.exists()
    assert main(call) == 0
    assert str(place) in capsys.readouterr().out
    when = place.stat().st_mtime_ns
    assert main(call) == 0
    assert "kept" in capsys.readouterr().out
    assert place.stat().st_mtime_ns == when
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["what-if.html"]


def test_the_list_of_reports_links_it():
    text = Text("Tên", "Name")
    entry = IndexEntry("p", text, "2023-9M", text, "20", text, what_if="p/2023-9M/what-if.html")
    assert 'href="p/2023-9M/what-if.html"' in index_text([entry])
    assert "what-if" not in index_text([IndexEntry("p", text, "2023-9M", text, "20", text)])


# In a browser

_ASK = """
const [settings, at] = [arguments[0], (id) => document.getElementById(id)];
const tell = (id, value, kind) => { at(id).value = value; at(id).dispatchEvent(new Event(kind, {bubbles: true})); };
return settings.map(([unit, target, goal, added]) => {
  at("unit").selectedIndex = unit; at("unit").dispatchEvent(new Event("change"));
  at("target").selectedIndex = target; at("target").dispatchEvent(new Event("change"));
  tell("goal-typed", goal, "input");
  const begun = performance.now();
  if (added !== null) tell("added-typed", added, "input");
  else tell("goal-typed", goal, "input");
  return [+at("picture").dataset.chance, performance.now() - begun, at("judged").textContent,
          at("projected").textContent];
});
"""


def drawn_settings(name, studies, pages):
    """Settings of one page, by seed: unit, target, the value of the target, what is added (None: nothing)."""
    rng, data, study = np.random.default_rng(len(name)), held(pages[name]), studies[name]
    found = []
    while len(found) < SETTINGS[name]:
        unit = int(rng.integers(len(data["units"]))) if rng.random() < 0.7 else 0
        targets = data["units"][unit]["targets"]
        target = int(rng.integers(len(targets)))
        if "values" not in targets[target]:
            continue
        code = [study.plan.place.code, *dict.fromkeys(study.plan.quotas["unit"])][unit]
        one = study.at(unit=code).assessment(targets[target]["id"])
        width = one.upper_80 - one.lower_80
        digits = 1 if one.kind == "rate" else 0
        near = round(one.median + width * rng.uniform(-1, 1), digits)
        more = round(width * rng.uniform(-0.8, 0.8), digits)
        kind = len(found) % 3  # the target alone, people or points alone, both
        found.append(
            (unit, target, one, one.target.value if kind == 1 else max(near, 0), more if kind else None)
        )
    return found


def by_library(study, one, goal, added):
    """The chance of a setting, and where the target stays, the whole row of `va.what_if`."""
    if added is None:
        return one.projection.probability(goal / one.scale, one.target.operator), None
    view, rate = study.at(unit=one.unit), one.kind == "rate"
    if goal == one.target.value:
        change = {"points": added} if rate else {"people": added, "by": one.target.period}
        frame = va.what_if(view, target=one.target.id, **change).frame
        row = frame[(frame["scenario"] == "asked") & (frame["stage"] == "projection")].iloc[0]
        return row["probability"], row
    moved = (moved_rate if rate else moved_people)(
        view, one, Move("rate" if rate else "people", "add", added)
    )
    return moved.probability(goal / one.scale, one.target.operator), None


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def files(pages, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.mark.system
@needs_browser
@pytest.mark.parametrize("name", list(SETTINGS))
def test_the_page_says_what_the_library_says_at_once(name, studies, pages, browser, files):
    study, lang = studies[name], held(pages[name])["languages"][0]
    settings = drawn_settings(name, studies, pages)
    browser.get((files / f"{name}.html").as_uri())
    said = browser.execute_script(
        _ASK, [[unit, target, goal, more] for unit, target, _, goal, more in settings]
    )
    with numbers.of_plan(study.plan):
        for (_, _, one, goal, more), (chance, _, judged, projected) in zip(settings, said, strict=True):
            expected, row = by_library(study, one, goal, more)
            assert chance == pytest.approx(expected, abs=0.005), (one, goal, more)
            assert judged == Said("what_if.judged", status=band_of(chance).status, probability=chance).get(
                lang
            )
            if row is not None:
                measure = one.target.measure
                told = {
                    "median": numbers.about(row["median"], measure, lang),
                    "range": numbers.from_to(row["lower_80"], row["upper_80"], measure, lang),
                }
                assert projected == Said("what_if.projected", **told).get(lang)
    assert np.median([took for _, took, *_ in said]) < 50  # ms; one alone may wait for the processor
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0


@pytest.mark.system
@needs_browser
@pytest.mark.parametrize("name", ["year", "months", "limits"])
def test_before_anything_is_dragged_the_page_says_what_the_report_says(name, studies, pages, browser, files):
    browser.get((files / f"{name}.html").as_uri())
    data = held(pages[name])
    lang = data["languages"][0]
    for place, told in enumerate(data["units"][0]["targets"]):
        if "values" not in told:
            continue
        one = studies[name].assessment(told["id"])
        ((_, _, judged, _),) = browser.execute_script(_ASK, [[0, place, told["goal"], 0]])
        with numbers.of_plan(studies[name].plan):
            assert judged == Said("what_if.judged", status=one.status, probability=one.probability).get(lang)
        assert browser.find_element("id", "unchanged").text == ""
        assert browser.find_element("id", "illustrative").is_displayed() == one.illustrative


@pytest.mark.system
@needs_browser
def test_it_is_used_by_keyboard_on_a_telephone_and_in_the_other_language(browser, files):
    from selenium.webdriver.common.keys import Keys

    path = files / "year.html"
    assert faults(browser, path) == []
    size = {"width": 375, "height": 667, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(path.as_uri())
    low = browser.execute_script(
        "return [...document.querySelectorAll('select, input, button')].filter(one => one.offsetParent)"
        ".map(one => [one.id, one.getBoundingClientRect().height]).filter(one => one[1] < 44)"
    )
    assert low == []
    unnamed = browser.execute_script(
        "return [...document.querySelectorAll('select, input')].filter(one => !(one.labels && one.labels.length)"
        " && !one.getAttribute('aria-label')).map(one => one.id)"
    )
    assert unnamed == []
    assert browser.find_element("css selector", "[aria-live=polite] #judged").text
    goal = browser.find_element("id", "goal")
    before = browser.find_element("id", "judged").text
    for _ in range(30):
        goal.send_keys(Keys.ARROW_RIGHT)
    assert browser.find_element("id", "goal-said").text == "65%"
    assert goal.get_attribute("aria-valuetext") == "65%"
    assert browser.find_element("id", "judged").text != before
    browser.find_element("css selector", "[data-lang='1']").send_keys(Keys.ENTER)
    assert browser.execute_script("return document.documentElement.lang") == "en"
    assert "very unlikely" in browser.find_element("id", "judged").text
    assert browser.title.startswith("What if")
    browser.find_element("id", "reset").send_keys(Keys.ENTER)
    assert browser.find_element("id", "goal-said").text == "62%"
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.system
@needs_browser
def test_what_is_assumed_of_people_who_are_added_and_that_some_come_too_late(browser, files, tmp_path, pages):
    late = held(pages["year"])
    late["texts"] += [["Năm 2024", "2024"], ["Muộn.", "Too late."]]
    late["units"][0]["targets"][2]["dates"].append([len(late["texts"]) - 2, len(late["texts"]) - 1])
    path, text = tmp_path / "late.html", json.dumps(late, ensure_ascii=False).replace("<", "\\u003c")
    before, rest = pages["year"].split('id="data">')
    path.write_text(f'{before}id="data">{text}{rest[rest.index("</script>") :]}', encoding="utf-8")
    browser.get(path.as_uri())
    ((chance, *_),) = browser.execute_script(_ASK, [[0, 2, 13500, 500]])
    assert "500" in browser.find_element("id", "assumed").text
    assert browser.find_element("id", "unchanged").text
    choose = "const by = document.getElementById('by'); by.selectedIndex = by.length - 1;"
    browser.execute_script(f"{choose} by.dispatchEvent(new Event('change'))")
    assert browser.find_element("id", "late").text == "Muộn."
    assert browser.find_element("id", "assumed").text == ""
    assert float(browser.find_element("id", "picture").get_attribute("data-chance")) < chance
