"""Enterprises the federation knows."""
