"""Sentences about scenarios: what each changes against the base, which changes most, what could not be run."""

from __future__ import annotations

from vetanalysis.assessment.assessment import Assessment, RateAssessment
from vetanalysis.assessment.paces import milestones
from vetanalysis.blocks import Sentence, Text
from vetanalysis.language import names, numbers
from vetanalysis.narrative.sentence import about, chance, inside, label, say, the
from vetanalysis.scenarios.sensitivity import PROBABILITY, Moved, Sensitivity
from vetanalysis.scenarios.what_if import FLOW, Outcome, Scenarios

GOOD_CHANCE = 0.8


def difference(run: Scenarios, outcome: Outcome, lang: str, evidence: str = "weak") -> Sentence:
    """One scenario against the base: the centre and the chance, before and after."""
    base, target = run.base_of(outcome), outcome.target
    called, name = run.label(outcome.scenario).get(lang), label(target, lang)
    level = about(outcome.median, target.measure, lang)
    moved, odds = moved_by(base, outcome, lang), chance(outcome.probability, evidence, lang)
    risen, lead = chance_moved(base, outcome, lang), _lead(outcome, lang)
    text = Text(
        f"{lead}“{called}”: {name} {level} ({moved} so với phương án gốc), xác suất đạt {odds} ({risen}).",
        f"{lead}“{called}”: {name} {level} ({moved} from the base), a chance of {odds} ({risen}).",
    )
    return say(
        f"{target.id}.scenario.{outcome.scenario}", lang, text, median=outcome.median, base=base.median,
        probability=outcome.probability, base_probability=base.probability, stage=outcome.stage,
        concept=outcome.concept, assumed=outcome.assumed,
    )  # fmt: skip


def strongest_scenario(
    run: Scenarios, target: str, stage: str, lang: str, evidence: str = "weak"
) -> Sentence | None:
    """Which scenario raises the chance most, and whether any gives a chance of 80 %; None where none was run.

    The straight line to the target is left out: its chance is one half by construction.
    """
    found = [one for one in run.about(target, stage) if one.scenario not in ("base", "straight_line")]
    if not found:
        return None
    best = max(found, key=lambda one: one.probability)
    base, aim = run.base_of(best), best.target
    goal = numbers.quantity(aim.value, aim.measure, lang, None)
    name = the(label(aim, lang), lang)
    before, after = (chance(one.probability, evidence, lang) for one in (base, best))
    called = run.label(best.scenario).get(lang)
    lead = f"{_lead(best, lang)}{numbers.up_to(run.as_of, lang)}, "
    if best.probability <= base.probability:
        text = Text(
            f"{lead}không phương án nào làm tăng khả năng {name} đạt {goal} (gốc: {before}).",
            f"{lead}no scenario raises the chance of {name} reaching {goal} (base: {before}).",
        )
    else:
        passed = _passed(best.probability, after)
        risen = chance_moved(base, best, lang)
        text = Text(
            f"{lead}trong {len(found)} phương án đã tính, “{called}” làm tăng khả năng {name} đạt {goal} nhiều nhất: "
            f"xác suất {risen}, đến {after}{passed.vi}.",
            f"{lead}of the {len(found)} scenarios run, “{called}” raises the chance of {name} reaching {goal} most: "
            f"{risen}, to {after}{passed.en}.",
        )
    return say(
        f"{aim.id}.strongest.{stage}", lang, text, scenario=best.scenario, probability=best.probability,
        base_probability=base.probability, as_of=run.as_of, assumed=best.assumed,
    )  # fmt: skip


def _passed(probability: float, printed: str) -> Text:
    """Whether the chance is 80 % or more, where the printed number does not say it already."""
    if "80%" in printed:
        return Text("", "")
    if probability >= GOOD_CHANCE:
        return Text(", từ 80% trở lên", ", 80% or more")
    return Text(", vẫn dưới 80%", ", still below 80%")


def straight_line(one: Assessment, lang: str) -> Sentence | None:
    """The values on the straight line from the latest figure to the target; None where none is left."""
    if one.latest is None or not isinstance(one, RateAssessment):
        return None
    target, latest = one.target, one.latest
    year = int(target.period[:4])
    steps = milestones(latest.year, latest.value, year, target.value)
    if not steps:
        return None
    told = ", ".join(
        Text(f"{numbers.percent(v, 'vi')} năm {y}", f"{numbers.percent(v, 'en')} in {y}").get(lang)
        for y, v in steps.items()
    )
    pace = numbers.points((target.value - latest.value) / len(steps), lang)
    name, start = the(label(target, lang), lang), numbers.percent(latest.value, lang)
    text = Text(
        f"đường thẳng tới chỉ tiêu của {name}: từ {start} năm {latest.year}, mỗi năm {pace}, qua {told}; khả năng 50% "
        f"của phương án này là do cách dựng, không phải dự báo.",
        f"the straight line to the target of {name} runs from {start} in {latest.year}, {pace} a year, through {told}; "
        f"its chance of 50% follows from how it is built and is no forecast.",
    )
    return say(
        f"{target.id}.straight_line", lang, text, start=latest.value, **{str(y): v for y, v in steps.items()}
    )


def moved_by(base: Outcome, outcome: Outcome, lang: str) -> str:
    """The change of the centre in words, people in tens or hundreds."""
    measure = outcome.target.measure
    if measure != "persons":
        return numbers.change(base.median, outcome.median, measure, lang)
    step = 100 if abs(outcome.median - base.median) >= 1000 else 10
    before, after = (numbers.rounded(value / step) * step for value in (base.median, outcome.median))
    return numbers.change(before, after, measure, lang)


