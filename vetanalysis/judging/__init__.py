"""Targets judged: `targets` takes a plan's targets one by one, `rates` and `people` know how each kind is projected."""
