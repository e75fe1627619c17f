"""A scheme as the enterprise signs it: who is away when, what differs from before, what may move later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from contracts.programme import Programme
from contracts.values import Mode
from portal.desks.claims import claim_words
from portal.desks.enterprise.asked import WorksSeen
from portal.desks.signed import CohortSeen, CostSeen, SessionSeen
from portal.desks.union.changed import DifferencesSeen, DifferingSeen, LineSeen
from portal.desks.union.examined import examined_only
from portal.desks.union.planned import yuan
from portal.desks.union.signatures import ClauseSeen
from portal.desks.union.week import hours_of
from portal.web.names import Names
from portal.web.text import Text
from staffing.rulebook import Rulebook


class CrewsSeen(CohortSeen):
    """Who learns together, by crew."""

    crews: Mapping[str, int] = {}
    bands: tuple[str, ...] = ()
    """Wished for; none = any."""


class PlacedSeen(SessionSeen):
    """A session, and where it is held."""

    division: str


class ExaminedSeen(BaseModel):
    """An examination of the version, as far as it is signed."""

    candidates: int
    earliest: date
    latest: date


class ToSignSeen(BaseModel):
    """The newest version, as far as the enterprise signs it."""

    state: str
    version: int
    in_force: int | None = None
    hash: str | None = None
    cohorts: list[CrewsSeen]
    sessions: list[PlacedSeen]
    cost: CostSeen | None
    clauses: list[ClauseSeen] = []
    evaluation: list[ExaminedSeen] = []

    @property
    def examined_only(self) -> bool:
        """Nobody is taught."""
        return examined_only(self.evaluation, self.cohorts, self.sessions)


@dataclass(frozen=True)
class SessionLine:
    """A session, and who it takes from the line."""

    when: str
    hours_of_day: str
    """08:30–11:40; empty while it has no time."""
    person: str
    place: str
    cohort: str
    unit: str
    hours: int
    people: int
    away: str
    """Crews at work then, with their people and minutes; empty = nobody."""
    strained: bool
    """Somebody has just come from a night shift."""
    unwished: bool
    """In another band than the enterprise wishes."""

    def notes(self, text: Text) -> list[str]:
        """What somebody should know before they sign."""
        said = (("cf.unwished", self.unwished), ("cf.strained", self.strained))
        return [text(key) for key, so in said if so]


@dataclass(frozen=True)
class ToSign:
    """All that the page shows."""

    version: int
    hash: str
    open: bool
    """It waits for the enterprise's signature."""
    state: str
    lines: tuple[SessionLine, ...]
    examined: str
    """What it is where nobody is taught."""
    figures: tuple[tuple[str, str], ...]
    claim: str
    """Until when the expected subsidy is claimed; empty where none is expected."""
    differences: tuple[str, ...]
    before: int | None
    tolerance: tuple[str, ...]


def to_sign(
    seen: ToSignSeen,
    works: WorksSeen,
    programme: Programme,
    differing: DifferencesSeen | None,
    rules: Rulebook,
    names: Names,
    today: date,
) -> ToSign:
    """The version in words."""
    text = names.text
    cohorts = {one.letter: one for one in seen.cohorts}
    in_time = sorted(seen.sessions, key=lambda one: _in_time(one, rules))
    lines = tuple(_line(one, cohorts.get(one.cohort), works, rules, names) for one in in_time)
    return ToSign(
        version=seen.version,
        hash=seen.hash or "",
        open=seen.state == "approved",
        state=text.or_code("scheme_state", "in_force" if seen.state == "confirmed" else seen.state),
        lines=lines,
        examined=text("cf.examined_only") if seen.examined_only else "",
        figures=_figures(seen, lines, names),
        claim=_claim(seen, names, today),
        differences=tuple(_differs(one, names) for one in differing.sessions) if differing else (),
        before=seen.in_force if differing else None,
        tolerance=_tolerance(programme, names),
    )  # fmt: skip


def _in_time(one: SessionSeen, rules: Rulebook) -> tuple[bool, int, str, int]:
    """By day and hour, whoever learns; what has no time comes last."""
    if one.day is None or one.band is None:
        return True, 0, one.cohort, one.position
    return False, rules.span(one.day, one.band).start, one.cohort, one.position


