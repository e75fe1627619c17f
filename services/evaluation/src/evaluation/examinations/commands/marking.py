"""Marks by two people: entered by an assessor, and seen again, blindly, by somebody else."""

from collections.abc import Collection, Mapping, Sequence

from contracts.evaluation import BatchFact
from contracts.values import BatchId, Code, EvaluationId, Part
from evaluation import actors
from evaluation.examinations import marking, store
from evaluation.examinations.batch import Batch
from evaluation.examinations.commands import keeping
from evaluation.examinations.marking import Entry, Marker
from evaluation.examinations.stars import MarkOrAbsent, Stars
from evaluation.known import known
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor

Marks = Mapping[EvaluationId, MarkOrAbsent]
Failed = Mapping[EvaluationId, Collection[Code]]


def _stars(tx: Tx, batch: Batch, failed: Failed) -> Stars:
    """The safety items of the occupation's practical, and who has failed which."""
    items = known(tx).programmes.starred_of(batch.occupation)
    return Stars(frozenset(each.code for each in items), failed)


async def enter_marks(
    tx: Tx, batch_id: BatchId, part: Part, marks: Marks, failed: Failed, *, by: Actor
) -> None:
    """The first entry of a part's marks; always an assessor's."""
    marker = Marker(by.user, actors.person_of(by))
    batch, entries = await _for_marks(tx, batch_id, part, marker)
    await store.save_entries(
        tx, marking.enter(batch, part, marks, entries, marker, _stars(tx, batch, failed))
    )


async def confirm_marks(
    tx: Tx, batch_id: BatchId, part: Part, marks: Marks, failed: Failed, *, by: Actor
) -> Sequence[Entry]:
    """The second entry by somebody else, and what became of each; whoever has all parts confirmed is assessed."""
    marker = Marker(by.user, actors.person_of(by), by.may("union"))
    batch, entries = await _for_marks(tx, batch_id, part, marker)
    seen = marking.confirm(batch, part, marks, entries, marker, _stars(tx, batch, failed))
    await store.save_entries(tx, seen)
    pass_mark = known(tx).programmes.levels[batch.level].pass_mark
    assert pass_mark is not None  # a level without one is never planned
    standing = await _standing(tx, batch_id)
    facts: list[BatchFact] = []
    for evaluation_id in marks:
        candidate = batch.candidate(evaluation_id)
        assessed = marking.assess(batch, candidate, standing.get(evaluation_id, {}), pass_mark)
        if assessed is not None:
            facts.append(assessed)
    await keeping.save(tx, batch, facts, by=by)
    return seen


async def _for_marks(
    tx: Tx, batch_id: BatchId, part: Part, marker: Marker
) -> tuple[Batch, dict[EvaluationId, Entry]]:
    batch = await store.lock(tx, batch_id)
    marking.check_marker(batch, marker, await keeping.panel_of(tx, batch), await now(tx))
    entries = await store.entries(tx, batch_id)
    return batch, {each: entry for (each, of), entry in entries.items() if of is part}


async def _standing(tx: Tx, batch_id: BatchId) -> dict[EvaluationId, dict[Part, Entry]]:
    """Confirmed marks by candidate."""
    found: dict[EvaluationId, dict[Part, Entry]] = {}
    for (evaluation_id, part), entry in (await store.entries(tx, batch_id)).items():
        if entry.confirmed:
            found.setdefault(evaluation_id, {})[part] = entry
    return found
