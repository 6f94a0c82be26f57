"""Notes to the register that no plan file carries: parts of a ratio, what is an average."""

from __future__ import annotations

#: Ratios whose two parts have ids of their own: numerator, denominator.
MADE_OF = {
    "streaming_lower_secondary": ("lower_secondary_to_vet", "lower_secondary_leavers"),
    "streaming_upper_secondary": ("upper_secondary_to_vet", "upper_secondary_leavers"),
}
#: Averages: a unit's own figure only.
MEANS = ("income_after_training",)
