"""What anybody may ask: is this certificate valid."""
