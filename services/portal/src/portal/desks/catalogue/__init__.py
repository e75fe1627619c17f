"""What can be taught and by which programmes: the catalogue, its gaps, and a changed one that is checked."""
