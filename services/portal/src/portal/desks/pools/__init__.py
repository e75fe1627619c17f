"""Joint orders: what the union could propose, and what each enterprise answers. Order-intake keeps all of it."""
