"""Everything this service does because time passed."""

from uuid import UUID

from instructor_dispatch.instructors.notices import ENDS
from instructor_dispatch.offers import words
from instructor_dispatch.offers.commands import answers, deciding, endings, expiring, naming, reads, warning
from instructor_dispatch.offers.commands.expiring import FALLS
from instructor_dispatch.offers.commands.gaps import AGAIN
from instructor_dispatch.offers.commands.saying import DECIDES, LAPSES, NEARS, REMINDS
from servicekit.db import Tx
from servicekit.timers import Due, Timers

timers = Timers("instructor-dispatch")


@timers.at(LAPSES, bound=reads.swapped_with)
async def when_nobody_answers_ask_the_next(tx: Tx, deadline: Due) -> None:
    """The college let the offer lapse: whoever was held is free, and the next best is asked."""
    await answers.lapse(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(REMINDS)
async def when_somebody_is_to_be_named_soon_remind_the_college(tx: Tx, deadline: Due) -> None:
    """The college has taken an offer and not yet said who comes."""
    await naming.remind(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(NEARS)
async def when_the_date_is_near_and_nobody_certain_tell_the_union(tx: Tx, deadline: Due) -> None:
    """The longer the drive, the sooner; silent when it is settled."""
    await warning.warn(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(DECIDES, bound=reads.swapped_with)
async def when_the_window_is_over_decide_the_call(tx: Tx, deadline: Due) -> None:
    """Several colleges answered an open call: the least loaded has it, and the others are told why not."""
    await deciding.decide(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(AGAIN, bound=reads.swapped_with)
async def when_somebody_is_free_try_again(tx: Tx, deadline: Due) -> None:
    """Nobody could come; now the next best, or a swap, is tried once more. Silent when it is as it was."""
    await endings.try_again(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(ENDS)
async def when_a_qualification_ends_say_so(tx: Tx, deadline: Due) -> None:
    """Some weeks ahead, and when it has ended; between the two promises after its end go to others."""
    await expiring.look_at(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(words.ENDS)
async def when_words_of_a_no_are_old_forget_them(tx: Tx, deadline: Due) -> None:
    """They are kept for the time that the rules said when they were written."""
    await words.forget(tx, UUID(deadline.key))


@timers.at(FALLS, bound=reads.swapped_with)
async def when_a_promise_outlives_a_qualification_ask_the_next(tx: Tx, deadline: Due) -> None:
    """Nothing when it was renewed meanwhile."""
    await expiring.let_fall(tx, UUID(deadline.key), because=deadline.cause)
