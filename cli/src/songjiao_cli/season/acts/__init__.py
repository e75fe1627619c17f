"""The acts of a season in order: house, surveys, orders, joint orders, schemes, offers, sessions, evaluations."""
