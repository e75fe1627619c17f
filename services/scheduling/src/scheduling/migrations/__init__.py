"""Versions of scheduling's tables, oldest first."""
