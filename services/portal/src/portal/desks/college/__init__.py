"""The desk of a college's dispatch office."""
