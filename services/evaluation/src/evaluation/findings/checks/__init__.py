"""The checks: what is worth a second look, and why. Pure: meetings, figures and roads in, findings out.

A finding accuses nobody. It says that two things do not go together as they are written down.
"""

from evaluation.findings.checks.all import Ways, look_at_batch, look_at_session
from evaluation.findings.checks.days import room_for
from evaluation.findings.checks.seen import Crews, Examined, Finding, Kind, Meeting, Sign, fresh

__all__ = [
    "Crews", "Examined", "Finding", "Kind", "Meeting", "Sign", "Ways", "fresh", "look_at_batch", "look_at_session",
    "room_for",
]  # fmt: skip
