"""Attendance, examinations and certificates: who was there, who passed, what is proven."""
