"""What the portal does because a fact arrived: it keeps the story and folds the boards. Nothing else."""

from collections.abc import Sequence
from typing import Any

from contracts.base import Envelope
from portal import directory
from portal.boards import house, joint, offers, outcomes, progress, sessions, story
from portal.live import tell_of_cards
from servicekit.boards import Board
from servicekit.db import Tx
from servicekit.reactions import Reactions

BOARDS: tuple[Board[Any], ...] = (
    progress.board,
    joint.board,
    sessions.board,
    offers.board,
    outcomes.evaluations,
    outcomes.certificates,
    house.enterprises,
    house.colleges,
    house.persons,
    house.surveys,
)
reactions = Reactions("portal-boards", records_facts=False, boards=BOARDS)
progress.board.changed(tell_of_cards)


@reactions.on_chunk
async def when_facts_arrive_keep_them(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """The story shows every fact, those too that no board knows."""
    await story.keep(tx, envelopes)


@reactions.on_chunk
async def when_somebody_new_is_named_ask_for_the_name(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """Names are no part of the read model: their owners are asked, later."""
    await directory.ask_for_names(tx, {envelope.type for envelope in envelopes})


@reactions.on_chunk
async def when_a_worker_is_erased_drop_the_name(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """Masked as it is, it is of no use once the person is erased."""
    await directory.drop_erased(tx, envelopes)
