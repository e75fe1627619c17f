"""What is proven: numbers, the paper, revocation."""
