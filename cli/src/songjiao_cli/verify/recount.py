"""The city's report, counted from the raw facts. Shares no code with the portal's report."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from songjiao_cli.verify.log import RawFact

Figures = dict[str, Any]
_END = {
    "order.submitted": "submitted", "order.returned": "returned", "order.rejected": "rejected",
    "order.accepted": "accepted", "order.withdrawn": "withdrawn", "order.cancelled": "cancelled",
    "order.started": "started", "order.fulfilled": "fulfilled",
    "order.pool_proposed": "pooling", "order.pool_withdrawn": "dissolved", "order.pooled": "pooled",
    "order.pool_left": "submitted",
}  # fmt: skip
_OFFER = {
    "assignment.offered": "sent", "assignment.accepted": "accepted", "assignment.declined": "declined",
    "assignment.lapsed": "lapsed", "assignment.substituted": "substituted",
}  # fmt: skip


@dataclass
class _Tally:
    """What is remembered while the facts go by, one subject after the other."""

    orders: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, Figures] = field(default_factory=dict)
    surveys: Counter[str] = field(default_factory=Counter)
    visited: set[tuple[str, str]] = field(default_factory=set)
    sessions: dict[str, Figures] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    closed: dict[str, Figures] = field(default_factory=dict)
    held_by: dict[str, str] = field(default_factory=dict)
    firm: dict[str, str] = field(default_factory=dict)
    decided: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By batch: how many were admitted and refused."""
    assessed: dict[str, Figures] = field(default_factory=dict)
    offers: Counter[str] = field(default_factory=Counter)
    people: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """By joint order: the people of each enterprise on its lines, as they are now."""


def recount(facts: Iterable[RawFact]) -> Figures:
    """The same figures as the portal's report, from facts without repeats, each subject's in order."""
    tally = _Tally()
    for fact in facts:
        name = fact["type"].rsplit(".", 1)[0]
        data = fact["data"]
        if name in _END:
            tally.orders[data["order_id"]] = _END[name]
        if name == "order.accepted":
            tally.accepted[data["order_id"]] = data
        if name in {"order.accepted", "order.amended"}:
            tally.people[data["order_id"]] = _people(data.get("lines", ()))
        if name in _OFFER and data.get("role", "lead") == "lead":
            tally.offers[_OFFER[name]] += 1
        _count_survey(tally, name, data)
        _count_session(tally, name, data)
        _count_outcome(tally, name, data)
    return _figures(tally)


def _people(lines: Iterable[Figures]) -> dict[str, set[str]]:
    """By enterprise, those of whom the line says whose they are."""
    found: dict[str, set[str]] = defaultdict(set)
    for trainee in (each for line in lines for each in line["trainees"]):
        if trainee.get("enterprise_id"):
            found[trainee["enterprise_id"]].add(trainee["worker_id"])
    return dict(found)


def _count_survey(tally: _Tally, name: str, data: Figures) -> None:
    if name == "survey.opened":
        tally.surveys["rounds"] += 1
    elif name == "survey.answered":
        tally.surveys["person_times"] += data["person_times"]
        tally.visited.add((data["survey_id"], data["enterprise_id"]))
    elif name == "survey.withdrawn":
        tally.surveys["person_times"] -= data["person_times"]
        tally.visited.discard((data["survey_id"], data["enterprise_id"]))


def _count_session(tally: _Tally, name: str, data: Figures) -> None:
    key = data.get("session_id", "")
    if name in {"session.scheduled", "session.moved"}:
        tally.sessions[key] = data
        tally.counts["moved"] += name == "session.moved"
    elif name == "session.cancelled":
        tally.counts["cancelled"] += 1
    elif name in {"assignment.accepted", "assignment.substituted"} and data.get("role", "lead") == "lead":
        tally.firm[key] = data["college_id"]
    elif name == "session.opened":
        tally.held_by[key] = tally.firm.get(key, "")
    elif name == "session.closed":
        people = {entry["worker_id"]: entry["minutes"] for entry in data["attended"]}
        tally.closed[key] = {**data, "people": people}
    elif name == "attendance.corrected":
        people = tally.closed[key]["people"]
        people[data["worker_id"]] = data["minutes"]
        if not data["minutes"]:
            people.pop(data["worker_id"])


