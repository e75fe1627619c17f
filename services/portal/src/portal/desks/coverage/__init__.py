"""What became of an order's scheme, clause by clause: delivered, in part, still ahead, or not and why."""
