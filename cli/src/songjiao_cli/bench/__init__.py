"""What the backbone carries, measured beside well-written bare code: `songjiao bench`."""
