"""What the facts of a batch do to its rows, when they are all that is left of it.

Marks come back with the result that they led to; what was entered and led to none yet is entered anew.
"""

from contracts.evaluation import BatchFact, CandidateAssessed, EvaluationPlanned
from evaluation.examinations import marking, store
from evaluation.examinations.commands.keeping import keep, look
from servicekit.db import Cause, Tx


async def planned(tx: Tx, fact: EvaluationPlanned, _cause: Cause) -> None:
    """A batch begins."""
    await keep(tx, None, [fact])


async def changed(tx: Tx, fact: BatchFact, _cause: Cause) -> None:
    """The batch after the fact."""
    await keep(tx, await store.lock(tx, fact.batch_id), [fact])


async def assessed(tx: Tx, fact: CandidateAssessed, cause: Cause) -> None:
    """The result, and the marks that stand."""
    await changed(tx, fact, cause)
    await store.save_entries(tx, marking.entries_of(fact))
    await look(tx, fact, because=cause)
