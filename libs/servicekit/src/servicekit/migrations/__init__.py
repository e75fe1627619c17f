"""The kit's own tables, in every service's database."""
