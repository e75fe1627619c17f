"""What comes after: how a session was, and how people fare months later."""
