"""`python -m portal [serve|migrate|replay|verify]`."""

import sys

from portal.main import build
from portal.settings import Settings
from portal.verify import main as verify
from servicekit.process import run

if __name__ == "__main__":
    if sys.argv[1:] == ["verify"]:
        sys.exit(verify())
    run(build, Settings)
