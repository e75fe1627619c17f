"""Rounds of asking enterprises what they need."""
