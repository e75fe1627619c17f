"""A question about one session of a scheme: the session, where it stands, and the world without it."""

from dataclasses import dataclass, replace
from datetime import date

from contracts.refusals import Invalid, NotFound, Refused
from contracts.values import BandCode, OrderId, PersonId, Reason, SessionId
from scheduling.known import known
from scheduling.planner.grants import Terms
from scheduling.planner.keeping import manner_of
from scheduling.planner.ledger import Ledger
from scheduling.planner.manner import MannerName
from scheduling.planner.why_then import Then, why_then, window
from scheduling.planner.why_this import PersonBeside, everybody
from scheduling.planner.world import Placed, Session, World
from scheduling.schemes import commands, store
from scheduling.schemes.content import everything
from scheduling.schemes.rules import OPEN, State
from scheduling.schemes.tailoring import with_draft
from scheduling.schemes.world import Surroundings, read_surroundings
from scheduling.sessions import commands as timetable
from servicekit.db import Tx
from servicekit.identity import Actor


@dataclass(frozen=True)
class Question:
    """A session of the version on the desk, or of the scheme in force."""

    stored: store.Stored
    world: World
    session: Session
    placed: Placed | None
    """Where it stands; nothing when it has no time."""
    published: Placed | None
    """The same with whoever was proposed then, whoever was asked since."""
    reasons: tuple[Reason, ...]
    """As they were published: for its time and its person, or what was tried."""
    pace: int

    def ledger(self) -> Ledger:
        """The plan without the session."""
        return Ledger(self.world, without={self.session.session_id})

    def terms(self) -> Terms:
        """What grants would change."""
        return Terms(self.world, self.session, self.pace)

    def slot(self, day: date | None, band: BandCode | None) -> tuple[date, BandCode]:
        """The time asked about, or the session's own; `session.without_time` when it has none."""
        if day is not None and band is not None:
            if band not in self.world.book.programmes.bands:
                raise Invalid("band.unknown", band=band)
            return day, band
        if self.placed is None:
            raise Refused("session.without_time", position=self.session.position)
        return day or self.placed.day, band or self.placed.band

    def people(
        self, day: date | None, band: BandCode | None
    ) -> tuple[date, BandCode, tuple[PersonBeside, ...]]:
        """Everybody at that time, whoever can come first."""
        at, then = self.slot(day, band)
        chosen = self.placed.person_id if self.placed else None
        by_drive = self.placed is not None and manner_of(self.placed) is MannerName.LEAST_TRAVEL
        return at, then, everybody(self.ledger(), self.session, at, then, chosen, by_drive=by_drive)

    def person(
        self, person_id: PersonId, day: date | None, band: BandCode | None
    ) -> tuple[date, BandCode, PersonBeside]:
        """One of them; `person.unknown`."""
        at, then, people = self.people(day, band)
        found = next((one for one in people if one.person_id == person_id), None)
        if found is None:
            raise NotFound("person.unknown", person_id=str(person_id))
        return at, then, found

    def day(self, day: date | None) -> date:
        """The day asked about, or the session's own; `session.without_time` when it has none."""
        if day is None and self.placed is None:
            raise Refused("session.without_time", position=self.session.position)
        return day or self.slot(None, None)[0]

    def slots(self, day: date | None, band: BandCode | None) -> tuple[Then, ...]:
        """The slot asked about, or all between the sessions before and after it."""
        if day is None and band is None:
            return window(self.ledger(), self.session, self.pace)
        at, then = self.slot(day, band)
        return (why_then(self.ledger(), self.session, at, then, self.pace),)


async def ask(tx: Tx, order_id: OrderId, session_id: SessionId, *, by: Actor) -> Question:
    """The session in its world; `scheme.session_unknown`, also while there is no plan of the order."""
    stored, version = await commands.read_scheme(tx, order_id, None, by=by)
    around = await read_surroundings(tx, order_id)
    sessions: dict[SessionId, Session] = {}
    tried: dict[SessionId, tuple[Reason, ...]] = {}
    if stored.scheme.state in OPEN and version is not None:
        around = with_draft(around, version.draft)
        sessions = {each.session_id: each for each in everything(version.draft)}
        tried = {u.session.session_id: u.tried for u in version.draft.unplaced}
    elif stored.scheme.state is State.CONFIRMED:
        sessions = {p.session.session_id: p.session for p in _own(around, order_id)}
    if session_id not in sessions:
        raise NotFound("scheme.session_unknown", session_id=str(session_id))
    placed = next((p for p in around.sessions if p.session.session_id == session_id), None)
    row = await timetable.find(tx, session_id) if stored.scheme.state is State.CONFIRMED else None
    published = replace(placed, person_id=row.told.proposed) if placed and row else placed
    here = known(tx)
    programme = here.programme(stored.ordered.programme)
    return Question(
        stored=stored,
        world=around.world(here.book),
        session=placed.session if placed else sessions[session_id],
        placed=placed,
        published=published,
        reasons=placed.reasons if placed else tried.get(session_id, ()),
        pace=programme.sessions_per_week.value,
    )


def _own(around: Surroundings, order_id: OrderId) -> list[Placed]:
    return [p for p in around.sessions if around.cohorts[p.session.cohort_id].order_id == order_id]
