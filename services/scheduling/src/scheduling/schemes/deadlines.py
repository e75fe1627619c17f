"""Until when a scheme is to be signed: a reminder before, an escalation after; both end with the signature.

Kept as deadlines that follow from the scheme's own state (`sign_by`, `reminded`, `escalated`), so that a service that
was restored sets the same ones.
"""

from datetime import date, datetime, timedelta

from contracts.programme_rules import SigningTime
from contracts.values import OrganisationId, Signer
from scheduling.known import known
from scheduling.schemes.rules import Scheme
from scheduling.schemes.signing import Terms
from scheduling.schemes.store import Ordered
from servicekit.clock import today
from servicekit.db import Cause, Position, Tx
from servicekit.timers import drop_deadline, set_deadline
from staffing.moments import at, day_of
from staffing.rulebook import Rulebook

REMIND = "scheme.remind"
ESCALATE = "scheme.escalate"


async def terms(tx: Tx, ordered: Ordered) -> Terms:
    """What a signature goes by today."""
    here, day = known(tx), await today(tx)
    programme = here.programme(ordered.programme)
    return Terms(
        programme.signatures,
        {signer: end_of_time(day, signer, programme.signing_time, here.book) for signer in Signer},
    )


def end_of_time(day: date, signer: Signer, time: SigningTime, book: Rulebook) -> datetime:
    """The instant at which the last working day of a side is over, whose turn begins on this day."""
    last = book.calendar.add_working_days(day, time.working_days(signer))
    return book.clock.instant(at(last + timedelta(days=1)))


def reminder(sign_by: datetime, time: SigningTime, book: Rulebook) -> datetime:
    """When a side is reminded: so many working days before its last one, as that day begins."""
    last = day_of(book.clock.minute(sign_by) - 1)
    day = book.calendar.working_days_before(last, time.remind_working_days)
    return book.clock.instant(at(day))


async def follow(
    tx: Tx, before: Scheme, scheme: Scheme, ordered: Ordered, *, because: Cause | Position | None
) -> None:
    """Set, move or drop the deadlines of a scheme that is now otherwise than before."""
    order_id, here = scheme.order_id, known(tx)
    if scheme.reminded and not before.reminded:
        await drop_deadline(tx, REMIND, order_id)
    if scheme.escalated and not before.escalated:
        await drop_deadline(tx, ESCALATE, order_id)
    if scheme.sign_by == before.sign_by:
        return
    if scheme.sign_by is None:
        await drop_deadline(tx, REMIND, order_id)
        await drop_deadline(tx, ESCALATE, order_id)
        return
    time = here.programme(ordered.programme).signing_time
    dues = {REMIND: reminder(scheme.sign_by, time, here.book), ESCALATE: scheme.sign_by}
    for kind, due in dues.items():
        await set_deadline(tx, kind, key=order_id, subject=order_id, due=due, because=because)


def whom_to_remind(scheme: Scheme, ordered: Ordered) -> OrganisationId:
    """The organisation whose signature it waits for."""
    return ordered.enterprise_id if scheme.signer is Signer.ENTERPRISE else ordered.union_id


def whom_to_tell(scheme: Scheme, ordered: Ordered, time: SigningTime) -> OrganisationId:
    """Of a late enterprise its union hears, of a late union whoever the programme names."""
    if scheme.signer is Signer.UNION and time.escalates_to:
        return time.escalates_to
    return ordered.union_id
