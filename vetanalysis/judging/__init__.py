"""Targets judged: `targets` takes a plan's targets one by one, `rates` and `people` project each kind."""
