"""What is kept of a choice, so that it can be asked for when the world has moved: what was true when it was made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from contracts.values import SessionId
from scheduling.planner.ledger import Ledger
from scheduling.planner.manner import MannerName
from scheduling.planner.why_this import NEXT, Why, everybody, why
from scheduling.planner.world import Placed, World

PLANNER = "first-fit-by-week/1"
"""Which search made the choice; another number whenever it chooses otherwise."""


@dataclass(frozen=True)
class KeptReasons:
    """A choice beside the others, as it was on the day. The search draws no lots: there is no seed to keep."""

    made_on: date
    why: Why
    manner: str | None
    """The manner of the plan; nothing when the time was chosen by hand."""
    planner: str
    weights: Mapping[str, int]
    """Minutes of driving that one session beyond the fair share is worth."""
    seed: int | None = None


MANNERS = {
    "chosen.as_wished": MannerName.WISHED,
    "chosen.earliest": MannerName.EARLIEST,
    "chosen.least_driving": MannerName.LEAST_TRAVEL,
    "chosen.least_release": MannerName.LEAST_RELEASE,
}


def manner_of(placed: Placed) -> MannerName | None:
    """In which manner its time was chosen, as its reasons say; nothing when by hand."""
    return next((MANNERS[reason.code] for reason in placed.reasons if reason.code in MANNERS), None)


def asked_of(ledger: Ledger, placed: Placed) -> Why:
    """Why this person, with the session taken out of the ledger for the question."""
    session = placed.session
    ledger.remove(placed)
    try:
        by_drive = manner_of(placed) is MannerName.LEAST_TRAVEL
        people = everybody(
            ledger,
            session,
            placed.day,
            placed.band,
            placed.person_id,
            by_drive=by_drive,
            in_words_of=NEXT + 1,
        )
    finally:
        ledger.add(placed)
    return why(placed, people)


def to_keep(world: World, chosen: Iterable[Placed]) -> dict[SessionId, KeptReasons]:
    """The choices of these sessions, which are among the world's, beside the others."""
    return kept_of(Ledger(world), chosen)


def kept_of(ledger: Ledger, chosen: Iterable[Placed]) -> dict[SessionId, KeptReasons]:
    """The same for sessions of a ledger, which is as it was afterwards."""
    weight = ledger.book.programmes.rules.planning.weight_unfairness.value
    return {
        placed.session.session_id: KeptReasons(
            made_on=ledger.world.today,
            why=asked_of(ledger, placed),
            manner=manner_of(placed),
            planner=PLANNER,
            weights={"unfairness": weight},
        )
        for placed in chosen
    }
