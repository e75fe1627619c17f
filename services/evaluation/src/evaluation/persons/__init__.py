"""One person across all that evaluation holds: what there is, and for how long the name is still needed."""
