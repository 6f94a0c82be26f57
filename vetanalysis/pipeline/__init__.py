"""Regenerating reports: which notebooks to run for which unit and language, and putting the results in place."""
