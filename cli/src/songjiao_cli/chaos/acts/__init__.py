"""What the clients do, one file per desk of the trade."""
