"""The timetable: sessions of confirmed schemes, and who is to come."""
