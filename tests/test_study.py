"""One question opened once: its views share what is the same for all units, and say what each would say alone."""

import json
import shutil
from dataclasses import dataclass, replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from opened import opened

from vetanalysis import load_plan, open_study
from vetanalysis.blocks import Table
from vetanalysis.cli.main import main
from vetanalysis.errors import WrongCall
from vetanalysis.figures import Chart
from vetanalysis.figures.pictures import KEPT, Drawing
from vetanalysis.hashes import content_digest, folders_hash, plain
from vetanalysis.narrative.report import facts_manifest, sentences
from vetanalysis.paths import SHARED_VARIABLE, data_root
from vetanalysis.pipeline.origins import origins_of
from vetanalysis.report import document_of, period_of, told_of

PLAN, AS_OF = "lang-son-2023-example", "2023-9M"
UNITS = ("20", "178", "180", "cdn-ls")


@pytest.fixture(scope="module")
def study():
    asked = opened(PLAN, AS_OF)
    document_of(asked)
    return asked


def test_views_share_what_was_computed(study):
    there = study.at(unit="180", lang="en")
    assert (there.unit.code, there.lang, str(there.as_of)) == ("180", "en", AS_OF)
    back = there.at("2023-H1").at(AS_OF, unit="20", lang="vi")
    assert back.assessments is study.assessments
    assert there.period is study.period
    assert there.ledger is study.ledger
    assert there.last.observations is study.last.observations
    assert there.at("2023-H1").period is not study.period
    with pytest.raises(WrongCall, match="language 'fr'"):
        study.at(lang="fr")


def test_figures_that_somebody_changes_are_not_those_of_the_next_who_asks():
    first = open_study("lang-son-2023", "2023-start", returns="none")
    before = first.observations["value"].tolist()
    first.observations.loc[:, "value"] = -1.0
    again = open_study("lang-son-2023", "2023-start", returns="none")
    assert again.observations["value"].tolist() == before
    again.observations.loc[:, "value"] = -2.0
    assert open_study("lang-son-2023", "2023-start", returns="none").observations["value"].tolist() == before


def test_the_same_question_asked_again_is_not_read_again_until_a_file_changed(tmp_path, monkeypatch):
    shutil.copytree(data_root() / "plans", tmp_path / "plans")
    shutil.copytree(data_root() / "published", tmp_path / "published")
    monkeypatch.setenv("VETANALYSIS_DATA", str(tmp_path))
    first = open_study("lang-son-2023", "2023-start", returns="none")
    again = open_study("lang-son-2023", "2023-9M", unit="178", lang="en", returns="none")
    assert again.parts is first.parts
    assert (again.unit.code, again.lang, str(again.as_of)) == ("178", "en", "2023-9M")
    with pytest.raises(WrongCall):
        open_study("lang-son-2023", "2031-start", returns="none")
    path = tmp_path / "plans" / "lang-son-2023" / "quotas.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    assert open_study("lang-son-2023", "2023-start", returns="none").parts is not first.parts


def test_a_study_of_other_figures_shares_nothing(study):
    fewer = replace(study, observations=study.observations.iloc[:0])
    assert all(one.status == "not_assessed" or one.mostly_prior for one in fewer.assessments)
    assert study.assessments is not fewer.assessments


def test_a_unit_s_document_reads_and_lays_out_nothing_anew_once_the_study_is_open(study, monkeypatch):
    tables = ("indicators.table.indicator_table", "indicators.carried.carried")
    for name in (*tables, "loading.ledger_of", "loading.published_tables"):
        monkeypatch.setattr(f"vetanalysis.{name}", lambda *asked, name=name, **options: pytest.fail(name))
    for unit in UNITS[1:]:
        for key in [one for one in study.parts if unit in one]:  # what other tests had told of it
            del study.parts[key]
        assert document_of(study.at(unit=unit)).blocks


def test_a_unit_reads_the_same_alone_and_beside_others(study):
    alone = open_study(load_plan(PLAN), AS_OF, unit="180", lang="en")
    beside = study.at(unit="180", lang="en")
    pd.testing.assert_frame_equal(beside.table, alone.table)
    assert content_digest(document_of(beside)) == content_digest(document_of(alone))
    assert facts_manifest(document_of(beside)) == facts_manifest(document_of(alone))


def test_what_a_document_takes_from_the_study_it_leaves_as_it_was(study):
    held = content_digest([study.observations, study.period, study.assessments])
    for unit in UNITS:
        for lang in ("vi", "en"):
            document_of(study.at(unit=unit, lang=lang))
    assert content_digest([study.observations, study.period, study.assessments]) == held


def test_a_sheet_has_the_lines_of_its_unit_and_of_the_place_alone(study):
    assert set(period_of(study.at(unit="180")).lines["unit"]) == {"20", "180"}
    assert set(period_of(study).lines["unit"]) > set(UNITS)


