"""Did what was called likely happen? Stated probabilities against how often it came true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.blocks import Picture, Said
from vetanalysis.figures.style import BLUE, INK, SOFT, Chart, dress, note, number_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vetanalysis.track.record import TrackRecord

FEWEST = 5  # statements a point needs; the table has them all
_Z90 = 1.644854
_CLOSE = 0.12  # between two stated chances whose numbers of cases would print over each other


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Statements with about the same probability: their mean (share), how many, how many came true."""

    stated: float
    cases: int
    came_true: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability(Chart):
    """Bins in any order; a bin without cases is left out."""

    bins: tuple[ReliabilityBin, ...]

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Points with number of cases and interval; on the diagonal, statements were neither bold nor timid."""
        ax.plot([0, 100], [0, 100], color=SOFT, linestyle="--", linewidth=1.2, gid="ideal")
        ideal = Said("figures.reliability.ideal").get(lang)
        note(ax, ideal, (100, 100), (-2, 5), "ideal-label", ha="right", color=SOFT, fontsize=8.5)
        bins = sorted((one for one in self.bins if one.cases > 0), key=lambda one: one.stated)
        for one, after in zip(bins, [*bins[1:], None], strict=True):
            low, high = wilson(one.came_true, one.cases)
            ax.plot(
                [one.stated * 100] * 2, [low * 100, high * 100], color=BLUE, linewidth=1.4, gid="interval"
            )
            at = (one.stated * 100, one.came_true / one.cases * 100)
            cases = Said("figures.reliability.cases", cases=one.cases).get(lang)
            if after is not None and after.stated - one.stated < _CLOSE:
                note(ax, cases, at, (-6, 4), "cases", ha="right", fontsize=8.5)
            else:
                note(ax, cases, at, (7, -3), "cases", ha="left", fontsize=8.5)
        ax.plot(
            [one.stated * 100 for one in bins],
            [one.came_true / one.cases * 100 for one in bins],
            color=BLUE,
            marker="o",
            linewidth=1.2,
            gid="observed",
        )
        ax.set_xlim(0, 108)
        ax.set_ylim(-2, 108)
        number_axis(ax.xaxis, lang, "percent")
        number_axis(ax.yaxis, lang, "percent")
        ax.set_xlabel(Said("figures.reliability.stated").get(lang), color=INK)
        ax.set_ylabel(Said("figures.reliability.came").get(lang), color=INK)
        return dress(ax, self, lang, Said("figures.reliability.key").get(lang))


def wilson(came_true: int, cases: int, z: float = _Z90) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson, JASA 22 (1927), 209-212)."""
    share = came_true / cases
    centre = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z / (1 + z * z / cases) * (share * (1 - share) / cases + z * z / (4 * cases * cases)) ** 0.5
    return max(centre - half, 0.0), min(centre + half, 1.0)


def reliability_picture(found: TrackRecord, kind: str = "rate") -> Picture:
    """A point per status word, with its number of cases and interval; words said too seldom are left out."""
    mine = found.reliability[found.reliability["kind"] == kind]
    drawn = mine[mine["said"] >= FEWEST]
    bins = tuple(
        ReliabilityBin(float(row.stated), int(row.said), int(row.came)) for row in drawn.itertuples()
    )
    title = Said("figures.reliability.none_due")
    if not drawn.empty:
        most = drawn.loc[drawn["said"].idxmax()]
        title = Said(
            "figures.reliability.title", status=most["status"], said=int(most["said"]), came=int(most["came"])
        )
    about = found.about
    source: tuple[Said, ...] = (Said("figures.reliability.left_out"),)
    if kind == "rate" and bins:
        span = {"first": about["first_origin"], "last": about["last_origin"], "provinces": about["provinces"]}
        source = (Said("figures.reliability.about", **span), *source)
    data = Reliability(
        title=title,
        bins=bins,
        source=Said("figures.words", parts=source),
        illustrative=found.illustrative and kind == "people",
    )
    points = tuple(
        Said("figures.alt.statement", status=row.status, share=100 * row.share)
        for row in mine[mine["said"] > 0].itertuples()
    )
    return Picture(f"reliability-{kind}", data, title, Said("figures.alt.statements", points=points))
