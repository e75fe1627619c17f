"""What the page of one's own account shows of mail: the kinds that can come, the wish, whether there is a server."""

from typing import Any

from portal.desks.at import AtDesk
from portal.known import known
from portal.notices import addresses, leaving
from portal.notices.addresses import NOBODY
from portal.notices.leaving import Wish
from portal.notices.rules import ROLES
from servicekit.clock import now


async def kinds_for(at: AtDesk) -> list[str]:
    """Kinds of notice that leave by mail to somebody with the viewer's roles."""
    day = (await now(at.tx)).astimezone(at.tx.zone).date()
    rules = known(at.tx).programmes.notices.on(day)
    told = rules.notices if rules else ()
    theirs = at.viewer.account.roles
    return [each.kind for each in told if each.mail_after_minutes is not None and ROLES[each.to] & theirs]


async def mail_of(at: AtDesk, typed: Wish | None = None) -> dict[str, Any] | None:
    """For the page; nothing for whom nothing is told by mail. `typed` = what was just refused."""
    kinds = await kinds_for(at)
    if not kinds:
        return None
    text, account = at.text, at.viewer.account.id
    kept = await leaving.wish_of(at.tx, account) or NOBODY
    waits = await addresses.waiting(at.tx, account)
    wish = typed or kept
    quiet = [f"{each:%H:%M}" for each in wish.quiet] if wish.quiet else ["", ""]
    address = typed.address if typed else waits.address if waits else kept.address
    return {
        "address": address or "", "confirmed": kept.address or "", "starts": quiet[0], "ends": quiet[1],
        "waits": text("mail.waits", address=waits.address, until=text.stamp(waits.until)) if waits else "",
        "waits_at": waits.address if waits else "",
        "sent": text(f"mail.link.{waits.state}") if waits else "",
        "kinds": [(kind, text(f"notice.choice.{kind}"), kind not in wish.without) for kind in kinds],
        "server": known(at.tx).mailing is not None,
    }  # fmt: skip
