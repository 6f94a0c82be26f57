"""Sentences about past statements: what they were worth and how often they came true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.assessment.assessment import Assessment
from vetanalysis.assessment.record import about as stored_about
from vetanalysis.assessment.record import statement_band, statement_record
from vetanalysis.assessment.status import ICD203
from vetanalysis.blocks import Said, Sentence, Text
from vetanalysis.language import numbers
from vetanalysis.narrative import evidence
from vetanalysis.narrative.sentence import likelihood, listed, say

if TYPE_CHECKING:
    from vetanalysis.track.record import TrackRecord

METHODS = {
    "ours": Text("phương pháp ở đây", "the method used here"),
    "last_value": Text("giữ nguyên số cuối", "the last value"),
    "drift": Text("đường thẳng qua số đầu và số cuối", "drift from first to last"),
    "ets": Text("ETS (statsmodels)", "ETS (statsmodels)"),
    "theta": Text("Theta (statsmodels)", "Theta (statsmodels)"),
    "cagr_rule": Text("quy tắc CAGR (đúng tiến độ hay không)", "the CAGR rule (on track or not)"),
}
NONE_DUE = Text("có 0 nhận định đã đến hạn kiểm nghiệm.", "0 statements have come due for checking.")
SIGN_LEVEL = 0.05  # under it corrections are said to lean one way
_BANDS = tuple(band.status for band in ICD203)


def past_statements(one: Assessment, plan: str, known_by: str = "") -> Said | None:
    """How often statements with the words of this assessment came true, from the stored record.

    None where nothing was stated as likely or unlikely, where no record is stored for rates or for this plan's
    people, or where it rests on figures that were not known by `known_by` (ISO day).
    """
    if one.status not in _BANDS or one.probability is None:
        return None
    found = statement_record(one.status, one.kind, plan, known_by=known_by)
    if found is None:
        return None
    what = stored_about(one.kind, plan)
    words = Said("targets.verdict", status=one.status, probability=None)
    return evidence.track_record(
        words, *found, f"{_until(one.kind, what)}-FY", about=subject(one.kind, what),
        band=statement_band(one.status, one.kind, plan, known_by=known_by), name=f"{one.target.id}.track_record",
        civil=one.kind == "rate",
    )  # fmt: skip


def _until(kind: str, what: Mapping[str, Any]) -> int:
    return int(what["until"]) if kind == "rate" else int(what["years"][-1])


def subject(kind: str, what: Mapping[str, Any]) -> Text:
    """What the statements of a record were about, as it stands inside a sentence."""
    if kind == "rate":
        span = f"{what['first_origin']}-{what['last_origin']}"
        return Text(
            f"lập lại từ các năm {span} về tỷ lệ có bằng, chứng chỉ của {what['provinces']} tỉnh và cả nước",
            f"replayed from {span} on the certified rates of {what['provinces']} provinces and the country",
        )
    years = f"{what['years'][0]}-{what['years'][-1]}"
    invented = what.get("illustrative", False)
    return Text(
        f"lập lại cho các năm {years} về kế hoạch và chỉ tiêu của các đơn vị"
        + (" (số liệu minh họa)" if invented else ""),
        f"replayed for {years} on the plan and the units' quotas"
        + (" (illustrative figures)" if invented else ""),
    )


def reading_of_words(record: TrackRecord, kind: str, lang: str) -> Sentence:
    """Whether the words were too bold, too timid or held, word by word against the binomial band."""
    rows = record.reliability[(record.reliability["kind"] == kind) & (record.reliability["said"] > 0)]
    total, came = int(rows["said"].sum()), int(rows["came"].sum())
    name = f"track_record.{kind}.words"
    if not total:
        return say(name, lang, NONE_DUE, said=0, came=0)
    more = [likelihood(row.status, lang) for row in rows.itertuples() if row.share > row.high]
    fewer = [likelihood(row.status, lang) for row in rows.itertuples() if row.share < row.low]
    parts_vi = [f"trong {_count(total, 'vi')} nhận định, chỉ tiêu đã đạt ở {_count(came, 'vi')} trường hợp"]
    parts_en = [f"of {_count(total, 'en')} statements, the target was reached in {_count(came, 'en')}"]
    if more:
        parts_vi.append(f"đạt nhiều hơn đã nêu ở mức {listed(more, 'vi')}")
        parts_en.append(f"reached more often than stated: {listed(more, 'en')}")
    if fewer:
        parts_vi.append(f"đạt ít hơn đã nêu ở mức {listed(fewer, 'vi')}")
        parts_en.append(f"reached less often than stated: {listed(fewer, 'en')}")
    if more or fewer:
        parts_vi.append(
            "giới hạn nhị thức 95% coi các nhận định là độc lập, trong khi các nơi cùng năm đi cùng nhau"
        )
        parts_en.append(
            "the 95% binomial band takes statements as independent, while places move together in a year"
        )
    else:
        parts_vi.append("mọi mức đều nằm trong giới hạn nhị thức 95%")
        parts_en.append("every word lies inside its 95% binomial band")
    text = Text("; ".join(parts_vi) + ".", "; ".join(parts_en) + ".")
    return say(name, lang, text, said=total, came=came, more=tuple(more), fewer=tuple(fewer))


def reading_of_coverage(record: TrackRecord, lang: str) -> Sentence:
    """How often the 80 and 95 % ranges of the rates held what came, and whether that lies in the band."""
    rows = record.coverage[(record.coverage["kind"] == "rate") & (record.coverage["horizon"] == 0)]
    if rows.empty:
        return say("track_record.coverage", lang, Text("có 0 dự báo để kiểm nghiệm khoảng.",
                                                       "0 projections are there to check the ranges."))  # fmt: skip
    by = rows.set_index("level")
    eighty, ninety = by.loc[0.8], by.loc[0.95]
    share = {
        level: {la: numbers.percent(100 * by.loc[level, "share"], la) for la in ("vi", "en")}
        for level in (0.8, 0.95)
    }
    each = record.coverage[(record.coverage["kind"] == "rate") & (record.coverage["horizon"] > 0)]
    outside = int((~each["within"].astype(bool)).sum())
    cases, alone = int(eighty["cases"]), int(eighty["independent"])
    text = Text(
        f"khoảng 80% chứa số thực tế ở {share[0.8]['vi']} và khoảng 95% ở {share[0.95]['vi']} của "
        f"{_count(cases, 'vi')} dự báo; theo từng tầm dự báo, {outside} trên {len(each)} tỷ lệ nằm ngoài giới hạn "
        f"nhị thức; vì các tỉnh cùng năm phụ thuộc nhau, chừng ấy dự báo chỉ tương đương khoảng "
        f"{_count(alone, 'vi')} trường hợp độc lập.",
        f"the 80% range held the outcome in {share[0.8]['en']} and the 95% range in {share[0.95]['en']} of "
        f"{_count(cases, 'en')} projections; by horizon, {outside} of {len(each)} shares lie outside their binomial "
        f"band; as provinces move together within a year, that is worth about {_count(alone, 'en')} independent cases.",
    )
    return say(
        "track_record.coverage", lang, text, cases=cases, inside_80=float(eighty["share"]),
        inside_95=float(ninety["share"]), outside=outside, independent=alone,
    )  # fmt: skip


def reading_of_skill(record: TrackRecord, lang: str) -> Sentence:
    """Our error against the last value and drift, and the skill of the probabilities."""
    if record.rates.empty:
        return say(
            "track_record.skill", lang, Text("có 0 dự báo để so sánh.", "0 projections are there to compare.")
        )
    whole = record.rates[record.rates["horizon"] == 0].set_index("method")
    row = whole.loc["ours"]

    def ratio(name: str, la: str) -> str:
        return f"{numbers.number(row[name], la, 2)} ± {numbers.number(row[name + '_se'], la, 2)}"

    best = whole.loc[whole["places"] == row["places"], "brier"].idxmin()  # methods that saw every place
    text = Text(
        f"sai số (CRPS) của {METHODS['ours'].vi} bằng {ratio('against_last_value', 'vi')} lần so với giữ nguyên "
        f"số cuối và {ratio('against_drift', 'vi')} lần so với đường thẳng (dưới 1 là tốt hơn); điểm kỹ năng Brier "
        f"là {ratio('brier_skill', 'vi')}; so với tần suất chỉ biết về sau là {ratio('hindsight_skill', 'vi')}; "
        f"Brier thấp nhất: {METHODS[best].vi}.",
        f"the error (CRPS) of {METHODS['ours'].en} is {ratio('against_last_value', 'en')} of the last value's and "
        f"{ratio('against_drift', 'en')} of drift's (below 1 is better); Brier skill is {ratio('brier_skill', 'en')}; "
        f"against frequencies known only afterwards it is {ratio('hindsight_skill', 'en')}; lowest Brier score: "
        f"{METHODS[best].en}.",
    )
    return say(
        "track_record.skill",
        lang,
        text,
        best=best,
        **{k: float(row[k]) for k in row.index if pd.notna(row[k])},
    )


def reading_of_year(record: TrackRecord, place: str, lang: str) -> Sentence:
    """What was said of the place's people and what came, and how far the middle was off."""
    mine = record.in_year[record.in_year["unit"] == place]
    due, open_ = mine[mine["came"].notna()], mine[mine["came"].isna()]
    if mine.empty:
        text = Text(
            "có 0 nhận định trong năm để đối chiếu với kết quả.",
            "0 statements within a year can be held against what came.",
        )
        return say("track_record.year", lang, text)
    inside = int(((due["outcome"] >= due["lower_80"]) & (due["outcome"] <= due["upper_80"])).sum())
    right = int(((due["probability"] >= 0.5) == due["came"].astype(bool)).sum())
    vi = (
        f"về cả kế hoạch có {len(due)} nhận định đã biết kết quả: {right} nhận định nghiêng về đúng phía, "
        f"{inside} lần kết quả nằm trong khoảng 80%; {len(open_)} nhận định chưa đến hạn"
    )
    en = (
        f"of the whole plan, {len(due)} statements have a known outcome: {right} leaned to the right side, the 80% "
        f"range held it {inside} times; {len(open_)} are not due yet"
    )
    text = Text(f"{vi}.", f"{en}.")
    return say("track_record.year", lang, text, due=len(due), inside_80=inside, right=right, open=len(open_))


