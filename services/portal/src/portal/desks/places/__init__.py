"""A schematic map: towns where they lie, what goes on there, who drives from where to where. No borders, no tiles."""
