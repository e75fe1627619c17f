"""Everything the portal does later: names that are missing are asked for, notices leave by mail."""

from portal import directory
from portal.notices import address_post, leaving, post
from servicekit.timers import Timers

timers = Timers("portal")
directory.register(timers)
leaving.register(timers)
post.register(timers)
address_post.register(timers)
