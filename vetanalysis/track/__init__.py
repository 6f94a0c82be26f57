"""How good were such projections before: rolling origins, scores, and what was said against what came."""
