"""What the services of Songjiao tell each other: facts, their envelope, refusals, and programme files."""
