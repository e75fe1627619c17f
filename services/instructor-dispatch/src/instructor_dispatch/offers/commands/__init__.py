"""What is done about offers, one module a use case. Orders are held first, then the choosing, then people."""
