"""A scheme is changed by hand: looked at first, done, and taken back."""
