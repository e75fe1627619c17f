"""The address of somebody's mail: written to only once whoever reads there has opened the link that was sent to it.

Until then the one before counts; when it is another, the one before is told. Real time: a season plays none of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import compare_digest
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, insert, select

from contracts.programme_notices import AddressRules
from portal.known import known
from portal.notices import leaving
from portal.notices.leaving import LEAVING, Wish
from portal.notices.store import address_letter
from servicekit.clock import real_now
from servicekit.columns import blind_index
from servicekit.db import Tx, UtcTime
from servicekit.ids import new_id
from servicekit.timers import ask_for

SEND = "notices.address"
CONFIRM, MOVED = "confirm", "moved"
"""What a letter is for: to open a link, or to say that the address is another."""
ID_DIGITS, TOKEN_DIGITS = 32, 64
NOBODY = Wish(None, None, frozenset())
HOUR = timedelta(hours=1)
WAITS = (address_letter.c.kind == CONFIRM) & address_letter.c.waits
WAITING = select(address_letter).where(
    WAITS, address_letter.c.account_id == bindparam("account"),
    address_letter.c.until > bindparam("now", type_=UtcTime()),
)  # fmt: skip
OPENED = (
    select(address_letter)
    .where(
        WAITS,
        address_letter.c.id == bindparam("id"),
        address_letter.c.until > bindparam("now", type_=UtcTime()),
    )
    .with_for_update()
)
USED = select(address_letter).where(
    address_letter.c.id == bindparam("id"),
    address_letter.c.kind == CONFIRM,
    ~address_letter.c.waits,
    address_letter.c.until > bindparam("now", type_=UtcTime()),
)
DROP = "update address_letter set waits = false where account_id = $1 and waits"
RECENT = "select count(*) from address_letter where account_id = $1 and kind = 'confirm' and made_at > $2"
HOLD = "select pg_advisory_xact_lock(hashtextextended($1, 0))"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address whose link was not opened yet; `state` is that of its mail."""

    id: UUID
    account: UUID
    address: str
    until: datetime
    state: str

    @property
    def token(self) -> str:
        """What its link ends with. It is kept nowhere: who holds the key of the data can write it again."""
        return f"{self.id.hex}{_signed(self.id, self.address)}"


async def waiting(tx: Tx, account: UUID) -> Waiting | None:
    """The one that waits, as long as its link opens."""
    row = (await tx.execute(WAITING, {"account": account, "now": real_now()})).first()
    return _waiting(row) if row else None


async def ask(tx: Tx, account: UUID, address: str) -> bool:
    """Send a link there, which replaces any before it; false when the account had its share for this hour."""
    await tx.driver.execute(HOLD, f"address/{account}")
    at, rules = real_now(), _rules(tx)
    if await tx.driver.fetchval(RECENT, account, at - HOUR) >= rules.most_an_hour:
        return False
    await tx.driver.execute(DROP, account)
    await _letter(tx, account, CONFIRM, address, at=at, until=at + timedelta(hours=rules.good_hours))
    return True


async def drop(tx: Tx, account: UUID) -> None:
    """Whatever waits is wanted no longer: its link opens nothing."""
    await tx.driver.execute(DROP, account)


async def opened(tx: Tx, token: str) -> Waiting | None:
    """What the link is for, held to the end; nothing when it was used, replaced, is too old, or never was."""
    return await _meant(tx, OPENED, token, now=real_now())


async def confirmed(tx: Tx, token: str) -> Waiting | None:
    """What a link was for by which, or by another like it, an address was confirmed to which mail still goes.

    As long as it would have opened: a mail that lies somewhere tells nobody for ever whose address that is.
    """
    found = await _meant(tx, USED, token, now=real_now())
    wish = await leaving.wish_of(tx, found.account) if found else None
    return found if found and wish and wish.address == found.address else None


async def confirm(tx: Tx, found: Waiting) -> None:
    """From now on mail goes there; the address before, if it was another, is told so."""
    await tx.driver.execute(DROP, found.account)
    before = await leaving.wish_of(tx, found.account) or NOBODY
    await leaving.keep_wish(tx, found.account, Wish(found.address, before.quiet, before.without))
    if before.address and before.address != found.address:
        await _letter(tx, found.account, MOVED, before.address, at=real_now())


async def _meant(tx: Tx, wanted: Select[Any], token: str, **given: datetime) -> Waiting | None:
    """The letter that this link was in, if this asks for it; nothing when the link was made up."""
    if len(token) != TOKEN_DIGITS:
        return None
    try:
        id_ = UUID(token[:ID_DIGITS])
    except ValueError:
        return None
    row = (await tx.execute(wanted, {"id": id_, **given})).first()
    found = _waiting(row) if row else None
    return found if found and compare_digest(found.token.encode(), token.encode()) else None


async def _letter(
    tx: Tx, account: UUID, kind: str, address: str, *, at: datetime, until: datetime | None = None
) -> None:
    values: dict[str, Any] = {
        "id": new_id(), "account_id": account, "kind": kind, "address": address, "made_at": at, "until": until,
        "state": LEAVING, "waits": kind == CONFIRM,
    }  # fmt: skip
    await tx.execute(insert(address_letter), values)
    await ask_for(tx, SEND, key=values["id"], subject=account)


def _rules(tx: Tx) -> AddressRules:
    """Of the machine's own day at the place, as all else here; before any set begins those of the first."""
    sets = known(tx).programmes.notices
    rules = sets.on(real_now().astimezone(tx.zone).date())
    return (rules or min(sets.sets, key=lambda each: each.since)).address


def _waiting(row: Any) -> Waiting:
    return Waiting(row.id, row.account_id, row.address, row.until, row.state)


def _signed(id_: UUID, address: str) -> str:
    return blind_index("portal.address", f"{id_}.{address}").hex()[: TOKEN_DIGITS - ID_DIGITS]
