"""How much a plan changes for those who have planned with it, counted the same wherever plans are compared."""

from scheduling.planner.world import Placed

MOVED, ANOTHER_PERSON, DROPPED = 2, 1, 3


def change_points(new: Placed | None, old: Placed | None) -> int:
    """2 for a moved time, 1 for another person, 3 for a session that has no time any more.

    What had no time was told to nobody: it costs nothing wherever it goes. Where nobody was to come the time was
    told all the same, so that a move counts, and somebody who comes is no change.
    """
    if old is None:
        return 0
    if new is None:
        return DROPPED
    moved = (new.day, new.band) != (old.day, old.band)
    another = old.person_id is not None and new.person_id != old.person_id
    return MOVED * moved + ANOTHER_PERSON * another
