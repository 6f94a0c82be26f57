"""The table of accuracy that people read says what the stored tables of the benchmarks say, half by half."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
ALL, HALF_1, HALF_2 = 0, 1, 2
PROVINCES = "provinces of Viet Nam, certified share"


def stored(name):
    return json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text(encoding="utf-8"))


def told(beginning):
    """The second cell of the row that begins so."""
    row = next(line for line in README.splitlines() if line.startswith(f"| {beginning}"))
    return row.strip("| ").split(" | ")[1]


@pytest.fixture(scope="module")
def rates():
    tables = stored("rates")["tables"]
    titles = list(tables)
    assert "settings not chosen" in titles[HALF_1]
    assert "settings chosen" in titles[HALF_2]
    return [*(tables[titles[place]] for place in (ALL, HALF_1, HALF_2)), tables[PROVINCES]]


def with_error(row):
    return f"{row['calibration_slope']:.2f} ± {row['calibration_slope_se']:.2f}"


def test_rates_on_all_families(rates):
    taught, alone = rates[ALL]["neighbours"], rates[ALL]["ensemble"]
    assert told("yearly rates: CRPS") == (
        f"{taught['crps_ratio']:.2f} where other units have the same rate, {alone['crps_ratio']:.2f} alone"
    )

    def scores(row):
        inside = f"{row['coverage_80']:.0%}"[:-1] + f" / {row['coverage_95']:.0%}".replace("%", " %")
        return f"{row['brier_skill']:+.2f}; {inside}; {with_error(row)}; {row['ece']:.3f}"

    assert told("Brier skill; coverage of 80 % / 95 % ranges; calibration") == (
        f"{scores(taught)} (alone {scores(alone)})"
    )


def test_rates_on_both_halves_apart(rates):
    halves = [
        f"{row['crps_ratio']:.2f}; {row['coverage_80']:.0%}; {with_error(row)}".replace("%", " %")
        for row in (rates[HALF_1]["neighbours"], rates[HALF_2]["neighbours"])
    ]
    assert told("the half of the families on which no setting was chosen") == " and ".join(halves)


def test_the_provinces(rates):
    row = rates[3]["neighbours"]
    assert told("Viet Nam's 63 provinces") == (
        f"{row['crps_ratio']:.2f} (last value {rates[3]['last value']['crps_ratio']:.2f}); "
        f"{row['coverage_80']:.0%}".replace("%", "") + f" / {row['coverage_95']:.0%}; ".replace("%", " %")
        + with_error(row)
    )  # fmt: skip


def test_totals():
    whole = stored("year_totals")["rows"]["all"]
    assert told("in-year totals, three years") == f"{whole['crps_ratio']:.2f}"
    assert told("Brier skill; coverage of 80 % / 95 % ranges |") == (
        f"{whole['brier_skill']:+.2f}; {100 * whole['cover_80']:.0f} / {100 * whole['cover_95']:.0f} %"
    )
    yearly = stored("yearly_totals")["rows"]["all"]
    assert told("totals known by year only") == (
        f"{yearly['crps_ratio']:.2f}; {100 * yearly['cover_80']:.0f} / {100 * yearly['cover_95']:.0f} %"
    )


def test_places_with_one_or_two_years_of_quarters():
    def spread(half):
        rows = [
            row
            for name, row in stored("short_years")["halves"][half].items()
            if name.startswith("place") and ", 0 years" not in name
        ]
        errors, held = ([row[name] for row in rows] for name in ("error_ratio", "cover_80"))
        return f"{min(errors):.2f} to {max(errors):.2f}; {100 * min(held):.0f} to {100 * max(held):.0f} %"

    assert told("places with one or two years") == (
        f"{spread('kept aside')} ({spread('chosen on')} on the half on which settings were chosen)"
    )
