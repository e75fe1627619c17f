"""What the facts of a survey do to its rows, when they are all that is left of it."""

from contracts.order_intake import (
    SurveyAnswered,
    SurveyClosed,
    SurveyCorrected,
    SurveyOpened,
    SurveyReminded,
    SurveyWithdrawn,
)
from order_intake.surveys import store
from servicekit.db import Cause, Tx


async def opened(tx: Tx, fact: SurveyOpened, _cause: Cause) -> None:
    """A new round."""
    await store.add(tx, fact)


async def answered(tx: Tx, fact: SurveyAnswered, _cause: Cause) -> None:
    """An answer; which draft it became is in no fact."""
    await store.add_answer(tx, fact, None)


async def corrected(tx: Tx, fact: SurveyCorrected, _cause: Cause) -> None:
    """The answer as it is now."""
    await store.correct(tx, fact)


async def withdrawn(tx: Tx, fact: SurveyWithdrawn, _cause: Cause) -> None:
    """The enterprise has not answered, as far as it goes."""
    await store.withdraw(tx, fact)


async def reminded(tx: Tx, fact: SurveyReminded, _cause: Cause) -> None:
    """Who was silent was told once more."""
    await store.remind(tx, fact)


async def closed(tx: Tx, fact: SurveyClosed, _cause: Cause) -> None:
    """The round is over."""
    await store.close(tx, fact.survey_id)
