"""What comes after: how sessions were, and how people fare; for the union, and for the enterprise that answers."""
