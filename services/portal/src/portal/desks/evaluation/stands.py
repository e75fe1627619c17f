"""How far a batch is before its results are posted: the same in the list, on its page and at the assessor's. That all
have a result, so that it is to be posted, is the list's own: whose turn it is. Pure.
"""

from datetime import date
from typing import Literal

BeforePosting = Literal["planned", "marking", "unmarked"]


def before_posting(day: date | None, assessed: int, today: date) -> BeforePosting:
    """Of a batch of this day of which so many candidates have a result by now.

    A mark that no second person has confirmed is nobody's result, and the board does not hear of it.
    """
    if assessed or day is None or day == today:
        return "marking"
    return "planned" if day > today else "unmarked"
