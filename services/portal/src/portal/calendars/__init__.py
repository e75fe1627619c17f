"""The personal calendar: what somebody is to hold, assess or host, for their own calendar program."""
