"""Training orders: from a draft to fulfilment."""