def test_the_report_before_is_read_from_what_was_known_then(study):
    last = study.at(unit="178").last
    assert (str(last.as_of), last.unit.code, last.known_by) == ("2023-H1", "178", "2023-06-20")
    assert last.observations["vintage"].max() <= last.known_by
    early = open_study(PLAN, "2023-Q1", known_by="2022-12-01").last
    assert (str(early.as_of), early.known_by) == ("2023-start", "2022-12-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots(Chart):
    """Points that count how often they are drawn."""

    values: tuple[int, ...]

    def drawn_on(self, ax, lang):
        DRAWN.append(lang)
        ax.plot(self.values)
        return ax


DRAWN: list[str] = []


@pytest.fixture
def count():
    DRAWN.clear()
    return DRAWN


def dots(*values: int, lang: str = "vi") -> Drawing:
    return Drawing(Dots(title="Dots", values=values), lang, dpi=30)


def test_a_picture_is_drawn_when_asked_for_and_once_for_the_same_content(count):
    first, again, other = dots(1, 2), dots(1, 2), dots(1, 3)
    assert count == []
    assert first.png == again.png
    assert count == ["vi"]
    assert other.png != first.png
    assert dots(1, 2, lang="en").png
    assert count == ["vi", "vi", "en"]


def test_pictures_of_a_run_are_found_in_its_folder_and_damage_there_is_no_error(tmp_path, monkeypatch, count):
    picture = dots(1, 2)
    monkeypatch.setenv(SHARED_VARIABLE, str(tmp_path))
    for _ in range(2):
        monkeypatch.setattr(KEPT, "memory", {})  # another process
        assert picture.png.startswith(b"\x89PNG")
    assert len(count) == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".png"]
    monkeypatch.setattr(KEPT, "memory", {})
    monkeypatch.setenv(SHARED_VARIABLE, str(tmp_path / "gone"))
    assert picture.png.startswith(b"\x89PNG")


def test_a_digest_sees_every_value():
    def records():
        return [
            {"a": 1.5, "b": None},
            np.arange(3.0),
            pd.DataFrame({"x": [1, 2]}),
            ("a", ["b"]),
            b"x",
            b"y",
            1,
            "1",
            np.arange(3.0) + 1e-9,
            {"a", "b"},
            {"a", "c"},
        ]

    assert content_digest(records()) == content_digest(records())
    assert len({content_digest(one) for one in records()}) == len(records())


def test_a_digest_is_the_same_before_and_after_pictures_are_drawn(study):
    here = study.at("2023-start", unit="20")
    document = document_of(here)
    before = content_digest([here.assessments, document])
    assert all(block.png for block in document.blocks if hasattr(block, "png"))
    assert content_digest([here.assessments, document]) == before


def test_the_hash_of_folders_moves_with_names_and_content_and_not_with_time(tmp_path):
    (tmp_path / "a").write_text("1", encoding="utf-8")
    roots = [tmp_path, tmp_path / "missing"]
    before = folders_hash(roots)
    (tmp_path / "a").touch()
    assert folders_hash(roots) == before
    (tmp_path / "a").write_text("2", encoding="utf-8")
    changed = folders_hash(roots)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({before, changed, folders_hash(roots)}) == 3


# where printed figures come from


@pytest.fixture(scope="module")
def origins(study):
    found = {}
    for unit in ("20", "178", "cdn-ls"):
        view = study.at(unit=unit)
        told = told_of(view)
        texts = {one.id: one.text for one in sentences(document_of(view, told))}
        found[unit] = {**origins_of(view, told), "sentences": texts}
    return found


def _rows(origins, origin):
    return [origins["rows"][at] for at in origins["origins"][origin]["rows"]]


@pytest.mark.parametrize("unit", ["20", "178", "cdn-ls"])
def test_every_printed_figure_has_an_origin_that_bears_it_out(origins, unit):
    book = origins[unit]
    assert sum(map(len, book["figures"].values())) > 20
    for name, figures in book["figures"].items():
        for path, value, origin in figures:
            assert origin, f"{name} {path} {value}"
            rows = _rows(book, origin)
            assert rows, origin
            how = book["origins"][origin]["how"]
            if how == "read" and not name.startswith("table."):
                assert f"{value:.10g}" in {row[-1] for row in rows}
            if how == "sum" and not name.startswith("table."):
                assert sum(float(row[-1]) for row in rows) == pytest.approx(value)


def test_the_place_s_total_leads_to_the_cells_of_its_units(origins):
    book = origins["20"]
    figures = {path: (value, origin) for path, value, origin in book["figures"]["people_enrolled.total"]}
    value, origin = figures["value"]
    assert value == 8758
    cells = {(row[0], float(row[-1])) for row in _rows(book, origin)}
    assert ("2023-9M/178__2023-09-15.xlsx!Tuyển mới!C8", 84.0) in cells
    assert book["origins"][origin]["how"] == "sum"
    assert sum(figure for _, figure in cells) == 8758
    file = data_root() / "returns" / PLAN / "2023-9M" / "178__2023-09-15.xlsx"
    assert openpyxl.load_workbook(file, data_only=True)["Tuyển mới"]["C8"].value == 84


