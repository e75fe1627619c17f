"""Surveys: the union asks enterprises what they need, an enterprise answers, an answer becomes a draft order."""
