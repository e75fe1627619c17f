"""The proof in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from contracts.values import EnterpriseId, Reason
from portal.desks.coverage.clauses import (
    Coverage,
    LineCoverage,
    Move,
    PartFigures,
    PersonClause,
    SessionClause,
    Status,
    Totals,
    UnitClause,
)
from portal.web.names import Names

KINDS = {Status.DELIVERED: "green", Status.PARTLY: "amber", Status.AHEAD: "blue", Status.NOT: "red"}
Tag = dict[str, str]
Figure = tuple[str, str, str]
"""Its name, its unit, both as text codes, and the figure."""


@dataclass(frozen=True)
class SessionView:
    """A session."""

    id: str
    when: str
    tag: Tag
    state: str
    hours: str
    present: str
    why: tuple[str, ...]
    moves: tuple[str, ...]


@dataclass(frozen=True)
class UnitView:
    """The class-hours of a unit for a cohort."""

    cohort: str
    unit: str
    hours: str
    tag: Tag
    sessions: tuple[SessionView, ...]


@dataclass(frozen=True)
class PartView:
    """A part of the evaluation."""

    part: str
    tag: Tag
    figures: tuple[str, str, str, str]
    """Passed, failed, absent, not examined."""


@dataclass(frozen=True)
class PersonsView:
    """People with the same outcome for the same reason."""

    tag: Tag
    why: str
    people: str
    numbers: str
    """The last digits of who they are; empty of those who were certified."""


@dataclass(frozen=True)
class LineView:
    """A line of the order."""

    number: int
    title: str
    people: str
    tag: Tag
    why: tuple[str, ...]
    units: tuple[UnitView, ...]
    earlier: tuple[SessionView, ...]
    parts: tuple[PartView, ...]
    persons: tuple[PersonsView, ...]


@dataclass(frozen=True)
class ProofView:
    """All that the page shows."""

    tag: Tag
    number: str
    """Of the order that is proven: of a member of a joint order, that one's."""
    version: str
    figures: tuple[tuple[str, str], ...]
    agrees: str
    """Whether the sums are those of the completed delivery; empty before it is complete."""
    counts: tuple[tuple[Tag, str], ...]
    lines: tuple[LineView, ...]


def proof_view(proof: Coverage, names: Names) -> ProofView:
    """The page's words."""
    text, totals = names.text, proof.totals
    figures = [
        ("coverage.sessions", "sessions", f"{totals.sessions_held:,} / {totals.sessions:,}"),
        ("coverage.hours", "hours", f"{totals.class_hours_delivered:,} / {totals.class_hours:,}"),
        *_of_people(totals),
    ]
    asked = _asked(figures, totals)
    told = "" if proof.completed is None else text(
        "coverage.agrees" if proof.agrees else "coverage.differs",
        sessions=proof.completed.sessions, hours=proof.completed.class_hours, heads=proof.completed.heads,
        person_times=proof.completed.person_times,
    )  # fmt: skip
    version = text("coverage.no_version")
    if proof.version is not None:
        key = "coverage.version" if proof.in_force else "coverage.version_ended"
        version = text(key, version=proof.version)
    return ProofView(
        tag=_tag(proof.status, names),
        number=proof.number,
        version=version,
        figures=tuple((text(key), text(f"coverage.unit.{unit}", of=of)) for key, unit, of in asked),
        agrees=told,
        counts=tuple(
            (_tag(status, names), text("coverage.clauses", count=count))
            for status, count in proof.by_status().items()
        ),
        lines=tuple(_line(line, names) for line in proof.lines),
    )


