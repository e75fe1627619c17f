"""The frame of every desk's page: who looks, and the ways that lie open to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from portal.accounts import commands
from portal.boards.cards import Desk
from portal.notices import own
from portal.web.names import names_for
from portal.web.viewer import LOGIN, Viewer, settings_of
from servicekit.clock import now
from servicekit.db import Tx


@dataclass(frozen=True)
class Way:
    """A link of the rail: address, picture, key of its word, whose it is, and the letter after `g`."""

    href: str
    icon: str
    word: str
    roles: frozenset[str]
    go: str = ""


WAYS = (
    Way("/offers", "transfer", "shell.offers", frozenset({"college"}), "o"),
    Way("/timetable", "calendar", "shell.timetable", frozenset({"college"}), "t"),
    Way("/instructors", "users", "shell.instructors", frozenset({"college"}), "p"),
    Way("/issues", "alert-triangle", "issue.title", frozenset({"union", "administrator"}), "i"),
    Way("/findings", "search", "finding.title", frozenset({"union"})),
    Way("/corrections", "users", "corrections.title", frozenset({"union"})),
    Way("/status", "activity", "status.way", frozenset({"administrator"})),
    Way("/people", "users", "people.title", frozenset({"administrator"})),
    Way("/today", "school", "today.title", frozenset({"union"}), "t"),
    Way("/orders/new", "plus", "of.new", frozenset({"enterprise"}), "n"),
    Way("/sessions", "circle-check", "hd.way", frozenset({"enterprise"}), "s"),
    Way("/certificates", "rubber-stamp", "ct.way", frozenset({"enterprise"}), "c"),
    Way("/subsidies", "coin", "subsidy.title", frozenset({"enterprise", "union"})),
    Way("/aftercare", "message-question", "aftercare.title", frozenset({"enterprise", "union"})),
    Way("/federation", "calendar", "shell.plan", frozenset({"union"})),
    Way("/evaluation", "rosette", "evaluation.title", frozenset({"union"}), "e"),
    Way("/dispatch", "transfer", "shell.dispatch", frozenset({"union"}), "d"),
    Way("/report", "chart-bar", "shell.report", frozenset({"union", "administrator"}), "r"),
    Way("/pools", "users", "pool.title", frozenset({"union"})),
    Way("/catalogue", "book-2", "catalogue.way", frozenset({"union"})),
    Way("/surveys", "message-question", "survey.way", frozenset({"union"})),
    Way("/survey", "message-question", "survey.way", frozenset({"enterprise"})),
    Way("/my/week", "school", "my.week", frozenset({"instructor"})),
    Way("/my/batches", "certificate", "my.batches", frozenset({"assessor"})),
    Way("/personal", "user", "personal.title", frozenset({"union", "enterprise"})),
    Way("/personal/kept", "history", "personal.kept", frozenset({"administrator"})),
    Way("/fairness", "scale", "shell.fairness", frozenset({"union", "college"})),
)
"""In the order of the rail; the board comes before them, the check of a certificate after them."""


def ways_for(roles: Iterable[str]) -> list[Way]:
    """The ways of somebody with these roles."""
    theirs = frozenset(roles)
    return [way for way in WAYS if way.roles & theirs]


async def frame(
    request: Request, tx: Tx, viewer: Viewer, board: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What the frame of a desk's page needs."""
    theirs = viewer.account.organisation
    return {
        "organisation": (await names_for(tx, viewer.text)).organisation(theirs) if theirs else "",
        "practice": settings_of(request).practice,
        "printed_at": viewer.text.stamp(await now(tx)),
        "viewer": viewer,
        "form_key": commands.new_form_key(request.cookies.get(LOGIN, "")),
        "mine_count": board["mine"] if board else 0,
        "union": viewer.home == Desk.UNION,
        "ways": ways_for(viewer.account.roles),
        "notices_open": await own.count(tx, viewer.account.id),
    }
