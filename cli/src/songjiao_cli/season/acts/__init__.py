"""The acts of a season in their order: the house, surveys, orders, schemes, offers, sessions, evaluations."""
