"""What the public may read ahead: which classes and evaluations a programme holds next."""
