"""Projections: from figures to a predictive distribution."""
