"""`python -m instructor_dispatch [serve|migrate|replay]`."""

from instructor_dispatch.main import build
from instructor_dispatch.settings import Settings
from servicekit.process import run

if __name__ == "__main__":
    run(build, Settings)
