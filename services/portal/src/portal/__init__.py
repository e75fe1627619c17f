"""Accounts, boards and pages: what each desk may see."""
