"""Assisting at a session is a duty beside leading it: its id follows from the session's, and that from it."""

from uuid import UUID

from contracts.values import Role

_ASSISTING = UUID("7b1f0a52-5c3e-4d7a-9f64-20d8c1e6b3a9").int


def assistants_of(duty_id: UUID) -> UUID:
    """Of a session the duty of its assistants; of that duty the session."""
    return UUID(int=duty_id.int ^ _ASSISTING)


def session_of(duty_id: UUID, role: Role) -> UUID | None:
    """The session that a duty is for; none = a batch."""
    match role:
        case Role.LEAD:
            return duty_id
        case Role.ASSISTANT:
            return assistants_of(duty_id)
        case Role.ASSESSOR:
            return None