def parts_view(
    whole: Totals, parts: Iterable[tuple[EnterpriseId, Coverage]], names: Names
) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Of each enterprise's people who attended, how often, who is certified: the heads, and each one's figures."""
    text = names.text
    asked = {key for key, _, _ in _asked(_of_people(whole), whole)}
    rows = [
        (
            names.organisation(enterprise),
            [
                text(f"coverage.unit.{unit}", of=of)
                for key, unit, of in _of_people(part.totals)
                if key in asked
            ],
        )
        for enterprise, part in parts
    ]
    return [text(key) for key, _, _ in _of_people(whole) if key in asked], rows


def _asked(figures: Iterable[Figure], totals: Totals) -> list[Figure]:
    """Without those of what the order has no part of: nobody is taught in it, or nobody is examined."""
    taught = totals.people or totals.sessions or totals.sessions_replaced or totals.class_hours
    return [
        one for one in figures if (totals.people_to_certify if one[0] == "coverage.certified" else taught)
    ]


def _of_people(totals: Totals) -> tuple[Figure, ...]:
    return (
        ("coverage.heads", "people", f"{totals.heads:,} / {totals.people:,}"),
        ("coverage.person_times", "person_times", f"{totals.person_times:,}"),
        ("coverage.certified", "people", f"{totals.people_certified:,} / {totals.people_to_certify:,}"),
    )


def _tag(status: Status, names: Names) -> Tag:
    return {"kind": KINDS[status], "text": names.text(f"coverage.status.{status}")}


def _why(reasons: tuple[Reason, ...], names: Names) -> tuple[str, ...]:
    return tuple(names.reason(reason.code, reason.figures) for reason in reasons)


def _line(line: LineCoverage, names: Names) -> LineView:
    text = names.text
    what = f"{names.occupation(line.occupation)} {names.level(line.level)}"
    people = _people(line.people, names)
    if line.closed_heads is not None:
        people = text("coverage.took_part", heads=line.closed_heads, people=line.people)
    return LineView(
        number=line.line,
        title=text("coverage.line", line=line.line, service=text(f"service_line.{line.service}"), what=what),
        people=people,
        tag=_tag(line.status, names),
        why=_why(line.reasons, names),
        units=tuple(_unit(unit, names) for unit in line.units),
        earlier=tuple(_session(one, names) for one in line.earlier),
        parts=tuple(_part(part, names) for part in line.parts),
        persons=_persons(line.persons, names),
    )


def _unit(unit: UnitClause, names: Names) -> UnitView:
    return UnitView(
        cohort=names.text("then.cohort", letter=unit.cohort),
        unit=names.unit(unit.unit),
        hours=f"{unit.delivered} / {unit.class_hours}",
        tag=_tag(unit.status, names),
        sessions=tuple(_session(one, names) for one in unit.sessions),
    )


def _session(one: SessionClause, names: Names) -> SessionView:
    return SessionView(
        id=str(one.session_id),
        when=names.text.span(one.slot.starts_at, one.slot.ends_at),
        tag=_tag(one.status, names),
        state=names.state(one.state),
        hours=names.text("coverage.unit.hours", of=f"{one.delivered} / {one.class_hours}"),
        present=names.text("coverage.unit.people", of=f"{one.present} / {one.expected}"),
        why=_why(one.reasons, names),
        moves=tuple(_move(move, names) for move in one.moves),
    )


def _move(move: Move, names: Names) -> str:
    text = names.text
    was, to = (text.span(slot.starts_at, slot.ends_at) for slot in (move.was, move.to))
    return text("coverage.moved", was=was, to=to, because=_why((move.because,), names)[0])


def _part(part: PartFigures, names: Names) -> PartView:
    figures = (part.passed, part.failed, part.absent, part.not_examined)
    passed, failed, absent, unseen = (_people(each, names) for each in figures)
    return PartView(
        names.text(f"part.{part.part}"), _tag(part.status, names), (passed, failed, absent, unseen)
    )


def _people(count: int, names: Names) -> str:
    return names.text("coverage.people", count=count)


def _persons(persons: tuple[PersonClause, ...], names: Names) -> tuple[PersonsView, ...]:
    def alike(one: PersonClause) -> tuple[int, str]:
        return list(Status).index(one.status), names.text.joined(_why(one.reasons, names))

    found = []
    for (at, why), some in groupby(sorted(persons, key=alike), key=alike):
        status, group = list(Status)[at], list(some)
        unnamed = status is Status.DELIVERED
        numbers = "" if unnamed else names.text.listed(str(one.worker_id)[-6:] for one in group)
        found.append(PersonsView(_tag(status, names), why, _people(len(group), names), numbers))
    return tuple(found)
