"""What the facts of a college do to its rows, when they are all that is left of it."""

from contracts.instructor_dispatch import AgreementEnded, AgreementSigned, CollegeFact
from instructor_dispatch.colleges import rules, store
from servicekit.db import Cause, Tx


async def changed(tx: Tx, fact: CollegeFact | AgreementSigned | AgreementEnded, _cause: Cause) -> None:
    """The college and its agreements after the fact."""
    before = await store.hold_if_there(tx, fact.college_id)
    await store.save(tx, rules.evolve(before, fact))
