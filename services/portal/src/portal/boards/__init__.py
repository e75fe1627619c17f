"""The read model: pure folds of every fact into rows, rebuilt from the topics at any time."""
