"""A group of notices in words, and where it leads. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.notices.own import Group, One
from portal.web.names import Names
from portal.web.text import Text

MOST_TIMES = 3
SOON = timedelta(hours=12)
ON_PAGE: Mapping[str, str] = {
    "order_waits": "/orders/{order}/intake", "order_returned": "/orders/{order}/edit",
    "scheme_to_approve": "/orders/{order}/scheme", "scheme_to_confirm": "/orders/{order}/confirm",
    "joint_asked": "/orders/{order}/pool", "held_to_confirm": "/sessions", "certificates": "/certificates",
    "survey": "/survey", "survey_reminded": "/survey",
    **dict.fromkeys(("followup_due", "followup_reminded"), "/aftercare/orders/{order}"),
    **dict.fromkeys(("offer_waits", "offer_lapses", "name_waits", "name_lapses"), "/offers"),
}  # fmt: skip
"""Where it is done; what only tells something leads to the order's story."""
FOR_A_SIDE = frozenset({"scheme_reminded", "scheme_escalated"})
FOR_WHO_GOES = frozenset({"you_go", "you_are_free", "somebody_else_goes", "marks_wanted"})


@dataclass(frozen=True)
class Order:
    """What a notice says of its order."""

    number: str
    enterprise: str


@dataclass(frozen=True)
class NoticeView:
    """A group, ready to be shown."""

    kind: str
    order: str
    text: str
    about: str
    """Number and enterprise of the order; empty = about none."""
    times: str
    """When what it is about is held."""
    by: str
    """Until when something is waited for."""
    clock: str
    """soon or over; empty = there is time, or none is told."""
    at: str
    open: bool
    over: bool
    url: str


def view_of(
    group: Group, orders: Mapping[UUID, Order], times: Mapping[str, tuple[datetime, datetime]], names: Names,
    roles: Collection[str], now: datetime,
) -> NoticeView:  # fmt: skip
    """In words, with the names of organisations and orders that are there."""
    text, order = names.text, orders.get(group.order) if group.order else None
    by = deadline_of(group)
    held = sorted({span for one in group.members if (span := _held(one, times))})
    shown = [text.span(*span) for span in held[:MOST_TIMES]]
    if more := len(held) - len(shown):
        shown.append(text("notice.more", count=more))
    held_at = text.about(text("notice.held"), text.joined(shown)) if shown else ""
    return NoticeView(
        kind=group.kind, order=str(group.order or ""), text=sentence(group, names),
        about=text("notice.about", number=order.number, enterprise=order.enterprise) if order else "",
        times=held_at, by=text("notice.was_by" if by <= now else "notice.by", at=text.moment(by)) if by else "",
        clock="" if by is None or by - now >= SOON else "soon" if by > now else "over",
        at=_told_at(group, text), open=group.open,
        over=all(one.over for one in group.members), url=place_of(group, roles),
    )  # fmt: skip


def _told_at(group: Group, text: Text) -> str:
    """When it was told: of several the newest and, where it was another day, since when."""
    newest = group.members[0].at
    oldest = min(one.at for one in group.members)
    first, last = (text.day(at.astimezone(text.zone).date()) for at in (oldest, newest))
    if first == last:
        return text.moment(newest)
    return text("notice.told_from", first=first, at=text.moment(newest))


def sentence(group: Group, names: Names) -> str:
    """What it says, without the order."""
    reasons = dict.fromkeys(reason for one in group.members for reason in _reasons(one.figures, names))
    return names.text(
        f"notice.kind.{group.kind}", count=len(group.members), reason=names.text.joined(reasons) or "—"
    )


def deadline_of(group: Group) -> datetime | None:
    """The first time by which something of it is waited for."""
    told = [
        datetime.fromisoformat(one.figures[name])
        for one in group.members
        for name in ("answer_by", "name_by", "sign_by")
        if name in one.figures
    ]
    return min(told, default=None)


def sessions_in(groups: Collection[Group]) -> list[UUID]:
    """Sessions whose times are wanted."""
    ids = {
        one.figures["session_id"] for group in groups for one in group.members if "session_id" in one.figures
    }
    return [UUID(id_) for id_ in sorted(ids)]


def place_of(group: Group, roles: Collection[str]) -> str:
    """Where it leads whoever has these roles."""
    story = f"/orders/{group.order}/story" if group.order else "/board"
    if group.kind in FOR_WHO_GOES:
        batches = {one.figures.get("batch_id") for one in group.members}
        if None not in batches:
            return "/my/batches"
        return "/my/week" if "instructor" in roles else story
    if group.kind in FOR_A_SIDE:
        return f"/orders/{group.order}/{'scheme' if 'union' in roles else 'confirm'}"
    return ON_PAGE.get(group.kind, story).replace("{order}", str(group.order))


def _held(one: One, times: Mapping[str, tuple[datetime, datetime]]) -> tuple[datetime, datetime] | None:
    slot = one.figures.get("slot")
    if slot is not None:
        return datetime.fromisoformat(slot["starts_at"]), datetime.fromisoformat(slot["ends_at"])
    return times.get(one.figures.get("session_id", ""))


def _reasons(figures: Mapping[str, Any], names: Names) -> list[str]:
    told = [
        *figures.get("reasons", ()),
        *(figures[name] for name in ("reason", "because") if name in figures),
    ]
    return [names.reason(each["code"], each.get("figures", {})) for each in told]
