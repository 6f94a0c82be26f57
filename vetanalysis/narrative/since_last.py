"""What changed since the last report: chance, what is still missing, and whether the words change."""

from __future__ import annotations

from vetanalysis.assessment import Assessment
from vetanalysis.attainment import hysteresis
from vetanalysis.documents.model import Sentence
from vetanalysis.narrative import numbers
from vetanalysis.narrative.sentence import chance, known, likelihood, say, terms_of
from vetanalysis.periods import parse_cutoff
from vetanalysis.text import Text


def since_last(one: Assessment, before: Assessment | None, before_as_of: str, lang: str) -> Sentence | None:
    """Chance and distance then and now, and what that does to the words; None where nothing can be compared.

    The words move to a neighbouring band only when the chance is clearly in it (`attainment.hysteresis`).
    """
    if before is None or not known(one.probability) or not known(before.probability):
        return None
    if one.projection is None or before.projection is None:
        return None
    terms = terms_of(one, lang)
    earlier = _earlier(before_as_of)
    then, now = (chance(each.probability, each.evidence, lang) for each in (before, one))
    facts = {
        "since": before_as_of, "as_of": one.as_of, "before": before.probability, "now": one.probability,
        "gap_before": before.gap, "gap": one.gap,
    }  # fmt: skip
    label = hysteresis(before.status, one.probability)
    if then == now:
        vi = f"so với {earlier.vi}, xác suất đạt {terms.aim} vẫn là {now}"
        en = f"since {earlier.en}, the chance of reaching {terms.aim} is unchanged at {now}"
    else:
        up = one.probability > before.probability
        moved = Text(
            f"tăng từ {then} lên {now}" if up else f"giảm từ {then} xuống {now}",
            f"{'risen' if up else 'fallen'} from {then} to {now}",
        )
        vi = f"so với {earlier.vi}, xác suất đạt {terms.aim} {moved.vi}"
        en = f"since {earlier.en}, the chance of reaching {terms.aim} has {moved.en}"
    gap = _gaps(one, before)
    if gap is not None:
        vi, en = vi + gap.vi, en + gap.en
    words = _words(one, before, label)
    return say(f"{one.target.id}.since_last", lang, Text(f"{vi}; {words.vi}.", f"{en}; {words.en}."), **facts)


def _gaps(one: Assessment, before: Assessment) -> Text | None:
    """What was missing then and is missing now, people only: a rate's distance has its own sentence."""
    if one.target.measure != "persons" or not known(one.gap) or not known(before.gap):
        return None
    if one.gap <= 0:
        return Text(", chỉ tiêu đã được thực hiện đủ", ", and the target is filled")
    then, now = (
        (numbers.people(each.gap, "vi"), numbers.number(each.gap, "en", 0)) for each in (before, one)
    )
    if then == now:
        return Text(f", số còn thiếu vẫn là {now[0]}", f", and {now[1]} people are still needed")
    down = one.gap < before.gap
    return Text(
        f", số còn thiếu {'giảm' if down else 'tăng'} từ {then[0]} {'xuống' if down else 'lên'} {now[0]}",
        f", and the number still needed has {'fallen' if down else 'risen'} from {then[1]} to {now[1]}",
    )


def _earlier(as_of: str) -> Text:
    """The report before; at the start of a year there was none, only the judgement."""
    vi, en = (numbers.period_name(as_of, lang) for lang in ("vi", "en"))
    if parse_cutoff(as_of).code == "start":
        return Text(f"đánh giá {vi}", f"the judgement at {en}")
    return Text(f"báo cáo {vi}", f"the report for {en}")


def _words(one: Assessment, before: Assessment, label: str) -> Text:
    """Whether the words stay, stay for lack of a clear move, or change."""
    old = Text(
        likelihood(before.status, "vi", before.probability),
        likelihood(before.status, "en", before.probability),
    )
    new = Text(likelihood(one.status, "vi", one.probability), likelihood(one.status, "en", one.probability))
    if one.status == before.status:
        return Text(f"mức đánh giá giữ nguyên: {new.vi}", f"the judgement is unchanged: {new.en}")
    if label != one.status:
        return Text(
            f"mức đánh giá chưa thay đổi rõ: kỳ trước {old.vi}, kỳ này {new.vi} nhưng sát ranh giới giữa hai mức",
            f"the judgement has not clearly moved: {old.en} then, {new.en} now but close to the border between the two",
        )
    return Text(
        f"mức đánh giá chuyển từ {old.vi} sang {new.vi}", f"the judgement moves from {old.en} to {new.en}"
    )