def _count_outcome(tally: _Tally, name: str, data: Figures) -> None:
    if name in {"candidate.admitted", "candidate.refused"}:
        tally.decided[data["batch_id"]][name] += 1
        if data.get("on_evidence"):  # the same person was refused before
            tally.decided[data["batch_id"]]["candidate.refused"] -= 1
    elif name == "candidate.assessed":
        tally.assessed[data["evaluation_id"]] = data
    elif name == "batch.cancelled":
        tally.decided.pop(data["batch_id"], None)
        for one in [e for e, told in tally.assessed.items() if told["batch_id"] == data["batch_id"]]:
            del tally.assessed[one]
    elif name == "certificate.issued":
        tally.counts["issued"] += not data.get("replaces")
    elif name == "certificate.revoked":
        tally.counts["revoked"] += 1
    elif name == "certificate.reissued":  # it was revoked for another in its place: both are one certificate
        tally.counts["revoked"] -= 1


def _figures(tally: _Tally) -> Figures:
    divided: dict[str, dict[str, Counter[str]]] = {
        by: defaultdict(Counter) for by in ("county", "trade", "level", "college", "enterprise")
    }
    heads: set[str] = set()
    total: Counter[str] = Counter()
    heads_of: dict[str, dict[str, set[str]]] = {by: defaultdict(set) for by in divided}
    for key, closed in tally.closed.items():
        session = tally.sessions[key]
        places = {
            "county": session["division"], "trade": session["occupation"],
            "level": session["level"], "college": tally.held_by.get(key, ""),
        }  # fmt: skip
        here = {"sessions": 1, "person_times": len(closed["people"]), "class_hours": closed["class_hours"]}
        total.update(here)
        heads |= set(closed["people"])
        for by, place in places.items():
            divided[by][place].update(here)
            heads_of[by][place] |= set(closed["people"])
        theirs = tally.people.get(closed["order_id"]) or {session["enterprise_id"]: set(closed["people"])}
        for enterprise, people in theirs.items():
            own = people & set(closed["people"])
            divided["enterprise"][enterprise].update({**here, "person_times": len(own)})
            heads_of["enterprise"][enterprise] |= own
    special = {
        order for order, data in tally.accepted.items()
        if data.get("special_session") and any(c["order_id"] == order for c in tally.closed.values())
    }  # fmt: skip
    return {
        "orders": dict(sorted(Counter(tally.orders.values()).items())),
        "surveys": {
            "enterprises": len({enterprise for _, enterprise in tally.visited}),
            "rounds": tally.surveys["rounds"],
            "person_times": tally.surveys["person_times"],
        },
        "sessions": {
            "held": total["sessions"],
            "special": len(special),
            "moved": tally.counts["moved"],
            "cancelled": tally.counts["cancelled"],
        },
        "heads": len(heads),
        "person_times": total["person_times"],
        "class_hours": total["class_hours"],
        "offers": {kind: tally.offers[kind] for kind in _OFFER.values()},
        "evaluations": {
            "admitted": sum(counts["candidate.admitted"] for counts in tally.decided.values()),
            "refused": sum(counts["candidate.refused"] for counts in tally.decided.values()),
            "assessed": len(tally.assessed),
            "passed": sum(data["passed"] for data in tally.assessed.values()),
        },
        "certificates": {"issued": tally.counts["issued"], "revoked": tally.counts["revoked"]},
        "by": {
            by: {
                place: {**dict(counts), "heads": len(heads_of[by][place])}
                for place, counts in sorted(places.items())
            }
            for by, places in divided.items()
        },
    }
