"""The gallery: ten questions on the plan it names, in English on a few figures; stored, it runs as a notebook."""

import cells_of_notebooks as cells
import pandas as pd

from vetanalysis.figures import pictures

CODES = ("Q1", "H1", "9M", "FY")
COUNTS = {
    ("178", 2022, ""): (20, 50, 80, 110), ("178", 2023, ""): (24, 60, 90), ("178", 2023, "female"): (12, 30, 45),
    ("180", 2022, ""): (100, 220, 350, 560), ("180", 2023, ""): (90, 200, 290), ("180", 2023, "female"): (30, 80, 87),
}  # fmt: skip


def test_ten_questions_have_ten_answers(tmp_path, monkeypatch):
    rows = [
        (unit, f"{year}-{code}", "people_enrolled", "elementary", sex, value)
        for (unit, year, sex), values in COUNTS.items()
        for code, value in zip(CODES, values, strict=False)
    ]
    columns = ["unit", "period", "indicator", "level", "sex", "value"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "counts.csv", index=False)
    monkeypatch.setattr(pictures.Kept, "of", lambda self, picture: b"\x89PNG\r\n\x1a\n")
    sections, warned = cells.run("10_gallery", returns=str(tmp_path / "counts.csv"), lang="en")
    asked = [one for one in sections if one.heading.startswith("## ")]
    assert warned == []
    assert len(asked) == 10
    assert [one.heading.splitlines()[0] for one in asked if one.empty] == []
    by_number = {one.heading.split(".")[0].removeprefix("## "): one.text for one in asked}
    assert "furthest behind: Tràng Định district (50.0%)" in by_number["2"]
    assert "500 people more by the end of 2023" in by_number["3"]
    assert "from 57.2% (2021) to 65.0% by the end of 2025" in by_number["4"].lower()
    assert "from Tràng Định district (30.0%) to Lạng Sơn city (50.0%)" in by_number["6"]
    assert "targets.xlsx" in by_number["7"]
