"""A session as it was held, for the union, its enterprise and its lead: who was there, the report, the photos."""
