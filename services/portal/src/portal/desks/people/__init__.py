"""The people of one's own organisation: who they are, and who signs in whose absence."""
