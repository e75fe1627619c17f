"""Everything the portal does later: it has no deadlines, and one job."""

from portal import directory
from servicekit.timers import Timers

timers = Timers("portal")
directory.register(timers)
