"""What the house holds of one worker: shown, given out as one file, and erased."""
