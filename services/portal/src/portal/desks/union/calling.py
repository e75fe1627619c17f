"""An open call from a page: every college that can send somebody on the day, and is not asked already."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from portal.desks.asking import DISPATCH, missing
from portal.desks.at import AtDesk, Wrong
from portal.desks.orders import colleges_called

What = Literal["sessions", "batches"]
ROLE = {"sessions": "lead", "batches": "assessor"}
"""Whom the call is for."""


class AgreementSeen(BaseModel):
    """From when to when a college sends."""

    valid_from: date
    valid_until: date


class CollegeSeen(BaseModel):
    """A college, as dispatch tells of it."""

    college_id: str
    agreements: list[AgreementSeen]


def to_be_asked(colleges: Iterable[CollegeSeen], asked: Collection[str], day: date) -> list[str]:
    """Those that have an agreement for the day; who is asked already is not asked again."""
    return [
        one.college_id
        for one in colleges
        if one.college_id not in asked
        and any(each.valid_from <= day <= each.valid_until for each in one.agreements)
    ]


async def call(at: AtDesk, key: str, what: What, of: UUID, day: date) -> Wrong | None:
    """All of them are asked at once; nothing when it is done."""
    seen = await at.read_list(DISPATCH, "/colleges", CollegeSeen)
    if isinstance(seen, str):
        return Wrong(missing(seen, at.text), 409)
    asked = await colleges_called(at.tx, at.viewer.scope, of, ROLE[what])
    colleges = to_be_asked(seen, asked, day)
    if not colleges:
        return Wrong(at.text("call.nobody"), 409)
    return await at.act(key, DISPATCH, f"/{what}/{of}/open-call", {"college_ids": colleges})
