"""Batches: who is admitted, which marks count, what is posted."""
