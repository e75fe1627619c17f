"""The planner: rules only, no database. `draft` makes a scheme, `move` mends it, `check` re-checks every rule."""

from scheduling.planner.again import again, again_in
from scheduling.planner.check import check
from scheduling.planner.draft import alternatives, draft
from scheduling.planner.move import move, place_by_hand, within_tolerance

__all__ = ["again", "again_in", "alternatives", "check", "draft", "move", "place_by_hand", "within_tolerance"]
