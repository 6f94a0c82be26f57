"""Files of which the true reading is known: what is read is right, or the finding names the cell."""