@pytest.mark.parametrize("table", ["by_level", "units"])
def test_a_cell_leads_to_figures_of_the_unit_of_its_row_alone(study, origins, table):
    view = study.at(unit="20")
    told = told_of(view)
    blocks = [*told.blocks, *(block for part in told.appendices for block in part.blocks)]
    rows = next(one.rows for one in blocks if isinstance(one, Table) and one.id == table)
    names = view.plan.short_names()
    parents = dict(zip(view.plan.units["code"], view.plan.units["parent"], strict=True))
    checked = 0
    for path, value, origin in origins["20"]["figures"][f"table.{table}"]:
        row = rows[int(path.partition(".")[0]) - 1]
        unit = next((code for code, name in names.items() if name in row), None)
        if unit is None:
            continue  # the total, the rest
        for cited in _rows(origins["20"], origin):
            sent = next(part for part in cited if part in parents)
            assert unit in (sent, parents[sent]), (row[1], value, cited)
            checked += 1
    assert checked > 100


def test_a_number_in_an_indicator_s_row_is_not_another_s_that_happens_to_be_as_large(study, origins):
    """49 of 52 reports are complete, 49 orders had come in a quarter; 98 people are missing, and a group grew by 98."""
    blocks = (block for part in told_of(study.at(unit="20")).appendices for block in part.blocks)
    rows = next(one.rows for one in blocks if isinstance(one, Table) and one.id == "indicators")
    found = {}
    for path, value, origin in origins["20"]["figures"]["table.indicators"]:
        cells = rows[int(path.partition(".")[0]) - 1]
        own = {one.value.at[1] for one in cells if hasattr(getattr(one, "value", None), "at")}
        if own:
            assert not set(origin.split(".")) & set(study.plan.indicators["id"]) - own, (path, value, origin)
            found.setdefault((*own, value), origin)
    assert found["reports_on_time_share", 49.0] == "received"
    assert found["people_enrolled", 98.0] == "computed.people_enrolled.20"
    assert found["people_enrolled", 4533.0] == "line.20.people_enrolled.2023-H1.cumulative.value"


@pytest.mark.parametrize(
    ("name", "path", "origin"),
    [
        ("send_now", "within", "days_given"),
        ("key.reached", "of.there", "received"),
        ("asked_before", "told.1.silent", "received"),
        ("by_year_end", "told.1.count", "computed.people_enrolled.20"),
        ("key.plan", "plan", "line.20.people_enrolled.2023-9M.cumulative.plan_value"),
        ("table.units", "11.7", "line.189.people_still_needed.2023-9M.cumulative.value"),
    ],
)
def test_a_small_number_is_not_traced_to_any_line_that_is_as_large(origins, name, path, origin):
    """Units, days and missing people, of which some indicator, breakdown or quarter alone has as many."""
    found = {where: named for where, _, named in origins["20"]["figures"][name]}
    assert found[path] == origin


def test_where_nobody_has_reported_yet_every_figure_has_an_origin_too(study):
    silent = study.at("2023-FY", unit="20")
    assert silent.is_silent
    figures = origins_of(silent, told_of(silent))["figures"]
    assert {"reporting", "coverage", "send_now"} <= set(figures)
    assert [(name, path) for name, found in figures.items() for path, _, origin in found if not origin] == []


def test_a_published_rate_leads_to_the_row_of_its_table(origins):
    book = origins["20"]
    figures = {path: (value, origin) for path, value, origin in book["figures"]["trained_rate.latest"]}
    value, origin = figures["value"]
    ((place, *_, figure),) = _rows(book, origin)
    file, _, row = place.partition("!")
    lines = (data_root() / "published" / file).read_text(encoding="utf-8").splitlines()
    assert lines[int(row) - 1].startswith("20,2021-FY,trained_rate,")
    assert ",57.2,percent," in lines[int(row) - 1]
    assert value == float(figure) == 57.2


def test_the_chain_is_printed_from_words_an_id_or_a_table(origins, tmp_path, capsys):
    folder = tmp_path / "vi"
    folder.mkdir()
    (folder / "figures.json").write_text(json.dumps(plain(origins["20"])), encoding="utf-8")
    file = "2023-9M/178__2023-09-15.xlsx"
    (folder / "manifest.json").write_text(
        json.dumps({"inputs": {f"returns/{PLAN}/{file}": "c0ffee" * 11}}), encoding="utf-8"
    )
    assert main(["trace", str(folder), "people_enrolled.total", "--all"]) == 0
    told = capsys.readouterr().out
    assert f"returns/{PLAN}/{file}!Tuyển mới!C8  178  2023-9M  people_enrolled  elementary  84" in told
    assert "sha256 c0ffeec0ffee" in told
    words = next(iter(origins["20"]["sentences"].items()))
    assert main(["trace", str(folder / "report.docx"), words[1][:30].upper(), "--lang", "en"]) == 0
    assert words[0] in capsys.readouterr().out
    assert main(["trace", str(folder), "people_enroled.total"]) == 2
    assert "people_enrolled.total" in capsys.readouterr().err
    assert main(["trace", str(tmp_path), "people_enrolled.total"]) == 2
    (folder / "figures.json").write_text("{", encoding="utf-8")
    assert main(["trace", str(folder), "people_enrolled.total"]) == 2