def _line(
    one: PlacedSeen, cohort: CrewsSeen | None, works: WorksSeen, rules: Rulebook, names: Names
) -> SessionLine:
    text, crews = names.text, cohort.crews if cohort else {}
    lost = _lost(one, crews, works, rules)
    told = [
        text("cf.away", crew=crew, count=crews[crew], minutes=minutes) if minutes is not None
        else text("cf.rests", crew=crew, count=crews[crew])
        for crew, minutes in lost.items() if minutes != 0
    ]  # fmt: skip
    when = f"{text.day(one.day)} {names.band(one.band or '')}" if one.day else text("session_state.unplaced")
    return SessionLine(
        when=when,
        hours_of_day=hours_of(one.band, names) if one.day else "",
        person=names.person(one.person_id),
        place=_place(one, works, names),
        cohort=text("then.cohort", letter=one.cohort),
        unit=names.unit(one.unit),
        hours=one.class_hours,
        people=sum(crews.values()),
        away=text.joined(told),
        strained=None in lost.values(),
        unwished=bool(cohort and cohort.bands and one.band and one.band not in cohort.bands),
    )


def _place(one: PlacedSeen, works: WorksSeen, names: Names) -> str:
    """The works themselves, unless the session is held in another town or online."""
    if one.mode == Mode.ONLINE:
        return names.text("calendar.online")
    own = works.name_en if names.text.language == "en" and works.name_en else works.name
    return own if one.division == works.division else names.division(one.division)


def _lost(
    one: SessionSeen, crews: Mapping[str, int], works: WorksSeen, rules: Rulebook
) -> dict[str, int | None]:
    """Minutes at work that the session takes from each crew; nothing = it should rest then."""
    if one.day is None or one.band is None:
        return {}
    span = rules.span(one.day, one.band)
    return {
        crew: rules.crew(works.shift_pattern, crew, works.shift_anchor).release(span)
        for crew in sorted(crews)
    }


def _claim(seen: ToSignSeen, names: Names, today: date) -> str:
    """Until when the expected subsidy is claimed; nothing where none is expected."""
    if not seen.cost or not seen.cost.subsidy_expected:
        return ""
    day = max([today, *(one.day for one in seen.sessions if one.day)])
    return names.text.about(names.text("claim.subsidy"), claim_words(names.programmes, names.text, day))


def _figures(seen: ToSignSeen, lines: Sequence[SessionLine], names: Names) -> tuple[tuple[str, str], ...]:
    text, days = names.text, sorted(one.day for one in seen.sessions if one.day)
    found = (
        _examined(seen, names)
        if seen.examined_only
        else [
            (text("cf.sessions"), f"{len(lines)}"),
            (text("cf.people"), f"{sum(len(one.workers) for one in seen.cohorts)}"),
            (text("cf.hours"), f"{sum(one.hours for one in lines)}"),
        ]
    )
    if days:
        found.append((text("cf.days"), text.days(days[0], days[-1])))
    if seen.cost:
        found += [
            (text("cf.cost"), yuan(seen.cost.total)),
            (text("cf.subsidy"), yuan(seen.cost.subsidy_expected)),
        ]
        if seen.cost.person_hours_lost is not None:
            found.append((text("cf.lost"), f"{seen.cost.person_hours_lost:,}"))
    return tuple(found)


def _examined(seen: ToSignSeen, names: Names) -> list[tuple[str, str]]:
    text, some = names.text, seen.evaluation
    days = text.days(min(one.earliest for one in some), max(one.latest for one in some))
    people = sum(one.candidates for one in some)
    return [(text("cf.examined"), f"{people}"), (text("cf.examined_days"), days)]


def _differs(one: DifferingSeen, names: Names) -> str:
    text = names.text
    how = text.listed(text(f"hand.way.{way}") for way in one.ways)
    name = text("hand.session", cohort=one.cohort, position=one.position)
    return text.about(name, f"{how} · {_side(one.one, names)} → {_side(one.other, names)}")


def _side(line: LineSeen | None, names: Names) -> str:
    if line is None:
        return names.text("hand.none")
    if line.day is None:
        return f"{names.text('session_state.unplaced')} · {names.unit(line.unit)}"
    return f"{names.text.day(line.day)} {names.band(line.band or '')} · {names.unit(line.unit)}"


def _tolerance(programme: Programme, names: Names) -> tuple[str, ...]:
    text, rule = names.text, programme.tolerance
    told = [text("cf.tolerance.notice", days=rule.notice_days)]
    if rule.same_week:
        told.append(text("cf.tolerance.week"))
    if rule.wished_bands:
        told.append(text("cf.tolerance.bands"))
    return tuple(told)
