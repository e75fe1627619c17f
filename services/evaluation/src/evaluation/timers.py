"""What evaluation does because time passed, and its long work."""

from datetime import date
from uuid import UUID

from evaluation import directory
from evaluation.aftercare import commands as aftercare
from evaluation.delivery import commands as delivery
from evaluation.delivery import looked
from evaluation.delivery.keeping import ANSWER_OVER, OPENING_OVER
from evaluation.delivery.keeping import LOOK as LOOK_AT_SESSION
from evaluation.delivery.looked import MARKS_END
from evaluation.examinations.commands import deadlines
from evaluation.examinations.commands.keeping import LOOK as LOOK_AT_BATCH
from evaluation.findings import commands as findings
from evaluation.findings import looking
from evaluation.persons import commands as persons
from evaluation.photos import commands as photos
from evaluation.printing import commands as printing
from servicekit.db import Tx
from servicekit.timers import Due, Timers

timers = Timers("evaluation")
timers.job(directory.FILL)(directory.FillDirectory)
timers.job(LOOK_AT_SESSION)(looking.LookAtSession)
timers.job(LOOK_AT_BATCH)(looking.LookAtBatch)


timers.job(printing.PRINT)(printing.PrintCertificates)


@timers.at(printing.FORGET)
async def when_papers_have_waited_long_forget_them(tx: Tx, deadline: Due) -> None:
    """They can be printed again."""
    await printing.forget(tx, UUID(deadline.key))


@timers.at(OPENING_OVER)
async def when_opening_is_over_say_the_session_was_missed(tx: Tx, deadline: Due) -> None:
    """Nobody opened it in time: the union's turn to move or cancel it."""
    await delivery.note_not_opened(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(ANSWER_OVER)
async def when_the_time_for_an_answer_is_over_let_silence_confirm(tx: Tx, deadline: Due) -> None:
    """The enterprise said nothing: the session is confirmed, and marked as confirmed by silence."""
    await delivery.note_no_answer(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(MARKS_END)
async def when_marks_of_phones_are_old_forget_them(tx: Tx, deadline: Due) -> None:
    """Nobody has looked at the session in that time, or it was never closed."""
    await looked.forget_marks(tx, UUID(deadline.key))


@timers.at(deadlines.POSTING)
@timers.at(deadlines.ANSWER)
@timers.at(deadlines.RETAKE)
async def when_a_day_of_a_batch_has_gone_by_say_so(tx: Tx, deadline: Due) -> None:
    """Certificates may be issued; somebody waits for an answer; a part that was passed counts no more."""
    await deadlines.come(tx, deadline)


@timers.at(findings.WORDS_END)
async def when_words_of_an_answer_are_old_forget_them(tx: Tx, deadline: Due) -> None:
    """They are kept for the time that the rules said when they were written."""
    await findings.forget_words(tx, UUID(deadline.key))


@timers.at(aftercare.MONTHS_OVER)
async def when_months_are_over_ask_how_people_fare(tx: Tx, deadline: Due) -> None:
    """So many months after the end of their order."""
    months, day = int(deadline.data["months"]), date.fromisoformat(deadline.data["due_on"])
    await aftercare.ask_now(tx, UUID(deadline.subject), months, day, because=deadline.cause)


@timers.at(aftercare.WORDS_END)
async def when_words_about_a_session_are_old_forget_them(tx: Tx, deadline: Due) -> None:
    """As long as the rules said when they were written."""
    await aftercare.forget_words(tx, UUID(deadline.key))


@timers.at(photos.PHOTO_ENDS)
async def when_a_photo_was_kept_long_enough_drop_it(tx: Tx, deadline: Due) -> None:
    """As long as the rules said on its day."""
    await photos.forget(tx, UUID(deadline.key))


@timers.at(persons.NAME_ENDS)
async def when_a_name_is_needed_no_more_drop_it(tx: Tx, deadline: Due) -> None:
    """The person was erased; unless somebody has listed them again since."""
    await persons.forget_name(tx, UUID(deadline.key))
