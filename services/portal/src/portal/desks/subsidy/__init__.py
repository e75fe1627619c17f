"""Subsidies: what an order's certificates bring, until when it is claimed, and what is still missing, by whom."""
