"""Versions of the tables of order-intake."""
