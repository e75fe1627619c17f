"""What is done about batches, a module per use case."""
