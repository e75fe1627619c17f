"""Who is where, when: the one table in which nobody can be in two places."""
