"""`python -m order_intake [serve|migrate|replay]`."""

from order_intake.main import build
from order_intake.settings import Settings
from servicekit.process import run

if __name__ == "__main__":
    run(build, Settings)
