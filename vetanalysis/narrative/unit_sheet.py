"""The sheet a district or an institution gets about itself: one or two pages, from the province's figures."""

from __future__ import annotations

from typing import Any

from vetanalysis.blocks import Column, Heading, OfficePlace, Paragraph, Sentence, Table, Text
from vetanalysis.language import numbers
from vetanalysis.language.chances import printed_probability
from vetanalysis.language.render import spoken
from vetanalysis.narrative import count, outlook, tables, tasks
from vetanalysis.narrative.period import OWN_LEADS, PROMPTS, SHEET, UNLIKELY, PeriodFacts
from vetanalysis.narrative.sentence import about, capital, known, say
from vetanalysis.returns.ledger_matrix import STATES

_FINDINGS = 8  # told one by one; the rest is counted


def blocks(facts: PeriodFacts, lang: str) -> list[Any]:
    """Results, how they compare, reporting and findings, what is to be done next; other figures are annexed."""
    found: list[Any] = [Heading(1, SHEET["results"].get(lang))]
    quota = facts.line(facts.people)
    if quota is not None and (known(quota["plan_value"]) or known(quota["value"])):
        found.append(table(facts, lang))
    compared = against_all(facts, lang)
    own = facts.own
    counted = () if own is None else (count.counted_to(own), count.late_known(own))
    said = (compared, *(spoken(one, lang) for one in counted))
    stands = tuple(sentence for sentence in said if sentence is not None)
    if stands:
        found.append(Paragraph(stands))
    found += [figure for name, figure in facts.figures.items() if name.startswith("path")]
    found.append(Heading(1, SHEET["reporting"].get(lang)))
    found += [
        Paragraph((one,)) for one in (lateness(facts, lang), finding_count(facts, lang)) if one is not None
    ]
    told = findings(facts, lang)
    if told:
        found.append(Paragraph(tuple(told), "list"))
    found.append(Heading(1, SHEET["next"].get(lang)))
    ahead = [outlook.send_now(facts, lang), to_do(facts, lang), outlook.own_deadline(facts, lang)]
    found.append(Paragraph(tuple(one for one in ahead if one is not None), "list"))
    words = [text for kind in OWN_LEADS for text in tasks.own_words(facts, kind, "", lang)]
    found.append(OfficePlace(PROMPTS["unit"].get(lang), tuple(words)))
    return found


def table(facts: PeriodFacts, lang: str) -> Table:
    """The unit beside the whole place: quota, people, share, same period, estimate, chance; then by level."""
    place = facts.plan.place.code
    labels = (
        Text("Chỉ tiêu năm (người)", "Year's quota (people)"),
        Text("Lũy kế từ đầu năm (người)", "Counted since the year began (people)"),
        Text("Tỷ lệ so với chỉ tiêu (%)", "Share of quota (%)"),
        Text("So với cùng kỳ năm trước (%)", "Of the same period last year (%)"),
        Text("Ước cả năm, mức giữa (người)", "Estimate for the year, median (people)"),
        Text("Ước cả năm, khoảng 80% (người)", "Estimate for the year, 80% range (people)"),
        Text("Xác suất đạt chỉ tiêu", "Chance of reaching the quota"),
    )
    own, own_raw = _own_standing(facts, lang)
    whole, whole_raw = _whole(facts, lang)
    rows = [
        (label.get(lang), *pair) for label, pair in zip(labels, zip(own, whole, strict=True), strict=True)
    ]
    values = [
        (label.get(lang), *pair)
        for label, pair in zip(labels, zip(own_raw, whole_raw, strict=True), strict=True)
    ]
    for level in facts.plan.levels:
        line, all_of_it = (
            facts.line(facts.people, level=level.id),
            facts.line(facts.people, place, level=level.id),
        )
        if line is None or not level.counted or not (known(line["value"]) or known(line["plan_value"])):
            continue
        label = Text(
            f"trong đó {level.name.vi.lower()}: thực hiện/chỉ tiêu",
            f"of which {level.name.en.lower()}: counted/quota",
        ).get(lang)
        pair = tuple(
            f"{_cell(one['value'], lang)}/{_cell(one['plan_value'], lang)}" if one is not None else ".."
            for one in (line, all_of_it)
        )
        rows.append((label, *pair))
        values.append((label, *pair))
    name = facts.name(facts.unit, lang)
    title = Text(
        f"Kết quả tuyển mới của {name} và {facts.plan.place.name.vi}, {numbers.up_to(facts.cutoff, 'vi')}",
        f"People newly enrolled: {name} and {facts.plan.place.name.en}, {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    columns = (
        Column(Text("Nội dung", "Quantity").get(lang), align="left", width=3),
        Column(name, width=1.3),
        Column(capital(facts.plan.place.name.get(lang)), width=1.3),
    )
    notes = (Text("“..”: chưa có số liệu.", "“..”: no figure.").get(lang),)
    return Table("unit", title, columns, tuple(rows), notes, values=tuple(values))


