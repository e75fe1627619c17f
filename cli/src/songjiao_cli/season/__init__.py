"""A season played through the public HTTP APIs: who does what, when, and how many stand in its file."""
