"""The instructor's phone: the week, signing in, closing; with a network or without."""
