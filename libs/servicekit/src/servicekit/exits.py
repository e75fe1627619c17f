"""What a process's exit status says; a module of its own, so that whoever starts processes loads nothing else."""

WRONG_CONFIGURATION = 78
"""The process was told something wrong (as sysexits.h has it): starting it again will not help."""
UNAVAILABLE = 69
"""What the process needs does not answer, or somebody else is at it; it has said which in one sentence."""
