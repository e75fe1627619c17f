"""What the page of one worker says: what is held where, what an erasure would do to it, and what was done. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.desks.findings.shown import Users, user_of, who_of
from portal.desks.personal.seen import HeldSeen, TraineeSeen, WorkerSeen
from portal.web.names import Names

COUNTED = (
    "attended", "signed", "signed_again", "signed_out", "excused", "corrections", "marks", "certificates", "claims",
    "evidence", "followups", "findings",
)  # fmt: skip
"""Of evaluation: what stays under the worker's number and names nobody."""
SAYS = frozenset({"years", "level", "title", "diploma", "related", "since"})
"""What a paper says beside its kind."""


@dataclass(frozen=True)
class Fate:
    """One thing that is held: where, what it is, what an erasure does to it, why, and until when."""

    owner: str
    what: str
    fate: str
    why: str
    colour: str


@dataclass(frozen=True)
class Listed:
    """Somebody on the roster of an order."""

    url: str
    name: str
    last: str
    crew: str


def number_of(worker: UUID) -> str:
    """What stands where a name is not known, and what is typed to confirm."""
    return str(worker)[:8]


def listed(order: UUID, trainees: Sequence[TraineeSeen], ending: str) -> list[Listed]:
    """Each once, by name; those whose ID number ends so, where something is looked for."""
    found: dict[UUID, Listed] = {}
    for one in trainees:
        last = (one.masked or "")[-4:]
        if last.upper().endswith(ending.upper()) or number_of(one.worker_id) == ending.lower():
            name = one.masked_name or f"#{number_of(one.worker_id)}"
            url = f"/personal/{order}/{one.worker_id}"
            found.setdefault(one.worker_id, Listed(url, name, last, one.crew))
    return sorted(found.values(), key=lambda one: (one.name, one.last))


def fates(worker: WorkerSeen, held: HeldSeen | None, names: Names) -> list[Fate]:
    """What would become of everything, the rosters first."""
    text = names.text
    found = []
    for one in worker.orders:
        what = text("personal.roster_of", number=one.number, state=text.or_code("order_state", one.state))
        owner = text("personal.owner.order-intake")
        if one.under_way:
            found.append(
                Fate(owner, what, text("personal.fate.needed"), text("personal.why.under_way"), "amber")
            )
        elif one.masked_name is None:
            found.append(Fate(owner, what, text("personal.fate.gone"), "", "grey"))
        else:
            until = text("personal.why.else_until", day=one.kept_until.isoformat() if one.kept_until else "—")
            found.append(Fate(owner, what, text("personal.fate.destroyed"), until, "green"))
    if held is not None:
        found += _at_evaluation(held, names)
    where = text("personal.owner.portal")
    found.append(
        Fate(where, text("personal.what.shown"), text("personal.fate.destroyed"), text("personal.why.shown"), "green")
    )  # fmt: skip
    found.append(
        Fate(
            text("personal.owner.all"), text("personal.what.facts"), text("personal.fate.stays"),
            text("personal.why.facts"), "grey",
        )
    )  # fmt: skip
    return found


def _at_evaluation(held: HeldSeen, names: Names) -> list[Fate]:
    text, owner = names.text, names.text("personal.owner.evaluation")
    what = text("personal.what.name")
    if held.kept_until is not None:
        until = held.kept_until.isoformat()
        found = [
            Fate(owner, what, text("personal.fate.files", day=until), text("personal.why.rule_kept"), "amber")
        ]
    elif held.known is None:
        found = [Fate(owner, what, text("personal.fate.gone"), "", "grey")]
    elif held.needed:
        longest = held.needed[0]
        why = text(
            "personal.why.rule", what=text(f"personal.class.{longest.of}"), since=longest.since.isoformat(),
            source=text.or_code("catalogue.source", longest.source.replace(" ", "_")),
        )  # fmt: skip
        found = [Fate(owner, what, text("personal.fate.files", day=longest.until.isoformat()), why, "amber")]
    else:
        found = [Fate(owner, what, text("personal.fate.destroyed"), text("personal.why.not_taught"), "green")]
    counted = [
        text("personal.count", what=text(f"personal.part.{part}"), count=len(held.parts[part]))
        for part in COUNTED
        if held.parts.get(part)
    ]
    found += [
        Fate(
            owner, text("personal.count", what=text(f"personal.said.{part}"), count=count),
            text("personal.fate.destroyed"), text("personal.why.said"), "green",
        )
        for part, count in _said(held).items()
        if count
    ]  # fmt: skip
    if counted:
        found.append(
            Fate(
                owner, text.joined(counted), text("personal.fate.stays"), text("personal.why.number"), "grey"
            )
        )
    return found


def _said(held: HeldSeen) -> dict[str, int]:
    """In how many rows something is said of the person that an erasure empties."""
    papers, later = held.parts.get("evidence", []), held.parts.get("followups", [])
    return {
        "evidence": sum(not SAYS.isdisjoint(row) for row in papers),
        "followups": sum(row.get("answers") not in {None, "{}"} for row in later),
        "objections": len(held.parts.get("objections", [])),
    }


def disclosed(worker: WorkerSeen, names: Names, users: Users) -> list[tuple[str, str, str, str]]:
    """To whom the name was given: order, receiver, what for, when."""
    text = names.text
    return [
        (
            one.number,
            _receiver(one.receiver, names, users),
            text.or_code("purpose", one.purpose) if one.purpose else text("personal.not_kept"),
            text.stamp(one.at) if one.at else text("personal.not_kept"),
        )
        for one in worker.disclosed
    ]


def _receiver(receiver: str, names: Names, users: Users) -> str:
    service = receiver.removeprefix("service:")
    return names.text.or_code("service", service) if service != receiver else who_of(receiver, users)


def story(worker: WorkerSeen, names: Names, users: Users) -> list[str]:
    """What was done with the data, in words."""
    return [
        names.text(
            f"personal.told.{one.what}", day=one.on.isoformat(), who=who_of(one.by, users),
            reason=names.reason(one.reason.code, {}),
        )
        for one in worker.told
    ]  # fmt: skip


def logins(worker: WorkerSeen) -> set[UUID]:
    """Whose names the page needs."""
    return {
        user
        for one in [*(each.by for each in worker.told), *(each.receiver for each in worker.disclosed)]
        if (user := user_of(one))
    }


def whole(told: Mapping[str, Any]) -> dict[str, Any]:
    """An owner's answer without what stands in every part of the file."""
    return {name: value for name, value in told.items() if name not in {"worker_id", "needed"}}
