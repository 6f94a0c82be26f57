"""Sentences in Vietnamese and English built from figures, and the report they make up."""
