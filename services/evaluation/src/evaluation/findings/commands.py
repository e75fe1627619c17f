"""What is done about findings: told once, answered, closed."""

from collections.abc import Sequence

from contracts.findings import FindingAnswered, FindingClosed, FindingId
from contracts.values import OrderId
from evaluation.findings import rules, store
from evaluation.findings.checks import Finding, Kind, fresh
from evaluation.findings.rules import Answer, Asked, Case, Ending, State
from evaluation.known import known
from servicekit.clock import now
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject, record
from servicekit.identity import Actor
from servicekit.timers import set_deadline

__all__ = ["WORDS_END", "Case", "State", "answer", "close", "forget_words", "listed", "one", "tell"]
WORDS_END = "finding.words_end"
"""The time for which the words of an answer are kept is over."""


async def tell(tx: Tx, findings: Sequence[Finding], *, because: Cause | None) -> None:
    """Raise what nobody was told yet; found again, it is not raised again."""
    if not findings:
        return
    await hold_subject(tx, findings[0].order_id)
    for each in fresh(findings, await store.about(tx, findings)):
        raised = rules.raise_(each, await now(tx))
        if await store.add(tx, rules.raised(raised)):
            await record(tx, raised, because=because)


async def answer(
    tx: Tx, finding_id: FindingId, asked: Asked, reason: Answer, text: str | None, *, by: Actor
) -> None:
    """The union writes down what somebody said who was asked; their own words stay here."""
    case = await store.lock(tx, finding_id)
    moment = await now(tx)
    said = rules.answer(case, asked, reason, moment)
    if text:
        await store.save_note(tx, finding_id, text)
        end = known(tx).programmes.rules.words.end(moment, tx.zone)
        await set_deadline(tx, WORDS_END, key=finding_id, subject=case.finding.order_id, due=end)
    await _say(tx, case, said, by)


async def forget_words(tx: Tx, finding_id: FindingId) -> None:
    """The words of the answer end; its reason, and what became of it, stay as they are."""
    await store.forget_note(tx, finding_id)


async def close(tx: Tx, finding_id: FindingId, reason: Ending, *, by: Actor) -> None:
    """Somebody else of the union says how it stands."""
    case = await store.lock(tx, finding_id)
    await _say(tx, case, rules.close(case, reason, user=by.user, at=await now(tx)), by)


async def listed(tx: Tx, state: State | None, kind: Kind | None, order_id: OrderId | None) -> list[Case]:
    """All that fit, the newest first."""
    return await store.listed(tx, state, kind, order_id)


async def one(tx: Tx, finding_id: FindingId) -> tuple[Case, str | None]:
    """The finding with the words of its answer; `finding.unknown`."""
    return await store.read(tx, finding_id), await store.note_of(tx, finding_id)


async def _say(tx: Tx, case: Case, fact: FindingAnswered | FindingClosed, by: Actor) -> None:
    await store.save(tx, rules.evolve(case, fact, by.user))
    await record(tx, fact, by=by)
