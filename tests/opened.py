"""Studies of the plans that ship, each opened once by a process and asked by many tests."""

from vetanalysis import open_study
from vetanalysis.study import Study

_STUDIES: dict[tuple[object, ...], Study] = {}


def opened(plan: str, as_of: str, *, unit: str = "", lang: str = "vi", **asked: str) -> Study:
    """What `open_study` gives for a plan by its name; views of one study share what was computed."""
    key = plan, *sorted(asked.items(), key=str)
    if key not in _STUDIES:
        _STUDIES[key] = open_study(plan, as_of, **asked)
    return _STUDIES[key].at(as_of, unit or _STUDIES[key].plan.place.code, lang)
