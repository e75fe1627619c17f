"""Versions of the service's tables."""
