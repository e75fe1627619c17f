"""A copy of who can be sent, filled by reactions: used to propose, never proof."""
