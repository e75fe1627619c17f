"""Whom a college is asked to send, and what becomes of it."""
