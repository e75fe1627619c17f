"""The assessor's phone: the batches, who may be assessed and who not, and their marks."""
