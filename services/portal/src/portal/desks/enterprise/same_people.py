"""The people of one line of an order stand on another line too: who is taught is examined, and named once."""

import re
from dataclasses import dataclass

from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk, Wrong
from portal.desks.enterprise.asked import CopiedSeen, OrderSeen

ASKED = re.compile(r"same-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True)
class Same:
    """The line that gets people, and the line whose they are."""

    line: int
    other: int


def same_asked(do: str) -> Same | None:
    """What the button says: `same-2-1` for line 2 as line 1; nothing for every other button."""
    found = ASKED.fullmatch(do)
    return Same(int(found[1]), int(found[2])) if found else None


async def put_same(at: AtDesk, seen: OrderSeen, same: Same, key: str) -> int | Wrong:
    """How many stand on the line now; a line that is not kept yet is refused."""
    if same.line not in {one.line for one in seen.on_desk}:
        return Wrong(at.text("of.same_not_kept", n=same.line), 422)
    way = f"/orders/{seen.order_id}/lines/{same.line}/roster/same-as/{same.other}"
    answer = await at.ask(INTAKE, way, CopiedSeen, key=f"{key.partition('.')[0]}-same")
    return answer if isinstance(answer, Wrong) else answer.taken
