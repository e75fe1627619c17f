"""Sessions as they were held: opened, signed in to, closed, confirmed."""
