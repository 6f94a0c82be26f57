"""The invented part of the example: quotas, what each institution teaches, shares of groups. Plain data.

Everything here is illustrative. It is shaped so that it does not contradict what was published: the plan
of 13,500 people, nearly 12,000 people trained and 14,100 jobs in 2021, a scale of enrolment and training
above
18,600 people in 2020, 80 % rural, 83 % ethnic minorities, 21 institutions and 12 agricultural centres
that teach.
"""

from __future__ import annotations

from dataclasses import dataclass

PLAN = "lang-son-2023-example"
YEARS = (2020, 2021, 2022, 2023)
COUNTED = ("college", "intermediate", "elementary")
LEVELS = (*COUNTED, "short_course")
GROUPS = ("ethnic_minority", "poor", "near_poor", "disability")

#: Quotas of 2023 of the institutions that stand directly under the province: college, intermediate,
#: elementary.
PROVINCIAL = {
    "cdn-ls": (420, 900, 1380),
    "cdsp-ls": (110, 60, 0),
    "cdyt-ls": (160, 110, 120),
    "cd-cnnl-db": (260, 620, 760),
    "gdnn-cong-doan": (0, 0, 260),
    "gdnn-tu-thuc-1": (0, 0, 950),
    "gdnn-tu-thuc-2": (0, 0, 720),
    "gdnn-tu-thuc-3": (0, 0, 340),
    "truong-cong-dong": (0, 0, 130),
    "gdnn-tinh-1": (0, 0, 300),
    "gdnn-tinh-2": (0, 0, 260),
    "khuyen-nong": (0, 0, 240),
}
#: Quotas of 2023 of the districts, which pass them on to their own centres: intermediate, elementary.
DISTRICTS = {
    "178": (0, 120),
    "180": (80, 500),
    "181": (60, 390),
    "182": (65, 415),
    "183": (80, 510),
    "184": (60, 370),
    "185": (75, 455),
    "186": (105, 655),
    "187": (75, 465),
    "188": (80, 500),
    "189": (45, 295),
}
#: Quotas of earlier years as a share of that of 2023, rounded to whole tens of people.
QUOTA_OF_YEAR = {2020: 0.87, 2021: 0.89, 2022: 0.94, 2023: 1.0}
#: New enrolments in the levels the plan counts: fixed where a published total must be met, else mean and
#: spread.
ENROLLED = {2020: (10870, 0.0), 2021: (11960, 0.0), 2022: (12620, 0.008), 2023: (13330, 0.022)}
#: People in training at the start of 2020 plus everyone enrolled in 2020 ("over 18,600").
SCALE_2020 = 18640
JOBS = {2020: 12650, 2021: 14100, 2022: 14480, 2023: 14900}
JOB_CENTRE, JOB_CENTRE_SHARE = "tt-dvvl", 0.17
DRIVING = ("gdnn-tu-thuc-1", "gdnn-tu-thuc-2")
# Courses under three months, per person in the counted levels of the institution.
SHORT_SHARE = {"dvnn": 0.75, "khuyen-nong": 0.9, "gdnn-gdtx": 0.3}


@dataclass(frozen=True, slots=True)
class School:
    """One institution: quota of 2023 by level, and how its learners are made up (shares in [0, 1])."""

    code: str
    parent: str
    quota: dict[str, int]
    trades: dict[str, float]
    shares: dict[str, float]


def schools() -> tuple[School, ...]:
    """Every institution that teaches, provincial ones first, then district by district."""
    made = [_school(code, "20", dict(zip(COUNTED, quota, strict=True))) for code, quota in PROVINCIAL.items()]
    for district, (intermediate, elementary) in DISTRICTS.items():
        farm = elementary if district == "178" else round(elementary * 0.22)
        if district != "178":
            quota = {"college": 0, "intermediate": intermediate, "elementary": elementary - farm}
            made.append(_school(f"gdnn-gdtx-{district}", district, quota))
        made.append(
            _school(f"dvnn-{district}", district, {"college": 0, "intermediate": 0, "elementary": farm})
        )
    return tuple(made)


def quota_rows() -> list[dict[str, str]]:
    """The table of quotas, 2020 to 2023, by district, provincial institution and level; 13,500 in 2023."""
    assigned = {code: dict(zip(COUNTED, quota, strict=True)) for code, quota in PROVINCIAL.items()}
    assigned |= {code: dict(zip(COUNTED[1:], quota, strict=True)) for code, quota in DISTRICTS.items()}
    rows = []
    for year, share in QUOTA_OF_YEAR.items():
        for code, quota in sorted(assigned.items()):
            for level, value in quota.items():
                if value:
                    number = value if share == 1.0 else round(value * share / 10) * 10
                    rows.append(
                        {"unit": code, "level": level, "period": f"{year}-FY", "value": str(number),
                         "source": f"illustrative: invented quota of {year}"}
                    )  # fmt: skip
    return rows


def _school(code: str, parent: str, quota: dict[str, int]) -> School:
    total = sum(quota.values())
    short = next((share for start, share in SHORT_SHARE.items() if code.startswith(start)), 0.08)
    return School(
        code, parent, {**quota, "short_course": round(total * short)}, _trades(code), _shares(code, parent)
    )


def _trades(code: str) -> dict[str, float]:
    if code in DRIVING:
        return {"farm": 0.0, "industry": 0.02, "services": 0.04, "driving": 0.94}
    if code.startswith(("dvnn", "khuyen-nong")):
        return {"farm": 0.97, "industry": 0.0, "services": 0.03, "driving": 0.0}
    if code.startswith("gdnn-gdtx"):
        return {"farm": 0.42, "industry": 0.34, "services": 0.24, "driving": 0.0}
    if code == "cd-cnnl-db":
        return {"farm": 0.25, "industry": 0.45, "services": 0.2, "driving": 0.1}
    if code == "cdn-ls":
        return {"farm": 0.03, "industry": 0.62, "services": 0.27, "driving": 0.08}
    return {"farm": 0.03, "industry": 0.3, "services": 0.67, "driving": 0.0}


def _shares(code: str, parent: str) -> dict[str, float]:
    """Share of women, of rural people and of each group among the learners of an institution."""
    city, urban_school = parent == "178", parent == "20"
    minority = 0.62 if city else 0.78 if urban_school else 0.9
    minority = {"186": 0.6, "185": 0.86}.get(parent, minority)
    poor = {"189": 0.24, "181": 0.22, "184": 0.19, "182": 0.16}.get(
        parent, 0.03 if city else 0.06 if urban_school else 0.14
    )
    female = 0.21 if code in DRIVING else 0.86 if code == "cdsp-ls" else 0.77 if code == "cdyt-ls" else 0.46
    rural = 0.45 if city else 0.66 if urban_school else 0.94
    return {
        "female": female, "rural": rural, "ethnic_minority": minority, "poor": poor, "near_poor": poor * 0.9,
        "disability": 0.006,
    }  # fmt: skip
