"""What a worker sees after scanning the instructor's code."""
