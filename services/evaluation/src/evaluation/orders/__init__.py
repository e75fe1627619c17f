"""What evaluation remembers of the orders it serves: a copy, filled by reactions."""
