"""Enterprises, surveys, orders and rosters: what is wanted, by whom, for whom."""
