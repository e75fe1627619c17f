"""Rosters: who is to be trained. The home of names and ID numbers."""
