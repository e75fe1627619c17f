"""How long whoever is asked would drive."""

from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.offers import store
from instructor_dispatch.offers.rules import Offer
from servicekit.db import Tx
from staffing.diary import Place
from staffing.rulebook import Rulebook


async def drive_of(tx: Tx, offer: Offer) -> int | None:
    """Minutes from the home of who is asked, or from the college; 0 online.

    None where they are not known: a lost database learns of people and of offers from two topics.
    """
    duty = await store.duty_of(tx, offer.duty_id)
    if duty is None or duty.division is None:
        return 0
    if offer.person_id is not None:
        home = next((each.home for each in await instructors.people(tx, [offer.person_id])), None)
    else:
        home = next((each.division for each in await colleges.colleges(tx, [offer.college_id])), None)
    if home is None:
        return None
    book: Rulebook = tx.known
    return book.travel.minutes(Place(home), Place(duty.division, duty.site))
