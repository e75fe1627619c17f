"""All certificates of an order on paper: printed by a job, kept for some days, handed out as one file."""
