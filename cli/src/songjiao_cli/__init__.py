"""The songjiao command: starts the system on one machine, plays a season, verifies, tells a story."""