def reading_of_people(record: TrackRecord, lang: str) -> Sentence | None:
    """How far the middle of plan and units was off, beside last year's share; None without a known outcome."""
    if record.people.empty:
        return None
    rows = list(record.people.itertuples())

    def each(la: str) -> str:
        code = {"Q1": "quý I", "H1": "6 tháng", "9M": "9 tháng"}
        return listed(
            [
                f"{code[row.cutoff] if la == 'vi' else row.cutoff} {numbers.percent(row.off_percent, la)} "
                f"({numbers.percent(row.last_share_off_percent, la)})"
                for row in rows
            ],
            la,
        )

    text = Text(
        f"giá trị giữa lệch so với kết quả bình quân (trong ngoặc: cách tính theo tỷ trọng năm trước): {each('vi')}.",
        f"the middle value was off by, on average (in brackets: last year's share): {each('en')}.",
    )
    return say("track_record.people", lang, text, **{row.cutoff: float(row.off_percent) for row in rows})


def reading_of_revisions(record: TrackRecord, lang: str) -> Sentence | None:
    """How many figures later returns corrected, by how much and which way; None without returns."""
    facts = record.revisions.attrs
    if not facts.get("figures"):
        return None
    change = record.revisions["percent"].astype(float).abs()
    largest = float(change.max()) if len(change) else 0.0
    mean, absolute = facts["mean_percent"], facts["mean_absolute_percent"]
    leaning = _leaning(facts["up"], facts["down"], facts["sign_p"])
    text = Text(
        f"trong {_count(facts['figures'], 'vi')} số liệu báo cáo, số được sửa ở lần nộp sau là {facts['revised']}; "
        f"bình quân sửa {numbers.percent(mean, 'vi', 3)}, bình quân không kể dấu "
        f"{numbers.percent(absolute, 'vi', 3)}, lần lớn nhất {numbers.percent(largest, 'vi')}{leaning.vi}.",
        f"of {_count(facts['figures'], 'en')} reported figures, later returns corrected {facts['revised']}; the "
        f"mean revision is {numbers.percent(mean, 'en', 3)}, the mean absolute revision "
        f"{numbers.percent(absolute, 'en', 3)}, the largest {numbers.percent(largest, 'en')}{leaning.en}.",
    )
    return say("track_record.revisions", lang, text, **{**facts, "largest_percent": largest})


