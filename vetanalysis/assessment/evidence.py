"""How good the evidence behind a probability is; kept apart from how likely the target is.

An office reads two statements: what will probably be, and how much the figures can carry.

Scales of likelihood: which words, range and symbol belong to a probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vetanalysis.blocks import Text
from vetanalysis.errors import WrongCall


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a scale of likelihood: from `lower` (inclusive) up to the `lower` of the step above."""

    status: str
    lower: float
    words: Text
    range: str  # printed in brackets, in per cent; the same in both languages
    symbol: str


ICD203 = (
    Band("almost_certain", 0.95, Text("gần như chắc chắn đạt", "almost certain"), "95-99 %", "▲▲▲"),
    Band("very_likely", 0.80, Text("rất có khả năng đạt", "very likely"), "80-95 %", "▲▲"),
    Band("likely", 0.55, Text("có khả năng đạt", "likely"), "55-80 %", "▲"),
    Band("even", 0.45, Text("khả năng đạt và không đạt ngang nhau", "roughly even chance"), "45-55 %", "◆"),
    Band("unlikely", 0.20, Text("ít khả năng đạt", "unlikely"), "20-45 %", "▽"),
    Band("very_unlikely", 0.05, Text("rất ít khả năng đạt", "very unlikely"), "5-20 %", "▽▽"),
    Band("almost_no_chance", 0.0, Text("gần như không thể đạt", "almost no chance"), "1-5 %", "▽▽▽"),
)
"""Bands of the US Intelligence Community Directive 203 (2015), best first; Vietnamese words are ours.

Bracketed ranges are part of the words: in Wintle et al. 2019 (doi 10.1371/journal.pone.0213522) readers
understood them as meant in 66 % of cases, against 32 % for words alone.
"""

IPCC = (
    Band("virtually_certain", 0.99, Text("hầu như chắc chắn đạt", "virtually certain"), "99-100 %", "▲▲▲"),
    Band("very_likely", 0.90, Text("rất có khả năng đạt", "very likely"), "90-99 %", "▲▲"),
    Band("likely", 0.66, Text("có khả năng đạt", "likely"), "66-90 %", "▲"),
    Band(
        "even", 0.33, Text("khả năng đạt và không đạt gần như nhau", "about as likely as not"), "33-66 %", "◆"
    ),
    Band("unlikely", 0.10, Text("ít khả năng đạt", "unlikely"), "10-33 %", "▽"),
    Band("very_unlikely", 0.01, Text("rất ít khả năng đạt", "very unlikely"), "1-10 %", "▽▽"),
    Band(
        "exceptionally_unlikely", 0.0, Text("gần như không thể đạt", "exceptionally unlikely"), "0-1 %", "▽▽▽"
    ),
)
"""The scale of the Intergovernmental Panel on Climate Change, cut at 99, 90, 66, 33, 10 and 1 %."""

SCALES = {"icd203": ICD203, "ipcc": IPCC}


def scale_of(name: str) -> tuple[Band, ...]:
    """The bands of a named scale, best first; WrongCall for a name that is none."""
    if name not in SCALES:
        raise WrongCall(f"scale {name!r} is unknown: use one of {', '.join(SCALES)}")
    return SCALES[name]


def band_of(probability: float, scale: str = "icd203") -> Band:
    """The band of an unrounded probability in [0, 1]; a probability on a border belongs to the upper band.

    The outer bands also hold what lies above 99 % and below 1 %. Outside [0, 1] or NaN: WrongCall.
    """
    if not 0.0 <= probability <= 1.0:
        raise WrongCall(f"a probability lies between 0 and 1; received {probability!r}")
    return next(band for band in scale_of(scale) if probability >= band.lower)


GRADE_WORDS = {
    "strong": Text("mạnh", "strong"),
    "moderate": Text("trung bình", "moderate"),
    "weak": Text("yếu", "weak"),
}

STRONG_COVERAGE, WEAK_COVERAGE = 0.90, 0.75
STRONG_POINTS, WEAK_POINTS = 6, 4


def _coverage(share: float) -> Text:
    return Text(
        f"các đơn vị đã báo cáo chiếm {share:.0%} kế hoạch",
        f"the units that have reported hold {share:.0%} of the plan",
    )


def _points(count: int) -> Text:
    if count == 0:
        return Text("chưa có số liệu nào", "there is no figure")
    one = "figure" if count == 1 else "figures"
    return Text(f"chuỗi số liệu có {count} số", f"the series has {count} {one}")


def crosses_border(sensitivity: Mapping[float, float]) -> bool:
    """Whether the probabilities under half, single and double prior fall into more than one status band."""
    return len({band_of(probability).status for probability in sensitivity.values()}) > 1


def evidence_grade(
    *,
    points: int,
    coverage: float | None = None,
    sensitivity: Mapping[float, float] | None = None,
    backtest_inside: bool | None = None,
    series_break: bool = False,
    mostly_prior: bool = False,
    unstated_scope: bool = False,
) -> tuple[str, tuple[Text, ...]]:
    """The grade and its reasons.

    weak, if any: coverage < 75 % of the plan; fewer than 4 figures (`points`: years of a series,
    complete past years of a flow); the answer changes its band when the prior is halved or doubled;
    a break in the series; the answer is mostly prior; the scope of the figures is not stated.
    strong, if all: coverage >= 90 % (None: not applicable), at least 6 figures, back-test inside its
    bands, prior sensitivity known and within one band. Otherwise moderate, with what is missing for strong.
    """
    crossing = crosses_border(sensitivity) if sensitivity else None
    weak: list[Text] = []
    if coverage is not None and coverage < WEAK_COVERAGE:
        weak.append(_coverage(coverage))
    if points < WEAK_POINTS:
        weak.append(_points(points))
    if crossing:
        weak.append(
            Text(
                "kết luận đổi mức khi giảm một nửa hoặc tăng gấp đôi giả định ban đầu",
                "the answer moves to another band when the prior is halved or doubled",
            )
        )
    if series_break:
        weak.append(Text("chuỗi số liệu bị gián đoạn do thay đổi khái niệm", "the series has a break"))
    if mostly_prior:
        weak.append(
            Text(
                "kết quả chủ yếu dựa vào kinh nghiệm của các chuỗi khác",
                "the answer rests mostly on what other series have done",
            )
        )
    if unstated_scope:
        weak.append(
            Text(
                "nguồn không nêu rõ phạm vi của số liệu", "the source does not state the scope of the figures"
            )
        )
    if weak:
        return "weak", tuple(weak)

    short: list[Text] = []
    if coverage is not None and coverage < STRONG_COVERAGE:
        short.append(_coverage(coverage))
    if points < STRONG_POINTS:
        short.append(_points(points))
    if backtest_inside is None:
        short.append(Text("chưa kiểm nghiệm trên số liệu quá khứ", "not tested on past figures"))
    elif not backtest_inside:
        short.append(
            Text(
                "kiểm nghiệm trên số liệu quá khứ lệch khỏi giới hạn cho phép",
                "the test on past figures fell outside its bounds",
            )
        )
    if crossing is None:
        short.append(
            Text("chưa thử độ nhạy với giả định ban đầu", "sensitivity to the prior has not been tried")
        )
    if short:
        return "moderate", tuple(short)
    strong = [_points(points)]
    if coverage is not None:
        strong.insert(0, _coverage(coverage))
    strong.append(Text("kiểm nghiệm trên số liệu quá khứ đạt yêu cầu", "the test on past figures holds"))
    return "strong", tuple(strong)
