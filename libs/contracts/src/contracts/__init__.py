"""What the services of Songjiao tell each other."""
