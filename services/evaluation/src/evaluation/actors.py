"""Who acts, in the words of this service."""

from uuid import UUID

from contracts.values import PersonId
from servicekit.identity import Actor


def person_of(by: Actor) -> PersonId | None:
    """The person who is sent (instructor or assessor) behind this login, if it is one's."""
    return UUID(str(by.person)) if by.person else None
