"""Who may sign for an organisation: approvers by name, and deputies for those who are absent."""
