"""Rules put aside on purpose: which, for whom, by whom, why, until when."""
