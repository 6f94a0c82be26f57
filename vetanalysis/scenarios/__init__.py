"""What would change the answer: stock and flow, moves, sensitivity."""