def chance_moved(base: Outcome, outcome: Outcome, lang: str) -> str:
    """The change of the chance in whole points: "tăng 9 điểm phần trăm", "không thay đổi"."""
    moved = numbers.rounded(100 * (outcome.probability - base.probability))
    if moved == 0:
        return Text("gần như không đổi", "hardly changed").get(lang)
    amount = numbers.points(abs(moved), lang, None)
    return Text(
        f"{'tăng' if moved > 0 else 'giảm'} {amount}", f"{'up' if moved > 0 else 'down'} {amount}"
    ).get(lang)


def what_matters(found: Sensitivity, lang: str) -> Sentence | None:
    """The input that moves the outcome most, and the next; None without any."""
    if not found.moved:
        return None
    first = found.moved[0]
    name = the(label(found.target, lang), lang)
    outcome = (
        Text(f"xác suất {name} đạt chỉ tiêu", f"the chance of {name} reaching its target")
        if found.outcome == PROBABILITY
        else Text(f"{name} cuối năm", f"{name} at the end of the year")
    ).get(lang)
    base = _shown(found.base, found, lang)
    first_moves, where = _moves(first, found, lang), names.CONCEPTS.get(found.concept)
    lead = Text("theo các đầu vào giả định, ", "on assumed inputs, ").get(lang) if found.assumed else ""
    then = ""
    if len(found.moved) > 1:
        second = found.moved[1]
        called, moves = inside(second.label.get(lang)), _moves(second, found, lang)
        then = Text(f"; tiếp theo là {called} ({moves})", f"; next comes {called} ({moves})").get(lang)
    concept = f" ({where.get(lang)})" if where else ""
    most = inside(first.label.get(lang))
    text = Text(
        f"{lead}{outcome}{concept} ở phương án gốc là {base}; ảnh hưởng mạnh nhất là {most} ({first_moves}){then}.",
        f"{lead}{outcome}{concept} is {base} in the base; what moves it most is {most} ({first_moves}){then}.",
    )
    return say(
        f"{found.target.id}.matters.{found.outcome}", lang, text, base=found.base, first=first.name, low=first.low,
        high=first.high, assumed=found.assumed,
    )  # fmt: skip


def left_out(run: Scenarios, lang: str) -> list[Sentence]:
    """What was not run, one sentence for each reason."""
    by_reason: dict[Text, list[str]] = {}
    for one in run.left_out:
        called = f"“{run.label(one.scenario).get(lang)}”"
        where = _FLOW.get(lang) if one.target is None else label(one.target, lang)
        reason = _NO_ACCOUNT if one.stage == FLOW and run.flow is None else one.reason
        by_reason.setdefault(reason, []).append(f"{called} ({where})")
    said = []
    for number, (reason, parts) in enumerate(by_reason.items()):
        told = ", ".join(dict.fromkeys(parts))
        text = Text(
            f"không tính được {told}: {inside(reason.vi)}.", f"not run: {told}, because {inside(reason.en)}."
        )
        said.append(say(f"scenarios.left_out.{number}", lang, text, reason=reason.en, assumed=False))
    return said


_FLOW = Text("theo dòng người học", "on the flow of learners")
_NO_ACCOUNT = Text(
    "bảng cân đối dòng người học chưa tính được, lý do đã nêu ở trên",
    "the account of learners could not be run, for the reason given above",
)


def all_run(run: Scenarios, lang: str) -> Sentence:
    """That every scenario could be run."""
    count = len(run.scenarios)
    text = Text(f"cả {count} phương án đều tính được.", f"all {count} scenarios could be run.")
    return say("scenarios.all_run", lang, text, count=count, assumed=False)


def _moves(moved: Moved, found: Sensitivity, lang: str) -> str:
    if moved.high is None or moved.low is None:
        value = moved.low if moved.high is None else moved.high
        return Text(f"còn {_shown(value, found, 'vi')}", f"{_shown(value, found, 'en')} then").get(lang)
    low, high = _shown(moved.low, found, lang), _shown(moved.high, found, lang)
    ends = ends_of(moved, lang)
    return Text(f"{ends}: từ {low} đến {high}", f"{ends}: from {low} to {high}").get(lang).removeprefix(": ")


def ends_of(moved: Moved, lang: str) -> str:
    """The low and the high end of an input in words, "" where they are no numbers."""
    if moved.low_end is None or moved.high_end is None:
        return ""
    low, high = (_end(value, moved.measure, lang) for value in (moved.low_end, moved.high_end))
    if moved.measure == "points":
        return Text(f"{low} đến {high} điểm mỗi năm", f"{low} to {high} points a year").get(lang)
    return Text(f"{low} đến {high}", f"{low} to {high}").get(lang)


def _end(value: float, measure: str, lang: str) -> str:
    sign = "−" if value < 0 else ""
    size = abs(value)
    if measure == "percent":
        return sign + numbers.percent(size, lang)
    if measure == "points":
        return sign + numbers.number(size, lang, 1)
    step = 100 if size >= 1000 else 10
    return sign + numbers.number(int(numbers.rounded(size / step)) * step, lang, 0)


def _shown(value: float, found: Sensitivity, lang: str) -> str:
    if found.outcome == PROBABILITY:
        return chance(value / 100, "weak", lang)
    return numbers.percent(value, lang)


def _lead(outcome: Outcome, lang: str) -> str:
    if outcome.assumed:
        return Text("theo các đầu vào giả định, ", "on assumed inputs, ").get(lang)
    return Text("theo số liệu minh họa, ", "on illustrative data, ").get(lang) if outcome.illustrative else ""
