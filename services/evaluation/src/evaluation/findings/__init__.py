"""What is worth a second look: found by rules, asked about by the union, closed by somebody else."""
