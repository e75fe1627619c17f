"""Checks of a season with planted cases: how many are found by kind, and how often something honest is told."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from contracts.programme import Programmes
from contracts.programme_findings import FindingRules
from evaluation.findings.checks import (
    Finding,
    Kind,
    Meeting,
    Ways,
    fresh,
    look_at_batch,
    look_at_session,
)
from songjiao_cli.bench.findings_planted import PLANTED, Plant, plant
from songjiao_cli.bench.findings_season import BEGINS, SESSIONS, Season, honest
from songjiao_cli.bench.rows import Row
from staffing.rulebook import Rulebook

MOST_FALSE = 0.01
"""Of the sessions."""


@dataclass
class Played:
    """A season looked at: what was planted, what was found, and what nobody planted."""

    sessions: int
    people: int
    hard: dict[str, int]
    plants: list[Plant]
    found: dict[Kind, int] = field(default_factory=dict)
    false: list[Finding] = field(default_factory=list)

    @property
    def false_sessions(self) -> int:
        """Sessions, and batches, about which something was told that nobody planted."""
        return len({one for each in self.false for one in (each.sessions or (each.batch_id,))})


def play(
    programmes: Programmes,
    seed: int,
    *,
    sessions: int = SESSIONS,
    planted: dict[Kind, int] | None = None,
    limits: FindingRules | None = None,
) -> Played:
    """Draw a season, plant into it and look at it, session by session as they are closed."""
    book = Rulebook.of(programmes)
    season = honest(programmes, seed, sessions)
    people = sum(len(each.signs) for each in season.meetings.values())
    plants = plant(season, book, seed, PLANTED if planted is None else planted)
    played = Played(len(season.meetings), people, season.hard, plants)
    seen = look(programmes, season, limits or programmes.rules.finding(BEGINS))
    for each in plants:
        played.found.setdefault(each.kind, 0)
        played.found[each.kind] += any(each.is_shown_by(one) for one in seen)
    played.false = [
        one for one in seen if not any(each.is_shown_by(one) or each.leads_to(one) for each in plants)
    ]
    return played


def look(programmes: Programmes, season: Season, limits: FindingRules) -> list[Finding]:
    """As the service does it: each session when it is closed, beside those that were closed before."""
    ways = Ways.of(programmes)
    closed: dict[object, list[Meeting]] = defaultdict(list)
    cohorts: dict[object, list[Meeting]] = defaultdict(list)
    told: list[Finding] = []
    in_time = sorted(season.meetings.items(), key=lambda each: (each[1].slot.ends_at, each[0]))
    for key, meeting in in_time:
        day = meeting.slot.day
        near = [one for away in (-1, 0, 1) for one in closed[day + timedelta(days=away)]]
        seen = look_at_session(
            meeting,
            near=near,
            cohort=cohorts[meeting.cohort_id],
            crews=season.crews[key],
            limits=limits,
            ways=ways,
        )
        told += fresh(seen, told)
        closed[day].append(meeting)
        cohorts[meeting.cohort_id].append(meeting)
    for batch in season.batches:
        told += fresh(look_at_batch(batch, season.meetings.values()), told)
    return told


def rows(played: Played) -> list[Row]:
    """All of each kind found, and nearly nothing else."""
    planted: dict[Kind, int] = defaultdict(int)
    for each in played.plants:
        planted[each.kind] += 1
    share = played.false_sessions / played.sessions
    return [
        *(
            Row(f"found: {kind}", "cases", played.found[kind], many, played.found[kind] / many, at_least=1)
            for kind, many in planted.items()
        ),
        Row(
            "told of honest sessions", "share", share, at_most=MOST_FALSE,
            more={"sessions": played.sessions, "people": played.people, "hard": played.hard},
        ),
    ]  # fmt: skip


def lines(played: Played) -> list[str]:
    """What the table does not say."""
    return [
        f"{played.sessions} sessions, {played.people:,} people at them, {len(played.plants)} planted",
        *(f"near a limit: {many} x {what}" for what, many in sorted(played.hard.items())),
        *(f"told, not planted: {one.reason.code} {dict(one.reason.figures)}" for one in played.false),
    ]
