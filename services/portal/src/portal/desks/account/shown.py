"""What the page of one's own account shows of mail: the kinds that can come, the wish, whether there is a server."""

from typing import Any

from portal.desks.at import AtDesk
from portal.known import known
from portal.notices import leaving
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
    kept = await leaving.wish_of(at.tx, at.viewer.account.id)
    wish = typed or kept
    quiet = [f"{each:%H:%M}" for each in wish.quiet] if wish and wish.quiet else ["", ""]
    without = wish.without if wish else frozenset()
    return {
        "address": wish.address if wish else "", "on": kept is not None, "starts": quiet[0], "ends": quiet[1],
        "kinds": [(kind, at.text(f"notice.choice.{kind}"), kind not in without) for kind in kinds],
        "server": known(at.tx).mailing is not None,
    }  # fmt: skip
