"""Who was at a session: its sheet for whoever may see it, and corrections by two people."""
