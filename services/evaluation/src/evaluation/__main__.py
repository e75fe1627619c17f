"""`python -m evaluation [serve|migrate|replay|work]`."""

from evaluation.main import build
from evaluation.settings import Settings
from servicekit.process import run

if __name__ == "__main__":
    run(build, Settings)
