"""Course catalogue, schemes and the timetable: what is taught when, where, proposed to whom."""
