"""`python -m portal [serve|migrate|replay|verify|rebuild]`."""

import sys

from portal.main import build
from portal.rebuild import main as rebuild
from portal.settings import Settings
from portal.verify import main as verify
from servicekit.process import run

if __name__ == "__main__":
    if sys.argv[1:] == ["verify"]:
        sys.exit(verify())
    if sys.argv[1:] == ["rebuild"]:
        sys.exit(rebuild())
    run(build, Settings)
