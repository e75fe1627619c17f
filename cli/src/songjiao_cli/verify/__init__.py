"""Does everything hold? Counted a second time from the raw facts, on purpose by separate code."""
