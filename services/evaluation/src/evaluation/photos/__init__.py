"""Photos of sessions: what is kept of them, where, and who sees them."""