def no_revisions(lang: str) -> Sentence:
    """What is said where no return was read."""
    text = Text(
        "có 0 số liệu báo cáo để so lần nộp đầu với lần nộp sau.",
        "0 reported figures are there to hold a later return against the first.",
    )
    return say("track_record.revisions", lang, text, figures=0)


def _leaning(up: int, down: int, p: float) -> Text:
    """Whether corrections go one way more often than a fair coin would (sign test at 5 %)."""
    if not up + down:
        return Text("", "")
    told_vi, told_en = (f"{numbers.number(p, lang, 3 if p < 0.1 else 2)}" for lang in ("vi", "en"))
    vi = f"; sửa tăng {up}, sửa giảm {down} (kiểm định dấu: p = {told_vi}"
    en = f"; {up} went up and {down} down (sign test: p = {told_en}"
    if p >= SIGN_LEVEL:
        return Text(f"{vi}, chưa thấy thiên lệch)", f"{en}, no lean to be seen)")
    way = Text("nghiêng về sửa tăng", "they lean upwards") if up > down else Text(
        "nghiêng về sửa giảm", "they lean downwards")  # fmt: skip
    return Text(f"{vi}, {way.vi})", f"{en}, {way.en})")


def _count(value: int, lang: str) -> str:
    return numbers.number(value, lang, 0)
