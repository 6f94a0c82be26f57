"""How good the evidence behind a probability is; kept apart from how likely the target is.

An office reads two statements: what will probably be, and how much the figures can carry.
"""

from __future__ import annotations

from collections.abc import Mapping

from vetanalysis.bands import band_of
from vetanalysis.text import Text

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
