"""Who reads a session, and whether it still is as they have read it."""

from typing import Annotated

from fastapi import Depends

from contracts.values import SessionId
from evaluation.delivery import commands
from servicekit.http import IfMatch, Transaction, check_version
from servicekit.identity import Actor, actor_with

Reader = Annotated[Actor, Depends(actor_with("union", "enterprise", "instructor"))]


async def _as_read(session_id: SessionId, tx: Transaction, by: Reader, if_match: IfMatch = None) -> None:
    if if_match is not None:
        await commands.session_for(tx, session_id, seen_by=by)
        check_version(if_match, await commands.version_of(tx, session_id))


AsRead = Annotated[None, Depends(_as_read, scope="function")]
"""The session is still as the asker has read it, when they say how (`If-Match`); who may not read it learns nothing."""
