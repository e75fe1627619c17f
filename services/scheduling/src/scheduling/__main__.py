"""`python -m scheduling [serve|migrate|replay]`."""

from scheduling.main import build
from scheduling.settings import Settings
from servicekit.process import run

if __name__ == "__main__":
    run(build, Settings)
