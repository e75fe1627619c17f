"""The story of an order in sentences: every fact, who, when, because of what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.base import fact_of
from contracts.values import Clause
from portal.accounts import commands as accounts
from portal.boards.cards import OrderCard
from portal.boards.sessions import SessionRow
from portal.boards.story import Told
from portal.desks.orders import Story, sessions_of, story_of
from portal.desks.past import Past
from portal.desks.subsidy.shown import yuan
from portal.scope import Scope
from portal.web.names import Names, names_for
from portal.web.text import Text
from servicekit.db import Tx

DETAILS = frozenset({
    "assignment.offered", "assignment.accepted", "assignment.agreed", "assignment.taken",
    "assignment.volunteered", "session.scheduled", "session.opened", "session.instructor_arrived", "attendance.excused",
    "session.closed", "session.confirmed", "session.photo_kept", "candidate.admitted", "candidate.refused",
    "candidate.assessed", "certificate.issued", "roster.disclosed",
})  # fmt: skip
"""Left out of the short story: there are many, and other facts sum them up."""
STRONG = frozenset({
    "order.amended", "order.returned", "scheme.revised", "session.moved", "session.cancelled",
    "assignment.substituted", "session.missed", "certificate.revoked", "attendance.corrected", "batch.moved",
    "batch.cancelled", "certificate.suspended", "certificate.reinstated",
})  # fmt: skip
"""Something is different from what people had in mind: violet."""
SERVICE = "service:"


@dataclass(frozen=True)
class Because:
    """The fact that led to another. `here` is set when it is part of the same story."""

    text: str
    here: UUID | None = None


@dataclass(frozen=True)
class Sentence:
    """One fact of the story, ready to be shown."""

    id: UUID
    position: int
    type: str
    at: datetime
    text: str
    who: str
    because: Because | None
    important: bool
    strong: bool


@dataclass(frozen=True)
class Context:
    """What a sentence needs beside its fact: names, sessions, causes; what is hidden, what stands apart."""

    names: Names
    sessions: Mapping[str, SessionRow]
    offered: Mapping[str, Mapping[str, Any]]
    """The time at which a session was put to a college, for those it does not hold."""
    users: Mapping[UUID, tuple[str, str | None]]
    causes: Mapping[UUID, Told]
    hidden: frozenset[UUID]
    apart: frozenset[UUID]


async def tell(tx: Tx, text: Text, scope: Scope, card: OrderCard, past: Past | None = None) -> list[Sentence]:
    """The story of an order as far as it is in scope, oldest first; as it was told in the past, if that is asked."""
    if past:
        return await _tell(tx, text, scope, past.story, past.sessions)
    return await tell_of(tx, text, scope, card, await story_of(tx, scope, card))


async def tell_of(tx: Tx, text: Text, scope: Scope, card: OrderCard, read: Story) -> list[Sentence]:
    """A part of an order's story, read in the same scope."""
    return await _tell(tx, text, scope, read, await sessions_of(tx, scope, [card.order_id]))


async def _tell(tx: Tx, text: Text, scope: Scope, read: Story, rows: Sequence[SessionRow]) -> list[Sentence]:
    context = await _context(tx, text, scope, rows, read)
    here = {fact.id for fact in read.facts}
    return [
        Sentence(
            id=fact.id,
            position=number,
            type=fact.type,
            at=fact.at,
            text=sentence_of(fact, context),
            who=_who(fact.actor, context),
            because=_because(fact, here, context),
            important=_name(fact.type) not in DETAILS or _without_the_enterprise(fact.data),
            strong=_name(fact.type) in STRONG,
        )
        for number, fact in enumerate(read.facts, start=1)
    ]


def _confirmed_by(data: Mapping[str, Any]) -> str:
    if data.get("lapsed"):
        return "silence"
    return "union" if data.get("settled_by_union") else "enterprise"


def _without_the_enterprise(data: Mapping[str, Any]) -> bool:
    return bool(data.get("lapsed") or data.get("settled_by_union"))


async def _context(tx: Tx, text: Text, scope: Scope, rows: Sequence[SessionRow], read: Story) -> Context:
    facts = [*read.facts, *read.elsewhere.values()]
    people = {UUID(value) for fact in facts for value in _people_in(fact.data)}
    users = {found for fact in facts if (found := _user(fact.actor))}
    return Context(
        names=await names_for(tx, text, scope, people),
        sessions={str(row.session_id): row for row in rows},
        offered={
            fact.data["session_id"]: fact.data["slot"]
            for fact in facts
            if _name(fact.type) == "assignment.offered" and fact.data.get("session_id")
        },
        users=await accounts.names_of(tx, users),
        causes={fact.id: fact for fact in facts},
        hidden=read.hidden,
        apart=read.apart,
    )