def _whole(facts: PeriodFacts, lang: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    cells, raw = tables.standing(facts, facts.plan.place.code, lang)
    if facts.year is None:
        return cells, raw
    projected = facts.year.reconciled.projection()
    low, high = projected.interval(0.8)
    low_words, high_words = (about(one, "persons", lang).split(" ")[0] for one in (low, high))
    middle = about(projected.median, "persons", lang).split(" ")[0]
    chance, chance_words = None, ".."
    if facts.year.allowed and raw[0] is not None:
        chance = projected.probability(raw[0], ">=")
        chance_words = printed_probability(chance, "weak").replace(" %", "%")
    spread = f"{low_words} - {high_words}"
    return (*cells[:4], middle, spread, chance_words), (*raw[:4], float(projected.median), spread, chance)


def _own_standing(facts: PeriodFacts, lang: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The unit's row with the estimate and chance of its own assessment, as the text above gives them."""
    cells, raw = tables.standing(facts, facts.unit, lang)
    one = facts.own
    if one is None or facts.estimate is None or not known(one.probability):
        return (*cells[:4], "..", "..", ".."), (*raw[:4], None, None, None)
    median, low, high = (about(part, "persons", lang).split(" ")[0] for part in facts.estimate)
    chance = printed_probability(one.probability, one.evidence).replace(" %", "%")
    return (*cells[:4], median, f"{low} - {high}", chance), (
        *raw[:4], facts.estimate[0], f"{low} - {high}", one.probability,
    )  # fmt: skip


def against_all(facts: PeriodFacts, lang: str) -> Sentence | None:
    """Whether the unit lies behind or ahead of the others by more than chance, or within it."""
    if facts.year is None or facts.unit not in facts.year.units.index:
        return None
    row = facts.year.units.loc[facts.unit]
    name, since = facts.name(facts.unit, lang), numbers.up_to(facts.cutoff, lang)
    common = numbers.percent(100 * row["common"], lang)
    if row["side"] == "unknown":
        text = Text(
            f"{since}, {name} chưa có số liệu để so sánh với mức chung {common} chỉ tiêu.",
            f"{since}, {name} has no figure to compare with the common {common} of quota.",
        )
        return say("against_all", lang, text, side="unknown", common=float(row["common"]))
    share = numbers.percent(100 * row["share_of_plan"], lang)
    low, high = (numbers.percent(100 * row[side], lang) for side in ("lower", "upper"))
    words = {
        "behind": Text(
            "chậm hơn mức chung, vượt quá phạm vi ngẫu nhiên",
            "which is behind the others by more than chance",
        ),
        "ahead": Text(
            "nhanh hơn mức chung, vượt quá phạm vi ngẫu nhiên",
            "which is ahead of the others by more than chance",
        ),
        "within": Text("trong phạm vi ngẫu nhiên của mức chung", "which is within what chance allows"),
    }[row["side"]]
    if row["side"] == "behind" and row["probability"] >= UNLIKELY:
        chance = printed_probability(row["probability"], "weak").replace(" %", "%")
        words = Text(
            f"thấp hơn mức chung, ngoài phạm vi ngẫu nhiên, nhưng theo tiến độ "
            f"các năm trước vẫn có xác suất đạt {chance}",
            f"which is below the others by more than chance; by the course of past years it still has "
            f"a chance of {chance}",
        )
    text = Text(
        f"{since}, {name} đạt {share} chỉ tiêu, {words.vi} (mức chung của các đơn vị {common}; với chỉ tiêu cỡ này, "
        f"phạm vi ngẫu nhiên từ {low} đến {high}).",
        f"{since}, {name} is at {share} of its quota, {words.en} (all units together: {common}; range of chance for a "
        f"quota of this size: {low} to {high}).",
    )
    return say(
        "against_all",
        lang,
        text,
        side=row["side"],
        share=float(row["share_of_plan"]),
        common=float(row["common"]),
    )


def to_do(facts: PeriodFacts, lang: str) -> Sentence | None:
    """What the unit still has to count to its quota in the quarters left; None without a quota."""
    line, left = facts.line(facts.people), 4 - facts.cutoff.quarters
    if line is None or not known(line["plan_value"]):
        return None
    from vetanalysis.narrative.count import still_missing

    done = float(line["value"]) if known(line["value"]) else None
    told = spoken(still_missing("to_do", done, float(line["plan_value"]), str(facts.cutoff)), lang)
    if left < 2 or not known(line["value"]) or line["value"] >= line["plan_value"]:
        return told
    each = numbers.people((line["plan_value"] - line["value"]) / left, lang)
    more = Text(
        f" Bình quân mỗi quý trong {left} quý còn lại: {each}.",
        f" For each of the {left} quarters left: {each}.",
    ).get(lang)
    return Sentence(told.id, told.text + more, {**told.facts, "quarters_left": left})


def lateness(facts: PeriodFacts, lang: str) -> Sentence | None:
    """How the unit's report of the period came: on time, late by so many days, missing; None where none is due."""
    mine = facts.matrix[facts.matrix["unit"] == facts.unit]
    if mine.empty:
        return None
    row = next(mine.itertuples(index=False))
    period, name = numbers.period_name(facts.cutoff, lang), facts.name(facts.unit, lang)
    due = numbers.short_date(str(row.deadline)[:10], lang)
    words = STATES[row.state].get(lang)
    if row.state == "late":
        words += Text(f" {int(row.days_late)} ngày", f" by {int(row.days_late)} days").get(lang)
    came = ""
    if row.state in ("on_time", "late", "corrected") and str(row.received):
        day = numbers.short_date(str(row.received)[:10], lang)
        came = Text(f", nhận ngày {day}", f", received on {day}").get(lang)
    text = Text(
        f"báo cáo {period} của {name} (hạn {due}): {words}{came}.",
        f"report of {name} for {period} (due {due}): {words}{came}.",
    )
    return say("lateness", lang, text, state=row.state, due=str(row.deadline)[:10])


def finding_count(facts: PeriodFacts, lang: str) -> Sentence | None:
    """How many points the checks leave for the unit to clear up; None where its report did not come."""
    if facts.unit in facts.missing:
        return None
    count = len(_own(facts))
    period = numbers.period_name(facts.cutoff, lang)
    if count == 0:
        text = Text(
            f"kiểm tra báo cáo {period} không thấy điểm nào cần làm rõ.",
            f"the checks of the report for {period} found nothing to clear up.",
        )
    else:
        text = Text(
            f"kiểm tra báo cáo {period} có {count} điểm đề nghị đơn vị xem lại.",
            f"the checks of the report for {period} found {count} point{'' if count == 1 else 's'} "
            "to look at again.",
        )
    return say("finding_count", lang, text, findings=count)


def findings(facts: PeriodFacts, lang: str) -> list[Sentence]:
    """What the checks found in the unit's own return, with sheet, cell and remedy."""
    told = []
    for number, row in enumerate(_own(facts).head(_FINDINGS).itertuples(index=False), 1):
        where = ", ".join(part for part in (str(row.sheet or ""), str(row.cell or "")) if part)
        what, how = (getattr(row, f"found_{lang}"), getattr(row, f"remedy_{lang}"))
        text = Text(
            f"{f'{where}: ' if where else ''}{what}; {how}.", f"{f'{where}: ' if where else ''}{what}; {how}."
        )
        told.append(say(f"finding_{number}", lang, text, rule=row.rule, severity=row.severity))
    return told


def _own(facts: PeriodFacts) -> Any:
    mine = facts.findings[facts.findings["unit"] == facts.unit]
    return mine[mine["severity"].isin(["error", "warning"])]


def _cell(value: Any, lang: str) -> str:
    return numbers.number(float(value), lang, 0) if known(value) else ".."
