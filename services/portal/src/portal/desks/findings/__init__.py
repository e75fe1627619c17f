"""What is worth a second look: the union asks, writes the answer down, and somebody else closes it."""
