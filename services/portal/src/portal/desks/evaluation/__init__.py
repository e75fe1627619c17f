"""Evaluation and certificates on the union's desk."""
