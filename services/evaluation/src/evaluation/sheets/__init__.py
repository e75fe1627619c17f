"""Sign-in sheets: a session's numbered list, printed, as an Excel file, and entered afterwards."""
