"""Versions of the tables, oldest first: they go with the code that needs them."""
