"""What follows for each target: probability, range, pace, evidence and what other rules would say."""