def _people_in(data: Mapping[str, Any]) -> list[str]:
    single = [data.get(name) for name in ("person_id", "instead_of", "proposed")]
    single += [each["figures"].get("person") for each in data.get("unlocks") or () if each.get("figures")]
    return [value for value in single if isinstance(value, str)]


def _user(actor: str | None) -> UUID | None:
    try:
        return UUID(actor or "")
    except ValueError:
        return None


def _who(actor: str | None, context: Context) -> str:
    text = context.names.text
    if actor is None:
        return ""
    if actor.startswith(SERVICE):
        return text.or_code("service", actor.removeprefix(SERVICE))
    found = context.users.get(_user(actor) or UUID(int=0))
    if found is None:
        return text("person.unknown", number=actor[-6:])
    name, organisation = found
    return f"{context.names.organisation(organisation)} · {name}" if organisation else name


def _because(fact: Told, here: set[UUID], context: Context) -> Because | None:
    if fact.cause is None or fact.cause in context.apart:
        return None
    cause = context.causes.get(fact.cause)
    if cause is None:
        not_told = "story.cause_of_others" if fact.cause in context.hidden else "story.cause_not_here"
        return Because(context.names.text(not_told))
    return Because(sentence_of(cause, context), cause.id if cause.id in here else None)


def _name(type_: str) -> str:
    return type_.rpartition(".v")[0]


def sentence_of(fact: Told, context: Context) -> str:
    """What happened, as people say it; a type that nobody knows is named as it is."""
    text = context.names.text
    name = _name(fact.type)
    key = f"fact.{name}"
    nothing_taught = fact.data.get("sessions") == 0 and not fact.data.get("unplaced")
    if nothing_taught and "evaluation" in fact.data.get("stages", ()):
        alone = f"story.evaluation_only.{name}"
        key = alone if text.has(alone) else key
    if not text.has(key) or fact_of(fact.type) is None:
        return text("fact.unknown", type=fact.type)
    return text(key, **figures_of(fact.data, context))


