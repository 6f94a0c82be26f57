"""Figures as one tidy table: columns, checks, series and their breaks, published figures, tidy files."""
