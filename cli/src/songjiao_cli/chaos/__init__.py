"""The real system broken on purpose, round by round, and what must hold when it is whole again."""
