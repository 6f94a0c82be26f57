"""A figure of every kind with invented figures, and what is read off a drawn one."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from matplotlib.colors import to_rgb

from vetanalysis.blocks import Said
from vetanalysis.figures import (
    AreaMap,
    Bullet,
    BulletRow,
    Cumulative,
    Facets,
    Fan,
    FanBreak,
    Funding,
    FundingSource,
    Funnel,
    FunnelUnit,
    HeatMap,
    Panel,
    Reliability,
    ReliabilityBin,
    Waterfall,
    WaterfallStep,
    new_figure,
    pieces_of,
)
from vetanalysis.figures.heatmaps import EMPTY, HATCHED, Cell
from vetanalysis.figures.maps import square
from vetanalysis.figures.standing import Standing, StandingUnit
from vetanalysis.observations.series import Point

LETTERS = "ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"


TITLE = "Ba huyện chưa đạt nửa kế hoạch: Bắc Sơn, Đình Lập, Hữu Lũng"


class Normal:
    """A projection with closed answers, so that the fan's data can be checked by hand."""

    def __init__(self, periods, means, deviations):
        self.periods = tuple(periods)
        self.median, self.deviations = np.array(means, dtype=float), np.array(deviations, dtype=float)

    def interval(self, coverage):
        z = NormalDist().inv_cdf((1 + coverage) / 2)
        return self.median - z * self.deviations, self.median + z * self.deviations


def point(year: int, value: float, status: str = "final", concept: str = "ICLS-13", **other) -> Point:
    return Point(f"{year}-FY", year, value, status, "s", "2022-01-01", "labour_force", concept, **other)


FACTS = (point(2010, 35.0), point(2020, 56.0), point(2021, 57.2, "provisional", "ICLS-19"))


FAN_DATA = Fan(
    title=TITLE,
    axis="% lực lượng lao động",
    pieces=pieces_of(FACTS),
    projection=Normal((2022, 2023), (0.58, 0.60), (0.01, 0.02)),
    target=62.0,
    target_year=2023,
    target_label="Mục tiêu 62% (Kế hoạch năm 2023)",
    breaks=(FanBreak(2021, "đổi khái niệm"),),
    source="Nguồn: số liệu minh họa",
)


CUMULATIVE = Cumulative(
    title=TITLE,
    axis="người",
    year=2023,
    current={1: 1500, 2: math.nan, 3: 9870},
    past={2021: {1: 700, 2: 3500, 3: math.nan, 4: 11980}, 2022: {1: 1800, 2: 5900, 3: 10300, 4: 13900}},
    projection=Normal((2023,), (13100,), (600,)),
    target=13500,
    target_label="Kế hoạch 13.500 người",
)


LAYOUT = {"178": (1, 1), "180": (0, 0), "185": (1, 0)}


MAP = AreaMap(
    title=TITLE,
    areas={code: square(*at) for code, at in LAYOUT.items()},
    names={"178": "TP Lạng Sơn", "180": "Tràng Định", "185": "Bắc Sơn"},
    values={"178": 110, "180": 48, "185": None},
)


HEATMAP = HeatMap(
    title=TITLE,
    rows=("TP Lạng Sơn", "Tràng Định", "Bắc Sơn"),
    columns=("Quý I", "6 tháng"),
    cells=(
        (Cell("0%", 0), Cell(Said("figures.indicators.value", value=48.4), 2)),
        (Cell("110%", 4), Cell(Said("figures.indicators.missing"), HATCHED)),
        (Cell("–", EMPTY), Cell("60%", 3)),
    ),
    key="Ô càng đậm, số càng cao.",
)


BULLET = Bullet(
    title=TITLE,
    rows=(BulletRow("Tỷ lệ", 62, 57.2, 59.7, 57.8, 61.6, "57,2% / 62%"), BulletRow("Có chứng chỉ", 25)),
)


WATERFALL = Waterfall(
    title=TITLE,
    axis="% lực lượng lao động",
    start=57.2,
    start_label="Cuối 2021",
    steps=(WaterfallStep("Đào tạo mới", 3.8), WaterfallStep("Nghỉ", -1.9), WaterfallStep("Khác", None)),
    end_label="Cuối 2023",
    measure="percent",
    digits=1,
    target=62,
    target_label="Mục tiêu 62%",
)


UNITS = (FunnelUnit("Bắc Sơn", 80, 100), FunnelUnit("Đình Lập", 20, 100), FunnelUnit("Hữu Lũng", 320, 400))


RELIABILITY = Reliability(
    title=TITLE, bins=(ReliabilityBin(0.9, 10, 9), ReliabilityBin(0.1, 20, 3), ReliabilityBin(0.5, 0, 0))
)


FUNDING = Funding(
    title=TITLE,
    axis="triệu đồng",
    sources=(
        FundingSource("Trung ương", 18500, 7600),
        FundingSource("Địa phương", None, 100),
        FundingSource("Khác", None, None),
    ),
)


PANELS = (
    Panel("A", (1, 2, 3), (10, None, 20), 60),
    Panel("B", (1, 2, 3), (None,) * 3, 60),
    Panel("C", (1,), (5,)),
)


FACETS = Facets(
    title=TITLE, axis="người", panels=PANELS, ticks={1: "QI", 2: "6T", 3: "9T"}, source="Nguồn: A"
)


ALL = {
    "fan": FAN_DATA,
    "cumulative": CUMULATIVE,
    "map": MAP,
    "heatmap": HEATMAP,
    "bullet": BULLET,
    "waterfall": WATERFALL,
    "funnel": Funnel(title=TITLE, axis="% có việc làm", size_axis="Số người", units=UNITS),
    "reliability": RELIABILITY,
    "funding": FUNDING,
    "standing": Standing(
        title=TITLE,
        axis="% chỉ tiêu năm",
        common=66.1,
        units=tuple(
            StandingUnit(f"Trung tâm {number}", 60.0 + number, 65.0, number == 0) for number in range(12)
        ),
    ),
}


def draw(name: str, data=None, lang: str = "vi"):
    _, ax = new_figure()
    assert (data or ALL[name]).draw(ax, lang) is ax
    return ax


def lines(ax, gid: str) -> list[list[tuple[float, float]]]:
    return [list(zip(*line.get_data(), strict=True)) for line in ax.get_lines() if line.get_gid() == gid]


def texts(ax, gid: str | None = None) -> list[str]:
    return [text.get_text() for text in ax.texts if gid is None or text.get_gid() == gid]


def bars(ax, gid: str):
    return [patch for patch in ax.patches if patch.get_gid() == gid]


def light(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((light(first), light(second)))
    return (high + 0.05) / (low + 0.05)
