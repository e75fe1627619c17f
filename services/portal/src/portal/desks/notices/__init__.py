"""Notices: the page on which everybody reads whose turn it is and what is different now."""
