"""Everything known for a plan: `load_observations`."""

from vetanalysis.loading import load_observations

__all__ = ["load_observations"]