def figures_of(data: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The figures a sentence may name, each as the reader writes it."""
    plain = {name: value for name, value in data.items() if isinstance(value, str | int)}
    derived = {
        name: make(data, context) for name, (needs, make) in _DERIVED.items() if data.get(needs) is not None
    }
    for name in ("person", "proposed", "instead_of"):
        derived.setdefault(name, context.names.text("person.open"))
    if data.get("batch_id") is not None:
        derived.setdefault("session", context.names.text("batch.named"))
    return plain | derived


def _slot(slot: Mapping[str, Any], context: Context) -> str:
    starts, ends = (datetime.fromisoformat(slot[name]) for name in ("starts_at", "ends_at"))
    return context.names.text.span(starts, ends)


def _session(data: Mapping[str, Any], context: Context) -> str:
    row = context.sessions.get(str(data["session_id"]))
    if row is None and (slot := context.offered.get(str(data["session_id"]))):
        return context.names.text("session.offered", slot=_slot(slot, context))
    if row is None or row.starts_at is None:
        return context.names.text("session.unknown", number=str(data["session_id"])[-6:])
    return context.names.text(
        "session.named", day=context.names.text.day(row.starts_at.astimezone(context.names.text.zone).date()),
        band=context.names.band(row.band), unit=context.names.unit(row.unit),
    )  # fmt: skip


def _reason(reason: Mapping[str, Any], context: Context) -> str:
    return context.names.reason(reason["code"], reason.get("figures") or {})


def _reasons(reasons: Sequence[Mapping[str, Any]], context: Context) -> str:
    text = context.names.text
    return text("list.separator").join(dict.fromkeys(_reason(each, context) for each in reasons)) or "—"


def _unlocks(unlocks: Sequence[Mapping[str, Any]], context: Context) -> str:
    """What would bring somebody; nothing where nothing was found or tried."""
    return context.names.text("story.unlocks", unlocks=_reasons(unlocks, context)) if unlocks else ""


def _from_run(data: Mapping[str, Any], context: Context) -> str:
    """The improvement or scenario that it was taken from; its page is found by the same number."""
    run = data.get("run")
    return context.names.text(f"story.from_run.{run['kind']}", number=str(run["run_id"])[-6:]) if run else ""


def _lines(lines: Sequence[Mapping[str, Any]], context: Context) -> str:
    names = context.names
    return names.text("list.separator").join(
        names.text(
            "line.named", service=names.text(f"service_line.{line['service']}"), level=names.level(line["level"]),
            occupation=names.occupation(line["occupation"]), count=len(line["trainees"]),
        )
        for line in lines
    )  # fmt: skip


def _signed(data: Mapping[str, Any], context: Context) -> str:
    """Which clauses an approval is for, where it is not for all."""
    clauses = [one["clause"] for one in data.get("clauses") or ()]
    if not clauses or len(clauses) == len(Clause):
        return ""
    text = context.names.text
    words = text("list.separator").join(text(f"clause.{clause}") for clause in clauses)
    return text("approved.part", clauses=words)


def _confirms(data: Mapping[str, Any], context: Context) -> str:
    """The enterprise, unless nothing was new that it signs."""
    return context.names.text(
        "confirmed.unchanged" if data.get("clauses") == [] else "confirmed.by_enterprise"
    )


def _day(name: str) -> Any:
    return lambda data, context: context.names.text.day(datetime.fromisoformat(data[name]).date())


_DERIVED: Mapping[str, tuple[str, Any]] = {
    "session": ("session_id", _session),
    "slot": ("slot", lambda d, c: _slot(d["slot"], c)),
    "was": ("was", lambda d, c: _slot(d["was"], c)),
    "reason": ("reason", lambda d, c: _reason(d["reason"], c)),
    "because": ("because", lambda d, c: _reason(d["because"], c)),
    "reasons": ("reasons", lambda d, c: _reasons(d["reasons"], c)),
    "tried": ("tried", lambda d, c: _reasons(d["tried"], c)),
    "unlocks": ("order_id", lambda d, c: _unlocks(d.get("unlocks") or (), c)),
    "from_run": ("order_id", _from_run),
    "lines": ("lines", lambda d, c: _lines(d["lines"], c)),
    "signed": ("hash", _signed),
    "confirms": ("cohorts", _confirms),
    "why": ("reason", lambda d, c: _reasons(d.get("reasons") or [d["reason"]], c)),
    "signer": ("signer", lambda d, c: c.names.text(f"clause.{d['signer']}")),
    "to": ("to", lambda d, c: c.names.organisation(d["to"])),
    "sign_by": ("sign_by", lambda d, c: c.names.text.moment(datetime.fromisoformat(d["sign_by"]))),
    "college": ("college_id", lambda d, c: c.names.organisation(d["college_id"])),
    "enterprise": ("enterprise_id", lambda d, c: c.names.organisation(d["enterprise_id"], d.get("enterprise_name"))),
    "person": ("person_id", lambda d, c: c.names.person(d["person_id"])),
    "instead_of": ("instead_of", lambda d, c: c.names.person(d["instead_of"])),
    "proposed": ("proposed", lambda d, c: c.names.person(d["proposed"])),
    "decides_at": ("decides_at", lambda d, c: c.names.text.moment(datetime.fromisoformat(d["decides_at"]))),
    "name_by": ("name_by", lambda d, c: c.names.text.moment(datetime.fromisoformat(d["name_by"]))),
    "answer_by": ("answer_by", lambda d, c: c.names.text.moment(datetime.fromisoformat(d["answer_by"]))),
    "occupation": ("occupation", lambda d, c: c.names.occupation(d["occupation"])),
    "level": ("level", lambda d, c: c.names.level(d["level"])),
    "unit": ("unit", lambda d, c: c.names.unit(d["unit"])),
    "confirmed_by": ("person_times", lambda d, c: c.names.text(f"confirmed_by.{_confirmed_by(d)}")),
    "role": ("role", lambda d, c: c.names.text.or_code("role", d["role"])),
    "attended": ("attended", lambda d, _: len(d["attended"])),
    "worker": ("worker_id", lambda d, _: str(d["worker_id"])[-6:]),
    "asked": ("people", lambda d, _: len(d["people"]) if isinstance(d["people"], list) else 0),
    "result": ("passed", lambda d, c: c.names.text("result.passed" if d["passed"] else "result.failed")
               if isinstance(d["passed"], bool) else ""),
    "until": ("objections_until", _day("objections_until")),
    "due_what": ("what", lambda d, c: c.names.text.or_code("due.said", str(d["what"]))),
    "last_day": ("last_day", _day("last_day")),
    "exam_rooms": ("invigilators", lambda d, _: len(d["rooms"])),
    "exam_seats": ("invigilators", lambda d, _: sum(each["seats"] for each in d["rooms"])),
    "invigilated": ("invigilators", lambda d, _: len(d["invigilators"])),
    "evidence_kind": ("evidence_id", lambda d, c: c.names.text(f"eligible.kind.{d['kind']}")),
    "paper": ("paper", lambda d, c: c.names.text(f"eligible.paper.{d['paper']}")),
    "seen_on": ("seen_on", _day("seen_on")),
    "receiver": ("receiver", lambda d, c: c.names.text.or_code(
        "service", str(d["receiver"]).removeprefix(SERVICE))),
    "purpose": ("purpose", lambda d, c: c.names.text.or_code("purpose", d["purpose"])),
    "result_passed": ("passed", lambda d, _: d["passed"]),
    "certificates_claimed": ("certificates", lambda d, _: len(d["certificates"])
                             if isinstance(d["certificates"], list) else 0),
    "yuan": ("fen", lambda d, _: yuan(d["fen"])),
    "paid": ("paid_fen", lambda d, _: yuan(d["paid_fen"])),
}  # fmt: skip
