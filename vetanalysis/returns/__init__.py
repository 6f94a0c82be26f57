"""What districts, institutions and departments send: forms, reading, repair, checks and the ledger."""
