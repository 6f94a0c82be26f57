"""The public names, where each is defined: for editors, and for what is loaded when it is first used."""

# ruff: noqa: I001
from vetanalysis import show as show
from vetanalysis.assessment.targets import assess as assess, assess_targets as assess_targets
from vetanalysis.forecast.nested import project_nested as project_nested
from vetanalysis.forecast.priors import Prior as Prior
from vetanalysis.forecast.projection import NotAssessed as NotAssessed, Projection as Projection
from vetanalysis.forecast.rate import project_rate as project_rate, project_rates as project_rates
from vetanalysis.forecast.year_total import (
    project_year_total as project_year_total,
    project_year_totals as project_year_totals,
)
from vetanalysis.indicators.table import indicator_table as indicator_table
from vetanalysis.loading import load_observations as load_observations
from vetanalysis.plan.read import load_plan as load_plan
from vetanalysis.scenarios.moves import Move as Move
from vetanalysis.scenarios.stock_flow import stock_flow as stock_flow
from vetanalysis.scenarios.what_if import Scenario as Scenario, run_scenarios as run_scenarios
from vetanalysis.show.questions import (
    compare as compare,
    document as document,
    over_time as over_time,
    pace as pace,
    plot as plot,
    published as published,
    units as units,
    what_if as what_if,
)
from vetanalysis.study import Study as Study, open_study as open_study
from vetanalysis.track.record import track_record as track_record

__version__: str
