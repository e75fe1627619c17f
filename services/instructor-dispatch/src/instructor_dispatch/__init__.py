"""Colleges, instructors, offers and reservations: who really goes."""
