"""What order-intake does because time passed."""

from uuid import UUID

from order_intake.orders import commands as orders
from order_intake.orders.ended import ROSTER_ENDS
from order_intake.pools import commands as pools
from order_intake.rosters import persons
from servicekit.db import Tx
from servicekit.timers import Due, Timers

timers = Timers("order-intake")


@timers.at(pools.CONSENT_OVER, bound=pools.members_bound)
async def when_consent_is_over_settle_the_joint_order(tx: Tx, deadline: Due) -> None:
    """Silence is no consent: accepted with those who agreed, if they are enough."""
    await pools.consent_is_over(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(orders.NOTE_ENDS)
async def when_words_about_an_order_are_old_forget_them(tx: Tx, deadline: Due) -> None:
    """They are kept for the time that the rules said when they were written; newer words have moved their end."""
    await orders.forget_note(tx, UUID(deadline.key))


@timers.at(ROSTER_ENDS, bound=persons.bound_to)
async def when_the_time_of_a_roster_is_over_forget_its_people(tx: Tx, deadline: Due) -> None:
    """So long after the order ended as the rules said then."""
    await persons.roster_over(tx, UUID(deadline.key), because=deadline.cause)
