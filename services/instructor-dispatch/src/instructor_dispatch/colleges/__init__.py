"""The partner colleges and what they agreed to send."""
