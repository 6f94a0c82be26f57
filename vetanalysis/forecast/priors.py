"""What yearly rates of other places and topics teach about how rates move.

A `Prior` is a table of members of the ensemble, each with its weight. The tables of the package were learned
by `benchmarks/fit_rate_priors.py` (weights by expectation-maximisation on the likelihood of thousands of real
series) and are carried in `rate_priors.json` with their derivation. Viet Nam's provinces were not among them:
they are the check.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from vetanalysis.blocks import Said
from vetanalysis.errors import WrongCall
from vetanalysis.forecast.mixture import MARGIN, logit

KINDS = ("general", "survey", "administrative")
PANEL = "panel"  # weights learned from the other series of the same table
FIELDS = ("noise", "persistence", "slope_sd", "slope_noise", "scale")


@dataclass(frozen=True, kw_only=True, eq=False)
class Prior:
    """What is believed of a series before its own figures are seen.

    `members`: shape (M, 5), columns `FIELDS` (see `state_space.Grid`; `scale` is the size s of a usual yearly
    change on the logit scale). `weights`: shape (M,) or, by history length, (L, M)
    with `lengths` (L,). `freedom`: degrees of freedom of the inverse gamma prior of s^2. `slope_mean`: the
    expected yearly change towards the better side, in units of 1 on the logit scale, used where that side is
    known. `jump`, `jump_size`, `calm`: the chance that a coming figure breaks with how the series moved, how
    many times wider it is then, and what the spread of all is multiplied by in return.
    `memory`: what a year leaves of the evidence on size and fit, see `state_space.run`. `margin`: see `mixture.logit`.
    `taught_by`: how many other series of the same rate the weights were learned from (`neighbours`), 0: from none.

    >>> from vetanalysis.forecast.priors import load_prior
    >>> load_prior("administrative").kind
    'administrative'
    """

    kind: str
    members: np.ndarray
    weights: np.ndarray
    freedom: float = 4.0
    slope_mean: float = 0.04
    memory: float = 1.0
    jump: float = 0.0
    jump_size: float = 1.0
    calm: float = 1.0
    margin: float = MARGIN
    lengths: tuple[int, ...] = ()
    taught_by: int = 0
    derivation: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def bound(self) -> float:
        """Where a rate of 1 lies on the logit scale; a rate of 0 at minus that."""
        return float(logit(np.array(1.0), self.margin)) * (1 - 1e-12)

    @property
    def settings(self) -> tuple[Any, ...]:
        """What two priors have in common whose series may be projected together: all but the weights."""
        numbers = (
            self.freedom,
            self.slope_mean,
            self.memory,
            self.jump,
            self.jump_size,
            self.calm,
            self.margin,
        )
        return id(self.members), *numbers

    def share(self, points: int) -> float:
        """How much of what is known of the pace of a series of `points` figures comes from here, 0 to 1.

        The prior of s^2 is worth `freedom` yearly changes, the series brings points - 1.
        """
        return self.freedom / (self.freedom + points - 1)

    def weights_for(self, points: int) -> np.ndarray:
        """Weights of the members for a history of `points` figures, shape (M,)."""
        if self.weights.ndim == 1:
            return self.weights
        place = np.interp(points, self.lengths, np.arange(len(self.lengths)))
        low = int(min(np.floor(place), len(self.lengths) - 2))
        part = place - low
        return (1 - part) * self.weights[low] + part * self.weights[low + 1]


@cache
def load_prior(kind: str = "general") -> Prior:
    """The prior of the package for a kind of series: "general", "survey" or "administrative".

    "survey": rates measured by household or labour-force surveys; "administrative": counted from registers or
    enrolments, in the panel somewhat more restless, many of them of small places; "general": learned from
    both, for a series of unknown kind. A series made to follow a plan is smoother than any of these: look at
    the projection with the prior halved.
    """
    if kind not in KINDS:
        raise WrongCall(Said("forecast.call.prior", given=repr(kind), known=(*KINDS, PANEL)))
    table = json.loads(files("vetanalysis.forecast").joinpath("rate_priors.json").read_text(encoding="utf-8"))
    return from_table(kind, {**table["common"], **table["kinds"][kind]})


def from_table(kind: str, entry: dict[str, Any]) -> Prior:
    """A prior from its entry in `rate_priors.json`."""
    members = np.array(entry["members"], dtype=float)
    weights = np.array(entry["weights"], dtype=float)
    return Prior(
        kind=kind,
        members=members,
        weights=weights / weights.sum(axis=-1, keepdims=True),
        freedom=float(entry["freedom"]),
        slope_mean=float(entry["slope_mean"]),
        memory=float(entry["memory"]),
        jump=float(entry.get("jump", 0.0)),
        jump_size=float(entry.get("jump_size", 1.0)),
        calm=float(entry.get("calm", 1.0)),
        margin=float(entry["margin"]),
        lengths=tuple(entry.get("lengths", ())),
        derivation=entry.get("derivation", {}),
    )


def resolve(prior: str | Prior | None, attrs: dict[str, Any] | None = None) -> Prior:
    """`prior` itself, the package's by name, or by the series' own `attrs["kind"]`, else "general".

    What a panel teaches starts from the package's prior of that kind.
    """
    if isinstance(prior, Prior):
        return prior
    if prior is None or prior == PANEL:
        prior = (attrs or {}).get("kind", "general")
    return load_prior(prior)
