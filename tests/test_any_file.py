"""A thousand files drawn with a fixed seed: each figure is read as its maker knows it, or told; more by
`python -m tests.any_file COUNT --seed N`."""

import pytest

from tests.any_file import judge
from tests.any_file.judge import judged
from tests.any_file.variants import variants
from vetanalysis.plan import load_plan
from vetanalysis.returns.read import read_return

COUNT, PARTS = 1000, 4


@pytest.mark.parametrize("part", range(PARTS))
def test_no_figure_is_wrong_or_lost_without_a_word(part, tmp_path):
    plan = load_plan("lang-son-2023")
    numbers = range(part * COUNT // PARTS, (part + 1) * COUNT // PARTS)
    verdicts = [(one, judged(one, tmp_path, plan)) for one in variants(plan, numbers)]
    wrong = {one.changes: verdict.wrong[:3] for one, verdict in verdicts if verdict.wrong}
    assert wrong == {}
    read, figures = sum(v.read for _, v in verdicts), sum(v.figures for _, v in verdicts)
    assert read > 0.75 * figures  # what is told does not count, but most is read
    assert sum(v.refused for _, v in verdicts) < 0.35 * len(verdicts)


def test_what_a_file_takes_of_memory_is_seen(tmp_path, monkeypatch):
    plan = load_plan("lang-son-2023")
    (one,) = variants(plan, [5])

    def reads_much(*given):
        assert len(bytearray(600 << 20)) == 600 << 20  # touched, so that it is there
        return read_return(*given)

    monkeypatch.setattr(judge, "read_return", reads_much)
    (wrong,) = judged(one, tmp_path, plan).wrong
    assert wrong.endswith(" MB")
    assert int(wrong.split()[0]) >= 590
