"""Of people who are named and gone: who removed them and when, in words."""

from collections.abc import Iterable
from uuid import UUID

from portal.accounts.removed import removals
from portal.web.text import Text
from servicekit.db import Tx


async def removed_words(tx: Tx, text: Text, ids: Iterable[str | None]) -> dict[str, str]:
    """By the account's id as others tell of it; nobody who is still there, nor an id that is no account's."""
    wanted = {found for one in ids if (found := _account(one))}
    return {
        str(id_): text("people.removed_by", who=one.by, when=text.stamp(one.at))
        if one.by
        else text("people.removed_on", when=text.stamp(one.at))
        for id_, one in (await removals(tx, wanted)).items()
    }


def _account(told: str | None) -> UUID | None:
    try:
        return UUID(told or "")
    except ValueError:
        return None
