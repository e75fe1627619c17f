"""A session's sign-in sheet on paper: printed, as an Excel file, and entered afterwards; for its lead and the union."""
