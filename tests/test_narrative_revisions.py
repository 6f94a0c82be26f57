"""What is said of corrected returns: how many, by how much, which way, or that there are none."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from vetanalysis import load_plan
from vetanalysis.blocks import LANGUAGES
from vetanalysis.language.cells import worded
from vetanalysis.language.render import spoken
from vetanalysis.narrative import record as sentences
from vetanalysis.track.statements import REVISION_COLUMNS, _revised


def record_of(*steps, figures=40):
    """A record whose returns corrected a first figure of 200 by each of `steps`."""
    rows = [
        ("cdn-ls", "2023-H1", "people_enrolled", "elementary", 200.0, 200.0 + step, step, step / 2)
        for step in steps
    ]
    return SimpleNamespace(revisions=_revised(rows, figures))


def told(record):
    vi, en = (spoken(sentences.reading_of_revisions(record), lang) for lang in LANGUAGES)
    assert dict(vi.facts) == pytest.approx(dict(en.facts), nan_ok=True)
    return vi.text, en.text


def test_one_correction_shows_no_lean():
    vi, en = told(record_of(-38.0))
    assert vi == (
        "Trong 40 số liệu báo cáo, số được sửa ở lần nộp sau là 1; bình quân sửa -0,475%, bình quân không kể dấu "
        "0,475%, lần lớn nhất 19,0%; sửa tăng 0, sửa giảm 1 (kiểm định dấu: p = 1,00, chưa thấy thiên lệch)."
    )
    assert en == (
        "Of 40 reported figures, later returns corrected 1; the mean revision is -0.475%, the mean absolute revision "
        "0.475%, the largest 19.0%; 0 went up and 1 down (sign test: p = 1.00, no lean to be seen)."
    )


@pytest.mark.parametrize(("step", "vi", "en"), [
    (10.0, "p = 0,016, nghiêng về sửa tăng", "p = 0.016, they lean upwards"),
    (-10.0, "p = 0,016, nghiêng về sửa giảm", "p = 0.016, they lean downwards"),
])  # fmt: skip
def test_corrections_that_all_go_one_way_are_named(step, vi, en):
    found = told(record_of(*[step] * 7))
    assert vi in found[0]
    assert en in found[1]


def test_ups_and_downs_cancel_in_the_mean_and_not_in_the_absolute_mean():
    facts = record_of(20.0, -20.0).revisions.attrs
    assert facts["mean_percent"] == 0
    assert facts["mean_absolute_percent"] == pytest.approx(20 / 40)
    assert "no lean" in told(record_of(20.0, -20.0))[1]


def test_returns_without_a_correction_say_so_and_test_nothing():
    vi, en = told(record_of())
    assert "số được sửa ở lần nộp sau là 0" in vi
    assert "corrected 0" in en
    assert "sign test" not in en


def test_without_returns_the_sentence_says_there_is_nothing_to_compare():
    assert sentences.reading_of_revisions(record_of(figures=0)) is None
    for lang in LANGUAGES:
        assert "0" in sentences.no_revisions().get(lang)


def test_a_first_figure_of_zero_has_a_step_and_no_percentage():
    rows = [("cdn-ls", "2023-H1", "people_enrolled", "", 0.0, 5.0, 5.0, np.nan)]
    facts = _revised(rows, 10).attrs
    assert (facts["up"], facts["mean_absolute_percent"]) == (1, 0)


@pytest.mark.parametrize(("lang", "level"), [("vi", "Sơ cấp"), ("en", "Elementary")])
def test_the_table_names_unit_and_level_in_words(lang, level):
    table = worded(sentences.revisions_table(record_of(-38.0), load_plan("lang-son-2023-example")), lang)
    assert len(table.columns) == len(table.rows[0])
    assert table.rows[0][2].lower().startswith(level.lower())
    assert "cdn-ls" not in table.rows[0]
    assert table.rows[0][3:5] == ("200", "162")


def test_every_level_together_is_not_left_blank():
    frame = pd.DataFrame(
        [("cdn-ls", "2023-H1", "people_enrolled", "", 200.0, 162.0, -38.0, -19.0)], columns=REVISION_COLUMNS
    )
    record = SimpleNamespace(revisions=frame)
    table = sentences.revisions_table(record, load_plan("lang-son-2023-example"))
    assert worded(table, "en").rows[0][2] == "all"


def test_scores_are_told_with_their_error_where_there_is_one_and_missing_ones_are_no_number():
    nan = float("nan")
    assert sentences._with_error(0.5, 0.1).en == "0.50 ± 0.10"
    assert [sentences._with_error(0.5, error).en for error in (0.0, nan)] == ["0.50", "0.50"]
    assert sentences._with_error(nan, 0.1) == sentences._number("two", nan) == sentences._people(nan)
    assert (sentences._number("two", 1.234).en, sentences._people(1234.4).en) == ("1.23", "1,234")
    assert sentences._share(0.25).facts == {"value": 25}
