"""What must hold over all facts; each check answers with lines in words, none when it holds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from songjiao_cli.verify.log import RawFact

Check = Callable[[Sequence[RawFact]], list[str]]
Minutes = Mapping[tuple[str, str], int]
"""Driving time between two divisions, both ways; a division with itself: between two works of it."""
Place = tuple[str, str]
"""Division and enterprise."""


def sequences_without_gaps(facts: Sequence[RawFact]) -> list[str]:
    """Per sender and subject 1, 2, 3…, after repeats are dropped by id."""
    last: dict[tuple[str, str], int] = defaultdict(int)
    lines = []
    for fact in facts:
        key = (fact["source"], fact["subject"])
        if fact["sequence"] != last[key] + 1:
            lines.append(f"{key[0]} about {key[1]}: {fact['sequence']} follows {last[key]} ({fact['type']})")
        last[key] = fact["sequence"]
    return lines


def causes_are_known(facts: Sequence[RawFact]) -> list[str]:
    """Each cause is a fact that is there; a fact without one names the person who acted, or the clock."""
    known = {fact.get("id") for fact in facts}
    lines = []
    for fact in facts:
        cause = fact.get("causationid")
        if cause and cause not in known:
            lines.append(f"{fact['type']} {fact['id']}: its cause {cause} is nowhere")
        if not cause and not fact.get("actor"):
            lines.append(f"{fact['type']} {fact['id']}: neither cause nor actor")
    return lines


def no_orphans(facts: Sequence[RawFact]) -> list[str]:
    """Nothing speaks of an order, session, person, evaluation or certificate that nobody introduced."""
    introduced: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        name, data = fact["type"].rsplit(".", 1)[0], fact["data"]
        for introducer, field in _INTRODUCES.items():
            if name == introducer:
                introduced[field].add(data[field])
        if name == "order.pool_proposed":
            introduced["order_id"].add(data["order_id"])  # a joint order is never submitted
    lines = []
    for fact in facts:
        for field in _MUST_BE_KNOWN:
            value = fact["data"].get(field)
            if value and value not in introduced[field]:
                lines.append(f"{fact['type']} {fact['id']}: {field} {value} was never introduced")
    return lines


_INTRODUCES = {
    "order.submitted": "order_id", "session.scheduled": "session_id", "instructor.listed": "person_id",
    "college.joined": "college_id", "enterprise.registered": "enterprise_id",
    "evaluation.planned": "batch_id", "certificate.issued": "certificate_id",
    "assignment.offered": "assignment_id", "survey.opened": "survey_id",
}  # fmt: skip
_MUST_BE_KNOWN = tuple(dict.fromkeys(_INTRODUCES.values()))


def _of(facts: Iterable[RawFact], *names: str) -> list[dict[str, Any]]:
    wanted = set(names)
    return [fact["data"] for fact in facts if fact["type"].rsplit(".", 1)[0] in wanted]


def firm_bookings(facts: Sequence[RawFact]) -> dict[str, list[tuple[datetime, datetime, Place | None, str]]]:
    """Per person, everything firm at the end: from, to, place (none online), session or batch."""
    slots = {
        data["session_id"]: (data["slot"], _place(data) if data["mode"] == "onsite" else None)
        for data in _of(facts, "session.scheduled", "session.moved")
    }
    slots |= {
        data["batch_id"]: (data["slot"], _place(data))
        for data in _of(facts, "evaluation.planned", "batch.moved")
    }
    booked = defaultdict(list)
    for person, thing in _firm(facts):
        slot, place = slots[thing]
        booked[person].append((_time(slot["starts_at"]), _time(slot["ends_at"]), place, thing))
    return {person: sorted(times, key=lambda time: time[:2]) for person, times in booked.items()}


def _firm(facts: Sequence[RawFact]) -> list[tuple[str, str]]:
    """Person and session or batch of everything firm at the end."""
    firm: dict[str, tuple[str, str]] = {}
    for fact in facts:
        name, data = fact["type"].rsplit(".", 1)[0], fact["data"]
        if name in {"assignment.accepted", "assignment.substituted"}:
            firm[data["assignment_id"]] = (data["person_id"], data.get("session_id") or data["batch_id"])
        elif name == "assignment.released":
            firm.pop(data["assignment_id"], None)
    return list(firm.values())


def _place(data: Mapping[str, Any]) -> Place:
    return data["division"], data["enterprise_id"]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def double_bookings(facts: Sequence[RawFact], drive: Minutes, buffer: int) -> list[str]:
    """Nobody is in two places, the drive between two included."""
    lines = []
    for person, times in firm_bookings(facts).items():
        for (_, end, here, one), (start, _, there, other) in pairwise(times):
            needed = timedelta()
            if here and there and here != there:
                needed = timedelta(minutes=drive[here[0], there[0]] + buffer)
            if start < end + needed:
                lines.append(f"person {person}: {one} and {other} are {start - end} apart, {needed} needed")
    return lines


def marks_and_certificates(facts: Sequence[RawFact]) -> list[str]:
    """Passed = each part reached its mark, no safety item failed; certificates only for who passed, each number once.

    Of a kind an evaluation has one certificate that no other was issued in place of, or follows.
    """
    lines = []
    passed: dict[str, bool] = {}
    for data in _of(facts, "candidate.assessed"):
        reached = all(
            part.get("mark") is not None and float(part["mark"]) >= float(part["pass_mark"])
            for part in data["parts"]
        ) and not data.get("failed")
        if reached != data["passed"]:
            lines.append(f"evaluation {data['evaluation_id']}: passed={data['passed']} against its marks")
        passed[data["evaluation_id"]] = data["passed"]
    issued = _of(facts, "certificate.issued")
    lines += [
        f"certificate {data['number']}: evaluation {data['evaluation_id']} was not passed"
        for data in issued
        if not passed.get(data["evaluation_id"])
    ]
    numbers = [data["number"] for data in issued]
    lines += [f"certificate number {number} was given twice" for number in sorted(_repeated(numbers))]
    replaced = {data.get("replaces") for data in issued}
    replaced |= {data["certificate_id"] for data in _of(facts, "certificate.reissued")}
    replaced |= {data.get("renews") for data in issued}
    kinds = [
        (data["evaluation_id"], data["kind"]) for data in issued if data["certificate_id"] not in replaced
    ]
    lines += [f"evaluation {one}: two certificates {kind}" for one, kind in sorted(_repeated(kinds))]
    revoked = [data["certificate_id"] for data in _of(facts, "certificate.revoked")]
    lines += [f"certificate {one} was revoked twice" for one in sorted(_repeated(revoked))]
    return lines


def _repeated(values: Sequence[Any]) -> set[Any]:
    return {value for value in values if values.count(value) > 1} if len(set(values)) < len(values) else set()


def assessors_did_not_teach(facts: Sequence[RawFact]) -> list[str]:
    """Nobody stays an assessor of somebody he taught in the order: by the sessions opened, not by the batch's list.

    Who began to teach them later was said to be barred, and somebody else was sent; once the results are posted
    nobody assesses any more, and may teach them.
    """
    cohort_of = {d["session_id"]: d["cohort_id"] for d in _of(facts, "session.scheduled", "session.moved")}
    workers = _cohort_workers(facts)
    candidates: dict[str, set[str]] = defaultdict(set)
    order_of: dict[str, str] = {}
    for data in _of(facts, "candidate.admitted"):
        candidates[data["batch_id"]].add(data["worker_id"])
        order_of[data["batch_id"]] = data["order_id"]
    firm: dict[str, set[str]] = defaultdict(set)
    for person, batch in _firm(facts):
        firm[batch].add(person)
    posted: set[str] = set()
    taught: set[tuple[str, str]] = set()
    for fact in facts:  # the facts of one order stand in the order of its story
        name, data = fact["type"].rsplit(".", 1)[0], fact["data"]
        if name == "results.posted":
            posted.add(data["batch_id"])
        elif name == "session.opened":
            whom = workers.get(cohort_of.get(data["session_id"], ""), set())
            taught |= {
                (data["person_id"], batch)
                for batch, order in order_of.items()
                if order == data["order_id"] and batch not in posted and whom & candidates[batch]
            }
    return [
        f"batch {batch}: {person} taught these candidates"
        for person, batch in sorted(taught)
        if person in firm[batch]
    ]


def _cohort_workers(facts: Sequence[RawFact]) -> dict[str, set[str]]:
    return {
        cohort["cohort_id"]: set(cohort["workers"])
        for data in _of(facts, "scheme.confirmed")
        for cohort in data["cohorts"]
    }


def attendance_is_of_the_cohort(facts: Sequence[RawFact]) -> list[str]:
    """Who attended belongs to the session's cohort, or is named as a guest, once; each closed session was opened."""
    cohorts = _cohort_workers(facts)
    opened = {data["session_id"] for data in _of(facts, "session.opened")}
    lines = []
    for data in _of(facts, "session.closed"):
        workers = [entry["worker_id"] for entry in data["attended"]]
        own = {entry["worker_id"] for entry in data["attended"] if not entry.get("guest")}
        if len(set(workers)) != len(workers):
            lines.append(f"session {data['session_id']}: somebody attended twice")
        strangers = own - cohorts.get(data["cohort_id"], set())
        if strangers:
            lines.append(f"session {data['session_id']}: {len(strangers)} are not of its cohort")
        if data["session_id"] not in opened:
            lines.append(f"session {data['session_id']}: closed, never opened")
    return lines


def missed_sessions_were_not_held(facts: Sequence[RawFact]) -> list[str]:
    """What nobody opened at its time is opened only after it was moved to another."""
    lines = []
    begins: dict[str, datetime] = {}
    missed: dict[str, datetime] = {}
    for fact in facts:
        name, data = fact["type"].rsplit(".", 1)[0], fact["data"]
        if name in {"session.scheduled", "session.moved"}:
            begins[data["session_id"]] = _time(data["slot"]["starts_at"])
        elif name == "session.missed":
            missed[data["session_id"]] = _time(data["slot"]["starts_at"])
        elif name == "session.opened" and begins.get(data["session_id"], 0) == missed.get(data["session_id"]):
            lines.append(f"session {data['session_id']}: opened, but it was missed")
    return lines


EVERYWHERE: Mapping[str, Check] = {
    "sequences have no gap": sequences_without_gaps,
    "every cause is known": causes_are_known,
    "no orphan": no_orphans,
    "marks and certificates are exact": marks_and_certificates,
    "nobody assesses whom he taught": assessors_did_not_teach,
    "attendance is of the cohort": attendance_is_of_the_cohort,
    "no missed session was held": missed_sessions_were_not_held,
}
