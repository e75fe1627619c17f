"""Who works alone on a service's database: an advisory lock each, by two integers.

Two make a key space apart from the subjects', which are one long number.
"""

SPACE = 1397703233
RELAY = f"{SPACE}, 1"
MIGRATION = f"{SPACE}, 2"
RESTORE = f"{SPACE}, 3"
REBUILD = f"{SPACE}, 4"
"""Of the portal's read model."""
SEALING = f"{SPACE}, 5"
"""Folding what was sealed into the heads."""
