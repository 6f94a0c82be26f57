"""Regenerating reports: which notebooks to run for which unit and language, and where results go."""
